"""Forms at the platform: what a professional sends and reads, what a resident may still change, value sets."""

import re

import httpx

from backend_stub.app import Platform
from backend_stub.clinic.answers import score
from backend_stub.seed.forms import questionnaires, value_sets
from tests.backend_stub.test_stub_console import sit
from tests.fhir_schema import problems


def test_every_form_of_our_own_is_valid_and_speaks_four_languages() -> None:
    """Each text, each option."""
    assert len(questionnaires()) >= 14
    for form in (*questionnaires(), *value_sets()):
        assert problems(form) == []
    for form in questionnaires():
        for text in _texts(form):
            tags = {inner["valueCode"] for one in text["extension"] for inner in one["extension"][:1]}
            assert tags == {"sv", "en", "fi-x-selko"}, form["id"]


def _texts(part: object) -> list[dict]:  # type: ignore[type-arg]
    if isinstance(part, list):
        return [text for one in part for text in _texts(one)]
    if not isinstance(part, dict):
        return []
    own = [v for k, v in part.items() if k in ("_text", "_display", "_title", "_description")]
    return own + [text for k, v in part.items() if not k.startswith("_") for text in _texts(v)]


async def test_a_form_is_sent_answered_scored_and_asked_again(
    http: httpx.AsyncClient, platform: Platform
) -> None:
    """From the console to the resident and back."""
    secret = await sit(http)
    raija = platform.seeder.roster.get("raija")
    assert raija is not None
    data = {
        "token": secret,
        "resident": raija.patient,
        "form": "mood-check",
        "purpose": "Seuranta",
        "days": "7",
    }
    answer = await http.post("/console/forms/send", data=data)
    assert answer.headers["location"].endswith("done=sent")
    task = next(one for one in platform.repository.all("Task") if one.get("description") == "Seuranta")
    assert problems(task) == []
    assert task["restriction"]["period"]["end"]

    page = await http.get("/console/forms")
    link = re.search(r"/console/forms/answer/([0-9a-f-]+)", page.text)
    assert link
    shown = await http.get(link[0])
    assert "10 / 18" in shown.text
    assert "Usein" in shown.text
    await http.post(f"{link[0]}/again", data={"token": secret})
    asked = [one for one in platform.repository.all("Task") if "sleepiness-scale" in str(one.get("input"))]
    assert [one["status"] for one in asked].count("requested") == 1


async def test_a_bad_order_is_told(http: httpx.AsyncClient) -> None:
    """Nobody is sent nothing."""
    secret = await sit(http)
    for days, form in (("0", "mood-check"), ("x", "mood-check"), ("7", "nothing")):
        data = {"token": secret, "resident": "nobody", "form": form, "days": days}
        assert "wrong" in (await http.post("/console/forms/send", data=data)).headers["location"]


async def test_value_sets_are_expanded(http: httpx.AsyncClient) -> None:
    """Filtered and cut; an unknown one is not found."""
    url = value_sets()[0]["url"]
    got = (await http.get("/fhir/ValueSet/$expand", params={"url": url, "filter": "ruotsi"})).json()
    assert [one["code"] for one in got["expansion"]["contains"]] == ["sv"]
    assert (await http.get("/fhir/ValueSet/$expand", params={"url": url, "count": "3"})).json()["expansion"][
        "total"
    ] > 3
    assert (await http.get("/fhir/ValueSet/$expand", params={"url": "urn:none"})).status_code == 404


def test_points_of_options_that_count_backwards() -> None:
    """Each question has its own points for the same word."""
    form = next(one for one in questionnaires() if one["id"] == "maternity-mood")
    chosen = {"valueCoding": {"code": "every"}}
    answers = [{"linkId": "laugh", "answer": [chosen]}, {"linkId": "sad", "answer": [chosen]}]
    assert score(form, {"item": answers}) == (3.0, 15.0)
