"""Chats from end to end in one process: queue, talk, ending, going on, broken connections, closed hours (D1-D12)."""

import base64
import io
from urllib.parse import unquote

import pytest
from PIL import Image

from app.domain.chat import Solved, Stage
from tests.views.examples import County, Visit

HEALTH = "terveysasema"


async def joined(county: County, resident: str = "aino", text: str = "Kuume nousi eilen.") -> Visit:
    """Somebody waits in the queue of the health station."""
    screen = await county.signed_in(resident, f"/chat/new/{HEALTH}")
    await screen.choose("chat.whose", "me")
    await screen.type("chat.text", text)
    await screen.tap("chat.join")
    await stepped(screen)
    await stepped(screen)
    return screen


async def stepped(screen: Visit, seconds: float = 3) -> None:
    """Time goes on, the clinic does what is due, and the app looks."""
    await screen.move(seconds=seconds)
    screen.county.platform.chat.step()
    await screen.look_again()


def chat_id(screen: Visit) -> str:
    return screen.route.rpartition("/")[2]


def stage(screen: Visit) -> Stage:
    chat = screen.own.chat.chat(chat_id(screen))
    assert chat is not None
    return chat.stage


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
    await screen.type("chat.body", "Kiitos!")
    await screen.tap("chat.send")
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
    assert screen.has("chat.red-flag")
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


@pytest.mark.parametrize("clean", [True, False])
async def test_leaving_quickly(county: County, clean: bool) -> None:
    """Nothing on the neutral screen tells where one was; the unfinished text goes if one so chooses."""
    screen = await joined(county)
    id = chat_id(screen)
    await screen.type("chat.body", "Salainen asia")
    screen.county.timers.fire()
    if not clean:
        await screen.choose("exit.clean", False)
    await screen.tap("exit.now")
    async for _ in screen.languages():
        screen.check("calm")
        assert not screen.has("chat.turn")
    await screen.go(f"/chat/{id}")

    assert screen.control("chat.body").value == ("" if clean else "Salainen asia")


async def test_a_part_of_a_photo_can_be_blurred_before_it_is_sent(county: County) -> None:
    """By buttons; what was beneath is gone from the file that leaves, and what is beside it stays."""
    screen = await joined(county)
    photo = Image.effect_noise((160, 160), 80).convert("RGB")
    chat = screen.own.chat.chat(chat_id(screen))
    assert chat is not None
    composer = screen.own.chat.writing(chat)
    await composer.add_file("iho.png", as_png(photo))
    before = composer.files[0].data
    await screen.tap("chat.photos")
    await screen.tap("blur.open")
    assert screen.has("blur")
    await screen.tap("blur.cell:0")
    await screen.tap("blur.apply")
    await screen.until(lambda: composer.files[0].data != before)
    after = composer.files[0].data

    assert detail(after, (0, 0, 40, 40)) < detail(before, (0, 0, 40, 40)) / 4
    assert detail(after, (80, 80, 160, 160)) > detail(before, (80, 80, 160, 160)) / 2
    await screen.tap("chat.send")
    await stepped(screen)
    sent = county.all("Binary")[-1]
    assert base64.b64decode(sent["data"]) == after


def as_png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def detail(data: bytes, box: tuple[int, int, int, int]) -> int:
    """How many colours a part of the picture has."""
    colours = Image.open(io.BytesIO(data)).convert("L").crop(box).getcolors(256)
    return len(colours or range(256))


async def test_video_needs_consent(county: County) -> None:
    """Proposed by the professional; nothing happens before the resident agrees, and writing goes on if not."""
    screen = await joined(county)
    id, clinic = chat_id(screen), county.platform.chat
    clinic.take(id, "kaisa")
    clinic.offer_video(id, "kaisa")
    await stepped(screen)
    async for _ in screen.languages():
        screen.check("chat.room")
        assert screen.says("chat.video.consent")
    await screen.tap("chat.video-yes")
    await screen.look_again()
    visit = next(one["id"] for one in county.all("Appointment") if one["id"] in screen.route)

    assert screen.route == f"/appointments/{visit}/video"
    assert screen.has("video")
    assert not screen.says("appointments.not_found")
    await screen.go(f"/chat/{id}")
    assert screen.has("chat.video-go")
    assert screen.has("chat.body")


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


async def test_another_resident_sees_nothing_of_it(county: County) -> None:
    first = await joined(county)
    other = await county.signed_in("tuomas", f"/chat/{chat_id(first)}")

    assert other.says("chat.not_found")
    assert other.own.chat.chats.value == ()


