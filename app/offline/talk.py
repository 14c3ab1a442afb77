"""What one round of talking to the server learns along the way: is it there, are we signed in, what time is
it there."""

from collections.abc import Callable, Generator
from dataclasses import dataclass

from app.domain.exchange import Request, Response
from app.offline import exchanges

SILENCE = 3


@dataclass
class Talk:
    """Shared by push, pull and sweep. ``clock``: seconds since 1970 by the device; ``random``: 0 to 1."""

    clock: Callable[[], float]
    random: Callable[[], float]
    silence: int = 0
    signed_out: bool = False
    server_now: int = -1

    def begin(self) -> None:
        """A new round: the connection gets another chance."""
        self.silence, self.signed_out = 0, False

    @property
    def ended(self) -> bool:
        """Nothing more makes sense in this round."""
        return self.signed_out or self.silence >= SILENCE

    def ask(self, request: Request) -> Generator[Request, Response | None, Response | None]:
        """Yield the request and take note of what the answer says beside its content."""
        response = yield request
        self.silence = self.silence + 1 if response is None else 0
        if response is not None:
            self.signed_out = self.signed_out or response.status == 401
            self.server_now = max(self.server_now, exchanges.server_time(response))
        return response

    def time_of(self, response: Response | None) -> int:
        """The server's time of an answer, microseconds since 1970; the device's only when it never told
        any."""
        known = self.told_time(response)
        return known if known >= 0 else int(self.clock() * 1e6)

    def told_time(self, response: Response | None) -> int:
        """The same, but -1 when the server never told any: what decides how long something is kept."""
        told = exchanges.server_time(response)
        return told if told >= 0 else self.server_now

    def delay(self, attempts: int, response: Response | None) -> float:
        """Seconds until the next try: what the server asked for, else full jitter from 1 s up to 5 min."""
        asked = exchanges.retry_after(response)
        return asked if asked is not None else self.random() * min(300.0, 2.0 ** min(attempts, 9))
