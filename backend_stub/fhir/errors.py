"""Everything the server refuses, each with its HTTP status and FHIR issue code.

FhirError
├── BadRequest 400 invalid        ├── NotFound 404 not-found      ├── NotAcceptable 406 not-supported
├── Unauthorised 401 login        ├── Gone 410 deleted            ├── TooLarge 413 too-long
├── Forbidden 403 forbidden       ├── NotAllowed 405 not-supported├── WrongMedia 415 not-supported
├── Conflict 409 conflict         ├── PreconditionFailed 412      └── Unprocessable 422 processing
"""

from typing import Any


class FhirError(Exception):
    """A refusal. ``diagnostics`` goes to the client: it never holds another person's data."""

    status = 500
    code = "exception"

    def __init__(self, diagnostics: str, *, code: str = "") -> None:
        super().__init__(diagnostics)
        self.diagnostics = diagnostics
        self.code = code or self.code
        self.where = ""

    def outcome(self) -> dict[str, Any]:
        """The OperationOutcome of this refusal, with ``where`` it happened (an entry of a Bundle) before the reason."""
        return outcome(self.code, self.where + self.diagnostics)


class BadRequest(FhirError):
    """The request cannot be understood."""

    status, code = 400, "invalid"


class Unauthorised(FhirError):
    """No token, or one that is unknown, expired or revoked."""

    status, code = 401, "login"


class Forbidden(FhirError):
    """The token does not allow this."""

    status, code = 403, "forbidden"


class NotFound(FhirError):
    """Nothing there, or nothing this caller may know of."""

    status, code = 404, "not-found"


class NotAllowed(FhirError):
    """The method or interaction is not offered here."""

    status, code = 405, "not-supported"


class NotAcceptable(FhirError):
    """Only JSON is spoken."""

    status, code = 406, "not-supported"


class Conflict(FhirError):
    """Somebody changed the same thing meanwhile."""

    status, code = 409, "conflict"


class Gone(FhirError):
    """It was there and has been deleted."""

    status, code = 410, "deleted"


class PreconditionFailed(FhirError):
    """If-Match, If-None-Match or a conditional URL does not hold."""

    status, code = 412, "conflict"


class TooLarge(FhirError):
    """The body is longer than the server takes."""

    status, code = 413, "too-long"


class WrongMedia(FhirError):
    """The body's media type is not taken here."""

    status, code = 415, "not-supported"


class Unprocessable(FhirError):
    """Understood, and against a rule."""

    status, code = 422, "processing"


def outcome(code: str, diagnostics: str, severity: str = "error") -> dict[str, Any]:
    """An OperationOutcome with one issue (code: http://hl7.org/fhir/issue-type)."""
    issue = {"severity": severity, "code": code, "diagnostics": diagnostics}
    return {"resourceType": "OperationOutcome", "issue": [issue]}
