"""The room of forms."""

from zoneinfo import ZoneInfo

from app.bootstrap.shared import Shared
from app.bootstrap.syncing import fetch_of
from app.offline.engine import Scope
from app.platform.pictures import prepare
from app.stores.forms import Forms, Parts


def scopes(patient: str) -> tuple[Scope, ...]:
    """What the room reads of the person's own data."""
    return (
        Scope("QuestionnaireResponse", (("subject", f"Patient/{patient}"),)),
        Scope("Task", (("patient", f"Patient/{patient}"),)),
    )


def _acting(fhir_user: str) -> str:
    """Who acts for somebody else, as a relative reference; empty for who acts for oneself."""
    kind, _, id = fhir_user.rpartition("/")
    return f"RelatedPerson/{id}" if kind.endswith("RelatedPerson") else ""


def room(shared: Shared) -> Forms:
    """Its store."""
    devices = shared.devices
    return Forms(
        Parts(
            person_id=shared.person_id,
            store=shared.store,
            public=shared.public,
            outbox=shared.outbox,
            drafts=shared.drafts,
            prepare=prepare,
            nudge=shared.sync.nudge,
            now=devices.now,
            later=devices.later,
            new_key=devices.new_key,
            language=shared.language,
            fetch=fetch_of(shared.sync, "QuestionnaireResponse", "Task"),
            ask=shared.client.ask,
            zone=ZoneInfo(shared.region.timezone),
            source=_acting(shared.who.fhir_user),
            terminology_servers=shared.region.terminology_servers,
        )
    )
