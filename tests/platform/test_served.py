"""What a browser gets from the served app: strict headers, small files, nothing from elsewhere."""

import asyncio
import base64
import gc
import hashlib
import io
import re
from collections.abc import Iterator
from pathlib import Path

import brotli
import flet as ft
import pytest
from fontTools.ttLib import TTFont
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from app.platform.served import asgi

ASSETS = Path(__file__).parents[2] / "assets"


def main(page: ft.Page) -> None:
    """The smallest app."""
    page.add(ft.Text("Hei"))


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    """A browser without a screen."""
    extra = [
        Route("/health", lambda _: PlainTextResponse("ok", headers={"access-control-allow-origin": "*"}))
    ]
    app = asgi(main, ASSETS, title="Koeklinikka", origins=["https://ystava.example"], routes=extra)
    with TestClient(app, base_url="http://app.example") as browser:
        yield browser
    gc.collect()  # the sessions that were opened: Python 3.11's parser stumbles when they are freed under it


def test_every_answer_has_the_security_headers(client: TestClient) -> None:
    """Also errors and extra routes; nothing is open to other origins."""
    for path in ("/", "/messages/1", "/main.dart.js", "/none.png", "/health"):
        headers = client.get(path).headers

        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "camera=()" in headers["permissions-policy"]
        assert "access-control-allow-origin" not in headers
        assert "set-cookie" not in headers


def test_the_policy_allows_the_pages_own_inline_script_by_its_hash(client: TestClient) -> None:
    """No 'unsafe-inline' for scripts, no 'unsafe-eval', no other host."""
    answer = client.get("/")
    scripts = re.findall(r"<script>(.*?)</script>", answer.text, re.S)
    policy = answer.headers["content-security-policy"]
    rule = next(part for part in policy.split("; ") if part.startswith("script-src"))

    assert len(scripts) == 1
    for script in scripts:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in rule
    assert "unsafe-inline" not in rule
    assert "'unsafe-eval'" not in rule
    assert "http" not in policy


def test_every_screen_has_an_address(client: TestClient) -> None:
    """Route-like paths give the page, with the region's title; unknown files are not found."""
    page = client.get("/messages/some-thread")

    assert "<title>Koeklinikka</title>" in page.text
    assert page.headers["cache-control"] == "no-cache"
    assert client.get("/messages/picture.png").status_code == 404
    assert client.get("/manifest.json").json()["name"] == "Koeklinikka"


@pytest.mark.parametrize(
    "path", ["/../pyproject.toml", "/%2e%2e/pyproject.toml", "/fonts/../../pyproject.toml"]
)
def test_nothing_outside_of_the_two_folders_is_served(client: TestClient, path: str) -> None:
    """However the path is written."""
    assert "digiklinikka" not in client.get(path).text.lower().replace("digiklinikka avautuu", "")[:200]
    assert client.get(path).status_code in (200, 404)
    assert "[project]" not in client.get(path).text


def test_only_reading(client: TestClient) -> None:
    """The files cannot be written."""
    assert client.post("/index.html").status_code == 405


def test_large_files_are_sent_small_and_once(client: TestClient) -> None:
    """Brotli, and 304 when the browser has it already."""
    plain = client.get("/main.dart.js", headers={"accept-encoding": "identity"})
    with client.stream("GET", "/main.dart.js", headers={"accept-encoding": "br"}) as small:
        packed = b"".join(small.iter_raw())
        assert small.headers["content-encoding"] == "br"
    again = client.get("/main.dart.js", headers={"if-none-match": plain.headers["etag"]})

    assert brotli.decompress(packed) == plain.content
    assert len(packed) < len(plain.content) / 3
    assert again.status_code == 304
    assert again.content == b""


def test_the_client_asks_no_third_party(client: TestClient) -> None:
    """The one foreign script in Flet's client is replaced by a stub here; missing glyphs are answered here."""
    for name in ("/main.dart.js", "/main.dart.wasm"):
        assert b"cdn.jsdelivr.net/npm/@rive" not in client.get(name).content
    assert client.get("/rive/wasm/rive_native.js").headers["content-type"].startswith("text/javascript")
    font = client.get("/assets/fonts/notosansarabic/v28/x.woff2")
    assert font.status_code == 200
    assert len(font.content) > 1000


def test_emoji_are_shown(client: TestClient) -> None:
    """The engine asks for the part of its emoji font in which a smiling face stands; each part is a whole font."""
    asked = (client.get(f"/assets/fonts/notocoloremoji/v32/abc.{part}.woff2").content for part in range(12))
    letters = [TTFont(io.BytesIO(font)).getBestCmap() for font in asked]
    assert any(0x1F600 in known for known in letters)
    assert any(0x1F1EB in known for known in letters)


def test_frameworks_own_pages_are_not_there(client: TestClient) -> None:
    """No interactive documentation, no schema."""
    assert "<title>Koeklinikka</title>" in client.get("/docs").text
    assert client.get("/openapi.json").status_code == 404


@pytest.mark.parametrize("origin", ["https://paha.example", "http://app.example.paha.example", "null"])
def test_a_foreign_page_cannot_open_a_session(client: TestClient, origin: str) -> None:
    """The socket is closed before the app hears of it."""
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect("/ws", headers={"origin": origin, "host": "app.example"}),
    ):
        pass


@pytest.mark.parametrize("origin", ["http://app.example", "https://ystava.example"])
def test_the_apps_own_page_opens_a_session(client: TestClient, origin: str) -> None:
    """The same host, or one that was named."""
    with client.websocket_connect("/ws", headers={"origin": origin, "host": "app.example"}) as socket:
        assert socket is not None


async def test_files_are_warm_at_start(tmp_path: Path) -> None:
    """What the first visitor needs is compressed before it is asked for."""
    from app.platform.served_files import StaticSite

    site = StaticSite(ASSETS, tmp_path, "Koeklinikka")
    await site.warm()
    file = site._files["main.dart.wasm"]

    assert file is not None
    assert "br" in file.bodies
    await asyncio.sleep(0)
