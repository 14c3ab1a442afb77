"""What belongs to the person signed in: their store, its sync, and the rooms that read and write in it."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

from app.api.auth import SignedIn, TokenKeeper
from app.api.fhir import FhirClient
from app.api.live import subscription, trial
from app.api.people import to_resident
from app.bootstrap import booking, chat, forms, messages, pathways, record
from app.bootstrap.parts import Parts
from app.bootstrap.shared import Shared
from app.bootstrap.syncing import engine_of, fetch_of, pass_on, sync_of
from app.domain.people import Resident
from app.errors import AppError
from app.offline.drafts import Drafts
from app.offline.engine import Creates, Engine, Scope
from app.offline.outbox import Outbox
from app.offline.store import AGE, Store
from app.offline.sync import Sync
from app.stores.attachments import Attachments
from app.stores.base import Known, Resource
from app.stores.copying import Copying
from app.stores.doorbell import Doorbell
from app.stores.kept_helper import Kept
from app.stores.news import News
from app.stores.outbox import OutboxStore
from app.stores.own import Own
from app.stores.papers import Papers
from app.stores.silence import Silence
from app.stores.soon import once_soon

STOPS_WITHIN = 3.0  # seconds
RINGING = frozenset(("Appointment", "CarePlan", "Communication", "Goal", "Task"))
"""What the platform rings for; everything else is looked at now and then."""


def scopes(patient: str) -> tuple[Scope, ...]:
    """What is fetched of a person's own data: each room names what it reads."""
    rooms = (messages, chat, forms, booking, pathways, record)
    named = (
        Scope("Patient", (("_id", patient),)),
        *(scope for room in rooms for scope in room.scopes(patient)),
    )
    return tuple(dict.fromkeys(named))


class Work:
    """What goes on for one person until they are signed out. After ``stop`` nothing touches their store any more."""

    def __init__(self, sync: Sync, client: FhirClient, tasks: list[asyncio.Task[Any]]) -> None:
        self._sync, self._client, self._tasks, self.stopped = sync, client, tasks, False

    async def stop(self) -> None:
        """End it, and wait until it has."""
        self.stopped = True
        self._sync.stop()
        for task in self._tasks:
            task.cancel()
        asked = [
            asyncio.ensure_future(end) for end in (self._sync.ended(), self._client.close())
        ]  # by screens
        await asyncio.wait([*self._tasks, *asked], timeout=STOPS_WITHIN)


async def open_own(parts: Parts, public: Store, tokens: TokenKeeper, who: SignedIn) -> Own:
    """Open the person's store and start its sync."""
    devices = parts.devices
    store, news = await parts.cabinet.open(who.account)
    client = FhirClient(parts.fhir_base, devices.http, tokens.token, tokens.renew, clock=devices.now)
    wanted = scopes(who.patient)
    engine = engine_of(parts, store)
    silence = Silence(store)
    sync = sync_of(parts, engine, store, client, lambda: wanted, lambda: _owner(tokens, who), silence.heard)
    bells = [
        Doorbell(
            client,
            tokens,
            store,
            sync,
            scope,
            devices.now,
            devices.sleep,
            devices.chance,
            devices.new_key,
        )
        for scope in wanted
        if devices.live and scope.type in RINGING
    ]
    jobs = [_probe(engine, client, who.patient, devices.now()), sync.run()]
    work = Work(sync, client, [parts.spawn(job) for job in (*jobs, *(bell.listen() for bell in bells))])
    shared = _shared(parts, public, store, sync, client, who, silence)
    try:
        own = _own(shared, parts, work, news)
    except AppError:  # nobody is signed in: nothing may go on for them
        await work.stop()
        await parts.cabinet.close(store)
        store.close()
        raise
    sync.watch_status(lambda status: pass_on(status, own.resident, *own.fetched()))
    _follow(own, parts, work)
    _refresh(own, parts)
    return own


