"""Practice mode: going in, scripted exercises, going out, and the mark on every screen (rows S37, S39)."""

from collections.abc import Awaitable, Callable

import flet as ft

from app.components import (
    Screen,
    action_notice,
    button,
    card_button,
    checkbox,
    component,
    notice,
    row,
    section,
    stack,
    text,
    use_text,
)
from app.components.layout import panel
from app.platform.window import go
from app.stores.base import Action, Status
from app.stores.practice import EXERCISES, Practice
from app.stores.stores import Stores
from app.views.support import keyed, nothing, told


@component
def PracticeScreen(stores: Stores) -> ft.Control:
    """``/practice``: outside the way in, inside the exercises."""
    t, practice = use_text(), stores.practice
    assert practice is not None
    inside = Exercises(practice) if practice.within else WayIn(practice, practice.enter)
    return Screen("practice", t("practice.title"), [inside], back="/")


@component
def WayIn(practice: Practice, enter: Action[[str]]) -> ft.Control:
    """What it is, and as whom to practise."""
    t = use_text()
    promises = (
        (ft.Icons.GROUPS_OUTLINED, "practice.made_up"),
        (ft.Icons.CLOUD_OFF_OUTLINED, "practice.nothing_leaves"),
        (ft.Icons.LOCK_OPEN, "practice.no_sign_in"),
    )
    failed = action_notice(enter, safe=t("practice.failed"))
    busy = enter.status is Status.RUNNING

    def begin(person: str) -> Callable[[], Awaitable[None]]:
        async def press() -> None:
            await enter.run(person)
            go("/practice")

        return press

    ways = [
        card_button(
            f"practice.as.{person}",
            t(f"practice.person.{person}"),
            [t(f"practice.person.{person}.story")],
            None if busy else begin(person),
            icon=ft.Icons.PERSON_OUTLINE,
        )
        for person in practice.people
    ]
    return stack(
        [
            text(t("practice.lead"), "lead"),
            stack([told(mark, text(t(key))) for mark, key in promises]),
            section(t("practice.as"), [stack(ways, gap="s"), *([failed] if failed else [])]),
        ],
        gap="l",
    )


@component
def Exercises(practice: Practice) -> ft.Control:
    """Things to try, each with what to do and what to notice."""
    t = use_text()
    made = [keyed(id, _exercise(practice, id, address)) for id, address in EXERCISES]
    done = len(practice.tried)
    return stack(
        [
            text(t("practice.exercises_lead"), "lead"),
            text(t("practice.tried", n=done, total=len(EXERCISES)), "strong", id="practice.tried"),
            *made,
            row([_leave(practice)]),
        ],
        gap="m",
    )


def _exercise(practice: Practice, id: str, address: str) -> ft.Control:
    t = use_text()
    steps = [
        told(ft.Icons.ARROW_RIGHT, text(line)) for line in t(f"practice.exercise.{id}.steps").split("\n")
    ]
    go_there = button(f"practice.go.{id}", t("practice.try"), lambda: go(address), "secondary")
    tick = checkbox(
        f"practice.tick.{id}",
        t("practice.did", name=t(f"practice.exercise.{id}")),
        id in practice.tried,
        lambda on: practice.set_tried(id, on),
    )
    return panel(section(t(f"practice.exercise.{id}"), [*steps, row([go_there]), tick]))


def _leave(practice: Practice) -> ft.Control:
    async def end() -> None:
        await practice.leave.run()
        go("/")

    return button("practice.end", use_text()("practice.end"), end, "secondary", ft.Icons.LOGOUT)


def practice_banner(practice: Practice | None) -> ft.Control | None:
    """On every screen while somebody practises: nothing here is real."""
    if practice is None or not practice.within:
        return None
    t = use_text()

    async def leave() -> None:
        await practice.leave.run()
        go("/")

    ways = [
        button("practice.exercises", t("practice.exercises"), lambda: go("/practice"), "secondary"),
        button("practice.leave", t("practice.end"), leave, "quiet"),
    ]
    return notice("warning", t("practice.banner"), [], ways, id="practice-banner", live=False)


def practice_card(stores: Stores) -> ft.Control:
    """On the first screen: a way to practise."""
    t = use_text()
    if stores.practice is None or stores.practice.within or not stores.practice.people:
        return nothing()
    return card_button(
        "welcome.practice",
        t("practice.title"),
        [t("practice.card")],
        lambda: go("/practice"),
        icon=ft.Icons.SCHOOL_OUTLINED,
    )
