"""HTTP answers as values: recorded from the app to be spoiled, or invented."""

import json
from dataclasses import dataclass, field, replace
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend_stub.fhir.errors import outcome

Headers = list[tuple[bytes, bytes]]
_CODES = {401: "login", 403: "forbidden", 404: "not-found", 409: "conflict", 410: "deleted", 412: "conflict"}
_PORTAL = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Guest network</title></head>
<body><h1>Welcome to the guest network</h1><p>Accept the terms of use to continue.</p></body></html>"""


@dataclass
class Reply:
    """Status, headers and whole body of an answer."""

    status: int = 200
    headers: Headers = field(default_factory=list)
    body: bytes = b""

    async def hear(self, message: Message) -> None:
        """An ASGI ``send`` that keeps what is said."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message.get("headers", ()))
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")

    def start(self) -> Message:
        """The message that begins it."""
        return {"type": "http.response.start", "status": self.status, "headers": self.headers}

    def sized(self) -> "Reply":
        """The same with the right content-length."""
        others = [(name, value) for name, value in self.headers if name.lower() != b"content-length"]
        return replace(self, headers=[*others, (b"content-length", str(len(self.body)).encode())])

    async def tell(self, send: Send, upto: int | None = None) -> None:
        """Say it; ``upto`` bytes of the body only, and leave it open there."""
        await send(self.start())
        await send({"type": "http.response.body", "body": self.body[:upto], "more_body": upto is not None})


def reply_app(reply: Reply) -> ASGIApp:
    """An application that always answers ``reply``."""

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await reply.sized().tell(send)

    return app


def status_reply(status: int, retry_after: float | None, text: str) -> Reply:
    """An OperationOutcome with any status; ``retry_after`` in seconds."""
    reply = _json(status, outcome(_CODES.get(status, "transient"), text or "Testaajan tekemä virhe"))
    if retry_after is not None:
        reply.headers.append((b"retry-after", f"{retry_after:g}".encode()))
    return reply


def expired() -> Reply:
    """What an expired token gets (RFC 6750 §3.1)."""
    reply = _json(401, outcome("login", "the access token expired"))
    reply.headers.append((b"www-authenticate", b'Bearer error="invalid_token", error_description="expired"'))
    return reply


def captive_portal() -> Reply:
    """What a hotel's network says to everything."""
    return Reply(200, [(b"content-type", b"text/html; charset=utf-8")], _PORTAL.encode())


def _json(status: int, body: dict[str, Any]) -> Reply:
    return Reply(status, [(b"content-type", b"application/fhir+json")], json.dumps(body).encode())
