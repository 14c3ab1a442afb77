"""``python -m web.serve``: the built site on this machine, with the headers a real web server should send.

Plain files: compressed ones where they lie beside, the page itself for addresses of screens, nothing from elsewhere.
"""

import argparse
import functools
import http.server
import json
import mimetypes
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from web import page
from web.places import OUT

TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".wasm": "application/wasm",
    ".json": "application/json",
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".ttf": "font/ttf",
    ".otf": "font/otf",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
}
HASHED = re.compile(r"(client|python|app)-[0-9a-f]{12}/")
FOR_EVER = "public, max-age=31536000, immutable"
CHECKED = "no-cache"
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_CLOSED = ("camera", "microphone", "geolocation", "payment", "usb", "serial", "midi", "display-capture")


@dataclass(frozen=True)
class Site:
    """A built site. ``base``: the path it is under; ``settings``: in place of values in its settings.json."""

    folder: Path
    base: str = "/"
    settings: Mapping[str, object] = field(default_factory=dict)

    def find(self, path: str) -> Path | None:
        """The file for a path of the address: the page for screens (no dot in the last part), None for nothing."""
        if not path.startswith(self.base):
            return None
        inside = path[len(self.base) :] or "index.html"
        file = (self.folder / inside).resolve()
        if file.is_relative_to(self.folder.resolve()) and file.is_file():
            return file
        return None if "." in inside.rsplit("/", 1)[-1] else self.folder / "index.html"

    def chosen(self) -> dict[str, object]:
        """settings.json with what this server was told."""
        kept: dict[str, object] = json.loads((self.folder / "settings.json").read_text())
        return {**kept, **self.settings}

    def headers(self, file: Path) -> Iterator[tuple[str, str]]:
        """Everything but what belongs to the body."""
        inside = file.relative_to(self.folder.resolve()).as_posix() if file.is_absolute() else file.name
        yield (
            "Content-Type",
            TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream",
        )
        yield "Cache-Control", FOR_EVER if HASHED.match(inside) else CHECKED
        if (self.folder / "headers.json").exists():  # otherwise a page of another making, to compare with
            yield "Content-Security-Policy", page.policy(tuple(self.platform()))
        yield "X-Content-Type-Options", "nosniff"
        yield "Referrer-Policy", "no-referrer"
        yield "Permissions-Policy", ", ".join(f"{name}=()" for name in _CLOSED)
        yield "Cross-Origin-Opener-Policy", "same-origin"
        yield "Cross-Origin-Embedder-Policy", "require-corp"
        yield "Cross-Origin-Resource-Policy", "same-origin"

    def platform(self) -> Iterator[str]:
        """Origins of the platform, for requests and for its websocket."""
        parts = urlsplit(str(self.chosen().get("platform_url") or ""))
        if parts.netloc:
            yield f"{parts.scheme}://{parts.netloc}"
            yield f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.netloc}"


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers GET and HEAD."""

    protocol_version = "HTTP/1.1"
    server_version, sys_version = "digiklinikka", ""

    def __init__(self, site: Site, *arguments: object) -> None:
        self.site = site
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """A file, the page, or 404."""
        path = unquote(urlsplit(self.path).path)
        if path + "/" == self.site.base:
            return self._send(308, [("Location", self.site.base)], b"")
        file = self.site.find(path)
        if file is None:
            return self._send(404, [("Content-Type", "text/plain")], b"Not found")
        encoding, body = self._body(file)
        headers = [*self.site.headers(file), ("Vary", "Accept-Encoding"), ("ETag", _etag(file, encoding))]
        if self.headers.get("If-None-Match") == headers[-1][1] and file.name != "settings.json":
            return self._send(304, headers, b"")
        return self._send(200, headers + [("Content-Encoding", encoding)] * bool(encoding), body)

    do_HEAD = do_GET

    def _body(self, file: Path) -> tuple[str, bytes]:
        if file.name == "settings.json":
            return "", json.dumps(self.site.chosen()).encode()
        accepted = self.headers.get("Accept-Encoding", "")
        for encoding, ending in ENCODINGS:
            packed = file.with_name(file.name + ending)
            if encoding in accepted and packed.is_file():
                return encoding, packed.read_bytes()
        return "", file.read_bytes()

    def _send(self, status: int, headers: Sequence[tuple[str, str]], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET" and status != 304:
            self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing: addresses may tell who did what."""


def _etag(file: Path, encoding: str) -> str:
    found = file.stat()
    return f'"{found.st_mtime_ns:x}-{found.st_size:x}{encoding}"'


class Server(http.server.ThreadingHTTPServer):
    """On this machine only; a browser that goes away is no error."""

    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        """Tell of mistakes of ours only."""
        if not isinstance(
            sys.exception() if hasattr(sys, "exception") else sys.exc_info()[1], ConnectionError
        ):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def server(site: Site, port: int) -> Server:
    """A server that is ready to ``serve_forever()``."""
    return Server(("127.0.0.1", port), functools.partial(Handler, site))


def main(arguments: list[str]) -> int:
    """0: ended by the user; 2: there is no site, or the port is taken."""
    parser = argparse.ArgumentParser("python -m web.serve")
    parser.add_argument("--port", type=int, default=8560)
    parser.add_argument("--dir", type=Path, default=OUT)
    parser.add_argument("--base-href", default="/", help="path under which the site was built")
    parser.add_argument("--platform", help="root address of the platform, in place of settings.json's")
    parser.add_argument("--region")
    parser.add_argument("--tester", action="store_true", default=None)
    options = parser.parse_args(arguments)
    if not (options.dir / "index.html").is_file():
        print(f"There is no site in {options.dir}: make web", file=sys.stderr)
        return 2
    told = {"platform_url": options.platform, "region": options.region, "tester": options.tester}
    base = f"/{options.base_href.strip('/')}/".replace("//", "/")
    site = Site(options.dir, base, {name: value for name, value in told.items() if value is not None})
    return _serve(site, options.port)


def _serve(site: Site, port: int) -> int:
    try:
        running = server(site, port)
    except OSError:
        print(f"Port {port} is taken by another program. Choose another: --port.", file=sys.stderr)
        return 2
    print(f"http://127.0.0.1:{running.server_address[1]}{site.base}", file=sys.stderr, flush=True)
    try:
        running.serve_forever()
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
