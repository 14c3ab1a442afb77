"""Opening the files of messages that were sent or came (row A7)."""

import asyncio

import flet as ft
import pytest

from tests.views.examples import County, Visit
from tests.views.test_compose import composing, picture

RASH = "Ihottumaa polvessa ennen leikkausta"


async def at_rash(county: County) -> Visit:
    """Mikko looks at the thread to which he attached a picture, two days ago."""
    screen = await county.signed_in("mikko")
    await screen.go(f"/messages/thread/{county.thread_id(RASH)}")
    return screen


async def test_a_picture_from_the_platform(county: County) -> None:
    """Fetched when it is asked for, shown with its name as its description, and saved on demand."""
    screen = await at_rash(county)
    async for _ in screen.languages():
        screen.check("messages.conversation")
        assert any("polvi.png" in words for words in screen.within("messages.attachment"))
    assert not [r for r in county.wire.seen if "/Binary/" in r.url.path]

    await screen.tap("messages.attachment")

    async for _ in screen.languages():
        screen.check("messages.conversation")
        (image,) = [i for i in screen.find(ft.Image) if i.semantics_label]
        assert image.semantics_label == screen.t("messages.attach.image", name="polvi.png")
        assert image.src.startswith(b"\x89PNG")
    await screen.tap("attachment.save")
    (saved,) = [args for name, args in screen.client.calls if name == "save_file"]
    assert saved["file_name"] == "polvi.png"
    assert saved["src_bytes"] == image.src
    await screen.tap("attachment.close")
    assert not screen.has("attachment")
    await screen.tap("messages.attachment")
    assert len([r for r in county.wire.seen if "/Binary/" in r.url.path]) == 1


async def test_while_it_is_fetched(county: County) -> None:
    """It says so, and it is said aloud."""
    screen = await at_rash(county)
    free = county.wire.hold("/fhir/Binary/")

    tapping = asyncio.create_task(screen.tap("messages.attachment"))
    await screen.settle()

    async for _ in screen.languages():
        screen.check("messages.conversation")
        assert screen.says("messages.attach.state.loading")
    assert screen.part("attachment.loading").live_region
    free()
    await tapping
    assert screen.has("attachment.save")


@pytest.mark.parametrize("how", ["offline", "malformed", "gone", "changed"])
async def test_when_it_cannot_be_fetched(county: County, how: str) -> None:
    """Said in words; trying again works. A file that is not the one the message named is never shown."""
    screen = await at_rash(county)
    if how == "offline":
        await county.offline()
    elif how == "gone":
        await county.fault("status", "/fhir/Binary/", status=404)
    elif how == "malformed":
        await county.fault("malformed", "/fhir/Binary/")
    else:
        for binary in county.all("Binary"):
            county.platform.repository.update("Binary", binary["id"], binary | {"data": "AAAA"})

    await screen.tap("messages.attachment")

    async for _ in screen.languages():
        screen.check("messages.conversation")
        assert screen.says("messages.attach.problem.not_loaded")
        assert not screen.has("attachment.save")
    if how != "changed":
        await county.tester("DELETE", "faults")
        await screen.tap("attachment.retry")
        assert screen.has("attachment.save")


async def test_own_file_that_waits_is_here(county: County) -> None:
    """Without a connection what was attached can be looked at; other kinds of files can be saved."""
    screen = await composing(county, **{"iho.jpg": picture(), "kirje.pdf": b"%PDF-1.4 x"})
    await screen.type("messages.subject", "Iho")
    await screen.tap("messages.attach")
    await screen.until(lambda: screen.has("messages.attach.remove.1"), 20)
    await county.offline()
    await screen.tap("messages.send")
    first, second = [c for c in screen.find(ft.Semantics) if c.identifier == "messages.attachment"]

    await screen.tap(next(c for c in screen.walk(first) if isinstance(c, ft.TextButton)))
    async for _ in screen.languages():
        screen.check("messages.conversation")
        assert [i for i in screen.find(ft.Image) if i.semantics_label]
    await screen.tap("attachment.close")
    first, second = [c for c in screen.find(ft.Semantics) if c.identifier == "messages.attachment"]
    await screen.tap(next(c for c in screen.walk(second) if isinstance(c, ft.TextButton)))

    async for _ in screen.languages():
        screen.check("messages.conversation")
        assert screen.says("messages.attach.no_preview")
        assert screen.has("attachment.save")
