"""What was written is still there: in its field after coming back, on its way or at the clinic once it was sent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import flet as ft

from app.offline.outbox import EntryState
from app.stores.own import Own
from tests.walker.nasty import MARK
from tests.walker.touch import touches
from tests.walker.town import ANYBODY, Town, Window

KEPT_AT = re.compile(r"/(messages/draft|forms/fill)/[^?]+")
GIVING_UP = re.compile(
    r"discard|delete|remove|erase|clear|anew|again|begin|start|edit|yes|withdraw|duplicate"
)
SEND = "messages.send/"


class Ledger:
    """Looks after each step. ``after(step)`` tells what was lost by it."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self._fields: dict[tuple[int, str, str], dict[str, str]] = {}
        self._sent: dict[str, set[str]] = {}
        self._routes: dict[int, tuple[str, str]] = {}

    def before(self, step: Any) -> None:
        """What is about to be sent is written down; what may be given up is not looked for any more."""
        window = self._window(step)
        if window is None:
            return
        if step.kind in ("touch", "twice", "hasty") and step.target.startswith(SEND):
            found = self._fields.pop((step.window, window.who, window.route), {})
            words = {words for words in found.values() if MARK in words}
            self._sent.setdefault(window.who, set()).update(words)
        elif step.kind in ("sign-out", "open", "hasty") or GIVING_UP.search(step.target):
            self._sent.clear()
            self._fields.clear()

    def after(self, step: Any) -> Iterator[str]:
        """Looks at every window."""
        for place, window in enumerate(self._town.windows):
            yield from self._came_back(place, window)
            own = window.stores.session.own
            words = self._sent.get(window.who, ())
            if own is not None and words:
                held = _held(self._town, own)
                yield from _more_than_once(self._town, words)
                yield from (
                    f"lost: {one[:40]!r} was sent and is nowhere" for one in words if not held_as(one, held)
                )

    def _window(self, step: Any) -> Window | None:
        return self._town.windows[step.window] if step.window < len(self._town.windows) else None

    def _came_back(self, place: int, window: Window) -> Iterator[str]:
        here, before = (window.who, window.route), self._routes.get(place)
        self._routes[place] = here
        if window.who == ANYBODY or not KEPT_AT.fullmatch(window.route):
            return
        shown = {t.name: t.control.value for t in touches(window) if isinstance(t.control, ft.TextField)}
        known = self._fields.setdefault((place, *here), {})
        if before != here:
            for name in shown.keys() & known.keys():
                if known[name] != shown[name]:
                    yield f"draft: {name} at {_shape(window.route)} is not as it was left"
        known.update(shown)


def _shape(route: str) -> str:
    return "/".join(route.split("/")[:3])


def _held(town: Town, own: Own) -> str:
    entries = [e.args for e in own.outbox._outbox.entries() if e.state is not EntryState.DISCARDED]
    writing = [composer.text for composer in own.messages._composers.values()]
    drafts = [*writing, *(draft.body for draft in own.drafts.all())]
    return json.dumps([town.all("Communication"), entries, drafts], ensure_ascii=False, default=str)


def _more_than_once(town: Town, words: set[str]) -> Iterator[str]:
    known = [json.dumps(one, ensure_ascii=False) for one in town.all("Communication")]
    for one in words:
        if (mark := _mark(one)) and sum(f'"{mark} ' in letter for letter in known) > 1:
            yield f"twice: {one[:40]!r} is at the clinic more than once"


def held_as(words: str, held: str) -> bool:
    """By its mark and number, which nothing writes otherwise."""
    return _mark(words) in held


def _mark(words: str) -> str:
    found = re.match(rf"{MARK}\w+{MARK}\d+", words)
    return found[0] if found else ""
