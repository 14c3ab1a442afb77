"""One pathway: what it is and who sees what, then its timeline: done, now, next (rows G1, G2, G3)."""

from datetime import date
from typing import NamedTuple

import flet as ft

from app.components import (
    Screen,
    action_notice,
    badge,
    button,
    component,
    disclosure,
    heading,
    notice,
    row,
    section,
    stack,
    text,
    use_format,
    use_text,
)
from app.components.layout import panel
from app.pathways.journey import Journey, begin, changes_of, marks_of, plan_of
from app.pathways.library import Pathway
from app.pathways.planner import Turn
from app.pathways.progress import StageProgress, Standing, State, progress
from app.pathways.replan import Changes
from app.platform.window import go
from app.stores.base import Action, Resource, Status
from app.stores.journeys import Journeys
from app.stores.stores import Stores
from app.views.pathway_dates import DatesPart
from app.views.pathway_goals import Goals
from app.views.pathway_parts import help_sections, kept, picture, step_card, who_sees
from app.views.pathway_team import Team
from app.views.pathways import Many
from app.views.support import cards, keyed, missing, told


@component
def PathwayScreen(stores: Stores, id: str) -> ft.Control:
    """``/pathways/<id>``."""
    journeys = stores.pathways.journeys
    return PathwayPage(stores, journeys, journeys.all, stores.pathways.all, stores.services.all, id)


@component
def PathwayPage(
    stores: Stores,
    journeys: Journeys,
    own: Resource[tuple[Journey, ...]],
    pathways: Resource[tuple[Pathway, ...]],
    services: Resource[object],
    id: str,
) -> ft.Control:
    """Before it is begun what it is like, afterwards where one stands."""
    t = use_text()
    ft.use_effect(stores.pathways.look.run, [])
    pathway, journey = stores.pathways.get(id), journeys.on(id)
    if pathway is None:
        return Unknown(stores, journey, stores.pathways.get_content, id)
    going = journey is not None and journey.state == "active"
    shown = _timeline(stores, pathway, journeys, journey) if going and journey else []
    return Screen(
        "pathway",
        pathway.texts.title,
        [
            *_language_note(pathway),
            *_content_notes(pathway),
            *(shown or _before(stores, pathway, journeys, journey)),
            *help_sections(stores, pathway),
            text(t("pathways.size", size=use_format().size(pathway.size)), "small", id="pathway.size"),
        ],
        back="/pathways",
    )


@component
def Unknown(stores: Stores, journey: Journey | None, get: Action[[str]], id: str) -> ft.Control:
    """Not on this device: an address of another county, or a plan whose content is fetched from its platform."""
    t = use_text()
    title = journey.title if journey else t("pathways.title")
    if journey is None:
        return Screen("pathway", title, missing(t("errors.not_found.what")), back="/pathways")
    failed = action_notice(get, safe=t("pathways.kept"))
    press = button(
        "pathway.fetch",
        t("pathways.fetch"),
        lambda: get.run(id),
        icon=ft.Icons.DOWNLOAD,
        busy=get.status is Status.RUNNING,
    )
    parts = [text(t("pathways.not_here")), *([failed] if failed else []), row([press])]
    return Screen("pathway", title, parts, back="/pathways")


def _language_note(pathway: Pathway) -> list[ft.Control]:
    t = use_text()
    if pathway.language.partition("_")[0] == t.language.partition("_")[0]:
        return []
    return [notice("info", t("pathways.other_language"), live=False, id="pathway.language")]


def _content_notes(pathway: Pathway) -> list[ft.Control]:
    """What of a definition made elsewhere could not be drawn."""
    t = use_text()
    if not pathway.notes:
        return []
    lines = [t(f"pathways.lost.{note}") for note in pathway.notes]
    return [notice("info", t("pathways.lost"), lines, live=False, id="pathway.notes-on-content")]


# --- before it is begun ------------------------------------------------------------------------------------------


def _before(
    stores: Stores, pathway: Pathway, journeys: Journeys, journey: Journey | None
) -> list[ft.Control]:
    texts = pathway.texts
    shown = (
        [picture(pathway, pathway.structure.picture, texts.pictures.get(pathway.structure.picture))]
        if (pathway.structure.picture)
        else []
    )
    return [
        *shown,
        text(texts.summary, "lead"),
        stack(
            [
                told(ft.Icons.PERSON_OUTLINE, text(texts.for_whom)),
                told(ft.Icons.FLAG_OUTLINED, text(texts.goal)),
                told(ft.Icons.VISIBILITY_OUTLINED, text(who_sees(stores, pathway))),
                told(ft.Icons.PAUSE_CIRCLE_OUTLINE, text(texts.leaving)),
            ]
        ),
        Begin(stores, pathway, journeys, journey, stores.pathways.start),
        _preview(stores, pathway),
    ]


