"""Searches over HTTP: searchset Bundles, their links, and pages."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

from backend_stub.fhir import codec
from backend_stub.fhir.context import Request
from backend_stub.fhir.errors import BadRequest, Gone, NotAllowed, outcome
from backend_stub.fhir.exchange import Reply
from backend_stub.fhir.lag import as_of
from backend_stub.fhir.paging import ResultSet
from backend_stub.fhir.search import Finder
from backend_stub.fhir.search_query import Query, whole_number
from backend_stub.fhir.search_terms import Where
from backend_stub.fhir.storage import Storage, Stored
from backend_stub.fhir.subset import subset

PAGE, OFFSET = "_page", "_offset"
ELSEWHERE = "https://inner.example/other/fhir"
Params = Sequence[tuple[str, str]]


def search(request: Request, within: str = "") -> Reply:
    """GET [type]?… or POST [type]/_search. ``within``: id of the Patient whose compartment is searched."""
    request.guard.require(request.type, "s")
    if request.call.in_bundle and not request.temper.batch_search:
        raise NotAllowed("searches are not offered inside a Bundle")
    params = request.call.form() if request.call.method == "POST" else request.call.params
    found = dict(params)
    if PAGE in found and not within:
        return _next_page(request, found)
    offset = whole_number(found.get(OFFSET, "0"), OFFSET)
    if request.temper.search_cache and "no-cache" not in request.call.header("cache-control"):
        return _cached(request, params, within, offset)
    return _first_page(request, params, within, offset)


def _cached(request: Request, params: Params, within: str, offset: int) -> Reply:
    """The page of an earlier search in the same words by the same caller, however much has changed since."""
    key = (request.access.kind, request.access.patient, request.type, tuple(params), within)
    kept, now = request.server.searches, request.repository.now()
    if key not in kept or now - kept[key][0] >= request.temper.search_cache / timedelta(milliseconds=1):
        kept[key] = (now, _first_page(request, params, within, offset))
    return kept[key][1]


def _first_page(request: Request, params: Params, within: str, offset: int) -> Reply:
    temper = request.temper
    storage = _visible(request)
    finder = Finder(storage, request.repository.base_url, request.access)
    ignored = (OFFSET, "_sort" if temper.sort_ignored else "", "_elements" if temper.elements_ignored else "")
    query = finder.parser.parse(request.type, [one for one in params if one[0] not in ignored])
    if query.ignored and request.call.strict:
        raise BadRequest(f"unknown search parameter: {_names(query)}", code="not-supported")
    extra = Where("c.seq IN (SELECT seq FROM member WHERE patient=?)", (within,)) if within else Where("1")
    rows = finder.rows(query, _without(request, extra))
    count = min(temper.default_count if query.count is None else query.count, temper.max_count)
    result = ResultSet(request.access, query, rows, count, storage)
    path = f"Patient/{within}/{request.type}" if within else request.type
    links = [("self", _link(request, path, query.applied))]
    return _page(request, result, path, offset, links, "")


def _without(request: Request, extra: Where) -> Where:
    """Without what a source that does not answer would have told."""
    gone, _ = request.server.config.left_out(request.access, request.type)
    if not gone:
        return extra
    return Where(f"({extra.sql}) AND c.id NOT IN ({','.join('?' * len(gone))})", (*extra.values, *gone))


def _visible(request: Request) -> Storage:
    """What searches see of all that is stored."""
    temper, repository = request.temper, request.repository
    if temper.late:
        return as_of(repository, temper.late, every=3)
    return as_of(repository, temper.search_lag) if temper.search_lag else repository.storage


def _next_page(request: Request, found: dict[str, str]) -> Reply:
    result = request.server.pages.get(found[PAGE], request.access)
    if not result or result.query.type != request.type or request.temper.paging == "expired":
        raise Gone("this page link has expired; search again", code="expired")
    offset = whole_number(found.get(OFFSET, "0"), OFFSET)
    links = [("self", _page_link(request, request.type, found[PAGE], offset))]
    return _page(request, result, request.type, offset, links, found[PAGE])


def _page(
    request: Request, result: ResultSet, path: str, offset: int, links: list[tuple[str, str]], token: str
) -> Reply:
    query, rows = result.query, result.rows
    counting = query.summary == "count" or result.count == 0
    part = [] if counting else rows[offset : offset + result.count]
    if not counting and (offset or len(rows) > offset + result.count):
        links += _turns(request, result, path, offset, token)
    finder = Finder(result.storage, request.repository.base_url, request.access)
    matches = finder.load(part)
    entries = [_entry(request, one, "match", query) for one in matches]
    entries += [_entry(request, one, "include", query) for one in finder.includes(query, matches)]
    if query.ignored and not token:
        entries.append(_remark("not-supported", f"ignored, unknown search parameter: {_names(query)}"))
    silent = request.server.config.left_out(request.access, request.type)[1]
    entries += [_remark("incomplete", f"does not answer now: {name}") for name in silent]
    total = None if query.total == "none" and not counting else len(rows)
    return Reply(200, bundle_text("searchset", request.repository.now(), total, links, entries))


def _turns(request: Request, result: ResultSet, path: str, offset: int, token: str) -> list[tuple[str, str]]:
    steps = [("next", offset + result.count)] if len(result.rows) > offset + result.count else []
    steps += [("previous", max(offset - result.count, 0))] if offset else []
    if request.temper.paging == "none":
        return []
    if request.temper.paging == "offset":
        return [
            (name, _link(request, path, [*result.query.applied, (OFFSET, str(at))])) for name, at in steps
        ]
    token = token or request.server.pages.keep(result)
    links = [(name, _page_link(request, request.type, token, at)) for name, at in steps]
    if request.temper.paging == "elsewhere":
        return [(name, link.replace(request.base_url, ELSEWHERE)) for name, link in links]
    return links


def _link(request: Request, path: str, params: Params) -> str:
    query = urlencode(params, quote_via=quote, safe=":/|,$")
    return f"{request.base_url}/{path}{'?' + query if query else ''}"


def _page_link(request: Request, path: str, token: str, offset: int) -> str:
    return _link(request, path, ((PAGE, token), (OFFSET, str(offset))))


def _entry(request: Request, kept: Stored, mode: str, query: Query) -> str:
    text = subset(kept.text, query.summary, query.elements if mode == "match" else ())
    url = codec.dumps(f"{request.base_url}/{kept.type}/{kept.id}")
    return f'{{"fullUrl":{url},"resource":{text},"search":{{"mode":"{mode}"}}}}'


def _remark(code: str, text: str) -> str:
    told = codec.dumps(outcome(code, text, "warning"))
    return f'{{"resource":{told},"search":{{"mode":"outcome"}}}}'


def _names(query: Query) -> str:
    return ", ".join(sorted(set(query.ignored)))[:200]


def bundle_text(
    type: str, now: int, total: int | None, links: Sequence[tuple[str, str]], entries: Sequence[str]
) -> str:
    """A Bundle as JSON text around entries that are text already."""
    head: dict[str, Any] = {"resourceType": "Bundle", "type": type, "timestamp": codec.instant(now)}
    if total is not None:
        head["total"] = total
    if links:
        head["link"] = [{"relation": name, "url": url} for name, url in links]
    text = codec.dumps(head)
    return f'{text[:-1]},"entry":[{",".join(entries)}]}}' if entries else text


def everything(request: Request) -> Reply:
    """GET Patient/[id]/$everything: the whole compartment and the patient, in one Bundle."""
    request.guard.require("Patient", "r")
    request.guard.read("Patient", request.id)
    sql = "SELECT c.n FROM current c JOIN member m ON m.seq=c.seq WHERE m.patient=? AND c.deleted=0 ORDER BY c.n"
    rows = [row[0] for row in request.repository.storage.db.execute(sql, (request.id,))]
    finder = Finder(request.repository.storage, request.repository.base_url, request.access)
    found = [one for one in finder.load(rows) if request.access.may(one.type, "r")]
    entries = [_entry(request, one, "match", Query(one.type)) for one in found]
    return Reply(200, bundle_text("searchset", request.repository.now(), len(entries), (), entries))
