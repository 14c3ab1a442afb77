"""From method and address to a handler. HTTP requests and Bundle entries come through the same door."""

import re
from collections.abc import Callable
from dataclasses import replace

from backend_stub.fhir import bundles, history, reading, searching, writing
from backend_stub.fhir.access import Access
from backend_stub.fhir.capability import capabilities
from backend_stub.fhir.context import Operation, Request, Server
from backend_stub.fhir.definitions import compartment, resource_types
from backend_stub.fhir.errors import BadRequest, NotAllowed, NotFound
from backend_stub.fhir.exchange import Call, Reply
from backend_stub.fhir.operations import OWN_OPERATIONS

Handler = Callable[[Request], Reply]
_INSTANCE: dict[str, Handler] = {
    "GET": reading.read,
    "PUT": writing.update,
    "PATCH": writing.patch,
    "DELETE": writing.delete,
}
_TYPE: dict[str, Handler] = {
    "GET": searching.search,
    "POST": writing.create,
    "PUT": writing.conditional_update,
    "PATCH": writing.conditional_patch,
    "DELETE": writing.conditional_delete,
}


_FRACTION = re.compile(r'("lastUpdated":"[^".]+)\.\d+Z')


class Methods(NotAllowed):
    """Another method would do: ``allowed`` names them."""

    def __init__(self, allowed: tuple[str, ...]) -> None:
        super().__init__(f"here only {', '.join(allowed)} is understood")
        self.allowed = allowed


def dispatch(server: Server, access: Access, call: Call) -> Reply:
    """Answer one call. Writes are committed when it returns. Raises FhirError; nothing is kept then."""
    reply = _answer(server, access, call)
    if server.config.temper().coarse_times and not call.in_bundle:
        return replace(reply, text=_FRACTION.sub(r"\1Z", reply.text))
    return reply


def _answer(server: Server, access: Access, call: Call) -> Reply:
    path = call.path
    request = Request(server, access, call, path[0] if path else "", path[1] if len(path) > 1 else "")
    if not path:
        return _by_method(request, {"POST": lambda one: bundles.run(one, dispatch)})
    if path == ("metadata",):
        return _by_method(request, {"GET": lambda one: Reply(200, capabilities(one.server))})
    if path == ("_history",):
        return _by_method(Request(server, access, call), {"GET": history.history})
    if path[-1].startswith("$"):
        return _operation(request)
    if path[0] not in resource_types():
        raise NotFound("no such resource type", code="not-supported")
    if call.method in ("GET", "HEAD"):
        return _typed(request)
    with server.repository.transaction():
        return _typed(request)


def _typed(request: Request) -> Reply:
    path = request.call.path
    whole_type = Request(request.server, request.access, request.call, request.type)
    if len(path) == 1:
        return _by_method(whole_type, _TYPE)
    if path[1] == "_history" and len(path) == 2:
        return _by_method(whole_type, {"GET": history.history})
    if path[1] == "_search" and len(path) == 2:
        return _posted_search(whole_type)
    writing.check_id(request.id)
    if len(path) == 2:
        return _by_method(request, _INSTANCE)
    if path[2] == "_history" and len(path) == 3:
        return _by_method(request, {"GET": history.history})
    if path[2] == "_history" and len(path) == 4:
        return _by_method(request, {"GET": lambda one: reading.vread(one, path[3])})
    return _in_compartment(request)


def _posted_search(request: Request) -> Reply:
    if not request.temper.post_search:
        raise NotAllowed("_search is not offered")
    return _by_method(request, {"POST": searching.search})


def _in_compartment(request: Request) -> Reply:
    path = request.call.path
    searched = path[3:] in ((), ("_search",))
    if path[0] != "Patient" or not searched or path[2] not in (*compartment(), "Binary"):
        raise NotFound("no such address", code="not-supported")
    request.guard.require("Patient", "r")
    request.guard.read("Patient", request.id)
    inner = Request(request.server, request.access, request.call, path[2])
    method = "POST" if len(path) == 4 else "GET"
    return _by_method(inner, {method: lambda one: searching.search(one, within=request.id)})


def _operation(request: Request) -> Reply:
    path, call = request.call.path, request.call
    level = ("system", "type", "instance")[len(path) - 1] if len(path) <= 3 else ""
    offered = request.server.config.operations if request.temper.operations else ()
    for one in (*OWN_OPERATIONS, *offered):
        if (one.name, one.level) == (path[-1][1:], level) and (level == "system" or path[0] in one.types):
            return _run_operation(one, request, call)
    raise NotFound("no such operation", code="not-supported")


def _run_operation(operation: Operation, request: Request, call: Call) -> Reply:
    if call.method not in (("GET", "POST") if operation.get else ("POST",)):
        raise Methods(("GET", "POST") if operation.get else ("POST",))
    type = "" if operation.level == "system" else request.type
    id = request.id if operation.level == "instance" else ""
    with request.repository.transaction():
        return operation.run(Request(request.server, request.access, call, type, id))


def _by_method(request: Request, handlers: dict[str, Handler]) -> Reply:
    method = "GET" if request.call.method == "HEAD" else request.call.method
    handler = handlers.get(method)
    if not handler:
        raise Methods(tuple(handlers))
    if request.call.in_bundle and method == "POST" and not request.call.path:
        raise BadRequest("a Bundle inside a Bundle is not taken")
    return handler(request)
