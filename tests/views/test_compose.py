"""Writing a message: mistakes, words of haste, files, drafts, a service that closes (rows A1 to A8)."""

import io
from datetime import UTC, datetime

import pytest
from PIL import Image

from app.errors import DeviceFull
from app.stores.composer import MAX_BODY
from tests.platform_io.test_pictures import bomb
from tests.views.examples import LANGUAGES, County, Visit

NURSE, MONEY = "terveysasema", "aikuissosiaalityo"
URGENT = {
    "fi": "kova rintakipu",
    "sv": "jag har bröstsmärta",
    "en": "chest pain since morning",
    "fi_selko": "rintakipu",
}


def picture(width: int = 40) -> bytes:
    file = io.BytesIO()
    noise = [Image.effect_noise((width, width), sigma) for sigma in (40, 60, 80)]
    Image.merge("RGB", noise).save(file, "JPEG", exif=b"Exif\x00\x00secret place")
    return file.getvalue()


async def composing(county: County, service: str = NURSE, language: str = "", **files: bytes) -> Visit:
    """Aino writes; ``files`` are what she will pick."""
    screen = await county.signed_in("aino", language=language)
    screen.client.answers["pick_files"] = [
        {"id": n, "name": name, "size": len(data), "path": None, "bytes": data}
        for n, (name, data) in enumerate(files.items())
    ]
    await screen.go("/messages/new")
    await screen.press(screen.stores.services.name(service))
    return screen


async def test_new_message(county: County) -> None:
    """To whom, when the answer comes, that it is not for haste, what may be attached."""
    screen = await composing(county)

    async for _ in screen.languages():
        screen.check("messages.compose")
        assert screen.says("messages.to", service=screen.stores.services.name(NURSE))
        assert screen.says("emergency.not_for_urgent")
        assert screen.has("messages.promise")
        assert screen.says("messages.attach.photo_privacy")
        assert not screen.has("messages.mistakes")


async def test_what_is_missing_is_said_at_the_try(county: County) -> None:
    """Not before; by name; nothing is sent; mended, it goes."""
    screen = await composing(county)

    await screen.tap("messages.send")

    async for _ in screen.languages():
        screen.check("messages.compose")
        assert screen.t("messages.compose.subject_missing") in screen.within("messages.mistakes")
        assert screen.t("messages.compose.body_missing") in screen.within("messages.mistakes")
        assert screen.t("messages.compose.subject_missing") in screen.within("messages.subject")
    await screen.type("messages.subject", "Selkä")
    assert not screen.says("messages.compose.subject_missing")
    await screen.type("messages.body", "a" * (MAX_BODY + 7))
    async for _ in screen.languages():
        screen.check("messages.compose")
        assert screen.says("messages.compose.too_long", n=7)
    await screen.type("messages.body", "Kipeä.")
    assert not screen.has("messages.mistakes")
    await screen.tap("messages.send")
    screen.check("messages.conversation")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_words_of_haste_bring_a_calm_prompt(county: County, language: str) -> None:
    """In each language; what was written is kept and can still be sent."""
    screen = await composing(county, language=language)
    await screen.type("messages.subject", "a")

    await screen.type("messages.body", URGENT[language])

    screen.check("messages.compose")
    assert screen.says("messages.red_flag.title")
    assert {"call.112", "call.116117", "call.social"} <= set(screen.identifiers)
    await screen.type("messages.body", "b")
    assert not screen.has("messages.red-flag")
    await screen.type("messages.body", URGENT[language])
    await screen.tap("messages.send")
    screen.check("messages.conversation")


async def test_it_closes_while_one_writes(make_county) -> None:  # type: ignore[no-untyped-def]
    """The text is kept, what can be done is said, and one may still send."""
    county = make_county(at=datetime(2026, 11, 23, 12, 58, tzinfo=UTC))  # closes at 15.00 in Finland
    screen = await composing(county, MONEY)
    assert not screen.has("messages.closed")
    await screen.move(minutes=5)

    await screen.type("messages.body", "Rahat eivät riitä.")

    async for _ in screen.languages():
        screen.check("messages.compose")
        assert screen.says("messages.closing.title")
        assert screen.has(f"call.{MONEY}")
        assert screen.control("messages.body").value == "Rahat eivät riitä."


