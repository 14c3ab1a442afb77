"""What a resident can touch on a screen: every control with what may be done to it, by names that come back."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import flet as ft
from flet.controls.base_control import BaseControl

from tests.headless import Screen
from tests.walker import nasty

TICKED = (ft.Checkbox, ft.Switch)


@dataclass(frozen=True)
class Touch:
    """One thing that can be done: ``event`` to ``control``, which is called ``name`` (nearest name for machines, kind,
    and which of several)."""

    name: str
    event: str
    control: Any


def touches(screen: Screen) -> list[Touch]:
    """All of them; when a dialog is open, only those in it."""
    shut = [dialog for dialog in screen.walk(screen.page._dialogs) if isinstance(dialog, ft.DialogControl)]
    roots = shut[-1:] or [screen.page.views]
    found = [(name, control) for root in roots for name, control in _named(screen, root)]
    return [
        Touch(name, event, control)
        for name, control in found
        for event in _events(control)
        if not getattr(control, "disabled", False)
    ]


def _named(screen: Screen, root: Any) -> Iterator[tuple[str, BaseControl]]:
    near, seen = "", Counter[str]()
    for control in screen.walk(root):
        if isinstance(control, ft.Semantics) and control.identifier:
            near = control.identifier
        if _events(control):
            own = f"{control.key or near}/{type(control).__name__}"
            seen[own] += 1
            yield f"{own}#{seen[own]}", control


def _events(control: Any) -> list[str]:
    names = ("click", "change", "submit", "blur", "dismiss")
    return [name for name in names if getattr(control, f"on_{name}", None)]


def value_for(touch: Touch, rng: random.Random, who: str) -> Any:
    """Something to write or choose there, as JSON has it."""
    control = touch.control
    if touch.event != "change":
        return None
    if isinstance(control, ft.TextField):
        return nasty.words(rng, who)[: control.max_length or None]
    if isinstance(control, ft.RadioGroup):
        return rng.choice(_radios(control))
    if isinstance(control, TICKED):
        return not control.value
    if isinstance(control, ft.DatePicker):
        return (_day(control.first_date) + timedelta(days=rng.randrange(_days(control)))).isoformat()
    return f"{rng.randrange(24):02}:{rng.randrange(60):02}"


def _radios(group: ft.RadioGroup) -> list[str]:
    from tests.tree import walk

    return [radio.value for radio in walk(group, set()) if isinstance(radio, ft.Radio)] or [""]


def _day(value: Any) -> date:
    return value.date() if isinstance(value, datetime) else value


def _days(picker: ft.DatePicker) -> int:
    return max((_day(picker.last_date) - _day(picker.first_date)).days, 0) + 1


async def touch(window: Any, name: str, event: str, value: Any) -> bool:
    """Do it, if there is such a thing to do; as the client does it."""
    found = next((one for one in touches(window) if (one.name, one.event) == (name, event)), None)
    if found is None:
        return False
    control = found.control
    if event == "change":
        value = _of_client(control, value)
        await window.begin_to(control, event, value, value=value)
    else:
        await window.begin_to(control, event, control.value if event == "submit" else None)
    return True


def _of_client(control: Any, value: Any) -> Any:
    if isinstance(control, ft.DatePicker):
        return datetime.combine(date.fromisoformat(value), time())
    if isinstance(control, ft.TimePicker):
        return time.fromisoformat(value)
    return value
