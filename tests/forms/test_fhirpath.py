"""FHIRPath as forms use it: quantities compared, well-known names, the resident's own day and time."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.forms import fhirpath
from app.forms.filling import Filling, Known
from app.forms.reading import read_form
from tests.forms.making import answers, at, form, item
from tests.forms.making import fhirpath as expression

WEIGHED: Any = {
    "resourceType": "QuestionnaireResponse",
    "item": [{"linkId": "kg", "answer": [{"valueQuantity": {"value": 72.5, "unit": "kg", "code": "kg"}}]}],
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("item.answer.value > 70 'kg'", [True]),
        ("item.answer.value <= 72500 'g'", [True]),
        ("item.answer.value < 150 '[lb_av]'", [False]),
        ("item.answer.value > 1 'm'", []),
        ("item.answer.value > {}", []),
        ("18 months >= 1 year", [True]),
        ("3 < 2", [False]),
        ("'abc'.indexOf({})", []),
        ("'abc'.replace('b', {})", []),
    ],
)
def test_less_and_more(text: str, value: list[Any]) -> None:
    """Of what can be compared; nothing of what cannot, or is not there."""
    assert [fhirpath.plain(one) for one in fhirpath.evaluate(text, WEIGHED, {}, 1.0)] == value


def filled(text: str, type: str, moment: datetime) -> Any:
    """What a calculated question of this type holds at that moment, in Finland."""
    raw = form(item("a", type, ext=[expression("calculatedExpression", text)]))
    filling = Filling(read_form(raw), Known(now=lambda: moment, zone=ZoneInfo("Europe/Helsinki")))
    filling.calculate()
    assert at(filling, "a").source == "calculated"
    return answers(filling)["a"]


@pytest.mark.parametrize(
    "name", ["sct", "loinc", "ucum", "`vs-administrative-gender`", "`ext-patient-birthTime`"]
)
def test_names_that_fhir_gives(name: str) -> None:
    """Systems, value sets and extensions by their short names."""
    assert filled(f"%{name}", "string", datetime(2026, 1, 1, tzinfo=UTC)).startswith("http")


def test_today_is_the_residents_own_day() -> None:
    """Half past midnight in Lahti is the day before in UTC; a time is told as clocks in Finland show it."""
    moment = datetime(2026, 7, 1, 21, 30, tzinfo=UTC)
    assert filled("today()", "date", moment) == "2026-07-02"
    assert filled("now()", "dateTime", moment) == "2026-07-02T00:30:00+03:00"
    assert filled("now() + 1 hour", "dateTime", moment) == "2026-07-02T01:30:00+03:00"
