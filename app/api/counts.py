"""Counts on the wire: an R4 MeasureReport of numbers by name, without a subject, a reporter or a device."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import httpx

from app.api.net import fetch
from app.api.wire import CODES
from app.errors import ServiceDown

MEASURE = "https://digiklinikka.example/fhir/Measure/counts"
MAX_BYTES, MAX_SECONDS = 100_000, 15.0


def report(id: str, counts: Mapping[str, int], month: date) -> dict[str, Any]:
    """The month is the finest time that is told."""
    return {
        "resourceType": "MeasureReport",
        "id": id,
        "status": "complete",
        "type": "summary",
        "measure": MEASURE,
        "period": {"start": f"{month:%Y-%m}", "end": f"{month:%Y-%m}"},
        "group": [
            {"code": {"coding": [{"system": f"{CODES}count", "code": name}]}, "population": [{"count": n}]}
            for name, n in sorted(counts.items())
        ],
    }


async def send(http: httpx.AsyncClient, base: str, body: dict[str, Any]) -> None:
    """Hand it in; the same id again counts once. Raises ``AppError``."""

    def build() -> httpx.Request:
        headers = {"Content-Type": "application/fhir+json", "User-Agent": "Digiklinikka"}
        url = f"{base.rstrip('/')}/counts/{body['id']}"
        return http.build_request("PUT", url, headers=headers, content=json.dumps(body).encode())

    got = await fetch(http, build, MAX_BYTES, MAX_SECONDS)
    if got.status_code >= 300:
        raise ServiceDown
