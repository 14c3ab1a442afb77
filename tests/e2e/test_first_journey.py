"""A resident signs in, writes to the clinic and gets an answer, online and offline (rows A1 to A9, J1, J2, H1)."""

import re

from playwright.sync_api import Browser

from tests import fhir_schema
from tests.e2e.conftest import Places
from tests.e2e.driver import Person
from tests.e2e.journey import Professional, arrives_once, identify, sign_in, write

ANSWER = "Hei Aino. Voit käyttää särkylääkettä ja liikkua kevyesti. Jos kipu jatkuu, varaa aika."


def test_from_first_screen_to_the_answer(person: Person, places: Places, browser: Browser) -> None:
    """Sign in, write, receipt; opened and answered at the console; the answer comes by itself."""
    person.open()
    person.sees("welcome")
    person.sees("emergency")
    sign_in(person)
    person.sees("home", "Hei, Aino")

    write(person, "Terveysaseman hoitaja", "Selkäkipu", "Selkä on ollut kipeä viikon.")
    person.sees("messages.promise", "Vastaus viimeistään")
    person.press("messages.send")

    person.sees("messages.state", re.compile("Lähetetty|Toimitettu"))
    person.sees("messages.promise", "viimeistään")
    person.press("messages.receipt")
    person.reads(re.compile("Viestin tunnus: [0-9A-F]{8}"))

    professional = Professional(browser.new_page(), places)
    professional.take_seat()
    professional.open_thread("Selkäkipu")
    person.sees("messages.state", "Avattu")
    professional.answer(ANSWER)
    person.sees("messages.state", "Vastattu")
    person.sees("messages.new-answer")
    person.reads(re.compile("Voit käyttää särkylääkettä"))
    professional.page.close()


def test_offline_message_waits_and_is_sent_exactly_once(person: Person, places: Places) -> None:
    """The composer opens, the draft survives a reload, it waits, and one message arrives when the network is back."""
    sign_in(person)
    person.sees("home")
    places.tester("PUT", "offline", {"offline": True})

    write(person, "Terveysaseman hoitaja", "Kuume", "Kuumetta kolmatta päivää.")
    person.sees("messages.saved")
    person.reload()
    person.sees("messages.compose")
    assert person.control("messages.subject").count() == 1
    person.reads(re.compile("Luonnos tallennettu"))
    person.press("messages.send")
    arrives_once(person, places, "Kuume")
    person.press("nav.messages")
    person.page.get_by_role("button", name=re.compile("Kuume")).first.click()
    person.sees("messages.state", re.compile("Lähetetty|Toimitettu"))
    person.misses("offline-banner")


def test_a_lost_answer_is_not_a_second_message(person: Person, places: Places) -> None:
    """The platform takes the message but its answer never arrives: still one message, and a receipt."""
    sign_in(person)
    write(person, "Terveysaseman hoitaja", "Yskä", "Yskä ei hellitä.")
    places.tester(
        "POST", "faults", {"kind": "drop-after", "method": "PUT", "path": "/fhir/Communication/", "times": 2}
    )
    person.press("messages.send")
    person.sees("messages.state", re.compile("Lähetetty|Toimitettu"))

    threads = [t for t in places.tester("GET", "professional/threads")["threads"] if t["subject"] == "Yskä"]
    assert len(threads) == 1


def test_sign_in_that_ends_in_the_middle_of_writing(person: Person, places: Places) -> None:
    """The text stays on the screen and on disk; signing in again leads back to it."""
    sign_in(person)
    write(person, "Terveysaseman hoitaja", "Huimaus", "Huimaa aamuisin.")
    person.sees("messages.saved")
    places.tester("POST", "sign-out")
    person.press("messages.send")

    person.sees("signed-out-banner")
    person.sees("messages.state", "Odottaa lähetystä")
    person.press("banner.sign-in")
    identify(person, "aino")
    person.sees("messages.state", re.compile("Lähetetty|Toimitettu"))


def test_everything_that_was_sent_is_valid_r4(person: Person, places: Places) -> None:
    """Every version of every resource that residents wrote in a journey, by HL7's schema."""
    sign_in(person)
    write(person, "Terveysaseman hoitaja", "Flunssa", "Nuha ja kurkkukipu.")
    person.press("messages.send")
    person.sees("messages.state", re.compile("Lähetetty|Toimitettu"))

    written = places.written_by_residents()
    assert {resource["resourceType"] for resource in written} >= {"Communication", "Subscription"}
    assert [problem for resource in written for problem in fhir_schema.problems(resource)] == []
