"""The journeys of served mode with the static client, word for word where it keeps nothing, or on one's own device."""

import re

from tests.e2e.conftest import Places
from tests.e2e.driver import Person
from tests.e2e.journey import arrives_once, identify, sign_in, write
from tests.e2e.test_first_journey import (
    test_a_lost_answer_is_not_a_second_message,
    test_everything_that_was_sent_is_valid_r4,
    test_from_first_screen_to_the_answer,
)

__all__ = [
    "test_a_lost_answer_is_not_a_second_message",
    "test_everything_that_was_sent_is_valid_r4",
    "test_from_first_screen_to_the_answer",
]


def at_home(person: Person) -> None:
    """The resident says that this is their own device, and signs in."""
    person.open()
    person.press("device.own")
    sign_in(person)
    person.sees("home")


def test_a_draft_outlives_the_page_on_ones_own_device(person: Person) -> None:
    """Saved while it is written; when the page is opened again, the same person is there, and so is the draft."""
    at_home(person)
    write(person, "Terveysaseman hoitaja", "Kuume", "Kuumetta kolmatta päivää.")
    person.sees("messages.saved")
    person.page.goto(person.app)
    person.wait_for_app()
    person.sees("home", "Hei, Aino")
    person.press("nav.messages")
    person.sees("messages.draft", "Kuume")


def test_offline_message_waits_and_is_sent_exactly_once(person: Person, places: Places) -> None:
    """ "Odottaa lähetystä", said so, and one message when the network is back."""
    at_home(person)
    places.tester("PUT", "offline", {"offline": True})
    write(person, "Terveysaseman hoitaja", "Kuume", "Kuumetta kolmatta päivää.")
    person.press("messages.send")
    arrives_once(person, places, "Kuume")


def test_sign_in_that_ends_in_the_middle_of_writing(person: Person, places: Places) -> None:
    """What was written is on the way to the sign-in page and back; signing in again sends it."""
    at_home(person)
    write(person, "Terveysaseman hoitaja", "Huimaus", "Huimaa aamuisin.")
    places.tester("POST", "sign-out")
    person.press("messages.send")

    person.sees("signed-out-banner")
    person.sees("messages.state", "Odottaa lähetystä")
    person.press("banner.sign-in")
    identify(person, "aino")
    person.sees("messages.state", re.compile("Lähetetty|Toimitettu"))
