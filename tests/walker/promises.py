"""What must hold after every step, whatever was done."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections import Counter
from collections.abc import Iterator

import flet as ft

from app.i18n.catalog import read
from tests.names import ANY, DOC, ROW, covered
from tests.tree import role_of
from tests.views.examples import PLACEHOLDER, nameless, unexplained
from tests.walker.nasty import MARK
from tests.walker.town import ANYBODY, Town, Window

WATCHED = ("app", "asyncio", "flet")
SCREENS = tuple(
    re.sub(r"<[^>]*>", ANY, name) for name, kind in ROW.findall(DOC.read_text("utf-8")) if kind == "screen"
)
DETAILS = "version: "  # the technical details for the support are not prose
INPUTS = ("textbox", "checkbox", "radiogroup")
LEAKED_CODE = re.compile(
    r"\bNone\b(?! [a-zåäö])|\bTrue\b|\bFalse\b|\bnan\b|\binf\b|object at 0x|Traceback|[a-z]Error\b|Exception\b"
    r"|datetime\.|<class |\[\]|\{\}|\\u[0-9a-f]{4}|\\n|\x00|\ufffd"
)


class Log(logging.Handler):
    """Keeps what is told as an error, with where it came from."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.told: list[str] = []
        self.traces: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(record.getMessage())
        error = record.exc_info or sys.exc_info()
        self.traces.append("".join(traceback.format_exception(*error)) if error and error[0] else "")

    def __enter__(self) -> Log:
        for name in WATCHED:
            logging.getLogger(name).addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        for name in WATCHED:
            logging.getLogger(name).removeHandler(self)


def broken(town: Town) -> Iterator[str]:
    """What does not hold now, each as "which: what"."""
    for window in town.windows:
        with window.still():
            yield from _screen(window)
            yield from _words(window)
            yield from _leaks(town, window)
            yield from _sent(town, window)


def _screen(window: Window) -> Iterator[str]:
    if window.crashed:
        yield "crashed: the client was told that the session is over"
    tops = [level for level, _ in window.headings].count(1)
    if tops != 1:
        yield f"headings: {tops} of level 1 at {_kind(window)}"
    if not window.has("emergency"):
        yield f"emergency: not in sight at {_kind(window)}"
    shown = [node.identifier for node in window.find(ft.Semantics) if _is_screen(window, node)]
    if len(shown) != 1:
        yield f"screens: {shown}"
    for name in nameless(window):
        yield f"nameless: {name} at {_kind(window)}"
    for name in unexplained(window):
        yield f"unexplained: {name} at {_kind(window)}"
    yield from _twins(window)


def _is_screen(window: Window, node: ft.Semantics) -> bool:
    """A row of a list may be called as the screen that it leads to."""
    return covered(node.identifier or "", SCREENS) and any(
        isinstance(part, ft.Semantics) and part.header and part.heading_level == 1
        for part in window.walk(node)
    )


def _kind(window: Window) -> str:
    return next((id for id in window.identifiers if covered(id, SCREENS)), "?")


def _twins(window: Window) -> Iterator[str]:
    """What takes an answer and has the same name for machines is told apart by its words."""
    nodes = [c for c in window.find(ft.Semantics) if c.identifier]
    counts = Counter(node.identifier for node in nodes)
    again = [node for node in nodes if counts[node.identifier] > 1]
    again = [node for node in again if any(role_of(part) in INPUTS for part in window.walk(node))]
    said = Counter((node.identifier, window.name(node)) for node in again)
    for (id, words), times in said.items():
        if times > 1 and MARK not in words:
            yield f"twins: {id} at {_kind(window)} ({times} × {words[:60]!r})"


def _words(window: Window) -> Iterator[str]:
    keys = read("fi").keys()
    for words in window.texts:
        if MARK in words or words.startswith(DETAILS):
            continue
        if words in keys:
            yield f"key: {words}"
        if PLACEHOLDER.search(words) or LEAKED_CODE.search(words):
            yield f"code: {words[:80]!r} at {_kind(window)}"


def _leaks(town: Town, window: Window) -> Iterator[str]:
    """Nothing of anybody but who is signed in."""
    text, who = window.text, window.who
    for one in town.platform.seeder.roster:
        if one.key != who and f"{MARK}{one.key}{MARK}" in text:
            yield f"leak: what {one.key} wrote, at {_kind(window)} for {who}"
        if who == ANYBODY and f"{one.given} {one.family}" in text and not _practising(window):
            yield f"leak: the name of {one.key} at {_kind(window)}"


def _practising(window: Window) -> bool:
    return window.stores.practice is not None and window.stores.practice.inside is not None


def _sent(town: Town, window: Window) -> Iterator[str]:
    """Nothing is called sent that the platform does not hold."""
    own = window.stores.session.own
    held = {one["id"] for one in town.all("Communication")}
    for thread in (own.messages.threads.value or ()) if own else ():
        for message in thread.messages:
            if (
                message.mine
                and not message.state.pending
                and own.store.current_id("Communication", message.id) not in held
            ):
                yield f"sent: a message is called {message.state} and the platform has it not"
