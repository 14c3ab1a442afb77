"""What can be chosen about a stub platform before it starts."""

from dataclasses import dataclass

DEFAULT_PORT = 8040
CLIENT_ID = "digiklinikka"
MEMORY = ":memory:"


@dataclass(frozen=True)
class Config:
    """Settings of one platform. Durations in seconds.

    ``origins``: origins besides this machine's own that the browser app may be served from (``https://app.example``).
    ``base_url``: the public root when it is not ``http://host:port``; issuer and FHIR base are derived from it.
    ``ice``: addresses that help two browsers of a video visit to find each other (``stun:host:port``,
    ``turn:host:port``); ``turn_secret``: what a TURN server shares with the platform, for passwords that end.
    ``seed``: None starts empty. ``tester``: whether /tester and the faults exist at all.
    """

    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    database: str = MEMORY
    seed: int | None = 1
    tester: bool = True
    public_url: str = ""
    origins: tuple[str, ...] = ()
    access_seconds: int = 600
    code_seconds: int = 60
    refresh_seconds: int = 14 * 24 * 3600
    delivery_seconds: float = 1.0
    ice: tuple[str, ...] = ()
    turn_secret: str = ""

    @property
    def base_url(self) -> str:
        """Root of everything, without a slash at its end."""
        return self.public_url.rstrip("/") or f"http://{self._shown_host}:{self.port}"

    @property
    def fhir_base(self) -> str:
        """Base of the FHIR server."""
        return f"{self.base_url}/fhir"

    @property
    def issuer(self) -> str:
        """OpenID Connect issuer."""
        return f"{self.base_url}/auth"

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        return self.host in ("127.0.0.1", "localhost", "::1")

    @property
    def _shown_host(self) -> str:
        if self.host in ("0.0.0.0", "::"):
            return "127.0.0.1"
        return f"[{self.host}]" if ":" in self.host else self.host
