"""What is aimed at on a pathway: the resident's own words first, then what was agreed on with the team."""

from collections.abc import Callable

import flet as ft

from app.components import (
    badge,
    button,
    component,
    disclosure,
    icon_button,
    row,
    section,
    stack,
    text,
    text_field,
    use_text,
)
from app.components.layout import panel
from app.pathways.journey import Goal, Journey
from app.pathways.library import Pathway
from app.stores.journeys import MOST_GOAL, Journeys
from app.stores.stores import Stores
from app.views.pathway_parts import who_sees
from app.views.support import keyed, shortened, told

__all__ = ["Goals", "said"]


def said(pathway: Pathway, goal: Goal) -> str:
    """Its words: the pathway's own ones in the language of the session, else as they were written."""
    known = {"aim": pathway.texts.goal, **pathway.texts.goals}
    return known.get(goal.key, goal.text)


@component
def Goals(stores: Stores, pathway: Pathway, journeys: Journeys, journey: Journey) -> ft.Control:
    """Goals are to be written, changed and put away at will; nothing counts them."""
    t = use_text()
    own = [one for one in journey.goals if one.own]
    team = [one for one in journey.goals if not one.own]
    mine = [keyed(one.id, OwnGoal(pathway, journeys, journey, one)) for one in own]
    empty = [text(t("pathways.goals.none"), "muted")] if not own else []
    parts = [*mine, *empty, NewGoal(stores, pathway, journeys, journey)]
    if team:
        parts += [text(t("pathways.goals.team"), "label"), *(_line(pathway, one) for one in team)]
    return section(t("pathways.goals"), parts, id="pathway.goals")


def _line(pathway: Pathway, goal: Goal) -> ft.Control:
    words = told(ft.Icons.FLAG_OUTLINED, text(said(pathway, goal)))
    return stack([words, *_reached(goal)], gap="xs")


def _reached(goal: Goal) -> list[ft.Control]:
    mark = ft.Icons.CHECK_CIRCLE_OUTLINE
    return [row([badge("success", use_text()("pathways.goals.reached"), mark)])] if goal.reached else []


@component
def OwnGoal(pathway: Pathway, journeys: Journeys, journey: Journey, goal: Goal) -> ft.Control:
    """One of one's own: said otherwise, marked as come true, or put away."""
    t = use_text()
    editing, edit = ft.use_state(False)
    words = said(pathway, goal)
    if editing:

        def keep(new: str) -> None:
            journeys.aim(journey, new, goal)
            edit(False)

        return panel(GoalField(words, keep, lambda: edit(False)))
    change = icon_button(
        "pathway.goal.edit",
        ft.Icons.EDIT_OUTLINED,
        t("pathways.goals.edit", words=shortened(words)),
        lambda: edit(True),
    )
    gone = icon_button(
        "pathway.goal.remove",
        ft.Icons.DELETE_OUTLINE,
        t("pathways.remove", words=shortened(words)),
        lambda: journeys.drop_goal(journey, goal),
    )
    press = button(
        "pathway.goal.reach",
        t("pathways.goals.not_yet") if goal.reached else t("pathways.goals.reach"),
        lambda: journeys.reach(journey, goal, not goal.reached),
        "quiet",
        None if goal.reached else ft.Icons.CHECK,
    )
    line = ft.Row([ft.Container(text(words, "strong"), expand=True), change, gone])
    return panel(stack([line, *_reached(goal), row([press])], gap="xs"))


@component
def NewGoal(stores: Stores, pathway: Pathway, journeys: Journeys, journey: Journey) -> ft.Control:
    """A field for one's own words; the pathway's goals are there to be taken."""
    t = use_text()
    opened, open_ = ft.use_state(False)

    def keep(words: str, key: str = "") -> None:
        journeys.aim(journey, words, key=key)
        open_(False)

    parts: list[ft.Control] = []
    if opened:
        parts = [
            text(t("pathways.goals.hint"), "muted"),
            *_offered(pathway, journey, keep),
            GoalField("", keep, lambda: open_(False), description=who_sees(stores, pathway)),
        ]
    return disclosure("pathway.goal.new", t("pathways.goals.new"), opened, lambda: open_(not opened), parts)


def _offered(pathway: Pathway, journey: Journey, take: Callable[[str, str], None]) -> list[ft.Control]:
    """The pathway's goals that are not among the plan's."""
    taken = {one.key for one in journey.goals}
    return [
        button(f"pathway.goal.take.{id}", words, _taking(take, words, id), "secondary", ft.Icons.ADD)
        for id, words in pathway.texts.goals.items()
        if id not in taken
    ]


def _taking(take: Callable[[str, str], None], words: str, id: str) -> Callable[[], None]:
    return lambda: take(words, id)


@component
def GoalField(
    words: str, keep: Callable[[str], None], cancel: Callable[[], None], description: str = ""
) -> ft.Control:
    """The words of a goal, and two ways out."""
    t = use_text()
    written, write = ft.use_state(words)
    field = text_field(
        "pathway.goal.words",
        t("pathways.goals.words"),
        written,
        write,
        description=description,
        multiline=True,
        max_length=MOST_GOAL,
        lines=2,
    )
    why = "" if written.strip() else t("pathways.write_first")
    save = button(
        "pathway.goal.save", t("pathways.save"), lambda: keep(written), "secondary", disabled_because=why
    )
    stop = button("pathway.goal.cancel", t("common.cancel"), cancel, "quiet")
    return stack([field, row([save, stop])])
