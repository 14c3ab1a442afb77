"""Conditions and expressions: what is in sight, what is calculated, what follows from an answer."""

import sys
from typing import Any

import pytest

from tests.forms.making import (
    HL7,
    SDC,
    Json,
    answers,
    at,
    begin,
    choice,
    choose,
    codes,
    control,
    ext,
    fhirpath,
    form,
    item,
    shown,
    variable,
    write,
)

CODING = {"system": "urn:x", "code": "a"}
KG = {"value": 70, "unit": "kg", "code": "kg"}
HOLDS = [
    ("exists", {"answerBoolean": True}, "string", {"valueString": "x"}, True),
    ("exists", {"answerBoolean": False}, "string", {"valueString": "x"}, False),
    ("=", {"answerBoolean": True}, "boolean", {"valueBoolean": True}, True),
    ("!=", {"answerBoolean": True}, "boolean", {"valueBoolean": False}, True),
    ("=", {"answerString": "x"}, "string", {"valueString": "x"}, True),
    ("!=", {"answerString": "x"}, "string", {"valueString": "x"}, False),
    ("=", {"answerInteger": 5}, "integer", {"valueInteger": 5}, True),
    (">", {"answerInteger": 5}, "integer", {"valueInteger": 5}, False),
    (">=", {"answerInteger": 5}, "integer", {"valueInteger": 5}, True),
    ("<", {"answerDecimal": 36.6}, "decimal", {"valueDecimal": 36.5}, True),
    ("<=", {"answerDecimal": 36.6}, "decimal", {"valueDecimal": 36.7}, False),
    (">", {"answerDate": "2026-01-01"}, "date", {"valueDate": "2026-01-02"}, True),
    (">", {"answerDate": "2025"}, "date", {"valueDate": "2026-01-02"}, True),
    ("<", {"answerTime": "12:00:00"}, "time", {"valueTime": "09:00:00"}, True),
    (
        ">",
        {"answerDateTime": "2026-01-01T10:00:00Z"},
        "dateTime",
        {"valueDateTime": "2026-01-01T12:30:00+02:00"},
        True,
    ),
    ("=", {"answerCoding": CODING}, "choice", {"valueCoding": {**CODING, "display": "Eri sana"}}, True),
    ("=", {"answerCoding": CODING}, "choice", {"valueCoding": {"system": "urn:y", "code": "a"}}, False),
    ("!=", {"answerCoding": CODING}, "choice", {"valueCoding": {"system": "urn:x", "code": "b"}}, True),
    (">", {"answerQuantity": KG}, "quantity", {"valueQuantity": {"value": 71, "code": "kg"}}, True),
    (">", {"answerQuantity": KG}, "quantity", {"valueQuantity": {"value": 71, "code": "g"}}, False),
    (
        "=",
        {"answerReference": {"reference": "Patient/1"}},
        "reference",
        {"valueReference": {"reference": "Patient/1"}},
        True,
    ),
]


@pytest.mark.parametrize(("operator", "expected", "type", "answer", "holds"), HOLDS)
def test_each_operator_with_each_kind_of_answer(
    operator: str, expected: dict[str, Any], type: str, answer: dict[str, Any], holds: bool
) -> None:
    asked = [{"question": "a", "operator": operator, **expected}]
    filling = begin(form(item("a", type), item("b", enableWhen=asked)))
    assert ("b" in shown(filling)) == (operator == "exists" and expected["answerBoolean"] is False)
    filling.give(at(filling, "a"), [answer])
    assert ("b" in shown(filling)) == holds


@pytest.mark.parametrize(("behaviour", "one", "both"), [("any", True, True), ("all", False, True)])
def test_conditions_together(behaviour: str, one: bool, both: bool) -> None:
    asked = [{"question": q, "operator": "exists", "answerBoolean": True} for q in ("a", "b")]
    filling = begin(form(item("a"), item("b"), item("c", enableWhen=asked, enableBehavior=behaviour)))
    write(filling, "a", "x")
    assert ("c" in shown(filling)) == one
    write(filling, "b", "x")
    assert ("c" in shown(filling)) == both


