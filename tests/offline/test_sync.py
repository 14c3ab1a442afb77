"""The driver: when it syncs, how it waits, what it tells. A clock that jumps, no test that sleeps."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from app.domain.exchange import Request, Response
from app.errors import DeviceFull, Offline, ServiceDown, SignedOut
from app.offline.engine import Scope
from app.offline.sync import DEBOUNCE, SOON, Sync, SyncStatus
from tests.offline.examples import ME, MESSAGES, Device, message
from tests.offline.server import SECOND, Fault, Server

TYPE = "Communication"
TASKS = Scope("Task", (("subject", ME),))


class Rig:
    """A phone whose network and time are in the hands of the test."""

    def __init__(self, scopes: tuple[Scope, ...] = (MESSAGES,)) -> None:
        self.phone = Device(Server())
        self.asked: list[Request] = []
        self.faults: list[Fault] = []
        self.answer: Callable[[Request], Response | None] = self.meet
        self.owner: str | None = "account"
        self.slept: list[float] = []
        self.wakes: list[tuple[float, asyncio.Future[None]]] = []
        self.told: list[str] = []
        clock = lambda: datetime.fromtimestamp(self.phone.clock(), UTC)  # noqa: E731
        parts = (self.phone.engine, self.phone.store, self.send, clock, self.sleep, lambda: 1.0)
        self.sync = Sync(*parts, scopes=lambda: scopes, owner=lambda: self.owner)
        self.sync.watch_status(lambda status: self.told.append(status.state))

    def meet(self, request: Request) -> Response | None:
        self.phone.server.now += 3000
        return self.phone.server.meet(request, self.faults.pop(0) if self.faults else Fault.NONE)

    async def send(self, request: Request) -> Response | None:
        self.asked.append(request)
        await asyncio.sleep(0)
        return self.answer(request)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        future = asyncio.get_running_loop().create_future()
        self.wakes.append((self.phone.clock() + seconds, future))
        await future

    async def rest(self) -> None:
        """Let everything happen that needs no time."""
        for _ in range(300):
            await asyncio.sleep(0)

    async def passes(self, seconds: float) -> None:
        """Time goes by."""
        end = self.phone.clock() + seconds
        await self.rest()
        while due := sorted((at for at, future in self.wakes if at <= end and not future.done())):
            self.phone.server.now = max(self.phone.server.now, int(due[0] * SECOND))
            for at, future in self.wakes:
                if at <= due[0] and not future.done():
                    future.set_result(None)
            await self.rest()
        self.phone.server.now = max(self.phone.server.now, int(end * SECOND))
        await self.rest()


async def test_one_round_sends_fetches_and_tells() -> None:
    """Status goes through syncing to ok, with the time."""
    rig = Rig()
    said = rig.phone.say()
    status = await rig.sync.sync_once()

    assert rig.phone.state(said) == "accepted"
    assert rig.told == ["syncing", "ok"]
    assert (status.state, status.problem) == ("ok", None)
    assert status.last_ok is not None


async def test_the_first_nudge_is_quick_and_a_storm_is_gathered() -> None:
    """Ten thousand pings are two pulls: one at once, one a quarter of a second after it."""
    rig = Rig()
    task = asyncio.create_task(rig.sync.run())
    await rig.passes(1)
    before = len(rig.asked)
    rig.sync.nudge(MESSAGES)
    await rig.passes(SOON)
    for _ in range(10_000):
        rig.sync.nudge(MESSAGES)
    await rig.passes(DEBOUNCE - 0.05)
    assert len(rig.asked) - before == 1

    await rig.passes(1)
    assert len(rig.asked) - before == 2
    rig.sync.stop()
    await rig.rest()
    assert task.done()


async def test_a_nudge_for_one_scope_fetches_only_that_one() -> None:
    """A doorbell does not refresh the whole house; the pace does."""
    rig = Rig((MESSAGES, TASKS))
    task = asyncio.create_task(rig.sync.run())
    await rig.passes(1)
    rig.asked.clear()
    rig.sync.nudge(TASKS)
    await rig.passes(1)
    assert {request.path for request in rig.asked} == {"Task"}

    rig.asked.clear()
    await rig.passes(61)
    assert {request.path for request in rig.asked} == {"Task", TYPE}
    task.cancel()


async def test_offline_is_told_and_tried_less_and_less_often_until_nudged() -> None:
    """Full jitter, at most five minutes; a nudge is tried at once."""
    rig = Rig()
    rig.answer = lambda request: None
    said = rig.phone.say()
    task = asyncio.create_task(rig.sync.run())
    await rig.passes(4000)
    waits = [seconds for seconds in rig.slept if seconds > 1.5]
    assert rig.sync.status.state == "offline"
    assert isinstance(rig.sync.status.problem, Offline)
    assert waits == sorted(waits)
    assert waits[-1] == 300.0

    rig.answer = rig.meet
    rig.sync.nudge()
    await rig.passes(3)
    assert rig.phone.state(said) in ("accepted", "sending")
    rig.phone.outbox.retry(said.key)
    rig.sync.nudge()
    await rig.passes(3)
    assert (rig.phone.state(said), rig.sync.status.state) == ("accepted", "ok")
    task.cancel()


async def test_a_busy_server_says_when_to_come_back() -> None:
    """``Retry-After`` is a lower bound."""
    rig = Rig()
    rig.answer = lambda request: Response(503, {"retry-after": "120"})
    task = asyncio.create_task(rig.sync.run())
    await rig.passes(100)
    status = rig.sync.status

    assert (status.state, len(rig.asked)) == ("problem", 1)
    assert isinstance(status.problem, ServiceDown)
    await rig.passes(30)
    assert len(rig.asked) == 2
    task.cancel()


@pytest.mark.parametrize("raises", [True, False])
async def test_an_ended_sign_in_pauses_until_the_nudge_after_the_next_one(raises: bool) -> None:
    """Nothing is refused, nothing is asked again and again."""
    rig = Rig()

    def ended(request: Request) -> Response:
        if raises:
            raise SignedOut
        return Response(401)

    rig.answer = ended
    said = rig.phone.say()
    task = asyncio.create_task(rig.sync.run())
    await rig.passes(3600)
    assert (rig.sync.status.state, len(rig.asked), rig.phone.state(said)) == ("signed-out", 1, "waiting")

    rig.answer = rig.meet
    rig.phone.outbox.retry(said.key)
    rig.sync.nudge()
    await rig.passes(2)
    assert (rig.sync.status.state, rig.phone.state(said)) == ("ok", "accepted")
    task.cancel()


@pytest.mark.parametrize("owner", [None, "somebody-else"])
async def test_a_token_of_somebody_else_never_drives_this_outbox(owner: str | None) -> None:
    """Not even a request is made."""
    rig = Rig()
    rig.phone.say()
    rig.owner = owner
    status = await rig.sync.sync_once()

    assert (status.state, rig.asked) == ("signed-out", [])


async def test_the_account_changing_in_the_middle_stops_the_round() -> None:
    """Checked before each request."""
    rig = Rig()
    first, second = rig.phone.say("1"), rig.phone.say("2")

    def switch(request: Request) -> Response | None:
        rig.owner = "somebody-else"
        return rig.meet(request)

    rig.answer = switch
    await rig.sync.sync_once()

    assert len(rig.asked) <= 2
    assert set(rig.phone.server.keys()) <= {first.key, second.key}
    assert all(request.method == "PUT" for request in rig.asked)


async def test_after_the_stop_nothing_touches_the_store_whoever_asked_for_the_round() -> None:
    """What had no answer yet is unknown, what waited for its turn is not begun, and nobody is told."""
    rig = Rig()
    said, never = rig.phone.say(), asyncio.Event()

    async def send(request: Request) -> Response | None:
        rig.asked.append(request)
        await never.wait()
        return rig.meet(request)

    rig.sync._send = send
    rounds = [asyncio.create_task(rig.sync.sync_once()) for _ in range(2)]
    await rig.rest()
    told, asked = list(rig.told), list(rig.asked)

    rig.sync.stop()
    await rig.sync.ended()

    assert all(task.done() for task in rounds)
    assert (rig.told, rig.asked) == (told, asked)
    assert rig.phone.state(said) == "sending"


async def test_never_two_rounds_at_once() -> None:
    """The second waits for the first."""
    rig = Rig()
    under_way = most = 0

    async def send(request: Request) -> Response | None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0)
        under_way -= 1
        return rig.meet(request)

    rig.sync._send = send
    await asyncio.gather(*(rig.sync.sync_once() for _ in range(5)))
    assert most == 1


async def test_one_request_that_hangs_delays_nothing_else() -> None:
    """Independent lanes, four at a time."""
    rig = Rig()
    said = [rig.phone.say(str(number)) for number in range(6)]
    stuck = asyncio.get_running_loop().create_future()

    async def send(request: Request) -> Response | None:
        if said[0].id in request.path:
            await stuck
            return None
        return rig.meet(request)

    rig.sync._send = send
    round_ = asyncio.create_task(rig.sync.sync_once())
    await rig.rest()
    assert [rig.phone.state(intent) for intent in said] == ["sending", *["accepted"] * 5]

    stuck.set_result(None)
    assert (await round_).state == "problem"


async def test_a_full_device_is_a_problem_not_a_crash() -> None:
    """The round goes on with what is possible."""
    rig = Rig()
    body = {name: value for name, value in message().items() if name != "resourceType"}
    for number in range(600):
        rig.phone.server.write(TYPE, f"m{number}", {**body, "note": [{"text": f"{number}" * 300}]})
    pages = rig.phone.store.db.rows("PRAGMA page_count")[0][0]
    rig.phone.store.db.rows(f"PRAGMA max_page_count={pages + 5}")
    status = await rig.sync.sync_once()

    assert isinstance(status.problem, DeviceFull)


async def test_what_backs_off_is_tried_again_by_itself() -> None:
    """Without waiting for the next regular look."""
    rig = Rig()
    rig.faults = [Fault.BUSY]
    said = rig.phone.say()
    task = asyncio.create_task(rig.sync.run())
    await rig.passes(5)

    assert rig.phone.state(said) == "accepted"
    task.cancel()


async def test_an_emptiness_is_believed_when_the_resident_says_so() -> None:
    """The way out of the doubt."""
    rig = Rig()
    body = {name: value for name, value in message().items() if name != "resourceType"}
    for number in range(4):
        rig.phone.server.write(TYPE, f"m{number}", body)
    await rig.sync.sync_once()
    rig.phone.server.log = {}
    rig.phone.run(rig.phone.engine.sweep(MESSAGES))
    assert len(rig.phone.seen()) == 4

    await rig.sync.trust_emptiness(MESSAGES)
    assert rig.phone.seen() == []


def test_a_status_begins_as_ok_without_a_time() -> None:
    """Nothing is claimed before it is known."""
    assert SyncStatus() == SyncStatus("ok", None, None)


async def test_a_type_that_fails_is_told_by_its_name() -> None:
    """What is not allowed of one kind says nothing about the others, and is forgotten once it is well."""
    rig = Rig((MESSAGES, TASKS))
    rig.answer = lambda request: Response(403) if request.path == "Task" else rig.meet(request)
    status = await rig.sync.sync_once()
    assert set(status.failing) == {"Task"}

    rig.answer = rig.meet
    rig.sync.nudge()
    assert not (await rig.sync.sync_once()).failing
