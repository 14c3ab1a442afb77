"""A session's stores: what needs nobody signed in, and the way to sign in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from app.api.auth import MemoryPending, SignedIn, StoredPending, TokenKeeper
from app.bootstrap import counts, ombudsman, pathways
from app.bootstrap.parts import Parts, Spawn, clock_of
from app.bootstrap.practice import practice_of
from app.bootstrap.syncing import fetch_of, pass_on, public_sync
from app.components import Ui, make_look
from app.config import Region
from app.config import Settings as RunSettings
from app.domain.people import Resident
from app.i18n.catalog import Catalog
from app.i18n.format import Formatter
from app.keeping import Cabinet, CarefulWay, cabinet
from app.locking import StrongSignIn, lock_of, unlock_of, with_lock
from app.offline.store import Store
from app.offline.sync import Sync
from app.platform.devices import Devices
from app.platform.files import forget_shown
from app.stores.connection import Connection
from app.stores.idle import Idle
from app.stores.municipality import chosen_municipality
from app.stores.practice import Practice
from app.stores.services import Services
from app.stores.session import Session
from app.stores.settings import Settings
from app.stores.stores import Stores

if TYPE_CHECKING:  # what only somebody signed in has is imported when they are
    from app.stores.own import Own

CLIENT_ID = "digiklinikka"
ROOMS_READ = frozenset({"Practitioner", "PractitionerRole", "Organization", "Questionnaire"})
"""Types of the public store that the rooms of a person read too."""


async def build(
    run: RunSettings,
    region: Region,
    choices: Settings,
    devices: Devices,
    spawn: Spawn,
    version: str,
    texts: Callable[..., Catalog] = Catalog,
    kept: Cabinet | None = None,
    outer: Practice | None = None,
) -> tuple[Ui, Stores]:
    """The stores of a session and what its screens share.

    ``spawn`` starts a task that ends with the session; ``texts`` makes the catalogue of a language. ``kept`` and
    ``outer`` belong to a session that is played (practice mode).
    """
    devices = await with_lock(run, devices)
    parts = Parts(run, region, choices, devices, spawn, Connection(), texts, kept or cabinet(devices, spawn))
    ui = _ui(parts)
    public = await parts.cabinet.public()
    sync = public_sync(parts, public)
    session, tokens = _session(parts, public)
    services = _services(parts, public, sync, session)
    idle, device = _idle(parts, session), parts.cabinet.device
    unlock = unlock_of(devices, session, parts.fhir_base)
    advocate = ombudsman.room(parts, tokens)
    session.on_parting(advocate.forget_person)
    if not run.web:
        session.on_parting(forget_shown)
    stores = Stores(
        region,
        choices,
        session,
        services,
        await pathways.for_everybody(parts, lambda: session.own.pathways if session.own else None),
        advocate,
        counts.room(parts),
        parts.connection,
        version,
        run.tester,
        idle,
        unlock,
        device,
        practice_of(parts, version, outer),
    )
    _follow(ui, stores, parts, public)
    spawn(sync.run())
    await _resume(parts, stores, outer)
    return ui, stores


async def _resume(parts: Parts, stores: Stores, outer: Practice | None) -> None:
    """Go on where the device was left; or, where the run is for practising only, with the first of the people."""
    if stores.unlock is None or not stores.unlock.shut:
        await stores.session.resume(parts.fhir_base)
    if parts.run.practice and outer is None and stores.practice is not None:
        await stores.practice.enter.run(stores.practice.people[0])


def _idle(parts: Parts, session: Session) -> Idle | None:
    """A session in a browser that is not the resident's own ends when nobody uses it: others may sit down at it."""
    device = parts.cabinet.device
    if not (parts.run.web or device.asked):
        return None
    devices, limit = parts.devices, timedelta(minutes=parts.run.idle_minutes)

    def signed_in() -> bool:
        return session.own is not None and not (device.asked and device.on)

    def waited() -> bool:
        chat = session.own.chat.waiting.value if session.own is not None else None
        return chat is not None and chat.in_queue

    async def end() -> None:
        await session.sign_out.run(False)

    return Idle(limit, devices.now, devices.later, parts.spawn, signed_in, end, waited)


def _ui(parts: Parts) -> Ui:
    catalog, look, formats = _appearance(parts)
    return Ui(catalog, look, formats, clock_of(parts.devices.now, parts.region.timezone))


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
            stores.pathways.refresh()
            if stores.session.own is not None:
                stores.session.own.refresh()

    def public_changed(types: frozenset[str]) -> None:
        stores.services.refresh()
        if stores.session.own is not None and types & ROOMS_READ:
            stores.session.own.refresh()

    parts.choices.watch(choices_changed)
    public.watch(public_changed)


def _services(parts: Parts, public: Store, sync: Sync, session: Session) -> Services:
    def resident() -> Resident | None:
        return session.own.resident.value if session.own is not None else None

    def age() -> int | None:
        known = resident()
        return known.age(parts.devices.now().date()) if known else None

    def municipality() -> str:
        known = resident()
        return (known.municipality if known else "") or chosen_municipality(parts.region, parts.choices)

    def client_of() -> frozenset[str]:
        """Who has written with a service is its client already."""
        threads = (session.own.messages.threads.value or ()) if session.own is not None else ()
        return frozenset(thread.service_id for thread in threads)

    services = Services(
        public,
        parts.connection,
        fetch_of(sync),
        parts.devices.now,
        lambda: parts.choices.language,
        age,
        municipality,
        client_of,
        lambda: parts.region.red_flags(parts.choices.language),
    )
    sync.watch_status(lambda status: pass_on(status, services.all))
    return services


def _session(parts: Parts, public: Store) -> tuple[Session, TokenKeeper]:
    devices = parts.devices
    pending = StoredPending(devices.pending) if devices.pending else MemoryPending()
    oidc = StrongSignIn(devices.http, parts.fhir_base, CLIENT_ID, pending, devices.now)
    oidc.lock = lock_of(devices)
    tokens = TokenKeeper(oidc, devices.now, devices.secrets if devices.keeps else None)

    async def opened(signed_in: SignedIn) -> Own:
        from app.bootstrap.own import open_own  # all rooms: not before somebody signs in

        return await open_own(parts, public, tokens, signed_in)

    async def leave() -> None:
        if session.own is not None:
            session.own.save_all()
        await parts.cabinet.leave()

    way = CarefulWay(devices.way, leave)
    session = Session(oidc, tokens, way, opened, lambda: parts.choices.language.partition("_")[0])
    tokens.watch(session.expired)
    return session, tokens
