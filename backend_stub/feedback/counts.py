"""PUT /counts/{id}: a MeasureReport of numbers by name; without a token, and only numbers are kept."""

import json
from collections import Counter
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

MAX_BYTES, MAX_COUNT, REMEMBERED = 50_000, 10_000, 5000


class Counts:
    """Totals by name. The same report handed in again counts once."""

    def __init__(self) -> None:
        self.totals: Counter[str] = Counter()
        self._seen: dict[str, None] = {}

    def reset(self) -> None:
        """Forget everything."""
        self.totals.clear()
        self._seen.clear()

    def routes(self) -> list[BaseRoute]:
        """Its address."""
        return [Route("/counts/{id}", self.take, methods=["PUT"])]

    async def take(self, request: Request) -> Response:
        """PUT: added to the totals; anything but numbers is refused whole."""
        numbers = _numbers(await request.body())
        headers = {"Cache-Control": "no-store"}
        if numbers is None:
            return JSONResponse({}, 400, headers=headers)
        id = request.path_params["id"]
        if id not in self._seen:
            self._seen = dict(list(self._seen.items())[-REMEMBERED:]) | {id: None}
            self.totals.update(numbers)
        return JSONResponse({}, headers=headers)


def _numbers(raw: bytes) -> dict[str, int] | None:
    try:
        body: Any = json.loads(raw) if len(raw) <= MAX_BYTES else None
        groups = body["group"]
        foreign = {"subject", "reporter", "contained", "text", "extension"} & set(body)
        found = {g["code"]["coding"][0]["code"]: g["population"][0]["count"] for g in groups}
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        return None
    right = all(isinstance(k, str) and isinstance(n, int) and 0 < n <= MAX_COUNT for k, n in found.items())
    return found if right and not foreign else None
