"""A platform for practising: it lives in the app, knows fictional people, and no request ever leaves the device.

``PracticeServer`` is an httpx transport that plays a small FHIR R4 server: read, search by type (and a few parameters
that the app's rooms ask with), create and update with versions. A message is opened and answered by itself, so that a
learner sees what happens next; in a chat a scripted clinic takes its part. All is forgotten when practising ends.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, unquote

import httpx

from app.api.practice_chat import PracticeClinic, is_chat
from app.api.wire import instant

__all__ = ["BASE", "PracticeServer", "moved_to"]

BASE = "https://practice.invalid/fhir"
Resource = dict[str, Any]
_DAY = re.compile(r"(?<=\")20\d\d-\d\d-\d\d(?=[T\"])")


def moved_to(text: str, on: date, today: date) -> str:
    """The text of some resources with every day moved by whole weeks, so that ``on`` becomes about ``today``."""
    by = timedelta(weeks=round((today - on).days / 7))

    def move(found: re.Match[str]) -> str:
        return (date.fromisoformat(found[0]) + by).isoformat()

    return _DAY.sub(move, text)


class PracticeServer(httpx.AsyncBaseTransport):
    """``resources``: what it begins with. ``say``: words by their key, in the learner's language."""

    def __init__(
        self, resources: Iterable[Resource], now: Callable[[], datetime], say: Callable[[str], str]
    ) -> None:
        self._now, self._say, self._ticks = now, say, 0
        self._kept: dict[str, dict[str, Resource]] = {}
        for resource in resources:
            self._keep(resource)
        self._clinic = PracticeClinic(self._keep, self._find, now, say)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer at once."""
        root, *path = [unquote(part) for part in request.url.path.split("/") if part] or [""]
        if request.url.host != "practice.invalid" or root != "fhir" or not path:
            return self._reply(request, 404, _outcome("not-found"))
        self._clinic.step()
        if path[-1] == "$typing":
            return self._reply(request, 200, _outcome("informational"))
        if request.method == "GET":
            return self._get(request, path)
        if request.method in ("PUT", "POST") and len(path) <= 2:
            return self._put(request, path)
        if request.method == "DELETE" and len(path) == 2:
            self._kept.get(path[0], {}).pop(path[1], None)
            return httpx.Response(204, request=request)
        return self._reply(request, 405, _outcome("not-supported"))

    def _get(self, request: httpx.Request, path: list[str]) -> httpx.Response:
        if path == ["metadata"]:
            return self._reply(request, 200, _CAPABILITIES)
        if len(path) == 1:
            return self._search(request, path[0])
        found = self._find(*path[:2])
        if found is None:
            return self._reply(request, 404, _outcome("not-found"))
        return self._reply(request, 200, found)

    def _search(self, request: httpx.Request, type: str) -> httpx.Response:
        asked = parse_qs(request.url.query.decode())
        found = [one for one in self._kept.get(type, {}).values() if _matches(one, asked)]
        entries = [
            {"fullUrl": f"{BASE}/{type}/{one['id']}", "resource": one, "search": {"mode": "match"}}
            for one in found
        ]
        bundle = {"resourceType": "Bundle", "type": "searchset", "total": len(entries), "entry": entries}
        return self._reply(
            request, 200, bundle if entries else {k: v for k, v in bundle.items() if k != "entry"}
        )

    def _put(self, request: httpx.Request, path: list[str]) -> httpx.Response:
        body = json.loads(request.content)
        if len(path) == 1:
            body["id"] = body.get("id") or f"practice-{self._ticks}"
        known = self._kept.get(path[0], {}).get(str(body.get("id")))
        if known is not None and request.headers.get("If-None-Match") == "*":
            return self._reply(request, 412, _outcome("conflict"))
        wanted = request.headers.get("If-Match", "")
        if wanted and (known is None or _etag(known) != wanted):
            return self._reply(request, 412, _outcome("conflict"))
        kept = self._keep(body)
        if path[0] in ("Task", "Communication") and is_chat(body):
            self._clinic.heard(kept)
        elif path[0] == "Communication" and known is None and body.get("payload"):
            self._keep(self._answer_to(kept))
        return self._reply(request, 201 if known is None else 200, kept)

    def _find(self, type: str, id: str) -> Resource | None:
        return self._kept.get(type, {}).get(id)

    def _answer_to(self, message: Resource) -> Resource:
        """The clinic opens it and answers."""
        thread = message.get("partOf") or []
        recipient = message.get("recipient") or [{"reference": "HealthcareService/terveysasema"}]
        return {
            "resourceType": "Communication",
            "id": f"answer-{message['id']}"[:64],
            "status": "completed",
            **{name: message[name] for name in ("category", "subject", "topic") if name in message},
            "partOf": thread,
            "inResponseTo": [{"reference": f"Communication/{message['id']}"}],
            "sender": recipient[0],
            "recipient": [message.get("sender") or message.get("subject")],
            "sent": instant(self._now()),
            "payload": [{"contentString": self._say("practice.answer")}],
        }

    def _keep(self, body: Resource) -> Resource:
        self._ticks += 1
        at = self._now() + timedelta(milliseconds=self._ticks)
        own = self._kept.setdefault(body["resourceType"], {})
        version = int((own.get(body["id"]) or {}).get("meta", {}).get("versionId", 0)) + 1
        meta = {**(body.get("meta") or {}), "versionId": str(version), "lastUpdated": instant(at)}
        own[body["id"]] = {**body, "meta": meta}
        return own[body["id"]]

    def _reply(self, request: httpx.Request, status: int, body: Mapping[str, Any]) -> httpx.Response:
        headers = {"Content-Type": "application/fhir+json", "Date": format_datetime(self._now(), usegmt=True)}
        if body.get("meta", {}).get("versionId"):
            headers["ETag"] = _etag(body)
            headers["Last-Modified"] = headers["Date"]
            headers["Location"] = (
                f"{BASE}/{body['resourceType']}/{body['id']}/_history/{body['meta']['versionId']}"
            )
        return httpx.Response(status, headers=headers, content=json.dumps(body).encode(), request=request)


def _etag(body: Mapping[str, Any]) -> str:
    return f'W/"{body["meta"]["versionId"]}"'


def _outcome(code: str) -> Resource:
    return {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": code}]}


def _matches(body: Resource, asked: Mapping[str, list[str]]) -> bool:
    """A few parameters of the app's own; whatever else is asked with limits nothing."""
    for name, values in asked.items():
        wanted = values[0].split(",")
        if name in ("status", "_id") and str(body.get(name.lstrip("_"))) not in wanted:
            return False
        if name == "schedule" and (body.get("schedule") or {}).get("reference") not in wanted:
            return False
        if name == "actor" and not any(one.get("reference") in wanted for one in _actors(body)):
            return False
        if name == "start" and not all(_starts(str(body.get("start", "")), one) for one in values):
            return False
        if name == "_lastUpdated" and not all(_starts(body["meta"]["lastUpdated"], one) for one in values):
            return False
    return True


def _actors(body: Resource) -> list[Resource]:
    return [*(body.get("actor") or ()), *((one.get("actor") or {}) for one in body.get("participant") or ())]


def _starts(value: str, wanted: str) -> bool:
    """``ge`` or ``lt`` and an instant; anything else holds."""
    prefix, told = wanted[:2], wanted[2:]
    try:
        left, right = datetime.fromisoformat(value), datetime.fromisoformat(told)
    except ValueError:
        return True
    return left >= right if prefix in ("ge", "gt") else left < right


_CAPABILITIES = {
    "resourceType": "CapabilityStatement",
    "status": "active",
    "kind": "instance",
    "fhirVersion": "4.0.1",
    "format": ["json"],
    "rest": [{"mode": "server", "resource": [{"type": "Subscription", "updateCreate": True}]}],
}
