"""Flet 1.0.5's defects, neutralised once per process by :func:`install`.

Each fix changes one method of Flet and can be left out, which is how its test proves that it is needed:

- ``render``        an exception while drawing kills the session's update loop: the screen freezes for good
- ``gone``          what was taken off the screen while a drawing failed goes on being drawn
- ``handlers``      an exception in a handler replaces the app by its message and sends the traceback to the browser
- ``effects``       an exception in an async effect vanishes, and its task outlives the session
- ``crash``         whatever else Flet reports as a crash carries exception texts to the browser
- ``sessions``      a change of an observable is sent to the session that made it, not to the one that shows it
- ``disconnected``  a change while the browser is away is forgotten
- ``typing``        a key pressed while the one before it is being drawn is taken back from the field
- ``keys``          two controls of one list with the same key end the drawing of their screen
- ``answers``       an answer of the client for a control that has gone meanwhile ends the connection
- ``tasks``         tasks that a session started live on after it
- ``speed``         every field of every control is walked through, nearly all for nothing; some are drawn twice

Nothing here logs what a resident wrote: exceptions are named by class and place only.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import itertools
import logging
import traceback
from collections.abc import Callable, Coroutine, Iterator, Mapping
from typing import Any, NamedTuple

import flet as ft
from flet.components.component import Component
from flet.controls.base_control import BaseControl
from flet.controls.context import _context_page
from flet.controls.id_counter import ControlId
from flet.controls.object_patch import DiffBuilder
from flet.controls.value_types import Prop
from flet.messaging.session import Session

from app.platform import flet_speed as quick
from app.platform.flet_lists import each_once
from app.platform.patching import Fix, Installed, put_in_place
from app.platform.quiet_logs import keep_quiet

log = logging.getLogger("app.flet")

CALM = (
    "Digiklinikka ei auennut. Lataa sivu uudelleen. / Ladda om sidan. / Please reload the page. 112 · 116117"
)
_TASKS, _EFFECTS, _FAULTS, _MISSED = "app.tasks", "app.effects", "app.faults", "app.missed"
_PRIVATE = "_Session__"  # Flet keeps these to itself; the versions are pinned
_STRICT = "_digiklinikka_strict"
_DONE = "_digiklinikka_fixes"


class CrossSessionError(RuntimeError):
    """An observable of one session is shown in another. Share news, never observables."""


class TaskBag:
    """The long-lived tasks of the session that ``page`` belongs to: all are cancelled when it ends."""

    def __init__(self, page: ft.Page) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        _of(page.session, _TASKS, list).append(self)

    def create(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run ``work`` until it is done or the session ends. A failure is logged."""
        task = asyncio.get_running_loop().create_task(work)
        task.add_done_callback(_report_task)
        return self.keep(task)

    def keep(self, task: asyncio.Task[Any]) -> asyncio.Task[Any]:
        """Cancel ``task`` too when the session ends."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def cancel_all(self) -> None:
        """Stop everything."""
        for task in tuple(self._tasks):
            task.cancel()


def _report_task(task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and (error := task.exception()):
        report("task", error)


def watch_faults(page: ft.Page, tell: Callable[[], None]) -> None:
    """Call ``tell`` whenever something in this session fails unexpectedly. Only the last one asked is called."""
    page.session.store.set(_FAULTS, tell)


def report(where: str, error: BaseException) -> None:
    """Log a failure by class and place: its message could hold what a resident wrote."""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    place = f"{last[0].filename.rsplit('/', 1)[-1]}:{last[0].lineno}" if last else "?"
    log.error("%s failed: %s at %s", where, type(error).__name__, place)


@contextlib.contextmanager
def guarded(where: str, session: Session | None = None) -> Iterator[None]:
    """Let nothing out: log it, and tell the session's screen that something failed."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - the one guard around everything that Flet runs for us
        report(where, error)
        tell = session.store.get(_FAULTS) if session else None
        if tell:
            tell()


def number_controls_from(first: int) -> None:
    """Number the next controls of this process from ``first``: what is drawn has the same numbers wherever it is."""
    ControlId._counter = itertools.count(first)


class Typed(NamedTuple):
    """``data`` of an input: who is told what is written in it, before anything else is drawn."""

    take: Callable[[Any], Any]


