"""Faults on purpose: which are set, and which strike a request. ``gate.FaultGate`` makes them happen."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, get_args

Kind = Literal[
    "delay",
    "status",
    "drop-before",
    "drop-after",
    "malformed",
    "truncated",
    "captive-portal",
    "expired-token",
    "duplicate",
    "slow",
    "straggler",
    "fail-after",
    "outcome-200",
]
KINDS: tuple[str, ...] = get_args(Kind)


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong. ``times``: how often still (None: for ever). ``seconds``: of a delay or slow body, or
    until a straggler (a request whose connection is cut at once) is carried out after all."""

    kind: Kind
    id: str = ""
    method: str = ""
    path: str = ".*"
    resident: str = ""
    times: int | None = None
    probability: float = 1.0
    seed: int = 1
    seconds: float = 1.0
    status: int = 503
    retry_after: float | None = None
    text: str = ""
    hits: int = 0

    def matches(self, method: str, path: str) -> bool:
        """Whether method and path are meant; an empty method means any but CORS preflights."""
        wanted = self.method.upper() == method if self.method else method != "OPTIONS"
        return wanted and re.search(self.path, path) is not None


class Faults:
    """The faults that are set, in the order of setting; and whether the platform is offline."""

    def __init__(self) -> None:
        self._faults: dict[str, Fault] = {}
        self._chances: dict[str, random.Random] = {}
        self._number = 0
        self._hearers: set[Callable[[], None]] = set()
        self.offline = False

    def add(self, fault: Fault) -> Fault:
        """Set a fault; returns it with its id (``f1``, ``f2``, …). Raises re.error for a bad path."""
        re.compile(fault.path)
        self._number += 1
        kept = replace(fault, id=f"f{self._number}")
        self._faults[kept.id] = kept
        self._chances[kept.id] = random.Random(fault.seed)
        return kept

    def all(self) -> tuple[Fault, ...]:
        """Every fault, used-up ones included (``times`` 0) until they are removed."""
        return tuple(self._faults.values())

    def remove(self, id: str) -> bool:
        """Undo one; False when there is none."""
        return self._faults.pop(id, None) is not None

    def undo(self) -> Fault | None:
        """Undo the one set last."""
        return self._faults.popitem()[1] if self._faults else None

    def clear(self) -> None:
        """Undo everything and go online."""
        self._faults.clear()
        self.go(offline=False)

    def go(self, *, offline: bool) -> None:
        """Cut every connection of FHIR, sign-in and websocket, open ones too, and refuse new ones; or stop that."""
        self.offline = offline
        if offline:
            for hear in tuple(self._hearers):
                hear()

    def on_offline(self, hear: Callable[[], None]) -> Callable[[], None]:
        """Be told when the platform goes offline. Returns what ends it."""
        self._hearers.add(hear)
        return lambda: self._hearers.discard(hear)

    def struck(self, method: str, path: str, resident: str) -> list[Fault]:
        """The faults that act on a request: any delays, then at most one of the others. Uses them up."""
        acting: list[Fault] = []
        for fault in self.all():
            if fault.matches(method, path) and fault.resident in ("", resident) and self._use(fault):
                acting.append(fault)
                if fault.kind != "delay":
                    break
        return acting

    def _use(self, fault: Fault) -> bool:
        if fault.times == 0 or self._chances[fault.id].random() >= fault.probability:
            return False
        left = fault.times - 1 if fault.times else None
        self._faults[fault.id] = replace(fault, times=left, hits=fault.hits + 1)
        return True
