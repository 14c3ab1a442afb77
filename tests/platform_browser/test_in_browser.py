"""The browser's own storage, keys, locks and decoders, for real."""

import base64
import io
from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw

from tests.platform_browser.conftest import Tab

PARTS = """
    import asyncio, js
    from app.errors import DeviceFull, Locked
    from app.platform.browser import this_browser
    from app.platform.browser_files import OwnFileSystem, ShelfFiles, files
    from app.platform.browser_shelves import KEYS, Shelf
    from app.platform.browser_tabs import BrowserTabs
    from app.platform.browser_vault import BrowserVault
    browser = this_browser()
    vault, tabs = BrowserVault(browser), BrowserTabs(browser)

    async def problem(doing):
        try:
            await doing
        except Exception as error:
            return type(error).__name__
        return ""
"""
PLACES = ["OwnFileSystem(browser)", "ShelfFiles(browser)"]


@pytest.fixture(scope="module", autouse=True)
def parts(tab: Tab) -> None:
    """The names that all tests use."""
    tab.run(PARTS)


def test_the_browsers_own_file_system_is_chosen(tab: Tab) -> None:
    assert tab.run("type(files(browser)).__name__") == "OwnFileSystem"


@pytest.mark.parametrize("place", PLACES)
def test_a_file_is_replaced_whole_and_removed_for_good(tab: Tab, place: str) -> None:
    tab.run(f"place = {place}")
    assert tab.run("await place.read('a.sealed')") is None
    tab.run("await place.write('a.sealed', b'long ' * 100_000); await place.write('a.sealed', b'short')")
    tab.run("await place.write('b.sealed', b'')")
    assert tab.run("(await place.read('a.sealed')).decode()") == "short"
    assert tab.run("len(await place.read('b.sealed'))") == 0
    assert tab.run("'|'.join(await place.names())") == "a.sealed|b.sealed"
    tab.run("for name in ('a.sealed', 'b.sealed', 'c.sealed'): await place.delete(name)")
    assert tab.run("len(await place.names())") == 0


def test_what_was_sealed_opens_with_its_key_at_its_place_only(tab: Tab) -> None:
    assert tab.run("await problem(vault.seal('aino', b'x', 'aino|image'))") == "Locked"
    tab.run("await vault.make('aino')\nsealed = await vault.seal('aino', b'Selka on kipea', 'aino|image')")
    assert tab.run("b'kipea' in sealed") is False
    assert tab.run("(await vault.open('aino', sealed, 'aino|image')).decode()") == "Selka on kipea"
    assert tab.run("await problem(vault.open('aino', sealed, 'ville|image'))") == "Locked"
    assert tab.run("await problem(vault.open('ville', sealed, 'aino|image'))") == "Locked"
    assert tab.run("await problem(vault.open('aino', b'', 'aino|image'))") == "Locked"
    damaged = "sealed[:20] + bytes([sealed[20] ^ 1]) + sealed[21:]"
    assert tab.run(f"await problem(vault.open('aino', {damaged}, 'aino|image'))") == "Locked"
    tab.run("await vault.forget('aino')")
    assert tab.run("await problem(vault.open('aino', sealed, 'aino|image'))") == "Locked"


def test_nobody_can_read_a_key(tab: Tab) -> None:
    tab.run("await vault.make('aino')")
    tab.run("key = await Shelf(browser, KEYS).get('aino')")
    assert tab.run("key.extractable") is False
    assert "InvalidAccess" in tab.run(
        "try:\n    await js.crypto.subtle.exportKey('raw', key)\n    said = ''\n"
        "except Exception as error:\n    said = error.name\nsaid"
    )
    tab.run("await vault.forget('aino')")


def test_key_and_file_are_found_again_after_a_restart_of_the_browser(
    profile: Callable[..., object], site: str, tmp_path: object
) -> None:
    for code, expected in (
        (
            "await vault.make('aino')\nawait files(browser).write('a', await vault.seal('aino', b'kept', 'a'))\n''",
            "",
        ),
        ("(await vault.open('aino', await files(browser).read('a'), 'a')).decode()", "kept"),
    ):
        context = profile(tmp_path)
        tab = Tab(context.new_page(), site)  # type: ignore[attr-defined]
        tab.run(PARTS)
        assert tab.run(code) == expected
        context.close()  # type: ignore[attr-defined]


def test_one_tab_has_a_place_and_the_next_gets_it_when_that_is_closed(
    tab: Tab, open_tab: Callable[[], Tab]
) -> None:
    first, second = open_tab(), tab
    first.run(PARTS)
    assert first.run("await tabs.take('aino')") is True
    assert first.run("await tabs.take('aino')") is True
    assert second.run("await tabs.take('aino')") is False
    assert second.run("await tabs.take('ville')") is True
    second.run("waiting = asyncio.ensure_future(tabs.wait('aino'))")
    assert second.run("await asyncio.sleep(0)\nwaiting.done()") is False
    first.page.close()
    second.run("await waiting")
    assert second.run("await tabs.take('aino')") is True
    second.run("tabs.release('aino'); tabs.release('ville'); tabs.release('nobody')")


