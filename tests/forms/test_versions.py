"""Forms of other versions of FHIR, and forms that say what cannot be: read as far as they make sense, else noted."""

from typing import Any

import pytest

from app.forms.reading import read_form
from tests.forms.making import (
    SDC,
    answers,
    at,
    begin,
    choice,
    choose,
    codes,
    ext,
    fhirpath,
    form,
    item,
    shown,
    write,
)

CONSTRAINT = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Questionnaire.item.answerConstraint"
NUMBERS = [{"valueInteger": 1}, {"valueInteger": 2}]


def notes(*items: dict[str, Any], **more: Any) -> set[str]:
    """The codes of the notes of a form with these items."""
    return {note.code for note in begin(form(*items, **more)).notes}


@pytest.mark.parametrize(
    ("type", "more", "read"),
    [
        ("coding", {}, "choice"),
        ("coding", {"answerConstraint": "optionsOrString"}, "open-choice"),
        ("choice", {"ext": [ext(CONSTRAINT, valueCode="optionsOrString")]}, "open-choice"),
        ("integer", {"answerOption": NUMBERS}, "choice"),
        (
            "string",
            {"answerOption": [{"valueString": "x"}], "answerConstraint": "optionsOrType"},
            "open-choice",
        ),
        ("integer", {"answerOption": NUMBERS, "answerConstraint": "optionsOrType"}, "integer"),
        ("string", {}, "string"),
    ],
)
def test_r5_asks_with_options_in_its_own_way(type: str, more: dict[str, Any], read: str) -> None:
    """Choosing is choosing; whether own words may be given is what its constraint says."""
    made = read_form(
        form(item("a", type, **{"answerOption": choice("a", "b"), **more} if "coding" in type else more))
    )
    assert made.items[0].type == read
    assert not [note for note in made.notes if note.code in ("type", "extension")]


def test_a_number_that_is_chosen_can_be_calculated() -> None:
    """The answer is the number, as its option has it."""
    filling = begin(
        form(item("a", "integer", answerOption=NUMBERS, ext=[fhirpath("calculatedExpression", "1 + 1")]))
    )
    assert answers(filling) == {"a": 2}


def test_stu3_says_conditions_options_and_beginnings_otherwise() -> None:
    """hasAnswer, an answer without an operator, option, initial[x]."""
    filling = begin(
        form(
            item("b", "boolean", initialBoolean=True),
            item("c", "choice", option=choice("x", "y")),
            item("has", enableWhen=[{"question": "b", "hasAnswer": True}]),
            item("no", enableWhen=[{"question": "b", "answerBoolean": False}]),
        )
    )
    assert shown(filling) == ["b", "c", "has"]
    assert [option.value["valueCoding"]["code"] for option in filling.options(at(filling, "c")) or ()] == [
        "x",
        "y",
    ]
    assert not filling.notes


def test_a_form_that_is_part_of_itself_ends() -> None:
    """It is noted, and read once."""
    itself = item(
        "s",
        "group",
        ext=[ext(f"{SDC}subQuestionnaire", valueCanonical="https://example.org/Questionnaire/q|1")],
    )
    made = read_form(
        form(item("a"), itself), {"https://example.org/Questionnaire/q": form(item("a"), itself)}
    )
    assert [one.link_id for one in made.all] == ["a", "s"]
    assert [note.code for note in made.notes] == ["sub-questionnaire"]


@pytest.mark.parametrize("pattern", ["[", r"(\w+)\1", "(x{1,50}){1,50}"])
def test_a_pattern_that_cannot_be_run_asks_for_nothing(pattern: str) -> None:
    """It is noted, and nobody is stopped by it."""
    raw = item("a", ext=[ext("regex", valueString=pattern)])
    assert notes(raw) == {"pattern"}
    filling = begin(form(raw))
    write(filling, "a", "anything")
    assert codes(filling) == []


@pytest.mark.parametrize(
    ("pattern", "words"), [(r"(?<year>\d{4})", "2026"), (r"\+?\h?\d+", "+ 12"), (r"\p{L}+", "Äiti")]
)
def test_patterns_as_other_languages_write_them(pattern: str, words: str) -> None:
    """Named groups of JavaScript, classes of XML and PCRE."""
    filling = begin(form(item("a", ext=[ext("regex", valueString=pattern)])))
    write(filling, "a", words)
    assert codes(filling) == []
    write(filling, "a", "?")
    assert codes(filling) == ["pattern"]


def test_bounds_of_another_kind_ask_for_nothing() -> None:
    """A time of day is no limit for a date, a date none for a number."""
    day = item("d", "date", ext=[ext("maxValue", valueTime="12:00:00")])
    assert "bound" in notes(item("n", "integer", ext=[ext("minValue", valueDate="2020-01-01")]))
    filling = begin(form(day))
    write(filling, "d", "24.12.2026")
    assert codes(filling) == []


def test_an_initial_answer_becomes_the_kind_that_is_asked() -> None:
    """A moment given for a date is its day."""
    filling = begin(form(item("d", "date", initial=[{"valueDateTime": "2026-05-04T10:00:00Z"}])))
    assert answers(filling) == {"d": "2026-05-04"}


def test_what_a_receiver_does_with_the_answers_is_not_noted() -> None:
    """Extraction by observations, definitions and templates."""
    marks = [ext(f"{SDC}{name}", valueBoolean=True) for name in ("observationExtract", "templateExtract")]
    steps = ext("questionnaire-itemControl", valueCodeableConcept={"coding": [{"code": "step"}]})
    assert notes(item("a", ext=marks), item("g", "group", item("x"), ext=[steps])) == set()


def test_limits_that_contradict_each_other_stop_nobody() -> None:
    """They are noted; so is a file that this app cannot send, which need not be given."""
    low_over_high = [ext("minValue", valueInteger=9), ext("maxValue", valueInteger=1)]
    items = (
        item("n", "integer", ext=low_over_high, required=True),
        item("s", ext=[ext("minLength", valueInteger=9)], maxLength=2, required=True),
        item("f", "attachment", ext=[ext("mimeType", valueCode="audio/mpeg")], required=True),
        item(
            "c",
            "choice",
            answerOption=choice("a"),
            ext=[ext("questionnaire-minOccurs", valueInteger=3)],
            repeats=True,
        ),
    )
    filling = begin(form(*items))
    assert [note.code for note in filling.notes] == ["bound", "bound", "file-type"]
    write(filling, "n", "5")
    write(filling, "s", "x")
    choose(filling, "c", "a")
    assert codes(filling) == []
