"""Results that a professional handles first: nobody sees them before, everybody who should sees them after (row E3)."""

from datetime import timedelta
from typing import Any

import httpx

from backend_stub.app import Platform
from backend_stub.clinic.held import Held
from tests.backend_stub.test_stub_console import sit
from tests.fhir_schema import problems

Body = dict[str, Any]


def of(platform: Platform, who: str) -> Body:
    """The resident's result that is held back, or was."""
    one = platform.seeder.roster.get(who)
    assert one is not None
    named = {"aino": "19762-4", "sanna": "22637-3"}[who]
    results = platform.repository.all("Observation")
    return next(o for o in results if named in str(o) and one.reference in str(o))


async def reads(http: httpx.AsyncClient, who: str, path: str) -> httpx.Response:
    """What a resident gets."""
    token = (await http.post("/tester/token", json={"resident": who})).json()["access_token"]
    return await http.get(f"/fhir/{path}", headers={"Authorization": f"Bearer {token}"})


async def test_before_the_day_nobody_reads_it(platform: Platform, http: httpx.AsyncClient) -> None:
    """Neither in the result nor where it is kept, nor in what was there before."""
    held = of(platform, "aino")
    for kept in platform.repository.all("Basic"):
        assert (await reads(http, "aino", f"Basic/{kept['id']}")).status_code in (403, 404)
    assert (await reads(http, "aino", "Basic")).json().get("total", 0) == 0
    for path in (f"Observation/{held['id']}", f"Observation/{held['id']}/_history"):
        got = await reads(http, "aino", path)
        assert got.status_code == 200
        assert "Normaali" not in got.text
    platform.clinic.step()
    assert of(platform, "aino")["status"] == "registered"


async def test_it_shows_itself_on_the_day(platform: Platform, http: httpx.AsyncClient) -> None:
    """By the platform's clock, once, as valid R4, without what said that it was held."""
    platform.clock.advance(timedelta(days=9))
    platform.clinic.step()
    platform.clinic.step()
    shown = of(platform, "aino")
    assert (shown["status"], shown["valueCodeableConcept"]["text"]) == ("final", "Normaali")
    assert "dataAbsentReason" not in shown
    assert "extension" not in shown
    assert shown["issued"]
    assert problems(shown) == []
    assert len(platform.repository.history("Observation", shown["id"])) == 2
    assert "Normaali" in (await reads(http, "aino", f"Observation/{shown['id']}")).text


async def test_a_professional_handles_it_sooner(platform: Platform, http: httpx.AsyncClient) -> None:
    """From the console, with words; the other one stays held; twice is told."""
    secret, held = await sit(http), of(platform, "sanna")
    page = await http.get("/console/results")
    assert page.text.count("handle-") == 2
    address, data = f"/console/results/{held['id']}", {"token": secret, "words": "Soitan sinulle huomenna."}
    assert (await http.post(address, data=data)).headers["location"].endswith("done=1")
    shown = of(platform, "sanna")
    assert shown["note"][0]["text"] == "Soitan sinulle huomenna."
    assert shown["note"][0]["authorString"] == "Kaisa Aalto"
    assert problems(shown) == []
    assert of(platform, "aino")["status"] == "registered"
    assert (await http.post(address, data=data)).status_code == 404
    assert (await http.get("/console/results?done=1")).text.count("handle-") == 1


def test_after_a_restart_it_is_still_known(platform: Platform) -> None:
    """What waits is read from the database."""
    assert len(Held(platform.repository, platform.clock).waiting()) == 2
    platform.reset(1)
    assert len(platform.clinic.held.waiting()) == 2
