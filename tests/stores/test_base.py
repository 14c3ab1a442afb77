"""Reading and doing: what every store is made of."""

import asyncio
from datetime import UTC, datetime

import pytest

from app.errors import Offline
from app.stores.base import Action, Known, Resource, Status

THEN = datetime(2026, 11, 23, tzinfo=UTC)


async def test_a_failed_load_keeps_the_last_value() -> None:
    """Old is better than nothing; the problem is told beside it."""

    async def fetch() -> None:
        raise Offline

    resource = Resource(lambda: Known("old", THEN), fetch)

    await resource.load()

    assert (resource.value, resource.as_of) == ("old", THEN)
    assert isinstance(resource.problem, Offline)
    assert not resource.busy


async def test_loads_never_overlap() -> None:
    """A second press while one is under way asks nothing."""
    asked, gate = [0], asyncio.Event()

    async def fetch() -> None:
        asked[0] += 1
        await gate.wait()

    resource: Resource[str] = Resource(lambda: None, fetch)
    first = asyncio.create_task(resource.load())
    await asyncio.sleep(0)
    await resource.load()
    gate.set()
    await first

    assert asked == [1]


async def test_nothing_known_is_not_nothing_there() -> None:
    """None until something is known; empty when that is what is known."""
    stored: list[Known[tuple[str, ...]] | None] = [None]
    resource = Resource(lambda: stored[0])
    assert resource.value is None

    stored[0] = Known((), THEN)
    resource.refresh()

    assert resource.value == ()


async def test_an_action_never_runs_twice_at_once() -> None:
    """A double tap does one thing."""
    done, gate = [0], asyncio.Event()

    async def do() -> Status:
        done[0] += 1
        await gate.wait()
        return Status.DONE

    action = Action(do)
    first = asyncio.create_task(action.run())
    await asyncio.sleep(0)
    assert action.status is Status.RUNNING
    await action.run()
    gate.set()
    await first

    assert done == [1]
    assert action.status is Status.DONE


async def test_an_action_tells_its_problem_and_can_be_tried_again() -> None:
    """The problem is gone with the next try."""
    fails = [True]

    async def do() -> Status:
        if fails[0]:
            raise Offline
        return Status.DONE

    action = Action(do)
    await action.run()
    assert (action.status, type(action.problem)) == (Status.FAILED, Offline)
    fails[0] = False

    await action.run()

    assert (action.status, action.problem) == (Status.DONE, None)


async def test_a_fault_of_ours_does_not_leave_the_button_busy() -> None:
    """It goes on to whoever guards the handlers, and the action can be tried again."""

    async def do() -> Status:
        raise ZeroDivisionError

    action = Action(do)
    with pytest.raises(ZeroDivisionError):
        await action.run()

    assert action.status is Status.FAILED
