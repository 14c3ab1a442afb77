"""The network of each client: sane limits where there are sockets, and the browser's fetch where there are none."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from app.platform import transport
from app.platform.transport import FetchTransport, http_client

URL = "https://fhir.example/r4/Patient/1"


class JsError(Exception):
    """What fetch throws."""


class Controller:
    """AbortController."""

    def __init__(self) -> None:
        self.signal, self.aborted = object(), False

    def abort(self) -> None:
        self.aborted = True


class Browser:
    """``fetch`` and what belongs to it. ``script`` yields the body's pieces, or raises, or never comes."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.controllers: list[Controller] = []
        self.status, self.url = 200, URL
        self.headers: list[list[str]] = [["content-type", "application/json"]]
        self.pieces: list[bytes | Exception | None] = [b'{"a":', b" 1}"]
        self.failure: Exception | None = None
        self.hangs, self.hanging = False, asyncio.Event()

    def install(self, patch: pytest.MonkeyPatch) -> None:
        js = SimpleNamespace(
            AbortController=SimpleNamespace(new=self._controller),
            Object=SimpleNamespace(fromEntries=dict),
            fetch=self._fetch,
        )
        ffi = SimpleNamespace(to_js=lambda value, dict_converter=None: value, JsException=JsError)
        patch.setitem(sys.modules, "js", js)
        patch.setitem(sys.modules, "pyodide.ffi", ffi)

    def _controller(self) -> Controller:
        self.controllers.append(Controller())
        return self.controllers[-1]

    async def _fetch(self, url: str, options: dict[str, Any]) -> Any:
        self.asked.append((url, options))
        if self.hangs:
            self.hanging.set()
            await asyncio.Event().wait()
        if self.failure:
            raise self.failure
        body = SimpleNamespace(getReader=lambda: SimpleNamespace(read=self._read))
        return SimpleNamespace(
            status=self.status, statusText="x", url=self.url, headers=self.headers, body=body
        )

    async def _read(self) -> Any:
        if not self.pieces:
            return SimpleNamespace(done=True, value=None)
        piece = self.pieces.pop(0)
        if piece is None:
            await asyncio.Event().wait()
        if isinstance(piece, Exception):
            raise piece
        return SimpleNamespace(done=False, value=SimpleNamespace(to_bytes=lambda: piece))


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    made = Browser()
    made.install(monkeypatch)
    return made


@pytest.fixture
async def http(browser: Browser) -> AsyncIterator[httpx.AsyncClient]:
    async with http_client(FetchTransport()) as client:
        yield client


async def test_an_answer_comes_through_fetch(browser: Browser, http: httpx.AsyncClient) -> None:
    got = await http.get(URL, headers={"If-None-Match": 'W/"1"', "Authorization": "Bearer t"})
    assert (got.status_code, got.json(), got.extensions["final_url"]) == (200, {"a": 1}, URL)
    url, options = browser.asked[0]
    assert (url, options["method"], options["credentials"], "body" in options) == (URL, "GET", "omit", False)
    sent = {name.lower(): value for name, value in options["headers"]}
    assert {"if-none-match": 'W/"1"', "authorization": "Bearer t"}.items() <= sent.items()
    assert not {"host", "user-agent", "accept-encoding", "connection", "content-length"} & sent.keys()


async def test_a_body_is_sent_whole(browser: Browser, http: httpx.AsyncClient) -> None:
    await http.put(URL, content=b"{}")
    assert browser.asked[0][1]["body"] == b"{}"


async def test_what_the_browser_has_decoded_is_not_decoded_again(
    browser: Browser, http: httpx.AsyncClient
) -> None:
    browser.headers += [["Content-Encoding", "gzip"], ["content-length", "3"]]
    assert (await http.get(URL)).json() == {"a": 1}


@pytest.mark.parametrize("status", [204, 304])
async def test_an_answer_without_a_body(browser: Browser, http: httpx.AsyncClient, status: int) -> None:
    browser.status = status
    assert ((await http.get(URL)).content, (await http.get(URL)).status_code) == (b"", status)


async def test_a_failed_fetch_is_a_connection_error_that_tells_nothing(
    browser: Browser, http: httpx.AsyncClient
) -> None:
    browser.failure = JsError("TypeError: https://fhir.example/r4/Patient/1")
    with pytest.raises(httpx.ConnectError) as caught:
        await http.get(URL)
    assert "Patient" not in str(caught.value)


async def test_slow_headers_and_slow_bodies_are_given_up(browser: Browser, http: httpx.AsyncClient) -> None:
    quick = httpx.Timeout(0.01)
    browser.pieces = [b"{", None]
    with pytest.raises(httpx.ReadTimeout):
        await http.get(URL, timeout=quick)
    browser.hangs = True
    with pytest.raises(httpx.ConnectTimeout):
        await http.get(URL, timeout=quick)
    assert [c.aborted for c in browser.controllers] == [True, True]


async def test_a_broken_body_is_a_read_error(browser: Browser, http: httpx.AsyncClient) -> None:
    browser.pieces = [b"{", JsError("network")]
    with pytest.raises(httpx.ReadError):
        await http.get(URL)


async def test_leaving_early_and_cancelling_stop_the_download(
    browser: Browser, http: httpx.AsyncClient
) -> None:
    async with http.stream("GET", URL):
        pass
    browser.hangs = True
    asking = asyncio.create_task(http.get(URL, timeout=None))
    await browser.hanging.wait()
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    assert [c.aborted for c in browser.controllers] == [True, True]


async def test_a_browsers_client_uses_fetch(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "IN_BROWSER", True)
    async with http_client() as client:
        assert (await client.get(URL)).json() == {"a": 1}


async def test_the_environment_has_no_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:1")
    monkeypatch.setenv("ALL_PROXY", "http://proxy.example:1")
    async with http_client() as client:
        assert (client.trust_env, [m for m in client._mounts.values() if m], client.follow_redirects) == (
            False,
            [],
            False,
        )
        assert client.timeout == transport.TIMEOUT


async def test_addresses_never_reach_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    answer = httpx.MockTransport(lambda _: httpx.Response(200))
    async with http_client(answer) as client:
        await client.get("https://fhir.example/r4/Patient?name=Aino")
    assert "Aino" not in caplog.text
