"""What the served app takes from outside: sizes, whom it believes, and how it tells that it is well."""

import contextlib

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from app.config import ConfigError, read_settings
from app.platform.serving import Limits, hardened

SMALL = Limits(body=1000, message=5000, headers=2000)


async def who(request: Request) -> JSONResponse:
    """Whom the app takes the visitor for, and what it was sent."""
    body = await request.body()
    return JSONResponse([request.client.host if request.client else "", request.url.scheme, len(body)])


async def echo(socket: WebSocket) -> None:
    await socket.accept()
    with contextlib.suppress(WebSocketDisconnect):
        while True:
            await socket.send_bytes(await socket.receive_bytes())


class Served:
    """The app behind its limits; ``ready`` as told at /healthz."""

    def __init__(self, *proxies: str) -> None:
        self.ready = True
        routes = [Route("/who", who, methods=["GET", "POST"]), WebSocketRoute("/ws", echo)]
        app = hardened(Starlette(routes=routes), proxies, SMALL, lambda: self.ready)
        self.client = TestClient(app, client=("10.1.2.3", 1))


@pytest.fixture
def served() -> Served:
    return Served()


def test_health_is_told_without_a_word_about_anybody(served: Served) -> None:
    answer = served.client.get("/healthz")

    assert (answer.status_code, answer.text) == (200, "ok")
    assert answer.headers["cache-control"] == "no-store"
    assert served.client.post("/healthz").status_code == 405

    served.ready = False
    assert (served.client.get("/healthz").status_code, served.client.get("/who").status_code) == (503, 200)


def test_a_body_that_is_too_big_is_refused_before_it_is_read(served: Served) -> None:
    assert served.client.post("/who", content=b"x" * 1000).json()[2] == 1000
    assert served.client.post("/who", content=b"x" * 1001).status_code == 413


def test_a_body_in_pieces_is_broken_off(served: Served) -> None:
    """Without a length told in advance it is counted as it comes."""
    pieces = (b"x" * 600 for _ in range(3))

    with pytest.raises(Exception, match=r"^$") as caught:
        served.client.post("/who", content=pieces)

    assert type(caught.value).__name__ == "ClientDisconnect"


def test_headers_and_addresses_that_are_too_long_are_refused(served: Served) -> None:
    assert served.client.get("/who", headers={"x-long": "x" * 3000}).status_code == 431
    assert served.client.get("/who?" + "x" * 3000).status_code == 431
    with pytest.raises(WebSocketDisconnect) as refused, served.client.websocket_connect("/ws?" + "x" * 3000):
        pass
    assert refused.value.code == 1009


def test_a_message_of_a_page_that_is_too_big_ends_its_socket(served: Served) -> None:
    with served.client.websocket_connect("/ws") as socket:
        socket.send_bytes(b"x" * 5000)
        assert len(socket.receive_bytes()) == 5000

        socket.send_bytes(b"x" * 5001)
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_bytes()
    assert closed.value.code == 1009


FORWARDED = {"x-forwarded-for": "192.0.2.7", "x-forwarded-proto": "https"}


@pytest.mark.parametrize(
    ("proxies", "visitor"),
    [
        ((), ["10.1.2.3", "http"]),
        (("10.9.9.9",), ["10.1.2.3", "http"]),
        (("10.1.2.3",), ["192.0.2.7", "https"]),
        (("10.0.0.0/8", "127.0.0.1"), ["192.0.2.7", "https"]),
    ],
)
def test_forwarded_headers_are_believed_from_the_named_proxies_only(
    proxies: tuple[str, ...], visitor: list[str]
) -> None:
    assert Served(*proxies).client.get("/who", headers=FORWARDED).json()[:2] == visitor


def test_proxies_are_told_by_option_or_variable() -> None:
    assert read_settings(["--proxy", "10.1.2.3, 10.0.0.0/8"]).proxy == ("10.1.2.3", "10.0.0.0/8")
    assert read_settings((), {"APP_PROXY": "::1"}).proxy == ("::1",)
    assert read_settings().proxy == ()


@pytest.mark.parametrize("wrong", ["*", "proxy.example", "10.0.0.1/8"])
def test_a_proxy_that_is_no_address_is_a_mistake(wrong: str) -> None:
    """Everybody would be believed with ``*``; names could be made to lead elsewhere."""
    with pytest.raises(ConfigError, match=r"--proxy \(or APP_PROXY\)"):
        read_settings(["--proxy", wrong])


def test_a_session_may_not_end_before_it_can_be_told() -> None:
    assert read_settings((), {"APP_IDLE_MINUTES": "30"}).idle_minutes == 30
    with pytest.raises(ConfigError, match="--idle-minutes"):
        read_settings(["--idle-minutes", "4"])
