"""Over real sockets and real uvicorn: cut connections, websocket, ports, the command line."""

import asyncio
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
import websockets

from backend_stub.config import Config
from backend_stub.faults import Fault
from backend_stub.server import PortTaken, Running, listen, running


@pytest.fixture
def served() -> Iterator[Running]:
    """Without data: nothing here asks for any."""
    with running(Config(seed=None, port=0)) as found:
        yield found


@pytest.fixture
def http(served: Running) -> Iterator[httpx.Client]:
    """A client that may see everything."""
    token = served.platform.provider.system_tokens().access
    with httpx.Client(
        base_url=served.url, headers={"Authorization": f"Bearer {token}"}, timeout=10
    ) as client:
        yield client


BODY = {"resourceType": "Basic", "id": "b1", "code": {"text": "x"}}


def test_a_fresh_platform_answers(http: httpx.Client) -> None:
    answer = http.get("/fhir/metadata")

    assert answer.json()["fhirVersion"] == "4.0.1"
    assert len(answer.headers.get_list("date")) == 1
    assert "server" not in answer.headers


def test_drop_before_looks_like_a_broken_connection(http: httpx.Client, served: Running) -> None:
    served.platform.faults.add(Fault("drop-before", times=1))
    with pytest.raises(httpx.TransportError):
        http.put("/fhir/Basic/b1", json=BODY)

    assert http.get("/fhir/Basic/b1").status_code == 404


def test_drop_after_looks_the_same_but_it_was_done(http: httpx.Client, served: Running) -> None:
    served.platform.faults.add(Fault("drop-after", times=1))
    with pytest.raises(httpx.TransportError):
        http.put("/fhir/Basic/b1", json=BODY)

    assert http.get("/fhir/Basic/b1").status_code == 200


def test_not_one_byte_comes_back_from_a_drop(served: Running) -> None:
    """Not even the 500 that the server would send for an application without an answer."""
    served.platform.faults.add(Fault("drop-before", times=1))
    host, port = served.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(b"GET /fhir/metadata HTTP/1.1\r\nHost: x\r\n\r\n")
        try:
            got = connection.recv(1000)
        except ConnectionResetError:
            got = b""

    assert got == b""


def test_truncated_gives_headers_and_half_a_body(http: httpx.Client, served: Running) -> None:
    served.platform.faults.add(Fault("truncated", times=1))
    with http.stream("GET", "/fhir/metadata") as answer:
        assert answer.status_code == 200
        with pytest.raises(httpx.RemoteProtocolError):
            answer.read()


def test_offline_refuses_and_comes_back(http: httpx.Client, served: Running) -> None:
    http.get("/fhir/metadata")
    http.put("/tester/offline", json={"offline": True})
    for path in ("/fhir/metadata", "/auth/jwks"):
        with pytest.raises(httpx.TransportError):
            http.get(path)
    http.put("/tester/offline", json={"offline": False})

    assert http.get("/fhir/metadata").status_code == 200


async def test_offline_cuts_an_open_websocket_and_refuses_new_ones(served: Running) -> None:
    token = served.platform.provider.system_tokens().access
    address = served.url.replace("http", "ws") + "/fhir/websocket"
    headers = {"Authorization": f"Bearer {token}"}
    async with websockets.connect(address, additional_headers=headers) as live:
        await _offline(served, on=True)
        with pytest.raises(websockets.ConnectionClosed):
            await asyncio.wait_for(live.recv(), 5)
        with pytest.raises((OSError, websockets.WebSocketException)):
            await websockets.connect(address, additional_headers=headers)
    await _offline(served, on=False)
    async with websockets.connect(address, additional_headers=headers) as live:
        pong = await live.ping()

        assert await asyncio.wait_for(pong, 5) >= 0


async def _offline(served: Running, *, on: bool) -> None:
    async with httpx.AsyncClient() as client:
        await client.put(f"{served.url}/tester/offline", json={"offline": on})


def test_a_taken_port_is_named() -> None:
    with running(Config(seed=None, port=0)) as first, pytest.raises(PortTaken):
        listen(Config(port=first.platform.config.port))


def test_two_platforms_do_not_share_anything() -> None:
    with running(Config(seed=None, port=0)) as one, running(Config(seed=None, port=0)) as other:
        one.platform.faults.go(offline=True)

        assert one.url != other.url
        assert httpx.get(f"{other.url}/fhir/metadata").status_code == 200


@contextmanager
def started(*arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """``python -m backend_stub`` as a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "backend_stub", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, **environment},
    )
    guard = threading.Timer(60, process.kill)
    guard.start()
    try:
        yield process
    finally:
        guard.cancel()
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def first_line(process: subprocess.Popen[str]) -> str:
    """The first line that it says."""
    assert process.stdout is not None
    return process.stdout.readline()


def test_the_command_says_when_it_is_ready_and_keeps_its_file(tmp_path: Any) -> None:
    database = str(tmp_path / "stub.db")
    for _ in range(2):
        with started("--port", "0", "--quiet", "--database", database) as process:
            line = first_line(process)
            url = line.split("ready: ")[1].split(" ")[0]

            assert httpx.get(f"{url}/fhir/HealthcareService?_summary=count").json()["total"] > 15
            assert httpx.get(f"{url}/tester/clock").status_code == 200


def test_a_taken_port_is_one_clear_sentence_and_exit_code_2() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with started(PLATFORM_PORT=port) as process:
            line = first_line(process)

            assert process.wait(30) == 2
            assert f"Port {port}" in line
            assert "taken" in line


def test_the_tester_controls_can_be_left_out() -> None:
    with running(Config(seed=None, port=0, tester=False)) as found:
        assert httpx.get(f"{found.url}/tester/clock").status_code == 404
        assert httpx.get(f"{found.url}/tester/docs").status_code == 404
        assert httpx.get(f"{found.url}/").status_code == 200
