"""_history of an instance, a type and the whole server, newest first, deletions included."""

from backend_stub.fhir import codec, dates
from backend_stub.fhir.context import Request
from backend_stub.fhir.errors import BadRequest, NotAllowed, NotFound
from backend_stub.fhir.exchange import Reply
from backend_stub.fhir.search_query import whole_number
from backend_stub.fhir.search_terms import Where, every
from backend_stub.fhir.searching import bundle_text
from backend_stub.fhir.storage import Stored

BEFORE = "_before"


def history(request: Request) -> Reply:
    """GET [type]/[id]/_history, [type]/_history or _history, with _since and _count; its pages are stable."""
    params = dict(request.call.params)
    where = every([request.guard.versions(), *_scope(request), *_since(params)])
    count = whole_number(params.get("_count", str(request.temper.default_count)), "_count")
    count = min(count, request.temper.max_count)
    db = request.repository.storage.db
    total = db.execute(f"SELECT count(*) FROM version v WHERE {where.sql}", where.values).fetchone()[0]
    part = every([where, *_before(params)])
    fits = f"AS v WHERE {part.sql} ORDER BY v.seq DESC LIMIT ?"
    found = request.repository.storage.many(fits, (*part.values, count + 1))
    entries = [_entry(request, one) for one in found[:count]]
    more = found[count - 1].seq if count and len(found) > count else None
    return Reply(200, bundle_text("history", request.repository.now(), total, _links(request, more), entries))


def _scope(request: Request) -> list[Where]:
    if request.id:
        if not request.temper.instance_history:
            raise NotAllowed("history is not offered")
        request.guard.require(request.type, "r")
        if not request.guard.newest(request.type, request.id):
            raise NotFound(f"no {request.type} with this id")
        return [Where("v.type=? AND v.id=?", (request.type, request.id))]
    if not request.temper.type_history:
        raise NotAllowed("history of a type is not offered")
    if request.type:
        request.guard.require(request.type, "s")
        return [Where("v.type=?", (request.type,))]
    return [_all_types(request)]


def _all_types(request: Request) -> Where:
    if request.access.sees_all and not request.access.scopes:
        return Where("1")
    known = [row[0] for row in request.repository.storage.db.execute("SELECT DISTINCT type FROM current")]
    types = [type for type in known if request.access.may(type, "s")]
    return Where(f"v.type IN ({','.join('?' * len(types))})", tuple(types))


def _since(params: dict[str, str]) -> list[Where]:
    if "_since" not in params:
        return []
    try:
        return [Where("v.at>=?", (dates.parse(params["_since"].replace(" ", "+"))[0],))]
    except (ValueError, OverflowError) as problem:
        raise BadRequest("_since is not an instant", code="value") from problem


def _before(params: dict[str, str]) -> list[Where]:
    return [Where("v.seq<?", (whole_number(params[BEFORE], BEFORE),))] if BEFORE in params else []


def _links(request: Request, more: int | None) -> list[tuple[str, str]]:
    path = "/".join(part for part in (request.base_url, request.type, request.id, "_history") if part)
    kept = [
        (name, value.replace("+", "%2B"))
        for name, value in request.call.params
        if name in ("_since", "_count")
    ]
    asked = "&".join(f"{name}={value}" for name, value in kept)
    links = [("self", f"{path}?{asked}" if asked else path)]
    if more:
        links.append(("next", f"{path}?{asked}{'&' if asked else ''}{BEFORE}={more}"))
    return links


def _entry(request: Request, kept: Stored) -> str:
    url = f"{kept.type}/{kept.id}"
    method = "DELETE" if kept.deleted else "PUT"
    status = "204" if kept.deleted else "201" if kept.version == 1 else "200"
    told = {
        "request": {"method": method, "url": url},
        "response": {"status": status, "etag": f'W/"{kept.version}"', "lastModified": codec.instant(kept.at)},
    }
    resource = f'"resource":{kept.text},' if kept.text else ""
    return f'{{"fullUrl":{codec.dumps(f"{request.base_url}/{url}")},{resource}{codec.dumps(told)[1:]}'
