"""One form for each item type and each limit: what is written, what is answered, what must be mended."""

from typing import Any

import pytest

from tests.forms.making import SDC, answers, at, begin, choice, choose, codes, ext, form, item, write


@pytest.mark.parametrize(
    ("type", "words", "value"),
    [
        ("string", "Hei ", "Hei "),
        ("text", "kaksi\nriviä", "kaksi\nriviä"),
        ("integer", "-12", -12),
        ("decimal", "36,6", 36.6),
        ("decimal", "1 200,5", 1200.5),
        ("date", "24.12.2026", "2026-12-24"),
        ("date", "2026-12-24", "2026-12-24"),
        ("date", "5.2026", "2026-05"),
        ("date", "1980", "1980"),
        ("time", "9.30", "09:30:00"),
        ("url", "https://ok.fi", "https://ok.fi"),
        ("reference", "Terveysasema", {"display": "Terveysasema"}),
        ("quantity", "72,5", {"value": 72.5}),
        ("open-choice", "muu", "muu"),
    ],
)
def test_what_is_written_becomes_a_value(type: str, words: str, value: Any) -> None:
    filling = begin(form(item("a", type)))
    write(filling, "a", words)
    assert answers(filling) == {"a": value}
    assert codes(filling) == []


@pytest.mark.parametrize(
    ("type", "words", "code"),
    [
        ("integer", "viisi", "not-integer"),
        ("integer", "1,5", "not-integer"),
        ("integer", "99999999999", "not-integer"),
        ("decimal", "1e9999", "not-number"),
        ("date", "31.2.2026", "not-date"),
        ("date", "huomenna", "not-date"),
        ("time", "25.00", "not-time"),
        ("url", "ei osoite", "not-url"),
    ],
)
def test_what_is_no_value_is_kept_as_written_and_not_sent(type: str, words: str, code: str) -> None:
    filling = begin(form(item("a", type)))
    write(filling, "a", words)
    assert codes(filling) == [code]
    assert at(filling, "a").answers[0].raw == words
    assert answers(filling) == {}


LIMITS = [
    ("string", {"maxLength": 3}, [], "abcd", "too-long"),
    ("string", {}, [ext("minLength", valueInteger=3)], "ab", "too-short"),
    ("string", {}, [ext("regex", valueString=r"\d{5}")], "1234", "pattern"),
    ("decimal", {}, [ext("maxDecimalPlaces", valueInteger=1)], "1,25", "decimals"),
    ("integer", {}, [ext("minValue", valueInteger=5)], "4", "too-small"),
    ("integer", {}, [ext("maxValue", valueInteger=5)], "6", "too-large"),
    ("date", {}, [ext("minValue", valueDate="2026-01-01")], "31.12.2025", "too-small"),
    ("quantity", {}, [ext(SDC + "maxQuantity", valueQuantity={"value": 10})], "11", "too-large"),
    ("time", {}, [ext("maxValue", valueTime="16:00:00")], "17.00", "too-large"),
]


@pytest.mark.parametrize(("type", "more", "extensions", "words", "code"), LIMITS)
def test_an_answer_beyond_a_limit_must_be_mended(
    type: str, more: dict[str, Any], extensions: list[Any], words: str, code: str
) -> None:
    filling = begin(form(item("a", type, ext=extensions, **more)))
    write(filling, "a", words)
    assert codes(filling) == [code]


def test_a_required_question_must_be_answered_when_it_is_in_sight() -> None:
    raw = form(
        item("a", "boolean"),
        item("b", required=True, enableWhen=[{"question": "a", "operator": "=", "answerBoolean": True}]),
    )
    filling = begin(raw)
    assert codes(filling) == []
    filling.give(at(filling, "a"), [{"valueBoolean": True}])
    assert codes(filling) == ["required"]
    write(filling, "b", "x")
    assert codes(filling) == []


