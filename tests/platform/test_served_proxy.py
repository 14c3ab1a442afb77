"""The reverse proxy of docs/deploy.md for real: nginx with deploy/nginx/digiklinikka.conf before two app processes.

Without nginx (and without a way to install it) these tests are skipped and say so.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import flet
import httpx
import msgpack
import pytest
import websockets
from websockets.sync.client import ClientConnection, connect

from tests.e2e.places import ROOT, free_port, wait_until_up

CONF = ROOT / "deploy/nginx/digiklinikka.conf"
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
COOKIE = "dk_route"
pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not here: apt-get install nginx-light")


@dataclass(frozen=True)
class Place:
    """Where the proxy and the two processes behind it are."""

    proxy: int
    apps: tuple[int, int]
    log: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.proxy}"

    def browser(self, **headers: str) -> httpx.Client:
        return httpx.Client(base_url=self.address, headers=headers)

    def socket(self, cookie: str = "", **more: Any) -> ClientConnection:
        headers = {"Cookie": f"{COOKIE}={cookie}"} if cookie else {}
        origin = more.pop("origin", self.address)
        return connect(f"ws://127.0.0.1:{self.proxy}/ws", origin=origin, additional_headers=headers, **more)


def for_the_test(place: Place, folder: Path) -> str:
    """The committed configuration with its addresses, its TLS and its log file replaced; nothing else."""
    text = CONF.read_text("utf-8")
    first = text.index("server {\n    listen 80;")
    text = text[:first] + text[text.index("server {", first + 1) :]
    for old, new in {
        "server 127.0.0.1:8551": f"server 127.0.0.1:{place.apps[0]}",
        "server 127.0.0.1:8552": f"server 127.0.0.1:{place.apps[1]}",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{place.proxy};",
        "/var/log/nginx/digiklinikka.log": str(place.log),
        "HttpOnly; Secure;": "HttpOnly;",
        "server_name digiklinikka.example;": "server_name 127.0.0.1;",
    }.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    text = re.sub(r"^    ssl_.*$", "", text, flags=re.M)
    kinds = "".join(
        f"{kind}_temp_path {folder};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return (
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}} http {{ {kinds}\n{text}\n}}"
    )


@contextmanager
def process(
    arguments: list[str], log: IO[bytes] | None = None, **environment: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A process until the block ends; what it says goes into ``log``."""
    made = subprocess.Popen(arguments, cwd=ROOT, env={**os.environ, **environment}, stdout=log, stderr=log)
    try:
        yield made
    finally:
        made.send_signal(signal.SIGTERM)
        made.wait(15)


def app(port: int) -> list[str]:
    """As a county's process manager would start it."""
    uvicorn = [sys.executable, "-m", "uvicorn", "app.served:create", "--factory"]
    return [*uvicorn, "--port", str(port), "--no-proxy-headers", "--log-level", "warning"]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("nginx")
    here = Place(free_port(), (free_port(), free_port()), folder / "access.log")
    (folder / "nginx.conf").write_text(for_the_test(here, folder), "utf-8")
    settings = {
        "APP_PROXY": "127.0.0.1",
        "APP_DATA": str(folder / "data"),
        "PLATFORM_URL": f"http://127.0.0.1:{free_port()}",
    }
    with ExitStack() as stack:
        for port in here.apps:
            stack.enter_context(process(app(port), **settings))
        stack.enter_context(process([NGINX or "", "-c", str(folder / "nginx.conf"), "-p", str(folder)]))
        for port in here.apps:
            wait_until_up(f"http://127.0.0.1:{port}/healthz")
        wait_until_up(f"{here.address}/healthz")
        yield here


def test_the_page_comes_through_with_its_headers_and_its_compression(place: Place) -> None:
    with place.browser(**{"accept-encoding": "br"}) as browser:
        page = browser.get("/messages")
        client = browser.get("/main.dart.mjs")

    assert page.status_code == client.status_code == 200
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert page.headers["strict-transport-security"].startswith("max-age=")
    assert "server" not in page.headers or page.headers["server"] == "nginx"
    assert client.headers["content-encoding"] == "br"
    assert client.headers["etag"]


@pytest.mark.parametrize(
    "path",
    [
        "/chat/new/terveysasema",
        "/appointments/a1/video",
        "/ombudsman/chat",
        "/pathways/sleep/step/sleep-diary~1",
    ],
)
def test_every_room_has_its_address_behind_the_proxy(place: Place, path: str) -> None:
    """All that a visitor's browser needs is the page and one socket: chats and video links arrive through that."""
    with place.browser() as browser:
        page = browser.get(path)
    assert page.status_code == 200
    assert "<base href" in page.text


