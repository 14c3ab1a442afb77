"""The live hint: the platform rings when something changed, and the sync looks. A doorbell, never a feed."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from urllib.parse import urlencode

from app.api.auth import TokenKeeper
from app.api.fhir import FhirClient
from app.api.live import connect, ensure_subscription, websocket_url
from app.errors import AppError, Refused, SignedOut
from app.offline.engine import Scope
from app.offline.store import Store
from app.offline.sync import Sync

LONGEST_WAIT = 15.0


class Doorbell:
    """Listens for one person's scope until it is cancelled. A server without websockets is polled by the sync alone."""

    def __init__(
        self,
        client: FhirClient,
        tokens: TokenKeeper,
        store: Store,
        sync: Sync,
        scope: Scope,
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]],
        random: Callable[[], float],
        new_key: Callable[[], str],
    ) -> None:
        self._client, self._tokens, self._store, self._sync, self._scope = client, tokens, store, sync, scope
        self._now, self._sleep, self._random, self._new_key = now, sleep, random, new_key
        self._note = "subscription" if scope.type == "Communication" else f"subscription:{scope.type}"
        self._address: str | None = None
        self._failures = 0

    async def listen(self) -> None:
        """Connect, pass rings on, connect again; a connection that is new rings too, for what was missed before it."""
        while True:
            try:
                if not await self._find():
                    return
                await self._hear()
            except AppError as problem:
                self._failures += 1
                self._forget(problem)
            await self._sleep(0.5 + self._random() * min(LONGEST_WAIT, 2.0 ** min(self._failures, 6)))

    async def _find(self) -> bool:
        """Where the doorbell is; False when the server has none."""
        if self._address is None:
            self._address = websocket_url(await self._client.capabilities(), self._client.base_url)
        return self._address is not None

    async def _hear(self) -> None:
        token = await self._tokens.token()
        if token is None:
            raise SignedOut
        subscription = await self._subscription()
        assert self._address is not None, "_find() comes first"
        async for _ in connect(self._address, token, subscription):
            self._failures = 0
            self._sync.nudge(self._scope)

    async def _subscription(self) -> str:
        criteria = f"{self._scope.type}?{urlencode(self._scope.params, safe='/')}"
        note = self._store.recall(self._note) or {}
        made = await ensure_subscription(self._client, criteria, note.get("id"), self._new_key(), self._now())
        if made != note.get("id"):
            self._store.remember(self._note, {"id": made})
        return made

    def _forget(self, problem: AppError) -> None:
        """The server no longer knows the subscription: make another one."""
        if isinstance(problem, Refused):
            self._store.remember(self._note, {})
