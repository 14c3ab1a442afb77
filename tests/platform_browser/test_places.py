"""What a browser keeps: nothing before the resident's word, nothing after it was taken back, all of it in between."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.errors import DeviceFull, Locked
from app.platform.browser_places import BrowserPlaces
from app.platform.browser_secrets import BrowserSecrets
from app.platform.preferences import FilePreferences, MemoryPreferences
from tests.platform_browser.fakes import FakeTabs, Store

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
async def browser() -> Store:
    return Store()


async def opened(browser: Store, own: bool = False, now: datetime = NOW) -> tuple[BrowserPlaces, FakeTabs]:
    places, tabs = await browser.tab(now)
    if own:
        await places.keep()
    return places, tabs


async def kept(places: BrowserPlaces, account: str, image: bytes) -> None:
    place = places.place(account)
    assert await place.take()
    await place.read()
    await place.write(image)


async def test_a_place_gives_back_what_was_written_sealed(browser: Store) -> None:
    places, _ = await opened(browser, own=True)
    await kept(places, "aino", b"image")
    assert await places.place("aino").read() == b"image"
    assert browser.files["aino.sealed"] != b"image"


async def test_a_file_whose_key_is_gone_is_locked_once_and_begun_anew(browser: Store) -> None:
    places, _ = await opened(browser, own=True)
    await kept(places, "aino", b"image")
    browser.keys.clear()
    with pytest.raises(Locked):
        await places.place("aino").read()
    await kept(places, "aino", b"new")
    assert await places.place("aino").read() == b"new"


async def test_nothing_is_written_where_everything_was_erased_by_another_tab(browser: Store) -> None:
    first, _ = await opened(browser, own=True)
    await kept(first, "aino", b"image")
    second, _ = await opened(browser)
    await second.erase_all()
    with pytest.raises(Locked):
        await first.place("aino").write(b"more")
    assert (browser.files, browser.keys) == ({}, {})


async def test_choices_are_kept_only_when_the_device_is_ones_own(browser: Store) -> None:
    places, _ = await opened(browser)
    places.preferences.set("language", "sv")
    assert browser.files == {}
    await places.keep()
    places.preferences.set("text_size", "large")
    places.preferences.set("text_size", "larger")
    task = places.preferences._writing
    assert task is not None
    await task
    again, _ = await opened(browser)
    assert again.preferences.own
    assert [again.preferences.get(name) for name in ("language", "text_size")] == ["sv", "larger"]
    await again.erase_all()
    assert not (await opened(browser))[0].preferences.own


async def test_a_full_browser_cannot_be_ones_own(browser: Store) -> None:
    places, _ = await opened(browser)
    browser.full = True
    with pytest.raises(DeviceFull):
        await places.keep()
    assert not places.preferences.own


async def test_what_was_sealed_for_the_trip_to_the_sign_in_is_gone_if_nobody_comes_back(
    browser: Store,
) -> None:
    places, tabs = await opened(browser)
    await places.set_out(NOW)
    await kept(places, "aino", b"image")
    tabs.close()
    back, _ = await opened(browser, now=NOW + timedelta(minutes=9))
    assert await back.on_trip(NOW + timedelta(minutes=9))
    assert await back.place("aino").read() == b"image"
    late, _ = await opened(browser, now=NOW + timedelta(minutes=11))
    assert not await late.on_trip(NOW)
    assert (browser.files, browser.keys) == ({}, {})


async def test_a_sign_in_outlives_the_page_only_on_ones_own_device(browser: Store) -> None:
    places, tabs = await opened(browser)
    secrets = BrowserSecrets(places)
    await secrets.set("tokens", "t1")
    assert (await secrets.get("tokens"), browser.files) == ("t1", {})
    await places.keep()
    tabs.close()
    places, tabs = await opened(browser)
    secrets = BrowserSecrets(places)
    assert await secrets.get("tokens") == "t1"
    await secrets.delete("tokens")
    tabs.close()
    assert await BrowserSecrets((await opened(browser))[0]).get("tokens") is None


async def test_a_second_tab_has_a_sign_in_of_its_own(browser: Store) -> None:
    first = BrowserSecrets((await opened(browser, own=True))[0])
    await first.set("tokens", "t1")
    second = BrowserSecrets((await opened(browser))[0])
    assert await second.get("tokens") is None
    await second.set("tokens", "t2")
    assert (await first.get("tokens"), await second.get("tokens")) == ("t1", "t2")


async def test_a_sign_in_after_everything_was_erased_lasts_as_long_as_the_page(browser: Store) -> None:
    places, _ = await opened(browser, own=True)
    secrets = BrowserSecrets(places)
    await secrets.set("tokens", "t1")
    await (await opened(browser))[0].erase_all()
    await secrets.set("tokens", "t2")
    assert (await secrets.get("tokens"), browser.files) == ("t2", {})


def test_choices_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "new" / "choices.json"
    FilePreferences(file).set("language", "sv")
    assert FilePreferences(file).get("language") == "sv"
    assert [path.name for path in file.parent.iterdir()] == ["choices.json"]


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"language": 1}', b"\xff"])
def test_a_damaged_file_is_no_choice(tmp_path: Path, damage: bytes) -> None:
    file = tmp_path / "choices.json"
    file.write_bytes(damage)
    assert FilePreferences(file).get("language") is None


def test_a_file_that_cannot_be_written_lasts_for_the_session(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    preferences = FilePreferences(tmp_path / "file" / "choices.json")
    preferences.set("language", "sv")
    assert preferences.get("language") == "sv"


def test_two_sessions_in_memory_share_nothing() -> None:
    MemoryPreferences().set("language", "sv")
    assert MemoryPreferences().get("language") is None
