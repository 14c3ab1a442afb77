"""The only place where the parts are put together: one set of stores for each session."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.api.auth import MemoryPending, SignedIn, StoredPending, TokenKeeper
from app.api.fhir import FhirClient
from app.api.live import subscription
from app.api.people import to_resident
from app.components import Ui, make_look
from app.config import Region
from app.config import Settings as RunSettings
from app.domain.people import Resident
from app.errors import AppError, Offline, ServiceDown, SignedOut
from app.i18n.catalog import Catalog
from app.i18n.format import Formatter
from app.keeping import Cabinet, CarefulWay, cabinet, once_kept
from app.locking import StrongSignIn, lock_of, unlock_of, with_lock
from app.offline.drafts import Drafts
from app.offline.engine import Engine, Scope
from app.offline.outbox import Outbox
from app.offline.store import Store
from app.offline.sync import Sync, SyncStatus
from app.platform.devices import Devices
from app.platform.pictures import prepare
from app.stores.attachments import Attachments
from app.stores.base import Known, Resource
from app.stores.connection import Connection
from app.stores.doorbell import Doorbell
from app.stores.idle import Idle
from app.stores.messages import Messages
from app.stores.outbox import OutboxStore
from app.stores.own import News, Own
from app.stores.services import Services
from app.stores.session import Session
from app.stores.settings import Settings
from app.stores.soon import once_soon
from app.stores.stores import Stores

CLIENT_ID = "digiklinikka"
STOPS_WITHIN = 3.0  # seconds
PUBLIC = ("HealthcareService", "Location", "Organization", "Practitioner", "PractitionerRole")
STAFF = frozenset({"Practitioner", "PractitionerRole", "Organization"})
Spawn = Callable[[Coroutine[Any, Any, None]], asyncio.Task[Any]]


@dataclass(frozen=True)
class Parts:
    """What all stores of a session share."""

    run: RunSettings
    region: Region
    choices: Settings
    devices: Devices
    spawn: Spawn
    connection: Connection
    texts: Callable[..., Catalog]
    cabinet: Cabinet

    @property
    def fhir_base(self) -> str:
        """The region's own FHIR server, or that of the platform this run was told."""
        return self.region.fhir_base or self.run.fhir_base


class Work:
    """What goes on for one person until they are signed out. After ``stop`` nothing touches their store any more."""

    def __init__(self, sync: Sync, tasks: list[asyncio.Task[Any]]) -> None:
        self._sync, self._tasks, self.stopped = sync, tasks, False

    async def stop(self) -> None:
        """End it, and wait until it has."""
        self.stopped = True
        self._sync.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.wait(self._tasks, timeout=STOPS_WITHIN)


async def build(
    run: RunSettings,
    region: Region,
    choices: Settings,
    devices: Devices,
    spawn: Spawn,
    version: str,
    texts: Callable[..., Catalog] = Catalog,
) -> tuple[Ui, Stores]:
    """The stores of a session and what its screens share.

    ``spawn`` starts a task that ends with the session; ``texts`` makes the catalogue of a language.
    """
    devices = await with_lock(run, devices)
    parts = Parts(run, region, choices, devices, spawn, Connection(), texts, cabinet(devices, spawn))
    ui = _ui(parts)
    public = await parts.cabinet.public()
    sync = _public_sync(parts, public)
    session = _session(parts, public)
    services = _services(parts, public, sync, session)
    idle, device = _idle(parts, session), parts.cabinet.device
    unlock = unlock_of(devices, session, parts.fhir_base)
    stores = Stores(
        region, choices, session, services, parts.connection, version, run.tester, idle, unlock, device
    )
    _follow(ui, stores, parts, public)
    spawn(sync.run())
    if unlock is None or not unlock.shut:
        await session.resume(parts.fhir_base)
    return ui, stores


def _idle(parts: Parts, session: Session) -> Idle | None:
    """A served session ends when nobody uses it: the screen may be one that others sit down at."""
    if not parts.run.web:
        return None
    devices, limit = parts.devices, timedelta(minutes=parts.run.idle_minutes)

    async def end() -> None:
        await session.sign_out.run(False)

    return Idle(limit, devices.now, devices.later, parts.spawn, lambda: session.own is not None, end)


