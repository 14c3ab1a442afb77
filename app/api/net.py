"""One HTTP exchange, bounded in size and time; what breaks on the way is an ``AppError``."""

import asyncio
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx

from app.errors import BadData, Offline, ServiceDown

_DROPPED = frozenset({"content-encoding", "content-length", "transfer-encoding"})


async def fetch(
    http: httpx.AsyncClient, build: Callable[[], httpx.Request], max_bytes: int, max_seconds: float
) -> httpx.Response:
    """The response with its whole body, counted after decompression. The request is sent exactly once.

    Raises Offline when there was no connection or it broke, ServiceDown when no answer came in time, BadData
    when the answer is too large or its compression is damaged. Header names are in lower case; redirects are
    not followed.
    """
    try:
        async with asyncio.timeout(max_seconds):
            response = await http.send(build(), stream=True, follow_redirects=False)
            return await _whole(response, max_bytes)
    except (TimeoutError, httpx.ReadTimeout):
        raise ServiceDown from None
    except httpx.DecodingError:
        raise BadData from None
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError):
        raise Offline from None


def from_elsewhere(got: httpx.Response, url: str) -> bool:
    """Whether another host answered: a browser follows redirects by itself, also those of a captive
    portal."""
    final = got.extensions.get("final_url", "")
    return bool(final) and urlsplit(final).netloc != urlsplit(url).netloc


async def _whole(response: httpx.Response, max_bytes: int) -> httpx.Response:
    body = bytearray()
    try:
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > max_bytes:
                raise BadData
    finally:
        await response.aclose()
    headers = {
        name.lower(): value for name, value in response.headers.items() if name.lower() not in _DROPPED
    }
    whole = httpx.Response(response.status_code, headers=headers, content=bytes(body))
    whole.extensions = {name: value for name, value in response.extensions.items() if name == "final_url"}
    return whole
