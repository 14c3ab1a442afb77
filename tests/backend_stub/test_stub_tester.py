"""The tester's controls over HTTP, and that their description tells the truth."""

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from backend_stub.app import Platform
from backend_stub.tester.routes import Controls
from tests.backend_stub.chatting import join
from tests.backend_stub.writing import write

THREADS = "/tester/professional/threads"


def something_to_act_on(platform: Platform, path: str) -> None:
    """A chat or a letter where a control needs one: an earlier control has cleared everything."""
    if "/chats" in path and not platform.chat.tasks():
        join(platform, "tuomas")
    if "/ombudsman" in path and not platform.ombudsman.all():
        platform.ombudsman.write_letter("AAAAA-AAAAA-AAAAA-AAAAA", "patient", "fi")


async def test_every_examples_request_works_and_answers_in_its_shape(
    http: httpx.AsyncClient, platform: Platform
) -> None:
    """The page's examples are run as they stand."""
    write(platform, "tuomas")
    loose = {"/tester/reset", "/tester/seed"}
    for control in Controls(platform).controls:
        something_to_act_on(platform, control.path)
        fault = (await http.post("/tester/faults", json={"kind": "delay"})).json()["id"]
        id = fault if "faults" in control.path else "latest"
        body = control.body if control.method in ("POST", "PUT") else None
        answer = await http.request(control.method, control.path.replace("{id}", id), json=body)

        assert answer.status_code == 200, (control.path, answer.text)
        if control.path not in loose:
            assert set(answer.json()) == set(control.answer), control.path


async def test_docs_and_openapi_list_every_control(http: httpx.AsyncClient, platform: Platform) -> None:
    page = (await http.get("/tester/docs")).text
    paths = (await http.get("/tester/openapi.json")).json()["paths"]

    for control in Controls(platform).controls:
        assert f"{control.method} {control.path}" in page
        assert control.method.lower() in paths[control.path]


async def test_reset_brings_everything_back(http: httpx.AsyncClient, platform: Platform) -> None:
    before = platform.repository.counts()
    token = (await http.post("/tester/token", json={"resident": "aino"})).json()["access_token"]
    write(platform, "tuomas")
    await http.post("/tester/faults", json={"kind": "status", "path": "^/fhir"})
    await http.post("/tester/clock/advance", json={"days": 3})
    await http.put("/tester/autopilot", json={"on": True})
    await http.put("/tester/temper", json={"temper": "hapi"})
    done = (await http.post("/tester/reset", json={})).json()

    assert done["resources"] == before == platform.repository.counts()
    assert (await http.get("/tester/clock")).json()["offset_seconds"] == 0
    assert (await http.get("/tester/faults")).json() == {"offline": False, "faults": []}
    assert (await http.get("/tester/autopilot")).json()["on"] is False
    assert (await http.get("/tester/temper")).json()["temper"] == "best"
    refused = await http.get("/fhir/Patient", headers={"Authorization": f"Bearer {token}"})
    assert refused.status_code == 401


async def test_seed_changes_people_but_not_the_clock(http: httpx.AsyncClient) -> None:
    first = (await http.get("/tester/residents")).json()["residents"]
    await http.post("/tester/clock/advance", json={"days": 30})
    await http.post("/tester/seed", json={"seed": 9})
    second = (await http.get("/tester/residents")).json()["residents"]

    assert [one["key"] for one in first] == [one["key"] for one in second]
    assert all(one["patient"] != other["patient"] for one, other in zip(first, second, strict=True))
    assert (await http.get("/tester/clock")).json()["offset_seconds"] == 30 * 86400


@pytest.mark.parametrize(
    ("body", "moved"),
    [
        ({"days": 1, "hours": 2}, timedelta(days=1, hours=2)),
        ({"by": "90s"}, timedelta(seconds=90)),
        ({"by": "1.5h"}, timedelta(hours=1.5)),
        ({"minutes": -5}, timedelta(minutes=-5)),
    ],
)
async def test_the_clock_moves(
    http: httpx.AsyncClient, platform: Platform, body: dict[str, Any], moved: timedelta
) -> None:
    before = platform.clock.now()
    await http.post("/tester/clock/advance", json=body)

    assert platform.clock.now() - before == moved


