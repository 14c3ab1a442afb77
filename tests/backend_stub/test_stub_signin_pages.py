"""Sign-in as residents see it: banks, people, what is passed on; in three languages, without script."""

import re
from html import unescape

import httpx
import pytest

from backend_stub.app import Platform
from backend_stub.web.texts import Texts
from tests.backend_stub.signing_in import answer, asked


@pytest.fixture
def seed() -> None:
    """No data: the pages need the roster only."""


async def begin(http: httpx.AsyncClient, **changes: str | None) -> str:
    """Address of the first page."""
    return (await http.get("/auth/authorize", params=asked(**changes))).headers["location"]


async def test_every_bank_leads_to_the_residents(http: httpx.AsyncClient) -> None:
    page = (await http.get(await begin(http))).text
    banks = re.findall(r'id="bank-(\d)" href="([^"]+)"', page)

    assert len(banks) == 8
    for _, address in banks:
        assert "resident-aino" in (await http.get(unescape(address))).text


async def test_all_residents_are_listed_and_a_small_child_cannot_sign_in(
    http: httpx.AsyncClient, platform: Platform
) -> None:
    page = (await http.get(f"{await begin(http)}/people?bank=1")).text
    roster = list(platform.seeder.roster)

    assert len(roster) >= 12
    for one in roster:
        assert f'id="resident-{one.key}"' in page
        assert unescape(one.story["fi"]) in unescape(page)
    assert '<a class="card" id="resident-eetu"' not in page


async def test_a_child_is_not_let_through_even_when_asked_straight(http: httpx.AsyncClient) -> None:
    here = await begin(http)
    response = await http.post(f"{here}/confirm", data={"resident": "eetu", "bank": "1"})

    assert "/people" in response.headers["location"]


@pytest.mark.parametrize(
    ("sought", "found"), [("korhonen", {"raija"}), ("  LEIKKAUKSEEN ", {"mikko"}), ("zzz", set())]
)
async def test_search_finds_by_name_and_story(http: httpx.AsyncClient, sought: str, found: set[str]) -> None:
    page = (await http.get(f"{await begin(http)}/people", params={"bank": "1", "q": sought})).text

    assert set(re.findall(r'id="resident-(\w+)"', page)) == found


async def test_what_was_sought_is_shown_as_text_only(http: httpx.AsyncClient) -> None:
    page = (await http.get(f"{await begin(http)}/people", params={"q": '"><script>x</script>'})).text

    assert "<script>x" not in page


@pytest.mark.parametrize(
    ("locales", "language", "words"),
    [
        ("fi", "fi", "Valitse tunnistustapa"),
        ("sv-FI en", "sv", "Välj identifieringssätt"),
        ("en", "en", "Choose how to identify yourself"),
        ("fi_selko", "fi", "Valitse tunnistustapa"),
        ("de", "fi", "Valitse tunnistustapa"),
    ],
)
async def test_pages_speak_the_language_asked_for(
    http: httpx.AsyncClient, locales: str, language: str, words: str
) -> None:
    response = await http.get(await begin(http, ui_locales=locales))

    assert f'<html lang="{language}">' in response.text
    assert response.headers["content-language"] == language
    assert words in response.text


async def test_the_language_can_be_switched_and_stays(http: httpx.AsyncClient) -> None:
    here = await begin(http)
    await http.get(f"{here}?lang=sv")
    people = (await http.get(f"{here}/people?bank=1")).text

    assert "Vem är du?" in people
    assert f'href="{here}/people?bank=1&amp;lang=en"' in people


async def test_confirm_tells_what_is_passed_on(http: httpx.AsyncClient, platform: Platform) -> None:
    here = await begin(http)
    page = (await http.get(f"{here}/confirm?bank=1&resident=aino")).text
    aino = platform.seeder.roster.get("aino")

    assert aino is not None
    assert aino.identity in page
    assert 'id="confirm"' in page
    assert "Lähettää puolestasi" in page


async def test_a_read_only_request_does_not_claim_to_send(http: httpx.AsyncClient) -> None:
    here = await begin(http, scope="openid patient/*.rs")

    assert "Lähettää puolestasi" not in (await http.get(f"{here}/confirm?bank=1&resident=aino")).text


async def test_a_login_hint_goes_straight_to_the_person(http: httpx.AsyncClient) -> None:
    there = await begin(http, login_hint="kerstin")

    assert "Kerstin Lindqvist" in (await http.get(there)).text


async def test_cancel_tells_the_client_access_denied(http: httpx.AsyncClient) -> None:
    back = answer(await http.post(f"{await begin(http)}/cancel"))

    assert (back["error"], back["state"]) == ("access_denied", "st&te")


async def test_an_unknown_visit_is_explained(http: httpx.AsyncClient) -> None:
    for address in ("/auth/sign-in/x", "/auth/sign-in/x/people", "/auth/sign-in/x/confirm"):
        response = await http.get(address)

        assert response.status_code == 410
        assert "vanhentunut" in response.text


async def test_the_policy_allows_no_script_of_others_and_the_way_back(http: httpx.AsyncClient) -> None:
    """Browsers check the redirect after a form against form-action, so the client's own origin is named."""
    response = await http.get(await begin(http))
    policy = response.headers["content-security-policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert policy.endswith("form-action 'self' http://127.0.0.1:51234")
    assert not re.findall(r"(?:src|href)=\"https?://", response.text)


async def test_the_visit_of_a_phone_allows_its_scheme(http: httpx.AsyncClient) -> None:
    response = await http.get(await begin(http, redirect_uri="fi.digiklinikka.app:/callback"))

    assert response.headers["content-security-policy"].endswith("form-action 'self' fi.digiklinikka.app:")


def test_every_text_of_the_pages_is_in_three_languages() -> None:
    for key, told in Texts("backend_stub.signin").table.items():
        assert set(told) == {"fi", "sv", "en"}, key
        assert all(told.values()), key
        fields = {tuple(sorted(re.findall(r"{(\w+)}", text))) for text in told.values()}
        assert len(fields) == 1, key
