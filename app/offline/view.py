"""What a screen sees: the confirmed records with the resident's open intents applied. Pure functions."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.offline.intents import Intents, Reject
from app.offline.ledger import Entry, EntryState

Resource = dict[str, Any]
CONCERNS = (
    "subject",
    "patient",
    "for",
    "beneficiary",
    "individual",
    "sender",
    "recipient",
    "securityContext",
)


def fold(base: Resource | None, entries: Iterable[Entry], intents: Intents) -> Resource | None:
    """``base`` as it will be once ``entries`` (of this resource, in order) are accepted.

    A refused create stays visible: it is kept and editable. A refused change is not shown as if it were true.
    """
    seen = base
    for entry in entries:
        if entry.is_create:
            seen = dict(entry.args) if seen is None and _shown(entry) else seen
        elif seen is not None and entry.open:
            changed = intents.apply(entry.name, entry.args, seen)
            seen = seen if isinstance(changed, Reject) else changed
    return seen


def fold_all(
    records: Mapping[str, Resource], pending: Mapping[str, Sequence[Entry]], intents: Intents
) -> Mapping[str, Resource]:
    """Confirmed resources in the server's order, changed where intents are open; then what is being
    created."""
    if not pending:
        return records
    seen = dict(records)
    for own, entries in pending.items():
        folded = fold(records.get(own), entries, intents)
        if folded is not None:
            seen[own] = folded
    return seen


def _shown(entry: Entry) -> bool:
    return entry.open or entry.state is EntryState.REFUSED


def concerns(resource: Resource, person: str) -> bool:
    """Whether the resource is about that person ("Patient/x") or to or from them; shared ones concern
    nobody."""
    if person == f"{resource.get('resourceType')}/{resource.get('id')}":
        return True
    named = [resource.get(name) for name in CONCERNS]
    named += [item.get("actor") for item in resource.get("participant", []) if isinstance(item, dict)]
    return any(_names(value, person) for value in named)


def _names(value: Any, person: str) -> bool:
    if isinstance(value, list):
        return any(_names(item, person) for item in value)
    return isinstance(value, dict) and value.get("reference") == person
