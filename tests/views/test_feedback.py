"""Feedback never in the way; numbers only and with leave; an open case first; the support's copy (L1-L6)."""

import json

import httpx

from app.domain.calendar import promise_date
from app.domain.counts import NAMES
from app.stores.settings import MemoryPreferences
from app.views.diagnostics import diagnostics
from tests.views.examples import County, Visit
from tests.views.fakes import ROOT
from tests.views.test_chat import chat_id, joined, stepped


def handed_in(county: County) -> dict[str, int]:
    return dict(county.platform.counts.totals)


async def ended(county: County) -> Visit:
    screen = await joined(county)
    county.platform.chat.take(chat_id(screen))
    county.platform.chat.close(chat_id(screen), ["Lepää."])
    await stepped(screen)
    return screen


async def test_nothing_is_counted_without_leave(county: County) -> None:
    screen = await ended(county)
    await screen.choose("chat.solved", "yes")
    await screen.go("/feedback")
    async for _ in screen.languages():
        screen.check("feedback")
    await screen.choose("feedback.app", "good")
    await screen.move(days=2)

    assert screen.says("feedback.not_sent")
    assert handed_in(county) == {}
    assert not [r for r in county.wire.seen if "/counts/" in r.url.path]


async def test_with_leave_only_numbers_leave_and_each_once(county: County) -> None:
    """Every request with counts: names of the list, numbers, a month; nobody and nothing else."""
    screen = await county.signed_in("aino", "/feedback")
    await screen.choose("feedback.allow", True)
    await screen.choose("feedback.app", "good")
    await screen.choose("feedback.app", "poor")
    await screen.move(days=1)
    await screen.choose("feedback.service", "fair")
    sent = [r for r in county.wire.seen if "/counts/" in r.url.path]

    assert handed_in(county) == {"installs": 1, "app.good": 1, "service.fair": 1}
    for request in sent:
        body = json.loads(request.content)
        assert "authorization" not in request.headers
        assert set(body) == {"resourceType", "id", "status", "type", "measure", "period", "group"}
        assert {g["code"]["coding"][0]["code"] for g in body["group"]} <= set(NAMES)
        assert county.patient("aino") not in request.content.decode()
    await screen.choose("feedback.allow", False)
    assert screen.stores.counts.counts == {}


async def test_what_is_counted_is_told_in_words(county: County) -> None:
    """Each of them, in four languages; the machine's names stay with the machine."""
    screen = await county.open("/feedback")
    await county.fault("drop-before", "/counts/", times=99)
    await screen.choose("feedback.allow", True)
    for name in NAMES:
        screen.stores.counts.add(name)
    await screen.tap("feedback.counted")
    async for _ in screen.languages():
        screen.check("feedback")
        told = [words for words in screen.texts if words.endswith((": 1", ": 2"))]
        assert len(set(told)) == len(NAMES)
        assert not any(name in words for name in NAMES for words in told)


async def test_what_could_not_be_handed_in_is_kept(county: County) -> None:
    screen = await county.open("/feedback")
    await screen.choose("feedback.allow", True)
    await screen.move(days=1)
    await county.fault("drop-before", "/counts/", times=1)
    await screen.choose("feedback.app", "good")
    assert screen.stores.counts.counts == {"app.good": 1}
    await screen.choose("feedback.service", "good")

    assert handed_in(county) == {"installs": 1, "app.good": 1, "service.good": 1}


async def test_a_mark_of_today_arrives_when_the_app_is_opened_on_another_day(county: County) -> None:
    """One report a day: what came after it goes with the next start, whatever the resident does then."""
    browser = MemoryPreferences()
    first = await county.open("/feedback", kept=browser)
    await first.choose("feedback.allow", True)
    await first.choose("feedback.app", "good")
    again = await county.open(kept=browser)
    assert handed_in(county) == {"installs": 1}
    await again.move(days=1)
    await county.open(kept=browser)

    assert handed_in(county) == {"installs": 1, "app.good": 1}


async def test_a_case_is_asked_about_once(county: County) -> None:
    screen = await ended(county)
    async for _ in screen.languages():
        screen.check("chat.room")
        assert screen.has("feedback.asked")
    await screen.tap("feedback.close")
    assert not screen.has("feedback.asked")
    id = chat_id(screen)
    await screen.go("/")
    await screen.go(f"/chat/{id}")

    assert not screen.has("feedback.asked")


