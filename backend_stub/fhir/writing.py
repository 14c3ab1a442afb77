"""create, update, patch and delete of one resource, and their conditional forms."""

import base64
from datetime import timedelta
from typing import Any

from backend_stub.fhir import codec, subscriptions
from backend_stub.fhir.context import Request
from backend_stub.fhir.errors import BadRequest, Conflict, NotAllowed, NotFound, PreconditionFailed
from backend_stub.fhir.exchange import PATCH_TYPE, Reply, parse_json, parse_query, version_headers
from backend_stub.fhir.patching import apply
from backend_stub.fhir.repository import Body, names_version
from backend_stub.fhir.search import Finder
from backend_stub.fhir.storage import Stored
from backend_stub.fhir.validate import ID, check


def create(request: Request) -> Reply:
    """POST [type], conditional with If-None-Exist."""
    request.guard.require(request.type, "c")
    body = _body(request)
    criteria = request.call.header("if-none-exist")
    if criteria and request.temper.if_none_exist:
        found = _seen(
            request, matches(request, parse_query(criteria.lstrip("?").removeprefix(f"{request.type}?")))
        )
        if found:
            return request.stored(200, one_match(found))
    return _create(request, body, request.call.assigned)


def update(request: Request) -> Reply:
    """PUT [type]/[id]; creates when there is none."""
    request.guard.require(request.type, "c", "u")
    check_id(request.id)
    body = _body(request)
    if body.get("id") != request.id:
        raise BadRequest("the id in the body must be the one in the address", code="invariant")
    request.guard.check_place(body)
    newest = request.guard.newest(request.type, request.id)
    if newest and request.temper.if_none_match == "304" and request.call.header("if-none-match") == "*":
        return Reply(304, "", version_headers(newest))
    _check_conditions(request, newest)
    if newest is None or newest.deleted:
        if not newest and not request.temper.client_ids:
            raise NotFound(f"no {request.type} with this id; this server gives ids itself")
        return _create(request, body, None if request.temper.renames else request.id)
    return _update(request, newest, body)


def patch(request: Request) -> Reply:
    """PATCH [type]/[id] with JSON Patch (RFC 6902)."""
    if not request.temper.patch:
        raise NotAllowed("PATCH is not offered")
    request.guard.require(request.type, "u")
    operations = request.call.json(PATCH_TYPE)
    newest = request.guard.read(request.type, request.id)
    _check_conditions(request, newest)
    body = apply(operations, codec.loads(newest.text), request.server.config.max_body)
    check(body, request.type)
    if body.get("id") != request.id:
        raise BadRequest("a patch cannot change the id", code="invariant")
    return _update(request, newest, body)


def delete(request: Request) -> Reply:
    """DELETE [type]/[id]; again for what is deleted already changes nothing."""
    request.guard.require(request.type, "d")
    newest = request.guard.newest(request.type, request.id)
    if newest is None:
        raise NotFound(f"no {request.type} with this id")
    if newest.deleted:
        return Reply(204)
    _check_if_match(request, newest)
    request.guard.check_delete(newest)
    request.repository.delete(request.type, request.id, request.access.label)
    return Reply(204, "", {"ETag": f'W/"{newest.version + 1}"'})


def conditional_update(request: Request) -> Reply:
    """PUT [type]?criteria."""
    request.guard.require(request.type, "c", "u")
    body = _body(request)
    found = matches(request, request.call.params)
    if not found:
        if "id" in body and request.guard.newest(request.type, body["id"]):
            raise Conflict("nothing matches, and the body's id is taken")
        return _create(request, body, request.call.assigned or body.get("id"))
    kept = one_match(found)
    if body.get("id", kept.id) != kept.id:
        raise BadRequest("the id in the body is not that of the match", code="invariant")
    _check_if_match(request, kept)
    return _update(request, kept, {**body, "id": kept.id})


def conditional_patch(request: Request) -> Reply:
    """PATCH [type]?criteria."""
    request.guard.require(request.type, "u")
    found = matches(request, request.call.params)
    if not found:
        raise NotFound(f"no {request.type} matches")
    kept = one_match(found)
    return patch(Request(request.server, request.access, request.call, request.type, kept.id))