def test_how_many_answers_there_must_be() -> None:
    limits = [ext("questionnaire-minOccurs", valueInteger=2), ext("questionnaire-maxOccurs", valueInteger=2)]
    filling = begin(form(item("a", repeats=True, required=True, ext=limits)))
    assert codes(filling) == ["too-few"]
    for turn, words in enumerate(("x", "y", "z")):
        write(filling, "a", words, turn)
    assert codes(filling) == ["too-many"]
    filling.remove_answer(at(filling, "a"), 1)
    assert answers(filling) == {"a": ["x", "z"]}


def test_files_are_held_to_type_and_size() -> None:
    limits = [ext("mimeType", valueCode="image/*"), ext("maxSize", valueDecimal=1)]
    filling = begin(form(item("a", "attachment", ext=limits)))
    filling.give(at(filling, "a"), [{"valueAttachment": {"contentType": "text/plain", "size": 2_000_000}}])
    assert codes(filling) == ["file-size", "file-type"]
    filling.give(
        at(filling, "a"), [{"valueAttachment": {"contentType": "image/png", "size": 10, "title": "k.png"}}]
    )
    assert codes(filling) == []


def test_a_quantity_has_the_unit_of_its_item_or_the_chosen_one() -> None:
    unit = {"system": "http://unitsofmeasure.org", "code": "kg", "display": "kg"}
    filling = begin(form(item("a", "quantity", ext=[ext("questionnaire-unit", valueCoding=unit)])))
    write(filling, "a", "70")
    assert answers(filling)["a"] == {
        "value": 70,
        "unit": "kg",
        "system": "http://unitsofmeasure.org",
        "code": "kg",
    }


def test_choosing_one_and_several_and_none_of_them() -> None:
    options = [
        *choice("a", "b"),
        *choice("none", extension=[ext("questionnaire-optionExclusive", valueBoolean=True)]),
    ]
    filling = begin(
        form(
            item("one", "choice", answerOption=options),
            item("many", "choice", repeats=True, answerOption=options),
        )
    )
    choose(filling, "one", "a")
    choose(filling, "one", "b")
    choose(filling, "many", "a")
    choose(filling, "many", "b")
    assert [c["code"] for c in answers(filling)["many"]] == ["a", "b"]
    assert answers(filling)["one"]["code"] == "b"
    choose(filling, "many", "none")
    assert answers(filling)["many"]["code"] == "none"
    choose(filling, "many", "a")
    assert answers(filling)["many"]["code"] == "a"


def test_options_of_every_kind() -> None:
    options = [
        {"valueString": "x"},
        {"valueInteger": 3},
        {"valueDate": "2026-01-01"},
        {"valueTime": "10:00:00"},
    ]
    filling = begin(form(item("a", "choice", repeats=True, answerOption=options)))
    for option in filling.options(at(filling, "a")) or ():
        filling.choose(at(filling, "a"), option, True)
    assert answers(filling)["a"] == ["x", 3, "2026-01-01", "10:00:00"]


def test_value_sets_inside_of_the_form_and_from_a_server() -> None:
    inside = {
        "resourceType": "ValueSet",
        "id": "v",
        "compose": {"include": [{"system": "urn:x", "concept": [{"code": "a"}]}]},
    }
    outside = {
        "resourceType": "ValueSet",
        "expansion": {"contains": [{"system": "urn:y", "code": "b", "display": "B"}]},
    }
    raw = form(
        item("in", "choice", answerValueSet="#v"),
        item("out", "choice", answerValueSet="http://example.org/vs|2"),
        contained=[inside],
    )
    filling = begin(raw)
    assert [o.words.own for o in filling.options(at(filling, "in")) or ()] == ["a"]
    assert filling.options(at(filling, "out")) is None
    assert [note.code for note in filling.notes] == ["value-set"]
    known = begin(raw, sets={"http://example.org/vs": outside})
    choose(known, "out", "b")
    assert answers(known)["out"]["code"] == "b"
    assert known.notes == ()


