"""HTTP with the sign-in provider: what goes wrong is an ``AppError``, what comes back is JSON."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

import httpx

from app.api.answers import retry_after
from app.api.net import fetch, from_elsewhere
from app.errors import BadData, Offline, Refused, ServiceDown

MAX_BYTES = 512 * 1024
MAX_SECONDS = 30.0


class ProviderHttp:
    """Raises Offline (also for a captive portal), ServiceDown and BadData; other statuses of a POST are
    answers."""

    def __init__(self, http: httpx.AsyncClient, clock: Callable[[], datetime]) -> None:
        self._http, self._clock = http, clock

    async def get(self, url: str) -> Mapping[str, Any]:
        """A JSON document. Raises Refused when it is not to be had."""
        got = await self._exchange("GET", url, {})
        if got.status_code != 200:
            raise Refused(got.status_code)
        return body_of(got)

    async def post(self, url: str, form: Mapping[str, str]) -> httpx.Response:
        """The answer to a form."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return await self._exchange("POST", url, kind, content=urlencode(form))

    async def _exchange(self, method: str, url: str, headers: dict[str, str], **more: Any) -> httpx.Response:
        headers = {"Accept": "application/json", **headers}
        build = partial(self._http.build_request, method, url, headers=headers, **more)
        got = await fetch(self._http, build, MAX_BYTES, MAX_SECONDS)
        if from_elsewhere(got, url) or 300 <= got.status_code < 400 or got.status_code == 511:
            raise Offline
        if got.status_code == 429 or got.status_code >= 500:
            raise ServiceDown(retry_after(got.headers, self._clock()))
        return got


def body_of(got: httpx.Response) -> Mapping[str, Any]:
    """The JSON object of an answer. A page for human eyes is a captive portal's: Offline."""
    if "html" in got.headers.get("content-type", "").lower():
        raise Offline
    try:
        body = got.json()
    except (ValueError, RecursionError):
        raise BadData from None
    if not isinstance(body, dict):
        raise BadData
    return body