def _ui(parts: Parts) -> Ui:
    catalog, look, formats = _appearance(parts)
    return Ui(catalog, look, formats, parts.devices.now)


def _appearance(parts: Parts) -> tuple[Catalog, Any, Formatter]:
    """Texts, look and formats for the resident's choices."""
    choices, region = parts.choices, parts.region
    catalog = parts.texts(choices.language, region.overrides(choices.language))
    look = make_look(region.colours, choices.scale, choices.high_contrast, choices.dark)
    return catalog, look, Formatter(choices.language, region.timezone)


def _follow(ui: Ui, stores: Stores, parts: Parts, public: Store) -> None:
    """Keep what depends on choices and on the stored catalogue up to date."""

    def choices_changed() -> None:
        language = ui.catalog.language
        ui.catalog, ui.look, ui.format = _appearance(parts)
        if ui.catalog.language != language:
            stores.services.refresh()
            if stores.session.own is not None:
                stores.session.own.messages.refresh()

    def public_changed(types: frozenset[str]) -> None:
        stores.services.refresh()
        if stores.session.own is not None and types & STAFF:
            stores.session.own.messages.refresh()

    parts.choices.watch(choices_changed)
    public.watch(public_changed)


def _public_sync(parts: Parts, public: Store) -> Sync:
    """What everybody may know, fetched without a token."""
    client = FhirClient(parts.fhir_base, parts.devices.http, clock=parts.devices.now)
    sync = _sync(parts, _engine(parts, public), public, client, lambda: tuple(Scope(type) for type in PUBLIC))
    sync.pace(600)
    return sync


def _engine(parts: Parts, store: Store) -> Engine:
    return Engine(store, None, None, lambda: parts.devices.now().timestamp(), parts.devices.chance)