@component
def Begin(
    stores: Stores, pathway: Pathway, journeys: Journeys, journey: Journey | None, start: Action[[Pathway]]
) -> ft.Control:
    """The way in: begin, go on, or why it cannot be begun here and what to do instead."""
    t = use_text()
    if journey is not None:
        return _again(pathway, journeys, journey)
    if not pathway.is_open:
        how = [told(ft.Icons.ASSIGNMENT_OUTLINED, text(pathway.texts.how_to_get_in))]
        return section(
            t("pathways.how_in"), [panel(stack(how), "info_soft", "info_soft")], id="pathway.locked"
        )
    hint = t(f"pathways.start_{kept(stores)}")
    failed = action_notice(start, safe=t("pathways.start_failed"))
    press = button("pathway.start", t("pathways.start"), lambda: start.run(pathway), icon=ft.Icons.PLAY_ARROW)
    return stack([press, text(hint, "muted"), *([failed] if failed else [])], gap="s")


def _again(pathway: Pathway, journeys: Journeys, journey: Journey) -> ft.Control:
    """It was paused or left: going on is one press; what was written is still there."""
    t = use_text()
    ways = [
        button(
            "pathway.resume",
            t("pathways.resume"),
            lambda: journeys.set_state(journey, "active"),
            icon=ft.Icons.PLAY_ARROW,
        ),
        button(
            "pathway.manage", t("pathways.manage"), lambda: go(f"/pathways/{pathway.id}/about"), "secondary"
        ),
    ]
    return notice("info", t(f"pathways.is_{journey.state}"), [t("pathways.kept")], ways, id="pathway.stopped")


def _preview(stores: Stores, pathway: Pathway) -> ft.Control:
    """All stages and steps, to be looked at before joining."""
    t = use_text()
    today = stores.pathways.today()
    guess = begin("preview", pathway.structure, "", today)
    stages = progress(pathway.structure, plan_of(pathway.structure, guess), {}, today)
    made = [keyed(stage.stage.id, Stage(stores, pathway, None, stage, False)) for stage in stages]
    return section(t("pathways.preview"), [text(t("pathways.preview_hint"), "muted"), *made])


# --- on the way --------------------------------------------------------------------------------------------------


def _timeline(stores: Stores, pathway: Pathway, journeys: Journeys, journey: Journey) -> list[ft.Control]:
    t, own = use_text(), stores.session.own
    today = stores.pathways.today()
    plan, marks = plan_of(pathway.structure, journey), marks_of(journey)
    stages = progress(pathway.structure, plan, marks, today)
    made = [
        keyed(one.stage.id, Stage(stores, pathway, journey, one, one.standing is Standing.NOW))
        for one in stages
        if one.turns  # a stage of a date that was called off has none
    ]
    manage = button(
        "pathway.manage",
        t("pathways.manage"),
        lambda: go(f"/pathways/{pathway.id}/about"),
        "secondary",
        ft.Icons.TUNE,
    )
    return [
        *_changes(pathway, journeys, journey),
        *_failed(journeys),
        *_today(stores, pathway, stages, today),
        Goals(stores, pathway, journeys, journey, key="goals"),
        DatesPart(stores, pathway, journeys, journey),
        *([Team(stores, pathway, journey, own, own.messages.threads, key="team")] if own else []),
        section(t("pathways.timeline"), made),
        manage,
    ]


def _failed(journeys: Journeys) -> list[ft.Control]:
    if journeys.problem is None:
        return []
    t = use_text()
    return [notice("error", t("pathways.not_kept"), [t("pathways.not_kept_hint")], id="pathway.not-kept")]


def _today(
    stores: Stores, pathway: Pathway, stages: tuple[StageProgress, ...], today: date
) -> list[ft.Control]:
    """What can be done today; when nothing, that is said, for it is nobody's fault."""
    t = use_text()
    turns = [(turn, state) for stage in stages for turn, state in stage.turns if state is State.NOW]
    if not turns:
        return [panel(told(ft.Icons.SPA_OUTLINED, text(t("pathways.nothing_today"))))]
    turns.sort(key=lambda pair: pair[0].until or today)
    made = [keyed(turn.key, step_card(pathway, turn, state, today)) for turn, state in turns[:MOST_TODAY]]
    more = (
        [text(t("pathways.today_more", n=len(turns) - MOST_TODAY), "small")]
        if len(turns) > MOST_TODAY
        else []
    )
    return [section(t("pathways.today"), [cards(made), *more], id="pathway.today")]


def _changes(pathway: Pathway, journeys: Journeys, journey: Journey) -> list[ft.Control]:
    """What a moved date changed, until it has been read."""
    t, formats = use_text(), use_format()
    changes = changes_of(pathway.structure, journey)
    if not changes.any or not journeys.is_news(journey):
        return []
    told = _told(changes)
    lines = [
        t(
            "pathways.moved",
            step=pathway.texts.steps[new.step].title,
            old=formats.date(old.since),
            new=formats.date(new.since),
        )
        for old, new in told.lines
    ]
    counts = (
        ("pathways.moved_more", told.more),
        ("pathways.now_dated", told.dated),
        ("pathways.now_undated", told.undated),
        ("pathways.gone", told.gone),
        ("pathways.new", len(changes.new)),
        ("pathways.stays", len(changes.kept)),
    )
    lines += [t(key, n=count) for key, count in counts if count > 0]
    read = [
        button("pathway.changes.read", t("common.ok"), lambda: journeys.read_changes(journey), "secondary")
    ]
    return [notice("info", t("pathways.changed"), lines, read, id="pathway.changes")]


