"""What this app stores of a person: where, for how long and what for. docs/data-map.md is written from it, and a test
holds it against the database and against what is fetched."""

from enum import StrEnum

from app.domain.base import Model


class Place(StrEnum):
    """Where something lies. DEVICE: sealed in the account's store; SECRETS: the device's own safe; SETTINGS: beside the
    app, not sealed, nothing of a person's health."""

    DEVICE = "device"
    SECRETS = "secrets"
    SETTINGS = "settings"


class Lifetime(StrEnum):
    """How long. ACCOUNT: until signing out with erasing; SENT: until it is sent or thrown away; MONTH: thirty days
    after it was settled; SESSION: until the sign-in ends; APP: until the app is removed."""

    ACCOUNT = "account"
    SENT = "sent"
    MONTH = "month"
    SESSION = "session"
    APP = "app"


class Stored(Model):
    """One thing that is stored. ``what`` names it for texts and tests; ``types``: the FHIR types it is made of;
    ``tables``: the tables of the store that it lies in."""

    what: str
    place: Place
    lifetime: Lifetime
    types: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()


def _fetched(what: str, *types: str) -> Stored:
    return Stored(what=what, place=Place.DEVICE, lifetime=Lifetime.ACCOUNT, types=types, tables=("record",))


DATA_MAP: tuple[Stored, ...] = (
    _fetched("particulars", "Patient", "RelatedPerson"),
    _fetched("messages", "Communication", "Binary"),
    _fetched("appointments", "Appointment", "Slot", "Schedule", "Endpoint"),
    _fetched("results", "Observation", "DiagnosticReport"),
    _fetched("medicines", "MedicationRequest", "MedicationStatement"),
    _fetched("illnesses", "Condition", "AllergyIntolerance", "Immunization", "Procedure"),
    _fetched("visits", "Encounter", "ServiceRequest"),
    _fetched("documents", "DocumentReference"),
    _fetched("pathways", "CarePlan", "Goal", "Task", "PlanDefinition"),
    _fetched("forms", "QuestionnaireResponse"),
    _fetched("permissions", "Consent"),
    _fetched("log", "AuditEvent"),
    Stored(what="outbox", place=Place.DEVICE, lifetime=Lifetime.MONTH, tables=("outbox", "alias")),
    Stored(what="drafts", place=Place.DEVICE, lifetime=Lifetime.SENT, tables=("draft", "draft_file")),
    Stored(what="notes", place=Place.DEVICE, lifetime=Lifetime.ACCOUNT, tables=("note", "scope")),
    Stored(what="key", place=Place.SECRETS, lifetime=Lifetime.ACCOUNT),
    Stored(what="sign_in", place=Place.SECRETS, lifetime=Lifetime.SESSION),
    Stored(what="choices", place=Place.SETTINGS, lifetime=Lifetime.APP),
)
