"""A keep-alive HTTP/1.1 connection that costs next to nothing, so that a bench measures the server and not itself.

One pool of a full client for hundreds of residents looks through all its connections at each request.
"""

import asyncio
import json
from collections.abc import Mapping
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

KEPT = 4.0  # seconds; servers close idle connections after five


class Line:
    """One connection to ``url``; a request at a time."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._used, self._turn = 0.0, asyncio.Lock()

    async def ask(
        self, method: str, path: str, headers: Mapping[str, str], body: Any = None
    ) -> dict[str, Any]:
        """The JSON of the answer. Raises RuntimeError for any other than 2xx."""
        sent = b"" if body is None else json.dumps(body).encode()
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self._host}", f"Content-Length: {len(sent)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        async with self._turn:
            reader, writer = await self._open()
            writer.write("\r\n".join([*lines, "", ""]).encode() + sent)
            status, got = await _answer(reader)
            self._used = monotonic()
        if status // 100 != 2:
            raise RuntimeError(f"{method} {path}: {status}")
        return dict(json.loads(got)) if got else {}

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams and monotonic() - self._used > KEPT:
            self._streams[1].close()
            self._streams = None
        if not self._streams:
            self._streams = await asyncio.open_connection(self._host, self._port)
        return self._streams


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.split("\r\n")
    fields = {name.lower(): value for name, _, value in (line.partition(":") for line in lines)}
    return int(first.split()[1]), await reader.readexactly(int(fields.get("content-length", "0")))
