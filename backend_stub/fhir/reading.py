"""read and vread, with the conditions 304 is made of."""

import base64
from email.utils import parsedate_to_datetime
from typing import Any

from backend_stub.fhir import codec
from backend_stub.fhir.context import Request
from backend_stub.fhir.errors import Gone, NotAcceptable, NotFound
from backend_stub.fhir.exchange import Reply, version_headers
from backend_stub.fhir.repository import names_version, version_of
from backend_stub.fhir.search_query import SUMMARIES
from backend_stub.fhir.storage import Stored
from backend_stub.fhir.subset import subset


def read(request: Request) -> Reply:
    """GET [type]/[id]."""
    request.guard.require(request.type, "r")
    return _show(request, request.guard.read(request.type, request.id))


def vread(request: Request, version: str) -> Reply:
    """GET [type]/[id]/_history/[version]."""
    request.guard.require(request.type, "r")
    where = "WHERE type=? AND id=? AND version=?"
    kept = request.repository.storage.one(where, (request.type, request.id, version_of(version)))
    if not kept or not request.guard.sees(kept) or not request.temper.instance_history:
        raise NotFound(f"no such version of this {request.type}")
    if kept.deleted:
        raise Gone(f"this version is the deletion of the {request.type}")
    return _show(request, kept)


def _show(request: Request, kept: Stored) -> Reply:
    headers = version_headers(kept)
    if _unchanged(request, kept):
        return Reply(304, "", headers)
    if kept.type == "Binary" and request.call.wants_raw:
        return _raw(codec.loads(kept.text), headers)
    params = dict(request.call.params)
    elements = tuple(one for one in params.get("_elements", "").split(",") if one)
    summary = params.get("_summary", "false")
    return Reply(200, subset(kept.text, summary if summary in SUMMARIES else "false", elements), headers)


def _raw(body: dict[str, Any], headers: dict[str, str]) -> Reply:
    if "contentType" not in body:
        raise NotAcceptable("this Binary has no content type")
    headers |= {"Content-Type": body["contentType"], "Content-Disposition": "attachment"}
    return Reply(200, "", headers, raw=base64.b64decode(body.get("data", "")))


def _unchanged(request: Request, kept: Stored) -> bool:
    tags = request.call.header("if-none-match")
    if tags:
        return names_version(tags, kept.version)
    since = request.call.header("if-modified-since")
    if not since:
        return False
    try:
        moment = parsedate_to_datetime(since)
    except ValueError:
        return False
    return kept.at // 1000 <= int(moment.timestamp())
