"""The professional's console: pages, forms, and forms of others."""

import re
from datetime import timedelta
from html import unescape

import httpx
import pytest

from backend_stub.app import Platform
from backend_stub.web.texts import Texts
from tests.backend_stub.writing import write


def token(page: httpx.Response) -> str:
    """The form token of a page."""
    found = re.search(r'name="token" value="([0-9a-f]+)"', page.text)
    assert found
    return found[1]


async def sit(http: httpx.AsyncClient, who: str = "kaisa") -> str:
    """Choose a professional; returns the form token."""
    secret = token(await http.get("/console/who"))
    await http.post("/console/who", data={"who": who, "token": secret})
    return secret


def photo_thread(platform: Platform) -> str:
    """The seeded thread with a photo."""
    return next(one.id for one in platform.clinic.threads() if any(m.attachments for m in one.messages))


async def test_first_one_says_who_one_is(http: httpx.AsyncClient) -> None:
    assert (await http.get("/console")).headers["location"] == "/console/who"
    await sit(http)
    home = await http.get("/console")

    assert "Kaisa Aalto" in home.text
    assert home.text.index("inbox-terveysasema") < home.text.index("inbox-kodin-turvallisuus")


async def test_inboxes_show_counts_and_passed_promises(http: httpx.AsyncClient) -> None:
    await sit(http)
    home = (await http.get("/console")).text
    box = unescape(re.search(r'id="inbox-omaishoito".*?</a>', home, re.DOTALL)[0])  # type: ignore[index]

    assert "Uusia: 1" in box
    assert "Lupaus ylitetty: 1" in box


async def test_an_unopened_message_is_read_only_after_opening_it(
    http: httpx.AsyncClient, platform: Platform
) -> None:
    secret, thread = await sit(http), write(platform, "tuomas")
    before = await http.get(f"/console/thread/{thread}")
    await http.post(f"/console/thread/{thread}/open", data={"token": secret})
    after = await http.get(f"/console/thread/{thread}")

    assert "Hei, minulla on asiaa." not in before.text
    assert 'id="open"' in before.text
    assert "Hei, minulla on asiaa." in after.text
    assert platform.clinic.thread(thread).messages[0].opened


async def test_an_answer_is_sent_in_the_name_of_who_sits_there(
    http: httpx.AsyncClient, platform: Platform
) -> None:
    secret, thread = await sit(http, "jussi"), write(platform, "tuomas")
    done = await http.post(f"/console/thread/{thread}/answer", data={"token": secret, "text": "Vastaus"})
    page = await http.get(done.headers["location"])

    assert done.status_code == 303
    assert "Vastaus lähetettiin." in page.text
    assert platform.clinic.thread(thread).messages[-1].sender == "Practitioner/jussi"


async def test_an_empty_answer_is_explained_and_nothing_is_sent(
    http: httpx.AsyncClient, platform: Platform
) -> None:
    secret, thread = await sit(http), write(platform, "tuomas")
    bad = await http.post(f"/console/thread/{thread}/answer", data={"token": secret, "text": " "})

    assert bad.status_code == 409
    assert 'role="alert"' in bad.text
    assert len(platform.clinic.thread(thread).messages) == 1


async def test_a_canned_phrase_is_added_in_the_residents_language(
    http: httpx.AsyncClient, platform: Platform
) -> None:
    secret, thread = await sit(http), write(platform, "kerstin")
    await http.post(f"/console/thread/{thread}/open", data={"token": secret})
    form = {"token": secret, "text": "Hej Kerstin!", "phrase": "3"}
    page = await http.post(f"/console/thread/{thread}/answer", data=form)
    draft = unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", page.text, re.DOTALL)[1])  # type: ignore[index]

    assert draft == "Hej Kerstin!\nKan jag ringa dig? Skriv vilken tid som passar."
    assert len(platform.clinic.thread(thread).messages) == 1


async def test_closing_ends_the_conversation(http: httpx.AsyncClient, platform: Platform) -> None:
    secret, thread = await sit(http), write(platform, "tuomas")
    await http.post(f"/console/thread/{thread}/open", data={"token": secret})
    await http.post(f"/console/thread/{thread}/close", data={"token": secret})
    page = await http.get(f"/console/thread/{thread}")

    assert "Keskustelu on päätetty." in page.text
    assert "<textarea" not in page.text


async def test_pictures_are_shown_and_cannot_run(http: httpx.AsyncClient, platform: Platform) -> None:
    await sit(http)
    thread = photo_thread(platform)
    page = await http.get(f"/console/thread/{thread}")
    address = re.search(r'<img src="([^"]+)"', page.text)[1]  # type: ignore[index]
    picture = await http.get(address)

    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")
    assert "sandbox" in picture.headers["content-security-policy"]
    assert picture.headers["x-content-type-options"] == "nosniff"


