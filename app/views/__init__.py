"""Screens, a file for each. ``from app import views`` and then ``views.chat`` imports it when it is first needed:
the first screen waits for none but its own, which is seconds in a browser and on a slow phone.
"""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

FIRST = ("signin", "home", "services")  # where people go from the first screen


def __getattr__(name: str) -> ModuleType:
    if name.startswith("__"):
        raise AttributeError(name)
    return import_module(f"app.views.{name}")


def ahead() -> Iterator[str]:
    """Imports the screens that nobody has gone to yet, one at each step: before they are needed, while nothing else is
    to be done. Yields their names.
    """
    for found in sorted(iter_modules(__path__), key=lambda module: module.name not in FIRST):
        import_module(f"app.views.{found.name}")
        yield found.name
