"""Practice mode: the whole app with fictional people, without signing in and without a network (row S37, S39).

Everything is put together as for a resident, but with a platform that lives in the app and stores that are in memory
only. Nothing that is done here reaches anybody or is kept.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from app.api.auth import SignedIn
from app.api.practice import BASE, PracticeServer, moved_to
from app.api.tokens import Tokens
from app.assets import asset
from app.bootstrap.parts import Parts
from app.errors import BadData
from app.offline.store import Store
from app.offline.vault import OpenVault
from app.platform.secrets import MemorySecrets
from app.platform.transport import http_client
from app.stores.device import OwnDevice
from app.stores.news import News
from app.stores.practice import Inside, Practice

PEOPLE = ("emma", "petri", "raija")
"""Whose life can be practised with: files in ``assets/practice``, which a browser fetches when somebody begins."""
PLATFORM = BASE.removesuffix("/fhir")


class MemoryCabinet:
    """See ``keeping.Cabinet``: nothing is kept."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now, self.device = now, OwnDevice()

    async def public(self) -> Store:
        """See ``Cabinet``."""
        return self._store("public")

    async def open(self, account: str) -> tuple[Store, News]:
        """See ``Cabinet``."""
        return self._store(account), News.NONE

    async def guest(self, make: bool) -> Store | None:
        """See ``Cabinet``."""
        return self._store("guest") if make else None

    async def close(self, store: Store) -> None:
        """Nothing to keep."""

    async def forget(self, account: str) -> None:
        """Nothing was kept."""

    async def leave(self) -> None:
        """Practising does not sign in."""

    def _store(self, account: str) -> Store:
        return Store.open(None, OpenVault(), account, self._now)


def resources(person: str, today: date) -> list[dict[str, Any]]:
    """What that person and everybody see, with days moved to the present. BadData: there is no such person."""
    found: list[dict[str, Any]] = []
    for name in ("common", person):
        try:
            text = (asset("practice") / f"{name}.json").read_text("utf-8")
        except OSError:
            raise BadData from None
        on = date.fromisoformat(json.loads(text)["on"])
        found += json.loads(moved_to(text, on, today))["resources"]
    return found


def practice_of(parts: Parts, version: str, outer: Practice | None) -> Practice:
    """The way into practising, and in the session that is played the way out."""

    async def enter(person: str) -> tuple[Inside, Callable[[], Awaitable[None]]]:
        return await _play(parts, version, person, practice)

    practice = Practice(PEOPLE, enter, outer)
    return practice


async def _play(
    parts: Parts, version: str, person: str, outer: Practice
) -> tuple[Inside, Callable[[], Awaitable[None]]]:
    """A session of its own, as ``person``, and how to end it. Raises BadData."""
    from app.bootstrap.session import build

    now, tasks = parts.devices.now, []
    known = resources(person, now().date())
    server = PracticeServer(known, now, lambda key: parts.texts(parts.choices.language)(key))

    def spawn(job: Coroutine[Any, Any, None]) -> asyncio.Task[Any]:
        tasks.append(parts.spawn(job))
        return tasks[-1]

    here = replace(
        parts.devices,
        http=http_client(server),
        private=lambda: http_client(server),
        secrets=MemorySecrets(),
        pending=None,
        live=False,
        keeps=False,
        places=None,
        recognition=None,
    )
    run = parts.run.model_copy(update={"platform_url": PLATFORM, "web": False})
    county = parts.region.model_copy(update={"fhir_base": ""})
    cabinet = MemoryCabinet(now)
    ui, stores = await build(run, county, parts.choices, here, spawn, version, parts.texts, cabinet, outer)
    await stores.session.practise(_somebody(known, now()))

    async def stop() -> None:
        await stores.session.set_aside()  # nothing of it hears of the resident's choices any more
        for task in tasks:
            task.cancel()
        await here.http.aclose()

    return (ui, stores), stop


def _somebody(known: list[dict[str, Any]], now: datetime) -> SignedIn:
    patient = next(one["id"] for one in known if one["resourceType"] == "Patient")
    tokens = Tokens(
        "practice", now + timedelta(days=365), issuer=PLATFORM, sub=f"practice-{patient}", patient=patient
    )
    return SignedIn(tokens, tokens.sub, patient, f"Patient/{patient}", "/", f"practice-{patient}")