def test_what_is_disabled_is_not_sent_and_comes_back_when_it_is_enabled_again() -> None:
    asked = [{"question": "a", "operator": "=", "answerBoolean": True}]
    filling = begin(form(item("a", "boolean"), item("g", "group", item("b"), enableWhen=asked)))
    filling.give(at(filling, "a"), [{"valueBoolean": True}])
    write(filling, "b", "salaisuus")
    filling.give(at(filling, "a"), [{"valueBoolean": False}])
    assert answers(filling) == {"a": False}
    filling.give(at(filling, "a"), [{"valueBoolean": True}])
    assert answers(filling) == {"a": True, "b": "salaisuus"}


def test_a_chain_of_conditions_closes_as_a_whole() -> None:
    def after(question: str) -> list[dict[str, Any]]:
        return [{"question": question, "operator": "=", "answerBoolean": True}]

    filling = begin(
        form(
            item("a", "boolean"),
            item("b", "boolean", enableWhen=after("a")),
            item("c", enableWhen=after("b")),
        )
    )
    filling.give(at(filling, "a"), [{"valueBoolean": True}])
    filling.give(at(filling, "b"), [{"valueBoolean": True}])
    assert shown(filling) == ["a", "b", "c"]
    filling.give(at(filling, "a"), [{"valueBoolean": False}])
    assert shown(filling) == ["a"]


def test_a_condition_looks_at_the_same_repetition() -> None:
    asked = [{"question": "a", "operator": "=", "answerBoolean": True}]
    filling = begin(form(item("g", "group", item("a", "boolean"), item("b", enableWhen=asked), repeats=True)))
    second = filling.repeat(at(filling, "g"))
    assert second is not None
    filling.give(second.children[0], [{"valueBoolean": True}])
    assert [node.visible for node in filling.tree.by_link["b"]] == [False, True]


# --- expressions ---------------------------------------------------------------------------------------------------


def test_a_calculated_value_follows_what_it_is_made_of() -> None:
    raw = form(
        item("w", "decimal"),
        item("h", "decimal"),
        item(
            "bmi",
            "decimal",
            readOnly=True,
            ext=[fhirpath("calculatedExpression", "(%w / (%h / 100).power(2)).round(1)")],
        ),
        extension=[
            variable("w", "%resource.item.where(linkId='w').answer.value"),
            variable("h", "%resource.item.where(linkId='h').answer.value"),
        ],
    )
    filling = begin(raw)
    write(filling, "w", "70")
    write(filling, "h", "175")
    assert answers(filling)["bmi"] == 22.9
    write(filling, "w", "80")
    assert answers(filling)["bmi"] == 26.1


def test_a_score_is_the_sum_of_weights() -> None:
    scored = [
        {**option, "extension": [ext("ordinalValue", valueDecimal=points)]}
        for points, option in enumerate(choice("never", "often"))
    ]
    total = fhirpath("calculatedExpression", "%resource.item.answer.weight().sum()")
    raw = form(
        *(item(f"q{n}", "choice", answerOption=scored) for n in range(3)), item("sum", "integer", ext=[total])
    )
    filling = begin(raw)
    for n in range(3):
        choose(filling, f"q{n}", "often")
    assert answers(filling)["sum"] == 3


def test_initial_values_come_from_the_launch_context_and_can_be_changed() -> None:
    launch = {
        "url": SDC + "launchContext",
        "extension": [{"url": "name", "valueCoding": {"code": "patient"}}],
    }
    raw = form(
        item("n", ext=[fhirpath("initialExpression", "%patient.name.first().given.first()")]),
        extension=[launch],
    )
    filling = begin(raw, launch={"patient": {"resourceType": "Patient", "name": [{"given": ["Aino"]}]}})
    assert answers(filling) == {"n": "Aino"}
    assert at(filling, "n").source == "patient"
    write(filling, "n", "Aini")
    assert answers(filling) == {"n": "Aini"}
    assert begin(raw).notes == ()


