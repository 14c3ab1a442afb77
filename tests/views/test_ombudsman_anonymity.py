"""The ombudsman without a name: nothing that identifies leaves the device, and nothing stays on it (B5)."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import httpx
import pytest

from tests.views.asking_ombudsman import OPEN, SECRET, collected, lettered, look, say, stored, talking
from tests.views.examples import County, Visit


@pytest.fixture
def begins() -> datetime:
    """When both ombudsmen are there."""
    return OPEN


async def test_a_guests_text_is_kept_nowhere_and_the_screen_says_so(county: County) -> None:
    """It survives a look at another screen, and nothing else; a copy is offered."""
    screen = await county.open("/ombudsman/helper")
    before = stored(county)
    for question, answer in (("where", "care"), ("what", "treated"), ("wish", "answer")):
        await screen.choose(f"ombudsman.helper.{question}", answer)
    await screen.type("ombudsman.draft", SECRET)
    county.timers.fire()
    await screen.settle()
    async for _ in screen.languages():
        screen.check("ombudsman.deciding")
        assert screen.has("ombudsman.draft.memory")
        assert screen.says("ombudsman.save_copy")
    await screen.go("/ombudsman")
    await screen.go("/ombudsman/helper")
    assert screen.stores.ombudsman.helper.texts == {"muistutus": SECRET}
    assert stored(county) == before
    again = await county.open("/ombudsman/helper")
    assert not again.stores.ombudsman.helper.begun


async def test_who_sits_down_next_sees_nothing_of_the_last(county: County) -> None:
    """Signed letters, what was being written, with a name and without, and an answer that comes too late."""
    screen = await county.signed_in("aino", "/ombudsman/mine")
    await screen.type("ombudsman.signed-text", SECRET)
    await screen.tap("ombudsman.signed-send")
    await screen.type("ombudsman.signed-text", "Toinen")
    await screen.go("/ombudsman/letter")
    await screen.type("ombudsman.text", "Nimetön")
    store = screen.stores.ombudsman
    assert store.signed
    assert store.letter.text == "Nimetön"

    await screen.stores.session.sign_out.run(False)
    await screen.settle()
    assert (store.signed, store.signed_text, store.letter.text) == (None, "", "")
    await screen.go("/")
    await screen.sign_in("mikko")
    await screen.go("/ombudsman/mine")

    assert not {SECRET, "Toinen", "Nimetön"} & set(screen.texts)
    assert store.signed == ()


async def test_the_panel_tells_what_was_really_sent(county: County) -> None:
    screen = await county.open()
    await talking(county, screen)
    await say(screen, "Hei vaan")
    await screen.tap("ombudsman.leaves")
    async for _ in screen.languages():
        screen.check("ombudsman.talk")
        assert screen.says("ombudsman.leaves.what.text", n=8)
        assert screen.says("ombudsman.leaves.not.account")


async def anonymous_matters(county: County, screen: Visit) -> list[str]:
    """Everything one can do without a name. Returns what must be found nowhere."""
    await talking(county, screen)
    await say(screen, SECRET)
    key = screen.stores.ombudsman.talk.key  # type: ignore[union-attr]
    await look(screen)
    await screen.tap("ombudsman.leave")
    await screen.tap("ombudsman.leave-sure")
    code = await lettered(screen)
    await screen.tap("ombudsman.code.done")
    await collected(screen, code)
    await screen.go("/ombudsman")
    return [SECRET, key, code, code.replace("-", "")]


def requests(county: County) -> list[httpx.Request]:
    return [
        r for r in county.wire.seen if "/ombudsman/" in r.url.path and not r.url.path.startswith("/tester")
    ]


def everything_of(person: str, county: County, screen: Visit) -> Iterator[str]:
    """All that is known of a person on the device and the platform."""
    one = county.platform.seeder.roster.get(person)
    assert one is not None
    yield from (one.patient, one.sub)
    patient = county.platform.repository.read("Patient", one.patient)
    yield from (name for named in patient["name"] for name in (named["family"], *named["given"]))
    yield from (str(told["value"]) for told in (*patient["identifier"], *patient.get("telecom", ())))
    for request in county.wire.seen:
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        if bearer and "/ombudsman/" not in request.url.path:
            yield bearer


async def test_nothing_that_identifies_leaves_and_nothing_stays(county: County) -> None:
    """All traffic and all storage of a device on which somebody is signed in, while they are anonymous.

    What is sent is word for word what a device without any sign-in sends, so the two cannot be told apart.
    """
    guest = await county.open()
    await anonymous_matters(county, guest)
    plain = [shape(request) for request in requests(county)]
    county.wire.seen.clear()

    aino = await county.signed_in("aino")
    before = stored(county)
    secrets = await anonymous_matters(county, aino)
    sent = requests(county)

    assert [shape(request) for request in sent] == plain
    traffic = " ".join(f"{r.url} {r.headers} {r.content.decode()}" for r in sent)
    for known in everything_of("aino", county, aino):
        assert known not in traffic
    assert not any("cookie" in r.headers or "referer" in r.headers for r in sent)
    after = stored(county)
    for secret in secrets:
        assert secret.encode() not in b"".join(after.values())
        assert secret not in json.dumps(kept_by(aino), ensure_ascii=False)
    assert after.keys() == before.keys()


async def test_anonymous_connections_are_shared_with_nothing(county: County) -> None:
    """Each way has its own, and it is closed when the matter is left."""
    made: list[httpx.AsyncClient] = []
    screen = await county.open()
    real = screen.stores.ombudsman._make

    def make() -> Any:
        client = real()
        made.append(client._http)
        return client

    screen.stores.ombudsman._make = make
    await talking(county, screen)
    await say(screen, SECRET)
    await screen.tap("ombudsman.leave")
    await screen.tap("ombudsman.leave-sure")

    assert made
    assert all(client is not screen.devices.http for client in made)
    assert made[0].is_closed


def shape(request: httpx.Request) -> tuple[str, str, tuple[tuple[str, str], ...], tuple[str, ...]]:
    """A request without what is new in every matter by chance: ids, keys, codes."""
    path = request.url.path.split("/")
    where = "/".join(path[:3])
    own = ("authorization", "content-length")
    headers = tuple(
        sorted((k, "…" if k in own else v) for k, v in request.headers.items() if k != "content-length")
    )
    body = json.loads(request.content or b"{}")
    return request.method, where, headers, tuple(sorted(body))


def kept_by(screen: Visit) -> dict[str, Any]:
    """Choices, drafts, outbox and records of who is signed in."""
    own = screen.own
    return {
        "choices": screen.choices._preferences._kept,  # type: ignore[attr-defined]
        "drafts": [draft.body for draft in own.drafts.all()],
        "outbox": [dict(entry.args) for item in own.outbox.items.value or () for entry in item.parts],
        "messages": own.store.all("Communication"),
    }
