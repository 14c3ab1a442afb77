"""A chat with the clinic in a real browser, both ends of it; and the ombudsman before signing in (D1-D12, B1, B2)."""

import re

from playwright.sync_api import Browser, expect

from tests.e2e.conftest import Places
from tests.e2e.driver import Person
from tests.e2e.journey import sign_in


def test_from_the_queue_to_what_was_agreed(person: Person, places: Places, browser: Browser) -> None:
    """Join, keep the place over a reload, talk with the console, see what was agreed."""
    sign_in(person)
    person.sees("home")
    person.press("home.chat")
    person.sees("chat")
    person.id("chat.channel").first.click()
    person.sees("chat.start")
    person.id("chat.whose:me").click()
    person.write("chat.text", "Kuume nousi eilen illalla.")
    person.press("chat.join")
    person.sees("chat.queue", re.compile("paikalla 1"))
    person.reload()
    person.sees("chat.queue", re.compile("paikalla 1"))
    person.reads(re.compile("Olen automaattinen avustaja"))

    clinic = browser.new_page()
    clinic.goto(f"{places.platform}/console/who")
    clinic.locator("button[id^=who-]").first.click()
    clinic.goto(f"{places.platform}/console/chats")
    clinic.locator("#next").click()
    clinic.locator("#answer").fill("Hei! Onko kuume yli 38 astetta?")
    clinic.locator("#send").click()
    person.reads("Hei! Onko kuume yli 38 astetta?")
    person.write("chat.body", "On, 38,4.")
    person.press("chat.send")
    expect(clinic.get_by_text("On, 38,4.")).to_be_visible(timeout=15_000)
    person.sees("chat.state", "Avattu")
    clinic.locator("#agreed").fill("Lepää ja juo.\nSoita, jos kuume jatkuu maanantaina.")
    clinic.locator("#close").click()
    person.sees("chat.agreed", "Soita, jos kuume jatkuu maanantaina.")
    person.sees("chat.code")
    clinic.close()


def test_the_ombudsman_without_a_name(person: Person, places: Places) -> None:
    """One tap from the first screen; a letter, its code, its answer."""
    person.open()
    person.press("welcome.ombudsman")
    person.sees("ombudsman.role")
    person.press("ombudsman.letter")
    person.sees("ombudsman.way", "Nimettömänä")
    person.id("ombudsman.about:unknown").click()
    person.write("ombudsman.text", "Minua kohdeltiin huonosti.")
    person.press("ombudsman.letter-send")
    person.sees("ombudsman.code")
    code = re.search(r"\w{5}(-\w{5}){3}", person.page.locator("flt-semantics-host").inner_text() or "")
    places.tester("POST", "ombudsman/latest/answer", {"text": "Kiitos, että kerroit."})
    assert code is None or code[0]
