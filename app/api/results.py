"""Observation and DiagnosticReport on the wire, and results (rows E1, E3). See ``nodes`` for how they are read."""

from typing import Any

from app.api.files import files_of
from app.api.nodes import (
    Node,
    codes,
    extension_of,
    node,
    nodes,
    number,
    reference_id,
    spoken,
    string,
    term,
    text_term,
)
from app.api.wire import day
from app.domain.record import Term
from app.domain.results import Amount, Flag, Form, Limits, Panel, Part, Result, ResultState, flag_of

LOINC = "http://loinc.org"
LOCAL = "urn:oid:1.2.246.537.6.3.2006"
"""The Finnish code system of laboratory examinations (Kuntaliitto): its short names are what professionals say."""
RELEASE = "https://hl7.fi/fhir/finnish-base-profiles/StructureDefinition/ReleaseDateForPatientViewing"
_STATES = {
    "final": ResultState.FINAL,
    "preliminary": ResultState.PRELIMINARY,
    "partial": ResultState.PRELIMINARY,
    "amended": ResultState.CORRECTED,
    "corrected": ResultState.CORRECTED,
    "appended": ResultState.CORRECTED,
    "cancelled": ResultState.CANCELLED,
    "entered-in-error": ResultState.WRONG,
    "registered": ResultState.PENDING,
}
_FLAGS = {
    "N": Flag.NORMAL,
    "L": Flag.LOW,
    "H": Flag.HIGH,
    "LL": Flag.CRITICAL_LOW,
    "HH": Flag.CRITICAL_HIGH,
    "LU": Flag.CRITICAL_LOW,
    "HU": Flag.CRITICAL_HIGH,
    "A": Flag.ABNORMAL,
    "AA": Flag.ABNORMAL,
    "POS": Flag.ABNORMAL,
    "DET": Flag.ABNORMAL,
    "NEG": Flag.NORMAL,
    "ND": Flag.NORMAL,
}
_PLAIN = ("valueString", "valueInteger", "valueTime", "valueDateTime", "valueBoolean")


def to_result(resource: Node, language: str) -> Result:
    """What an Observation says."""
    declared, code = string(resource, "language"), node(resource, "code")
    part = _part(resource, code, language, declared)
    shown = _state(resource)
    made = Result(
        **dict(part),
        state=shown,
        series=series_of(code),
        release=day(string(extension_of(resource, RELEASE), "valueDate")),
        notes=tuple(filter(None, (spoken(one, "text", language) for one in nodes(resource, "note")))),
        parts=tuple(_part(c, node(c, "code"), language, declared) for c in nodes(resource, "component")),
        laboratory="laboratory" in _categories(resource),
        home=any(reference_id(who, "Patient") for who in nodes(resource, "performer")),
    )
    return made if shown.shown else _bare(made)


def to_panel(resource: Node, language: str) -> Panel:
    """What a DiagnosticReport says."""
    comment = text_term(resource, "conclusion", language, string(resource, "language"))
    by = next((string(who, "display") for who in nodes(resource, "resultsInterpreter")), "")
    return Panel(
        results=tuple(filter(None, (reference_id(r, "Observation") for r in nodes(resource, "result")))),
        comment=comment.text,
        comment_language=comment.language,
        comment_by=by,
        state=_state(resource),
        category=next((code for c in nodes(resource, "category") for code in codes(c)), ""),
        files=files_of(resource),
    )


def series_of(code: Node) -> str:
    """What the same measurement at another time shares: the national code, LOINC, any code, or its words."""
    for system in (LOCAL, LOINC):
        if found := codes(code, system):
            return f"{system}|{found[0]}"
    coding = next((c for c in nodes(code, "coding") if string(c, "code")), None)
    if coding is not None:
        return f"{string(coding, 'system')}|{string(coding, 'code')}"
    return string(code, "text").casefold()


def analyte_of(resource: Node) -> str:
    """The LOINC code of what is measured, for conversions."""
    return next(iter(codes(node(resource, "code"), LOINC)), "")


def _state(resource: Node) -> ResultState:
    status = _STATES.get(string(resource, "status"), ResultState.UNKNOWN)
    held = day(string(extension_of(resource, RELEASE), "valueDate")) is not None
    masked = "masked" in codes(node(resource, "dataAbsentReason"))
    return ResultState.WITHHELD if masked or (held and status is ResultState.PENDING) else status


