"""The video visit: a page of its own, and the signalling between the two who meet (rows C4, C5).

Picture and sound go between the two browsers (WebRTC); the server only carries what they need to find each other, a
chat line and captions, and keeps nothing of it. The way in is a personal token, bound to the appointment and the
person; it stands in the fragment of the address, so no log ever sees it. There are two seats: the resident's and the
professional's. Who comes again takes their own seat, and the connection before it is closed.

Close codes: 4403 refused, 4409 the same person came in elsewhere, 4400 malformed.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from backend_stub.booking import profile
from backend_stub.booking.diary import Diary
from backend_stub.booking.ice import Ice
from backend_stub.clinic.names import name_of
from backend_stub.clock import Clock
from backend_stub.fhir.errors import FhirError
from backend_stub.fhir.repository import Change
from backend_stub.seed.words import Resource, extension
from backend_stub.web.pages import Pages
from backend_stub.web.texts import LANGUAGES, Texts

REFUSED, ELSEWHERE, MALFORMED = 4403, 4409, 4400
OPENS_BEFORE, OPEN_AFTER = timedelta(minutes=30), timedelta(hours=1)
LONGEST = 256 * 1024
PASSED_ON = frozenset({"description", "candidate", "chat", "caption", "media"})
RESIDENT, PROFESSIONAL = "resident", "professional"


@dataclass
class Room:
    """Who is in one visit now."""

    seats: dict[str, WebSocket] = field(default_factory=dict)


class Visits:
    """Tokens, pages and the signalling of all visits."""

    def __init__(self, diary: Diary, clock: Clock, pages: Pages, root: str, ice: Ice) -> None:
        self._diary, self._clock, self._pages, self._root = diary, clock, pages, root
        self._secret, self._ice = secrets.token_bytes(32), ice
        self._texts = Texts("backend_stub.booking", name="visit.json")
        self._rooms: dict[str, Room] = {}
        self._telling: set[asyncio.Task[None]] = set()
        diary.repository.on_commit(self._on_commit)

    def routes(self) -> list[BaseRoute]:
        """The pages and the socket."""
        return [
            Route("/visit/test", self.test),
            Route("/visit/{id}", self.page),
            WebSocketRoute("/visit/{id}/socket", self.socket),
        ]

    def address(self, appointment: Resource, who: str) -> str:
        """The personal way in for ``who`` (``Patient/…`` or ``Practitioner/…``)."""
        return f"{self._root}/visit/{appointment['id']}#{self._token(appointment['id'], who)}"

    async def test(self, request: Request) -> Response:
        """The device test: camera, microphone, sound; nobody else is there."""
        return self._show("visit/test.html", request)

    async def page(self, request: Request) -> Response:
        """The visit's page: without its token it is empty."""
        return self._show("visit/room.html", request)

    async def socket(self, websocket: WebSocket) -> None:
        """``join`` with the token first; then what one sends goes to the other."""
        await websocket.accept()
        id = websocket.path_params["id"]
        role = await self._seated(websocket, id)
        if not role:
            return
        room = self._rooms.setdefault(id, Room())
        before = room.seats.get(role)
        room.seats[role] = websocket
        if before is not None:
            with suppress(RuntimeError, WebSocketDisconnect):
                await before.close(ELSEWHERE)
        try:
            await self._greet(id, role)
            await self._carry(websocket, id, role)
        except WebSocketDisconnect:
            return
        finally:
            await self._left(websocket, id, role)

    def _show(self, template: str, request: Request) -> Response:
        asked = request.query_params.get("lang", "fi")
        language = asked if asked in LANGUAGES else "fi"
        return self._pages.show(
            template, language=language, t=self._texts.of(language), table=self._table(language)
        )

    def _table(self, language: str) -> str:
        """The texts of the script, with their placeholders."""
        told = ((key, words) for key, words in self._texts.table.items() if key.startswith("js."))
        return json.dumps({key: words.get(language, words["fi"]) for key, words in told})

    async def _seated(self, websocket: WebSocket, id: str) -> str:
        """The role of who may come in; an empty string for everybody else, who is sent away."""
        origin = urlsplit(websocket.headers.get("origin", "")).netloc
        here = origin in ("", websocket.headers.get("host", ""))
        try:
            told = await _message(websocket) if here else {}
        except WebSocketDisconnect:
            return ""
        role = self._role(id, str(told.get("token", ""))) if told.get("type") == "join" else ""
        if not role:
            await websocket.close(REFUSED)
        return role

    def _role(self, id: str, token: str) -> str:
        who = self._read(id, token)
        try:
            body = self._diary.repository.read("Appointment", id)
        except FhirError:
            return ""
        if not who or not self._is_open(body, who):
            return ""
        if who == f"Patient/{profile.patient_of(body)}":
            return RESIDENT
        return PROFESSIONAL if who.startswith("Practitioner/") else ""

    def _is_open(self, body: Resource, who: str) -> bool:
        now, start = self._clock.now(), profile.starts(body)
        begins = start - OPENS_BEFORE if who.startswith("Patient/") else start - timedelta(days=1)
        end = datetime.fromisoformat(body["end"]) + OPEN_AFTER
        return body["status"] in profile.LIVING and profile.mode_of(body) == "video" and begins <= now <= end

    async def _greet(self, id: str, role: str) -> None:
        body = self._diary.repository.read("Appointment", id)
        if role == PROFESSIONAL and not profile.get(body, "visit-state"):
            mark = extension("visit-state", valueCode="started")
            body = self._diary.change(id, "visit", mark)
        seats = self._rooms[id].seats
        welcome = {"type": "welcome", "role": role, "other": len(seats) == 2, "with": self._other(body, role)}
        welcome["ice"] = self._ice.servers()
        await _send(seats.get(role), welcome | self._state(body))
        await _send(self._opposite(id, role), {"type": "came"})
        await self._tell(id)

    async def _carry(self, websocket: WebSocket, id: str, role: str) -> None:
        while True:
            told = await _message(websocket)
            if told.get("type") not in PASSED_ON:
                await websocket.close(MALFORMED)
                return
            await _send(self._opposite(id, role), told)

    async def _left(self, websocket: WebSocket, id: str, role: str) -> None:
        room = self._rooms.get(id)
        if room is None or room.seats.get(role) is not websocket:
            return
        del room.seats[role]
        await _send(self._opposite(id, role), {"type": "left"})
        if not room.seats:
            self._rooms.pop(id, None)

    def _opposite(self, id: str, role: str) -> WebSocket | None:
        room = self._rooms.get(id)
        return room.seats.get(PROFESSIONAL if role == RESIDENT else RESIDENT) if room else None

    def _state(self, body: Resource) -> dict[str, Any]:
        delay = profile.get(body, "delay").get("valueInteger", 0)
        started = profile.get(body, "visit-state").get("valueCode") == "started"
        over = {"cancelled": "cancelled", "fulfilled": "over", "noshow": "over"}.get(body["status"], "")
        return {
            "state": over or ("started" if started else "waiting"),
            "delay": delay,
            "phone": self._phone(body),
        }

    def _other(self, body: Resource, role: str) -> str:
        type = "Practitioner" if role == RESIDENT else "Patient"
        id = profile.first(profile.actors(body, type))
        try:
            return name_of(self._diary.repository.read(type, id))
        except FhirError:
            return ""

    def _phone(self, body: Resource) -> str:
        service = profile.first(profile.actors(body, "HealthcareService"))
        try:
            told = self._diary.repository.read("HealthcareService", service).get("telecom", ())
        except FhirError:
            return ""
        return str(next((one["value"] for one in told if one.get("system") == "phone"), ""))

    def _on_commit(self, change: Change) -> None:
        if change.type == "Appointment" and change.id in self._rooms:
            with suppress(RuntimeError):  # outside of the loop nobody listens
                task = asyncio.get_running_loop().create_task(self._tell(change.id))
                self._telling.add(task)
                task.add_done_callback(self._telling.discard)

    async def _tell(self, id: str) -> None:
        """The state of the visit to everybody in it."""
        room = self._rooms.get(id)
        if room is None:
            return
        state = {"type": "state", **self._state(self._diary.repository.read("Appointment", id))}
        for seat in tuple(room.seats.values()):
            await _send(seat, state)

    def _token(self, id: str, who: str) -> str:
        told = base64.urlsafe_b64encode(f"{id} {who}".encode()).decode().rstrip("=")
        return f"{told}.{self._sign(told)}"

    def _read(self, id: str, token: str) -> str:
        """Who the token is for; nobody when it is not ours or of another visit."""
        told, _, signature = token.partition(".")
        if not hmac.compare_digest(signature, self._sign(told)):
            return ""
        try:
            visit, _, who = base64.urlsafe_b64decode(told + "=" * (-len(told) % 4)).decode().partition(" ")
        except (ValueError, UnicodeDecodeError):
            return ""
        return who if visit == id else ""

    def _sign(self, told: str) -> str:
        return hmac.new(self._secret, told.encode(), hashlib.sha256).hexdigest()


async def _message(websocket: WebSocket) -> dict[str, Any]:
    """The next message; an empty one when it is none. Raises WebSocketDisconnect."""
    text = await websocket.receive_text()
    if len(text) > LONGEST:
        return {}
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


async def _send(websocket: WebSocket | None, told: dict[str, Any]) -> None:
    if websocket is not None:
        with suppress(RuntimeError, WebSocketDisconnect):
            await websocket.send_text(json.dumps(told))
