"""The tokens of one sign-in: what they are, and who keeps them fresh."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol, Self

from app.errors import AppError, SignedOut

EARLY = timedelta(
    seconds=45
)  # renewed this long before the end, so that no request leaves with a dying token
REVOKE_SECONDS = 5.0
STORED_AS = "tokens"


@dataclass(frozen=True)
class Tokens:
    """What the provider gave, and to whom. ``expires_at`` is by this device's clock. Never shown in a
    repr."""

    access: str = field(repr=False)
    expires_at: datetime
    refresh: str = field(default="", repr=False)
    id_token: str = field(default="", repr=False)
    issuer: str = ""
    sub: str = field(default="", repr=False)
    patient: str = field(default="", repr=False)
    fhir_user: str = field(default="", repr=False)

    def to_json(self) -> str:
        """For the keychain."""
        return json.dumps(asdict(self) | {"expires_at": self.expires_at.isoformat()})

    @classmethod
    def from_json(cls, text: str) -> Self | None:
        """What ``to_json`` wrote; None when it cannot be read."""
        try:
            values = json.loads(text)
            return cls(**values | {"expires_at": datetime.fromisoformat(values["expires_at"])})
        except (ValueError, TypeError, KeyError):
            return None


@dataclass(frozen=True)
class SignedIn:
    """Who signed in. ``account`` names the stored data of this person at this platform and tells nothing of
    either.

    ``patient``: id of the Patient whose matters the token opens; ``return_to``: route of the app to go to.
    """

    tokens: Tokens
    sub: str = field(repr=False)
    patient: str = field(repr=False)
    fhir_user: str = field(repr=False)
    return_to: str = "/"
    account: str = ""


def account_of(issuer: str, sub: str, fhir_base: str) -> str:
    """The name of an account on this device."""
    return hashlib.sha256("|".join((issuer, sub, fhir_base.rstrip("/"))).encode()).hexdigest()


class Provider(Protocol):
    """What a keeper needs of the sign-in: ``auth.Oidc`` is one."""

    async def refresh(self, tokens: Tokens) -> Tokens:
        """New tokens for old; raises SignedOut when the provider refuses."""
        ...

    async def revoke(self, tokens: Tokens) -> None:
        """End them at the provider."""
        ...


class Values(Protocol):
    """Small named texts that outlive the session; ``platform.secrets.Secrets`` and browser storage are
    such."""

    async def get(self, name: str) -> str | None:
        """What is kept under ``name``, or None."""
        ...

    async def set(self, name: str, value: str) -> None:
        """Keep ``value``."""
        ...

    async def delete(self, name: str) -> None:
        """Forget what is kept under ``name``."""
        ...


class TokenKeeper:
    """Keeps the tokens of one session fresh: one renewal at a time, however many ask.

    With ``secrets`` the tokens also outlive the app. A sign-in that the provider ends is told to who
    ``watch``es, once; after that there is no token. Nothing else is forgotten.
    """

    def __init__(
        self, provider: Provider, clock: Callable[[], datetime], secrets: Values | None = None
    ) -> None:
        self._provider, self._clock, self._secrets = provider, clock, secrets
        self._tokens: Tokens | None = None
        self._renewal: asyncio.Task[Tokens] | None = None
        self._over = False
        self._writing = asyncio.Lock()
        self._listeners: list[Callable[[], None]] = []

    @property
    def tokens(self) -> Tokens | None:
        """The tokens of now; None when nobody is signed in."""
        return self._tokens

    async def start(self, tokens: Tokens) -> None:
        """Somebody has signed in."""
        self._tokens, self._over = tokens, False
        await self._store(tokens)

    async def restore(self) -> Tokens | None:
        """The tokens of the last run of the app, if they were stored."""
        self._tokens, self._over = await self._stored(), False
        return self._tokens

    async def token(self) -> str | None:
        """An access token good for the next request, renewed when it is about to end; None when signed out.

        Raises Offline or ServiceDown when it has ended and could not be renewed now.
        """
        tokens = self._tokens
        if tokens is None or self._clock() < tokens.expires_at - EARLY or not tokens.refresh:
            return tokens.access if tokens else None
        try:
            return (await self._renewed(tokens)).access
        except SignedOut:
            return None
        except AppError:
            if self._clock() < tokens.expires_at:
                return tokens.access
            raise

    async def renew(self) -> bool:
        """After a 401: whether there is a new token to try. False also ends the sign-in when it was
        refused."""
        tokens = self._tokens
        if tokens is None:
            return False
        try:
            await self._renewed(tokens)
        except AppError:
            return False
        return True

    def set_aside(self) -> None:
        """Out of memory; those that outlive the app can be ``restore``d."""
        self._tokens = None

    async def end(self) -> bool:
        """Sign out: forgotten here at once, then revoked at the provider; whether that could be reached."""
        tokens, self._tokens, self._over = self._tokens, None, True
        await self._forget()
        return tokens is not None and await self._revoke(tokens)

    def watch(self, ended: Callable[[], None]) -> Callable[[], None]:
        """Call ``ended`` when the provider ends the sign-in; returns how to stop that."""
        self._listeners.append(ended)
        return lambda: self._listeners.remove(ended) if ended in self._listeners else None

    async def _renewed(self, tokens: Tokens) -> Tokens:
        """New tokens. The one renewal goes on even if who asked is cancelled: an answer lost would end the
        sign-in."""
        if self._renewal is None or self._renewal.done():
            self._renewal = asyncio.create_task(self._renew(tokens))
        return await asyncio.shield(self._renewal)

    async def _renew(self, tokens: Tokens) -> Tokens:
        try:
            new = await self._by_another_window(tokens) or await self._refreshed(tokens)
        except SignedOut:
            await self._ended(tokens)
            raise
        if self._tokens == tokens:
            await self.start(new)
        elif self._tokens is None and not self._over:  # set aside meanwhile
            await self._store(new)
        else:  # signed out meanwhile
            await self._revoke(new)
        return new

    async def _by_another_window(self, tokens: Tokens) -> Tokens | None:
        """What another window of the app has renewed and kept meanwhile; a provider takes a token that is used
        twice for a stolen one."""
        try:
            stored = await self._stored()
        except AppError:
            return None
        newer = stored is not None and stored.sub == tokens.sub and stored.expires_at > tokens.expires_at
        return stored if newer else None

    async def _refreshed(self, tokens: Tokens) -> Tokens:
        if not tokens.refresh:
            raise SignedOut
        return await self._provider.refresh(tokens)

    async def _ended(self, tokens: Tokens) -> None:
        if self._tokens != tokens:
            return
        self._tokens, self._over = None, True
        await self._forget()
        for listener in tuple(self._listeners):
            listener()

    async def _revoke(self, tokens: Tokens) -> bool:
        try:
            async with asyncio.timeout(REVOKE_SECONDS):
                await self._provider.revoke(tokens)
        except (AppError, TimeoutError):
            return False  # out of reach: they run out by themselves
        return True

    async def _stored(self) -> Tokens | None:
        stored = await self._secrets.get(STORED_AS) if self._secrets else None
        return Tokens.from_json(stored) if stored else None

    async def _store(self, tokens: Tokens) -> None:
        """One after the other, and never after a sign-out: what is kept would sign somebody in at the next start."""
        async with self._writing:
            if self._secrets and not self._over and self._tokens in (tokens, None):
                await _quietly(self._secrets.set(STORED_AS, tokens.to_json()))

    async def _forget(self) -> None:
        async with self._writing:
            if self._secrets and self._over and not await _quietly(self._secrets.delete(STORED_AS)):
                await _quietly(self._secrets.set(STORED_AS, ""))  # not removed, but nobody's any more


async def _quietly(doing: Awaitable[Any]) -> bool:
    """Whether it was done. A keychain that fails costs a sign-in after the next start, nothing more."""
    try:
        await doing
    except AppError:
        return False
    return True
