"""One entry of a person's records, whatever its kind (rows E4 to E7, C13)."""

from collections.abc import Callable

import flet as ft

from app.components import (
    Screen,
    component,
    notice,
    section,
    stack,
    text,
    use_format,
    use_text,
    use_ui,
)
from app.components.layout import panel
from app.domain.medicines import Medicine
from app.domain.record import Allergy, Diagnosis, Entry, Kind, Note, Paper, Referral, Vaccination, Visit
from app.domain.results import Panel, Result
from app.stores.base import Resource
from app.stores.own import Own
from app.stores.record import Listing
from app.stores.stores import Stores
from app.views.ask import ask_about
from app.views.explain import Explained
from app.views.facts import AllFacts
from app.views.medicine import medicine_screen
from app.views.paper import paper_screen
from app.views.parts import line, named_language, pairs
from app.views.record_pairs import allergy_pairs, diagnosis_pairs, referral_pairs, terms, vaccination_pairs
from app.views.record_words import REFERRAL_STEPS, day_of, entry_badge, name_of, when_of
from app.views.result import panel_screen, result_screen
from app.views.support import facing, missing


@component
def EntryScreen(stores: Stores, own: Own, type: str, id: str) -> ft.Control:
    """``/record/entry/<type>/<id>``."""
    return Shown(stores, own, type, id, own.record.listing(), own.record.turn)


@component
def Shown(
    stores: Stores, own: Own, type: str, id: str, listed: Resource[Listing], turn: Resource[int]
) -> ft.Control:
    """The entry as it is now; ``turn`` changes whenever something did."""
    t = use_text()
    entry = own.record.entry(type, id)
    if entry is None:
        gone = missing(t("record.not_found"), listed)
        return Screen("record.entry", t("record.title"), gone, back="/record")
    if isinstance(entry.about, Result):
        return result_screen(stores, own, entry)
    if isinstance(entry.about, Panel):
        return panel_screen(stores, own, entry)
    if isinstance(entry.about, Medicine):
        return medicine_screen(stores, own, entry)
    if isinstance(entry.about, Paper):
        return paper_screen(stores, own, entry)
    return _plain_screen(stores, own, entry)


def _plain_screen(stores: Stores, own: Own, entry: Entry) -> ft.Control:
    mark = entry_badge(own, entry)
    drawn = _DRAW[entry.kind](entry) if entry.kind in _DRAW else []
    told = pairs(
        [
            (use_text()("record.when"), when_of(entry)),
            (use_text()("record.unit"), entry.unit),
            (use_text()("record.who"), entry.who),
        ]
    )
    # a visit is known by its day, and has much to read
    known, more = ([told], drawn) if entry.kind is Kind.VISIT else ([*drawn, told], [])
    known = [*([mark] if mark else []), *known]
    more = [*more, ask_about(stores, own, entry), AllFacts(own, entry)]
    back = "/record" if entry.kind is Kind.OTHER else f"/record/{entry.kind.value}"
    return Screen("record.entry", name_of(entry), [facing(known, more)], back=back, wide=True)


def _vaccination(entry: Entry) -> list[ft.Control]:
    assert isinstance(entry.about, Vaccination)
    return [pairs(vaccination_pairs(entry.about))]


def _diagnosis(entry: Entry) -> list[ft.Control]:
    about = entry.about
    assert isinstance(about, Diagnosis)
    shown: list[ft.Control] = [pairs(diagnosis_pairs(entry, about))]
    return [*shown, *([Explained(about.note)] if about.note else [])]


def _allergy(entry: Entry) -> list[ft.Control]:
    about = entry.about
    assert isinstance(about, Allergy)
    parts: list[ft.Control] = [pairs(allergy_pairs(about))]
    if about.severe and about.active:
        parts.insert(0, notice("warning", use_text()("record.allergy.tell"), live=False))
    return [*parts, *([Explained(about.note)] if about.note else [])]


def _visit(entry: Entry) -> list[ft.Control]:
    t, about = use_text(), entry.about
    assert isinstance(about, Visit)
    parts: list[ft.Control] = [pairs([(t("record.visit.reason"), terms(about.reasons))])]
    if about.cancelled:
        parts.append(notice("info", t("record.visit.cancelled"), live=False))
    parts += [_note(note) for note in about.notes]
    if not about.notes:
        parts.append(text(t("record.visit.no_notes"), "muted"))
    return parts


def _note(note: Note) -> ft.Control:
    """What was written, untouched, and which language it is in."""
    t = use_text()
    own = t.language.partition("_")[0]
    spoken = note.language.partition("-")[0]
    told = named_language(spoken if spoken and spoken != own else "")
    by = t("record.visit.written_by", name=note.by) if note.by else t("record.visit.written")
    hint = t("record.visit.language", language=told) if told else ""
    return section(by, [line(hint, "muted"), panel(Explained(note.text))])


def _referral(entry: Entry) -> list[ft.Control]:
    """Where it is now, what comes next, by when, and who to ask (row C13)."""
    t, formats, about = use_text(), use_format(), entry.about
    assert isinstance(about, Referral)
    parts: list[ft.Control] = [pairs(referral_pairs(about))]
    today = formats.local(use_ui().now()).date()
    if about.due and not about.over:
        late = about.due < today
        key = "record.referral.due_passed" if late else "record.referral.due"
        lines = [t("record.referral.late_next")] if late else [t("record.referral.guarantee")]
        parts.append(notice("error" if late else "info", t(key, day=day_of(about.due)), lines, live=False))
    if about.steps:
        parts.append(section(t("record.referral.progress"), [stack(_steps(about), gap="xs")]))
    if about.changed:
        parts.append(
            text(t("record.referral.changed", day=formats.date(formats.local(about.changed).date())), "small")
        )
    return parts


def _steps(about: Referral) -> list[ft.Control]:
    """Every step: those taken with their day, where it is now, and what comes next."""
    t, formats = use_text(), use_format()
    taken = {step.code: step for step in about.steps}
    here = about.steps[-1].code
    shown: list[ft.Control] = []
    passed = True
    for code in REFERRAL_STEPS:
        step = taken.get(code)
        if step is None and (
            passed and any(later in taken for later in REFERRAL_STEPS[REFERRAL_STEPS.index(code) :])
        ):
            continue  # a step that this referral did not need
        passed = step is not None
        day = formats.date(formats.local(step.at).date()) if step and step.at else ""
        key = (
            "record.at.now"
            if code == here and not about.over
            else "record.at.done"
            if step
            else "record.at.next"
        )
        shown.append(_step(code, key, day))
        if step is None:
            break
    return [*shown, *([text(t("record.referral.over"), "muted")] if about.over else [])]


def _step(code: str, key: str, day: str) -> ft.Control:
    t = use_text()
    from app.views.support import told

    marks = {
        "record.at.now": ft.Icons.RADIO_BUTTON_CHECKED,
        "record.at.done": ft.Icons.CHECK_CIRCLE_OUTLINE,
        "record.at.next": ft.Icons.RADIO_BUTTON_UNCHECKED,
    }
    name = t(f"record.step.{code}")
    return told(
        marks[key],
        text(name, "label" if key == "record.at.now" else "body"),
        text(t(key, day=day), "muted"),
    )


_DRAW: dict[Kind, Callable[[Entry], list[ft.Control]]] = {
    Kind.VACCINATION: _vaccination,
    Kind.DIAGNOSIS: _diagnosis,
    Kind.ALLERGY: _allergy,
    Kind.VISIT: _visit,
    Kind.REFERRAL: _referral,
}
