"""One step: what to read, do, answer, measure, say, book, ask, watch or hear (rows G2, G4, G5)."""

import flet as ft

from app.components import (
    Screen,
    badge,
    button,
    checkbox,
    component,
    link_button,
    notice,
    row,
    section,
    stack,
    text,
    use_format,
    use_text,
)
from app.domain.services import Channel
from app.pathways.journey import Entry, Journey, marks_of, plan_of
from app.pathways.library import Pathway
from app.pathways.model import Kind, Step
from app.pathways.planner import Turn
from app.pathways.progress import State, state_of
from app.platform.window import go, here
from app.stores.base import Resource
from app.stores.journeys import Journeys
from app.stores.measurements import Readings
from app.stores.stores import Stores
from app.views.pathway_entries import Measurement, Notes, Questions
from app.views.pathway_parts import (
    KINDS,
    chart,
    confirm_marks,
    days_of,
    help_sections,
    picture,
    prose,
    state_badge,
)
from app.views.pathway_reminders import StepReminder
from app.views.pathway_sent import address_for, is_done, sent_notice
from app.views.pathway_team import start_message
from app.views.promises import promise_before
from app.views.support import missing, told


@component
def StepScreen(stores: Stores, id: str, key: str) -> ft.Control:
    """``/pathways/<id>/step/<key>``."""
    journeys, own = stores.pathways.journeys, stores.session.own
    if own is not None:
        own.measurements.look()
    readings = own.measurements.readings if own is not None else None
    return StepPage(
        stores, journeys, journeys.all, stores.pathways.all, stores.services.all, readings, id, key
    )


@component
def StepPage(
    stores: Stores,
    journeys: Journeys,
    own: Resource[tuple[Journey, ...]],
    pathways: Resource[tuple[Pathway, ...]],
    services: Resource[object],
    readings: Resource[Readings] | None,
    id: str,
    key: str,
) -> ft.Control:
    """Everything about one turn of a step, and a way on."""
    t = use_text()
    pathway = stores.pathways.get(id)
    step = _step(pathway, key)
    if pathway is None or step is None:
        words = missing(t("errors.not_found.what"))
        return Screen("pathway.step-screen", t("pathways.title"), words, back=f"/pathways/{id}")
    journey = journeys.on(id)
    going = journey if journey is not None and journey.state == "active" else None
    return Screen(
        "pathway.step-screen",
        pathway.texts.steps[step.id].title,
        [
            *_where(stores, pathway, going, step, key),
            *_content(stores, pathway, step),
            *_doing(stores, pathway, journeys, going, step, key, readings),
            *(_finish(stores, pathway, journeys, going, step, key) if going else [_look_only(pathway)]),
            *([StepReminder(pathway, journeys, going, step, key="remind")] if going else []),
            *help_sections(stores, pathway),
        ],
        back=f"/pathways/{id}",
    )


def _step(pathway: Pathway | None, key: str) -> Step | None:
    wanted = key.partition("@")[0].partition("~")[0]
    steps = pathway.structure.steps if pathway else ()
    return next((step for step in steps if step.id == wanted), None)


def _turn(pathway: Pathway, journey: Journey, key: str) -> Turn | None:
    return plan_of(pathway.structure, journey).by_key().get(key)


def _where(
    stores: Stores, pathway: Pathway, journey: Journey | None, step: Step, key: str
) -> list[ft.Control]:
    """The pathway it belongs to, its days and how it stands."""
    t, today = use_text(), stores.pathways.today()
    kind = badge("neutral", t(f"pathways.kind.{step.kind.value}"), KINDS[step.kind])
    turn = _turn(pathway, journey, key) if journey else None
    if turn is None or journey is None:
        return [row([text(pathway.texts.title, "muted"), kind])]
    state = state_of(turn, marks_of(journey), today)
    days = days_of(turn, today) if state is not State.WAITING else ""  # the badge says that
    passed = [text(t("pathways.passed_hint"), "small")] if state is State.PASSED else []
    anchor = pathway.texts.anchors.get(turn.waits) if state is State.WAITING else None
    passed += [text(t("pathways.waiting_hint", date=anchor.label), "small")] if anchor else []
    line = row([state_badge(state), kind])
    return [
        stack(
            [text(pathway.texts.title, "muted"), line, *([text(days, "strong")] if days else []), *passed],
            gap="xs",
        )
    ]


