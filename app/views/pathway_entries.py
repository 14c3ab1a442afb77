"""What a resident writes at a step: measurements, notes, questions (rows G4, G7)."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

import flet as ft

from app.components import (
    button,
    component,
    icon_button,
    notice,
    row,
    section,
    stack,
    text,
    text_field,
    use_format,
    use_text,
    use_ui,
)
from app.components.layout import panel
from app.domain.measurements import Reading, valid
from app.domain.numbers import written
from app.pathways.journey import Entry, Journey
from app.pathways.library import Pathway
from app.pathways.measuring import SCALES, home_kind, limit_met, problem_of
from app.pathways.model import Readers, Step
from app.platform.window import go
from app.stores.base import Resource
from app.stores.journeys import MOST_TEXT, Journeys
from app.stores.measurements import Readings
from app.stores.stores import Stores
from app.views.pathway_parts import call_button, who_sees
from app.views.pathway_team import start_message
from app.views.support import keyed, shortened, told

SHOWN = 5
DOUBTS = {"out-of-range": "unusual", "swapped": "swapped"}
Typed = tuple[str, Callable[[str], None]]
"""What is written in a field, and what is told of each change."""


@component
def Measurement(
    stores: Stores,
    pathway: Pathway,
    journeys: Journeys,
    journey: Journey,
    step: Step,
    readings: Resource[Readings] | None,
) -> ft.Control:
    """Enter a value; what cannot well be true is asked about and never refused, as at home measurements. Out of the
    pathway's limits it gives the pathway's own instruction, never a diagnosis. ``readings``: the home measurements of
    somebody signed in."""
    assert step.measure is not None
    what = step.measure.what

    def keep(value: float | None, other: float | None) -> None:
        journeys.write(journey, step.id, "measure", "", value, other, what)

    entries = measured(journey, step, (readings.value or ()) if readings else (), use_format().timezone)
    return section(
        use_text()(f"pathways.what.{what}"),
        [
            Entering(what, keep),
            *_instructions(stores, pathway, step, entries),
            _values(stores, pathway, journeys, journey, step, entries, readings is None),
            *(_at_home(what) if readings is not None else []),
        ],
        id="pathway.measure",
    )


@component
def Entering(what: str, keep: Callable[[float | None, float | None], None]) -> ft.Control:
    """The fields of a measurement. What cannot well be true is asked about once, and again when it is changed."""
    t = use_text()
    first, set_first = ft.use_state("")
    second, set_second = ft.use_state("")
    told_of, tell = ft.use_state("")
    value, other = number(first), number(second) if SCALES[what].second else None
    problem = problem_of(what, value, other)

    def save() -> None:
        if problem and (problem == "missing" or problem != told_of):
            tell(problem)
            return
        keep(value, other)
        changed(set_first)("")
        changed(set_second)("")

    def changed(write: Callable[[str], None]) -> Callable[[str], None]:
        def change(words: str) -> None:
            write(words)
            tell("")

        return change

    asks = problem == told_of and problem not in ("", "missing")
    words = t("measurements.save_anyway" if asks else "pathways.save_value")
    fields = (first, changed(set_first)), (second, changed(set_second))
    return stack(
        [
            *_number_fields(what, problem == told_of == "missing", *fields),
            *([_doubted(what, problem, value, other)] if asks else []),
            row([button("pathway.measure.save", words, save, "secondary", ft.Icons.ADD)]),
        ]
    )


def _doubted(what: str, problem: str, value: float | None, other: float | None) -> ft.Control:
    """It asks, and says what would be kept; the resident decides."""
    t, formats = use_text(), use_format()
    numbers = "/".join(formats.number(one) for one in (value, other) if one is not None)
    title = t("measurements.doubt.title", value=f"{numbers} {t(f'pathways.unit.{what}')}")
    lines = [t(f"measurements.doubt.{DOUBTS[problem]}"), t("measurements.doubt.urgent")]
    return notice("warning", title, lines, id="pathway.measure.doubt")


def _number_fields(what: str, missing: bool, first: Typed, second: Typed) -> list[ft.Control]:
    """One field, or an upper and a lower one; ``missing``: what was written is no number."""
    t, scale = use_text(), SCALES[what]
    name, unit = t(f"pathways.what.{what}"), t(f"pathways.unit.{what}")
    error = t("pathways.measure.missing") if missing else ""
    label = f"{name}: {t('pathways.upper')}" if scale.second else name
    upper = text_field("pathway.measure.value", label, *first, description=unit, error=error)
    if not scale.second:
        return [upper]
    lower = f"{name}: {t('pathways.lower')}"
    return [upper, text_field("pathway.measure.second", lower, *second, description=unit)]


def measured(journey: Journey, step: Step, readings: Readings, timezone: str) -> list[Entry]:
    """What was measured, oldest first: the step's own entries, and home measurements since the pathway began,
    wherever they were written down."""
    assert step.measure is not None
    kind = home_kind(step.measure.what)
    own = [one for one in journey.entries if one.step == step.id and one.kind == "measure"]
    known = {one.id for one in own}
    counted = valid(readings, kind) if kind is not None else ()
    home = [
        _as_entry(one, step.id) for one in counted if one.id not in known and _within(journey, one, timezone)
    ]
    return sorted([*own, *home], key=lambda one: one.at)


def _within(journey: Journey, reading: Reading, timezone: str) -> bool:
    day = reading.at.astimezone(ZoneInfo(timezone)).date()
    return journey.started is None or day >= journey.started


def _as_entry(reading: Reading, step: str) -> Entry:
    value, second = (*(float(one) for one in reading.values), None)[:2]
    return Entry(id=reading.id, step=step, at=reading.at, kind="measure", value=value, second=second)


def _at_home(what: str) -> list[ft.Control]:
    """That these are the resident's home measurements, who may see them, and where they can be changed."""
    t, kind = use_text(), home_kind(what)
    if kind is None:
        return []
    press = button(
        "pathway.measure.all",
        t("pathways.measure.all"),
        lambda: go(f"/measurements/{kind.value}"),
        "quiet",
        ft.Icons.SHOW_CHART,
    )
    return [told(ft.Icons.HOME_OUTLINED, text(t("pathways.measure.home"), "small")), row([press])]


