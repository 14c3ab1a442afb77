"""The rooms of a person's own data: what was recorded, and their particulars."""

from collections.abc import Awaitable, Callable, Collection
from typing import Any

from app.api.record import TYPES
from app.bootstrap.parts import clock_of
from app.bootstrap.shared import Shared
from app.bootstrap.syncing import fetch_of, pass_on
from app.offline.engine import Scope
from app.stores.base import Resource
from app.stores.me import Me
from app.stores.measurements import Measurements
from app.stores.record import Record

BY_PATIENT = frozenset({"Immunization", "AllergyIntolerance", "AuditEvent", "Consent", "Procedure"})
"""Types that are searched by ``patient``; the others by ``subject``."""


def scopes(patient: str) -> tuple[Scope, ...]:
    """What the rooms read of the person's own data."""
    types = dict.fromkeys((*(type for types in TYPES.values() for type in types), "Consent", "AuditEvent"))
    return tuple(
        Scope(type, (("patient" if type in BY_PATIENT else "subject", f"Patient/{patient}"),))
        for type in types
    )


def me_room(shared: Shared) -> Me:
    """The store of the person's particulars."""
    devices = shared.devices
    return Me(
        person_id=shared.person_id,
        store=shared.store,
        outbox=shared.outbox,
        nudge=shared.sync.nudge,
        now=clock_of(devices.now, shared.region.timezone),
        new_key=devices.new_key,
        language=shared.language,
        fetch=_fetch(shared),
        send=shared.client.ask,
    )


def measurements_room(shared: Shared) -> Measurements:
    """The store of home measurements."""
    return Measurements(
        person_id=shared.person_id,
        store=shared.store,
        outbox=shared.outbox,
        nudge=shared.sync.nudge,
        now=shared.devices.now,
        new_key=shared.devices.new_key,
        fetch=_fetch(shared),
    )


def room(shared: Shared, me: Me) -> Record:
    """The store of what was recorded."""
    devices = shared.devices

    def tell(resource: Resource[Any]) -> None:
        pass_on(shared.sync.status, resource)

    return Record(
        person_id=shared.person_id,
        store=shared.store,
        public=shared.public,
        outbox=shared.outbox,
        nudge=shared.sync.nudge,
        now=clock_of(devices.now, shared.region.timezone),
        new_key=devices.new_key,
        language=shared.language,
        fetch=_fetch(shared),
        tell=tell,
        waits_for_comment=me.waits_for_comment,
    )


def _fetch(shared: Shared) -> Callable[[Collection[str]], Callable[[], Awaitable[None]]]:
    return lambda types: fetch_of(shared.sync, *types)
