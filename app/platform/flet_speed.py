"""Flet 1.0.5's walks over what is drawn, made quicker; what they find and do is the same. Nothing is drawn twice.

Flet visits every field of every control that is added or taken away, though nearly all of them have the value they were
declared with. Here only those are visited that hold something: a third of the time of drawing a screen. Each function
gets Flet's own method and returns the quicker one (:data:`app.platform.flet_fixes.FIXES`, ``speed``).
"""

from __future__ import annotations

import dataclasses
import inspect
import weakref
from collections.abc import Callable, Iterator
from functools import cache
from operator import itemgetter
from typing import Any, NamedTuple

from flet.controls.base_control import BaseControl
from flet.controls.object_patch import DiffBuilder, ObjectPatchException, _control_setattr
from flet.controls.value_types import Prop
from flet.messaging.session import Session

_NOTHING: dict[str, Any] = {}


class Fields(NamedTuple):
    """The fields of one class: their order, and those to look at even when nothing was set."""

    rank: dict[str, int]
    always: tuple[str, ...]


@cache
def fields_of(kind: type) -> Fields | None:
    """The fields of ``kind`` that Flet sends; None when it is no dataclass."""
    if not dataclasses.is_dataclass(kind):
        return None
    names = [f.name for f in dataclasses.fields(kind) if not f.metadata.get("skip", False)]
    return Fields(
        {name: rank for rank, name in enumerate(names)},
        tuple(name for name in names if not _is_empty(inspect.getattr_static(kind, name, None))),
    )


@cache
def is_plain(kind: type) -> bool:
    """Whether a ``kind`` can neither be a control nor hold one, as words, numbers and their like."""
    return not (dataclasses.is_dataclass(kind) or issubclass(kind, (dict, list)))


def _is_empty(declared: Any) -> bool:
    """Whether a field that nobody set holds nothing to visit."""
    return isinstance(declared, Prop) and is_plain(declared.default.__class__)


def parts(item: Any, fields: Fields) -> list[Any]:
    """What may be or hold a control among the fields of ``item``, in their order."""
    held = [(fields.rank[name], getattr(item, name)) for name in fields.always]
    for name, value in getattr(item, "_values", _NOTHING).items():
        if not is_plain(value.__class__) and name in fields.rank and name not in fields.always:
            held.append((fields.rank[name], value))
    held.sort(key=itemgetter(0))
    return [value for _, value in held if not is_plain(value.__class__)]


class ParentsFirst(set[BaseControl]):
    """What waits to be drawn, what holds others before what it holds.

    Flet draws in no order. What was drawn before what holds it is drawn twice, for that one draws all it holds anew;
    drawn after it there is nothing left to do.
    """

    def __iter__(self) -> Iterator[BaseControl]:
        return iter(sorted(super().__iter__(), key=_depth))


def _depth(control: BaseControl | None) -> int:
    depth = 0
    while control is not None:
        control, depth = control.parent, depth + 1
    return depth


def parents_first(original: Callable[..., Any]) -> Callable[..., Any]:
    """A session draws in order (:class:`ParentsFirst`)."""

    def begin(self: Session, *arguments: Any, **more: Any) -> None:
        original(self, *arguments, **more)
        self.__dict__["_Session__pending_updates"] = ParentsFirst()

    return begin


def quick_set(original: Callable[..., Any]) -> Callable[..., Any]:
    """Most fields of a new control are given the value that they are declared with."""

    def __set__(self: Prop, obj: Any, value: Any) -> None:  # noqa: N807 - the name that it replaces
        if value is not self.default or self.name in obj._values:
            original(self, obj, value)

    return __set__


def quick_compare(original: Callable[..., Any]) -> Callable[..., Any]:
    """Two equal words or numbers need no further look."""

    def _compare_values(
        self: DiffBuilder, parent: Any, path: Any, key: Any, src: Any, dst: Any, frozen: bool
    ) -> None:
        kind = src.__class__
        if kind is not dst.__class__ or not is_plain(kind) or src != dst:
            original(self, parent, path, key, src, dst, frozen)

    return _compare_values


def quick_added(original: Callable[..., Any]) -> Callable[..., Any]:
    """Every control in what was added, prepared for its first drawing."""

    def _configure_dataclass(
        self: DiffBuilder, item: Any, parent: Any, frozen: bool, configure_setattr_only: bool = False
    ) -> Iterator[Any]:
        found: list[Any] = []
        _added(self.control_cls, item, parent, frozen, configure_setattr_only, found)
        return iter(found)

    return _configure_dataclass


def _added(control: Any, item: Any, parent: Any, frozen: bool, shallow: bool, found: list[Any]) -> None:
    fields = fields_of(item.__class__)
    if fields is None:
        for part in _inside(item):
            _added(control, part, parent, frozen, False, found)
        return
    parent = _hung_up(item, parent)
    if hasattr(item, "_frozen"):
        frozen = item._frozen
    elif frozen:
        item._frozen = frozen
    if getattr(item.__class__, "__flet_control_cls__", None) is None:
        item.__class__.__flet_control_cls__ = control
    around = parent
    if control and isinstance(item, control):
        _prepare(item, shallow)
        found.append(item)
        around = item
    for part in () if shallow else parts(item, fields):
        _added(control, part, around, frozen, False, found)
    if not frozen:
        _watched(item)


def _inside(item: Any) -> Any:
    """The items of a list, the values of a dict."""
    if isinstance(item, dict):
        return item.values()
    return item if isinstance(item, list) else ()


def _hung_up(item: Any, parent: Any) -> Any:
    """The control around ``item``, which ``item`` now knows too."""
    if parent is None:
        known = getattr(item, "_parent", None)
        parent = known() if known else None
    if parent:
        if parent is item:
            raise ObjectPatchException(f"Parent is the same as item: {item}")
        item._parent = weakref.ref(parent)
    return parent


def _prepare(item: Any, shallow: bool) -> None:
    """Let ``item`` draw itself, unless it only changed places."""
    if not shallow:
        item.build()
        item._before_update_safe()
        object.__setattr__(item, "_initialized", True)


def _watched(item: Any) -> None:
    """From here on, what is changed in ``item`` is noticed."""
    dirty = getattr(item, "_dirty", None)
    if dirty is not None:
        dirty.clear()
        return
    if item.__class__.__setattr__ is not _control_setattr:
        item.__class__.__setattr__ = _control_setattr
    object.__setattr__(item, "__changes", {})


def quick_removed(original: Callable[..., Any]) -> Callable[..., Any]:
    """Every control in what was taken away."""

    def _removed_controls(self: DiffBuilder, item: Any, recurse: bool) -> Iterator[Any]:
        found: list[Any] = []
        _removed(self.control_cls, item, recurse, found)
        return iter(found)

    return _removed_controls


def _removed(control: Any, item: Any, recurse: bool, found: list[Any]) -> None:
    if not (control and isinstance(item, control)):
        for part in _inside(item):
            _removed(control, part, recurse, found)
        return
    if hasattr(item, "__prev_lists"):
        for kind in ("__prev_lists", "__prev_dicts", "__prev_classes"):
            for part in getattr(item, kind, _NOTHING).values():
                _removed(control, part, recurse, found)
    elif recurse and (fields := fields_of(item.__class__)):
        for part in parts(item, fields):
            _removed(control, part, recurse, found)
    found.append(item)