def number(words: str) -> float | None:
    """A number as people write it; None when it is not one."""
    made = written(words)
    return None if made is None else float(made)


def _instructions(stores: Stores, pathway: Pathway, step: Step, entries: list[Entry]) -> list[ft.Control]:
    """What the pathway says of the last value, and whom to call."""
    if not entries or entries[-1].value is None or step.measure is None:
        return []
    last = entries[-1]
    limit = limit_met(step.measure, last.value or 0, last.second)
    if limit is None:
        return []
    words = pathway.texts.steps[step.id].limits[limit.id]
    call = call_button(stores, pathway, limit.call or "", id=f"pathway.limit.{limit.id}")
    title = use_text()("pathways.instruction")
    return [notice("warning", title, [words], [call] if call else [], id="pathway.instruction")]


def _values(
    stores: Stores,
    pathway: Pathway,
    journeys: Journeys,
    journey: Journey,
    step: Step,
    entries: list[Entry],
    is_guest: bool,
) -> ft.Control:
    """The last values, newest first, and who sees them."""
    t = use_text()
    assert step.measure is not None
    unit = t(f"pathways.unit.{step.measure.what}")
    made = [
        keyed(one.id, _entry(journeys, journey, one, f"{shown_value(one)} {unit}", one in journey.entries))
        for one in reversed(entries[-SHOWN:])
    ]
    rest = [text(t("pathways.older", n=len(entries) - SHOWN), "small")] if len(entries) > SHOWN else []
    at_home = home_kind(step.measure.what) is not None and not is_guest
    seen = told(ft.Icons.VISIBILITY_OUTLINED, text(who_sees(stores, pathway), "small"))
    private = (
        at_home and pathway.structure.readers is Readers.SELF
    )  # not so: professionals may see them at home
    return stack([*made, *rest, *([] if private else [seen])], gap="s")


def shown_value(entry: Entry) -> str:
    """A value, or two, in the resident's language."""
    formats = use_format()
    parts = [formats.number(one) for one in (entry.value, entry.second) if one is not None]
    return "/".join(parts)


