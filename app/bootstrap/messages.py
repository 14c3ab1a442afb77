"""The room of messages."""

from app.bootstrap.shared import Shared
from app.bootstrap.syncing import fetch_of
from app.offline.engine import Scope
from app.platform.pictures import prepare
from app.stores.messages import Messages


def scopes(patient: str) -> tuple[Scope, ...]:
    """What the room reads of the person's own data."""
    return (Scope("Communication", (("subject", f"Patient/{patient}"),)),)


def room(shared: Shared) -> Messages:
    """Its store."""
    devices = shared.devices
    return Messages(
        person_id=shared.person_id,
        store=shared.store,
        public=shared.public,
        outbox=shared.outbox,
        drafts=shared.drafts,
        limits=shared.region.attachments,
        prepare=prepare,
        nudge=shared.sync.nudge,
        now=devices.now,
        later=devices.later,
        new_key=devices.new_key,
        language=shared.language,
        fetch=fetch_of(shared.sync, "Communication"),
    )
