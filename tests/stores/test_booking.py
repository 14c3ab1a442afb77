"""Two residents with several devices at one real counter, whatever the network does (rows C2, C6).

Never two on one time, nothing lost, and nothing shown as booked that is not.
"""

import asyncio
import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.api.booking import Counter
from app.api.fhir import FhirClient
from app.offline.store import Store
from app.offline.vault import AesVault, new_key
from app.stores.appointments import Appointments
from app.stores.base import Status
from app.stores.booking import Booking
from backend_stub.app import Platform, build
from backend_stub.booking import profile
from backend_stub.clock import Clock
from backend_stub.config import Config
from backend_stub.signin.grants import Grant

NOON = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
FATES = ("ok", "lost-before", "lost-after", "twice")


class Network(httpx.AsyncBaseTransport):
    """Carries writes as the fates say: lost on the way there, lost on the way back, or delivered twice."""

    def __init__(self, app: Any, fates: Iterator[str]) -> None:
        self._inner, self._fates = httpx.ASGITransport(app), fates

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        fate = next(self._fates, "ok") if request.method != "GET" else "ok"
        if fate == "lost-before":
            raise httpx.ConnectError("lost")
        if fate == "twice":
            await self._inner.handle_async_request(request)
        answer = await self._inner.handle_async_request(request)
        if fate == "lost-after":
            raise httpx.ReadError("lost")
        return answer


class Device:
    """One resident's device: its own stores, the shared platform."""

    def __init__(self, world: "World", resident: str) -> None:
        one = world.platform.seeder.roster.get(resident)
        assert one is not None
        self.patient = one.patient
        grant = Grant(one.sub, one.patient, ("patient/*.rs", "patient/Appointment.cru"), NOON)
        token = world.platform.provider.grants.tokens(grant).access
        client = FhirClient(
            "http://127.0.0.1:8299/fhir",
            httpx.AsyncClient(transport=world.network),
            lambda: _given(token),
            clock=world.platform.clock.now,
        )
        store, public = (
            Store.open(None, AesVault(new_key()), name, world.platform.clock.now) for name in ("me", "all")
        )
        counter = Counter(client, one.patient)
        common: dict[str, Any] = {
            "store": store,
            "counter": counter,
            "online": lambda: True,
            "now": world.platform.clock.now,
            "new_key": world.new_key,
        }
        self.appointments = Appointments(
            person_id=one.patient,
            public=public,
            language=lambda: "fi",
            fetch=_nothing,
            nudge=lambda: None,
            **common,
        )
        self.booking = Booking(appointments=self.appointments, later=lambda _s, _d: lambda: None, **common)
        self.shown: set[str] = set()

    async def step(self, deed: str, place: int) -> None:
        """Something a resident does."""
        booking = self.booking
        if deed == "hold":
            times = booking.times.value or ()
            if times:
                await booking.hold.run(times[place % len(times)])
        elif deed == "confirm" and booking.time is not None:
            await booking.confirm.run("", ())
            if booking.confirm.status is Status.DONE and booking.booked is not None:
                self.shown.add(booking.booked.id)
        elif deed == "settle" and booking.doubt:
            await booking.settle.run()
            if booking.booked is not None:
                self.shown.add(booking.booked.id)
        elif deed == "cancel" and self.shown:
            id = sorted(self.shown)[place % len(self.shown)]
            await self.appointments.cancel.run(id, "")
            if self.appointments.cancel.status is Status.DONE:
                self.shown.discard(id)


class World:
    """A clinic with four free times of one nurse."""

    def __init__(self, fates: list[str]) -> None:
        app = build(Config(seed=1, port=8299), Clock(NOON.timestamp))
        self.platform: Platform = app.state.platform
        self.network = Network(app, iter(fates))
        self._keys = itertools.count(1)
        self.devices = [Device(self, who) for who in ("tuomas", "tuomas", "antti", "antti")]

    def new_key(self) -> str:
        return f"00000000-0000-4000-8000-{next(self._keys):012d}"

    async def open(self) -> None:
        for device in self.devices:
            device.booking.begin("terveysasema")
            await device.booking.times.load()
            device.booking._known["terveysasema"] = device.booking._known["terveysasema"]._replace(
                value=(device.booking.times.value or ())[:4]
            )
            device.booking.times.refresh()

    def check(self) -> None:
        living = [
            one for one in self.platform.repository.all("Appointment") if one["status"] in profile.LIVING
        ]
        slots = [slot for one in living for slot in profile.slots_of(one)]
        assert len(slots) == len(set(slots)), "a time was given twice"
        for device in self.devices:
            for id in device.shown:
                kept = self.platform.repository.read("Appointment", id)
                other = any(id not in one.shown for one in self.devices if one.patient == device.patient)
                assert kept["status"] == "booked" or (other and kept["status"] == "cancelled")
                assert profile.patient_of(kept) == device.patient


async def _given(token: str) -> str:
    return token


async def _nothing() -> None:
    return


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(
            st.integers(0, 3), st.sampled_from(["hold", "confirm", "settle", "cancel"]), st.integers(0, 3)
        ),
        max_size=20,
    ),
    st.lists(st.sampled_from(FATES), max_size=20),
)
def test_no_order_of_taps_and_faults_books_twice_or_lies(
    steps: list[tuple[int, str, int]], fates: list[str]
) -> None:
    asyncio.run(_run(steps, fates))


async def _run(steps: list[tuple[int, str, int]], fates: list[str]) -> None:
    world = World(fates)
    await world.open()
    for first, second in itertools.zip_longest(steps[::2], steps[1::2]):
        pair = [one for one in (first, second) if one]
        if len({device for device, _, _ in pair}) == len(pair):
            await asyncio.gather(*(world.devices[d].step(deed, place) for d, deed, place in pair))
        world.check()


@pytest.mark.parametrize("fate", FATES)
async def test_each_fate_alone_ends_in_one_booking(fate: str) -> None:
    """Whatever happens to the one request that books, pressing until it is clear gives exactly one."""
    world = World([])
    await world.open()
    device = world.devices[0]
    await device.step("hold", 0)
    world.network._fates = iter([fate, fate])
    for deed in ("confirm", "settle", "confirm"):
        await device.step(deed, 0)

    booked = [
        one
        for one in world.platform.repository.all("Appointment")
        if one["status"] == "booked" and profile.patient_of(one) == device.patient
    ]
    assert len(booked) == 1
    assert device.shown == {booked[0]["id"]}
