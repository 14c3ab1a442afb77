"""Is it an answer of the FHIR server, and what does it mean?

Between the app and the server stand captive portals, proxies and broken connections. What they say must never
pass for the server's word: a portal's page with status 200 is not an acceptance, its 404 does not mean that
something is gone.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
from pydantic_core import from_json

from app.api.net import from_elsewhere
from app.domain.exchange import Request, Response
from app.errors import BadData, Conflict, Offline, Refused, ServiceDown, SignedOut

FHIR_JSON = "application/fhir+json"
MAX_RETRY_AFTER = 3600.0  # seconds; nobody is kept waiting longer by one header

_WITHOUT_FHIR_TOO = frozenset(
    {401, 408, 413, 414, 415, 429}
)  # meaningful also from a gateway in front of the server
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})


def parsed(request: Request, got: httpx.Response, base_url: str, now: datetime) -> Response:
    """The server's answer. Raises Offline for a captive portal's, BadData for a damaged or foreign one."""
    status = got.status_code
    if from_elsewhere(got, base_url) or status == 511 or (300 <= status < 400 and status != 304):
        raise Offline
    headers = _headers(got, now)
    body = _body(got)
    if 200 <= status < 300:
        body = _success(request, body)
    return Response(status, headers, body, got.content)


def check(response: Response) -> None:
    """Raises the ``AppError`` that an answer other than success means."""
    status = response.status
    if status < 400:
        return
    if status == 401:
        raise SignedOut
    if status in (409, 412):
        raise Conflict
    if status in _PASSING or status >= 500:
        raise ServiceDown(_seconds(response.headers.get("retry-after", "")))
    raise refusal(status, response.body)


def refusal(status: int, outcome: Any) -> Refused:
    """What an OperationOutcome says of a refusal: the first issue that tells something."""
    issues = [i for i in _issues(outcome) if i.get("severity") in ("error", "fatal")] or _issues(outcome)
    first = issues[0] if issues else {}
    details = first.get("details")
    words = first.get("diagnostics") or (details.get("text") if isinstance(details, dict) else "")
    return Refused(status, words if isinstance(words, str) else "", str(first.get("code", "")))


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds to wait as ``Retry-After`` tells (seconds or a date); None when it does not. At most an hour.

    A date is measured from the answer's own ``Date``, for the device's clock may be wrong.
    """
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return min(float(value), MAX_RETRY_AFTER)
    until = http_date(value)
    if until is None:
        return None
    since = http_date(headers.get("date", "")) or now
    return min(max((until - since).total_seconds(), 0.0), MAX_RETRY_AFTER)


def _headers(got: httpx.Response, now: datetime) -> dict[str, str]:
    headers = dict(got.headers)
    wait = retry_after(headers, now)
    if wait is None:
        headers.pop("retry-after", None)
        return headers
    return headers | {"retry-after": str(wait)}


def _body(got: httpx.Response) -> Any:
    if not got.content.strip():
        return None
    kind = got.headers.get("content-type", "").partition(";")[0].strip().lower()
    resource = _resource(got.content) if kind.endswith(("/json", "+json")) else None
    if resource is not None or got.status_code >= 500 or got.status_code in _WITHOUT_FHIR_TOO:
        return resource
    if kind in ("text/html", "application/xhtml+xml"):
        raise Offline
    raise BadData


def _resource(content: bytes) -> dict[str, Any] | None:
    try:
        body = from_json(content)  # twice as quick as the standard parser, and strings that repeat are shared
    except ValueError:
        body = _unusual(content)
    return body if isinstance(body, dict) and isinstance(body.get("resourceType"), str) else None


def _unusual(content: bytes) -> Any:
    """What the quick parser does not take: nested deep, another encoding, half a character; None for no JSON at all."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _success(request: Request, body: Any) -> Any:
    """The resource of a success. Advice that came instead of one after a write is no resource: None."""
    reading = request.method in ("GET", "HEAD") or request.path.endswith("_search")
    if body is None and reading:
        raise BadData
    if (
        body is None
        or body["resourceType"] != "OperationOutcome"
        or request.path.startswith("OperationOutcome")
    ):
        return body
    if any(i.get("severity") in ("error", "fatal") for i in _issues(body)) or reading:
        raise refusal(200, body)
    return None


def _issues(outcome: Any) -> list[dict[str, Any]]:
    issues = outcome.get("issue") if isinstance(outcome, dict) else None
    return [i for i in issues if isinstance(i, dict)] if isinstance(issues, list) else []


def _seconds(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None


def http_date(value: str) -> datetime | None:
    """A date as HTTP writes it; None when it is none."""
    try:
        date = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