async def test_the_clock_can_be_set_in_finnish_time(http: httpx.AsyncClient) -> None:
    told = (await http.put("/tester/clock", json={"now": "2026-07-01T12:00"})).json()

    assert told["now"] == "2026-07-01T09:00:00+00:00"
    assert told["local"] == "2026-07-01T12:00:00+03:00"


async def test_fhir_goes_by_the_clock(http: httpx.AsyncClient) -> None:
    await http.put("/tester/clock", json={"now": "2027-03-01T12:00:00+00:00"})
    token = (await http.post("/tester/token", json={"resident": "system"})).json()["access_token"]
    body = {"resourceType": "Basic", "id": "b", "code": {"text": "x"}}
    made = await http.put("/fhir/Basic/b", json=body, headers={"Authorization": f"Bearer {token}"})

    assert made.json()["meta"]["lastUpdated"].startswith("2027-03-01T12:00")
    assert "01 Mar 2027" in made.headers["date"]


async def test_system_sees_all_and_a_resident_their_own(http: httpx.AsyncClient) -> None:
    async def total(resident: str) -> int:
        token = (await http.post("/tester/token", json={"resident": resident})).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        found: int = (await http.get("/fhir/Patient?_summary=count", headers=headers)).json()["total"]
        return found

    assert await total("system") == 16
    assert await total("eetu") == 1


async def test_a_tester_token_can_be_refreshed(http: httpx.AsyncClient) -> None:
    got = (await http.post("/tester/token", json={"resident": "aino"})).json()
    form = {"grant_type": "refresh_token", "client_id": "digiklinikka", "refresh_token": got["refresh_token"]}

    assert (await http.post("/auth/token", data=form)).json()["patient"] == got["patient"]


async def test_a_fault_for_one_resident_spares_the_others(http: httpx.AsyncClient) -> None:
    await http.post(
        "/tester/faults", json={"kind": "status", "path": "^/fhir", "resident": "aino", "status": 500}
    )

    async def status(resident: str) -> int:
        token = (await http.post("/tester/token", json={"resident": resident})).json()["access_token"]
        return (await http.get("/fhir/Patient", headers={"Authorization": f"Bearer {token}"})).status_code

    assert await status("aino") == 500
    assert await status("veikko") == 200


async def test_faults_never_shut_the_tester_out(http: httpx.AsyncClient) -> None:
    await http.post("/tester/faults", json={"kind": "drop-before"})
    await http.put("/tester/offline", json={"offline": True})

    assert (await http.get("/tester/faults")).json()["offline"] is True
    assert (await http.get("/console/who")).status_code == 200


async def test_the_professional_can_be_driven(http: httpx.AsyncClient, platform: Platform) -> None:
    thread = write(platform, "tuomas")
    opened = (await http.post(f"{THREADS}/latest/open")).json()
    words = {"text": "Hei!", "by": "jussi"}
    answered = (await http.post(f"{THREADS}/{thread}/answer", json=words)).json()["messages"][-1]
    closed = (await http.post(f"{THREADS}/{thread}/close")).json()
    own = (await http.get(f"{THREADS}?resident=tuomas")).json()["threads"]

    assert opened["id"] == thread
    assert opened["messages"][0]["opened"]
    assert (answered["from"], answered["text"], answered["received"]) == ("professional", "Hei!", "")
    assert closed["closed"] is True
    assert [one["id"] for one in own] == [thread]


