"""What an expression gives, as answers, options and truth."""

from decimal import Decimal
from typing import Any

from app.forms.given import Json, number, parts_at, words_at
from app.forms.model import Option
from app.forms.options import words_of_value
from app.forms.strict import strict
from app.forms.values import NAMES, json_number, time_from
from app.forms.words import Words


def truth(found: list[Any]) -> bool | None:
    """True or False; None when it says neither. What is there, and is no boolean, is true."""
    if not found:
        return None
    return found[0] if isinstance(found[0], bool) else True


def to_values(type: str, found: list[Any]) -> list[Json]:
    """The results as answers of a question of ``type``; what cannot be one is left out."""
    return [made for one in found if (made := to_value(type, one))]


def to_value(type: str, found: Any) -> Json:
    """One result as an answer, empty when it cannot be one."""
    return strict(_to_value(type, found))


def _to_value(type: str, found: Any) -> Json:
    wrapped = isinstance(found, dict) and not (type == "reference" and "resourceType" in found)
    if wrapped and "value" not in found and any(k.startswith("value") for k in found):
        name = next(k for k in found if k.startswith("value"))
        return _to_value(type, found[name])
    makers = {
        "choice": _coding,
        "open-choice": _coding,
        "quantity": _quantity,
        "reference": _object("reference"),
    }
    if type in makers:
        return makers[type](found)
    if type == "attachment":
        return {"valueAttachment": found} if isinstance(found, dict) else {}
    made = _simple(type, found)
    return {} if made is None or made == "" else {NAMES[type]: made}


def _simple(type: str, found: Any) -> Any:
    if type == "boolean":
        return found if isinstance(found, bool) else None
    if type in ("integer", "decimal"):
        made = number(found.get("value") if isinstance(found, dict) else found)
        if made is None or (type == "integer" and made != made.to_integral_value()):
            return None
        return json_number(made)
    if isinstance(found, dict | list):
        return _words(found) if type in ("string", "text") else None
    words = {True: "true", False: "false"}[found] if isinstance(found, bool) else _written(found)
    if type == "date":
        return words.partition("T")[0].lstrip("@")
    if type == "time":
        return time_from(words.removeprefix("@T").removeprefix("T"))
    return words.lstrip("@") if type == "dateTime" else words


def _written(found: Any) -> str:
    return format(found.normalize(), "f") if isinstance(found, Decimal) else str(found)


def _words(found: Any) -> str:
    if isinstance(found, dict):
        return str(found.get("display") or found.get("text") or found.get("value") or found.get("code") or "")
    return ""


def _coding(found: Any) -> Json:
    if isinstance(found, dict):
        if isinstance(found.get("coding"), list) and found["coding"]:
            return {"valueCoding": found["coding"][0]}
        return {"valueCoding": found} if found.get("code") or found.get("display") else {}
    if isinstance(found, int | Decimal) and not isinstance(found, bool):
        return {"valueInteger": int(found)} if found == int(found) else {}
    return {"valueString": str(found)} if isinstance(found, str) and found else {}


def _quantity(found: Any) -> Json:
    if isinstance(found, dict):
        made = number(found.get("value"))
        return {"valueQuantity": {**found, "value": json_number(made)}} if made is not None else {}
    made = number(found)
    return {"valueQuantity": {"value": json_number(made)}} if made is not None else {}


def _object(name: str) -> Any:
    def make(found: Any) -> Json:
        if isinstance(found, dict):
            if found.get("resourceType") and found.get("id"):
                shown = {"display": said} if (said := _named(found)) else {}
                return {"valueReference": {"reference": f"{found['resourceType']}/{found['id']}", **shown}}
            return {"valueReference": found} if found.get(name) or found.get("display") else {}
        return {"valueReference": {"display": str(found)}} if isinstance(found, str) and found else {}

    return make


def _named(resource: Json) -> str:
    """What a resource is called, by its code, name or title."""
    for name in ("code", "medicationCodeableConcept", "vaccineCode", "name", "title"):
        one = resource.get(name)
        first = one[0] if isinstance(one, list) and one else one
        if isinstance(first, str):
            return first
        coding = (parts_at(first, "coding") or [{}])[0]
        if said := words_at(first, "text") or words_at(coding, "display"):
            return said
    return ""


def to_options(found: list[Any]) -> tuple[Option, ...]:
    """The results as options to choose from."""
    made: list[Option] = []
    for one in found:
        value = strict(_option_value(one))
        if value and not any(value == other.value for other in made):
            name = next(iter(value))
            made.append(Option(value, words_of_value(name, value[name]) or Words(str(value[name]))))
    return tuple(made)


def _option_value(found: Any) -> Json:
    if isinstance(found, dict):
        if found.get("resourceType"):
            return _object("reference")(found)
        if named := next((k for k in found if k.startswith("value") and k != "value"), ""):
            return {named: found[named]}
        return _coding(found)
    if isinstance(found, bool):
        return {}
    if isinstance(found, int | Decimal):
        return {"valueInteger": int(found)}
    return {"valueString": str(found)} if found else {}
