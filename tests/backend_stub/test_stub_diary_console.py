"""The professional's side of appointments: visits, schedules, offers, sources; and who may join a video visit."""

import asyncio
import base64
import contextlib
import hashlib
import hmac
import json
import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from backend_stub.app import Platform
from backend_stub.booking import profile
from backend_stub.booking.ice import Ice
from backend_stub.booking.visit import ELSEWHERE, MALFORMED, REFUSED
from backend_stub.seed.words import extension
from backend_stub.server import Running
from tests.backend_stub.booking import Body, Counter
from tests.backend_stub.test_stub_console import sit


def coming(platform: Platform, resident: str, mode: str) -> Body:
    """The resident's next booked appointment that is held so."""
    one = platform.seeder.roster.get(resident)
    assert one is not None
    found = platform.repository.search(
        "Appointment", [("patient", one.reference), ("status", "booked"), ("_sort", "date")]
    )
    return next(body for body in found if profile.mode_of(body) == mode)


async def test_the_day_of_a_professional(http: httpx.AsyncClient, platform: Platform) -> None:
    await sit(http, "tiina")
    page = (await http.get("/console/diary")).text

    assert "Aino Virtanen" in page
    assert "Emma Laine" not in page
    assert "Suun tarkastus ja hoito" in page


@pytest.mark.parametrize(
    ("deed", "status"), [("finish", "fulfilled"), ("no-show", "noshow"), ("cancel", "cancelled")]
)
async def test_what_a_professional_says_of_a_visit(
    http: httpx.AsyncClient, platform: Platform, deed: str, status: str
) -> None:
    await sit(http, "tiina")
    one = coming(platform, "aino", "in-person")
    token = _token(await http.get(f"/console/diary/{one['id']}"))
    done = await http.post(f"/console/diary/{one['id']}/{deed}", data={"token": token})

    assert done.status_code == 303
    assert platform.repository.read("Appointment", one["id"])["status"] == status


async def test_needs_are_told_in_words(http: httpx.AsyncClient, platform: Platform) -> None:
    await sit(http, "tiina")
    one = coming(platform, "aino", "in-person")
    told = ("interpreter:so", "step-free", "other:Tuoksut", "something-new")
    marks = [extension("needs", valueString=need) for need in told]
    platform.repository.update("Appointment", one["id"], one | {"extension": [*one["extension"], *marks]})
    page = (await http.get(f"/console/diary/{one['id']}")).text

    assert all(words in page for words in ("Tulkki: so", "Esteetön kulku", "Tuoksut", "something-new"))


async def test_late_adds_up_and_start_leads_into_the_visit(
    http: httpx.AsyncClient, platform: Platform
) -> None:
    await sit(http, "johanna")
    one = coming(platform, "emma", "video")
    token = _token(await http.get(f"/console/diary/{one['id']}"))
    for _ in range(2):
        await http.post(f"/console/diary/{one['id']}/late", data={"token": token})
    started = await http.post(f"/console/diary/{one['id']}/start", data={"token": token})
    body = platform.repository.read("Appointment", one["id"])

    assert profile.get(body, "delay")["valueInteger"] == 20
    assert profile.get(body, "visit-state")["valueCode"] == "started"
    assert f"/visit/{one['id']}#" in started.headers["location"]


async def test_releasing_times(http: httpx.AsyncClient, platform: Platform) -> None:
    await sit(http, "kaisa")
    before = await Counter(platform, http, "tuomas").find("terveysasema")
    page = await http.get("/console/schedule/kaisa-vastaanotto")
    await http.post("/console/schedule/kaisa-vastaanotto/release", data={"token": _token(page)})
    after = await Counter(platform, http, "tuomas").find("terveysasema")

    assert "Ei julkaistu" in page.text
    assert len(after) > len(before)


async def test_offering_an_earlier_time(http: httpx.AsyncClient, platform: Platform) -> None:
    await sit(http, "marja")
    waiting = next(one for one in platform.repository.all("Appointment") if one["status"] == "waitlist")
    page = await http.get(f"/console/diary/{waiting['id']}")
    slot = re.search(r'option value="([^"]+)"', page.text)
    assert slot
    await http.post(f"/console/diary/{waiting['id']}/offer", data={"token": _token(page), "slot": slot[1]})
    raija = Counter(platform, http, "raija")
    offer = next(one for one in await raija.own(status="pending") if slot[1] in json.dumps(one["slot"]))

    assert profile.get(offer, "offer")["valueBoolean"]
    assert platform.repository.read("Slot", slot[1])["status"] == "busy-tentative"


async def test_a_source_can_be_broken_and_mended(http: httpx.AsyncClient, platform: Platform) -> None:
    await sit(http)
    page = await http.get("/console/diary")
    await http.post("/console/source/suu", data={"token": _token(page)})
    assert platform.repository.read("Endpoint", "suu")["status"] == "error"
    await http.post("/console/source/suu", data={"token": _token(page)})
    assert platform.repository.read("Endpoint", "suu")["status"] == "active"


