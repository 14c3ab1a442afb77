"""Chats from end to end in one process: queue, talk, ending, going on, broken connections, closed hours (D1-D12)."""

import pytest

from app.domain.chat import Solved, Stage
from tests.views.chatting import HEALTH, chat_id, joined, stage, stepped
from tests.views.examples import County


async def test_from_the_queue_to_what_was_agreed(county: County) -> None:
    """The whole way, in all four languages at each stop."""
    screen = await joined(county)
    clinic, id = county.platform.chat, chat_id(screen)
    async for _ in screen.languages():
        screen.check("chat.room")
        assert screen.says("chat.queue.place", place=1)
        assert screen.says("chat.bot")
    clinic.answer(id, "Hei, olen Kaisa.", "kaisa")
    await stepped(screen)
    async for _ in screen.languages():
        screen.check("chat.room")
        assert "Hei, olen Kaisa." in screen.texts
    await screen.tap("chat.send")
    assert screen.says("messages.compose.body_missing")
    await screen.type("chat.body", "Kiitos!")
    await screen.tap("chat.send")
    assert not screen.says("messages.compose.body_missing")
    await stepped(screen)
    assert screen.within("chat.state")[0] == screen.t("ledger.delivered")
    clinic.read(id)
    await screen.look_again()
    assert screen.within("chat.state")[0] == screen.t("ledger.opened")
    clinic.close(id, ["Lepää kolme päivää."])
    await stepped(screen)
    async for _ in screen.languages():
        screen.check("chat.room")
        assert "Lepää kolme päivää." in screen.within("chat.agreed")
    assert not screen.has("chat.body")
    await screen.choose("chat.solved", "partly")
    await screen.look_again()
    assert screen.says("chat.solved.thanks")
    found = clinic.task(id)
    assert found["output"][-1]["valueCode"] == Solved.PARTLY


async def test_what_was_being_written_when_the_clinic_ended_it_is_not_lost(county: County) -> None:
    screen = await joined(county)
    clinic, id = county.platform.chat, chat_id(screen)
    clinic.take(id, "kaisa")
    await stepped(screen)
    await screen.type("chat.body", "Vielä yksi asia")
    clinic.close(id, ["Lepää."])
    await stepped(screen)
    async for _ in screen.languages():
        screen.check("chat.room")
        assert "Vielä yksi asia" in screen.within("chat.unsent")
    await screen.tap("chat.unsent-continue")

    assert screen.route == f"/chat/continue/{id}"
    assert screen.control("chat.text").value == "Vielä yksi asia"
    await screen.go(f"/chat/{id}")
    assert not screen.has("chat.unsent")


async def test_the_place_survives_reload_and_a_killed_app(county: County) -> None:
    """What is known of the place lies on the platform and on the device, never in the session alone."""
    first = await joined(county)
    id = chat_id(first)
    again = await county.signed_in("aino")
    assert again.says("chat.queue.still", place=1)
    await again.tap("chat.return")

    assert again.route == f"/chat/{id}"
    assert again.says("chat.queue.place", place=1)


async def test_the_turn_is_told_on_every_screen(county: County) -> None:
    screen = await joined(county)
    id = chat_id(screen)
    await screen.go("/services")
    county.platform.chat.answer(id, "Hei, olen Kaisa.", "kaisa")
    await stepped(screen)
    assert screen.says("chat.turn.title")
    assert screen.t("chat.turn.window") in screen.page.title
    await screen.tap("chat.return")
    await screen.look_again()
    await screen.go("/services")

    assert not screen.has("chat.turn")
    assert screen.t("chat.turn.window") not in screen.page.title


async def test_without_a_connection_nobody_waits_unseen(county: County) -> None:
    """The wish is not sent later than asked; the text is kept, and it can be tried again."""
    screen = await county.signed_in("aino", f"/chat/new/{HEALTH}")
    await screen.choose("chat.whose", "me")
    await screen.type("chat.text", "Kuume nousi.")
    await county.offline()
    await screen.tap("chat.join")
    await screen.look_again()
    assert stage(screen) is Stage.NOT_JOINED
    async for _ in screen.languages():
        screen.check("chat.room")
        assert screen.says("chat.not_joined.safe")
    assert county.platform.chat.tasks() == []

    await county.offline(False)
    await screen.tap("chat.retry")
    await stepped(screen)
    assert stage(screen) is Stage.QUEUE


