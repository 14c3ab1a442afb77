"""One search term (``date=ge2026-01-01,…``) as SQL over ``current c``.

A term is true for a row when any of its comma-separated values fits (R4 search §3.1.1.5). ``ge`` and ``le`` also take
ranges that only overlap the value.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from backend_stub.fhir import dates
from backend_stub.fhir.definitions import Parameter
from backend_stub.fhir.errors import BadRequest
from backend_stub.fhir.index import fold, local

MAX_VALUES = 500
LAST = "\U0010ffff"
_PREFIX = re.compile(r"^(eq|ne|gt|lt|ge|le|sa|eb|ap)(?=[\d.+-])")
_NUMBER = re.compile(r"^[+-]?\d{1,30}(\.\d{1,30})?([eE][+-]?\d{1,2})?$")
_TABLES = {"token": "token", "string": "string", "date": "date", "reference": "ref", "uri": "uri"}
_RANGES = {  # condition on the stored range, and which ends of the asked one it takes: f(irst), l(ast)
    "eq": ("({low}>=? AND {high}<=?)", "fl"),
    "ne": ("NOT ({low}>=? AND {high}<=?)", "fl"),
    "ge": ("{high}>=?", "f"),
    "le": ("{low}<=?", "l"),
    "gt": ("{high}>?", "l"),
    "lt": ("{low}<?", "f"),
    "sa": ("{low}>?", "l"),
    "eb": ("{high}<?", "f"),
    "ap": ("({high}>=? AND {low}<=?)", "fl"),
}
_DAY = 86_400_000


@dataclass(frozen=True)
class Where:
    """A condition and its values in order."""

    sql: str
    values: tuple[object, ...] = ()

    def negated(self) -> "Where":
        """The opposite."""
        return Where(f"NOT ({self.sql})", self.values)


def every(parts: list[Where]) -> Where:
    """All of them."""
    return Where(
        " AND ".join(part.sql for part in parts) or "1", tuple(one for part in parts for one in part.values)
    )


def some(parts: list[Where]) -> Where:
    """Any of them."""
    return Where(
        f"({' OR '.join(part.sql for part in parts)})", tuple(one for part in parts for one in part.values)
    )


def split(text: str, mark: str = ",") -> list[str]:
    """Split at marks that no backslash escapes; the escapes stay."""
    return re.split(rf"(?<!\\){re.escape(mark)}", text)


def unescape(text: str) -> str:
    r"""Undo ``\,`` ``\|`` ``\$`` ``\\``."""
    return re.sub(r"\\([,|$\\])", r"\1", text)


def term(parameter: Parameter, modifier: str, value: str, base_url: str) -> Where:
    """The condition. Raises BadRequest for a value or modifier that makes no sense."""
    table = _TABLES.get(parameter.kind, "number")
    inside = f"c.n IN (SELECT n FROM {table} WHERE param=?"
    if modifier == "missing":
        return _missing(f"{inside})", parameter, value)
    if parameter.kind == "reference" and modifier == "identifier":
        return _in_index("token", parameter.key, [_token(one) for one in _values(value)])
    if parameter.kind == "token" and modifier == "text":
        return _in_index("string", f"{parameter.key}:text", [_string(one, "") for one in _values(value)])
    make = _maker(parameter, modifier, base_url)
    found = _in_index(table, parameter.key, [make(one) for one in _values(value)])
    return found.negated() if modifier == "not" else found


def last_updated(value: str) -> Where:
    """The condition of ``_lastUpdated``."""
    return some([_range(one, "c.at", "c.at") for one in _values(value)])


def ids(value: str) -> Where:
    """The condition of ``_id``."""
    wanted = tuple(unescape(one) for one in _values(value))
    return Where(f"c.id IN ({','.join('?' * len(wanted))})", wanted)


def _in_index(table: str, key: str, parts: list[Where]) -> Where:
    found = some(parts)
    return Where(f"c.n IN (SELECT n FROM {table} WHERE param=? AND {found.sql})", (key, *found.values))


def _maker(parameter: Parameter, modifier: str, base_url: str) -> Callable[[str], Where]:
    kind = parameter.kind
    if kind == "token" and modifier in ("", "not"):
        return _token
    if kind == "string" and modifier in ("", "exact", "contains"):
        return lambda value: _string(value, modifier)
    if kind == "date" and not modifier:
        return lambda value: _range(value, "low", "high")
    if kind == "reference" and (not modifier or modifier[0].isupper()):
        return lambda value: _reference(value, modifier, parameter, base_url)
    if kind == "uri" and modifier in ("", "below", "above"):
        return lambda value: _uri(value, modifier)
    if kind in ("number", "quantity") and not modifier:
        return _number
    raise BadRequest(
        f"the modifier :{modifier} is not supported for {parameter.code} ({kind})", code="not-supported"
    )


def _values(text: str) -> list[str]:
    found = split(text)
    if len(found) > MAX_VALUES:
        raise BadRequest(f"more than {MAX_VALUES} values in one search term", code="too-costly")
    if not all(found):
        raise BadRequest("a search value is empty", code="value")
    return found


def _missing(inside: str, parameter: Parameter, value: str) -> Where:
    if value not in ("true", "false"):
        raise BadRequest(":missing takes true or false", code="value")
    found = Where(inside, (parameter.key,))
    return found.negated() if value == "true" else found


def _token(value: str) -> Where:
    system, bar, code = value.partition("|") if r"\|" not in value else _escaped_bar(value)
    system, code = unescape(system), unescape(code)
    if not bar:
        return Where("code=?", (system,))
    if not system:
        return Where("(code=? AND (system IS NULL OR system=''))", (code,))
    if not code:
        return Where("system=?", (system,))
    return Where("(code=? AND (system=? OR system IS NULL))", (code, system))


def _escaped_bar(value: str) -> tuple[str, str, str]:
    parts = split(value, "|")
    return (parts[0], "|", "|".join(parts[1:])) if len(parts) > 1 else (parts[0], "", "")


def _string(value: str, modifier: str) -> Where:
    plain = unescape(value)
    if modifier == "exact":
        return Where("exact=?", (plain,))
    if modifier == "contains":
        return Where("instr(folded, ?)>0", (fold(plain),))
    return Where("(folded>=? AND folded<?)", (fold(plain), fold(plain) + LAST))


def _range(value: str, low: str, high: str) -> Where:
    prefix, rest = _prefixed(value)
    try:
        first, last = dates.parse(rest.replace(" ", "+"))
    except ValueError as problem:
        raise BadRequest("a date in the search cannot be understood", code="value") from problem
    if prefix == "ap":
        slack = last - first + _DAY
        first, last = first - slack, last + slack
    return _compare(prefix, low, high, first, last)


def _compare(prefix: str, low: str, high: str, first: float, last: float) -> Where:
    sql, ends = _RANGES[prefix]
    return Where(sql.format(low=low, high=high), tuple(first if end == "f" else last for end in ends))


def _prefixed(value: str) -> tuple[str, str]:
    found = _PREFIX.match(value)
    return (found[1], value[2:]) if found else ("eq", value)


def _reference(value: str, modifier: str, parameter: Parameter, base_url: str) -> Where:
    plain = unescape(value)
    named = local(plain, base_url)
    if named and modifier and named[0] != modifier:
        raise BadRequest(f"{parameter.code}:{modifier} was asked for another type", code="value")
    if named:
        return Where("(type=? AND id=?)", named)
    if "/" in plain or ":" in plain:
        return Where("url=?", (plain,))
    if modifier:
        return Where("(type=? AND id=?)", (modifier, plain))
    return Where("id=?", (plain,))


def _uri(value: str, modifier: str) -> Where:
    plain = unescape(value)
    if modifier == "below":
        return Where("(value=? OR (value>=? AND value<?))", (plain, plain + "/", plain + "/" + LAST))
    if modifier == "above":
        return Where("(value=? OR instr(?, value || '/')=1)", (plain, plain))
    return Where("value=?", (plain,))


def _number(value: str) -> Where:
    amount, *unit = split(value, "|")
    prefix, digits = _prefixed(amount)
    if not _NUMBER.match(digits) or len(unit) not in (0, 2):
        raise BadRequest("a number in the search cannot be understood", code="value")
    middle, slack = float(digits), _slack(prefix, Decimal(digits))
    found = _compare(prefix, "low", "high", middle - slack, middle + slack)
    return every([found, *_unit(*unit)]) if unit else found


def _slack(prefix: str, exact: Decimal) -> float:
    """How far a stored number may lie from the asked one: half of its last digit, or a tenth for ``ap``."""
    if prefix == "ap":
        return abs(float(exact)) / 10
    return float(Decimal(1).scaleb(int(exact.as_tuple().exponent)) / 2) if prefix in ("eq", "ne") else 0.0


def _unit(system: str, code: str) -> list[Where]:
    system, code = unescape(system), unescape(code)
    if system:
        return [Where("(system=? AND code=?)", (system, code))]
    return [Where("(code=? OR unit=?)", (code, code))] if code else []
