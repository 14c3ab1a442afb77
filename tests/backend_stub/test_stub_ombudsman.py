"""The ombudsman's platform: apart from everything, hashes only, guesses limited, letters erased in time (B1 to B5)."""

from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from fhir_schema import problems

from app.api.ombudsman import communication
from backend_stub.app import Platform, build
from backend_stub.clock import Clock
from backend_stub.config import Config
from tests.backend_stub.conftest import MONDAY

CODE = "7K2MP-QXR9H-TA4BW-C3D8F"
CHOICES = {"about": "patient", "language": "fi"}


async def write(
    http: httpx.AsyncClient, code: str = CODE, id: str = "m1", text: str = "Kysymys"
) -> httpx.Response:
    body = {"code": code, **CHOICES, "message": communication(id, text)}
    return await http.put(f"/ombudsman/letter/{id}", json=body)


async def collect(http: httpx.AsyncClient, code: str = CODE) -> httpx.Response:
    return await http.post("/ombudsman/answer", json={"code": code})


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


async def talk(http: httpx.AsyncClient) -> dict[str, str]:
    key = (await http.post("/ombudsman/talk", json=CHOICES)).json()["key"]
    return {"Authorization": f"Bearer {key}"}


async def test_a_letter_is_answered_and_collected(platform: Platform, http: httpx.AsyncClient) -> None:
    await write(http)
    await http.post("/tester/ombudsman/latest/answer", json={"text": "Vastaus"})
    told = (await collect(http)).json()

    assert (told["status"], told["who"]) == ("answered", "Leena Forsman")
    assert [one["payload"][0]["contentString"] for one in told["messages"]] == ["Kysymys", "Vastaus"]
    assert [problems(one) for one in told["messages"]] == [[], []]
    assert all("subject" not in one for one in told["messages"])


async def test_the_same_letter_sent_again_is_the_same_letter(
    platform: Platform, http: httpx.AsyncClient
) -> None:
    for _ in range(3):
        await write(http)

    assert len(platform.ombudsman.all()) == 1
    assert len((await collect(http)).json()["messages"]) == 1


async def test_only_hashes_of_code_and_key_are_kept(tmp_path: Path) -> None:
    """In the file, and in every answer of the console and the controls."""
    file = tmp_path / "stub.db"
    app = build(Config(seed=1, port=8299, database=str(file)), Clock(MONDAY.timestamp))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8299"
    ) as http:
        await write(http)
        key = (await talk(http))["Authorization"].removeprefix("Bearer ")
        told = (await http.get("/tester/ombudsman")).text + (await http.get("/console/ombudsman")).text
    kept = everything(tmp_path)

    assert b"patient" in kept
    for secret in (CODE, CODE.replace("-", ""), key):
        assert secret.encode() not in kept
        assert secret not in told
    assert "127.0.0.1" not in "".join(str(one) for one in app.state.platform.ombudsman.all())


async def test_guessing_is_over_soon(platform: Platform, http: httpx.AsyncClient) -> None:
    await write(http)
    wrong = [(await collect(http, f"AAAAA-AAAAA-AAAAA-AAAA{n}")).status_code for n in range(6)]
    limited = await collect(http)
    assert wrong == [404] * 5 + [429]
    assert limited.status_code == 429
    assert int(limited.headers["retry-after"]) > 60
    platform.clock.advance(timedelta(minutes=11))

    assert (await collect(http)).status_code == 200


async def test_guesses_from_many_addresses_are_limited_together(platform: Platform) -> None:
    for n in range(100):
        platform.guesses.wrong(f"10.0.0.{n}")

    assert platform.guesses.wait("10.9.9.9") > 0