def conditional_delete(request: Request) -> Reply:
    """DELETE [type]?criteria: one match at most."""
    request.guard.require(request.type, "d")
    found = matches(request, request.call.params)
    if not found:
        return Reply(204)
    kept = one_match(found)
    return delete(Request(request.server, request.access, request.call, request.type, kept.id))


def _seen(request: Request, found: list[Stored]) -> list[Stored]:
    """Without what is too new for a server on which conditional creates race each other."""
    race = request.temper.exist_race // timedelta(milliseconds=1)
    return [one for one in found if not race or one.at <= request.repository.now() - race]


def matches(request: Request, params: Any) -> list[Stored]:
    """What a condition selects among what the caller sees. Raises PreconditionFailed for one that selects nothing."""
    if not request.temper.conditional:
        raise NotAllowed("conditional interactions are not offered")
    kept = [(name, value) for name, value in params if name not in ("_format", "_pretty")]
    if not any(not name.startswith("_") or name.startswith(("_id", "_has", "_tag")) for name, _ in kept):
        raise PreconditionFailed("the condition names no search parameter", code="required")
    return Finder(request.repository.storage, request.repository.base_url, request.access).find(
        request.type, kept
    )


def one_match(found: list[Stored]) -> Stored:
    """The only match. Raises PreconditionFailed when there are several."""
    if len(found) > 1:
        raise PreconditionFailed(f"{len(found)} resources match the condition", code="multiple-matches")
    return found[0]


def check_id(id: str) -> None:
    """Raises BadRequest unless it can be a resource id."""
    if not ID.fullmatch(id):
        raise BadRequest("the id must be 1 to 64 letters, digits, hyphens or dots", code="value")


def _body(request: Request) -> Body:
    body: Body = request.call.json()
    check(body, request.type)
    return body


def _create(request: Request, body: Body, id: str | None) -> Reply:
    request.guard.require(request.type, "c")
    id = id or request.repository.new_id()
    body = subscriptions.prepared({**body, "id": id}, request.base_url, request.temper.websocket)
    request.guard.check_write(None, body)
    body = _as_kept(request, request.server.config.before_write(request, None, body))
    request.repository.create(body, id, request.access.label, owner=request.access.patient)
    return request.stored(201, request.repository.stored(request.type, id))


def _update(request: Request, newest: Stored, body: Body) -> Reply:
    request.guard.require(request.type, "u")
    body = subscriptions.prepared(body, request.base_url, request.temper.websocket)
    before = codec.loads(newest.text)
    request.guard.check_write(before, body)
    body = _as_kept(request, request.server.config.before_write(request, before, body))
    owner = request.access.patient
    request.repository.update(request.type, newest.id, body, by=request.access.label, owner=owner)
    return request.stored(200, request.repository.stored(request.type, newest.id))


def _as_kept(request: Request, body: Body) -> Body:
    """What a server makes of a body that normalises: marks it does not know are gone, a narrative is there."""
    if not request.temper.normalises:
        return body
    known = [one for one in body.get("extension", ()) if not one.get("url", "").endswith("/client-mutation")]
    kept = {name: value for name, value in body.items() if name != "extension"}
    narrative = {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">…</div>'}
    return {**kept, **({"extension": known} if known else {}), "text": narrative}


def _check_conditions(request: Request, newest: Stored | None) -> None:
    tags = request.call.header("if-none-match")
    if tags.strip() == "*" and newest and request.temper.if_none_match != "ignored":
        gone = " and has been deleted" if newest.deleted else ""
        raise PreconditionFailed(f"this {request.type} exists already{gone}", code="duplicate")
    if tags.strip() != "*" and newest and not newest.deleted and names_version(tags, newest.version):
        raise PreconditionFailed(f"the {request.type} is at a version that was not to be", code="conflict")
    _check_if_match(request, newest)


def _check_if_match(request: Request, newest: Stored | None) -> None:
    tag = request.call.header("if-match")
    if not tag or not request.temper.if_match:
        return
    if newest is None:
        raise NotFound(f"no {request.type} with this id")
    current = not newest.deleted and names_version(tag, newest.version)
    if not current:
        stale = Conflict if request.temper.conflict == 409 else PreconditionFailed
        raise stale(f"the {request.type} is at another version", code="conflict")


def unpack_patch(binary: Body) -> Any:
    """The operations inside a Binary, as a Bundle entry carries them. Raises BadRequest."""
    check(binary, "Binary")
    return parse_json(base64.b64decode(binary.get("data", "")))
