"""A search request understood: conditions, order, page size and what the answer should hold."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from backend_stub.fhir.access import PUBLIC_TYPES, Access
from backend_stub.fhir.definitions import Parameter, parameters, resource_types
from backend_stub.fhir.errors import BadRequest
from backend_stub.fhir.search_terms import Where, every, ids, last_updated, some, term

MAX_PARAMETERS = 100
MAX_CHAIN = 4
SUMMARIES = ("true", "false", "text", "data", "count")
_SHAPING = {"_format", "_pretty", "_contained", "_containedType"}
Order = tuple[str, tuple[object, ...]]


@dataclass(frozen=True)
class Include:
    """``_include=source:code[:target]``; ``every`` is ``*``; ``repeat`` is ``:iterate``."""

    source: str
    code: str
    target: str
    repeat: bool
    reverse: bool


@dataclass
class Query:
    """What was asked. ``applied``: the parameters understood, for the self link; ``ignored``: those that were not."""

    type: str
    where: list[Where] = field(default_factory=list)
    order: list[Order] = field(default_factory=list)
    count: int | None = None
    includes: list[Include] = field(default_factory=list)
    summary: str = "false"
    elements: tuple[str, ...] = ()
    total: str = "accurate"
    applied: list[tuple[str, str]] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)

    @property
    def condition(self) -> Where:
        """All conditions together."""
        return every(self.where)


class Parser:
    """Turns parameters into a Query, within what ``access`` may know."""

    def __init__(self, access: Access, base_url: str) -> None:
        self.access, self.base_url = access, base_url

    def parse(self, type: str, params: Sequence[tuple[str, str]]) -> Query:
        """Raises BadRequest for values that make no sense; unknown parameters are listed in ``ignored``."""
        if len(params) > MAX_PARAMETERS:
            raise BadRequest(f"more than {MAX_PARAMETERS} search parameters", code="too-costly")
        query = Query(type)
        for name, value in params:
            if name in _SHAPING:
                continue
            understood = self._shape(query, name, value) or self._filter(query, name, value)
            (query.applied.append((name, value)) if understood else query.ignored.append(name))
        return query

    def visible(self, type: str) -> Where:
        """The condition that hides from ``access`` what is not its own."""
        if self.access.sees_all or type in PUBLIC_TYPES:
            return Where("1")
        return Where("c.seq IN (SELECT seq FROM member WHERE patient=?)", (self.access.patient or "",))

    def _filter(self, query: Query, name: str, value: str) -> bool:
        found = self.condition(query.type, name, value)
        if found:
            query.where.append(found)
        return found is not None

    def condition(self, type: str, name: str, value: str, depth: int = 0) -> Where | None:
        """One ``name=value`` for a type; None when the name is unknown."""
        if name.startswith("_has:"):
            return self._has(type, name, value, depth)
        head, dot, tail = name.partition(".")
        code, _, modifier = head.partition(":")
        if dot:
            found = parameters(type).get(code)
            return (
                self._chain(found, modifier, tail, value, depth)
                if found and found.kind == "reference"
                else None
            )
        if code in ("_id", "_lastUpdated"):
            if modifier:
                raise BadRequest(f"{code} takes no modifier", code="not-supported")
            return ids(value) if code == "_id" else last_updated(value)
        parameter = parameters(type).get(code)
        return term(parameter, modifier, value, self.base_url) if parameter else None

    def _chain(self, parameter: Parameter, modifier: str, tail: str, value: str, depth: int) -> Where | None:
        _check_depth(depth)
        targets = (modifier,) if modifier else parameter.targets or _any_target(depth, parameter)
        parts = []
        for target in targets:
            inner = self.condition(target, tail, value, depth + 1) if self.access.may(target, "s") else None
            if inner:
                hidden = self.visible(target)
                parts.append(
                    Where(
                        f"(c.type=? AND {hidden.sql} AND {inner.sql})",
                        (target, *hidden.values, *inner.values),
                    )
                )
            elif not self.access.may(target, "s") and _knows(target, tail):
                parts.append(Where("0"))
        if not parts:
            return None
        found = some(parts)
        sql = (
            "c.n IN (SELECT r.n FROM ref r JOIN current c ON c.type=r.type AND c.id=r.id"
            f" WHERE r.param=? AND c.deleted=0 AND {found.sql})"
        )
        return Where(sql, (parameter.key, *found.values))

    def _has(self, type: str, name: str, value: str, depth: int) -> Where | None:
        _check_depth(depth)
        parts = name.split(":", 3)
        if len(parts) != 4 or parts[1] not in resource_types():
            return None
        _, source, code, tail = parts
        link = parameters(source).get(code)
        inner = self.condition(source, tail, value, depth + 1) if link and link.kind == "reference" else None
        if not link or not inner:
            return None
        hidden = self.visible(source) if self.access.may(source, "s") else Where("0")
        sql = (
            "(c.type, c.id) IN (SELECT r.type, r.id FROM ref r JOIN current c ON c.n=r.n"
            f" WHERE r.param=? AND c.deleted=0 AND {hidden.sql} AND {inner.sql})"
        )
        return Where(sql, (link.key, *hidden.values, *inner.values))

    def _shape(self, query: Query, name: str, value: str) -> bool:
        code, _, modifier = name.partition(":")
        if code in ("_include", "_revinclude"):
            return self._include(query, code == "_revinclude", modifier in ("iterate", "recurse"), value)
        if code == "_sort":
            return _sort(query, value)
        if code == "_count":
            query.count = whole_number(value, "_count")
        elif code == "_elements":
            query.elements += tuple(one.strip() for one in value.split(",") if one.strip())
        elif code == "_summary":
            query.summary = _one_of(value, SUMMARIES, "_summary")
        elif code == "_total":
            query.total = _one_of(value, ("none", "estimate", "accurate"), "_total")
        return code in ("_count", "_elements", "_summary", "_total")

    def _include(self, query: Query, reverse: bool, repeat: bool, value: str) -> bool:
        source, _, rest = value.partition(":")
        code, _, target = rest.partition(":")
        if value == "*":
            source, code = ("*" if reverse else query.type), "*"
        known = code == "*" or (source in resource_types() and code in parameters(source))
        if known:
            query.includes.append(Include(source, code, target, repeat, reverse))
        return known


def _sort(query: Query, value: str) -> bool:
    orders = [_order(query.type, one.strip()) for one in value.split(",")]
    if any(order is None for order in orders):
        return False
    query.order += [order for order in orders if order]
    return True


def _order(type: str, name: str) -> Order | None:
    down, code = name.startswith("-"), name.removeprefix("-")
    way = "DESC" if down else "ASC"
    if code in ("_id", "_lastUpdated"):
        return (f"c.{'id' if code == '_id' else 'at'} {way}", ())
    parameter = parameters(type).get(code)
    if not parameter or parameter.kind not in _SORTS:
        return None
    table, column = _SORTS[parameter.kind]
    pick = ("max" if down else "min") + f"({column.format('high' if down else 'low')})"
    return (f"(SELECT {pick} FROM {table} i WHERE i.n=c.n AND i.param=?) {way} NULLS LAST", (parameter.key,))


_SORTS = {
    "string": ("string", "folded"),
    "token": ("token", "code"),
    "date": ("date", "{}"),
    "number": ("number", "{}"),
    "quantity": ("number", "{}"),
    "reference": ("ref", "coalesce(id, url)"),
    "uri": ("uri", "value"),
}


def whole_number(value: str, name: str) -> int:
    """A count from a URL. Raises BadRequest."""
    if not value.isdecimal() or not value.isascii():
        raise BadRequest(f"{name} must be a whole number", code="value")
    return int(value[:9])


def _one_of(value: str, allowed: tuple[str, ...], name: str) -> str:
    if value not in allowed:
        raise BadRequest(f"{name} must be one of {', '.join(allowed)}", code="value")
    return value


def _check_depth(depth: int) -> None:
    if depth >= MAX_CHAIN:
        raise BadRequest(f"chains are followed {MAX_CHAIN} steps at most", code="too-costly")


def _any_target(depth: int, parameter: Parameter) -> tuple[str, ...]:
    if depth:
        raise BadRequest(
            f"say which type {parameter.code} leads to, such as {parameter.code}:Patient", code="too-costly"
        )
    return tuple(sorted(resource_types()))


def _knows(type: str, tail: str) -> bool:
    code = tail.partition(".")[0].partition(":")[0]
    return code in ("_id", "_lastUpdated") or code in parameters(type)