def test_the_last_measurement_is_known() -> None:
    code = {"system": "http://loinc.org", "code": "29463-7"}
    period = ext(SDC + "observationLinkPeriod", valueDuration={"value": 1, "code": "a"})
    weights = tuple(
        {
            "resourceType": "Observation",
            "code": {"coding": [code]},
            "effectiveDateTime": day,
            "valueQuantity": {"value": kg},
        }
        for day, kg in (("2026-05-01", 80), ("2026-10-01", 78), ("2024-01-01", 60))
    )
    filling = begin(form(item("w", "decimal", code=[code], ext=[period])), observations=weights)
    assert answers(filling) == {"w": 78}
    assert at(filling, "w").source == "observation"


def test_enable_when_expression_and_text_that_is_calculated() -> None:
    raw = form(
        item("age", "integer"),
        item(
            "adult",
            ext=[fhirpath("enableWhenExpression", "%resource.item.where(linkId='age').answer.value >= 18")],
        ),
        item(
            "hello",
            "display",
            _text={"extension": [fhirpath(ext("cqf-expression")["url"], "'Ikä ' + %age.toString()")]},
        ),
        extension=[variable("age", "%resource.item.where(linkId='age').answer.value")],
    )
    filling = begin(raw)
    write(filling, "age", "17")
    assert "adult" not in shown(filling)
    assert filling.say(at(filling, "hello")) == "Ikä 17"
    write(filling, "age", "18")
    assert "adult" in shown(filling)


def test_options_from_an_expression_and_options_that_come_and_go() -> None:
    toggle = {
        "url": SDC + "answerOptionsToggleExpression",
        "extension": [
            {"url": "option", "valueCoding": {"system": "urn:x", "code": "b"}},
            {
                "url": "expression",
                "valueExpression": {
                    "language": "text/fhirpath",
                    "expression": "%resource.item.where(linkId='more').answer.value = true",
                },
            },
        ],
    }
    raw = form(
        item("more", "boolean"),
        item("names", repeats=True),
        item(
            "which",
            "choice",
            ext=[fhirpath("answerExpression", "%resource.item.where(linkId='names').answer.value")],
        ),
        item("some", "choice", ext=[toggle], answerOption=choice("a", "b")),
    )
    filling = begin(raw)
    write(filling, "names", "Ville")
    write(filling, "names", "Anna", 1)
    choose(filling, "which", "Anna")
    assert answers(filling)["which"] == "Anna"
    assert [o.words.own for o in filling.options(at(filling, "some")) or ()] == ["A"]
    filling.give(at(filling, "more"), [{"valueBoolean": True}])
    filling.calculate()
    assert [o.words.own for o in filling.options(at(filling, "some")) or ()] == ["A", "B"]


def test_a_constraint_and_calculated_bounds() -> None:
    rule = {
        "url": "http://hl7.org/fhir/StructureDefinition/targetConstraint",
        "extension": [
            {"url": "key", "valueId": "k"},
            {"url": "severity", "valueCode": "error"},
            {"url": "human", "valueString": "Loppu on ennen alkua"},
            {
                "url": "expression",
                "valueExpression": {
                    "language": "text/fhirpath",
                    "expression": "%to >= %resource.item.where(linkId='from').answer.value",
                },
            },
        ],
    }
    to = variable("to", "%resource.item.where(linkId='to').answer.value")
    least = ext(
        "minValue",
        _valueInteger={
            "extension": [
                fhirpath(
                    ext("cqf-calculatedValue")["url"], "%resource.item.where(linkId='from').answer.value"
                )
            ]
        },
    )
    filling = begin(form(item("from", "integer"), item("to", "integer", ext=[least]), extension=[rule, to]))
    write(filling, "from", "5")
    write(filling, "to", "4")
    assert codes(filling) == ["too-small", "constraint"]
    assert filling.issues()[1].words == "Loppu on ennen alkua"
    write(filling, "to", "6")
    assert codes(filling) == []


