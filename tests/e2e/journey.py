"""Steps that several journeys share: signing in, writing, the professional at the console."""

import re
from contextlib import suppress

from playwright.sync_api import Error, Page, expect

from tests.e2e.conftest import Places
from tests.e2e.driver import PATIENCE, Person


def sign_in(person: Person, resident: str = "aino", at: str = "/") -> None:
    """From the first screen through the provider's pages and back."""
    if not person.page.url.startswith(person.app):
        person.open(at)
    person.press("welcome.sign-in")
    identify(person, resident)


def identify(person: Person, resident: str) -> None:
    """On the provider's pages: bank, person, confirm; until the app is there again."""
    page = person.page
    page.wait_for_url(re.compile("/auth/"), timeout=PATIENCE)
    page.locator("#bank-1").click()
    page.locator(f"#resident-{resident}").click()
    page.locator("#confirm").click()
    page.wait_for_url(re.compile(re.escape(person.app)), timeout=PATIENCE)
    person.wait_for_app()


def queue(person: Person, resident: str, words: str) -> None:
    """Sign in and wait in the chat's queue. Who has been there a moment ago is asked first whether it is the same
    matter, so each test has a resident of its own."""
    sign_in(person, resident)
    person.press("home.chat")
    person.sees("chat")
    person.id("chat.channel").first.click()
    person.id("chat.whose:me").click()
    person.write("chat.text", words)
    person.press("chat.join")
    person.sees("chat.queue", re.compile("paikalla"))


def write(person: Person, service: str, subject: str, words: str) -> None:
    """From Home: at most three taps to the composer, then the words."""
    person.press("home.new-message")
    person.sees("messages.recipients")
    choose(person, service)
    person.sees("messages.compose")
    person.write("messages.subject", subject)
    person.write("messages.body", words)


def choose(person: Person, service: str) -> None:
    """Choose a service from the list that explains itself."""
    card = person.id("messages.recipient").filter(has=person.page.get_by_role("button", name=service))
    named = person.page.get_by_role("button", name=re.compile(f"^{re.escape(service)}"))
    (card.locator("[role=button]") if card.count() else named).first.click()


def arrives_once(person: Person, places: Places, subject: str) -> None:
    """What was sent without a connection waits, is said to wait, and is one message when the network is back."""
    person.sees("messages.state", "Odottaa lähetystä")
    person.sees("offline-banner")

    person.press("messages.to-outbox")
    person.sees("outbox", subject)
    places.tester("PUT", "offline", {"offline": False})
    hurry(person)
    person.sees("outbox.empty")

    threads = [t for t in places.tester("GET", "professional/threads")["threads"] if t["subject"] == subject]
    assert len(threads) == 1


class Professional:
    """Somebody of the clinic at the console, in a tab of their own."""

    def __init__(self, page: Page, places: Places) -> None:
        self.page, self.places = page, places

    def take_seat(self) -> None:
        """Say who one is."""
        self.page.goto(f"{self.places.platform}/console/who")
        self.page.locator("button[id^=who-]").first.click()

    def open_thread(self, subject: str) -> None:
        """Find the thread through its inbox and open its messages."""
        threads = self.places.tester("GET", "professional/threads")["threads"]
        thread = next(thread for thread in threads if thread["subject"] == subject)
        self.page.goto(f"{self.places.platform}/console/thread/{thread['id']}")
        self.page.locator("#open").click()

    def answer(self, words: str) -> None:
        """Write an answer into the open thread and send it."""
        self.page.locator("textarea#answer").fill(words)
        self.page.locator("#send").click()
        expect(self.page.locator("#done")).to_be_visible()


def hurry(person: Person) -> None:
    """Press "Yritä nyt" of what waits, unless it goes by itself meanwhile."""
    gone = person.id("outbox.empty")
    person.id("outbox.retry").or_(gone).first.wait_for(state="attached")
    if not gone.count():
        with suppress(Error):
            person.press("outbox.retry")
