"""Signing in at the fake provider, with a clock that stands still."""

from datetime import datetime

from api.fake_provider import BASE, NOW, FakeProvider

from app.api.auth import MemoryPending, Oidc
from app.api.pending import PendingStore

WAYS = [
    "https://app.example/callback",  # served by the app's server
    "https://county.example/klinikka/callback",  # a static page
    "http://127.0.0.1:49152/callback",  # desktop
    "fi.digiklinikka.app://app/callback",  # phones
]


class Clock:
    """Stands still until moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def oidc(provider: FakeProvider, clock: Clock, pending: PendingStore | None = None) -> Oidc:
    return Oidc(provider.http, BASE, "digiklinikka", pending or MemoryPending(), clock)


async def came_back(
    provider: FakeProvider, sign_in: Oidc, return_to: str = "/messages/new", way: str = WAYS[0]
) -> str:
    return provider.identify(await sign_in.start(return_to, "fi", way))
