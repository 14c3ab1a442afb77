"""Counting with the resident's leave: apart from every person and every sign-in."""

from typing import Any

from app.api.counts import send
from app.bootstrap.parts import Parts
from app.stores.counts import Counts


def room(parts: Parts) -> Counts:
    """One for each session; the platform is beside the FHIR server. What was left of an earlier day is handed in now:
    the resident may never press anything more."""
    devices, base = parts.devices, parts.fhir_base.rstrip("/").rpartition("/")[0]

    async def hand_in(body: dict[str, Any]) -> None:
        http = devices.private()
        try:
            await send(http, base, body)
        finally:
            await http.aclose()

    counts = Counts(parts.choices.preferences, hand_in, parts.spawn, devices.now, devices.new_key)
    parts.spawn(counts.hand_in())
    return counts
