"""How entries of a person's records are said: name, when, value, and status as a word, an icon and a colour."""

from datetime import date, datetime
from typing import Any, NamedTuple

import flet as ft

from app.components import badge, use_format, use_text, use_ui
from app.domain.medicines import Medicine, MedicineState
from app.domain.record import Allergy, Diagnosis, Entry, Kind, Paper, Referral, Vaccination, Visit
from app.domain.results import Amount, Flag, Form, Limits, Panel, Part, Result, ResultState
from app.stores.own import Own
from app.views.parts import with_language

ICONS: dict[Kind, Any] = {
    Kind.RESULT: ft.Icons.SCIENCE_OUTLINED,
    Kind.MEDICINE: ft.Icons.MEDICATION_OUTLINED,
    Kind.VACCINATION: ft.Icons.VACCINES_OUTLINED,
    Kind.DIAGNOSIS: ft.Icons.ASSIGNMENT_OUTLINED,
    Kind.ALLERGY: ft.Icons.HEALTH_AND_SAFETY_OUTLINED,
    Kind.VISIT: ft.Icons.EVENT_NOTE_OUTLINED,
    Kind.DOCUMENT: ft.Icons.DESCRIPTION_OUTLINED,
    Kind.DECISION: ft.Icons.GAVEL_OUTLINED,
    Kind.REFERRAL: ft.Icons.ALT_ROUTE,
    Kind.OTHER: ft.Icons.FOLDER_OUTLINED,
}
FLAGS: dict[Flag, tuple[str, Any]] = {
    Flag.NORMAL: ("success", ft.Icons.CHECK),
    Flag.LOW: ("warning", ft.Icons.ARROW_DOWNWARD),
    Flag.HIGH: ("warning", ft.Icons.ARROW_UPWARD),
    Flag.CRITICAL_LOW: ("error", ft.Icons.KEYBOARD_DOUBLE_ARROW_DOWN),
    Flag.CRITICAL_HIGH: ("error", ft.Icons.KEYBOARD_DOUBLE_ARROW_UP),
    Flag.ABNORMAL: ("warning", ft.Icons.PRIORITY_HIGH),
}
STATES: dict[ResultState, tuple[str, Any]] = {
    ResultState.PRELIMINARY: ("info", ft.Icons.HOURGLASS_EMPTY),
    ResultState.PENDING: ("info", ft.Icons.HOURGLASS_EMPTY),
    ResultState.CORRECTED: ("info", ft.Icons.EDIT_OUTLINED),
    ResultState.CANCELLED: ("neutral", ft.Icons.BLOCK),
    ResultState.WRONG: ("error", ft.Icons.BLOCK),
    ResultState.WITHHELD: ("info", ft.Icons.LOCK_CLOCK_OUTLINED),
    ResultState.UNCOMMENTED: ("info", ft.Icons.VISIBILITY_OFF_OUTLINED),
}


class Status(NamedTuple):
    """Where something stands: the kind of its badge, the words and the icon."""

    kind: str
    words: str
    icon: Any = None


REFERRAL_STEPS = ("sent", "received", "assessed", "queued", "booked", "done")


def name_of(entry: Entry) -> str:
    """What an entry is called, with the language of its name when it is not the reader's."""
    t = use_text()
    if not entry.title.text:
        return t(f"record.one.{entry.kind.value}")
    return with_language(entry.title.text, entry.title.language)


def when_of(entry: Entry) -> str:
    """When it was: a day with its year, or as little as is known."""
    t, formats = use_text(), use_format()
    if entry.partial:
        return str(formats.partial(entry.partial))
    if entry.at is None:
        return t("record.no_date")
    return str(formats.date(formats.local(entry.at).date()))


def day_of(day: date | None) -> str:
    """A day, or nothing."""
    return str(use_format().date(day)) if day else ""


def amount_of(amount: Amount | None) -> str:
    """ "< 3 mg/l"."""
    if amount is None:
        return ""
    sign = {"<=": "≤ ", ">=": "≥ ", "<": "< ", ">": "> "}.get(amount.comparator, "")
    return f"{sign}{use_format().exactly(amount.value)} {amount.unit}".strip()


def value_of(part: Part) -> str:
    """What a result says: an amount, words, or each of its parts."""
    if part.amount is not None:
        return amount_of(part.amount)
    if part.text and part.form is not Form.WORDS:
        return _truth(part.text) if part.form is Form.TRUTH else _times(part.text)
    if part.text:
        return with_language(part.text, part.text_language)
    parts = part.parts if isinstance(part, Result) else ()
    told = [f"{one.name} {value_of(one)}".strip() for one in parts if one.amount or one.text]
    return ", ".join(told)


def _truth(text: str) -> str:
    return use_text()("common.yes" if text == "true" else "common.no")


def _times(text: str) -> str:
    """ "2026-11-05T08:00:00+02:00 – 2026-11" in the resident's own way; what cannot be understood stays."""
    return " – ".join(map(_time, text.split(" – "))).strip(" –")


