"""The ombudsman from the first screen: talks, letters, codes, the helper, in one's own name (B1 to B4)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.domain.ombudsman import read_code
from tests.views.asking_ombudsman import OPEN, SECRET, collected, lettered, look, say, stored, talking
from tests.views.examples import County


@pytest.fixture
def begins() -> datetime:
    """When both ombudsmen are there."""
    return OPEN


async def test_one_tap_from_the_first_screen(county: County) -> None:
    screen = await county.open()
    await screen.tap("welcome.ombudsman")
    async for _ in screen.languages():
        screen.check("ombudsman")
        assert len(screen.within("ombudsman.role")) == 4
        assert screen.has("call.potilasasiavastaava")


async def test_an_anonymous_talk(county: County) -> None:
    screen = await county.open()
    await talking(county, screen)
    async for _ in screen.languages():
        screen.check("ombudsman.talk")
        assert screen.within("ombudsman.way") == [screen.t("ombudsman.anonymous")]
        assert screen.says("ombudsman.talk.memory")
    await screen.tap("ombudsman.send")
    assert screen.says("messages.compose.body_missing")
    await say(screen, "Hei, onko näin oikein?")
    assert not screen.says("messages.compose.body_missing")
    await county.tester("POST", "ombudsman/latest/answer", {"text": "Hei! Kerro lisää."})
    await look(screen)
    assert "Hei! Kerro lisää." in screen.texts
    assert screen.says("ombudsman.talk.with", who="Leena Forsman")
    await screen.tap("ombudsman.leave")
    assert screen.says("ombudsman.leave.ask")
    await screen.tap("ombudsman.leave-sure")

    assert screen.route == "/ombudsman"
    assert county.platform.ombudsman.all() == []
    assert screen.stores.ombudsman.talk is None


async def test_what_is_written_without_a_connection_arrives_once_and_in_order(county: County) -> None:
    screen = await county.open()
    await talking(county, screen)
    await county.offline()
    await say(screen, "Yksi")
    await say(screen, "Kaksi")
    assert screen.has("ombudsman.problem")
    assert {"Yksi", "Kaksi"} <= set(screen.texts)
    await county.offline(False)
    await look(screen)
    await look(screen)

    assert [m["text"] for m in county.platform.ombudsman.all()[0].messages] == ["Yksi", "Kaksi"]
    assert not screen.has("ombudsman.problem")


async def test_a_letter_its_code_and_its_answer(county: County) -> None:
    screen = await county.open()
    code = await lettered(screen)
    assert read_code(code) == code
    async for _ in screen.languages():
        screen.check("ombudsman.writing")
        groups = [f"{group}-" for group in code.split("-")]
        assert {*groups[:-1], groups[-1].strip("-")} <= set(screen.texts)  # never broken within a group
    await screen.tap("ombudsman.code.done")
    await collected(screen, code.lower().replace("-", " "))
    assert screen.says("ombudsman.answer.waits")
    await county.tester("POST", "ombudsman/latest/answer", {"text": "Vastaus sinulle."})
    later = await county.open()
    await collected(later, code)
    async for _ in later.languages():
        later.check("ombudsman.answer")
        assert "Vastaus sinulle." in later.texts
    await later.tap("ombudsman.erase")
    await later.tap("ombudsman.erase-sure")

    assert later.has("ombudsman.erased")
    assert county.platform.ombudsman.all() == []


async def test_a_letter_whose_receipt_was_lost_is_one_letter_with_one_code(county: County) -> None:
    screen = await county.open()
    await county.fault("drop-after", "/ombudsman/letter", times=1)
    assert await lettered(screen) == ""
    assert screen.has("ombudsman.problem")
    assert screen.control("ombudsman.text").value == SECRET
    await screen.tap("ombudsman.letter-send")
    code = screen.stores.ombudsman.letter.code
    await collected(screen, code)

    assert len(county.platform.ombudsman.all()) == 1
    assert screen.says("ombudsman.answer.waits")


async def test_what_was_changed_after_a_lost_receipt_is_not_lost(county: County) -> None:
    """Nobody knows whether the first try arrived: the words that are on the screen when the code comes are there."""
    screen = await county.open()
    await county.fault("drop-after", "/ombudsman/letter", times=1)
    await lettered(screen)
    await screen.type("ombudsman.text", f"{SECRET}, ja vielä tämä.")
    await screen.tap("ombudsman.letter-send")
    code = screen.stores.ombudsman.letter.code
    await collected(screen, code)

    (letter,) = county.platform.ombudsman.all()
    assert [message["text"] for message in letter.messages] == [SECRET, f"{SECRET}, ja vielä tämä."]
    assert f"{SECRET}, ja vielä tämä." in screen.texts


async def test_the_same_of_a_letter_in_ones_own_name(county: County) -> None:
    screen = await county.signed_in("aino", "/ombudsman/mine")
    await county.fault("drop-after", "/ombudsman/mine", times=1)
    await screen.type("ombudsman.signed-text", "Ensin näin.")
    await screen.tap("ombudsman.signed-send")
    assert not screen.has("ombudsman.sent")
    await screen.type("ombudsman.signed-text", "Sitten näin.")
    await screen.tap("ombudsman.signed-send")
    assert screen.has("ombudsman.sent")

    (letter,) = county.platform.ombudsman.all()
    assert [message["text"] for message in letter.messages] == ["Ensin näin.", "Sitten näin."]


async def test_what_waited_when_the_talk_ended_is_said_not_to_be_sent(county: County) -> None:
    screen = await county.open()
    await talking(county, screen)
    await county.offline()
    await say(screen, "Jäi matkalle")
    assert screen.says("ledger.waiting")
    box = county.platform.ombudsman
    box.end(box.all()[0])
    await county.offline(False)
    await look(screen)

    assert screen.says("ombudsman.talk.over")
    assert screen.says("ledger.not_sent")
    assert not screen.says("ledger.waiting")
    assert "Jäi matkalle" in screen.texts


async def test_wrong_codes_are_told_and_limited(county: County) -> None:
    screen = await county.open()
    await collected(screen, "ABC")
    async for _ in screen.languages():
        screen.check("ombudsman.answer")
        assert screen.says("ombudsman.code.wrong")
        assert screen.has("ombudsman.to-reach")
    assert not [r for r in county.wire.seen if "/ombudsman/answer" in r.url.path]
    for _ in range(5):
        county.platform.guesses.wrong("127.0.0.1")
    code = await lettered(screen)
    await collected(screen, code)
    async for _ in screen.languages():
        screen.check("ombudsman.answer")
        assert screen.has("ombudsman.limited")
        assert screen.has("ombudsman.to-reach")


async def test_out_of_hours_there_is_the_letter(make_county: Any) -> None:
    county = make_county(at=datetime(2026, 11, 28, 10, 0, tzinfo=UTC))
    screen = await county.open("/ombudsman")
    async for _ in screen.languages():
        screen.check("ombudsman")
        assert screen.has("ombudsman.chat.closed")
        assert screen.has("ombudsman.letter")
    await screen.go("/ombudsman/chat")

    assert not screen.has("ombudsman.begin")
    assert screen.has("ombudsman.letter")


async def test_in_ones_own_name(county: County) -> None:
    """Its header says so; nothing of it is kept on the device or mixed into care."""
    screen = await county.signed_in("aino", "/ombudsman/mine")
    threads = len(county.platform.clinic.threads())
    await screen.choose("ombudsman.about", "social")
    await screen.type("ombudsman.signed-text", SECRET)
    await screen.tap("ombudsman.signed-send")
    async for _ in screen.languages():
        screen.check("ombudsman.mine")
        assert screen.within("ombudsman.way") == [screen.t("ombudsman.signed")]
        assert SECRET in screen.texts
    await screen.go("/messages")

    assert len(county.platform.clinic.threads()) == threads
    assert SECRET not in " ".join(screen.texts)
    assert screen.own.drafts.all() == ()


async def test_in_ones_own_name_nothing_goes_without_words(county: County) -> None:
    """The field says what is missing, until something is written."""
    screen = await county.signed_in("aino", "/ombudsman/mine")

    await screen.tap("ombudsman.signed-send")

    assert screen.says("ombudsman.text.missing")
    await screen.type("ombudsman.signed-text", SECRET)
    assert not screen.says("ombudsman.text.missing")


async def test_the_helper_leads_to_a_text_one_can_change(county: County) -> None:
    """Without a connection, without a sign-in, in every language."""
    screen = await county.open("/ombudsman/helper")
    await county.offline()
    asked = len(county.wire.seen)
    for question, answer in (("where", "care"), ("what", "treated"), ("wish", "answer")):
        await screen.choose(f"ombudsman.helper.{question}", answer)
    async for _ in screen.languages():
        screen.check("ombudsman.deciding")
        assert screen.says("ombudsman.path.muistutus")
    await screen.type("ombudsman.draft", "Oma teksti")
    await screen.tap("export.ombudsman.draft.as-text")
    await screen.choose("ombudsman.helper.where", "social")

    assert not screen.has("ombudsman.path")
    assert len([r for r in county.wire.seen[asked:] if "ombudsman" in r.url.path]) == 0


async def test_the_text_of_who_is_signed_in_survives_a_killed_app(county: County) -> None:
    """Sealed among their drafts, said with its time; nobody else sees it, and it can be thrown away."""
    screen = await county.signed_in("aino", "/ombudsman/helper")
    for question, answer in (("where", "care"), ("what", "treated"), ("wish", "answer")):
        await screen.choose(f"ombudsman.helper.{question}", answer)
    await screen.type("ombudsman.draft", SECRET)
    county.timers.fire()
    await screen.settle()
    async for _ in screen.languages():
        screen.check("ombudsman.deciding")
        assert screen.has("ombudsman.draft.saved")
    assert SECRET.encode() not in b"".join(stored(county).values())

    again = await county.signed_in("aino", "/ombudsman/helper")
    assert again.own.helper.texts == {"muistutus": SECRET}
    assert again.has("ombudsman.path")
    assert not (await county.signed_in("mikko", "/ombudsman/helper")).has("ombudsman.path")
    await again.tap("ombudsman.draft.forget")
    await again.tap("ombudsman.draft.forget-sure")
    assert not again.has("ombudsman.path")
    assert again.own.drafts.all() == ()


@pytest.mark.parametrize("way", ["nav.home", "back", "/services"])
async def test_however_the_talk_is_left_it_asks_first(county: County, way: str) -> None:
    """The navigation, "back" and an address warn as its own exit does; staying loses nothing."""
    screen = await county.open()
    await talking(county, screen)
    await say(screen, SECRET)

    await (screen.go(way) if way.startswith("/") else screen.tap(way))
    async for _ in screen.languages():
        assert screen.says("ombudsman.leave.ask")
        assert screen.has("export.ombudsman.leave.as-text")
    await screen.tap("ombudsman.stay")
    assert screen.route == "/ombudsman/chat"
    assert SECRET in screen.texts

    await screen.go("/services")
    await screen.tap("ombudsman.leave-sure")
    assert screen.route == "/services"
    assert not screen.says("ombudsman.leave.ask")
    assert screen.stores.ombudsman.talk is None
    assert not county.platform.ombudsman.all()


@pytest.mark.parametrize("clean", [True, False])
async def test_a_quick_exit_asks_nothing(county: County, clean: bool) -> None:
    """A question would tell where one was; with the choice made the talk is over and forgotten."""
    screen = await county.open()
    await talking(county, screen)
    if not clean:
        await screen.choose("exit.clean", False)
    await screen.tap("exit.now")
    assert screen.route == "/calm"
    await screen.go("/services")
    assert not screen.says("ombudsman.leave.ask")
    assert (screen.stores.ombudsman.talk is None) is clean
