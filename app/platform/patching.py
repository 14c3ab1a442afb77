"""Methods of a library replaced by better ones, and put back."""

import functools
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple


class Fix(NamedTuple):
    """One method to replace: ``make`` gets the original and returns the better one."""

    owner: type
    method: str
    make: Callable[[Callable[..., Any]], Callable[..., Any]]


class Installed:
    """What was changed; ``remove()`` puts everything back as it was (for tests)."""

    def __init__(self, originals: list[tuple[type, str, Any]], marked: type, marks: Iterable[str]) -> None:
        self._originals, self._marked, self._marks = originals, marked, tuple(marks)

    def remove(self) -> None:
        """Undo; nothing when nothing was changed."""
        for owner, method, original in reversed(self._originals):
            setattr(owner, method, original)
        for name in self._marks:
            delattr(self._marked, name)
        self._originals, self._marks = [], ()


def put_in_place(fixes: Iterable[Fix], marked: type, marks: Mapping[str, Any]) -> Installed:
    """Replace the methods, and set ``marks`` on the class ``marked``: they say that it was done."""
    originals = []
    for fix in fixes:
        original = getattr(fix.owner, fix.method)
        originals.append((fix.owner, fix.method, original))
        setattr(fix.owner, fix.method, functools.wraps(original)(fix.make(original)))
    for name, value in marks.items():
        setattr(marked, name, value)
    return Installed(originals, marked, marks)
