"""A video visit between two real Chromiums with made-up cameras (rows C4, C5)."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright, expect

from backend_stub.booking import profile
from backend_stub.config import Config
from backend_stub.server import Running, running
from tests.e2e.conftest import Places
from tests.e2e.driver import Person, launch
from tests.e2e.journey import queue

MEDIA = (
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
)
FRAMES = "() => document.getElementById('remote').getVideoPlaybackQuality().totalVideoFrames"
SEES = "() => document.getElementById('remote').videoWidth > 0"


@pytest.fixture(scope="module")
def browsers(playwright: Playwright) -> Iterator[tuple[Browser, Browser]]:
    """Two, as on two devices."""
    found = [launch(playwright, *MEDIA) for _ in range(2)]
    yield found[0], found[1]
    for browser in found:
        browser.close()


@pytest.fixture(scope="module")
def clinic() -> Iterator[Running]:
    with running(Config(seed=1, port=0)) as found:
        yield found


class Visit:
    """Emma's visit that begins in a moment, and the ways in."""

    def __init__(self, clinic: Running) -> None:
        platform = clinic.platform
        emma = platform.seeder.roster.get("emma")
        assert emma is not None
        self.diary, self.visits, self.clock = platform.diary, platform.visits, platform.clock
        self.body = next(
            one
            for one in platform.repository.search(
                "Appointment", [("patient", emma.reference), ("status", "booked")]
            )
            if profile.mode_of(one) == "video"
            and profile.starts(one) < self.clock.now() + timedelta(minutes=30)
        )
        self.resident = self.visits.address(self.body, emma.reference)
        self.professional = self.visits.address(self.body, "Practitioner/johanna")


def enter(browser: Browser, address: str) -> Page:
    """Open the page as a person does."""
    page = browser.new_context(locale="fi-FI").new_page()
    page.goto(address)
    return page


def sees(page: Page) -> None:
    """The other's picture moves."""
    page.wait_for_function(SEES, timeout=20_000)
    first = page.evaluate(FRAMES)
    page.wait_for_function(f"(first) => ({FRAMES})() > first", arg=first, timeout=20_000)


def test_two_meet_a_third_does_not_and_who_falls_out_returns(
    clinic: Running, browsers: tuple[Browser, Browser]
) -> None:
    visit = Visit(clinic)
    emma = enter(browsers[0], visit.resident)
    expect(emma.locator("#state")).to_contain_text("Odotat vastaanottoa")
    visit.diary.change(visit.body["id"], "test", {"url": _EXT + "delay", "valueInteger": 10})
    expect(emma.locator("#state")).to_contain_text("myöhässä noin 10 min")
    johanna = enter(browsers[1], visit.professional)
    sees(emma)
    sees(johanna)
    expect(emma.locator("#state")).to_contain_text("käynnissä")
    expect(emma.locator("#return")).to_be_hidden()
    started = visit.diary.repository.read("Appointment", visit.body["id"])
    assert profile.get(started, "visit-state")["valueCode"] == "started"

    third = enter(browsers[1], visit.resident[:-4] + "0000")
    expect(third.locator("#state")).to_contain_text("ei pääse vastaanotolle")
    third.close()

    emma.fill("#chat-field", "Hei, kuuluuko?")
    emma.click("#chat-send")
    expect(johanna.locator("#chat")).to_contain_text("Hei, kuuluuko?")
    johanna.fill("#caption-field", "Kyllä kuuluu")
    expect(emma.locator("#caption")).to_have_text("Kyllä kuuluu")
    emma.click("#camera")
    expect(emma.locator("#media")).to_contain_text("Kamera on pois päältä")

    emma.context.close()  # as when a browser dies
    again = enter(browsers[0], visit.resident)
    sees(again)
    sees(johanna)

    again.click("#leave")
    expect(again.locator("#return")).to_be_visible()
    again.click("#return")
    sees(again)
    sees(johanna)

    visit.diary.cancel(visit.diary.repository.read("Appointment", visit.body["id"]), "test")
    for page in (again, johanna):
        expect(page.locator("#state")).to_contain_text("Vastaanotto on peruttu")
        page.context.close()


def test_from_a_chat_to_the_room(places: Places, browsers: tuple[Browser, Browser]) -> None:
    """The professional proposes, the resident consents in the chat and joins, and they see each other."""
    places.tester("POST", "reset")  # nobody else waits for the professional
    person = Person(browsers[0].new_context(locale="fi-FI").new_page(), places.app)
    queue(person, "sanna", "Ihottuma kädessä.")
    clinic = browsers[1].new_context(locale="fi-FI").new_page()
    clinic.goto(f"{places.platform}/console/who")
    clinic.locator("button[id^=who-]").first.click()
    clinic.goto(f"{places.platform}/console/chats")
    clinic.locator("#next").click()
    clinic.locator("#video").click()
    expect(clinic.locator(".note")).to_be_visible()
    person.press("chat.video-yes")
    person.sees("video.state")
    with person.page.context.expect_page() as opened:
        person.press("video.join")
    clinic.reload()
    clinic.locator("a[href^='/console/diary/']").last.click()
    clinic.locator("#start").click()
    for page in (opened.value, clinic):
        sees(page)
    for page in (opened.value, clinic):
        page.context.close()


def test_the_device_test_hears_and_sees(clinic: Running, browsers: tuple[Browser, Browser]) -> None:
    page = enter(browsers[0], f"{clinic.url}/visit/test")
    page.click("#start")
    expect(page.locator("#camera-state")).to_contain_text("Kamera toimii", timeout=15_000)
    expect(page.locator("#mic-state")).to_contain_text("Mikrofoni toimii", timeout=15_000)
    page.click("#play")
    page.click("#heard")
    expect(page.locator("#sound-state")).to_contain_text("Ääni toimii")
    page.context.close()


@pytest.mark.parametrize("path", ["/visit/test", "/visit/nothing"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_accessible(
    clinic: Running, browsers: tuple[Browser, Browser], path: str, scheme: str
) -> None:
    """axe finds nothing, also on a narrow window."""
    context = browsers[0].new_context(
        locale="fi-FI", color_scheme=scheme, viewport={"width": 320, "height": 700}
    )
    page = context.new_page()
    page.goto(clinic.url + path)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= 320")
    context.close()


_EXT = "https://digiklinikka.example/fhir/StructureDefinition/"
