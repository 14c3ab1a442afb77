"""The whole app in a browser that is, or is not, the resident's own (rows J4, J5); the platform is the real stub."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.platform.browser_places import BrowserPlaces
from app.platform.browser_secrets import BrowserSecrets
from app.platform.devices import Devices
from app.stores.session import SessionState
from tests.platform_browser.fakes import FakeTabs, Store
from tests.views.conftest import failures
from tests.views.examples import County, Visit, Walk

__all__ = ["failures"]
NURSE = "Terveysaseman hoitaja"


class Browser(County):
    """A county seen from one browser: every visit is a tab of it."""

    def __init__(self, data: Path) -> None:
        super().__init__(data)
        self.store = Store()
        self.tabs: list[FakeTabs] = []
        self.next: BrowserPlaces | None = None

    def devices(self, way: Walk) -> Devices:
        assert self.next is not None
        places, self.next = self.next, None
        secrets = BrowserSecrets(places)
        return replace(super().devices(way), places=places, secrets=secrets, keeps=True)

    async def tab(self, route: str = "/", **more: Any) -> Visit:
        """Open the app in a new tab."""
        self.next, tabs = await self.store.tab(self.clock())
        self.tabs.append(tabs)
        return await self.open(route, **more)

    async def shut(self, visit: Visit) -> None:
        """The tab is closed from outside, without a word to the app."""
        await visit.close()
        self.tabs[self.visits.index(visit)].close()
        await self.settle()

    async def settle(self) -> None:
        for visit in self.visits:
            if visit.stores.session.own is not None:
                await visit.settle()

    def subjects(self) -> list[str]:
        """What arrived at the clinic."""
        return [thread.subject for thread in self.platform.clinic.threads()]


@pytest.fixture
async def browser(tmp_path: Path) -> AsyncIterator[Browser]:
    made = Browser(tmp_path)
    yield made
    await made.close()


async def own(browser: Browser, resident: str = "aino") -> Visit:
    """A tab in which the resident has said that the device is their own, and has signed in."""
    tab = await browser.tab()
    if not tab.stores.device.on:
        await tab.choose("device.own", True)
    await tab.sign_in(resident)
    return tab


async def test_nothing_is_kept_of_a_visit_where_nothing_was_said(browser: Browser) -> None:
    tab = await browser.tab()
    tab.check("welcome")
    assert tab.says("welcome.own_device")
    await tab.sign_in("aino")
    await tab.write_to(NURSE)
    tab.check("messages.compose")
    await tab.move(seconds=2)
    assert tab.says("device.memory")
    assert not tab.has("messages.saved")
    assert (browser.store.files, browser.store.keys) == ({}, {})
    await browser.shut(tab)
    again = await browser.tab()
    assert again.stores.session.state is SessionState.SIGNED_OUT


async def test_on_ones_own_device_the_visit_goes_on_where_it_was(browser: Browser) -> None:
    tab = await own(browser)
    await tab.write_to(NURSE, "Kuume", "Kuumetta kolmatta päivää.")
    browser.timers.fire()
    await tab.settle()
    assert tab.has("messages.saved")
    assert not tab.says("device.memory")
    await browser.shut(tab)
    await browser.offline()
    again = await browser.tab("/messages")
    assert again.stores.session.state is SessionState.SIGNED_IN
    assert [draft.body["subject"] for draft in again.own.drafts.all()] == ["Kuume"]
    assert again.own.messages.threads.value, "what was fetched before is there without a connection"
    assert again.stores.services.all.value


async def test_what_waits_to_be_sent_is_sent_once_after_the_tab_was_closed(browser: Browser) -> None:
    tab = await own(browser)
    await browser.offline()
    await tab.write_to(NURSE, "Kuume")
    await tab.tap("messages.send")
    await browser.shut(tab)
    await browser.offline(False)
    again = await browser.tab()
    await again.look_again()
    assert browser.subjects().count("Kuume") == 1
    assert again.own.outbox.waiting() == 0


async def test_two_tabs_do_not_send_twice_and_the_second_takes_over(browser: Browser) -> None:
    first, second = await own(browser), await browser.tab()
    assert second.stores.session.state is SessionState.SIGNED_OUT
    await second.sign_in("aino")
    assert second.has("device-elsewhere-banner")
    await browser.offline()
    for tab, subject in ((first, "Ensimmäinen"), (second, "Toinen")):
        await tab.write_to(NURSE, subject)
        await tab.tap("messages.send")
    assert [item.title for item in second.own.outbox.items.value or ()] == ["Toinen"]
    await browser.shut(first)
    assert not second.stores.device.elsewhere
    assert not second.has("device-elsewhere-banner")
    assert [item.title for item in second.own.outbox.items.value or ()] == ["Toinen", "Ensimmäinen"]
    await browser.offline(False)
    await second.move(minutes=6)
    await second.look_again()
    assert [browser.subjects().count(subject) for subject in ("Ensimmäinen", "Toinen")] == [1, 1]
    assert second.own.outbox.waiting() == 0


async def test_signing_out_keeps_or_erases_as_it_is_chosen(browser: Browser) -> None:
    tab = await own(browser)
    account = tab.own.store.account
    await tab.go("/settings")
    await tab.tap("settings.sign-out")
    await tab.tap("signout.keep")
    assert f"{account}.sealed" in browser.store.files
    await tab.sign_in("aino")
    await tab.go("/settings")
    await tab.tap("settings.sign-out")
    await tab.tap("signout.erase")
    assert account not in browser.store.keys
    assert f"{account}.sealed" not in browser.store.files


async def test_a_browser_that_keeps_nothing_has_one_way_out(browser: Browser) -> None:
    tab = await browser.tab()
    await tab.sign_in("aino")
    await tab.go("/settings")
    await tab.tap("settings.sign-out")
    assert tab.says("signout.memory_lead")
    assert not tab.has("signout.keep")
    await tab.tap("signout.erase")
    tab.check("welcome")


async def test_taking_the_word_back_asks_and_then_leaves_nothing(browser: Browser) -> None:
    tab = await own(browser)
    await tab.go("/settings")
    await tab.choose("device.own", False)
    assert tab.says("device.own_off.body")
    await tab.tap("device.own-off.stay")
    assert tab.stores.device.on
    await tab.choose("device.own", False)
    await tab.tap("device.own-off.confirm")
    assert not tab.stores.device.on
    assert (browser.store.files, browser.store.keys) == ({}, {})
    await tab.write_to(NURSE)
    browser.timers.fire()
    await tab.settle()
    assert (browser.store.files, browser.store.keys) == ({}, {})


async def test_a_full_browser_is_told_and_the_message_is_sent_all_the_same(browser: Browser) -> None:
    tab = await own(browser)
    browser.store.full = True
    await tab.write_to(NURSE, "Kuume")
    browser.timers.fire()
    await tab.settle()
    assert tab.has("messages.not-saved")
    assert tab.has("device-full-banner")
    await tab.tap("messages.send")
    assert browser.subjects().count("Kuume") == 1


async def test_what_was_not_sent_survives_the_way_to_the_sign_in_and_nothing_else_is_kept(
    browser: Browser,
) -> None:
    tab = await browser.tab()
    await tab.sign_in("aino")
    await tab.write_to(NURSE, "Huimaus", "Huimaa aamuisin.")
    tab.stores.session.expired()
    await tab.settle()
    tab.way.as_route = True
    await tab.tap("banner.sign-in")
    assert browser.store.files
    await browser.shut(tab)
    back = await browser.tab()
    await back.sign_in("aino")
    assert [draft.body["text"] for draft in back.own.drafts.all()] == ["Huimaa aamuisin."]
    assert (browser.store.files, browser.store.keys) == ({}, {})


async def test_all_of_it_in_every_language(browser: Browser) -> None:
    tab = await own(browser)
    await tab.go("/settings")
    async for _ in tab.languages():
        tab.check("settings")
        assert tab.says("welcome.own_device")


def nobody_for(tab: Visit, minutes: int) -> None:
    """Time goes by without anybody touching the page."""
    tab.county.clock.at += timedelta(minutes=minutes)
    assert tab.stores.idle is not None
    tab.stores.idle.look()


async def test_a_session_in_a_browser_of_others_ends_when_nobody_uses_it(browser: Browser) -> None:
    """What was written rests in the page, comes along to the sign-in, and is written down nowhere else."""
    tab = await browser.tab()
    await tab.sign_in("aino")
    await tab.write_to(NURSE, "Huimaus", "Huimaa aamuisin.")
    nobody_for(tab, 17)
    await tab.settle()
    assert tab.says("idle.memory")
    nobody_for(tab, 3)
    await tab.settle()
    assert tab.stores.session.own is None
    assert not any("Huimaa" in words for words in tab.texts)
    assert (browser.store.files, browser.store.keys) == ({}, {})
    await tab.go("/")
    assert tab.says("idle.memory")
    assert not tab.says("signout.done_kept")
    tab.way.as_route = True
    await tab.tap("welcome.sign-in")
    await browser.shut(tab)
    back = await browser.tab()
    await back.sign_in("aino")
    assert [draft.body["text"] for draft in back.own.drafts.all()] == ["Huimaa aamuisin."]
    assert (browser.store.files, browser.store.keys) == ({}, {})


async def test_who_signs_out_themselves_leaves_nothing_in_the_page_either(browser: Browser) -> None:
    tab = await browser.tab()
    await tab.sign_in("aino")
    await tab.write_to(NURSE)
    await tab.stores.session.sign_out.run(True)
    await tab.go("/")
    await tab.sign_in("aino")
    assert tab.own.drafts.all() == ()


async def test_on_ones_own_device_nothing_ends_by_itself(browser: Browser) -> None:
    tab = await own(browser)
    nobody_for(tab, 300)
    await tab.settle()
    assert tab.stores.session.own is not None


async def test_a_guest_is_told_how_long_what_they_write_is_kept(browser: Browser) -> None:
    tab = await browser.tab("/pathways/sleep")
    assert tab.says("pathways.start_memory")
    await tab.go("/settings")
    await tab.choose("device.own", True)
    await tab.go("/pathways/sleep")
    assert tab.says("pathways.start_guest")
