"""A served session that nobody uses: told in time, put off by anything that is done, ended without losing anything."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from app.stores.idle import WARNING, Idle, IdleState
from tests.headless import NOON

LIMIT = timedelta(minutes=20)


class Watch:
    """A clock moved by hand, with the looks that fall due on the way."""

    def __init__(self) -> None:
        self.at, self.signed_in, self.ended = NOON, True, 0
        self.due: list[tuple[object, Callable[[], None]]] = []
        self.waited = False
        clock = (lambda: self.at, self.later, self.spawn)
        self.idle = Idle(LIMIT, *clock, lambda: self.signed_in, self.end, lambda: self.waited)

    def later(self, seconds: float, do: Callable[[], None]) -> Callable[[], None]:
        entry = (self.at + timedelta(seconds=seconds), do)
        self.due.append(entry)
        return lambda: self.due.remove(entry)

    def spawn(self, work: object) -> None:
        asyncio.run(work)  # type: ignore[arg-type]

    async def end(self) -> None:
        self.ended += 1
        self.signed_in = False

    def pass_(self, **by: float) -> None:
        until = self.at + timedelta(**by)
        while now := [entry for entry in self.due if entry[0] <= until]:  # type: ignore[operator]
            entry = min(now, key=lambda entry: entry[0])  # type: ignore[arg-type,return-value]
            self.due.remove(entry)
            self.at = entry[0]  # type: ignore[assignment]
            entry[1]()
        self.at = until


@pytest.fixture
def watch() -> Watch:
    return Watch()


def test_the_end_is_told_at_least_two_minutes_before(watch: Watch) -> None:
    assert timedelta(minutes=2) <= WARNING

    watch.pass_(minutes=16, seconds=59)
    assert watch.idle.state is IdleState.QUIET

    watch.pass_(seconds=1)
    assert watch.idle.state is IdleState.WARNED
    assert watch.idle.ends_at == NOON + LIMIT


def test_nobody_comes_and_the_session_ends_once(watch: Watch) -> None:
    watch.pass_(minutes=20)

    assert watch.idle.state is IdleState.ENDED
    assert watch.ended == 1

    watch.pass_(hours=3)
    assert watch.ended == 1


def test_whatever_is_done_puts_it_off_before_and_after_the_warning(watch: Watch) -> None:
    watch.pass_(minutes=10)
    watch.idle.touch()
    watch.pass_(minutes=18)
    assert watch.idle.state is IdleState.WARNED

    watch.idle.touch()
    assert watch.idle.state is IdleState.QUIET
    watch.pass_(minutes=16)
    assert watch.idle.state is IdleState.QUIET
    assert watch.ended == 0


def test_it_can_be_put_off_as_often_as_wanted(watch: Watch) -> None:
    for _ in range(12):
        watch.pass_(minutes=18)
        assert watch.idle.state is IdleState.WARNED
        watch.idle.touch()

    assert watch.ended == 0


def test_without_anybody_signed_in_nothing_ends(watch: Watch) -> None:
    watch.signed_in = False

    watch.pass_(hours=5)

    assert watch.idle.state is IdleState.QUIET
    assert watch.ended == 0


def test_after_signing_in_again_it_watches_anew(watch: Watch) -> None:
    watch.pass_(minutes=21)
    watch.idle.touch()
    assert watch.idle.state is IdleState.ENDED, "the note stays until somebody is signed in"

    watch.signed_in = True
    watch.pass_(minutes=60)
    assert watch.ended == 2, "also when nothing was done after it"


def test_waiting_for_ones_turn_ends_no_session(watch: Watch) -> None:
    """The place in the queue would be lost; when the turn has come there is the whole time again."""
    watch.waited = True
    watch.pass_(hours=2)
    assert (watch.idle.state, watch.ended) == (IdleState.QUIET, 0)
    watch.waited = False
    watch.pass_(minutes=30)
    assert watch.ended == 1