def test_a_relay_gets_names_and_passwords_that_end() -> None:
    """As coturn expects them; wrong settings are told at the start."""
    now = datetime(2026, 11, 23, 8, tzinfo=UTC)
    stun, turn = Ice(("stun:a:1", "turn:b:2"), "geheim", lambda: now).servers()
    until, _, random = turn["username"].partition(":")
    assert stun == {"urls": ["stun:a:1"]}
    assert (turn["urls"], int(until) - now.timestamp(), len(random)) == (["turn:b:2"], 4 * 3600, 8)
    made = hmac.new(b"geheim", turn["username"].encode(), hashlib.sha1).digest()
    assert base64.b64decode(turn["credential"]) == made
    assert Ice((), "", lambda: now).servers() == []
    for addresses in (("turn:b:2",), ("https://x",)):
        with pytest.raises(ValueError, match=r"TURN|stun"):
            Ice(addresses, "", lambda: now)


async def test_forms_of_others_are_refused(http: httpx.AsyncClient, platform: Platform) -> None:
    one = coming(platform, "aino", "in-person")
    refused = await http.post(f"/console/diary/{one['id']}/cancel", data={"token": "0"})

    assert refused.status_code == 403
    assert platform.repository.read("Appointment", one["id"])["status"] == "booked"


async def test_only_who_has_the_appointment_is_given_the_way_in(
    platform: Platform, http: httpx.AsyncClient
) -> None:
    one = coming(platform, "emma", "video")
    emma, aino = Counter(platform, http, "emma"), Counter(platform, http, "aino")
    way = f"/fhir/Appointment/{one['id']}/$join"
    body = {"resourceType": "Parameters"}

    assert (await http.post(way, json=body, headers=aino.headers)).status_code == 404
    assert (await http.post(way, json=body)).status_code in (401, 404)
    given = (await http.post(way, json=body, headers=emma.headers)).json()
    assert f"/visit/{one['id']}#" in given["parameter"][0]["valueUrl"]


class Door:
    """Ways to the socket of Emma's visit, on a real port."""

    def __init__(self, served: Running) -> None:
        self.platform = served.platform
        self.body = coming(self.platform, "emma", "video")
        self.url = f"{served.url.replace('http', 'ws', 1)}/visit/{self.body['id']}/socket"

    def token(self, who: str, body: Body | None = None) -> str:
        """The token in an address."""
        return self.platform.visits.address(body or self.body, who).partition("#")[2]

    @property
    def resident(self) -> str:
        """Emma's."""
        return self.token(f"Patient/{profile.patient_of(self.body)}")

    async def refuses(self, told: str, **more: str) -> int:
        """Say that; the code with which the socket is closed."""
        headers = {"additional_headers": more} if more else {}
        async with connect(self.url, **headers) as socket:  # type: ignore[arg-type]
            with contextlib.suppress(ConnectionClosed):
                await socket.send(told)
            return await closed(socket)

    async def enter(self, socket: ClientConnection, token: str = "") -> Body:
        """Join; the welcome."""
        await say(socket, type="join", token=token or self.resident)
        return await until(socket, "welcome")


async def say(socket: ClientConnection, **told: str) -> None:
    """Send a message."""
    await socket.send(json.dumps(told))


async def until(socket: ClientConnection, type: str) -> Body:
    """The next message of a type."""
    while True:
        told: Body = json.loads(await asyncio.wait_for(socket.recv(), 20))
        if told["type"] == type:
            return told


async def closed(socket: ClientConnection) -> int:
    """Wait for the end; its code."""
    with contextlib.suppress(ConnectionClosed):
        await until(socket, "nothing")
    return socket.close_code or 0


async def test_third_parties_and_other_tokens_are_refused(served: Running) -> None:
    """Forged, of another visit, of another person, no token, no JSON, another origin."""
    door = Door(served)
    other = coming(door.platform, "noora", "video")
    aino = door.platform.seeder.roster.get("aino")
    assert aino is not None
    for token in (
        "",
        door.resident[:-2] + "00",
        door.token(f"Patient/{profile.patient_of(other)}", other),
        door.token(aino.reference),
        "x." + door.resident.partition(".")[2],
    ):
        assert await door.refuses(json.dumps({"type": "join", "token": token})) == REFUSED, token
    assert await door.refuses("no json") == REFUSED
    good = json.dumps({"type": "join", "token": door.resident})
    assert await door.refuses(good, Origin="https://elsewhere.example") == REFUSED


async def test_two_talk_and_who_comes_again_takes_the_seat(served: Running) -> None:
    door = Door(served)
    async with connect(door.url) as emma, connect(door.url) as johanna:
        welcome = await door.enter(emma)
        assert (welcome["role"], welcome["state"], welcome["other"]) == ("resident", "waiting", False)
        assert welcome["ice"] == []
        assert (await door.enter(johanna, door.token("Practitioner/johanna")))["other"] is True
        await say(johanna, type="chat", text="Hei")
        assert (await until(emma, "chat"))["text"] == "Hei"
        async with connect(door.url) as again:
            assert (await door.enter(again))["other"] is True
            assert await closed(emma) == ELSEWHERE
            assert await until(johanna, "came")
        assert await until(johanna, "left")


async def test_what_is_no_message_of_a_visit_closes_it(served: Running) -> None:
    door = Door(served)
    async with connect(door.url) as emma:
        await door.enter(emma)
        await say(emma, type="record")
        assert await closed(emma) == MALFORMED


async def test_the_door_is_open_in_its_time_only(served: Running) -> None:
    door = Door(served)
    door.platform.clock.advance(timedelta(hours=3))
    assert await door.refuses(json.dumps({"type": "join", "token": door.resident})) == REFUSED


def _token(page: httpx.Response) -> str:
    found = re.search(r'name="token" value="([0-9a-f]+)"', page.text)
    assert found
    return found[1]