def _entry(
    journeys: Journeys, journey: Journey, entry: Entry, words: str, may_remove: bool = True
) -> ft.Control:
    t, formats = use_text(), use_format()
    when = text(formats.moment(entry.at, use_ui().now()), "small")
    line: list[ft.Control] = [ft.Container(stack([text(words), when], gap="xs"), expand=True)]
    if may_remove and not journey.by_team:  # what the team has got is part of its records
        gone = icon_button(
            "pathway.entry.remove",
            ft.Icons.DELETE_OUTLINE,
            t("pathways.remove", words=shortened(words)),
            lambda: journeys.remove(journey, entry),
        )
        line.append(gone)
    return panel(ft.Row(line), padding=8)


@component
def Notes(stores: Stores, pathway: Pathway, journeys: Journeys, journey: Journey, step: str) -> ft.Control:
    """Notes of one's own at a step."""
    t, sees = use_text(), who_sees(stores, pathway)
    save = t("pathways.save")

    def field(words: str, write: Callable[[str], None]) -> ft.Control:
        label = t("pathways.note")
        return text_field(
            "pathway.note", label, words, write, description=sees, multiline=True, max_length=MOST_TEXT
        )

    def press(do: Callable[[], None], why: str) -> ft.Control:
        return button("pathway.note.save", save, do, "secondary", disabled_because=why)

    written = Written(pathway, journeys, journey, step, "note", field, press, key=step)
    return section(t("pathways.notes"), [written], id="pathway.notes")


@component
def Written(
    pathway: Pathway,
    journeys: Journeys,
    journey: Journey,
    step: str,
    kind: str,
    field: Callable[[str, Callable[[str], None]], ft.Control],
    save_button: Callable[[Callable[[], None], str], ft.Control],
) -> ft.Control:
    """What was written so far, and a field for more. ``field`` and ``save_button`` draw these two."""
    t = use_text()
    words, write = ft.use_state("")

    def save() -> None:
        if words.strip():
            journeys.write(journey, step, kind, words.strip())
            write("")

    entries = [one for one in journey.entries if one.step == step and one.kind == kind]
    made = [keyed(one.id, _entry(journeys, journey, one, one.text)) for one in entries]
    why = "" if words.strip() else t("pathways.write_first")
    return stack([*made, field(words, write), row([save_button(save, why)])])


@component
def Questions(
    stores: Stores, pathway: Pathway, journeys: Journeys, journey: Journey | None, step: Step
) -> ft.Control:
    """What to ask: ready questions, one's own, and sending them to the team."""
    t, words = use_text(), pathway.texts.steps[step.id]
    ready = [told(ft.Icons.HELP_OUTLINE, text(one)) for one in words.questions]
    made: list[ft.Control] = [section(t("pathways.questions"), ready)]
    if journey is not None:
        made.append(_own_questions(stores, pathway, journeys, journey, step))
    if stores.session.own is not None:
        made.append(_send(stores, pathway, journey, step))
    return stack(made, gap="l")


def _own_questions(
    stores: Stores, pathway: Pathway, journeys: Journeys, journey: Journey, step: Step
) -> ft.Control:
    t, sees = use_text(), who_sees(stores, pathway)
    save = t("pathways.save")

    def field(words: str, write: Callable[[str], None]) -> ft.Control:
        label = t("pathways.question")
        return text_field(
            "pathway.question", label, words, write, description=sees, multiline=True, max_length=MOST_TEXT
        )

    def press(do: Callable[[], None], why: str) -> ft.Control:
        return button("pathway.question.save", save, do, "secondary", disabled_because=why)

    written = Written(pathway, journeys, journey, step.id, "question", field, press, key="questions")
    return section(t("pathways.own_questions"), [written], id="pathway.questions")


def _send(stores: Stores, pathway: Pathway, journey: Journey | None, step: Step) -> ft.Control:
    t = use_text()
    contact = pathway.structure.contacts[0]
    contact = next((one for one in pathway.structure.contacts if one.id == step.contact), contact)
    service = stores.region.pathways.service(contact.service)
    words = pathway.texts.steps[step.id]
    mine = [one.text for one in (journey.entries if journey else ()) if one.step == step.id]

    def send() -> None:
        lines = "\n".join(f"- {one}" for one in (mine or words.questions))
        start_message(t, stores, pathway, journey, service, words.title, lines)

    return button("pathway.questions.send", t("pathways.send_questions"), send, icon=ft.Icons.EDIT_OUTLINED)
