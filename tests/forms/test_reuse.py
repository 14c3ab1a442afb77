"""Answers of an earlier time as the beginning of new ones: what is taken over, what is not, that it is said (F6)."""

from tests.forms.making import (
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

PLUS_ONE = "%resource.item.where(linkId='pain').answer.value + 1"
ASKED = form(
    item("name", ext=[fhirpath("initialExpression", "%patient.name.first().given.first()")]),
    item("pain", "integer"),
    item(
        "sum",
        "integer",
        readOnly=True,
        ext=[fhirpath("calculatedExpression", PLUS_ONE)],
    ),
    item("what", "choice", answerOption=choice("a", "b"), repeats=True),
    item("more", enableWhen=[{"question": "pain", "operator": ">", "answerInteger": 5}]),
    item("g", "group", item("drug"), repeats=True),
    item("photo", "attachment"),
    item("changed", "date"),
)
BEFORE = {
    "resourceType": "QuestionnaireResponse",
    "status": "completed",
    "authored": "2026-01-02T10:00:00Z",
    "item": [
        {"linkId": "name", "answer": [{"valueString": "Old"}]},
        {"linkId": "pain", "extension": [{"url": "x", "valueString": "y"}], "answer": [{"valueInteger": 7}]},
        {"linkId": "what", "answer": [{"valueCoding": {"system": "urn:x", "code": "b"}}]},
        {"linkId": "more", "answer": [{"valueString": "words"}]},
        {"linkId": "g", "item": [{"linkId": "drug", "answer": [{"valueString": "one"}]}]},
        {"linkId": "g", "item": [{"linkId": "drug", "answer": [{"valueString": "two"}]}]},
        {"linkId": "photo", "answer": [{"valueAttachment": {"url": "Binary/1"}}]},
        {"linkId": "changed", "answer": [{"valueString": "not a date"}]},
        {"linkId": "gone", "answer": [{"valueString": "left out"}]},
    ],
}
PATIENT = {"resourceType": "Patient", "id": "p", "name": [{"given": ["Aino"]}]}


def test_what_is_taken_over() -> None:
    """What the resident answered; not what is known better now, files, nor what is not asked any more."""
    filling = begin(ASKED, launch={"patient": PATIENT})
    filling.reuse(BEFORE)
    filling.calculate()
    assert answers(filling) == {
        "name": "Aino",
        "pain": 7,
        "sum": 8,
        "what": {"system": "urn:x", "code": "b"},
        "more": "words",
        "drug": ["one", "two"],
    }
    marked = {node.item.link_id for node in filling.tree.walk() if node.source == "earlier"}
    assert marked == {"pain", "what", "more", "drug"}
    assert at(filling, "name").source == "patient"


def test_it_is_an_answer_like_any_other() -> None:
    """Changed, it is one's own; conditions and calculations follow."""
    filling = begin(ASKED, launch={"patient": PATIENT})
    filling.reuse(BEFORE)
    filling.calculate()
    write(filling, "pain", "2")
    choose(filling, "what", "a")
    assert answers(filling)["sum"] == 3
    assert "more" not in shown(filling)
    assert at(filling, "pain").source == at(filling, "what").source == ""
    assert codes(filling) == []


def test_a_size_is_in_megabytes_or_else_in_bytes() -> None:
    """6 is 6 Mt as the app counts; what would be terabytes is bytes."""
    sizes = [6, 0.5, 5_242_880]
    made = begin(form(*(item(str(n), "attachment", ext=[ext("maxSize", valueDecimal=n)]) for n in sizes)))
    assert [node.item.limits.size for node in made.tree.walk()] == [6 * 1024 * 1024, 512 * 1024, 5_242_880]
