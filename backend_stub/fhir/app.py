"""The FHIR server on HTTP: Starlette routes around ``dispatch``, one guard, and the websocket.

Use it with a prefix, so that ``POST /fhir`` (transactions) needs no redirect:
``routes = [*smart_discovery, *fhir_routes(repository, authenticate, config, prefix="/fhir")]``; routes named before it,
such as ``/fhir/.well-known/smart-configuration``, come first. Run uvicorn with ``date_header=False``: answers carry the
Date of the repository's clock. CORS is left to a middleware; it should expose ETag, Location, Last-Modified and Date.
"""

import json
import logging
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import Receive, Scope, Send

from backend_stub.fhir.access import ANONYMOUS, Access
from backend_stub.fhir.context import FhirConfig, Operation, Request, Server
from backend_stub.fhir.dispatch import Methods, dispatch
from backend_stub.fhir.errors import FhirError, NotAcceptable, TooLarge, WrongMedia, outcome
from backend_stub.fhir.exchange import Call, Reply, http_date, parse_query, reply_json
from backend_stub.fhir.live import Hub, endpoint
from backend_stub.fhir.repository import Repository

__all__ = ["Authenticate", "FhirConfig", "Operation", "Reply", "Request", "fhir_routes"]

Authenticate = Callable[[Headers], Access]
"""Token (``Authorization: Bearer …``) to Access; no header gives ANONYMOUS; a bad token raises errors.Unauthorised.
It is asked again during a websocket's life, so an expired or revoked token ends it."""

MEDIA = "application/fhir+json; charset=utf-8"
_FORMATS = ("json", "application/json", "application/fhir+json", "text/json", "application/fhir json")
_LOG = logging.getLogger(__name__)


def fhir_routes(
    repository: Repository, authenticate: Authenticate, config: FhirConfig, prefix: str = ""
) -> list[BaseRoute]:
    """Every route of the server under ``prefix``. References to ``config.base_url`` count as this server's own."""
    repository.base_url = config.base_url.rstrip("/")
    server = Server(repository, config, started=repository.now())

    door = _Door(server, authenticate)
    live = endpoint(Hub(repository), authenticate, config)
    return [
        WebSocketRoute(f"{prefix}/websocket", live),
        *([Route(prefix, door)] if prefix else []),
        Route(f"{prefix}/{{path:path}}", door),
    ]


class _Door:
    """An ASGI application, so that every method comes in and is refused in FHIR's own words."""

    def __init__(self, server: Server, authenticate: Authenticate) -> None:
        self.server, self.authenticate = server, authenticate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        http = HttpRequest(scope, receive)
        reply = await _guarded(http, self.server, self.authenticate)
        await _response(http, reply, self.server.repository.now())(scope, receive, send)


async def _guarded(http: HttpRequest, server: Server, authenticate: Authenticate) -> Reply:
    try:
        return await _handle(http, server, authenticate)
    except FhirError as problem:
        return reply_json(problem.status, problem.outcome(), _refusal_headers(problem, server))
    except RecursionError:  # what is nested so deep that walking through it ends the stack
        return reply_json(400, outcome("too-costly", "the body is nested too deep"))
    except ClientDisconnect:
        return reply_json(400, outcome("incomplete", "the body did not arrive whole"))
    except Exception as problem:  # noqa: BLE001 - the one guard: a fault becomes an answer without a traceback
        _LOG.error("unforeseen %s while answering %s", type(problem).__name__, http.method)
        return reply_json(500, outcome("exception", f"unforeseen fault: {type(problem).__name__}", "fatal"))


async def _handle(http: HttpRequest, server: Server, authenticate: Authenticate) -> Reply:
    path = tuple(part for part in http.path_params.get("path", "").split("/") if part)
    params = parse_query(http.url.query)
    raw = _check_accept(http, params, path)
    access = ANONYMOUS if path == ("metadata",) else authenticate(http.headers)
    body = await _body(http, server.config.max_body)
    headers = {name.lower(): value for name, value in http.headers.items()}
    call = Call(http.method, path, tuple(params), headers, body, wants_raw=raw)
    return dispatch(server, access, call)


async def _body(http: HttpRequest, limit: int) -> bytes:
    told = http.headers.get("content-length", "")
    if told.isdecimal() and int(told[:18]) > limit:
        raise TooLarge(f"the body is longer than {limit} bytes")
    if http.headers.get("content-encoding", "identity") != "identity":
        raise WrongMedia("compressed bodies are not taken")
    parts, size = [], 0
    async for part in http.stream():
        size += len(part)
        if size > limit:
            raise TooLarge(f"the body is longer than {limit} bytes")
        parts.append(part)
    return b"".join(parts)


def _check_accept(http: HttpRequest, params: list[tuple[str, str]], path: tuple[str, ...]) -> bool:
    """Whether a Binary's own content is wanted. Raises NotAcceptable when JSON will not do."""
    asked = dict(params).get("_format")
    if asked is not None:
        if asked.partition(";")[0].strip() not in _FORMATS:
            raise NotAcceptable("only JSON is spoken (_format)")
        return False
    accept = http.headers.get("accept", "").strip().lower() or "*/*"
    names = [part.partition(";")[0].strip() for part in accept.split(",")]
    if any("json" in name for name in names) or names == ["*/*"] or "application/*" in names:
        return False
    if path[:1] == ("Binary",) and len(path) in (2, 4) and not any("xml" in name for name in names[:1]):
        return True
    if "*/*" in names:
        return False
    raise NotAcceptable("only application/fhir+json is spoken")


def _refusal_headers(problem: FhirError, server: Server) -> dict[str, str]:
    if problem.status == 401:
        return {"WWW-Authenticate": f'Bearer realm="{server.config.base_url}"'}
    if isinstance(problem, Methods):
        return {"Allow": ", ".join(problem.allowed)}
    return {}


def _response(http: HttpRequest, reply: Reply, now: int) -> Response:
    headers = {
        "Date": http_date(now),
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
    }
    headers |= reply.headers
    if "x-request-id" in http.headers:
        headers["X-Request-Id"] = http.headers["x-request-id"]
    if reply.raw is not None:
        return Response(reply.raw, reply.status, headers)
    if reply.text:
        headers["Content-Type"] = MEDIA
    text = reply.text
    if text and http.query_params.get("_pretty") == "true":
        text = json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    return Response(text.encode(), reply.status, headers)