async def test_coming_back_says_why_and_goes_on(county: County) -> None:
    screen = await ended(county)
    screen.stores.counts.allow(True)
    await screen.tap("feedback.return")
    await screen.choose("feedback.reason", "goes_on")
    await screen.look_again()

    assert screen.route == f"/chat/continue/{county.platform.chat.tasks()[0]['id']}"
    assert screen.stores.counts.counts["returned.goes_on"] == 1
    assert "goes_on" in str(county.platform.chat.tasks()[0]["output"])


async def test_the_open_case_is_shown_before_a_new_contact(county: County) -> None:
    """Its state first; adding to it, or a new matter all the same."""
    screen = await county.signed_in("aino")
    await screen.write_to(screen.stores.services.name("terveysasema"))
    await screen.tap("messages.send")
    await screen.look_again()
    await screen.go("/messages/new")
    await screen.press(screen.stores.services.name("terveysasema"))
    async for _ in screen.languages():
        screen.check("messages.compose")
        assert screen.has("feedback.duplicate")
        day = promise_date(county.clock.at, 3)
        assert screen.says("messages.promise.before", day=screen.ui.format.day(day))
    await screen.tap("feedback.new-matter")
    assert not screen.has("feedback.duplicate")
    assert screen.has("messages.send")


async def test_an_open_message_is_shown_before_a_chat_about_the_same(county: County) -> None:
    """And an open chat before a message: the channel is another, the matter may be the same."""
    screen = await county.signed_in("aino")
    await screen.write_to(screen.stores.services.name("terveysasema"))
    await screen.tap("messages.send")
    await screen.look_again()
    await screen.go("/chat/new/terveysasema")
    assert screen.has("feedback.duplicate")
    day = promise_date(county.clock.at, 3)
    assert screen.says("messages.promise.before", day=screen.ui.format.day(day))
    await screen.tap("feedback.new-matter")
    assert not screen.has("feedback.duplicate")
    assert screen.has("chat.whose")

    other = await joined(county, "mikko", "Kuume nousi.")
    await other.go("/messages/new")
    await other.press(other.stores.services.name("terveysasema"))
    assert other.has("feedback.duplicate")
    await other.tap("feedback.add")
    assert other.route == f"/chat/{other.own.chat.chats.value[0].id}"  # type: ignore[index]


async def test_the_supports_copy_holds_nothing_of_anybody(county: County) -> None:
    """Of a resident with messages, a chat, drafts: no name, no id, no word that was written."""
    screen = await joined(county, "aino", "Salainen vaiva")
    await screen.type("chat.body", "Salainen luonnos")
    facts = diagnostics(screen.stores, "android", 400)
    await screen.go("/settings")
    await screen.tap("support.copy")
    shown = " ".join(screen.within("support.copied"))
    patient = county.platform.repository.read("Patient", county.patient("aino"))

    assert "version: 1.2.3" in facts
    assert facts.splitlines()[0] in shown
    for known in (
        "Salainen",
        "Virtanen",
        "Aino",
        county.patient("aino"),
        screen.own.sub,
        patient["birthDate"],
    ):
        assert known not in facts
        assert known not in shown


async def test_the_console_shows_quality_beside_every_volume(county: County) -> None:
    screen = await ended(county)
    await screen.choose("chat.solved", "yes")
    await screen.look_again()
    screen.stores.counts.allow(True)
    screen.stores.counts.add("solved.partly")
    await screen.move(days=1)
    screen.stores.counts.add("contact.chat")
    await screen.settle()
    async with httpx.AsyncClient(transport=county.wire, base_url=ROOT) as http:
        page = (await http.get("/console/report")).text

    for row in ("installs", "chats", "messages", "ombudsman", "feedback"):
        line = page.split(f'id="row-{row}"')[1].split("</tr>")[0]
        assert line.count("<td>") == 3
    assert "100 %" in page.split('id="row-chats"')[1].split("</tr>")[0]
    assert "0 % (osittain 100 %)" in page.split('id="row-messages"')[1].split("</tr>")[0]
