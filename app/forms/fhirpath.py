"""FHIRPath by fhirpathpy, with what it lacks, R4's model, and a limit of time. Imported only when a form needs it.

Added functions (see the notes on fhirpathpy 2.2.4): ``weight``/``ordinal``, ``hasValue``, ``sum``, ``toString`` of
typed values, ``round()`` without argument; ``matches``, ``matchesFull`` and ``replaceMatches`` take safe patterns only.
Items by linkId come from an index (``dkItems``): walking a large response for each of them is what makes forms slow.
"""

import re
import time
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from io import StringIO
from typing import Any

from fhirpathpy.engine import do_eval, util
from fhirpathpy.engine.invocations import strings
from fhirpathpy.engine.invocations.constants import constants, systemtime
from fhirpathpy.engine.nodes import FP_Quantity, FP_Type, ResourceNode, TypeInfo
from fhirpathpy.models import models
from fhirpathpy.parser import parse

from app.forms.fhirpath_operators import OPERATORS
from app.forms.given import HL7, Json
from app.forms.regexes import Unsupported, compiled

LONGEST = 20_000
ITEM = "QuestionnaireResponse.item"
_NAMED = re.compile(
    r"%(?:resource|rootResource)\s*\.\s*(?:repeat\(\s*item\s*\)|descendants\(\s*\))\s*\.\s*where\(\s*linkId\s*=\s*'([^'\\]*)'\s*\)"
)
_SCORES = (f"{HL7}ordinalValue", f"{HL7}itemWeight", f"{HL7}questionnaire-ordinalValue")


def _clock() -> Callable[[], float]:
    """Seconds of work: an expression is not slow because the machine does something else. A browser cannot tell."""
    try:
        time.thread_time()
    except (AttributeError, OSError):
        return time.monotonic
    return time.thread_time


_used = _clock()


class Failed(Exception):
    """An expression that cannot be read or evaluated."""


class TooSlow(Failed):
    """An expression that took longer than it may."""


class _Run(dict[str, Any]):
    """What fhirpathpy carries through an evaluation; it asks for parts at every step: there time is watched."""

    def __init__(self, parts: Mapping[str, Any], seconds: float) -> None:
        super().__init__(parts)
        self._end = _used() + seconds

    def __getitem__(self, name: str) -> Any:
        if _used() > self._end:
            raise TooSlow("time")
        return super().__getitem__(name)


def rewritten(text: str) -> str:
    """The expression with look-ups by linkId taken from the index."""
    return _NAMED.sub(r"%resource.dkItems('\1')", text)


@lru_cache(maxsize=2_000)
def parsed(text: str) -> Any:
    """The tree of an expression. Raises ``Failed``."""
    if len(text) > LONGEST:
        raise Failed("too long")
    try:
        with redirect_stdout(StringIO()):  # the lexer tells its troubles to the world
            tree = parse(rewritten(text))
    except Exception as problem:  # noqa: BLE001 - the parser raises bare exceptions
        raise Failed(f"parse: {type(problem).__name__}") from None
    if not tree.get("children"):
        raise Failed("parse: empty")
    return tree["children"][0]


def evaluate(
    text: str,
    focus: Any,
    variables: Any,
    seconds: float,
    items: Mapping[str, list[Json]] | None = None,
    now: datetime | None = None,
) -> list[Any]:
    """The nodes that ``text`` gives on ``focus`` (a resource, or a ``node``). Raises ``Failed``.

    ``variables``: a mapping of names to values; ``items``: the items of the response by linkId; ``now``: the moment,
    in the resident's time zone, that now() and today() tell (else the machine's).
    """
    tree = parsed(text)
    constants.reset()
    if now is not None:
        systemtime.expressionExecutionDateTime = now
    TypeInfo.model = models["r4"]  # type: ignore[assignment]
    root = util.arraify(focus)
    parts = {"dataRoot": root, "vars": variables, "model": models["r4"], "userInvocationTable": FUNCTIONS}
    run = _Run({**parts, "dkItems": items or {}, "traceFn": _silent}, seconds)
    try:
        found = do_eval(run, root, tree)
    except Failed:
        raise
    except Exception as problem:  # noqa: BLE001 - so does the engine
        raise Failed(f"{type(problem).__name__}: {str(problem)[:120]}") from None
    return [one for one in util.arraify(found) if not _is_bare(one)]


def node(item: Json) -> Any:
    """An item of a response as a focus that knows what it is."""
    return ResourceNode.create_node(item, ITEM)


def plain(value: Any) -> Any:
    """A node as JSON: dates and times as text, quantities as objects, numbers as Decimal or int."""
    data = util.get_data(value)
    if isinstance(data, FP_Quantity):
        return {"value": data.value, "unit": str(data.unit).strip("'")}
    if isinstance(data, FP_Type):
        return str(data.asStr) if hasattr(data, "asStr") else str(data)
    return data