def install(without: frozenset[str] = frozenset(), strict: bool = False) -> Installed:
    """Put all fixes in place, ``without`` those named. Once per process: a second call changes nothing.

    ``strict`` (tests): showing one session's observable in another raises CrossSessionError.
    """
    keep_quiet()
    if hasattr(Session, _DONE):
        return put_in_place((), Session, {})
    chosen = [fix for name, fixes in FIXES.items() if name not in without for fix in fixes]
    return put_in_place(chosen, Session, {_DONE: True, _STRICT: strict})


def _of(session: Session, key: str, make: Callable[[], Any]) -> Any:
    if session.store.get(key) is None:
        session.store.set(key, make())
    return session.store.get(key)


def _session(component: Component) -> Session:
    """The session that shows ``component``; while it is being taken away, the one at work."""
    try:
        return component.page.session
    except RuntimeError:
        return ft.context.page.session


# --- render ------------------------------------------------------------------------------------------------------


def _safe_update(original: Callable[..., Any]) -> Callable[..., Any]:
    def update(self: Component) -> None:
        drawn = False
        with guarded(f"render of {self.fn.__qualname__}"):
            original(self)
            drawn = True
        if not drawn:  # the connection may just have gone: draw it again when it is back
            _of(_session(self), _MISSED, list).append(self)

    return update


# --- gone --------------------------------------------------------------------------------------------------------


def _unless_gone(original: Callable[..., Any]) -> Callable[..., Any]:
    """Flet tells a component that it was taken away only when the drawing that did so came to its end; one that was
    not told goes on following what it showed, far from the session's Ui."""

    def update(self: Component) -> None:
        if self._state.mounted and not self._stale and not _is_shown(self):
            self.will_unmount()
            return
        original(self)

    return update


def _is_shown(component: Component) -> bool:
    around = component._parent_component
    if around is not None and around() is None:
        return False
    return _session(component).index.get(component._i) is component


# --- handlers and crashes ----------------------------------------------------------------------------------------


def _safe_event(original: Callable[..., Any]) -> Callable[..., Any]:
    async def _trigger_event(self: BaseControl, name: str, data: Any, e: Any = None) -> None:
        with guarded(f"handler on_{name}", _page_session()):
            await original(self, name, data, e)

    return _trigger_event


def _page_session() -> Session | None:
    page = _context_page.get()
    return page.session if page else None


def _silent_error(original: Callable[..., Any]) -> Callable[..., Any]:
    def error(self: Session, message: str) -> None:
        log.error("session %s could not go on", self.id)
        original(self, CALM)

    return error


# --- effects -----------------------------------------------------------------------------------------------------


def _safe_effects(original: Callable[..., Any]) -> Callable[..., Any]:
    def schedule_effect(self: Session, hook: Any, is_cleanup: bool) -> None:
        part = "cleanup" if is_cleanup else "setup"
        work = getattr(hook, part)
        if work is not None and not hasattr(work, "guarded"):
            setattr(hook, part, _guarded_effect(work, self))
        original(self, hook, is_cleanup)

    return schedule_effect


def _guarded_effect(work: Callable[[], Any], session: Session) -> Callable[[], Any]:
    if inspect.iscoroutinefunction(work):

        async def effect() -> None:
            task = asyncio.current_task()
            assert task is not None
            _of(session, _EFFECTS, lambda: TaskBag(session.page)).keep(task)
            with guarded("effect", session):
                await work()

        effect.guarded = True  # type: ignore[attr-defined]
        return effect

    def plain() -> Any:
        with guarded("effect", session):
            return work()
        return None

    plain.guarded = True  # type: ignore[attr-defined]
    return plain


# --- sessions ----------------------------------------------------------------------------------------------------


def _own_update(original: Callable[..., Any]) -> Callable[..., Any]:
    def _schedule_update(self: Component) -> None:
        if not self._state.mounted:
            return
        session, page = _session(self), _context_page.get()
        if page is not None and page.session is not session and not session_ended(page.session):
            _refuse(session)
        self._state.is_dirty = True
        session.schedule_update(self)

    return _schedule_update


def session_ended(session: Session) -> bool:
    """Whether ``session`` is over."""
    return bool(getattr(session, _PRIVATE + "closed"))