async def test_full_device_while_writing(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not saved is not said to be saved."""
    screen = await composing(county)

    def full(draft: object) -> None:
        raise DeviceFull

    monkeypatch.setattr(screen.own.messages._drafts, "save", full)
    await screen.type("messages.body", "Tärkeää")
    county.timers.fire()
    await screen.settle()

    async for _ in screen.languages():
        screen.check("messages.compose")
        assert screen.has("messages.not-saved")
        assert not screen.has("messages.saved")
        assert screen.control("messages.body").value == "Tärkeää"


async def test_full_device_at_sending(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is said to be sent; another try works when there is room again."""
    screen = await composing(county)
    await screen.type("messages.subject", "a")
    await screen.type("messages.body", "b")

    def full(*intents: object, draft: str | None = None) -> None:
        raise DeviceFull

    with monkeypatch.context() as patch:
        patch.setattr(screen.own.messages._outbox, "put", full)
        await screen.tap("messages.send")
    async for _ in screen.languages():
        screen.check("messages.compose")
        assert screen.says("errors.device_full.title")
    await screen.tap("messages.send")
    screen.check("messages.conversation")


async def test_failure_of_another_message_is_not_shown(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new message begins without the complaint about the last one."""
    screen = await composing(county)
    await screen.type("messages.subject", "a")
    await screen.type("messages.body", "b")

    def full(*intents: object, draft: str | None = None) -> None:
        raise DeviceFull

    with monkeypatch.context() as patch:
        patch.setattr(screen.own.messages._outbox, "put", full)
        await screen.tap("messages.send")
    await screen.go("/messages/new")
    await screen.press(screen.stores.services.name(NURSE))

    assert not screen.has("messages.failed")


async def test_saved_while_writing(county: County) -> None:
    """A moment after the first key; the time is said."""
    screen = await composing(county)
    await screen.type("messages.body", "Hei")
    assert not screen.has("messages.saved")

    county.timers.fire()
    await screen.settle()

    async for _ in screen.languages():
        screen.check("messages.compose")
        assert screen.says("messages.draft.saved", time=screen.ui.format.time(county.clock()))


async def test_leaving_and_coming_back(county: County) -> None:
    """All of it is there, in another session too."""
    screen = await composing(county, "fysioterapia", **{"olka.jpg": picture()})
    await screen.type("messages.subject", "Olka")
    await screen.type("messages.body", "Olka on jäykkä.")
    await screen.tap("messages.attach")
    await screen.until(lambda: screen.has("messages.attach.remove.0"))
    await screen.tap("back")
    await screen.go("/settings")

    later = await county.signed_in("aino", "/messages")
    await later.tap("messages.draft")

    later.check("messages.compose")
    assert later.control("messages.subject").value == "Olka"
    assert later.control("messages.body").value == "Olka on jäykkä."
    assert "olka.jpg" in later.texts
    assert later.says("messages.to", service=later.stores.services.name("fysioterapia"))


async def test_a_look_is_no_draft(county: County) -> None:
    """Nothing was written: nothing is kept."""
    screen = await composing(county)

    await screen.tap("back")

    assert not screen.has("messages.draft")


async def test_throwing_a_draft_away_asks_first(county: County) -> None:
    """Then it is gone, and its old address says so."""
    screen = await composing(county)
    await screen.type("messages.body", "Hei")
    address = screen.route

    await screen.tap("messages.delete")
    async for _ in screen.languages():
        screen.check("messages.compose")
        assert screen.says("messages.draft.delete_ask")
    await screen.tap("messages.keep")
    assert screen.control("messages.body").value == "Hei"
    await screen.tap("messages.delete")
    await screen.tap("messages.delete-sure")

    screen.check("messages")
    assert not screen.has("messages.draft")
    await screen.go(address)
    async for _ in screen.languages():
        screen.check("messages.compose")
        assert screen.says("messages.draft.deleted")


async def test_going_back_to_a_message_that_was_sent_tells_what_became_of_it(county: County) -> None:
    screen = await composing(county)
    address = screen.route
    await county.offline()
    await screen.type("messages.subject", "Polvi")
    await screen.type("messages.body", "Polvi on kipeä.")
    await screen.tap("messages.send")
    thread = screen.route

    await screen.go(address)
    async for _ in screen.languages():
        screen.check("messages.compose")
        assert screen.has("messages.gone")
        assert not screen.says("messages.draft.deleted")
    await screen.tap("messages.to-thread")
    assert screen.route == thread


async def test_files_are_shrunk_shown_and_removed(county: County) -> None:
    """The limits are told before; what is added can be taken away; the pictures tell nothing but the picture."""
    screen = await composing(county, **{"iho.jpg": picture(2600), "kirje.pdf": b"%PDF-1.4 x"})

    await screen.tap("messages.attach")
    await screen.until(lambda: screen.has("messages.attach.remove.1"), 20)

    async for _ in screen.languages():
        screen.check("messages.compose")
        assert {"iho.jpg", "kirje.pdf"} <= set(screen.texts)
    (composer,) = screen.own.messages._composers.values()
    assert b"secret place" not in composer.files[0].data
    await screen.tap("messages.attach.remove.1")
    assert "kirje.pdf" not in screen.texts


async def test_a_bad_file_does_not_harm_the_message(county: County) -> None:
    """Empty, broken, of another kind: each with its reason, the text and the good file as they were."""
    files = {
        "tyhja.jpg": b"",
        "rikki.jpg": b"\xff\xd8\xff\xe0 broken",
        "ohjelma.exe": b"MZ",
        "suuri.png": bomb(60_000, 60_000),
        "hyva.jpg": picture(),
    }
    seeded = len(county.all("Binary"))
    screen = await composing(county, **files)
    await screen.type("messages.body", "Hei")

    await screen.tap("messages.attach")
    await screen.until(lambda: screen.has("messages.attach.remove.4"), 20)

    async for _ in screen.languages():
        screen.check("messages.compose")
        assert screen.says("messages.attach.problem.empty", name="tyhja.jpg")
        assert screen.says("messages.attach.problem.broken", name="rikki.jpg")
        assert screen.says("messages.attach.problem.too_wide", name="suuri.png")
        assert any("ohjelma.exe" in text and "PDF" in text for text in screen.texts)
    assert screen.control("messages.body").value == "Hei"
    await screen.type("messages.subject", "a")
    await screen.tap("messages.send")
    screen.check("messages.conversation")
    assert len(county.all("Binary")) == seeded + 1


async def test_too_many_files(county: County) -> None:
    """One more than the county allows."""
    screen = await composing(county, **{f"{n}.pdf": b"%PDF-1.4 " + bytes([65 + n]) for n in range(5)})

    await screen.tap("messages.attach")
    await screen.until(lambda: screen.has("messages.attach.remove.4"), 20)

    async for _ in screen.languages():
        screen.check("messages.compose")
        assert screen.says("messages.attach.problem.too_many", files=4)


async def test_nothing_picked(county: County) -> None:
    """Who changed their mind is left alone."""
    screen = await composing(county)

    await screen.tap("messages.attach")

    screen.check("messages.compose")
    assert not screen.has("messages.attach.remove.0")
