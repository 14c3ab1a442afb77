"""A FHIR server nastier than real ones: engine and driver are tested against it, its audit log is the oracle.

Times are microseconds. ``Abilities`` are the differences between real servers; faults of the network are ``Fault``.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from enum import Enum
from typing import Any
from urllib.parse import urlencode

from app.domain.exchange import Request, Response

SECOND = 1_000_000
START = int(datetime(2026, 3, 1, 8, tzinfo=UTC).timestamp()) * SECOND
COMMIT_WINDOW = 130 * SECOND
GATEWAY = 60 * SECOND
Body = dict[str, Any]


@dataclass(frozen=True)
class Version:
    """One committed version. ``key``: the intent that made it, "" for staff. ``body`` None: deleted."""

    vid: str
    at: int
    body: Body | None
    visible: int
    key: str
    before: str | None


@dataclass(frozen=True)
class Abilities:
    """What real servers differ in; the default is the best of them."""

    put_create: bool = True
    if_none_match: bool = True
    if_none_exist: bool = True
    history: bool = True
    grain: int = 1000
    late: bool = False
    lag: int = 0
    largest_page: int = 1000
    sorts: bool = True
    dates: bool = True
    returns: bool = True
    links: bool = True
    version_conflict: int = 412


class Fault(Enum):
    """What can happen to one exchange."""

    NONE = "none"
    LOST_REQUEST = "lost request"
    LOST_RESPONSE = "lost response"
    STRAGGLER = "executed after the client gave up"
    DUPLICATE = "delivered twice"
    BUSY = "503 before the effect"
    FAILED_AFTER = "500 after the effect"
    THROTTLED = "429"
    SIGNED_OUT = "401"
    FALSE_CONFLICT = "409 although nothing is wrong"
    OUTCOME_200 = "an OperationOutcome with 200"
    EMPTY_200 = "200 without a body, after the effect"


@dataclass
class Server:
    """``log`` is the audit log: every version of every resource, in order."""

    can: Abilities = field(default_factory=Abilities)
    now: int = START
    log: dict[tuple[str, str], list[Version]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)

    # what staff and the tests do

    def write(self, type: str, id: str, body: Body | None, key: str = "", late: int = 0) -> Version | None:
        """A new version; None when another one is still being committed."""
        versions = self.log.setdefault((type, id), [])
        if versions and versions[-1].visible > self.now:
            return None
        at = max(self.now // self.can.grain * self.can.grain, versions[-1].at if versions else 0)
        before = versions[-1].vid if versions else None
        version = Version(f"v{len(versions) + 1}", at, copied(body), self.now + late, key, before)
        versions.append(version)
        return version

    def edit(self, type: str, id: str, late: int = 0, **changes: Any) -> None:
        """Staff change some fields of what is there."""
        version = self.current(type, id)
        if version and version.body is not None:
            self.write(type, id, {**version.body, **changes}, late=late)

    def current(self, type: str, id: str, at: int | None = None) -> Version | None:
        """The version that is visible."""
        horizon = self.now if at is None else at
        versions = self.log.get((type, id), [])
        return next((version for version in reversed(versions) if version.visible <= horizon), None)

    def resource(self, type: str, id: str) -> Body | None:
        """The current resource as it is served."""
        version = self.current(type, id)
        return rendered(type, id, version) if version and version.body is not None else None

    def live(self) -> Iterator[tuple[str, str, Version]]:
        """Everything that is there, whether visible yet or not."""
        for (type, id), versions in self.log.items():
            if versions[-1].body is not None:
                yield type, id, versions[-1]

    def keys(self) -> dict[str, int]:
        """How many versions each intent made."""
        made: dict[str, int] = {}
        for versions in self.log.values():
            for version in versions:
                if version.key:
                    made[version.key] = made.get(version.key, 0) + 1
        return made

    # what the client does

    def meet(self, request: Request, fault: Fault = Fault.NONE) -> Response | None:
        """One exchange with a fault (a straggler is kept by the caller and handled later)."""
        if fault in (Fault.LOST_REQUEST, Fault.STRAGGLER):
            return None
        refusals = {Fault.BUSY: 503, Fault.THROTTLED: 429, Fault.SIGNED_OUT: 401, Fault.FALSE_CONFLICT: 409}
        if fault in refusals:
            wait = {"retry-after": "1"} if fault is Fault.BUSY else {}
            return self._said(refusals[fault], headers=wait)
        if fault is Fault.OUTCOME_200:
            return self._answer(200, {"resourceType": "OperationOutcome", "issue": [{"code": "exception"}]})
        response = self.handle(request)
        if fault is Fault.DUPLICATE:
            response = self.handle(request)
        if fault is Fault.LOST_RESPONSE:
            return None
        if fault is Fault.FAILED_AFTER:
            return self._said(500)
        return self._answer(200) if fault is Fault.EMPTY_200 and response.status < 300 else response

    def handle(self, request: Request) -> Response:
        """Execute a request."""
        self.requests.append(request)
        path, headers = request.path.split("/"), {name.lower(): value for name, value in request.headers}
        match request.method, path:
            case "GET", ["metadata"]:
                return self._metadata()
            case "GET", [type]:
                return self._search(type, dict(request.params))
            case "GET", [type, id]:
                return self._read(type, id)
            case "GET", [type, id, "_history"]:
                return self._history(type, id, int(dict(request.params).get("_count", "50")))
            case "PUT", [type, id]:
                return self._put(type, id, json.loads(request.body or b"{}"), headers, request.key)
            case "POST", [type]:
                return self._post(type, json.loads(request.body or b"{}"), headers, request.key)
            case "DELETE", [type, id]:
                self.write(type, id, None, request.key)
                return self._said(204)
        raise AssertionError((request.method, request.path))

    def _metadata(self) -> Response:
        codes = ["read", "update", "search-type", *(["history-instance"] if self.can.history else [])]
        told = {
            "type": "Basic",
            "updateCreate": self.can.put_create,
            "conditionalCreate": self.can.if_none_exist,
            "interaction": [{"code": code} for code in codes],
        }
        rest = [{"mode": "server", "resource": [told, {**told, "type": "Communication"}]}]
        return self._answer(200, {"resourceType": "CapabilityStatement", "rest": rest})

    def _read(self, type: str, id: str) -> Response:
        version = self.current(type, id)
        if version is None:
            return self._said(404)
        return (
            self._said(410)
            if version.body is None
            else self._answer(200, rendered(type, id, version), version)
        )

    def _history(self, type: str, id: str, count: int) -> Response:
        if not self.can.history:
            return self._said(405)
        seen = [version for version in self.log.get((type, id), []) if version.visible <= self.now]
        if not seen:
            return self._said(404)
        entry = [_history_entry(type, id, version) for version in reversed(seen)]
        link = (
            [{"relation": "next", "url": "https://other.example/fhir?_getpages=1"}]
            if len(entry) > count
            else []
        )
        return self._answer(
            200, {"resourceType": "Bundle", "type": "history", "entry": entry[:count], "link": link}
        )

    def _put(self, type: str, id: str, body: Body, headers: dict[str, str], key: str) -> Response:
        version = self.current(type, id)
        if "if-match" in headers:
            if version is None or version.body is None:
                return self._said(404 if version is None else 410)
            if headers["if-match"] != f'W/"{version.vid}"':
                return self._said(self.can.version_conflict)
        elif not self.can.put_create:
            return self._said(405)
        elif version is not None and headers.get("if-none-match") == "*" and self.can.if_none_match:
            return self._said(412)
        return self._stored(type, id, body, key, minimal="minimal" in headers.get("prefer", ""))

    def _post(self, type: str, body: Body, headers: dict[str, str], key: str) -> Response:
        wanted = headers.get("if-none-exist", "").removeprefix("identifier=")
        horizon = self.now - self.can.lag
        found = [id for id in self._ids(type, horizon) if self._identified(type, id, wanted, horizon)]
        if wanted and self.can.if_none_exist and found:
            return self._said(412) if len(found) > 1 else self._answer(200, self.resource(type, found[0]))
        return self._stored(type, f"made-{len(self.log)}", body, key)

    def _stored(self, type: str, id: str, body: Body, key: str, minimal: bool = False) -> Response:
        if body.get("resourceType") != type or body.get("language") == "refuse":
            return self._said(422)
        bare = {name: value for name, value in body.items() if name not in ("id", "meta", "resourceType")}
        version = self.write(type, id, bare, key)
        if version is None:
            return self._said(409)
        status = 200 if version.before else 201
        served = rendered(type, id, version) if self.can.returns and not minimal else None
        return self._answer(
            status, served, version, location=f"https://s.example/fhir/{type}/{id}/_history/{version.vid}"
        )

    def _search(self, type: str, params: dict[str, str]) -> Response:
        horizon = self.now - self.can.lag
        subject, since = params.get("subject"), params.get("_lastUpdated", "").removeprefix("ge")
        floor = micros(since) if since else -1
        hits = [
            (version, id)
            for of, id in self.log
            if of == type
            and (version := self.current(type, id, horizon))
            and _matches(version, subject, floor)
        ]
        hits.sort(key=lambda hit: (hit[0].at, hit[1]), reverse=not self.can.sorts)
        if "identifier" in params:
            hits = [hit for hit in hits if self._identified(type, hit[1], params["identifier"], horizon)]
        start, count = int(params.get("_offset", "0")), min(int(params["_count"]), self.can.largest_page)
        entry = [{"resource": rendered(type, id, version)} for version, id in hits[start : start + count]]
        link = []
        if len(hits) > start + count and self.can.links:
            more = urlencode({**params, "_offset": str(start + count)})
            link = [{"relation": "next", "url": f"https://inner.example/other/{type}?{more}"}]
        bundle = {"resourceType": "Bundle", "type": "searchset", "entry": entry, "link": link}
        return self._answer(200, bundle if self.can.links else {**bundle, "total": len(hits)})

    def _ids(self, type: str, horizon: int) -> list[str]:
        return [id for (of, id) in self.log if of == type and self.current(type, id, horizon)]

    def _identified(self, type: str, id: str, wanted: str, horizon: int) -> bool:
        version = self.current(type, id, horizon)
        named = (version.body or {}).get("identifier", []) if version else []
        return any(f"{one['system']}|{one['value']}" == wanted for one in named)

    def _said(self, status: int, headers: dict[str, str] | None = None) -> Response:
        outcome = {"resourceType": "OperationOutcome", "issue": [{"code": "processing", "diagnostics": "no"}]}
        return Response(status, {**self._headers(), **(headers or {})}, None if status == 204 else outcome)

    def _answer(
        self, status: int, body: Body | None = None, version: Version | None = None, location: str = ""
    ) -> Response:
        headers = self._headers() | ({"location": location} if location else {})
        if version:
            headers |= {"etag": f'W/"{version.vid}"', "last-modified": http_date(version.at)}
        return Response(status, headers, body)

    def _headers(self) -> dict[str, str]:
        return {"date": http_date(self.now)} if self.can.dates else {}


def http_date(at: int) -> str:
    """An HTTP date: whole seconds."""
    return format_datetime(datetime.fromtimestamp(at // SECOND, UTC), usegmt=True)


def instant(at: int) -> str:
    """With an offset that is not UTC, as some servers write it."""
    moment = datetime.fromtimestamp(at / SECOND, UTC)
    return moment.isoformat(timespec="microseconds")


def copied(value: Any) -> Any:
    """A copy of JSON that nobody else has; ``deepcopy`` is far slower."""
    if isinstance(value, dict):
        return {name: copied(item) for name, item in value.items()}
    return [copied(item) for item in value] if isinstance(value, list) else value


def rendered(type: str, id: str, version: Version) -> Body:
    """The resource as it is served."""
    meta = {"versionId": version.vid, "lastUpdated": instant(version.at)}
    return {"resourceType": type, "id": id, "meta": meta, **copied(version.body or {})}


def _history_entry(type: str, id: str, version: Version) -> Body:
    if version.body is None:
        return {"request": {"method": "DELETE", "url": f"{type}/{id}"}}
    return {"resource": rendered(type, id, version), "request": {"method": "PUT", "url": f"{type}/{id}"}}


def _matches(version: Version, subject: str | None, floor: int) -> bool:
    body = version.body
    if body is None or version.at < floor:
        return False
    return subject is None or body.get("subject", {}).get("reference") == subject


def micros(text: str) -> int:
    """An instant as microseconds."""
    moment = datetime.fromisoformat(text)
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds
