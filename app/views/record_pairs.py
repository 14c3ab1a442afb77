"""What is known of an entry beside its name, as names and values: for its page, and for the readable copy."""

from collections.abc import Iterable

from app.components import use_format, use_text
from app.domain.medicines import Medicine, MedicineState
from app.domain.record import Allergy, Diagnosis, Entry, Paper, Referral, Term, Vaccination, Visit
from app.domain.results import Result
from app.views.parts import with_language
from app.views.record_words import REFERRAL_STEPS, day_of, limits_of, value_of, when_of

Pairs = list[tuple[str, str]]


def terms(found: Iterable[Term]) -> str:
    """Words for coded things, each with its language when it is not the reader's."""
    return ", ".join(with_language(one.text, one.language) for one in found)


def medicine_pairs(entry: Entry, about: Medicine) -> Pairs:
    """What it is for, how it is taken, by whom, how much is left and until when."""
    t = use_text()
    kind = "" if about.prescription else t("record.medicine.stated")
    left = t("record.medicine.left_of", left=about.left, quantity=about.quantity)
    return [
        (t("record.medicine.purpose"), with_language(about.purpose, about.purpose_language)),
        (
            t("record.medicine.dose"),
            t("record.medicine.untold") if about.untold else with_language(about.dose, about.dose_language),
        ),
        (t("record.medicine.prescriber"), entry.who or about.prescriber),
        (t("record.medicine.left"), left if about.left and about.quantity else about.left),
        (t("record.medicine.valid_to"), day_of(about.valid_to)),
        (t("record.medicine.written"), when_of(entry)),
        (t("record.medicine.kind"), kind),
        (t("record.medicine.why_ended"), about.why_ended if about.state is MedicineState.ENDED else ""),
    ]


def vaccination_pairs(about: Vaccination) -> Pairs:
    """Against what, which dose and lot, where, and why not."""
    t = use_text()
    return [
        (t("record.vaccination.against"), terms(about.against)),
        (t("record.vaccination.dose"), about.dose),
        (t("record.vaccination.lot"), about.lot),
        (t("record.vaccination.site"), terms([about.site])),
        (t("record.vaccination.why_not"), about.why_not),
    ]


def diagnosis_pairs(entry: Entry, about: Diagnosis) -> Pairs:
    """Its code, until when, how severe."""
    t = use_text()
    return [
        (t("record.diagnosis.code"), entry.title.code if entry.title.code != entry.title.text else ""),
        (t("record.diagnosis.until"), day_of(about.ended)),
        (t("record.diagnosis.severity"), terms([about.severity])),
    ]


def allergy_pairs(about: Allergy) -> Pairs:
    """Against what kind of thing, and what it does."""
    t = use_text()
    group = about.group if about.group in ("medication", "food", "environment", "biologic") else "risk"
    return [
        (t("record.allergy.group"), t(f"record.allergy.group.{group}")),
        (t("record.allergy.reaction"), terms(about.reactions)),
    ]


def referral_pairs(about: Referral) -> Pairs:
    """To whom and why."""
    t = use_text()
    return [(t("record.referral.to"), about.to), (t("record.referral.reason"), terms(about.reasons))]


def lines_of(entry: Entry) -> list[str]:
    """Everything that is known of an entry as lines of a text; results taken together and notes of a visit apart."""
    return [f"{name}: {value}" if name else value for name, value in _pairs(entry) if value]


def _pairs(entry: Entry) -> Pairs:
    about = entry.about
    if isinstance(about, Medicine):
        return [*medicine_pairs(entry, about), *_place(entry)]
    if isinstance(about, Vaccination):
        return [*vaccination_pairs(about), *_when(entry)]
    if isinstance(about, Diagnosis):
        return [*diagnosis_pairs(entry, about), *_note(about.note), *_when(entry)]
    if isinstance(about, Allergy):
        return [*allergy_pairs(about), *_note(about.note), *_when(entry)]
    if isinstance(about, Visit):
        return [(use_text()("record.visit.reason"), terms(about.reasons)), *_when(entry)]
    if isinstance(about, Referral):
        return [*referral_pairs(about), *_steps(about), *_when(entry)]
    if isinstance(about, Result):
        return [*_result(about), *_when(entry)]
    return [*(_paper(about) if isinstance(about, Paper) else []), *_when(entry)]


def _when(entry: Entry) -> Pairs:
    return [(use_text()("record.when"), when_of(entry)), *_place(entry)]


def _place(entry: Entry) -> Pairs:
    t = use_text()
    by = "" if isinstance(entry.about, Medicine) else entry.who
    return [(t("record.unit"), entry.unit), (t("record.who"), by)]


def _note(words: str) -> Pairs:
    return [(use_text()("record.result.notes"), words)]


def _result(about: Result) -> Pairs:
    """A value with its limits, and what was written of it; nothing of what is not shown yet."""
    t = use_text()
    if not about.state.shown:
        day = day_of(about.release)
        return [("", t("record.withheld.from", day=day) if day else "")]
    value, limits = value_of(about), limits_of(about.limits, about.amount)
    usual = f" ({t('record.limits', limits=limits)})" if limits and value else ""
    return [(t("record.trend.value"), f"{value or '–'}{usual}"), *_note("\n".join(about.notes))]


def _paper(about: Paper) -> Pairs:
    t = use_text()
    names = ", ".join(one.name for one in (about, *about.more) if one.name)
    until = t("record.appeal.until", day=day_of(about.appeal_by)) if about.appeal_by else ""
    return [
        (t("record.paper.text"), "\n".join(part for part in (about.about, about.text) if part)),
        (t("record.paper.file"), names),
        ("", until),
    ]


def _steps(about: Referral) -> Pairs:
    t, formats = use_text(), use_format()
    taken = [
        (t(f"record.step.{one.code}"), formats.date(formats.local(one.at).date()) if one.at else "")
        for one in about.steps
        if one.code in REFERRAL_STEPS
    ]
    until = t("record.referral.due", day=day_of(about.due)) if about.due and not about.over else ""
    return [*taken, ("", until)]