def test_groups_repeat_and_keep_their_order() -> None:
    raw = form(item("g", "group", item("name"), item("born", "date"), repeats=True))
    filling = begin(raw)
    write(filling, "name", "A")
    made = filling.repeat(at(filling, "g"))
    assert made is not None
    filling.write(made.children[0], "B")
    filling.write(made.children[1], "1.1.2020")
    assert [node.name for node in filling.tree.by_link["name"]] == ["name", "name#2"]
    assert answers(filling) == {"name": ["A", "B"], "born": "2020-01-01"}
    filling.take_away(filling.tree.roots[0])
    assert answers(filling) == {"name": "B", "born": "2020-01-01"}
    filling.take_away(filling.tree.roots[0])
    assert answers(filling) == {}


def test_questions_under_a_question_belong_to_its_answer() -> None:
    filling = begin(form(item("a", "boolean", item("b"))))
    write(filling, "b", "ennen")
    filling.give(at(filling, "a"), [{"valueBoolean": True}])
    response = filling.response("x", "", "")
    assert response["item"] == [
        {
            "linkId": "a",
            "text": "A",
            "answer": [
                {
                    "valueBoolean": True,
                    "item": [{"linkId": "b", "text": "B", "answer": [{"valueString": "ennen"}]}],
                }
            ],
        }
    ]


def test_initial_values_and_options_that_are_selected_from_the_start() -> None:
    selected = [{**choice("a")[0], "initialSelected": True}, *choice("b")]
    filling = begin(
        form(item("s", initial=[{"valueString": "alku"}]), item("c", "choice", answerOption=selected))
    )
    assert answers(filling)["s"] == "alku"
    assert answers(filling)["c"]["code"] == "a"


def test_a_form_says_what_it_does_not_understand() -> None:
    raw = form(
        item("a", "colour"),
        item("b", ext=[ext("http://example.org/strange", valueBoolean=True)]),
        item("b"),
        item("c", enableWhen=[{"question": "b", "operator": "~", "answerString": "x"}]),
        item(
            "d", ext=[ext("questionnaire-itemControl", valueCodeableConcept={"coding": [{"code": "wheel"}]})]
        ),
        item("e", "display", ext=[ext(SDC + "subQuestionnaire", valueCanonical="http://example.org/part")]),
    )
    filling = begin(raw)
    found = {note.code for note in filling.notes}
    assert found >= {
        "type",
        "extension",
        "duplicate-link-id",
        "condition",
        "item-control",
        "sub-questionnaire",
    }
    write(filling, "b", "x")
    assert answers(filling)["b"] == "x"


def test_value_sets_of_fhir_itself_are_known() -> None:
    """Without a server, in the resident's language; the code is FHIR's."""
    url = "http://hl7.org/fhir/ValueSet/administrative-gender|4.0.1"
    filling = begin(form(item("a", "choice", answerValueSet=url)))
    assert [o.words.say(("sv",)) for o in filling.options(at(filling, "a")) or ()] == [
        "Man",
        "Kvinna",
        "Annat",
        "Okänt",
    ]
    choose(filling, "a", "female")
    assert answers(filling)["a"]["system"] == "http://hl7.org/fhir/administrative-gender"
    assert filling.notes == ()


def test_of_a_long_value_set_the_beginning_is_known() -> None:
    """It is noted, and own words are taken too."""
    contains = [{"system": "urn:x", "code": "a", "display": "A"}]
    sets = {"urn:long": {"resourceType": "ValueSet", "expansion": {"total": 70_000, "contains": contains}}}
    filling = begin(form(item("a", "choice", answerValueSet="urn:long")), sets=sets)
    assert filling.is_partial(at(filling, "a"))
    assert [note.code for note in filling.notes] == ["value-set-part"]
    filling.give(at(filling, "a"), [{"valueCoding": {"display": "Harvinainen"}}])
    assert answers(filling) == {"a": {"display": "Harvinainen"}}
