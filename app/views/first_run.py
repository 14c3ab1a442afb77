"""The first run: three screens of what can be done here, skippable (row S38)."""

from collections.abc import Callable

import flet as ft

from app.components import Screen, announcer, button, component, row, stack, text, use_format, use_text
from app.platform.window import go
from app.stores.settings import Settings
from app.stores.stores import Stores
from app.views.pictures import lake, letter, signpost

SCREENS = (("what", lake), ("how", letter), ("help", signpost))
"""Words (``firstrun.<id>``) and picture of each."""


@component
def FirstRunScreen(stores: Stores) -> ft.Control:
    """``/first-run``; also from the settings, whenever one likes."""
    return Steps(stores, stores.settings)


@component
def Steps(stores: Stores, settings: Settings) -> ft.Control:
    """One screen at a time; skipping and going back are always there."""
    t, formats = use_text(), use_format()
    place, move = ft.use_state(0)
    id, picture = SCREENS[place]
    last = place == len(SCREENS) - 1

    def end() -> None:
        settings.remember("first-run", "seen")
        go("/")

    ways = [
        button(
            "firstrun.next",
            t("firstrun.begin") if last else t("firstrun.next"),
            end if last else _to(move, place + 1),
        ),
        *([button("firstrun.back", t("firstrun.back"), _to(move, place - 1), "secondary")] if place else []),
        *([] if last else [button("firstrun.skip", t("firstrun.skip"), end, "quiet")]),
    ]
    phones = stores.region.phones
    number = formats.phone(phones.exchange.number)
    lines = t(f"firstrun.{id}.body", region=stores.region.name(t.language), number=number).split("\n")
    return Screen(
        "first-run",
        t(f"firstrun.{id}.title", app=stores.region.app_name(t.language)),
        [
            picture(),
            stack([text(line, "lead" if not at else "body") for at, line in enumerate(lines)]),
            announcer(t("firstrun.place", n=place + 1, total=len(SCREENS)), id="firstrun.place"),
            row(ways),
        ],
    )


def _to(move: Callable[[int], object], place: int) -> Callable[[], object]:
    return lambda: move(place)
