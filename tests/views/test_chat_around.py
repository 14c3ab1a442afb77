"""Around a chat: photos, video, sounds, notifications, leaving quickly, who sees it, earlier ones (D8-D12)."""

import base64
import io
from urllib.parse import unquote

import pytest
from PIL import Image

from tests.views.chatting import HEALTH, chat_id, joined, stepped
from tests.views.examples import County, Visit


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
    screen.check("chat.covered")
    assert not screen.has("chat.messages")  # the browser's "back" tells nothing
    await screen.tap("chat.uncover")

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
    assert screen.has("video.join")
    assert screen.has(f"call.{HEALTH}")
    assert not screen.says("appointments.not_found")
    await screen.tap("video.chat")
    assert screen.route == f"/chat/{id}"
    assert screen.has("chat.video-go")
    assert screen.has("chat.body")


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
        await screen.type(f"{field}.search", "lepaa")
        assert screen.says("messages.found", n=1)
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
