"""What the app's server sends to the platform while somebody who is signed in is anonymous with the ombudsman (B1, B2).

Nothing in it names them, and nothing joins it to what the same session sends signed in: no value, no connection.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e.conftest import Places, free_port
from tests.e2e.driver import Person
from tests.e2e.journey import sign_in
from tests.e2e.places import running
from tests.e2e.test_anonymity import MARK, SAID, WRITTEN, always_open, anonymous, known_of
from tests.e2e.wiretap import Sent, Wiretap

HEADERS = {"host", "accept", "accept-encoding", "accept-language", "connection", "user-agent"}
"""The same from everybody; beside them only what tells the length and kind of a body, and the key of the matter."""
OF_A_BODY = {"content-length", "content-type"}
KEY = "authorization"


@pytest.fixture
def tapped(tmp_path: Path) -> Iterator[tuple[Places, Wiretap]]:
    """A platform and an app of their own, with every byte between them noted."""
    stub, wire = free_port(), free_port()
    with Wiretap(wire, stub) as tap, running(tmp_path, stub, wire) as places:
        yield places, tap


def test_nothing_between_the_apps_server_and_the_platform_joins_the_two(
    tapped: tuple[Places, Wiretap], browser: Browser
) -> None:
    places, tap = tapped
    always_open(places)
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="fi-FI")
    person = Person(context.new_page(), places.app)
    sign_in(person)
    person.sees("home")
    code = anonymous(person, places, "home.ombudsman")
    context.close()
    everything = tap.sent()
    nameless = [one for one in everything if "/ombudsman/" in one.line]
    named = [
        one for one in everything if "bearer" in one.headers.get(KEY, "").lower() and one not in nameless
    ]
    said = "\n".join(one.everything for one in nameless)

    for words in (SAID, WRITTEN):
        assert json.dumps(words) in said
    assert {one.line.split()[0] for one in nameless} >= {"POST", "PUT", "GET", "DELETE"}
    assert named
    for one in nameless:
        assert set(one.headers) - OF_A_BODY - {KEY} <= HEADERS, one
    assert [word for word in known_of(places) if word in said] == []
    assert not {one.wire for one in nameless} & {one.wire for one in named}
    assert not marks(nameless) & marks(named)
    assert not {one.headers.get(KEY) for one in named} & {one.headers.get(KEY) for one in nameless}
    assert code not in "\n".join(one.everything for one in named)


def marks(requests: list[Sent]) -> set[str]:
    """Everything in them that is long enough to single somebody out."""
    return {mark for one in requests for mark in MARK.findall(one.everything)}