async def test_history_is_searched_and_hidden_without_a_connection(county: County) -> None:
    """A chat that has ended is found by its words from both rooms, and can be put out of the list and back."""
    screen = await joined(county, text="Kuume nousi eilen saunan jälkeen.")
    id = chat_id(screen)
    county.platform.chat.answer(id, "Hei, olen Kaisa.", "kaisa")
    county.platform.chat.close(id, ["Lepää."])
    await stepped(screen)
    await county.offline()
    for room, field in (("/messages", "messages"), ("/chat", "chat")):
        await screen.go(room)
        await screen.type(f"{field}.search", "sauna")
        async for _ in screen.languages():
            screen.check(field)
            assert screen.says("messages.found", n=1)
            assert screen.has("chat.open")
        await screen.type(f"{field}.search", "")
    await screen.go(f"/chat/{id}")
    await screen.tap("export.chat.as-text")
    await screen.tap("chat.hide")
    assert screen.route == "/chat"
    assert not screen.has("chat.open")
    await screen.tap("chat.show-hidden")
    await screen.tap("chat.open")
    await screen.tap("chat.show")
    await screen.go("/chat")
    assert screen.has("chat.open")


async def test_questions_and_promises_in_the_same_words_everywhere(county: County) -> None:
    """Plain Finnish has questions of its own; what a service promises is told alike on its page and in its channels."""
    screen = await county.signed_in("aino", f"/chat/new/{HEALTH}", "fi_selko")
    await screen.choose("chat.whose", "me")
    await screen.tap("chat.questions")
    assert "Mikä vaiva sinulla on?" in screen.texts
    service = screen.stores.services.service(HEALTH)
    assert service is not None
    promised = {
        screen.t("services.promise", n=service.promise_days),
        screen.t("services.callback", n=service.callback_hours),
    }
    await screen.go(f"/services/{HEALTH}")
    assert promised <= set(screen.texts)
    await screen.go("/messages/new")
    assert screen.t("services.promise", n=service.promise_days) in screen.texts


async def test_a_sound_for_the_turn_only_for_who_wants_one(county: County) -> None:
    """Off by itself; switched on it is heard at once, and once more when the turn comes, never again."""

    def played(screen: Visit) -> int:
        return len([name for name, _ in screen.client.calls if name == "play"])

    quiet = await joined(county)
    county.platform.chat.take(chat_id(quiet))
    await stepped(quiet)
    assert played(quiet) == 0

    screen = await joined(county, "mikko")
    async for _ in screen.languages():
        screen.check("chat.room")
        assert screen.says("chat.sound.hint")
    await screen.choose("chat.sound", True)
    assert played(screen) == 1
    await screen.go("/messages")
    county.platform.chat.take(screen.own.chat.chats.value[0].id)  # type: ignore[index]
    await stepped(screen)
    await stepped(screen)
    assert played(screen) == 2


def notified(screen: Visit) -> list[str]:
    """The notifications that the browser was asked to show."""
    urls = [str(args.get("url")) for name, args in screen.client.calls if name == "launch_url"]
    return [unquote(url.partition(",")[2]) for url in urls if url.startswith("data:text/x-notification")]


async def test_a_notification_of_the_turn_says_nothing_of_the_matter(county: County) -> None:
    """Leave is asked only after a press; a trial shows that it works; then once, when the turn comes."""
    quiet = await joined(county)
    county.platform.chat.take(chat_id(quiet))
    await stepped(quiet)
    assert notified(quiet) == []

    screen = await joined(county, "mikko")
    assert not {name for name, _ in screen.client.calls} & {"request", "get_status"}
    screen.client.answers |= {"request": "granted", "get_status": "granted"}
    async for _ in screen.languages():
        screen.check("chat.room")
        assert screen.says("chat.notify.hint")
    app = screen.stores.region.app_name("fi")
    await screen.choose("chat.notify", True)
    assert notified(screen) == [screen.t("chat.notify.trial", app=app)]
    await screen.go("/messages")
    county.platform.chat.take(screen.own.chat.chats.value[0].id)  # type: ignore[index]
    await stepped(screen)
    await stepped(screen)
    assert notified(screen)[1:] == [screen.t("chat.notify.turn", app=app)]


@pytest.mark.parametrize(
    ("answer", "words"),
    [("permanentlyDenied", "chat.notify.refused"), ("denied", "chat.notify.undecided")],
)
async def test_no_leave_to_notify_is_told_in_words(county: County, answer: str, words: str) -> None:
    screen = await joined(county)
    screen.client.answers |= {"request": "permanentlyDenied", "get_status": answer}
    await screen.choose("chat.notify", True)
    assert screen.says(words)
    assert not screen.own.chat.notifies
    assert notified(screen) == []
