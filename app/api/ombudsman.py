"""The ombudsman's platform on the wire: R4 Communications without a subject, and nothing that identifies.

It has its own address and its own connections; no token of a sign-in goes there but with a signed-in letter. Every
request is noted in ``left``: what the panel "what leaves this device" shows is what was really sent.
"""

import json
from collections.abc import Callable
from typing import Any

import httpx
from pydantic import ValidationError

from app.api.answers import check
from app.api.messages import clean
from app.api.net import fetch, from_elsewhere
from app.api.wire import CODES, Communication, moment
from app.domain.exchange import Response
from app.domain.ombudsman import About, Left, Matter, Said, Standing
from app.errors import BadData, Offline, SignedOut

MAX_BYTES, MAX_SECONDS = 1_000_000, 20.0
HEADERS = {"Accept": "application/json", "User-Agent": "Digiklinikka", "Accept-Language": "*"}
"""The same from every device."""


class OmbudsmanClient:
    """One way to the ombudsman, with a connection of its own. ``close`` ends it and forgets everything."""

    def __init__(self, base: str, http: httpx.AsyncClient) -> None:
        self._base, self._http = base.rstrip("/"), http
        self.left: tuple[Left, ...] = ()

    async def begin_talk(self, about: About, language: str) -> str:
        """A new talk; the key that leads to it, to be kept in memory only."""
        body = await self._ask("POST", "talk", {"about": about.value, "language": language})
        key = body.get("key")
        if not isinstance(key, str) or not key:
            raise BadData
        return key

    async def look(self, key: str) -> Matter:
        """The talk as it is now."""
        return to_matter(await self._ask("GET", "talk", key=key))

    async def say(self, key: str, id: str, text: str) -> Matter:
        """Write in the talk; the same id again is the same message."""
        return to_matter(await self._ask("PUT", f"talk/{id}", communication(id, text), key=key))

    async def leave(self, key: str) -> None:
        """The talk is over, and erased there."""
        await self._ask("DELETE", "talk", key=key)

    async def write(self, id: str, code: str, about: About, language: str, text: str) -> Matter:
        """A letter whose answer the code leads to; the same id again is the same letter."""
        body = {"code": code, "about": about.value, "language": language, "message": communication(id, text)}
        return to_matter(await self._ask("PUT", f"letter/{id}", body))

    async def collect(self, code: str) -> Matter:
        """The letter and its answer. Refused with 404: there is none by that code."""
        return to_matter(await self._ask("POST", "answer", {"code": code}))

    async def erase(self, code: str) -> None:
        """The letter and its answer are erased there."""
        await self._ask("POST", "erase", {"code": code})

    async def mine(self, token: str) -> tuple[Matter, ...]:
        """The letters of who is signed in."""
        body = await self._ask("GET", "mine", key=token)
        letters = body.get("letters")
        return tuple(to_matter(one) for one in letters) if isinstance(letters, list) else ()

    async def write_signed(
        self, token: str, letter: str, id: str, about: About, language: str, text: str
    ) -> Matter:
        """A letter in one's own name."""
        body = {"about": about.value, "language": language, "message": communication(id, text)}
        return to_matter(await self._ask("PUT", f"mine/{letter}/{id}", body, key=token))

    async def close(self) -> None:
        """Close the connection and forget what was sent."""
        self.left = ()
        await self._http.aclose()

    async def _ask(
        self, method: str, path: str, body: dict[str, Any] | None = None, *, key: str = ""
    ) -> dict[str, Any]:
        url = f"{self._base}/{path}"
        headers = HEADERS | ({"Authorization": f"Bearer {key}"} if key else {})
        content = json.dumps(body).encode() if body is not None else None
        if content is not None:
            headers = headers | {"Content-Type": "application/json"}

        def build() -> httpx.Request:
            return self._http.build_request(method, url, headers=headers, content=content)

        self._note(body)
        got = await fetch(self._http, build, MAX_BYTES, MAX_SECONDS)
        self._http.cookies.clear()
        return _answer(got, url)

    def _note(self, body: dict[str, Any] | None) -> None:
        if body is None:
            return
        message = body.get("message", body)
        text = message["payload"][0]["contentString"] if "payload" in message else ""
        names = [name for name in ("about", "language", "code") if name in body]
        noted = Left(what=(*(["text"] if text else []), *names), characters=len(text))
        self.left = (*self.left, noted)


def communication(id: str, text: str) -> dict[str, Any]:
    """A message as R4: about nobody, from nobody."""
    category = {"system": f"{CODES}communication-category", "code": "ombudsman"}
    return {
        "resourceType": "Communication",
        "id": id,
        "contained": [{"resourceType": "Patient", "id": "nobody"}],
        "status": "completed",
        "category": [{"coding": [category]}],
        "sender": {"reference": "#nobody"},
        "payload": [{"contentString": clean(text)}],
    }


def to_matter(body: Any) -> Matter:
    """What the platform tells of a talk or letter. Raises BadData."""
    try:
        return Matter(
            id=str(body.get("id", "")),
            about=About(body.get("about", "unknown")),
            standing=Standing(body.get("status", "waiting")),
            place=int(body.get("place") or 0),
            who=str(body.get("who") or ""),
            messages=tuple(_said(one) for one in body.get("messages", ())),
        )
    except (ValueError, TypeError, AttributeError):
        raise BadData from None


def _said(resource: Any) -> Said:
    try:
        wire = Communication.model_validate(resource)
    except ValidationError:
        raise BadData from None
    mine = bool(wire.sender and wire.sender.reference == "#nobody")
    return Said(
        id=wire.id or "",
        mine=mine,
        text="\n".join(p.contentString for p in wire.payload if p.contentString),
        who=wire.sender.display if wire.sender and not mine else "",
        at=moment(wire.sent),
    )


def _answer(got: httpx.Response, url: str) -> dict[str, Any]:
    """The body of a success; what lies between the app and the platform never passes for its word."""
    kind = got.headers.get("content-type", "").partition(";")[0]
    if from_elsewhere(got, url) or kind == "text/html" or 300 <= got.status_code < 400:
        raise Offline
    headers = {"retry-after": got.headers.get("retry-after", "")}
    if got.status_code == 401:
        raise SignedOut
    check(Response(got.status_code, headers))
    try:
        body = json.loads(got.content)
    except ValueError:
        raise BadData from None
    if not isinstance(body, dict):
        raise BadData
    return body


Make = Callable[[], OmbudsmanClient]
