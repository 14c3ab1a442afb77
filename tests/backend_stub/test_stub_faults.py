"""Every kind of fault, in process; test_stub_sockets.py does the connections over real sockets."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from backend_stub.app import Platform
from backend_stub.faults import KINDS, Fault, Faults
from backend_stub.gate import ConnectionDropped, FaultGate
from tests.backend_stub.signing_in import BACK, ROOT, asked


class Bench:
    """A counting application behind the gate."""

    def __init__(self) -> None:
        self.faults, self.bodies, self.slept = Faults(), list[bytes](), list[float]()
        app = Starlette(routes=[Route("/fhir/{rest:path}", self.answer, methods=["GET", "PUT", "POST"])])
        self.app = FaultGate(app, self.faults, lambda headers: headers.get("x-who", ""), sleep=self.sleep)

    async def answer(self, request: Request) -> JSONResponse:
        """Remember the body, answer how many there were."""
        self.bodies.append(await request.body())
        return JSONResponse({"count": len(self.bodies), "text": "x" * 100}, headers={"ETag": 'W/"1"'})

    async def sleep(self, seconds: float) -> None:
        """Time that passes at once."""
        self.slept.append(seconds)


@pytest.fixture
def bench() -> Bench:
    """A fresh one."""
    return Bench()


@pytest.fixture
async def http(bench: Bench) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the bench."""
    transport = httpx.ASGITransport(bench.app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://stub") as client:
        yield client


@pytest.fixture
async def web(app: Starlette, platform: Platform) -> AsyncIterator[httpx.AsyncClient]:
    """A browser at the whole platform, where everything is 503."""
    platform.faults.add(Fault("status"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ROOT) as client:
        yield client


async def test_without_faults_everything_passes(bench: Bench, http: httpx.AsyncClient) -> None:
    assert (await http.put("/fhir/a", content=b"1")).json()["count"] == 1


async def test_delay_waits_and_lets_through(bench: Bench, http: httpx.AsyncClient) -> None:
    bench.faults.add(Fault("delay", seconds=2.5))

    assert (await http.get("/fhir/a")).status_code == 200
    assert bench.slept == [2.5]


async def test_status_comes_with_an_outcome_and_retry_after(bench: Bench, http: httpx.AsyncClient) -> None:
    bench.faults.add(Fault("status", status=429, retry_after=7, times=1))
    bad = await http.get("/fhir/a")

    assert (bad.status_code, bad.headers["retry-after"]) == (429, "7")
    assert bad.json()["resourceType"] == "OperationOutcome"
    assert bench.bodies == []
    assert (await http.get("/fhir/a")).status_code == 200


async def test_drop_before_has_no_effect(bench: Bench, http: httpx.AsyncClient) -> None:
    bench.faults.add(Fault("drop-before"))
    with pytest.raises(ConnectionDropped):
        await http.put("/fhir/a", content=b"1")

    assert bench.bodies == []


async def test_drop_after_has_its_effect(bench: Bench, http: httpx.AsyncClient) -> None:
    bench.faults.add(Fault("drop-after"))
    with pytest.raises(ConnectionDropped):
        await http.put("/fhir/a", content=b"1")

    assert bench.bodies == [b"1"]


async def test_a_straggler_is_carried_out_after_its_client_gave_up(
    bench: Bench, http: httpx.AsyncClient
) -> None:
    bench.faults.add(Fault("straggler", seconds=30, times=1))
    with pytest.raises(ConnectionDropped):
        await http.put("/fhir/a", content=b"late")
    await http.put("/fhir/a", content=b"repeat")
    await asyncio.sleep(0)

    assert sorted(bench.bodies) == [b"late", b"repeat"]
    assert bench.slept == [30]


async def test_fail_after_has_its_effect(bench: Bench, http: httpx.AsyncClient) -> None:
    bench.faults.add(Fault("fail-after", status=500))

    assert (await http.put("/fhir/a", content=b"1")).status_code == 500
    assert bench.bodies == [b"1"]


async def test_an_outcome_can_come_with_200(bench: Bench, http: httpx.AsyncClient) -> None:
    bench.faults.add(Fault("outcome-200"))
    bad = await http.put("/fhir/a", content=b"1")

    assert (bad.status_code, bad.json()["resourceType"]) == (200, "OperationOutcome")
    assert bench.bodies == []


async def test_malformed_is_no_json_but_well_framed(bench: Bench, http: httpx.AsyncClient) -> None:
    bench.faults.add(Fault("malformed"))
    bad = await http.get("/fhir/a")

    assert bad.status_code == 200
    assert int(bad.headers["content-length"]) == len(bad.content)
    with pytest.raises(ValueError):
        json.loads(bad.content)


async def test_truncated_breaks_off_in_the_middle(bench: Bench, http: httpx.AsyncClient) -> None:
    bench.faults.add(Fault("truncated"))
    with pytest.raises(ConnectionDropped):
        await http.get("/fhir/a")

    assert len(bench.bodies) == 1


async def test_captive_portal_says_200_in_html(bench: Bench, http: httpx.AsyncClient) -> None:
    bench.faults.add(Fault("captive-portal"))
    bad = await http.get("/fhir/a")

    assert (bad.status_code, bad.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert bench.bodies == []


async def test_expired_token_is_a_401(bench: Bench, http: httpx.AsyncClient) -> None:
    bench.faults.add(Fault("expired-token"))
    bad = await http.get("/fhir/a")

    assert bad.status_code == 401
    assert 'error="invalid_token"' in bad.headers["www-authenticate"]


async def test_duplicate_does_it_twice_and_answers_the_second(bench: Bench, http: httpx.AsyncClient) -> None:
    bench.faults.add(Fault("duplicate"))
    answer = await http.put("/fhir/a", content=b"once")

    assert bench.bodies == [b"once", b"once"]
    assert answer.json()["count"] == 2


async def test_slow_drips_the_whole_body(bench: Bench, http: httpx.AsyncClient) -> None:
    bench.faults.add(Fault("slow", seconds=10))
    answer = await http.get("/fhir/a")

    assert answer.json()["count"] == 1
    assert sum(bench.slept) == pytest.approx(10, rel=0.1)
    assert len(bench.slept) > 10


async def test_a_fault_matches_method_path_and_resident(bench: Bench, http: httpx.AsyncClient) -> None:
    bench.faults.add(Fault("status", method="put", path="^/fhir/Communication", resident="aino"))
    who = {"x-who": "aino"}

    assert (await http.get("/fhir/Communication/1", headers=who)).status_code == 200
    assert (await http.put("/fhir/Task/1", headers=who)).status_code == 200
    assert (await http.put("/fhir/Communication/1")).status_code == 200
    assert (await http.put("/fhir/Communication/1", headers=who)).status_code == 503


async def test_a_fault_is_used_up(bench: Bench, http: httpx.AsyncClient) -> None:
    bench.faults.add(Fault("status", times=2))
    statuses = [(await http.get("/fhir/a")).status_code for _ in range(4)]

    assert statuses == [503, 503, 200, 200]
    assert [(one.times, one.hits) for one in bench.faults.all()] == [(0, 2)]


async def test_chance_is_repeatable(bench: Bench, http: httpx.AsyncClient) -> None:
    bench.faults.add(Fault("status", probability=0.3, seed=7))
    chance = random.Random(7)
    statuses = [(await http.get("/fhir/a")).status_code for _ in range(20)]

    assert statuses == [503 if chance.random() < 0.3 else 200 for _ in range(20)]


async def test_delay_goes_together_with_another(bench: Bench, http: httpx.AsyncClient) -> None:
    bench.faults.add(Fault("delay", seconds=1))
    bench.faults.add(Fault("status", status=500))

    assert (await http.get("/fhir/a")).status_code == 500
    assert bench.slept == [1]


async def test_faults_can_be_undone_one_by_one(bench: Bench) -> None:
    first, second = bench.faults.add(Fault("status")), bench.faults.add(Fault("slow"))

    assert (first.id, second.id) == ("f1", "f2")
    assert bench.faults.undo() == second
    assert bench.faults.remove("f1")
    assert not bench.faults.remove("f1")
    assert bench.faults.undo() is None


async def test_offline_drops_fhir_and_sign_in(bench: Bench, http: httpx.AsyncClient) -> None:
    bench.faults.go(offline=True)
    for path in ("/fhir/a", "/auth/token"):
        with pytest.raises(ConnectionDropped):
            await http.options(path)
    bench.faults.go(offline=False)

    assert (await http.get("/fhir/a")).status_code == 200


async def test_preflights_are_no_target_of_a_fault_for_any_method(
    bench: Bench, http: httpx.AsyncClient
) -> None:
    bench.faults.add(Fault("status", times=1))
    await http.options("/fhir/a")

    assert (await http.get("/fhir/a")).status_code == 503


def test_every_kind_is_tested_here() -> None:
    assert set(KINDS) == {
        "delay", "status", "drop-before", "drop-after", "malformed", "truncated",
        "captive-portal", "expired-token", "duplicate", "slow", "straggler", "fail-after", "outcome-200",
    }  # fmt: skip


async def test_a_duplicate_of_a_guarded_create_shows_412_with_one_version(
    platform: Platform, app: Starlette
) -> None:
    """What a proxy's repeat does to ``PUT`` with ``If-None-Match: *``: the effect once, the answer of the loser."""
    token = platform.provider.system_tokens().access
    platform.faults.add(Fault("duplicate", method="PUT", times=1))
    headers = {"Authorization": f"Bearer {token}", "If-None-Match": "*"}
    body: dict[str, Any] = {"resourceType": "Basic", "id": "b1", "code": {"text": "x"}}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8299"
    ) as client:
        answer = await client.put("/fhir/Basic/b1", json=body, headers=headers)

    assert answer.status_code == 412
    assert len(platform.repository.history("Basic", "b1")) == 1


async def test_faulty_answers_can_be_read_by_a_browser_app(platform: Platform, app: Starlette) -> None:
    """A 503 without CORS headers would look like no network at all."""
    platform.faults.add(Fault("status", status=503, retry_after=1))
    origin = {"Origin": "http://127.0.0.1:8550"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8299"
    ) as client:
        answer = await client.get("/fhir/metadata", headers=origin)

    assert answer.status_code == 503
    assert answer.headers["access-control-allow-origin"] == origin["Origin"]
    assert "Retry-After" in answer.headers["access-control-expose-headers"]


class TestSigninPages:
    """Whoever stands on a sign-in page that fails reads a page with a way back, not JSON."""

    LOOKS = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}

    @pytest.mark.parametrize(
        ("spoken", "title"),
        [
            ("fi", "Tunnistautuminen ei juuri nyt toimi"),
            ("sv", "Identifieringen fungerar inte just nu"),
            ("en", "Identification is not working right now"),
        ],
    )
    async def test_the_door_itself(self, web: httpx.AsyncClient, spoken: str, title: str) -> None:
        """In the resident's language; the link back tells the app what happened (RFC 6749 §4.1.2.1)."""
        page = await web.get("/auth/authorize", params=asked(ui_locales=spoken), headers=self.LOOKS)

        assert page.status_code == 503
        assert title in page.text
        assert (
            f'href="{BACK}?error=temporarily_unavailable&amp;iss=http%3A%2F%2F127.0.0.1%3A8299%2Fauth'
            in page.text
        )
        assert "st%26te" in page.text

    async def test_a_step_on_the_way(self, web: httpx.AsyncClient, platform: Platform) -> None:
        """The way back is that of the sign-in that was begun."""
        platform.faults.clear()
        step = (await web.get("/auth/authorize", params=asked())).headers["location"]
        platform.faults.add(Fault("status", path="/people"))

        page = await web.get(f"{step}/people?bank=1", headers=self.LOOKS)

        assert BACK in page.text

    async def test_nobody_is_led_to_an_address_that_is_not_the_apps(self, web: httpx.AsyncClient) -> None:
        params = asked(redirect_uri="https://elsewhere.example/callback")

        page = await web.get("/auth/authorize", params=params, headers=self.LOOKS)

        assert page.status_code == 503
        assert "elsewhere" not in page.text

    async def test_programs_still_get_the_status(self, web: httpx.AsyncClient) -> None:
        answer = await web.get("/auth/jwks", headers={"Accept": "application/json"})

        assert answer.status_code == 503
        assert answer.json()["resourceType"] == "OperationOutcome"
