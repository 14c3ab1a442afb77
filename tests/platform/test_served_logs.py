"""What a county's log holds when the server is told to log everything: nothing of a visitor."""

from pathlib import Path

import httpx
import msgpack
from websockets.sync.client import connect

from tests.e2e.places import free_port, wait_until_up
from tests.platform.test_served_proxy import app, process, register

PRESSED = 3  # Flet's message of an event
WORDS = "Sylkytti-koko-yon"
CODE = "kertakoodi-0123"  # as the sign-in's way back carries one


def test_the_most_talkative_log_holds_no_screen_no_frame_and_no_code(tmp_path: Path) -> None:
    """Uvicorn writes frames at DEBUG and addresses at INFO into loggers of its own."""
    port, log = free_port(), tmp_path / "log"
    command = [*app(port)[:-1], "trace"]
    told = {"PLATFORM_URL": f"http://127.0.0.1:{free_port()}", "APP_DATA": str(tmp_path / "data")}
    with log.open("wb") as out, process(command, out, **told) as running:
        wait_until_up(f"http://127.0.0.1:{port}/healthz", process=running)
        httpx.get(f"http://127.0.0.1:{port}/callback?code={CODE}&state={CODE}")
        with connect(f"ws://127.0.0.1:{port}/ws?secret={CODE}", origin=f"http://127.0.0.1:{port}") as socket:
            session = register(socket)
            socket.send(b"\x00" + msgpack.packb([PRESSED, {"target": 1, "name": WORDS, "data": WORDS}]))
            assert socket.recv(timeout=20)

    text = log.read_text("utf-8")
    assert "Uvicorn running" in text or "startup complete" in text  # it does log
    assert [
        word for word in ("BINARY", "code=", CODE, session, WORDS, "SharedPreferences") if word in text
    ] == []