async def test_moving_the_clock_flies_the_autopilot(http: httpx.AsyncClient, platform: Platform) -> None:
    await http.put("/tester/autopilot", json={"on": True, "open_after": 1, "answer_after": 5})
    thread = write(platform, "tuomas")
    await http.post("/tester/clock/advance", json={"by": "2s"})
    await http.post("/tester/clock/advance", json={"by": "10s"})

    assert (await http.get(f"{THREADS}/{thread}")).json()["unanswered"] == 0


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/tester/faults", {"kind": "meteor"}, 400),
        ("POST", "/tester/faults", {"kind": "delay", "secs": 3}, 400),
        ("POST", "/tester/faults", {"kind": "delay", "seconds": "3"}, 400),
        ("POST", "/tester/faults", {"kind": "delay", "path": "("}, 400),
        ("POST", "/tester/faults", {"kind": "delay", "path": 5}, 400),
        ("POST", "/tester/faults", {"kind": "delay", "method": 5}, 400),
        ("POST", "/tester/faults", {"kind": "delay", "seconds": -1}, 400),
        ("POST", "/tester/faults", {"kind": "status", "status": 99999}, 400),
        ("POST", "/tester/faults", {"kind": "status", "times": 0}, 400),
        ("POST", "/tester/faults", {"kind": "status", "times": True}, 400),
        ("POST", "/tester/faults", {"kind": "status", "probability": 7}, 400),
        ("POST", "/tester/faults", {"kind": "delay", "resident": "nobody"}, 400),
        ("DELETE", "/tester/faults/f99", None, 404),
        ("PUT", "/tester/offline", {"offline": "yes"}, 400),
        ("PUT", "/tester/clock", {"now": "soon"}, 400),
        ("POST", "/tester/clock/advance", {}, 400),
        ("POST", "/tester/clock/advance", {"by": "3 weeks"}, 400),
        ("POST", "/tester/clock/advance", {"by": "9999999999999d"}, 400),
        ("POST", "/tester/clock/advance", {"days": 10**7}, 400),
        ("PUT", "/tester/clock", {"now": "9999-12-31T23:59:59Z"}, 400),
        ("POST", "/tester/renewal", {"resident": "aino", "to": "x"}, 400),
        ("POST", "/tester/renewal", {"resident": "nobody"}, 404),
        ("PUT", "/tester/autopilot", {"on": True, "open_after": -5}, 400),
        ("POST", "/tester/seed", {"seed": 10**30}, 400),
        ("POST", "/tester/seed", {"seed": 1.5}, 400),
        ("POST", "/tester/token", {"resident": "nobody"}, 404),
        ("POST", "/tester/token", {}, 404),
        ("PUT", "/tester/autopilot", {"on": 1}, 400),
        ("PUT", "/tester/temper", {"temper": "calm"}, 400),
        ("POST", "/tester/seed", {"seed": "one"}, 400),
        ("POST", f"{THREADS}/nothing/open", {}, 404),
        ("POST", f"{THREADS}/latest/answer", {"words": "x"}, 400),
    ],
)
async def test_mistakes_are_explained(
    http: httpx.AsyncClient, method: str, path: str, body: dict[str, Any] | None, status: int
) -> None:
    answer = await http.request(method, path, json=body)

    assert answer.status_code == status
    assert answer.json()["error"]


@pytest.mark.parametrize("content", [b"{", b"[1]", b"[" * 50_000, b"\xff", b'{"resident": NaN'])
async def test_a_body_that_is_no_object_is_explained(http: httpx.AsyncClient, content: bytes) -> None:
    assert (await http.post("/tester/token", content=content)).status_code == 400


async def test_the_front_page_says_what_is_where(http: httpx.AsyncClient) -> None:
    page = (await http.get("/")).text
    links = re.findall(r'href="(/[^"]+)"', page)

    assert {"/console", "/tester/docs", "/fhir/metadata"} <= set(links)
    for link in links:
        assert (await http.get(link)).status_code in (200, 303)
    assert "Only this machine can reach it." in page


async def test_pages_of_this_machine_may_call_and_others_may_not(http: httpx.AsyncClient) -> None:
    async def preflight(origin: str) -> httpx.Response:
        asked = {
            "Origin": origin,
            "Access-Control-Request-Method": "PUT",
            "Access-Control-Request-Headers": "authorization,if-match,if-none-match,prefer,x-request-id,content-type",
        }
        return await http.options("/fhir/Communication/x", headers=asked)

    good, bad = await preflight("http://localhost:8550"), await preflight("http://localhost.evil.example")
    assert good.headers["access-control-allow-origin"] == "http://localhost:8550"
    assert "PUT" in good.headers["access-control-allow-methods"]
    assert "access-control-allow-origin" not in bad.headers
    seen = (await http.get("/fhir/metadata", headers={"Origin": "http://localhost:8550"})).headers
    assert {"ETag", "Location", "Last-Modified", "Date"} <= set(
        seen["access-control-expose-headers"].split(", ")
    )
