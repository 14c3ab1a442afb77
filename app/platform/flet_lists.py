"""Lists in which two controls have the same key: Flet 1.0.5 loses count there (``keys`` in flet_fixes.FIXES)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from flet.controls.base_control import BaseControl
from flet.controls.object_patch import DiffBuilder, get_control_key

log = logging.getLogger("app.flet")


def each_once(original: Callable[..., Any]) -> Callable[..., Any]:
    """Flet follows the items of a list by key and loses count where two have the same: such a list is drawn anew."""

    def _compare_lists(self: DiffBuilder, parent: Any, path: Any, src: Any, dst: Any, frozen: bool) -> None:
        if not (_twice(src) or _twice(dst)):
            original(self, parent, path, src, dst, frozen)
            return
        log.error("two controls beside each other have the same key at %s", path)
        for place in reversed(range(len(src))):
            self._item_removed(path, place, src[place], frozen=frozen)
        for place, item in enumerate(dst):
            self._item_added(parent, path, place, item, frozen=frozen)

    return _compare_lists


def _twice(items: list[Any]) -> Any:
    """The first key that two of them have; None when there is none."""
    seen = set()
    for item in items:
        key = get_control_key(item) if isinstance(item, BaseControl) else None
        if key is not None and key in seen:
            return key
        seen.add(key)
    return None