async def test_a_talk_is_led_to_by_its_key_alone(platform: Platform, http: httpx.AsyncClient) -> None:
    mine = await talk(http)
    await http.put("/ombudsman/talk/m1", json=communication("m1", "Hei"), headers=mine)
    assert (await http.get("/ombudsman/talk")).status_code == 404
    assert (await http.get("/ombudsman/talk", headers={"Authorization": "Bearer x"})).status_code == 404
    other = (await http.get("/ombudsman/talk", headers=await talk(http))).json()
    assert (other["messages"], other["place"]) == ([], 2)
    await http.delete("/ombudsman/talk", headers=mine)

    assert (await http.get("/ombudsman/talk", headers=mine)).status_code == 404
    assert len(platform.ombudsman.all()) == 1


async def test_nothing_of_it_is_in_the_fhir_server_or_any_compartment(
    platform: Platform, http: httpx.AsyncClient
) -> None:
    before = platform.repository.counts()
    await write(http)
    await http.put("/ombudsman/talk/m2", json=communication("m2", "Hei"), headers=await talk(http))

    assert platform.repository.counts() == before


async def test_signed_letters_belong_to_their_account_and_to_no_compartment(
    platform: Platform, http: httpx.AsyncClient
) -> None:
    before = platform.repository.counts()
    aino, tuomas = (platform.seeder.roster.get(key) for key in ("aino", "tuomas"))
    assert aino is not None
    assert tuomas is not None
    tokens = {one.key: platform.provider.resident_tokens(one).access for one in (aino, tuomas)}
    body = {**CHOICES, "message": communication("m1", "Omalla nimellä")}
    headers = {one: {"Authorization": f"Bearer {token}"} for one, token in tokens.items()}
    assert (await http.put("/ombudsman/mine/l1/m1", json=body, headers=headers["aino"])).status_code == 200

    assert len((await http.get("/ombudsman/mine", headers=headers["aino"])).json()["letters"]) == 1
    assert (await http.get("/ombudsman/mine", headers=headers["tuomas"])).json()["letters"] == []
    assert (await http.get("/ombudsman/mine")).status_code == 401
    assert platform.repository.counts() == before


async def test_a_letter_is_gone_after_thirty_days_or_at_once(
    platform: Platform, http: httpx.AsyncClient
) -> None:
    await write(http)
    assert (await http.post("/ombudsman/erase", json={"code": CODE})).status_code == 200
    assert (await collect(http)).status_code == 404
    await write(http, id="m9")
    platform.clock.advance(timedelta(days=31))

    assert platform.ombudsman.all() == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"code": CODE, "about": "x", "language": "fi"},
        {"code": CODE, **CHOICES, "message": {"payload": []}},
        {
            "code": CODE,
            **CHOICES,
            "message": {**communication("m1", "a"), "subject": {"reference": "Patient/x"}},
        },
        {"code": 5, **CHOICES, "message": communication("m1", "a")},
        {"code": CODE, **CHOICES, "message": communication("m1", "a" * 9000)},
    ],
)
async def test_what_is_not_right_is_refused(http: httpx.AsyncClient, body: dict[str, object]) -> None:
    assert (await http.put("/ombudsman/letter/m1", json=body)).status_code == 400


async def test_answers_are_cached_nowhere_and_set_no_cookie(http: httpx.AsyncClient) -> None:
    for answer in (await write(http), await collect(http), await collect(http, "B" * 20)):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "set-cookie" not in answer.headers


async def test_the_console_answers_without_knowing_who(platform: Platform, http: httpx.AsyncClient) -> None:
    await write(http)
    page = (await http.get("/console/ombudsman")).text
    id = platform.ombudsman.all()[0].id
    one = (await http.get(f"/console/ombudsman/{id}")).text
    token = one.split('name="token" value="')[1].split('"')[0]
    drafted = await http.post(f"/console/ombudsman/{id}/answer", data={"token": token, "phrase": "0"})
    empty = await http.post(f"/console/ombudsman/{id}/answer", data={"token": token, "text": ""})
    await http.post(f"/console/ombudsman/{id}/answer", data={"token": token, "text": "Vastaus"})

    assert "Nimetön" in page
    assert "mutta en päätä hoidosta" in drafted.text
    assert empty.status_code == 409
    assert (await collect(http)).json()["status"] == "answered"
