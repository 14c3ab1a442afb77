"""batch and transaction (R4 http §3.1.0.11). Order of a transaction: DELETE, POST, PUT and PATCH, GET."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

from backend_stub.fhir import codec, writing
from backend_stub.fhir.access import Access
from backend_stub.fhir.context import Request, Server
from backend_stub.fhir.errors import BadRequest, FhirError, Unprocessable
from backend_stub.fhir.exchange import Call, Reply, parse_query
from backend_stub.fhir.searching import bundle_text
from backend_stub.fhir.validate import check

Dispatch = Callable[[Server, Access, Call], Reply]
_ORDER = {"DELETE": 0, "POST": 1, "PUT": 2, "PATCH": 2, "GET": 3, "HEAD": 3}
_NEEDS = {"DELETE": ("d",), "PATCH": ("u",)}
_HEADERS = {
    "ifMatch": "if-match",
    "ifNoneMatch": "if-none-match",
    "ifModifiedSince": "if-modified-since",
    "ifNoneExist": "if-none-exist",
}
_CONDITIONAL = re.compile(r"[A-Z][A-Za-z]+\?\S+")


@dataclass
class Entry:
    """One entry: its place, the name others refer to it by, and its call."""

    at: int
    name: str
    call: Call

    @property
    def type(self) -> str:
        """The resource type in its address."""
        return self.call.path[0] if self.call.path else ""


def run(request: Request, dispatch: Dispatch) -> Reply:
    """POST [base]: answer a batch or a transaction."""
    bundle = request.call.json()
    check(_outer(bundle), "Bundle")
    kind = bundle["type"]
    if kind not in ("batch", "transaction"):
        raise BadRequest("only a batch or transaction is taken here", code="value")
    entries = [_entry(at, raw, request) for at, raw in enumerate(bundle.get("entry", ()))]
    if len(entries) > request.server.config.max_entries:
        raise Unprocessable(f"more than {request.server.config.max_entries} entries", code="too-costly")
    if kind == "transaction" and request.temper.transaction_atomic:
        answers = _transaction(request, entries, dispatch)
    else:
        answers = [_apart(request, entry, dispatch) for entry in entries]
    return Reply(200, bundle_text(f"{kind}-response", request.repository.now(), None, (), answers))


def _outer(bundle: Any) -> Any:
    """The Bundle without its resources: each is checked on its own, after references are settled."""
    entries = bundle.get("entry") if isinstance(bundle, dict) else None
    if not isinstance(entries, list):
        return bundle
    bare = [
        {k: v for k, v in one.items() if k != "resource"} if isinstance(one, dict) else one for one in entries
    ]
    return {**bundle, "entry": bare} if bare else bundle


def _entry(at: int, raw: dict[str, Any], request: Request) -> Entry:
    asked = raw.get("request")
    if not asked:
        raise BadRequest(f"entry {at} has no request", code="required")
    address, _, query = str(asked["url"]).removeprefix(f"{request.base_url}/").partition("?")
    path = tuple(unquote(part) for part in address.split("/") if part)
    kept = {name: value for name, value in request.call.headers.items() if name in ("prefer",)}
    told = {header: str(asked[name]) for name, header in _HEADERS.items() if name in asked}
    resource = _content(raw.get("resource"), asked["method"])
    call = Call(
        asked["method"], path, tuple(parse_query(query)), {**kept, **told}, resource=resource, in_bundle=True
    )
    return Entry(at, str(raw.get("fullUrl", "")), call)


def _content(resource: Any, method: str) -> Any:
    """A PATCH comes as a Binary that holds the JSON Patch (R4 http §3.1.0.8.1)."""
    if method == "PATCH" and isinstance(resource, dict) and resource.get("resourceType") == "Binary":
        return writing.unpack_patch(resource)
    return resource


def _apart(request: Request, entry: Entry, dispatch: Dispatch) -> str:
    try:
        return _answer(dispatch(request.server, request.access, _complete(entry)))
    except FhirError as problem:
        told = {"response": {"status": str(problem.status), "outcome": problem.outcome()}}
        return codec.dumps(told)


def _complete(entry: Entry) -> Call:
    bodiless = entry.call.path[-1:] == ("_search",) or (entry.call.path or ("",))[-1].startswith("$")
    writes = entry.call.method in ("POST", "PUT", "PATCH") and entry.type and not bodiless
    if writes and entry.call.resource is None:
        raise BadRequest(f"entry {entry.at} has no resource", code="required")
    return entry.call


def _transaction(request: Request, entries: list[Entry], dispatch: Dispatch) -> list[str]:
    _check_names(entries)
    answers = [""] * len(entries)
    with request.repository.transaction():
        names = _settle(request, entries)
        _check_apart(request, entries)
        for entry in sorted(entries, key=lambda one: _ORDER[one.call.method]):
            try:
                call = _complete(entry)
                call = replace(
                    call, resource=_resolved(request, call.resource, names | _beside(entry, names))
                )
                answers[entry.at] = _answer(dispatch(request.server, request.access, call))
            except FhirError as problem:
                problem.where = f"entry {entry.at}: "
                raise
    return answers


def _check_names(entries: list[Entry]) -> None:
    names = [entry.name for entry in entries if entry.name and entry.call.method in ("POST", "PUT")]
    if len(names) != len(set(names)):
        raise BadRequest("a fullUrl is used twice", code="duplicate")


def _settle(request: Request, entries: list[Entry]) -> dict[str, str]:
    """Give new resources their ids; returns {fullUrl: Type/id}."""
    names: dict[str, str] = {}
    conditions: dict[tuple[str, str], str] = {}
    for entry in entries:
        call = entry.call
        if call.method == "POST" and len(call.path) == 1:
            condition = call.header("if-none-exist")
            id = conditions.get((entry.type, condition)) if condition else None
            id = id or _existing(request, entry, parse_query(condition)) or request.repository.new_id()
            conditions[entry.type, condition] = id
            entry.call = replace(call, assigned=id)
            names[entry.name] = f"{entry.type}/{id}"
        elif call.method == "PUT" and len(call.path) == 1:
            own = call.resource.get("id") if isinstance(call.resource, dict) else None
            id = _existing(request, entry, call.params) or own or request.repository.new_id()
            entry.call = replace(call, assigned=id)
            names[entry.name] = f"{entry.type}/{id}"
        elif call.method == "PUT" and len(call.path) == 2:
            names[entry.name] = "/".join(call.path)
    names.pop("", None)
    return names


def _check_apart(request: Request, entries: list[Entry]) -> None:
    """No two entries may change one resource, found by a condition or not (R4 http §3.1.0.11.2)."""
    seen: set[tuple[str, ...]] = set()
    for entry in entries:
        call = entry.call
        if call.method not in ("PUT", "PATCH", "DELETE") or len(call.path) not in (1, 2):
            continue
        id = call.path[1] if len(call.path) == 2 else call.assigned or _existing(request, entry, call.params)
        if id and (entry.type, id) in seen:
            raise BadRequest(f"entry {entry.at}: the same resource is changed twice", code="duplicate")
        seen.add((entry.type, id or f" {entry.at}"))


def _beside(entry: Entry, names: dict[str, str]) -> dict[str, str]:
    """What ``Type/id`` means next to an absolute fullUrl: the entry of that name on the same server (§2.36.4.1)."""
    base = entry.name.rsplit("/", 2)[0] + "/"
    if not entry.name.startswith(("http://", "https://")):
        return {}
    return {name.removeprefix(base): settled for name, settled in names.items() if name.startswith(base)}


def _existing(request: Request, entry: Entry, params: Any) -> str | None:
    if not params or not entry.type:
        return None
    request.guard.require(entry.type, *_NEEDS.get(entry.call.method, ("c", "u")))
    found = writing.matches(replace(request, type=entry.type), params)
    return writing.one_match(found).id if found else None


def _resolved(request: Request, value: Any, names: dict[str, str], key: str = "") -> Any:
    """A body with fullUrls replaced by what they became, wherever they stand (identifiers' values excepted)."""
    if isinstance(value, dict):
        return {name: _resolved(request, part, names, name) for name, part in value.items()}
    if isinstance(value, list):
        return [_resolved(request, part, names, key) for part in value]
    if not isinstance(value, str) or key == "value":
        return value
    if key == "div":
        for name, settled in names.items():
            value = value.replace(f'"{name}"', f'"{settled}"')
        return value
    if key == "reference":
        return _reference(request, value, names)
    return names.get(value, value)


def _reference(request: Request, value: str, names: dict[str, str]) -> str:
    if value in names:
        return names[value]
    if value.startswith("urn:uuid:"):
        raise BadRequest("a urn:uuid reference names no entry of the transaction", code="not-found")
    if not _CONDITIONAL.fullmatch(value):
        return value
    type, _, query = value.partition("?")
    request.guard.require(type, "s")
    found = writing.matches(replace(request, type=type), parse_query(query))
    if not found:
        raise BadRequest(f"a conditional reference to {type} matches nothing", code="not-found")
    return f"{type}/{writing.one_match(found).id}"


def _answer(reply: Reply) -> str:
    told: dict[str, Any] = {"status": str(reply.status)}
    for header, name in (("Location", "location"), ("ETag", "etag")):
        if header in reply.headers:
            told[name] = reply.headers[header]
    resource = f'"resource":{reply.text},' if reply.text else ""
    return f'{{{resource}"response":{codec.dumps(told)}}}'