def _bare(result: Result) -> Result:
    """Whatever a server sent along with what is held back is not kept."""
    return result.model_copy(update={"amount": None, "text": "", "parts": (), "flag": Flag.NONE, "notes": ()})


def _categories(resource: Node) -> frozenset[str]:
    return frozenset(code for c in nodes(resource, "category") for code in codes(c)) or frozenset(
        {"laboratory"}
    )


def _part(resource: Node, code: Node, language: str, declared: str) -> Part:
    name = term(code, language, declared, LOCAL)
    amount, limits = _amount(node(resource, "valueQuantity")), _limits(resource, language)
    said, form = _said(resource, language, declared), _form(resource)
    flag = _flag(resource)
    return Part(
        name=name.text,
        name_language=name.language,
        code=name.code,
        amount=amount,
        text=said.text,
        text_language=said.language if form is Form.WORDS else "",
        form=form,
        limits=limits,
        flag=flag if flag is not Flag.NONE else flag_of(amount, limits),
    )


def _amount(quantity: Node) -> Amount | None:
    value = number(quantity, "value")
    if value is None:
        return None
    code = string(quantity, "code")
    return Amount(
        value=value,
        unit=string(quantity, "unit") or code,
        code=code,
        comparator=string(quantity, "comparator"),
    )


def _said(resource: Node, language: str, declared: str) -> Any:
    """A value that is not one number, in words."""
    if coded := node(resource, "valueCodeableConcept"):
        return term(coded, language, declared)
    whole = resource.get("valueInteger")
    if isinstance(whole, int) and not isinstance(whole, bool):
        return Term(text=_minus(str(whole)))
    for name in _PLAIN:
        if string(resource, name):
            return text_term(resource, name, language, declared)
    return text_term({"value": _other(resource)}, "value", language, language)


def _form(resource: Node) -> Form:
    """How the words of ``_said`` are to be read."""
    if (
        node(resource, "valueQuantity")
        or node(resource, "valueCodeableConcept")
        or string(resource, "valueString")
    ):
        return Form.WORDS
    if isinstance(resource.get("valueBoolean"), bool):
        return Form.TRUTH
    return Form.TIMES if resource.get("valueDateTime") or node(resource, "valuePeriod") else Form.WORDS


def _other(resource: Node) -> str:
    """Ranges, ratios and samples as they are written; a quantity without a number by its unit."""
    if span := node(resource, "valueRange"):
        return _dash(node(span, "low"), node(span, "high"))
    if ratio := node(resource, "valueRatio"):
        return f"{_written(node(ratio, 'numerator'))} : {_written(node(ratio, 'denominator'))}"
    if period := node(resource, "valuePeriod"):
        return f"{string(period, 'start')} – {string(period, 'end')}"
    if samples := node(resource, "valueSampledData"):
        return string(samples, "data")
    quantity = node(resource, "valueQuantity")
    return "" if number(quantity, "value") is not None else _written(quantity)


def _limits(resource: Node, language: str) -> Limits:
    spans = nodes(resource, "referenceRange")
    usual = [s for s in spans if "normal" in codes(node(s, "type"))] or [
        s for s in spans if not node(s, "type")
    ]
    found = usual or spans
    if not found:
        return Limits()
    if len(found) > 1 and any(one.get("appliesTo") or one.get("age") for one in found):
        return Limits()  # of several kinds of people: whose they are is not for the app to guess
    span = found[0]
    low, high = node(span, "low"), node(span, "high")
    unit = string(low, "code") or string(high, "code") or string(low, "unit") or string(high, "unit")
    return Limits(
        low=number(low, "value"),
        high=number(high, "value"),
        unit=unit,
        text=spoken(span, "text", language),
    )


def _flag(resource: Node) -> Flag:
    found = [_FLAGS.get(code) for c in nodes(resource, "interpretation") for code in codes(c)]
    return next((flag for flag in found if flag), Flag.NONE)


def _dash(low: Node, high: Node) -> str:
    return f"{_written(low)}–{_written(high)}".strip("–")


def _minus(number: str) -> str:
    """A number with a true minus."""
    return number.replace("-", "\u2212")


def _written(quantity: Node) -> str:
    parts = (string(quantity, "comparator"), _minus(string(quantity, "value")), string(quantity, "unit"))
    return " ".join(part for part in parts if part)
