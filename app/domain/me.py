"""The resident's own particulars: contact details, needs, permissions, and who has looked (rows E8 to E10)."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from app.domain.base import LONG_AGO, Model

ASKED_AFTER = timedelta(days=183)
"""A telephone number or e-mail address that nobody confirmed for six months is asked about."""


class Contact(Model):
    """A telephone number or e-mail address. ``system``: phone or email; ``confirmed``: the last day on which the
    resident said that it is theirs."""

    system: str
    value: str
    confirmed: date | None = None

    def doubtful(self, today: date) -> bool:
        """Whether it is time to ask whether it is still theirs."""
        return self.confirmed is None or today - self.confirmed > ASKED_AFTER


class Near(Model):
    """Whom to call when something happens."""

    name: str = ""
    relation: str = ""
    phone: str = ""


class Need(StrEnum):
    """What helps the resident in dealing with the services, beside an interpreter."""

    LARGE_PRINT = "large-print"
    PLAIN_LANGUAGE = "plain-language"
    HEARING = "hearing"
    SIGN_LANGUAGE = "sign-language"
    SPEECH = "speech"
    COMPANION = "companion"
    STEP_FREE = "step-free"


_KEPT = MappingProxyType(
    {
        "mobility": Need.STEP_FREE,
        "hearing": Need.HEARING,
        "sight": Need.LARGE_PRINT,
        "companion": Need.COMPANION,
    }
)


class Needs(Model):
    """In which language to deal with the resident (a BCP 47 tag), whether with an interpreter, and what else helps
    (``other``: in own words). One place for all rooms: Patient.communication."""

    language: str = ""
    interpreter: bool = False
    needs: tuple[Need, ...] = ()
    other: str = ""

    def codes(self) -> tuple[str, ...]:
        """As they are attached to a booking: ``interpreter:so``, ``step-free``, …, ``other:`` and own words."""
        asked = (f"interpreter:{self.language}",) if self.interpreter and self.language else ()
        words = self.other.strip()
        return (*asked, *(need.value for need in self.needs), *((f"other:{words}",) if words else ()))

    def with_kept(self, kept: Mapping[str, Any]) -> "Needs":
        """With what earlier versions of the app kept on the device for bookings alone: the language of an interpreter
        (a code, or own words), four kinds of help, and own words."""
        asked = str(kept.get("interpreter") or "").strip()
        signs = asked.casefold() == "sgn" or asked.casefold().startswith(("viittom", "teckensp", "sign"))
        tag = asked.casefold() if 2 <= len(asked) <= 3 and not signs else ""
        own = [str(kept.get("other") or "").strip(), "" if tag or signs else asked]
        more = {need for name, need in _KEPT.items() if kept.get(name)} | (
            {Need.SIGN_LANGUAGE} if signs else set()
        )
        return Needs(
            language=tag or self.language,
            interpreter=self.interpreter or bool(asked and not signs),
            needs=tuple(need for need in Need if need in more or need in self.needs),
            other=", ".join(dict.fromkeys(one for one in (self.other.strip(), *own) if one)),
        )


class Details(Model):
    """``address``: lines of the official address, from the population register; ``restricted``: it is not shown
    anywhere (turvakielto); ``pending``: a change of them is not with the service yet."""

    name: str = ""
    identity: str = ""
    birth_date: date | None = None
    address: tuple[str, ...] = ()
    restricted: bool = False
    contacts: tuple[Contact, ...] = ()
    near: tuple[Near, ...] = ()
    needs: Needs = Needs()
    pending: bool = False

    def contact(self, system: str) -> Contact | None:
        """The first telephone number or e-mail address."""
        return next((one for one in self.contacts if one.system == system), None)

    def doubtful(self, today: date) -> tuple[Contact, ...]:
        """Those to ask about."""
        return tuple(one for one in self.contacts if one.doubtful(today))


class Permission(StrEnum):
    """What the resident may permit. RESULT_RELEASE is a wish: results only with a professional's comment."""

    RESULT_RELEASE = "result-release"
    FEEDBACK = "feedback"
    DEVELOPMENT = "development"
    RESEARCH = "research"


class Consent(Model):
    """Whether something is permitted now, since when, and the Consent that says so (``id`` empty: never answered)."""

    permission: Permission
    given: bool = False
    since: datetime | None = None
    id: str = ""
    pending: bool = False


class Look(Model):
    """Somebody looked at the resident's data."""

    id: str
    at: datetime | None = None
    who: str = ""
    role: str = ""
    unit: str = ""
    what: str = ""
    purpose: str = ""


def current(consents: Iterable[Consent]) -> tuple[Consent, ...]:
    """One for each permission: the newest answer, or that there has been none."""
    newest: dict[Permission, Consent] = {}
    for one in sorted(consents, key=lambda consent: consent.since or LONG_AGO):
        newest[one.permission] = one
    return tuple(newest.get(permission) or Consent(permission=permission) for permission in Permission)
