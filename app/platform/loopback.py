"""A desktop's way back from the sign-in page: one request to an address on this very machine (RFC 8252
§7.3)."""

import asyncio
import html
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple, Self
from urllib.parse import parse_qs, urlsplit

from app.errors import SignedOut

TIMEOUT = 600.0  # seconds a resident may take with their bank
REQUEST_SECONDS = 10.0
MAX_HEADER = 16 * 1024
PATH = "/callback"


class _Texts(NamedTuple):
    lang: str
    title: str
    text: str


_SAYS: Mapping[str, _Texts] = MappingProxyType(
    {
        "fi": _Texts("fi", "Voit palata Digiklinikkaan", "Tämän välilehden voi sulkea."),
        "sv": _Texts("sv", "Du kan gå tillbaka till Digiklinikka", "Du kan stänga den här fliken."),
        "en": _Texts("en", "You can go back to Digiklinikka", "You can close this tab."),
    }
)
_PAGE = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><style>
body{{font:1.25rem/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1.5rem;
color:#16242c;background:#fff}}
@media(prefers-color-scheme:dark){{body{{color:#eef4f6;background:#10191e}}}}</style></head>
<body><main><h1>{title}</h1><p>{text}</p></main></body></html>"""
_HEADERS = (
    "Content-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n"
    "X-Content-Type-Options: nosniff\r\nContent-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'\r\nConnection: close\r\n"
)


class Loopback:
    """Listens on 127.0.0.1, on a port of the system's choice, for the one answer of a sign-in.

    Anything that is no answer (a browser asking for an icon, another program knocking) is turned away and
    waited past.
    """

    def __init__(self, language: str) -> None:
        self._says = _SAYS.get(language[:2], _SAYS["fi"])
        self._answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._server: asyncio.Server | None = None
        self.redirect_uri = ""

    @classmethod
    async def listen(cls, language: str = "fi") -> Self:
        """Begin to listen. ``language``: of the page that the resident's browser shows at the end."""
        loopback = cls(language)
        loopback._server = await asyncio.start_server(loopback._serve, "127.0.0.1", 0, limit=MAX_HEADER)
        port = loopback._server.sockets[0].getsockname()[1]
        loopback.redirect_uri = f"http://127.0.0.1:{port}{PATH}"
        return loopback

    async def answer(self, timeout: float = TIMEOUT) -> str:
        """The whole address the browser came with; listening ends. Raises SignedOut when nobody comes in
        time."""
        try:
            async with asyncio.timeout(timeout):
                return await self._answer
        except TimeoutError:
            raise SignedOut from None
        finally:
            self.close()

    def cancel(self) -> None:
        """The resident does not want to sign in after all: whoever waits gets SignedOut."""
        if not self._answer.done():
            self._answer.set_exception(SignedOut())
            self._answer.exception()  # looked at: nobody need be waiting
        self.close()

    def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(REQUEST_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
                target = self._target(head.decode("latin-1"))
                writer.write(self._reply(target is not None))
                await writer.drain()
                if target is not None and not self._answer.done():
                    self._answer.set_result(target)
        except (TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
            return
        finally:
            writer.close()

    def _target(self, head: str) -> str | None:
        """The address of a request that is the provider's answer; None for any other.

        The host is checked as well: a name that somebody made point here is not ours.
        """
        line, *headers = head.split("\r\n")
        method, _, rest = line.partition(" ")
        path = rest.partition(" ")[0]
        fields = dict(h.lower().split(":", 1) for h in headers if ":" in h)
        ours = fields.get("host", "").strip() == urlsplit(self.redirect_uri).netloc
        asked = urlsplit(path)
        given = parse_qs(asked.query)
        if method != "GET" or not ours or asked.path != PATH or "state" not in given:
            return None
        return f"{self.redirect_uri}?{asked.query}" if "code" in given or "error" in given else None

    def _reply(self, found: bool) -> bytes:
        if not found:
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        says = (html.escape(text) for text in self._says)
        body = _PAGE.format_map(dict(zip(_Texts._fields, says, strict=True))).encode()
        return f"HTTP/1.1 200 OK\r\n{_HEADERS}Content-Length: {len(body)}\r\n\r\n".encode() + body