def _refuse(session: Session) -> None:
    if getattr(Session, _STRICT, False):
        raise CrossSessionError("an observable of another session is shown here")
    log.error("session %s shows an observable of another session", session.id)


def _own_effect(original: Callable[..., Any]) -> Callable[..., Any]:
    def _schedule_effect(self: Component, hook: Any, is_cleanup: bool = False) -> None:
        _session(self).schedule_effect(hook, is_cleanup)

    return _schedule_effect


# --- disconnected ------------------------------------------------------------------------------------------------


def _keep_missed(original: Callable[..., Any]) -> Callable[..., Any]:
    def schedule_update(self: Session, control: BaseControl) -> None:
        if self.connection is None and self.expires_at is not None:
            _of(self, _MISSED, list).append(control)
        original(self, control)

    return schedule_update


def _keep_pending(original: Callable[..., Any]) -> Callable[..., Any]:
    async def disconnect(self: Session, session_timeout_seconds: int) -> None:
        _of(self, _MISSED, list).extend(getattr(self, _PRIVATE + "pending_updates"))
        await original(self, session_timeout_seconds)

    return disconnect


def _draw_missed(original: Callable[..., Any]) -> Callable[..., Any]:
    def attach_connection(self: Session, conn: Any) -> None:
        original(self, conn)
        missed = list(_of(self, _MISSED, list))
        _of(self, _MISSED, list).clear()
        for control in missed:
            self.schedule_update(control)

    return attach_connection


# --- typing ------------------------------------------------------------------------------------------------------


def _taken_at_once(original: Callable[..., Any]) -> Callable[..., Any]:
    """A client sends the new value and then the event; between the two the screen may be drawn with the old value,
    which goes back to the client and overwrites what is being written there."""

    def apply_patch(self: Session, control_id: int, patch: dict[str, Any]) -> None:
        original(self, control_id, patch)
        typed = getattr(getattr(self, _PRIVATE + "index").get(control_id), "data", None)
        if "value" in patch and isinstance(typed, Typed):
            _context_page.set(self.page)
            with guarded("input", self):
                typed.take(patch["value"])

    return apply_patch


# --- answers and tasks -------------------------------------------------------------------------------------------


def _late_answers(original: Callable[..., Any]) -> Callable[..., Any]:
    """Nobody waits for it any more."""

    def handle_invoke_method_results(self: Session, control_id: int, *answer: Any) -> None:
        if control_id in getattr(self, f"{_PRIVATE}index"):
            original(self, control_id, *answer)

    return handle_invoke_method_results


def _cancel_tasks(original: Callable[..., Any]) -> Callable[..., Any]:
    def close(self: Session) -> None:
        for bag in _of(self, _TASKS, list):
            bag.cancel_all()
        original(self)

    return close


FIXES: Mapping[str, tuple[Fix, ...]] = {
    "render": (Fix(Component, "update", _safe_update),),
    "gone": (Fix(Component, "update", _unless_gone),),
    "handlers": (Fix(BaseControl, "_trigger_event", _safe_event),),
    "crash": (Fix(Session, "error", _silent_error),),
    "effects": (Fix(Session, "schedule_effect", _safe_effects),),
    "sessions": (
        Fix(Component, "_schedule_update", _own_update),
        Fix(Component, "_schedule_effect", _own_effect),
    ),
    "disconnected": (
        Fix(Session, "schedule_update", _keep_missed),
        Fix(Session, "disconnect", _keep_pending),
        Fix(Session, "attach_connection", _draw_missed),
    ),
    "typing": (Fix(Session, "apply_patch", _taken_at_once),),
    "keys": (Fix(DiffBuilder, "_compare_lists", each_once),),
    "answers": (Fix(Session, "handle_invoke_method_results", _late_answers),),
    "tasks": (Fix(Session, "close", _cancel_tasks),),
    "speed": (
        Fix(Prop, "__set__", quick.quick_set),
        Fix(DiffBuilder, "_compare_values", quick.quick_compare),
        Fix(DiffBuilder, "_configure_dataclass", quick.quick_added),
        Fix(DiffBuilder, "_removed_controls", quick.quick_removed),
        Fix(Session, "__init__", quick.parents_first),
    ),
}
