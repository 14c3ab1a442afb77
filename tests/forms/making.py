"""Questionnaires in few words, for the tests of the engine."""

from datetime import UTC, datetime
from typing import Any

from app.forms.filling import Filling, Known
from app.forms.given import parts_at, value_of, words_at
from app.forms.nodes import Node
from app.forms.reading import read_form
from tests.fhir_schema import problems

HL7 = "http://hl7.org/fhir/StructureDefinition/"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
Json = dict[str, Any]


def ext(url: str, **value: Any) -> Json:
    """An extension; a bare name is one of HL7's."""
    return {"url": url if ":" in url else HL7 + url, **value}


def control(code: str) -> Json:
    """The extension that says how an item is drawn."""
    return ext("questionnaire-itemControl", valueCodeableConcept={"coding": [{"code": code}]})


def fhirpath(name: str, text: str) -> Json:
    """An extension that carries an expression."""
    expression = {"language": "text/fhirpath", "expression": text}
    return ext(name if ":" in name or name == "variable" else SDC + name, valueExpression=expression)


def variable(name: str, text: str) -> Json:
    """A variable."""
    return ext("variable", valueExpression={"name": name, "language": "text/fhirpath", "expression": text})


def item(id: str, type: str = "string", *inner: Json, ext: list[Json] | None = None, **more: Any) -> Json:
    """One item."""
    made = {"linkId": id, "type": type, "text": more.pop("text", id.capitalize()), **more}
    return made | ({"extension": ext} if ext else {}) | ({"item": list(inner)} if inner else {})


def form(*items: Json, **more: Any) -> Json:
    """A questionnaire."""
    named = {"url": "https://example.org/Questionnaire/q", "version": "1", "status": "active"}
    return {"resourceType": "Questionnaire", **named, **more, "item": list(items)}


def choice(*codes: str, **more: Any) -> list[Json]:
    """Options: codings with these codes."""
    return [
        {"valueCoding": {"system": "urn:x", "code": code, "display": code.capitalize()}, **more}
        for code in codes
    ]


def begin(raw: Json, response: Json | None = None, language: str = "fi", **known: Any) -> Filling:
    """A filling of it, with everything calculated."""
    filling = Filling(read_form(raw), Known(now=lambda: NOW, **known), response, language)
    filling.calculate()
    return filling


def at(filling: Filling, link_id: str, place: int = 0) -> Node:
    """The place of an item."""
    return filling.tree.by_link[link_id][place]


def write(filling: Filling, link_id: str, words: str, turn: int = 0) -> None:
    """The resident writes, and everything is calculated."""
    filling.write(at(filling, link_id), words, turn)
    filling.calculate()


def choose(filling: Filling, link_id: str, code: str, chosen: bool = True) -> None:
    """The resident chooses the option with this code, or what is called so."""
    node = at(filling, link_id)
    found = [
        o for o in filling.options(node) or () if code in (o.words.own, str(next(iter(o.value.values()))))
    ]
    found = found or [
        o for o in filling.options(node) or () if o.value.get("valueCoding", {}).get("code") == code
    ]
    filling.choose(node, found[0], chosen)
    filling.calculate()


def answers(filling: Filling) -> Json:
    """The response as {linkId: value or values}, after it has been found valid R4."""
    response = filling.response("00000000-0000-4000-8000-000000000001", "Patient/p", "Patient/p")
    assert problems(response) == []
    found: Json = {}
    _collect(response.get("item", []), found)
    return found


def _collect(items: list[Json], found: Json) -> None:
    for one in items:
        for answer in one.get("answer", []):
            value = next((v for k, v in answer.items() if k.startswith("value")), None)
            before = found.get(one["linkId"])
            found[one["linkId"]] = (
                value if before is None else [*(before if isinstance(before, list) else [before]), value]
            )
            _collect(answer.get("item", []), found)
        _collect(one.get("item", []), found)


def codes(filling: Filling) -> list[str]:
    """What must be mended."""
    return [issue.code for issue in filling.issues()]


def shown(filling: Filling) -> list[str]:
    """The linkIds in sight."""
    return [node.item.link_id for node in filling.tree.walk() if node.visible]


def answers_of(response: Json) -> list[tuple[str, Any]]:
    """Every answer in order with the linkId it belongs to: what two responses are compared by."""
    return [one for item in parts_at(response, "item") for one in _answers(item)]


def _answers(item: Json) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for answer in parts_at(item, "answer"):
        name, value = value_of(answer)
        if name:
            found.append((words_at(item, "linkId"), {name: value}))
        found += [one for inner in parts_at(answer, "item") for one in _answers(inner)]
    return found + [one for inner in parts_at(item, "item") for one in _answers(inner)]