def _content(stores: Stores, pathway: Pathway, step: Step) -> list[ft.Control]:
    words = pathway.texts.steps[step.id]
    drawn = [picture(pathway, name, words.pictures.get(name)) for name in step.pictures]
    charts = [
        chart(made, words.pictures[name]) for name, made in step.charts.items() if name in words.pictures
    ]
    return [
        *drawn,
        stack(prose(words.text)),
        *charts,
        *confirm_marks(stores, pathway, step.id, step.confirm),
    ]


def _look_only(pathway: Pathway) -> ft.Control:
    t = use_text()
    key = "pathways.look_only" if pathway.is_open else "pathways.look_only_locked"
    back = button(
        "pathway.to-start", t("pathways.to_start"), lambda: go(f"/pathways/{pathway.id}"), "secondary"
    )
    return notice("info", t(key), actions=[back], live=False, id="pathway.look-only")


# --- doing it ------------------------------------------------------------------------------------------------------


def _doing(
    stores: Stores,
    pathway: Pathway,
    journeys: Journeys,
    journey: Journey | None,
    step: Step,
    key: str,
    readings: Resource[Readings] | None,
) -> list[ft.Control]:
    """What this kind of step needs, and notes of one's own."""
    match step.kind:
        case Kind.FORM:
            made = [_form_or_why_not(stores, pathway, journey, step, key)]
        case Kind.MEASURE if journey is not None:
            made = [Measurement(stores, pathway, journeys, journey, step, readings, key=step.id)]
        case Kind.MESSAGE:
            made = [
                _needs_sign_in(stores)
                if stores.pathways.is_guest
                else _message(stores, pathway, journey, step)
            ]
        case Kind.BOOK:
            made = [
                _needs_sign_in(stores)
                if stores.pathways.is_guest
                else _book(stores, pathway, journey, step, key)
            ]
        case Kind.ASK:
            made = [Questions(stores, pathway, journeys, journey, step, key=step.id)]
        case Kind.VIDEO | Kind.AUDIO:
            made = _media(pathway, step)
        case _:
            made = _checklist(pathway, journeys, journey, step)
    if journey is not None and step.kind is not Kind.ASK:
        made.append(Notes(stores, pathway, journeys, journey, step.id, key="notes"))
    return made


def _needs_sign_in(stores: Stores) -> ft.Control:
    """A guest's answers have nowhere to go: why, how, and the telephone."""
    t = use_text()
    sign_in = button(
        "pathway.sign-in",
        t("welcome.sign_in"),
        lambda: stores.session.sign_in.run(here()),
        icon=ft.Icons.LOGIN,
    )
    return notice(
        "info", t("pathways.sign_in"), [t("pathways.sign_in_hint")], [sign_in], live=False, id="pathway.guest"
    )


def _form_or_why_not(
    stores: Stores, pathway: Pathway, journey: Journey | None, step: Step, key: str
) -> ft.Control:
    """The form where the county has forms or a professional has sent this one; else what to do instead."""
    t, own = use_text(), stores.session.own
    if not stores.region.has("forms") and not (own and own.forms.is_asked(step.form or "")):
        hint = [t("pathways.form_off_hint")]
        return notice("info", t("pathways.form_off"), hint, live=False, id="pathway.form-off")
    return _needs_sign_in(stores) if own is None else _form(pathway, journey, step, key)


def _form(pathway: Pathway, journey: Journey | None, step: Step, key: str) -> ft.Control:
    plan = journey.id if journey else ""
    address = address_for(f"/forms/fill/{step.form}", plan, key, f"back=/pathways/{pathway.id}")
    return button("pathway.form", use_text()("pathways.form"), lambda: go(address), icon=ft.Icons.EDIT_NOTE)


def _service(stores: Stores, pathway: Pathway, step: Step) -> str:
    """The county's id of the service that this step turns to."""
    wanted = step.book.service if step.book and step.book.service else None
    contacts = pathway.structure.contacts
    contact = next((one for one in contacts if one.id == step.contact), contacts[0])
    return stores.region.pathways.service(wanted or contact.service)


def _message(stores: Stores, pathway: Pathway, journey: Journey | None, step: Step) -> ft.Control:
    t, id, words = use_text(), _service(stores, pathway, step), pathway.texts.steps[step.id]
    service = stores.services.service(id)
    press = button(
        "pathway.message",
        t("pathways.message"),
        lambda: start_message(t, stores, pathway, journey, id, words.title, words.message),
        icon=ft.Icons.EDIT_OUTLINED,
    )
    promise = [promise_before(stores.services, service)] if service is not None else []
    return stack([press, *promise], gap="s")


