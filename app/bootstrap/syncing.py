"""Syncs as the sessions of this app use them: the engine, the network, and who is told how it stands."""

from collections.abc import Awaitable, Callable, Collection
from typing import Any

from app.api.fhir import FhirClient
from app.bootstrap.parts import Parts
from app.domain.exchange import Request, Response
from app.errors import AppError, Offline, ServiceDown, SignedOut
from app.keeping import once_kept
from app.offline.engine import Engine, Scope
from app.offline.store import Store
from app.offline.sync import Sync, SyncStatus
from app.stores.base import Resource
from app.stores.connection import Connection

PUBLIC = (
    "HealthcareService",
    "Location",
    "Organization",
    "Practitioner",
    "PractitionerRole",
    "Questionnaire",
)
"""Types that everybody may read, fetched without a token."""


def public_sync(parts: Parts, public: Store) -> Sync:
    """What everybody may know, fetched without a token."""
    client = FhirClient(parts.fhir_base, parts.devices.http, clock=parts.devices.now)
    sync = sync_of(
        parts, engine_of(parts, public), public, client, lambda: tuple(Scope(type) for type in PUBLIC)
    )
    sync.pace(600)
    return sync


def engine_of(parts: Parts, store: Store) -> Engine:
    """The protocol of syncing for one store, by the device's clock and chance."""
    return Engine(store, None, None, lambda: parts.devices.now().timestamp(), parts.devices.chance)


def sync_of(
    parts: Parts,
    engine: Engine,
    store: Store,
    client: FhirClient,
    scopes: Callable[[], tuple[Scope, ...]],
    owner: Callable[[], str | None] | None = None,
    heard: Callable[[Request, Response | None], None] = lambda request, response: None,
) -> Sync:
    """When ``engine`` talks to the server. ``scopes``: what is wanted; ``owner``: whose sign-in it is, None while
    nobody's; ``heard``: told every answer, None for an unknown outcome."""
    devices = parts.devices

    async def send(request: Request) -> Response | None:
        response = await client.send(request)
        heard(request, response)
        return response

    sync = Sync(
        engine,
        store,
        once_kept(store, send),
        devices.now,
        devices.sleep,
        devices.chance,
        scopes,
        owner,
    )
    sync.watch_status(lambda status: _tell(parts.connection, status))
    return sync


def _tell(connection: Connection, status: SyncStatus) -> None:
    if status.state != "syncing":
        connection.tell(status.state in ("ok", "signed-out"), status.problem)


def pass_on(status: SyncStatus, *resources: Resource[Any]) -> None:
    """A round that nobody asked for may fail too: who shows what it fetches is told.

    That there is no connection stands in the banner; it is a problem of a list only while nothing is known of it.
    """
    if status.state == "syncing":
        return
    for resource in resources:
        problem = problem_of(status, resource.types)
        general = isinstance(problem, Offline | ServiceDown | SignedOut)
        resource.problem = None if general and resource.value is not None else problem


def problem_of(status: SyncStatus, types: Collection[str] = ()) -> AppError | None:
    """What a round means for something made of ``types``: what concerns everybody, or what failed of its own."""
    if not types or isinstance(status.problem, Offline | SignedOut):
        return status.problem
    return next((status.failing[type] for type in sorted(types) if type in status.failing), None)


def fetch_of(sync: Sync, *types: str) -> Callable[[], Awaitable[None]]:
    """One round of syncing, for a Resource made of ``types`` (none: all): raises what stopped it."""

    async def fetch() -> None:
        problem = problem_of(await sync.sync_once(), types)
        if problem is not None:
            raise problem

    return fetch
