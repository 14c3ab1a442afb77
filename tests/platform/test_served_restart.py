"""Stopping the served app loses nothing: a draft in the middle of a word survives SIGTERM and a new process."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from app.served import Visitors
from tests.e2e.driver import Person, launch
from tests.e2e.journey import sign_in, write
from tests.e2e.places import free_port, start, wait_until_up
from tests.views.examples import County

SERVICE_RESTART = 1012  # of a websocket, RFC 6455 registry: come again


class Server:
    """The served app, which can be stopped and started at the same address, with the same data."""

    def __init__(self, data: Path) -> None:
        self.data, self.port, self.stub = data, free_port(), free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.platform = start("backend_stub", "--port", str(self.stub), "--quiet")
        wait_until_up(f"http://127.0.0.1:{self.stub}/fhir/metadata")
        self.app = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        platform = f"http://127.0.0.1:{self.stub}"
        arguments = ("--web", "--port", str(self.port), "--platform", platform, "--data", str(self.data))
        self.app = start("app", *arguments)
        wait_until_up(f"{self.address}/healthz")
        return self.app

    def stop(self) -> int:
        """Like a process manager: SIGTERM, and wait. The exit code."""
        os.kill(self.app.pid, signal.SIGTERM)
        return self.app.wait(15)

    def close(self) -> None:
        for process in (self.app, self.platform):
            process.terminate()
            process.wait(15)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def person(server: Server) -> Iterator[Person]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield Person(browser.new_context(locale="fi-FI").new_page(), server.address)
        browser.close()


@pytest.mark.browser
def test_a_draft_survives_a_restart_and_the_page_comes_back_by_itself(server: Server, person: Person) -> None:
    """The last letters are typed less than a second before the end: the save that was due had not come yet."""
    person.open()
    sign_in(person)
    write(person, "Terveysaseman hoitaja", "Selkä", "Selkä on kipeä, ja")
    words = person.control("messages.body")
    words.press_sequentially(" uusi sana")

    assert server.stop() in (0, -signal.SIGTERM)
    server.start()
    person.page.wait_for_event("load", timeout=60_000)
    person.wait_for_app()
    sign_in(person)
    person.open("/messages")
    person.reads("Selkä")
    draft = next((server.data).rglob("*.db"))
    assert b"uusi sana" not in draft.read_bytes(), "what is kept is sealed"


def test_sockets_are_closed_with_a_code_that_says_come_again(server: Server) -> None:
    with connect(f"ws://127.0.0.1:{server.port}/ws", origin=server.address) as socket:
        server.stop()

        with pytest.raises(ConnectionClosed) as closed:
            socket.recv(timeout=10)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == SERVICE_RESTART


async def test_what_was_not_saved_yet_is_saved_when_the_process_is_told_to_stop(tmp_path: Path) -> None:
    """Without a browser: the timer of the save has not come, the visitors' list saves all the same."""
    county = County(tmp_path)
    visitors = Visitors()
    aino = await county.signed_in("aino")
    visitors.add(aino.stores)
    composer = aino.own.messages.composer(aino.own.messages.start("nurse"))
    assert composer is not None
    composer.write("text", "Kesken jäänyt sana")
    assert aino.own.drafts.all() == ()

    visitors.save_all()

    assert [draft.body["text"] for draft in aino.own.drafts.all()] == ["Kesken jäänyt sana"]
    await county.close()