def test_waiting_can_be_given_up(tab: Tab, open_tab: Callable[[], Tab]) -> None:
    first = open_tab()
    first.run(PARTS)
    first.run("await tabs.take('aino')")
    tab.run("waiting = asyncio.ensure_future(tabs.wait('aino')); await asyncio.sleep(0.05); waiting.cancel()")
    first.run("tabs.release('aino')")
    assert tab.run("await asyncio.sleep(0.05)\nawait BrowserTabs(browser).take('aino')") is True


def picture(width: int, height: int, format: str = "JPEG", noise: bool = True, turned: int = 1) -> str:
    """Python code for the bytes of a picture with a red left half, and notes of where it was taken."""
    image = (
        Image.effect_noise((width, height), 90).convert("RGB")
        if noise
        else Image.new("RGB", (width, height), "blue")
    )
    ImageDraw.Draw(image).rectangle((0, 0, width // 2, height), "red")
    exif = Image.Exif()
    exif[0x0112], exif[0x013B] = turned, "Aino Esimerkki"
    made = io.BytesIO()
    image.save(made, format, exif=exif, quality=95)
    return f"__import__('base64').b64decode('{base64.b64encode(made.getvalue()).decode()}')"


def prepared(tab: Tab, name: str, data: str) -> tuple[str, str, bytes]:
    """Name, kind and content of a file made ready in the browser; or its problem."""
    tab.run(
        f"import base64\nfrom app.platform.pictures import prepare\nmade = await prepare('{name}', {data})"
    )
    if not tab.run("hasattr(made, 'data')"):
        return "", tab.run("str(made)"), b""
    data = tab.run("base64.b64encode(made.data).decode()")
    return tab.run("made.name"), tab.run("made.content_type"), base64.b64decode(data)


def test_a_photo_comes_out_small_upright_and_silent(tab: Tab) -> None:
    name, kind, data = prepared(tab, "IMG 1.JPEG", picture(2600, 1900, turned=6))
    image = Image.open(io.BytesIO(data))
    assert (name, kind, image.format) == ("IMG 1.jpg", "image/jpeg", "JPEG")
    assert len(data) <= 1024 * 1024
    assert not image.getexif()
    assert b"Aino" not in data
    assert max(image.size) <= 2000
    assert image.height > image.width
    above, below = image.getpixel((image.width // 2, 20)), image.getpixel((20, image.height - 20))
    assert above[0] > 200 > above[1] + 100
    assert below != above


def test_a_part_of_a_photo_is_made_unrecognisable(tab: Tab) -> None:
    """The chosen sixteenth is left as nine squares, and the rest as it was; what is no picture is nothing."""
    tab.run(f"photo = {picture(800, 600, 'PNG')}\nfrom app.platform.pictures import blurred")
    tab.run("import base64\nmade = await blurred(photo, frozenset({2, 15}), 4)")
    before = Image.open(io.BytesIO(base64.b64decode(tab.run("base64.b64encode(photo).decode()")))).convert(
        "RGB"
    )
    after = Image.open(io.BytesIO(base64.b64decode(tab.run("base64.b64encode(made).decode()")))).convert(
        "RGB"
    )
    assert (after.format, after.size) == (None, (800, 600))
    for box in ((400, 0, 600, 150), (600, 450, 800, 600)):
        assert len(before.crop(box).getcolors(100_000) or ()) > 20
        assert len(after.crop(box).getcolors(100_000) or ()) <= 9
    assert after.crop((0, 160, 800, 440)).tobytes() == before.crop((0, 160, 800, 440)).tobytes()
    assert tab.run("await blurred(b'no picture', frozenset({1}), 4) is None") is True


def test_a_small_picture_is_not_made_larger_and_a_drawing_stays_a_png(tab: Tab) -> None:
    name, kind, data = prepared(tab, "kuva.png", picture(300, 200, "PNG", noise=False))
    image = Image.open(io.BytesIO(data))
    assert (name, kind, image.size) == ("kuva.png", "image/png", (300, 200))
    assert b"Aino" not in data


def test_webp_is_read(tab: Tab) -> None:
    assert prepared(tab, "kuva.webp", picture(300, 200, "WEBP"))[1] == "image/jpeg"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ("b''", "empty"),
        ("b'hello'", "wrong-type"),
        ("b'\\xff\\xd8\\xff' + b'x' * 1000", "unreadable"),
        ("b'\\x89PNG\\r\\n\\x1a\\n' + b'x' * 50", "unreadable"),
        ("b'\\0\\0\\0\\x18ftypheic' + b'x' * 50", "unreadable"),
    ],
)
def test_what_is_no_picture_is_told(tab: Tab, data: str, problem: str) -> None:
    assert prepared(tab, "a.jpg", data)[1] == problem


def test_a_pdf_passes_as_it_is(tab: Tab) -> None:
    assert prepared(tab, "a b.PDF", "b'%PDF-1.7 x'") == ("a b.pdf", "application/pdf", b"%PDF-1.7 x")