@pytest.mark.parametrize("path", ["/fhir/Patient", "/console/who", "/tester/token", "/auth/authorize"])
def test_nothing_of_the_platform_is_behind_the_proxy(place: Place, path: str) -> None:
    """The app's page at most, which says that there is no such screen."""
    with place.browser() as browser:
        answer = browser.get(path)
    assert answer.status_code == 404 or "<base href" in answer.text
    assert browser_post(place, path) in (404, 405)


def browser_post(place: Place, path: str) -> int:
    """What posting there is answered with."""
    with place.browser() as browser:
        return browser.post(path, content=b"{}").status_code


def test_a_visitor_gets_one_random_name_and_keeps_it(place: Place) -> None:
    with place.browser() as browser:
        first = browser.get("/")
        again = browser.get("/")

    given = first.headers["set-cookie"]
    assert re.match(rf"{COOKIE}=[0-9a-f]{{32}}; Path=/; HttpOnly; SameSite=Lax$", given)
    assert "set-cookie" not in again.headers


def register(socket: ClientConnection, session: str = "") -> str:
    """Open a session as Flet's page does, or go on with ``session``; the id of the one that was given."""
    page: Mapping[str, Any] = {"route": "/", "web": True, "platform": "linux", "width": 400, "height": 800}
    body = {"session_id": session or None, "page_name": "", "page": page}
    socket.send(b"\x00" + msgpack.packb([1, body]))
    _, answer = msgpack.unpackb(socket.recv(timeout=20)[1:], ext_hook=lambda code, data: (code, data))
    return str(answer["session_id"])


def test_a_session_is_found_again_through_the_proxy_however_often_the_page_is_loaded(place: Place) -> None:
    """With two processes and without the name, half of these would lead to the other process."""
    for n in range(8):
        with place.browser() as browser:
            browser.get("/")
            name = browser.cookies[COOKIE]
        with place.socket(name) as socket:
            session = register(socket)
        with place.socket(name) as socket:
            assert register(socket, session) == session, n


def test_visitors_are_spread_over_both_processes(place: Place) -> None:
    """Seen from what each process says about its sessions: a session of one is unknown to the other."""
    found: set[int] = set()
    for n in range(12):
        if found == set(place.apps):
            break
        with place.socket(f"{n:032x}") as socket:
            session = register(socket)
        for port in place.apps:
            address = f"ws://127.0.0.1:{port}/ws"
            with connect(address, origin=f"http://127.0.0.1:{port}") as direct:
                if register(direct, session) == session:
                    found.add(port)
    assert found == set(place.apps)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
def test_a_foreign_page_is_refused_through_the_proxy_too(place: Place, origin: str) -> None:
    with pytest.raises(websockets.InvalidStatus) as refused, place.socket(origin=origin):
        pass
    assert refused.value.response.status_code == 403


def test_another_browser_at_the_same_address_does_not_get_the_session(place: Place) -> None:
    """A session belongs to an address and a browser: another browser does not get it, whoever it says it is."""
    name = "a" * 32
    with place.socket(name, user_agent_header="one") as socket:
        session = register(socket)
    with place.socket(name, user_agent_header="two") as socket:
        assert register(socket, session) != session


def test_what_a_visitor_says_about_their_own_address_is_not_believed(place: Place) -> None:
    name = "b" * 32
    with place.socket(name) as socket:
        session = register(socket)
    headers = {"Cookie": f"{COOKIE}={name}", "X-Forwarded-For": "198.51.100.9"}
    address = f"ws://127.0.0.1:{place.proxy}/ws"
    with connect(address, origin=place.address, additional_headers=headers) as socket:
        assert register(socket, session) == session, "nginx tells the address it sees"


def test_bodies_are_refused_and_the_log_holds_no_codes(place: Place) -> None:
    with place.browser() as browser:
        assert browser.post("/", content=b"x" * 70_000).status_code == 413
        assert browser.get("/callback?code=secret&state=s").status_code == 200

    text = place.log.read_text("utf-8")
    assert '"GET /callback" 200' in text
    assert "secret" not in text


def test_the_version_of_the_protocol_is_the_one_this_test_speaks() -> None:
    assert flet.version.flet_version == "1.0.5"
