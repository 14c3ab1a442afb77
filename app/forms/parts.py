"""The parts of items: limits, conditions, expressions, units, initial values."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from app.forms.given import (
    HL7,
    SDC,
    Json,
    extension,
    extension_words,
    extensions,
    flag_at,
    number,
    parts_at,
    value_of,
    words_at,
)
from app.forms.model import Condition, Constraint, Expression, Toggle
from app.forms.strict import strict_value
from app.forms.words import Words, words_of

EXPRESSIONS = (
    "initialExpression",
    "calculatedExpression",
    "enableWhenExpression",
    "answerExpression",
    "candidateExpression",
)
EHELSE = "http://ehelse.no/fhir/StructureDefinition/"
QUERY = "application/x-fhir-query"
_QUERIED = frozenset({"initialExpression", "answerExpression", "candidateExpression"})
_BACKPORT = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Questionnaire.item."
_LISTED = frozenset({"string", "text", "integer", "decimal", "date", "dateTime", "time", "url", "quantity"})
_OPERATORS = frozenset({"exists", "=", "!=", ">", "<", ">=", "<="})


def expression_of(value: Any) -> Expression | None:
    """An Expression data type; None when it says nothing."""
    text = words_at(value, "expression")
    return (
        Expression(text, words_at(value, "language") or "text/fhirpath", words_at(value, "name"))
        if text
        else None
    )


def read_variables(raw: Json) -> tuple[Expression, ...]:
    """The variables that are declared here, in order."""
    found = (expression_of(value_of(one)[1]) for one in extensions(raw, f"{HL7}variable", f"{SDC}variable"))
    return tuple(one for one in found if one and one.name)


def read_expressions(raw: Json) -> Mapping[str, Expression]:
    """The item's expressions by their short names, and "text" for a cqf-expression on its text."""
    found = {name: expression_of(extension(raw, f"{SDC}{name}")) for name in EXPRESSIONS}
    found["text"] = expression_of(extension(raw.get("_text"), f"{HL7}cqf-expression"))
    norwegian = extension(raw, f"{EHELSE}sdf-fhirpath", f"{EHELSE}sdf-calculatedExpression")
    if isinstance(norwegian, str) and found["calculatedExpression"] is None:
        found["calculatedExpression"] = Expression(norwegian)
    return MappingProxyType({name: one for name, one in found.items() if one is not None})


def is_run(name: str, expression: Expression) -> bool:
    """Whether an expression of this name is in a language that is run for it."""
    return expression.language == "text/fhirpath" or (expression.language == QUERY and name in _QUERIED)


def read_constraints(raw: Json) -> tuple[Constraint, ...]:
    """targetConstraint and the older constraint."""
    urls = (f"{HL7}targetConstraint", f"{SDC}targetConstraint", f"{HL7}questionnaire-constraint")
    found = [made for one in extensions(raw, *urls) if (made := _constraint(one))]
    norwegian = extension_words(raw, f"{EHELSE}sdf-fhirpathvalidation")
    own = [Constraint("sdf", entry_words(raw, f"{EHELSE}validationtext"), norwegian)] if norwegian else []
    return (*found, *own)


def _constraint(raw: Json) -> Constraint | None:
    parts = {words_at(one, "url"): one for one in parts_at(raw, "extension")}
    value = value_of(parts.get("expression"))[1]
    text = value if isinstance(value, str) else words_at(value, "expression")
    name, human = value_of(parts.get("human"))
    key, severity = value_of(parts.get("key"))[1], value_of(parts.get("severity"))[1]
    beside = parts.get("human", {}).get(f"_{name}")
    said = words_of({"text": human, "_text": beside}, "text")
    return Constraint(str(key or ""), said, text, severity == "warning") if text else None


def read_toggles(raw: Json) -> tuple[Toggle, ...]:
    """Options that come and go."""
    found = []
    for one in extensions(raw, f"{SDC}answerOptionsToggleExpression"):
        made = expression_of(extension(one, "expression"))
        values = tuple(dict([value_of(option)]) for option in extensions(one, "option"))
        if made and values:
            found.append(Toggle(values, made))
    return tuple(found)