async def test_what_could_not_be_sent_can_be_changed(county: County) -> None:
    screen = await county.signed_in("aino", f"/chat/new/{HEALTH}")
    await screen.choose("chat.whose", "me")
    await screen.type("chat.text", "Kuume nousi.")
    await county.offline()
    await screen.tap("chat.join")
    await screen.look_again()
    await screen.tap("chat.edit")

    assert screen.route == f"/chat/new/{HEALTH}"
    assert screen.control("chat.text").value == "Kuume nousi."


async def test_what_is_written_while_the_connection_is_gone_waits_in_order(county: County) -> None:
    screen = await joined(county)
    id = chat_id(screen)
    await county.offline()
    for words in ("Yksi", "Kaksi", "Kolme"):
        await screen.type("chat.body", words)
        await screen.tap("chat.send")
    await screen.look_again()
    assert screen.says("chat.connection_lost", n=3)
    await county.offline(False)
    await stepped(screen, 70)
    await stepped(screen, 70)

    mine = [
        m["payload"][0]["contentString"]
        for m in county.platform.chat.messages(id)
        if "Patient" in str(m["sender"])
    ]
    assert mine == ["Kuume nousi eilen.", "Yksi", "Kaksi", "Kolme"]
    assert not screen.has("chat.connection")


async def test_whom_it_concerns_comes_first_and_for_others_there_is_another_way(county: County) -> None:
    screen = await county.signed_in("aino", f"/chat/new/{HEALTH}")
    await screen.type("chat.text", "Äidillä on kuume.")
    await screen.tap("chat.join")
    assert screen.says("chat.whose.missing")
    await screen.choose("chat.whose", "other")
    async for _ in screen.languages():
        screen.check("chat.start")
        assert screen.has("chat.for-other")

    assert screen.control("chat.join").disabled
    assert county.platform.chat.tasks() == []


async def test_answers_before_the_chat_reach_the_clinic(county: County) -> None:
    screen = await county.signed_in("aino", f"/chat/new/{HEALTH}")
    await screen.choose("chat.whose", "me")
    await screen.tap("chat.questions")
    await screen.choose("chat.question.0", "Kuume tai flunssa")
    await screen.type("chat.text", "Olo on huono.")
    await screen.tap("chat.join")
    await stepped(screen)
    task = county.platform.chat.tasks()[0]

    assert [(one["type"]["text"], one["valueString"]) for one in task["input"]] == [
        ("Mikä vaivaa eniten?", "Kuume tai flunssa")
    ]
    assert "Mikä vaivaa eniten? Kuume tai flunssa" in screen.within("chat.answers")


async def test_words_of_haste_bring_the_numbers_and_block_nothing(county: County) -> None:
    screen = await county.signed_in("aino", f"/chat/new/{HEALTH}")
    await screen.choose("chat.whose", "me")
    await screen.type("chat.text", "Minulla on rintakipu.")

    assert screen.has("chat.red-flag")
    assert screen.has("chat.join")


async def test_words_of_haste_in_the_queue_bring_the_numbers_until_somebody_is_there(county: County) -> None:
    """Nobody reads yet what was written to the assistant; the prompt stays while one waits."""
    screen = await joined(county)
    await screen.type("chat.body", "Minulla on rintakipu.")
    assert screen.says("chat.haste", words="rintakipu")
    await screen.tap("chat.send")
    await stepped(screen)
    assert screen.has("chat.red-flag")
    county.platform.chat.take(chat_id(screen))
    await stepped(screen)

    assert not screen.has("chat.red-flag")


@pytest.mark.parametrize("temper", ["racing", "medplum"])
async def test_a_server_that_gives_ids_itself(county: County, temper: str) -> None:
    """The address has the id that the device gave; the chat is found under it, also when the server gave another."""
    await county.tester("PUT", "temper", {"temper": temper})
    screen = await joined(county)
    id = county.platform.chat.tasks()[0]["id"]
    assert chat_id(screen) != id
    assert screen.says("chat.queue.place", place=1)
    assert not screen.has("chat.turn")
    county.platform.chat.answer(id, "Hei, olen Kaisa.", "kaisa")
    await stepped(screen)
    await screen.type("chat.body", "Kiitos!")
    await screen.tap("chat.send")
    await stepped(screen)

    assert [m["text"] for m in await messages(county, id)][-2:] == ["Hei, olen Kaisa.", "Kiitos!"]
    assert not screen.has("chat.turn")