def _follow(own: Own, parts: Parts, work: Work) -> None:
    """A burst of commits is one look at all that changed in it."""
    heard: set[str] = set()

    def look() -> None:
        types = frozenset(heard)
        heard.clear()
        if work.stopped:
            return
        aged = frozenset(type.removeprefix(AGE) for type in types if type.startswith(AGE))
        changed = frozenset(type for type in types if not type.startswith(AGE))
        own.confirm(aged)
        if changed:
            _refresh(own, parts, changed)

    soon = once_soon(look)

    def hear(types: frozenset[str]) -> None:
        heard.update(types)
        soon()

    own.store.watch(hear)


def _shared(
    parts: Parts,
    public: Store,
    store: Store,
    sync: Sync,
    client: FhirClient,
    who: SignedIn,
    silence: Silence,
) -> Shared:
    return Shared(
        who=who,
        region=parts.region,
        devices=parts.devices,
        connection=parts.connection,
        language=lambda: parts.choices.language,
        public=public,
        store=store,
        outbox=Outbox(store),
        drafts=Drafts(store),
        sync=sync,
        client=client,
        silence=silence,
        spawn=parts.spawn,
        fetch=fetch_of(sync),
        texts=lambda: parts.texts(parts.choices.language, parts.region.overrides(parts.choices.language)),
    )


def _own(shared: Shared, parts: Parts, work: Work, news: News) -> Own:
    """The person's stores. A room is one line here, one field of ``Own`` and a file beside this one."""
    who, store = shared.who, shared.store
    me, measured = record.me_room(shared), record.measurements_room(shared)

    async def stop() -> None:
        await work.stop()
        await parts.cabinet.close(store)

    async def forget() -> None:
        await parts.cabinet.forget(who.account)

    appointments, times = booking.rooms(shared)
    return Own(
        sub=who.sub,
        person_id=who.patient,
        resident=Resource(
            lambda: _resident(store, who.patient), fetch_of(shared.sync, "Patient"), ("Patient",)
        ),
        messages=messages.room(shared),
        chat=chat.room(shared),
        forms=forms.room(shared),
        pathways=pathways.room(shared, measured),
        outbox=OutboxStore(
            shared.outbox,
            shared.sync.nudge,
            shared.devices.new_key,
            shared.devices.now,
            shared.devices.later,
        ),
        appointments=appointments,
        booking=times,
        me=me,
        record=record.room(shared, me),
        measurements=measured,
        helper=Kept(who.patient, shared.drafts, parts.devices.now, parts.devices.later),
        copying=Copying(store, shared.drafts, parts.fhir_base, shared.devices.now),
        papers=Papers(store, shared.client.read),
        drafts=shared.drafts,
        attachments=Attachments(store, shared.client.read),
        silence=shared.silence,
        store=store,
        sync=shared.sync,
        stop=stop,
        forget=forget,
        news=news,
    )


def _owner(tokens: TokenKeeper, who: SignedIn) -> str | None:
    """Whose token would be used now; another person's never drives this outbox."""
    return who.account if tokens.tokens is not None and tokens.tokens.sub == who.sub else None


async def _probe(engine: Engine, client: FhirClient, patient: str, now: datetime) -> None:
    """At the first sign-in: try out, on resources without health data, how the server makes creates safe."""
    if engine.probed:
        return
    rung = subscription("", f"Communication?subject=Patient/{patient}", now + timedelta(hours=1))
    for scratch in (
        rung,
        trial(patient),
    ):  # the second for a server that gives ids itself: it needs an identifier
        steps = engine.probe(scratch)
        try:
            request = next(steps)
            while True:
                request = steps.send(await client.send(request))
        except StopIteration as end:
            if end.value is None or end.value.creates is not Creates.ONLINE_ONLY:
                return


def _resident(store: Store, id: str) -> Known[Resident] | None:
    patient = store.get("Patient", id)
    if patient is None:
        return None
    try:
        return Known(to_resident(patient), store.confirmed_at("Patient"))
    except AppError:
        return None


def _refresh(own: Own, parts: Parts, changed: frozenset[str] | None = None) -> None:
    """Something on the device changed: everything that reads it looks again."""
    own.resident.refresh()
    own.refresh(changed)
    parts.connection.waiting = own.outbox.waiting()