def _time(written: str) -> str:
    formats = use_format()
    try:
        if "T" not in written:
            return str(formats.date(date.fromisoformat(written)))
        at = datetime.fromisoformat(written)
        return str(formats.whole_moment(at)) if at.tzinfo else written
    except ValueError:
        return str(formats.partial(written))


def limits_of(limits: Limits, amount: Amount | None = None) -> str:
    """ "20–42 mmol/mol", "enintään 5,0 mmol/l", in their own unit where that is not the one of ``amount``; the
    laboratory's own words where it gave some."""
    t, formats = use_text(), use_format()
    if limits.text and limits.low is None and limits.high is None:
        return limits.text
    if limits.low is not None and limits.high is not None:
        words = f"{formats.exactly(limits.low)}–{formats.exactly(limits.high)}"
    elif limits.high is not None:
        words = t("record.limits.below", value=formats.exactly(limits.high))
    elif limits.low is not None:
        words = t("record.limits.above", value=formats.exactly(limits.low))
    else:
        return ""
    own = amount is None or limits.unit not in ("", amount.code, amount.unit)
    return f"{words} {limits.unit if own or amount is None else amount.unit}".strip()


def flag_status(flag: Flag) -> Status | None:
    """How a value relates to its limits; nothing where that is not known."""
    if flag not in FLAGS:
        return None
    kind, mark = FLAGS[flag]
    return Status(kind, use_text()(f"record.flag.{flag.value}"), mark)


def state_status(state: ResultState) -> Status | None:
    """Where a result stands when that is not simply final."""
    if state not in STATES:
        return None
    kind, mark = STATES[state]
    return Status(kind, use_text()(f"record.state.{state.value}"), mark)


def result_status(result: Result) -> Status | None:
    """The one thing to know of a result in a list."""
    return state_status(result.state) or flag_status(result.flag)


def result_line(result: Result) -> str:
    """Value, or why there is none."""
    t = use_text()
    if result.state is ResultState.WITHHELD and result.release:
        return str(t("record.withheld.from", day=day_of(result.release)))
    if not result.state.shown or not result.value_known:
        return ""
    return value_of(result)


def panel_status(own: Own, panel: Panel) -> Status | None:
    """How many of a panel's results are outside of their limits."""
    t = use_text()
    results = [entry.about for entry in own.record.members(panel) if isinstance(entry.about, Result)]
    if any(not result.state.shown for result in results):
        return state_status(next(r.state for r in results if not r.state.shown))
    odd = [result for result in results if result.flag.abnormal]
    if odd:
        worst = "error" if any("critical" in r.flag.value for r in odd) else "warning"
        return Status(worst, t("record.panel.abnormal", n=len(odd)), ft.Icons.PRIORITY_HIGH)
    known = [result for result in results if result.flag is Flag.NORMAL]
    return (
        Status("success", t("record.panel.normal"), ft.Icons.CHECK)
        if known and len(known) == len(results)
        else None
    )


def medicine_status(medicine: Medicine) -> Status | None:
    """Renewal first, then whether it is still in use."""
    t = use_text()
    if medicine.renewal is not None and (
        medicine.renewal.state.open or medicine.renewal.state.value in _TOLD
    ):
        kind, mark = RENEWAL_LOOK[medicine.renewal.state.value]
        return Status(kind, t(f"record.renewal.{medicine.renewal.state.value}"), mark)
    if medicine.state is MedicineState.ENDED:
        return Status("neutral", t("record.medicine.ended"), ft.Icons.BLOCK)
    if medicine.state is MedicineState.EXPIRED:
        return Status("warning", t("record.medicine.expired"), ft.Icons.EVENT_BUSY_OUTLINED)
    if medicine.state in NOT_IN_USE:
        return Status("warning", t(f"record.medicine.{medicine.state.value}"), NOT_IN_USE[medicine.state])
    return None


NOT_IN_USE: dict[MedicineState, Any] = {
    MedicineState.PAUSED: ft.Icons.PAUSE_CIRCLE_OUTLINE,
    MedicineState.PLANNED: ft.Icons.SCHEDULE,
    MedicineState.NOT_TAKEN: ft.Icons.DO_NOT_DISTURB_ALT,
}
_TOLD = ("denied", "lapsed", "refused")
RENEWAL_LOOK: dict[str, tuple[str, Any]] = {
    "waiting": ("info", ft.Icons.SCHEDULE),
    "sending": ("info", ft.Icons.SCHEDULE),
    "refused": ("error", ft.Icons.ERROR_OUTLINE),
    "sent": ("info", ft.Icons.DONE),
    "handling": ("info", ft.Icons.HOURGLASS_EMPTY),
    "renewed": ("success", ft.Icons.CHECK_CIRCLE_OUTLINE),
    "denied": ("warning", ft.Icons.DO_NOT_DISTURB_ALT),
    "lapsed": ("warning", ft.Icons.EVENT_BUSY_OUTLINED),
    "cancelled": ("neutral", ft.Icons.BLOCK),
}