def _sync(
    parts: Parts,
    engine: Engine,
    store: Store,
    client: FhirClient,
    scopes: Callable[[], tuple[Scope, ...]],
    owner: Callable[[], str | None] | None = None,
) -> Sync:
    devices = parts.devices
    sync = Sync(
        engine,
        store,
        once_kept(store, client.send),
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


def _pass_on(status: SyncStatus, *resources: Resource[Any]) -> None:
    """A round that nobody asked for may fail too: who shows what it fetches is told.

    That there is no connection stands in the banner; it is a problem of a list only while nothing is known of it.
    """
    if status.state == "syncing":
        return
    general = isinstance(status.problem, Offline | ServiceDown | SignedOut)
    for resource in resources:
        resource.problem = None if general and resource.value is not None else status.problem


def _services(parts: Parts, public: Store, sync: Sync, session: Session) -> Services:
    def resident() -> Resident | None:
        return session.own.resident.value if session.own is not None else None

    def age() -> int | None:
        known = resident()
        return known.age(parts.devices.now().date()) if known else None

    def municipality() -> str:
        known = resident()
        return known.municipality if known else ""

    def client_of() -> frozenset[str]:
        """Who has written with a service is its client already."""
        threads = (session.own.messages.threads.value or ()) if session.own is not None else ()
        return frozenset(thread.service_id for thread in threads)

    services = Services(
        public,
        parts.connection,
        _fetch(sync),
        parts.devices.now,
        lambda: parts.choices.language,
        age,
        municipality,
        client_of,
    )
    sync.watch_status(lambda status: _pass_on(status, services.all))
    return services


def _fetch(sync: Sync) -> Callable[[], Awaitable[None]]:
    """One round of syncing, for a Resource: raises what stopped it."""

    async def fetch() -> None:
        status = await sync.sync_once()
        if status.problem is not None:
            raise status.problem

    return fetch


def _session(parts: Parts, public: Store) -> Session:
    devices = parts.devices
    pending = StoredPending(devices.pending) if devices.pending else MemoryPending()
    oidc = StrongSignIn(devices.http, parts.fhir_base, CLIENT_ID, pending, devices.now)
    oidc.lock = lock_of(devices)
    tokens = TokenKeeper(oidc, devices.now, devices.secrets if devices.keeps else None)

    async def open_own(signed_in: SignedIn) -> Own:
        return await _open_own(parts, public, tokens, signed_in)

    async def leave() -> None:
        if session.own is not None:
            session.own.messages.save_all()
        await parts.cabinet.leave()

    way = CarefulWay(devices.way, leave)
    session = Session(oidc, tokens, way, open_own, lambda: parts.choices.language.partition("_")[0])
    tokens.watch(session.expired)
    return session


async def _open_own(parts: Parts, public: Store, tokens: TokenKeeper, who: SignedIn) -> Own:
    """Open the person's store and start its sync."""
    devices = parts.devices
    store, news = await parts.cabinet.open(who.account)
    client = FhirClient(parts.fhir_base, devices.http, tokens.token, tokens.renew, clock=devices.now)
    scopes = (
        Scope("Communication", (("subject", f"Patient/{who.patient}"),)),
        Scope("Patient", (("_id", who.patient),)),
    )
    engine = _engine(parts, store)
    sync = _sync(parts, engine, store, client, lambda: scopes, lambda: _owner(tokens, who))
    doorbell = Doorbell(
        client, tokens, store, sync, scopes[0], devices.now, devices.sleep, devices.chance, devices.new_key
    )
    jobs = [_probe(engine, client, who.patient, devices.now()), sync.run()]
    work = Work(sync, [parts.spawn(job) for job in (*jobs, *([doorbell.listen()] if devices.live else ()))])
    own = _own(parts, public, store, sync, client, who, work, news)
    soon = once_soon(lambda: None if work.stopped else _refresh(own, parts))
    own.store.watch(lambda _types: soon())
    _refresh(own, parts)
    return own


def _owner(tokens: TokenKeeper, who: SignedIn) -> str | None:
    """Whose token would be used now; another person's never drives this outbox."""
    return who.account if tokens.tokens is not None and tokens.tokens.sub == who.sub else None


async def _probe(engine: Engine, client: FhirClient, patient: str, now: datetime) -> None:
    """At the first sign-in: try out, on a resource without health data, how the server makes creates safe."""
    if engine.probed:
        return
    steps = engine.probe(
        subscription("", f"Communication?subject=Patient/{patient}", now + timedelta(hours=1))
    )
    try:
        request = next(steps)
        while True:
            request = steps.send(await client.send(request))
    except StopIteration:
        return


def _own(
    parts: Parts,
    public: Store,
    store: Store,
    sync: Sync,
    client: FhirClient,
    who: SignedIn,
    work: Work,
    news: News,
) -> Own:
    devices = parts.devices
    outbox, drafts = Outbox(store), Drafts(store)
    messages = Messages(
        person_id=who.patient,
        store=store,
        public=public,
        outbox=outbox,
        drafts=drafts,
        limits=parts.region.attachments,
        prepare=prepare,
        nudge=sync.nudge,
        now=devices.now,
        later=devices.later,
        new_key=devices.new_key,
        language=lambda: parts.choices.language,
        fetch=_fetch(sync),
    )

    async def stop() -> None:
        await work.stop()
        await parts.cabinet.close(store)

    async def forget() -> None:
        await parts.cabinet.forget(who.account)

    resident = Resource(lambda: _resident(store, who.patient), _fetch(sync))
    sync.watch_status(lambda status: _pass_on(status, resident, messages.threads))
    sending = OutboxStore(outbox, sync.nudge, devices.new_key)
    attachments = Attachments(store, client.read)
    return Own(
        who.sub,
        who.patient,
        resident,
        messages,
        sending,
        drafts,
        attachments,
        store,
        sync,
        stop,
        forget,
        news,
    )


def _resident(store: Store, id: str) -> Known[Resident] | None:
    patient = store.get("Patient", id)
    if patient is None:
        return None
    try:
        return Known(to_resident(patient), store.confirmed_at("Patient"))
    except AppError:
        return None


def _refresh(own: Own, parts: Parts) -> None:
    """Something on the device changed: everything that reads it looks again."""
    own.resident.refresh()
    own.messages.refresh()
    own.outbox.refresh()
    parts.connection.waiting = own.outbox.waiting()
