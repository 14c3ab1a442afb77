"""The whole journey by keyboard alone: where Tab goes, that the focus can be seen, where it is after each step."""

import re

from playwright.sync_api import Browser, expect

from tests.e2e import probes, walk
from tests.e2e.driver import ADOPTION, PATIENCE, Person
from tests.e2e.places import Places
from tests.e2e.probes import Focus
from tests.e2e.test_accessibility import walker

PHONE = (390, 844)
LONGEST = 60  # Tabs on one screen


class Keyboard:
    """A resident without a mouse. Everything they reach must be visible and show that it has the focus."""

    def __init__(self, person: Person) -> None:
        self.person, self.unseen = person, list[str]()

    def press(self, key: str) -> Focus:
        """Press a key; where the focus is then."""
        self.person.page.keyboard.press(key)
        self.person.page.wait_for_timeout(ADOPTION)
        return probes.focus(self.person)

    def tab_to(self, wanted: str, key: str = "Tab") -> Focus:
        """Tab until the control of that name has the focus."""
        passed = []
        for _ in range(LONGEST):
            now = self.press(key)
            self._look(now)
            if re.fullmatch(wanted, now.id):
                return now
            passed.append(now.id)
        raise AssertionError(f"{wanted} was not reached: {passed}")

    def enter(self, wanted: str, key: str = "Enter") -> None:
        """Tab to a control and press it."""
        self.tab_to(wanted)
        self.person.page.keyboard.press(key)

    def stays_on(self, wanted: str) -> None:
        """Wait until that control has the focus, and can be seen to have it."""
        inside = f'[flt-semantics-identifier="{wanted}"]:focus, [flt-semantics-identifier="{wanted}"] :focus'
        self.person.page.locator(inside).wait_for(state="attached")
        assert probes.focus(self.person).ring

    def _look(self, now: Focus) -> None:
        height = self.person.page.viewport_size["height"]  # type: ignore[index]
        outside = now.bottom < 0 or now.top > height
        if now.tag != "BODY" and (not now.ring or outside):
            self.unseen.append(f"{now.id} ring {now.ring} from {now.top} to {now.bottom}")


def _write(keyboard: Keyboard, field: str, words: str, key: str = "Tab") -> None:
    keyboard.tab_to(field, key)
    keyboard.person.page.keyboard.type(words, delay=15)
    expect(keyboard.person.page.locator(":focus")).to_have_value(words)


def test_the_whole_journey_by_keyboard_alone(browser: Browser, places: Places) -> None:
    """Sign in, write, send, look at the receipt, leave: Tab, arrows, Enter, Space and Escape are enough."""
    with walker(browser, places, PHONE) as somebody:
        person, keyboard = somebody.person, Keyboard(somebody.person)
        keyboard.enter("welcome.sign-in")
        _sign_in(keyboard)
        keyboard.enter("home.new-message")
        person.sees("messages.recipients")
        expect(person.page.locator("h1:focus")).to_have_text("Kenelle kirjoitat?")
        _choose_service(keyboard)
        _compose_and_send(keyboard)
        keyboard.enter("messages.receipt")
        person.reads(re.compile("Viestin tunnus"))
        keyboard.enter("nav.settings")
        person.sees("settings")
        _leave(keyboard)
        assert keyboard.unseen == []


def _sign_in(keyboard: Keyboard) -> None:
    page = keyboard.person.page
    page.wait_for_url(re.compile("/auth/"), timeout=PATIENCE)
    keyboard.enter("bank-1")
    page.locator("#resident-aino").wait_for()
    keyboard.enter("resident-aino")
    page.locator("#confirm").wait_for()
    keyboard.enter("confirm")
    page.wait_for_url(re.compile(re.escape(keyboard.person.app)), timeout=PATIENCE)
    keyboard.person.sees("home", "Hei, Aino")


def _choose_service(keyboard: Keyboard) -> None:
    _write(keyboard, "messages.recipient.search", "terveysasema")
    keyboard.person.reads(re.compile("Löytyi"))
    keyboard.enter("messages.recipient", "Space")
    keyboard.person.sees("messages.compose")


def _compose_and_send(keyboard: Keyboard) -> None:
    person = keyboard.person
    keyboard.enter("messages.send")
    person.sees("messages.mistakes")
    _write(keyboard, "messages.subject", "Selkäkipu", "Shift+Tab")
    _write(keyboard, "messages.body", walk.WORDS)
    keyboard.enter("messages.delete")
    person.sees("messages.delete-dialog")
    keyboard.press("Escape")
    person.misses("messages.delete-dialog")
    keyboard.stays_on("messages.delete")
    keyboard.tab_to("messages.send", "Shift+Tab")
    person.page.keyboard.press("Enter")
    person.sees("messages.receipt")


def _leave(keyboard: Keyboard) -> None:
    person = keyboard.person
    keyboard.tab_to(r"settings\.language:fi")
    keyboard.press("ArrowDown")
    expect(person.page.locator("html")).to_have_attribute("lang", "sv-FI")
    keyboard.stays_on("settings.language:sv")
    keyboard.press("ArrowUp")
    expect(person.page.locator("html")).to_have_attribute("lang", "fi-FI")
    keyboard.stays_on("settings.language:fi")
    keyboard.enter("settings.sign-out")
    person.sees("signout")
    inside = {keyboard.press("Tab").id for _ in range(8)}
    assert inside <= {"signout.keep", "signout.sure", "signout.erase", "signout.stay"}
    keyboard.enter("signout.keep")
    person.sees("welcome")