async def test_other_kinds_of_files_are_downloads(http: httpx.AsyncClient, platform: Platform) -> None:
    thread = photo_thread(platform)
    message = next(one for one in platform.clinic.thread(thread).messages if one.attachments)
    binary = message.attachments[0]["url"].split("/")[1]
    kept = platform.repository.read("Binary", binary)
    platform.repository.update("Binary", binary, kept | {"contentType": "text/html"})
    answer = await http.get(f"/console/thread/{thread}/attachment/{binary}")

    assert answer.headers["content-disposition"] == "attachment"


async def test_a_file_of_another_thread_is_not_shown(http: httpx.AsyncClient, platform: Platform) -> None:
    message = next(m for one in platform.clinic.threads() for m in one.messages if m.attachments)
    binary = message.attachments[0]["url"].split("/")[1]
    other = write(platform, "tuomas")

    assert (await http.get(f"/console/thread/{other}/attachment/{binary}")).status_code == 404


@pytest.mark.parametrize("what", ["open", "answer", "close"])
async def test_forms_of_others_are_refused(http: httpx.AsyncClient, platform: Platform, what: str) -> None:
    """No token, a token of another seat, and a foreign origin."""
    secret, thread = await sit(http), write(platform, "tuomas")
    address = f"/console/thread/{thread}/{what}"
    foreign = {"Origin": "https://evil.example"}
    tries = [
        await http.post(address, data={"text": "x"}),
        await http.post(address, data={"text": "x", "token": "0" * 64}),
        await http.post(address, data={"text": "x", "token": secret}, headers=foreign),
    ]

    assert [one.status_code for one in tries] == [403, 403, 403]
    assert platform.clinic.thread(thread).is_new


async def test_cookies_stay_on_the_console(http: httpx.AsyncClient) -> None:
    cookies = (await http.get("/console/who")).headers.get_list("set-cookie")

    assert cookies
    assert all("SameSite=strict" in one and "HttpOnly" in one and "Path=/console" in one for one in cookies)


async def test_the_page_can_be_read_in_english(http: httpx.AsyncClient, platform: Platform) -> None:
    page = await http.get(f"/console/thread/{photo_thread(platform)}?lang=en")

    assert '<html lang="en">' in page.text
    assert "Canned phrases" in page.text
    assert "Professional's console" in unescape((await http.get("/console/who")).text)


async def test_the_autopilot_has_a_switch(http: httpx.AsyncClient, platform: Platform) -> None:
    secret = await sit(http)
    wrong = {"token": secret, "on": "1", "open_after": "soon", "answer_after": "2"}
    await http.post("/console/autopilot", data=wrong)
    off = platform.clinic.autopilot.on
    await http.post("/console/autopilot", data={**wrong, "open_after": "1,5"})
    pilot = platform.clinic.autopilot

    assert not off
    assert (pilot.on, pilot.open_after, pilot.answer_after) == (True, 1.5, 2.0)
    assert 'id="pilot-off"' in (await http.get("/console")).text


async def test_the_pulse_beats_when_a_message_arrives(http: httpx.AsyncClient, platform: Platform) -> None:
    before = (await http.get("/console/pulse")).json()
    write(platform, "tuomas")

    assert (await http.get("/console/pulse")).json() != before


async def test_what_residents_write_is_text_only(http: httpx.AsyncClient, platform: Platform) -> None:
    secret, thread = await sit(http), write(platform, "tuomas")
    message = platform.clinic.thread(thread).messages[0].body
    evil = [{"contentString": "<script>alert(1)</script>"}]
    platform.repository.update("Communication", message["id"], message | {"payload": evil})
    await http.post(f"/console/thread/{thread}/open", data={"token": secret})
    page = await http.get(f"/console/thread/{thread}")

    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert" in page.text


async def test_unknown_addresses_are_explained(http: httpx.AsyncClient) -> None:
    for address in ("/console/thread/nothing", "/console/inbox/nothing"):
        page = await http.get(address)

        assert page.status_code == 404
        assert "Sivua ei voi näyttää" in page.text


async def test_times_are_finnish_wall_times(http: httpx.AsyncClient, platform: Platform) -> None:
    thread = write(platform, "tuomas", sent="2026-11-23T08:05:00+00:00")
    platform.clock.advance(timedelta(minutes=10))

    assert "ma 23.11.2026 klo 10.05" in (await http.get(f"/console/thread/{thread}")).text


def test_every_text_of_the_console_is_in_finnish_and_english() -> None:
    for key, told in Texts("backend_stub.clinic").table.items():
        assert set(told) == {"fi", "en"}, key
        assert all(told.values()), key
