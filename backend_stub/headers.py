"""Which browsers' pages may talk to the platform (CORS), and what they may send and see."""

import re
from collections.abc import Sequence

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

ANY_LOOPBACK = r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
TAKEN = [
    "Accept",
    "Accept-Language",
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-Modified-Since",
    "If-None-Exist",
    "If-None-Match",
    "Prefer",
    "X-Request-Id",
    "Cache-Control",
]
SHOWN = [
    "Content-Location",
    "Date",
    "ETag",
    "Last-Modified",
    "Location",
    "Retry-After",
    "WWW-Authenticate",
    "X-Request-Id",
    "X-Correlation-Id",
]


def with_cors(app: ASGIApp, origins: Sequence[str]) -> ASGIApp:
    """``app`` for pages of this machine (any port) and of ``origins``."""
    allowed = "|".join([ANY_LOOPBACK, *map(re.escape, origins)])
    return CORSMiddleware(
        app,
        allow_origin_regex=f"({allowed})",
        allow_methods=METHODS,
        allow_headers=TAKEN,
        expose_headers=SHOWN,
        max_age=3600,
    )