def entry_status(own: Own, entry: Entry) -> Status | None:
    """What must be known of an entry before it is opened."""
    t, about = use_text(), entry.about
    if entry.wrong:
        return Status("error", t("record.wrong"), ft.Icons.BLOCK)
    if entry.undone:
        return Status("warning", t(f"record.undone.{entry.undone}"), ft.Icons.DO_NOT_DISTURB_ALT)
    if isinstance(about, Panel):
        return panel_status(own, about)
    if isinstance(about, Result):
        return result_status(about)
    if isinstance(about, Medicine):
        return medicine_status(about)
    if isinstance(about, Vaccination) and not about.given:
        return Status("warning", t("record.vaccination.not_given"), ft.Icons.DO_NOT_DISTURB_ALT)
    if isinstance(about, Diagnosis):
        return _diagnosis_status(about)
    if isinstance(about, Allergy):
        return _allergy_status(about)
    if isinstance(about, Referral):
        return _referral_status(about)
    if isinstance(about, Paper):
        return _paper_status(about)
    return None


def _diagnosis_status(about: Diagnosis) -> Status | None:
    t = use_text()
    if about.refuted:
        return Status("neutral", t("record.diagnosis.refuted"), ft.Icons.BLOCK)
    if not about.active:
        return Status("neutral", t("record.diagnosis.ended"), ft.Icons.HISTORY)
    return None if about.sure else Status("info", t("record.diagnosis.unsure"), ft.Icons.HELP_OUTLINE)


def _allergy_status(about: Allergy) -> Status | None:
    t = use_text()
    if about.refuted:
        return Status("neutral", t("record.diagnosis.refuted"), ft.Icons.BLOCK)
    if not about.active:
        return Status("neutral", t("record.allergy.ended"), ft.Icons.HISTORY)
    if about.severe:
        return Status("error", t("record.allergy.severe"), ft.Icons.WARNING_AMBER_ROUNDED)
    return None if about.sure else Status("info", t("record.diagnosis.unsure"), ft.Icons.HELP_OUTLINE)


def _paper_status(about: Paper) -> Status | None:
    t = use_text()
    if about.appeal_by is None:
        return None
    today = use_format().local(use_ui().now()).date()
    if about.appeal_by < today:
        return Status("neutral", t("record.decision.final"), ft.Icons.EVENT_BUSY_OUTLINED)
    return Status(
        "warning", t("record.decision.appeal_by", day=day_of(about.appeal_by)), ft.Icons.EVENT_OUTLINED
    )


def _referral_status(about: Referral) -> Status | None:
    t = use_text()
    today = use_format().local(use_ui().now()).date()
    if about.cancelled:
        return Status("neutral", t("record.referral.cancelled"), ft.Icons.BLOCK)
    if about.due and about.due < today and not about.over:
        return Status("error", t("record.referral.late"), ft.Icons.PRIORITY_HIGH)
    code = "done" if about.over else about.steps[-1].code if about.steps else ""
    if code not in REFERRAL_STEPS:
        return None
    return Status("success" if code == "done" else "info", t(f"record.step.{code}"))


def entry_value(entry: Entry) -> str:
    """What a result says, for a list."""
    return result_line(entry.about) if isinstance(entry.about, Result) else ""


def entry_lines(entry: Entry, with_kind: bool = False) -> list[str]:
    """The lines below an entry's name and value in a list."""
    t, about = use_text(), entry.about
    kind = t(f"record.one.{entry.kind.value}") if with_kind and entry.title.text else ""
    told = [_first_line(entry, about)]
    place = " · ".join(part for part in (kind, when_of(entry), entry.unit or entry.who) if part)
    return [one for one in (*told, place) if one]


def _first_line(entry: Entry, about: Any) -> str:
    if isinstance(about, Medicine):
        return with_language(about.dose, about.dose_language)
    if isinstance(about, Vaccination):
        return ", ".join(with_language(one.text, one.language) for one in about.against)
    if isinstance(about, Visit):
        return ", ".join(with_language(one.text, one.language) for one in about.reasons)
    if isinstance(about, Allergy):
        return ", ".join(with_language(one.text, one.language) for one in about.reactions)
    return about.about if isinstance(about, Paper) else ""


def _badge(status: Status | None) -> ft.Control | None:
    return badge(status.kind, status.words, status.icon) if status else None


def flag_badge(flag: Flag) -> ft.Control | None:
    """How a value relates to its limits, as a word with an icon and a colour; nothing where that is not known."""
    return _badge(flag_status(flag))


def state_badge(state: ResultState) -> ft.Control | None:
    """Where a result stands when that is not simply final."""
    return _badge(state_status(state))


def medicine_badge(medicine: Medicine) -> ft.Control | None:
    """Renewal first, then whether it is still in use."""
    return _badge(medicine_status(medicine))


def entry_badge(own: Own, entry: Entry) -> ft.Control | None:
    """What must be known of an entry before it is opened."""
    return _badge(entry_status(own, entry))
