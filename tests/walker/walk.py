"""Walks, and what is found on them: a seed gives the same steps every time; what breaks is made as short as it can."""

from __future__ import annotations

import asyncio
import random
import re
import signal
import tempfile
import traceback
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.walker.ledger import Ledger
from tests.walker.promises import Log, broken
from tests.walker.steps import Step, choose, do
from tests.walker.town import DEVICES, AtOnce, Town

PATIENCE = 60  # seconds for one step: what takes longer hangs


class Frozen(Exception):
    """A step does not end."""


@contextmanager
def within(seconds: int) -> Iterator[None]:
    """Raise Frozen, where it hangs, when it takes longer."""

    def ring(*_: object) -> None:
        raise Frozen

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@dataclass
class Found:
    """One fault: the walk it was found on, what it is, where it came from, and the steps that lead to it."""

    seed: int
    device: str
    what: str
    steps: list[Step]
    trace: str = ""

    def __str__(self) -> str:
        lines = [f"{self.what}", f"  seed {self.seed} on a {self.device}", *(f"  {s}" for s in self.steps)]
        return "\n".join([*lines, self.trace])

    @property
    def kind(self) -> str:
        """The same for the same fault: without what varies from walk to walk."""
        return re.sub(r"[0-9a-f-]{36}|\d+|'[^']*'", "…", self.what)


@dataclass
class Walked:
    """What was walked."""

    steps: list[Step] = field(default_factory=list)
    done: int = 0
    found: Found | None = None


Next = Callable[[random.Random, Town, int], Step | None]


def walk(seed: int, length: int) -> Walked:
    """Walk ``length`` steps, or until something breaks."""

    def following(rng: random.Random, town: Town, number: int) -> Step | None:
        if number == 0 and rng.random() < 0.85:
            return Step("sign-in", target=rng.choice(("aino", "aino", "emma", "petri", "veikko", "mikko")))
        return choose(rng, town) if number < length else None

    return _run(seed, DEVICES[seed % len(DEVICES)], following)


def again(seed: int, device: str, steps: Sequence[Step]) -> Walked:
    """Do these steps."""
    return _run(seed, device, lambda _, town, number: steps[number] if number < len(steps) else None)


def _run(seed: int, device: str, following: Next) -> Walked:
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner() as runner:
        runner.get_loop().set_default_executor(AtOnce())
        return runner.run(_walk(Path(folder), seed, device, following))


async def _walk(folder: Path, seed: int, device: str, following: Next) -> Walked:
    path, rng = Walked(), random.Random(seed)
    town = Town(folder, device)
    ledger = Ledger(town)
    with Log() as log:
        what = await _checked(log, town.open_window(), lambda: broken(town))
        while what is None and (step := following(rng, town, len(path.steps))) is not None:
            path.steps.append(step)
            ledger.before(step)
            what = await _checked(log, do(town, step), partial(_wrong, town, ledger, step))
            path.done += 1
        what = what or await _checked(log, town.end(), lambda: ())
    if what is not None:
        path.found = Found(seed, device, what[0], list(path.steps), what[1])
    return path


def _wrong(town: Town, ledger: Ledger, step: Step) -> Iterator[str]:
    yield from broken(town)
    yield from ledger.after(step)


async def _checked(
    log: Log, work: Awaitable[object], look: Callable[[], Iterable[str]]
) -> tuple[str, str] | None:
    """The first thing that is wrong after ``work``, and where it came from."""
    try:
        with within(PATIENCE):
            await work
        wrong = next(iter(look()), None)
    except Exception as error:  # noqa: BLE001 - whatever it is: it is what is looked for
        return f"raised: {type(error).__name__}: {str(error)[:200]}", traceback.format_exc()
    if log.told:
        return f"log: {log.told[0]}", log.traces[0]
    return (wrong, "") if wrong else None


def shortest(found: Found, tries: int = 120) -> Found:
    """The same fault with fewer steps: parts are left out as long as it is still found."""
    steps, size = list(found.steps), max(len(found.steps) // 2, 1)
    while size:
        place = 0
        while place < len(steps) and tries > 0:
            fewer = [*steps[:place], *steps[place + size :]]
            tries -= 1
            shorter = again(found.seed, found.device, fewer).found
            if shorter is not None and shorter.kind == found.kind:
                steps, found = list(shorter.steps), shorter
            else:
                place += size
        size //= 2
    return found