async def messages(county: County, id: str) -> list[dict[str, str]]:
    found = (await county.tester("GET", f"chats/{id}"))["messages"]
    assert isinstance(found, list)
    return found


async def test_who_joins_stands_among_the_messages(county: County) -> None:
    """Whoever writes at the end of a long talk sees it there, and not only above."""
    screen = await joined(county)
    clinic, id = county.platform.chat, chat_id(screen)
    clinic.take(id, "kaisa")
    await stepped(screen)
    clinic.answer(id, "Hei, olen Kaisa.", "kaisa")
    await stepped(screen)
    said = screen.within("chat.messages")
    joins = next(
        n for n, words in enumerate(said) if words.startswith(screen.t("chat.came", who="Kaisa Aalto"))
    )

    assert said.index("Kuume nousi eilen.") < joins < said.index("Hei, olen Kaisa.")


async def test_a_chat_under_way_is_shown_before_another_begins(county: County) -> None:
    screen = await joined(county)
    await screen.go(f"/chat/new/{HEALTH}")
    async for _ in screen.languages():
        screen.check("chat.start")
        assert screen.has("chat.already")
    await screen.tap("chat.new-matter")

    assert screen.has("chat.join")


async def test_closed_chats_say_when_they_open_and_what_to_do_meanwhile(county: County) -> None:
    screen = await county.signed_in("aino", "/chat")
    async for _ in screen.languages():
        screen.check("chat")
    await screen.move(hours=12)
    await screen.look_again()
    await screen.go("/")
    await screen.go("/chat")
    async for _ in screen.languages():
        screen.check("chat")
        assert screen.has("chat.channel.closed")
        assert screen.says("chat.closed_meanwhile")
    await screen.go(f"/chat/new/{HEALTH}")
    async for _ in screen.languages():
        screen.check("chat.start")
        assert screen.has("chat.closed")


async def test_going_on_carries_the_earlier_talk_along(county: County) -> None:
    screen = await joined(county)
    first, clinic = chat_id(screen), county.platform.chat
    clinic.take(first)
    clinic.close(first, [])
    await stepped(screen)
    await screen.tap("chat.continue")
    async for _ in screen.languages():
        screen.check("chat.start")
        assert screen.has("chat.continues")
    await screen.choose("chat.whose", "me")
    await screen.type("chat.text", "Kuume ei laske.")
    await screen.tap("chat.join")
    await stepped(screen)

    assert clinic.task(chat_id(screen))["basedOn"] == [{"reference": f"Task/{first}"}]
    await screen.tap("chat.before")
    assert chat_id(screen) == first
    assert not screen.has("exit.clean")  # nothing can be written any more


async def test_after_its_days_a_chat_says_why_it_cannot_be_gone_on_with(county: County) -> None:
    screen = await joined(county)
    id = chat_id(screen)
    county.platform.chat.take(id)
    county.platform.chat.close(id, [])
    await stepped(screen)
    await screen.move(days=15)
    await screen.go("/")
    await screen.go(f"/chat/{id}")

    assert not screen.has("chat.continue")
    assert screen.has("chat.start-new")


async def test_leaving_the_queue_is_asked_first(county: County) -> None:
    screen = await joined(county)
    await screen.tap("chat.leave")
    await screen.tap("chat.stay")
    assert stage(screen) is Stage.QUEUE
    await screen.tap("chat.leave")
    await screen.tap("chat.leave-sure")
    await screen.look_again()

    assert stage(screen) is Stage.LEFT
    assert county.platform.chat.tasks("requested") == []
    async for _ in screen.languages():
        screen.check("chat.room")


async def test_the_professional_sees_that_the_resident_writes_every_ten_seconds_at_most(
    county: County,
) -> None:
    screen = await joined(county)
    id, clinic = chat_id(screen), county.platform.chat
    clinic.take(id)
    await stepped(screen)
    await screen.type("chat.body", "He")
    await screen.type("chat.body", "Hei")
    await screen.settle()

    told = [path for path in (r.url.path for r in county.wire.seen) if path.endswith("$typing")]
    assert len(told) == 1
    assert clinic.resident_types(id)
    await screen.choose("chat.tell-typing", False)
    await screen.move(seconds=30)
    await screen.type("chat.body", "Hei taas")
    assert not clinic.resident_types(id)
