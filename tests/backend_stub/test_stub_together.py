"""``make run`` before anything is started: ports, and a machine behind a proxy."""

import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from backend_stub import together
from backend_stub.__main__ import main as platform


class _Residents(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b'{"residents": [{"name": "Aino", "age": 38, "story": {"fi": "x"}, "can_sign_in": true}]}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def address() -> Iterator[str]:
    """A platform of which only the residents are there."""
    server = HTTPServer(("127.0.0.1", 0), _Residents)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_one_port_for_both_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("APP_PORT", "18777")
    monkeypatch.setenv("PLATFORM_PORT", "18777")

    assert together.main() == 2
    assert "both 18777" in capsys.readouterr().out


def test_a_taken_port_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        monkeypatch.setenv("PLATFORM_PORT", str(other.getsockname()[1]))
        monkeypatch.setenv("APP_PORT", "18777")

        assert together.main() == 2
    assert "PLATFORM_PORT=<number> make run" in capsys.readouterr().out


@pytest.mark.parametrize("port", ["x", "0", "65536", "-1"])
def test_what_is_no_port_is_told(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("APP_PORT", port)

    with pytest.raises(SystemExit, match="APP_PORT must be a port number"):
        together.main()


def test_a_proxy_for_others_is_not_asked_for_this_machine(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """Counties' networks name one in the environment."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")

    assert together._wait(address, ())
    assert together._residents(address) == ["Aino, 38: x"]


@pytest.mark.parametrize("port", ["x", "99999", "-1"])
def test_the_platform_alone_tells_a_wrong_port(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        platform(["--port", port])
    assert "a port is a number from 0 to 65535" in capsys.readouterr().err


def test_a_wrong_port_of_the_environment_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PLATFORM_PORT", "x")

    assert platform([]) == 2
    assert "PLATFORM_PORT" in capsys.readouterr().out


def test_a_file_that_is_no_database_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Hei " * 500)

    assert platform(["--port", "0", "--database", str(file)]) == 2
    assert "cannot be used" in capsys.readouterr().out
