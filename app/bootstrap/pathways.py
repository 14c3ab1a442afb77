"""The room of pathways: one part for everybody, one for who is signed in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.api.fhir import FhirClient
from app.bootstrap.parts import Parts
from app.bootstrap.shared import Shared
from app.bootstrap.syncing import fetch_of
from app.errors import AppError
from app.offline.engine import Scope
from app.pathways.library import Library
from app.stores.journeys import MADE_OF, Journeys
from app.stores.pathways import Pathways
from app.stores.reminding import ReminderBook

if TYPE_CHECKING:  # what only somebody signed in has is imported when they are
    from app.stores.measurements import Measurements


LOOK_EVERY = 1.0  # seconds


def scopes(patient: str) -> tuple[Scope, ...]:
    """What the room reads of the person's own data."""
    return (
        Scope("CarePlan", (("patient", f"Patient/{patient}"),)),
        Scope("Goal", (("patient", f"Patient/{patient}"),)),
        Scope("Task", (("patient", f"Patient/{patient}"),)),
    )


def room(shared: Shared, measurements: Measurements) -> Journeys:
    """The journeys of the person signed in; what they measure on them are their home measurements."""
    from app.stores.plans import PlanShelf

    devices, zone = shared.devices, ZoneInfo(shared.region.timezone)
    shelf = PlanShelf(
        shared.person_id, shared.store, shared.outbox, shared.sync.nudge, devices.now, devices.new_key, zone
    )
    return Journeys(
        shelf,
        devices.now,
        lambda: devices.now().astimezone(zone).date(),
        devices.new_key,
        fetch_of(shared.sync, *MADE_OF),
        ReminderBook(shared.drafts),
        measurements,
    )


def _library(parts: Parts) -> Library:
    folder = parts.run.pathways
    return Library((), folder) if folder else Library(parts.region.pathways.shown)


async def follow(pathways: Pathways, sleep: Callable[[float], Awaitable[None]]) -> None:
    """While somebody writes pathways: what they change in the folder shows by itself."""
    seen = pathways.library.stamp()
    while True:
        await sleep(LOOK_EVERY)
        if (now := pathways.library.stamp()) != seen:
            seen = now
            pathways.library.forget()
            pathways.refresh()


async def for_everybody(parts: Parts, own: Callable[[], Journeys | None]) -> Pathways:
    """The catalogue, and what a guest keeps on this device."""
    devices, zone = parts.devices, ZoneInfo(parts.region.timezone)
    guest = Journeys(None, devices.now, lambda: devices.now().astimezone(zone).date(), devices.new_key)
    pathways = Pathways(
        parts.region,
        _library(parts),
        guest,
        parts.cabinet.guest,
        own,
        lambda: parts.choices.language,
        devices.now,
        FhirClient(parts.fhir_base, devices.http, clock=devices.now).read,
        devices.later,
    )

    if parts.run.pathways:
        parts.spawn(follow(pathways, devices.sleep))

    async def look() -> None:
        try:
            await pathways.open()
        except AppError:
            return  # locked, or a browser that does not answer: the next start looks again

    if devices.places is not None:
        await look()
    else:
        parts.spawn(look())
    return pathways