def read_conditions(raw: Json) -> Iterator[Condition]:
    """enableWhen; what has no known operator is left for ``bad_conditions``."""
    for one in parts_at(raw, "enableWhen"):
        question = words_at(one, "question")
        answer = next(
            ((k, v) for k, v in one.items() if k.startswith("answer") and v is not None), ("", None)
        )
        operator = words_at(one, "operator") or ("" if "operator" in one else "=")
        if "hasAnswer" in one:  # as STU3 says it
            operator, answer = "exists", ("answerBoolean", one["hasAnswer"])
        if operator in _OPERATORS and question and answer[0]:
            yield Condition(question, operator, answer)


def answer_constraint(raw: Json) -> str:
    """R5's answerConstraint (optionsOnly, optionsOrType, optionsOrString), also as R4 carries it in an extension."""
    return words_at(raw, "answerConstraint") or extension_words(raw, f"{_BACKPORT}answerConstraint")


def chosen_type(raw: Json) -> str:
    """What R5 asks with options, as R4 calls it: choice or open-choice; empty when the type says it all."""
    type, rule = words_at(raw, "type"), answer_constraint(raw)
    if type in ("coding", "choice"):
        free = rule in ("optionsOrString", "optionsOrType")
        return "open-choice" if free else "choice"
    if type not in _LISTED or not parts_at(raw, "answerOption"):
        return ""
    if rule == "optionsOrString" or (rule == "optionsOrType" and type in ("string", "text")):
        return "open-choice"
    return "" if rule == "optionsOrType" else "choice"


def bad_conditions(raw: Json) -> int:
    """How many enableWhen cannot be understood."""
    return len(parts_at(raw, "enableWhen")) - len(list(read_conditions(raw)))


def read_initial(raw: Json) -> tuple[Json, ...]:
    """``initial`` and the options that are selected from the start."""
    given = [strict_value(*value_of(one)) for one in parts_at(raw, "initial")]
    given += [
        strict_value(f"value{k[7:]}", v) for k, v in raw.items() if k[:7] == "initial" and k[7:8].isupper()
    ]
    options = parts_at(raw, "answerOption")
    chosen = [strict_value(*value_of(one)) for one in options if flag_at(one, "initialSelected")]
    return tuple(one for one in given if one) or tuple(one for one in chosen if one)


def read_units(raw: Json) -> tuple[Json, tuple[Json, ...]]:
    """The unit, and the units to choose from."""
    options = (
        value_of(one)[1] for one in extensions(raw, f"{HL7}questionnaire-unitOption", f"{SDC}unitOption")
    )
    unit = extension(raw, f"{HL7}questionnaire-unit")
    units = tuple(one for one in options if isinstance(one, dict))
    return (unit if isinstance(unit, dict) else {}), units


def entry_words(raw: Json, url: str) -> Words:
    """A text that an extension carries, with its translations."""
    for one in extensions(raw, url):
        name, value = value_of(one)
        if isinstance(value, str):
            return words_of({"text": value, "_text": one.get(f"_{name}")}, "text")
    return Words()


def media_of(raw: Json, *urls: str) -> str:
    """The address of a picture that belongs to an item; pictures inside of the form only (data:)."""
    found = extension(raw, *urls)
    if not isinstance(found, dict):
        return ""
    data, type = words_at(found, "data"), words_at(found, "contentType")
    return f"data:{type};base64,{data}" if data and type.startswith("image/") else words_at(found, "url")


def category_of(raw: Json) -> str:
    """displayCategory: instructions, security, help, legal …"""
    concept = extension(raw, f"{HL7}questionnaire-displayCategory")
    return next((words_at(one, "code") for one in parts_at(concept, "coding")), "")


def sub_questionnaire(raw: Json) -> str:
    """The canonical of the form that stands in this item's place."""
    found = extension(raw, f"{SDC}subQuestionnaire")
    return found if isinstance(found, str) else ""


def slider_step(raw: Json) -> Any:
    """How far a step of a slider goes."""
    return number(extension(raw, f"{HL7}questionnaire-sliderStepValue"))
