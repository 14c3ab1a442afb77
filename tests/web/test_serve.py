"""The site as ``make serve-web`` serves it."""

import http.client
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from web.serve import Server, Site, server
from web.start import environment

HASH = "client-0123456789ab"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Server]:
    """A small site under /digi/, beside a file that is none of its business."""
    (tmp_path / "secret.txt").write_text("secret")
    site = tmp_path / "site"
    (site / HASH).mkdir(parents=True)
    (site / "index.html").write_text("<h1>page</h1>")
    (site / "settings.json").write_text('{"platform_url": "", "region": "tunturila"}')
    (site / "headers.json").write_text("{}")
    (site / HASH / "x.mjs").write_text("plain")
    (site / HASH / "x.mjs.br").write_bytes(b"brotli")
    (site / HASH / "x.mjs.gz").write_bytes(b"gzip")
    up = server(Site(site, "/digi/", {"platform_url": "https://alusta.example/r4"}), 0)
    threading.Thread(target=up.serve_forever, daemon=True).start()
    yield up
    up.shutdown()
    up.server_close()


def ask(up: Server, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """One request as it is written, without any tidying of the path."""
    line = http.client.HTTPConnection("127.0.0.1", up.server_address[1], timeout=5)
    line.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = line.getresponse()
    got = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    line.close()
    return got


@pytest.mark.parametrize(
    ("accepted", "encoding", "body"),
    [("br, gzip", "br", b"brotli"), ("gzip", "gzip", b"gzip"), ("", None, b"plain")],
)
def test_the_compressed_file_is_sent_to_who_can_read_it(
    running: Server, accepted: str, encoding: str | None, body: bytes
) -> None:
    """Brotli before gzip before plain; the type is that of the plain file."""
    status, headers, got = ask(running, f"/digi/{HASH}/x.mjs", accept_encoding=accepted)
    assert (status, headers.get("content-encoding"), got) == (200, encoding, body)
    assert headers["content-type"].startswith("text/javascript")
    assert headers["vary"] == "Accept-Encoding"


def test_what_is_under_a_hash_is_kept_and_the_page_is_checked(running: Server) -> None:
    """And an unchanged page is not sent again."""
    assert "immutable" in ask(running, f"/digi/{HASH}/x.mjs")[1]["cache-control"]
    _, headers, _ = ask(running, "/digi/")
    assert headers["cache-control"] == "no-cache"
    assert ask(running, "/digi/", if_none_match=headers["etag"])[0] == 304


def test_addresses_of_screens_give_the_page_and_missing_files_do_not(running: Server) -> None:
    """/messages/abc is the page; /missing.js is 404; the path without a slash leads to it."""
    assert ask(running, "/digi/messages/abc")[2] == b"<h1>page</h1>"
    assert ask(running, "/digi/missing.js")[0] == 404
    assert ask(running, "/elsewhere")[0] == 404
    assert ask(running, "/digi")[1]["location"] == "/digi/"


@pytest.mark.parametrize(
    "path", ["/digi/../secret.txt", "/digi/%2e%2e/secret.txt", "/digi//../../secret.txt"]
)
def test_nothing_outside_of_the_site_is_served(running: Server, path: str) -> None:
    """Whatever the path looks like."""
    status, _, body = ask(running, path)
    assert status == 404
    assert b"secret" not in body


def test_security_headers_name_the_platform_and_nobody_else(running: Server) -> None:
    """The worker's Python may ask the platform and its websocket; frames, types and origins are closed."""
    _, headers, _ = ask(running, "/digi/", "HEAD")
    connect = next(p for p in headers["content-security-policy"].split("; ") if p.startswith("connect-src"))
    assert connect == "connect-src 'self' data: blob: https://alusta.example wss://alusta.example"
    assert "unsafe-inline" not in headers["content-security-policy"].split("style-src")[0]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_settings_are_what_the_server_was_told(running: Server) -> None:
    """One build, any county."""
    import json

    settings = json.loads(ask(running, "/digi/settings.json")[2])
    assert settings == {"platform_url": "https://alusta.example/r4", "region": "tunturila"}


def test_settings_become_what_the_app_reads() -> None:
    """An address without a host is one of the site's own; what is not said keeps the app's defaults."""
    made = environment(
        {"platform_url": "/alusta/", "region": "tunturila", "tester": True}, "https://klinikka.example/digi/"
    )
    assert made["PLATFORM_URL"] == "https://klinikka.example/alusta"
    assert made["APP_URL"] == "https://klinikka.example/digi"
    assert (made["APP_REGION"], made["APP_TESTER"]) == ("tunturila", "true")
    assert environment({}, "https://klinikka.example/")["PLATFORM_URL"] == "https://klinikka.example"
