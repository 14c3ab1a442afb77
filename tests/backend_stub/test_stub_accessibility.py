"""The stub's pages in a real Chromium: axe, narrow screens, targets, keyboard, the redirect under the strict policy."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from backend_stub.config import Config
from backend_stub.server import Running, running
from tests.backend_stub.chatting import join
from tests.backend_stub.signing_in import asked
from tests.e2e.driver import launch

pytestmark = pytest.mark.browser
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = {
    "phone": {"viewport": {"width": 320, "height": 640}},
    "desktop": {"viewport": {"width": 1280, "height": 800}},
    "dark": {"viewport": {"width": 390, "height": 800}, "color_scheme": "dark"},
}


@pytest.fixture(scope="module")
def stub() -> Iterator[Running]:
    """The platform on a real port."""
    with running(Config(seed=1, port=0)) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    with sync_playwright() as playwright:
        found = launch(playwright)
        yield found
        found.close()


@dataclass
class Visitor:
    """Somebody at a browser."""

    page: Page
    stub: Running

    def go(self, path: str) -> None:
        """Open a page of the stub."""
        self.page.goto(f"{self.stub.url}{path}")

    def begin(self, **changes: str | None) -> None:
        """Come to the sign-in page as sent by the app."""
        params = asked(aud=None, redirect_uri=f"{self.stub.url}/callback", **changes)
        query = "&".join(
            f"{name}={value.replace('&', '%26').replace(' ', '%20')}" for name, value in params.items()
        )
        self.go(f"/auth/authorize?{query}")

    def check(self) -> None:
        """No violation, no sideways scrolling, one h1, targets of 44 px where something is pressed."""
        found = Axe().run(self.page, options={"runOnly": WCAG}).response["violations"]
        assert [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]] == []
        width = self.page.evaluate("() => [document.documentElement.scrollWidth, window.innerWidth]")
        assert width[0] <= width[1], self.page.url
        assert self.page.locator("h1").count() == 1
        for box in self.page.locator(
            "button, .card[href], .button, .bar nav a, input:not([type=hidden])"
        ).all():
            size = box.bounding_box()
            assert size is not None
            assert size["height"] >= 44, box.evaluate("one => one.outerHTML")
            assert size["width"] >= 44, box.evaluate("one => one.outerHTML")


@pytest.fixture(params=LOOKS)
def visitor(request: pytest.FixtureRequest, browser: Browser, stub: Running) -> Iterator[Visitor]:
    """One tab in one of the looks."""
    context = browser.new_context(**LOOKS[request.param])
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield Visitor(page, stub)
    context.close()


@pytest.fixture
def plain(browser: Browser, stub: Running) -> Iterator[Visitor]:
    """One tab without JavaScript."""
    context = browser.new_context(java_script_enabled=False)
    yield Visitor(context.new_page(), stub)
    context.close()


def test_sign_in_pages(visitor: Visitor) -> None:
    visitor.begin(ui_locales="sv")
    visitor.check()
    visitor.page.click("#bank-2")
    visitor.check()
    visitor.page.click("#resident-kerstin")
    visitor.check()
    visitor.page.click("#confirm")
    visitor.page.wait_for_url("**/callback?code=*")

    assert "state=st%26te" in visitor.page.url


def test_messages_of_the_sign_in_pages(visitor: Visitor) -> None:
    for path in ("/auth/authorize?client_id=x", "/auth/sign-in/x", "/auth/end_session"):
        visitor.go(path)
        visitor.check()


def test_console_pages(visitor: Visitor) -> None:
    visitor.go("/console/who")
    visitor.check()
    visitor.page.click("#who-eeva")
    visitor.check()
    visitor.page.click("#inbox-leikkausyksikko")
    visitor.check()
    visitor.page.locator("a[id^=thread-]").first.click()
    visitor.check()
    expect(visitor.page.locator(".message img")).to_be_visible()
    visitor.go("/console/forms")
    visitor.check()
    visitor.page.locator("#answers a").first.click()
    visitor.page.wait_for_selector("#lines")
    visitor.check()
    chat = join(visitor.stub.platform, "tuomas")
    letter = visitor.stub.platform.ombudsman.write_letter("AAAAA-AAAAA-AAAAA-AAAAA", "patient", "fi")
    for page in ("chats", f"chat/{chat}", "ombudsman", f"ombudsman/{letter.id}", "report", "results"):
        visitor.go(f"/console/{page}")
        visitor.check()
    visitor.go(f"/console/chat/{chat}")
    visitor.page.click("#take")
    visitor.check()
    visitor.go("/console/thread/nothing")
    visitor.check()


def test_pages_of_the_diary(visitor: Visitor) -> None:
    """The day, one visit of each kind, a place on the waiting list, and a schedule with its times."""
    visitor.go("/console/who")
    visitor.page.click("#who-johanna")
    for page in ("diary", "schedule/kaisa-vastaanotto"):
        visitor.go(f"/console/{page}")
        visitor.check()
    found = visitor.stub.platform.repository.all("Appointment")
    for status in ("booked", "waitlist", "cancelled", "pending", "fulfilled"):
        for one in [body for body in found if body["status"] == status][:1]:
            visitor.go(f"/console/diary/{one['id']}")
            visitor.check()


def test_front_page_and_docs(visitor: Visitor) -> None:
    for path in ("/", "/tester/docs"):
        visitor.go(path)
        visitor.check()


def test_signing_in_without_script_by_keyboard_alone(plain: Visitor) -> None:
    plain.begin()
    for wanted in ("bank-3", "resident-veikko", "confirm"):
        _tab_to(plain.page, wanted)
        with plain.page.expect_navigation():
            plain.page.keyboard.press("Enter")

    assert "/callback?code=" in plain.page.url


def test_cancelling_leads_back(plain: Visitor) -> None:
    plain.begin()
    plain.page.click("#cancel")

    plain.page.wait_for_url("**/callback?error=access_denied*")


def test_answering_without_script(plain: Visitor) -> None:
    thread = next(one for one in plain.stub.platform.clinic.threads() if one.is_new)
    plain.go("/console/who")
    plain.page.click("#who-heli")
    plain.go(f"/console/thread/{thread.id}")
    plain.page.click("#open")
    plain.page.click("#phrase-0")
    plain.page.click("#send")

    expect(plain.page.locator("#done")).to_be_visible()
    assert plain.stub.platform.clinic.thread(thread.id).messages[-1].is_ours


def test_the_skip_link_is_first_and_works(plain: Visitor) -> None:
    plain.go("/console/who")
    plain.page.keyboard.press("Tab")
    expect(plain.page.locator(".skip")).to_be_focused()
    plain.page.keyboard.press("Enter")
    plain.page.keyboard.press("Tab")

    expect(plain.page.locator("main button").first).to_be_focused()


def test_the_console_refreshes_its_list_by_itself(browser: Browser, stub: Running) -> None:
    """A new message shows up without reloading, and is announced."""
    page = browser.new_page()
    page.goto(f"{stub.url}/console/who")
    page.click("#who-timo")
    with page.expect_response("**/console/pulse"):
        page.reload()
    _ask_over_fhir(page, stub)

    expect(page.locator("#inbox-kodin-turvallisuus")).to_contain_text("Keskusteluja: 2", timeout=10_000)
    expect(page.locator("#fresh")).to_have_text("Luettelo päivittyi.")
    page.close()


def _ask_over_fhir(page: Page, stub: Running) -> None:
    """A resident writes to home safety, as the app does."""
    token = page.request.post(f"{stub.url}/tester/token", data={"resident": "tuomas"}).json()
    headers = {"Authorization": f"Bearer {token['access_token']}", "Content-Type": "application/fhir+json"}
    resident = {"reference": f"Patient/{token['patient']}"}
    common = {
        "resourceType": "Communication",
        "subject": resident,
        "sender": resident,
        "recipient": [{"reference": "HealthcareService/kodin-turvallisuus"}],
        "topic": {"text": "Liesi"},
        "sent": stub.platform.clock.now().isoformat(timespec="seconds"),
    }
    address = f"{stub.url}/fhir/Communication"
    header = page.request.post(address, data={**common, "status": "in-progress"}, headers=headers).json()
    part = {"partOf": [{"reference": f"Communication/{header['id']}"}], "status": "completed"}
    words = {"payload": [{"contentString": "Saako liettä korjata itse?"}]}
    assert page.request.post(address, data={**common, **part, **words}, headers=headers).status == 201


def _tab_to(page: Page, id: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.locator(f"#{id}:focus").count():
            return
    raise AssertionError(f"{id} cannot be reached by keyboard")