class Told(NamedTuple):
    """What of a change is said: the first moves of some steps, and how many more moved, got or lost their days, or
    are over."""

    lines: tuple[tuple[Turn, Turn], ...]
    more: int
    dated: int
    undated: int
    gone: int


def _told(changes: Changes) -> Told:
    moved = [(old, new) for old, new in changes.moved if old.since and new.since and old.since != new.since]
    first = {new.step: (old, new) for old, new in reversed(moved)}
    lines = sorted(first.values(), key=moved.index)[:MOST_LINES]
    shorter = sum(bool(old.since) and old.since == new.since for old, new in changes.moved)
    return Told(
        lines=tuple(lines),
        more=len(moved) - len(lines),
        dated=sum(old.since is None and new.since is not None for old, new in changes.moved),
        undated=sum(old.since is not None and new.since is None for old, new in changes.moved),
        gone=len(changes.gone) + shorter,
    )


MOST_LINES = 4
MOST_TODAY = 6


class Row(NamedTuple):
    """One step of a stage: the turn that matters now, and how many of its turns are settled."""

    turn: Turn
    state: State
    settled: int
    turns: int


@component
def Stage(
    stores: Stores, pathway: Pathway, journey: Journey | None, stage: StageProgress, opened: bool
) -> ft.Control:
    """A phase: its name, when, how far; its steps when it is open."""
    t, formats = use_text(), use_format()
    seen, see = ft.use_state(opened)
    words = pathway.texts.stages[stage.stage.id]
    rows = rows_of(stage)
    lines: list[ft.Control] = [heading(words.title, 3), text(words.summary, "muted")]
    if journey is not None:
        done = sum(row.settled == row.turns for row in rows)
        count = [text(t("pathways.settled", n=done, total=len(rows)), "small")] if done else []
        lines.append(row([_standing(stage.standing), *count]))
    if journey is not None and stage.since and stage.until:
        since, until = formats.date(stage.since), formats.date(stage.until)
        lines.append(text(t("pathways.days", since=since, until=until), "small"))
    today = stores.pathways.today()

    def draw(one: Row) -> ft.Control:
        return keyed(one.turn.step, _step_row(pathway, journey, one, today))

    shown = [Many(tuple(rows), draw, key="steps")] if seen else []
    label = t("pathways.hide_steps") if seen else t("pathways.show_steps", n=len(rows))
    fold = disclosure(f"pathway.stage.{stage.stage.id}", label, seen, lambda: see(not seen), shown)
    edge = "primary" if stage.standing is Standing.NOW and journey is not None else "outline_soft"
    return panel(stack([*lines, fold], gap="s"), edge=edge)


def _standing(standing: Standing) -> ft.Control:
    kind, mark = {
        Standing.DONE: ("success", ft.Icons.CHECK_CIRCLE_OUTLINE),
        Standing.NOW: ("info", ft.Icons.PLAY_ARROW),
        Standing.NEXT: ("neutral", ft.Icons.SCHEDULE),
    }[standing]
    return badge(kind, use_text()(f"pathways.standing.{standing.value}"), mark)


_FIRST = (
    State.NOW,
    State.COMING,
    State.ANY,
    State.NEXT,
    State.WAITING,
    State.PASSED,
    State.DONE,
    State.SKIPPED,
)


def rows_of(stage: StageProgress) -> list[Row]:
    """One row a step, however often it repeats: the turn of now, else the next, else the last."""
    by_step: dict[str, list[tuple[Turn, State]]] = {}
    for turn, state in stage.turns:
        by_step.setdefault(turn.step, []).append((turn, state))
    return [_row(turns) for turns in by_step.values()]


def _row(turns: list[tuple[Turn, State]]) -> Row:
    def rank(one: tuple[Turn, State]) -> int:
        return _FIRST.index(one[1])

    turn, state = min(turns, key=rank)
    if state in (State.PASSED, State.DONE, State.SKIPPED):
        turn, state = turns[-1]
    settled = sum(one in (State.DONE, State.SKIPPED) for _, one in turns)
    return Row(turn, state, settled, len(turns))


def _step_row(pathway: Pathway, journey: Journey | None, one: Row, today: date) -> ft.Control:
    t = use_text()
    times = t("pathways.times", n=one.settled, total=one.turns) if one.turns > 1 else ""
    if journey is None:
        return step_card(
            pathway, one.turn, None, today, t("pathways.times_in_all", n=one.turns) if times else ""
        )
    return step_card(pathway, one.turn, one.state, today, times)
