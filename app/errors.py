"""Everything that can go wrong, as the resident would understand it.

AppError
├── Offline           no usable connection (also a captive portal); safe to retry later
├── SignedOut         the sign-in has ended or was refused; sign in again, nothing is lost
├── Refused           the service said no; ``reason``: its words, ``status``: HTTP, ``code``: FHIR issue code
├── Conflict          somebody changed the same thing meanwhile
├── ServiceDown       the service failed or is overloaded; ``retry_after`` in seconds when it told
├── BadData           the answer could not be understood
├── Locked            the key of the stored data is wrong or lost
└── DeviceFull        nothing could be stored: the device is full

Exceptions carry no health data, names, tokens or identity codes. Views match on the class, never on text.
"""


class AppError(Exception):
    """Base class of all that a screen must be able to explain."""


class Offline(AppError):
    """No usable connection; safe to retry later."""


class SignedOut(AppError):
    """The sign-in has ended or was refused."""


class Conflict(AppError):
    """Somebody changed the same thing meanwhile."""


class BadData(AppError):
    """The answer could not be understood."""


class Locked(AppError):
    """The key of the stored data is wrong or lost."""


class DeviceFull(AppError):
    """Nothing could be stored: the device is full."""


class ServiceDown(AppError):
    """The service failed or is overloaded. ``retry_after``: seconds, when it told."""

    def __init__(self, retry_after: float | None = None) -> None:
        super().__init__()
        self.retry_after = retry_after


class Refused(AppError):
    """The service said no. ``reason``: its words, ``status``: HTTP, ``code``: FHIR issue code."""

    def __init__(self, status: int, reason: str = "", code: str = "") -> None:
        super().__init__(status, code)
        self.status, self.reason, self.code = status, reason, code