def _book(stores: Stores, pathway: Pathway, journey: Journey | None, step: Step, key: str) -> ft.Control:
    """To the booking where the county has it, else to the service, which says how an appointment is made."""
    t = use_text()
    id = _service(stores, pathway, step)
    service = stores.services.service(id)
    gives_times = service is None or Channel.APPOINTMENT in service.channels
    booking = stores.region.has("appointments") and gives_times
    plan = journey.id if journey else ""
    address = address_for(f"/appointments/find/{id}", plan, key) if booking else f"/services/{id}"
    label = t("pathways.book") if booking else t("pathways.book_service")
    return button("pathway.book", label, lambda: go(address), icon=ft.Icons.EVENT_OUTLINED)


def _media(pathway: Pathway, step: Step) -> list[ft.Control]:
    t, words, media = use_text(), pathway.texts.steps[step.id], step.media
    made: list[ft.Control] = []
    if media is not None and media.url:
        label = t(f"pathways.play.{step.kind.value}", n=media.minutes)
        made.append(link_button("pathway.play", label, media.url, ft.Icons.PLAY_CIRCLE_OUTLINE, "secondary"))
    elif media is not None:
        made.append(told(ft.Icons.INFO_OUTLINE, text(t("pathways.no_recording"), "muted")))
    return [*made, section(t("pathways.transcript"), prose(words.transcript, 3), id="pathway.transcript")]


def _checklist(pathway: Pathway, journeys: Journeys, journey: Journey | None, step: Step) -> list[ft.Control]:
    """Things to tick; each is an entry, so that it is there the next time. Before it is begun, only to read."""
    t, things = use_text(), pathway.texts.steps[step.id].checklist
    if not things:
        return []
    if journey is None:
        return [section(t("pathways.checklist"), prose([f"- {one}" for one in things]))]
    ticks = {one.value: one for one in journey.entries if one.step == step.id and one.kind == "tick"}
    boxes = [
        _tick(journeys, journey, step.id, place, one, ticks.get(float(place)))
        for place, one in enumerate(things)
    ]
    return [section(t("pathways.checklist"), [stack(boxes, gap="s")])]


def _tick(
    journeys: Journeys, journey: Journey, step: str, place: int, words: str, ticked: Entry | None
) -> ft.Control:
    def change(on: bool) -> None:
        if on and ticked is None:
            journeys.write(journey, step, "tick", words, float(place))
        elif not on and ticked is not None:
            journeys.remove(journey, ticked)

    return checkbox(f"pathway.tick.{place}", words, ticked is not None, change)


# --- being done with it --------------------------------------------------------------------------------------------


def _finish(
    stores: Stores, pathway: Pathway, journeys: Journeys, journey: Journey, step: Step, key: str
) -> list[ft.Control]:
    """Done, or left out without a reason; what has been gained; and what comes after it."""
    t, formats = use_text(), use_format()
    turn, mark = _turn(pathway, journey, key), journey.marks.get(key)
    outcome = told(ft.Icons.FLAG_OUTLINED, text(pathway.texts.steps[step.id].outcome))
    if journeys.problem is not None:
        lost = notice("error", t("pathways.not_kept"), [t("pathways.not_kept_hint")], id="pathway.not-kept")
        return [lost, outcome]
    if turn is None:
        return [outcome]
    sent = sent_notice(stores, journey, key)
    if mark is None and is_done(journey, key):
        return [outcome, *sent]
    if mark is None:
        ways = [
            button(
                "pathway.done",
                t("pathways.done"),
                lambda: journeys.set_mark(journey, turn, State.DONE),
                icon=ft.Icons.CHECK,
            ),
            button(
                "pathway.skip",
                t("pathways.skip"),
                lambda: journeys.set_mark(journey, turn, State.SKIPPED),
                "quiet",
            ),
        ]
        return [outcome, *sent, row(ways)]
    words = t(f"pathways.marked.{mark.state}", day=formats.day(formats.local(mark.at).date()))
    ways = [
        button("pathway.undo", t("pathways.undo"), lambda: journeys.set_mark(journey, turn, None), "quiet"),
        button("pathway.next", t("pathways.onward"), lambda: go(f"/pathways/{pathway.id}"), "secondary"),
    ]
    kind = "success" if mark.state == "done" else "info"
    return [outcome, *sent, notice(kind, words, actions=ways, id="pathway.marked")]