def test_expressions_that_fail_circle_or_take_too_long_are_noted_and_the_form_goes_on() -> None:
    heavy = "%resource.descendants().select(%resource.descendants().count()).count()"
    raw = form(
        item("bad", ext=[fhirpath("calculatedExpression", "%nothing.foo(")]),
        item("one", "integer", ext=[fhirpath("calculatedExpression", "iif(%two.exists(), %two + 1, 1)")]),
        item("two", "integer", ext=[fhirpath("calculatedExpression", "iif(%one.exists(), %one + 1, 1)")]),
        item("slow", "integer", ext=[fhirpath("calculatedExpression", heavy)]),
        *(item(f"i{n}", initial=[{"valueString": "x"}]) for n in range(600)),
        extension=[
            variable("one", "%resource.item.where(linkId='one').answer.value"),
            variable("two", "%resource.item.where(linkId='two').answer.value"),
        ],
    )
    filling = begin(raw)
    assert {note.code for note in filling.notes} == {"expression-failed", "expression-slow", "circle"}
    write(filling, "i5", "y")
    assert answers(filling)["i5"] == "y"


def test_a_circle_of_conditions_is_held() -> None:
    def when(question: str, there: bool) -> list[dict[str, Any]]:
        return [{"question": question, "operator": "exists", "answerBoolean": there}]

    filling = begin(
        form(
            item("a", "boolean", enableWhen=when("b", False)),
            item("b", "boolean", enableWhen=when("a", True)),
        )
    )
    filling.give(at(filling, "a"), [{"valueBoolean": True}])
    filling.give(at(filling, "b"), [{"valueBoolean": True}])
    assert [note.code for note in filling.notes] == ["circle", "circle"]


def test_displays_beside_a_question_are_part_of_it() -> None:
    raw = form(
        item(
            "a",
            "string",
            item("h", "display", ext=[control("help")], text="Apua"),
            item("u", "display", ext=[control("unit")], text="cm"),
        )
    )
    node = at(begin(raw), "a")
    assert node.item.help[0].own == "Apua"
    assert node.item.beside["unit"].own == "cm"
    assert node.item.children == ()


def test_without_the_engine_every_question_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser that has not been connected since FHIRPath was first needed."""
    monkeypatch.setitem(sys.modules, "app.forms.fhirpath", None)
    hidden = fhirpath("enableWhenExpression", "false")
    filling = begin(form(item("a", ext=[hidden]), item("b", ext=[fhirpath("calculatedExpression", "1")])))
    assert shown(filling) == ["a", "b"]
    assert [note.code for note in filling.notes] == ["expression-engine"]


def test_a_warning_is_a_remark_and_hinders_nobody() -> None:
    """Severity warning: told at its place while it holds, and the form can be sent."""
    parts = {"key": "k", "severity": "warning", "human": "Tarkista paino"}
    rule: Json = {"url": f"{HL7}targetConstraint", "extension": []}
    rule["extension"] = [{"url": name, "valueString": words} for name, words in parts.items()]
    rule["extension"].append({"url": "expression", "valueString": "answer.value < 200"})
    filling = begin(form(item("kg", "integer", ext=[rule])))
    write(filling, "kg", "300")
    assert (codes(filling), filling.remarks_at(at(filling, "kg"))) == ([], ["Tarkista paino"])
    write(filling, "kg", "80")
    assert filling.remarks_at(at(filling, "kg")) == []


def test_a_long_chain_of_conditions_settles_whatever_its_order() -> None:
    """Each asks the one after it; the last has an answer, then none."""
    last = 300
    links = [
        item(f"c{n}", initial=[{"valueString": "x"}], enableWhen=[_asks(f"c{n + 1}")]) for n in range(last)
    ]
    filling = begin(form(*links, item(f"c{last}", initial=[{"valueString": "x"}])))
    assert len(shown(filling)) == last + 1
    filling.give(at(filling, f"c{last}"), [])
    assert shown(filling) == [f"c{last}"]
    assert len(shown(begin(form(*links, item(f"c{last}"))))) == 1


def _asks(link_id: str) -> Json:
    return {"question": link_id, "operator": "exists", "answerBoolean": True}