def _is_bare(value: Any) -> bool:
    return (
        isinstance(value, ResourceNode) and isinstance(value.data, dict) and list(value.data) == ["extension"]
    )


def _silent(*_: Any) -> None:
    """What an expression would trace is nobody's business."""


# --- functions -----------------------------------------------------------------------------------------------------


def _data(inputs: Any) -> list[Any]:
    return [plain(one) for one in util.arraify(inputs)]


def _items(ctx: Any, inputs: Any, name: Any) -> list[Any]:
    return [node(one) for one in ctx["dkItems"].get(util.get_data(name), ())]


def _weight(ctx: Any, inputs: Any) -> list[Any]:
    found = (_score(one) for one in _data(inputs))
    return [one for one in found if one is not None]


def _score(value: Any) -> Any:
    if not isinstance(value, dict):
        return None
    coding = value.get("valueCoding", value)
    beside = [*(coding.get("extension") or []), *(value.get("extension") or [])]
    return next((e["valueDecimal"] for e in beside if e.get("url") in _SCORES and "valueDecimal" in e), None)


def _number(value: Any) -> Any:
    return value if isinstance(value, int | Decimal) and not isinstance(value, bool) else Decimal(str(value))


def _sum(ctx: Any, inputs: Any) -> list[Any]:
    values = _data(inputs)
    return [sum(map(_number, values))] if values else []


def _to_string(ctx: Any, inputs: Any) -> list[Any]:
    values = _data(inputs)
    if len(values) != 1 or isinstance(values[0], dict):
        return []
    return [str(values[0]).lower() if isinstance(values[0], bool) else str(values[0])]


def _has_value(ctx: Any, inputs: Any) -> list[Any]:
    values = _data(inputs)
    return [len(values) == 1 and not isinstance(values[0], dict)]


def _round(ctx: Any, inputs: Any, digits: Any = 0) -> list[Any]:
    values = _data(inputs)
    if len(values) != 1:
        return []
    step = Decimal(1).scaleb(-int(util.get_data(digits) or 0))
    return [Decimal(str(values[0])).quantize(step, ROUND_HALF_UP)]


def _matched(whole: bool) -> Callable[..., list[Any]]:
    def run(ctx: Any, inputs: Any, pattern: Any) -> list[Any]:
        values = _data(inputs)
        if len(values) != 1 or not isinstance(pattern, str):
            return []
        try:
            return [compiled(pattern, re.DOTALL).matches(str(values[0]), whole)]
        except Unsupported as problem:
            raise Failed(f"pattern: {problem}") from None

    return run


def _replace_matches(ctx: Any, inputs: Any, pattern: Any, by: Any) -> list[Any]:
    """Only patterns in which nothing that repeats holds something that repeats: Python cannot be slow with those."""
    values = _data(inputs)
    if len(values) != 1 or not isinstance(pattern, str) or not isinstance(by, str):
        return []
    if re.search(r"[+*}]\s*\)\s*[+*{]", pattern) or len(str(values[0])) > 5_000 or pattern.count("*") > 3:
        raise Failed("pattern: not safe")
    return [re.sub(pattern, re.sub(r"\$(\d+)", r"\\\1", by), str(values[0]))]


def _function(fn: Callable[..., Any], *arities: list[str]) -> dict[str, Any]:
    return {"fn": fn, "arity": {len(arity): arity for arity in arities or ([],)}}


def well_known(name: str) -> str:
    """What the names that FHIR gives stand for (``%sct``, ``%vs-…``, ``%ext-…``); empty for others."""
    kind, _, rest = name.partition("-")
    bases = {"vs": "http://hl7.org/fhir/ValueSet/", "ext": HL7}
    return _SYSTEMS.get(name) or (bases[kind] + rest if rest and kind in bases else "")


_SYSTEMS = {"sct": "http://snomed.info/sct", "loinc": "http://loinc.org", "ucum": "http://unitsofmeasure.org"}

FUNCTIONS: Mapping[str, Any] = {
    **OPERATORS,
    "indexOf": {"fn": strings.index_of, "arity": {1: ["String"]}, "nullable_input": True, "nullable": True},
    "replace": {
        "fn": strings.replace,
        "arity": {2: ["String", "String"]},
        "nullable_input": True,
        "nullable": True,
    },
    "dkItems": _function(_items, ["String"]),
    "weight": _function(_weight, []),
    "ordinal": _function(_weight, []),
    "sum": _function(_sum, []),
    "toString": _function(_to_string, []),
    "hasValue": _function(_has_value, []),
    "round": _function(_round, [], ["Number"]),
    "matches": _function(_matched(False), ["String"]),
    "matchesFull": _function(_matched(True), ["String"]),
    "replaceMatches": _function(_replace_matches, ["String", "String"]),
}
