"""The rooms' journeys of served mode, word for word, with the static client on one's own device."""

import pytest

from tests.e2e.driver import Person
from tests.e2e.test_booking_journey import test_from_home_to_a_booked_time_and_back
from tests.e2e.test_chat_journey import (
    test_from_the_queue_to_what_was_agreed,
    test_the_ombudsman_without_a_name,
)
from tests.e2e.test_device import test_a_photograph_loses_its_place_and_size_before_it_is_sent
from tests.e2e.test_forms_journey import test_a_form_from_the_console_to_the_score
from tests.e2e.test_pathways_journey import test_a_guest_begins_and_takes_it_along
from tests.e2e.test_record_journey import test_results_measurements_and_a_document

__all__ = [
    "test_a_form_from_the_console_to_the_score",
    "test_a_guest_begins_and_takes_it_along",
    "test_a_photograph_loses_its_place_and_size_before_it_is_sent",
    "test_from_home_to_a_booked_time_and_back",
    "test_from_the_queue_to_what_was_agreed",
    "test_results_measurements_and_a_document",
    "test_the_ombudsman_without_a_name",
]


@pytest.fixture
def person(person: Person) -> Person:
    """Somebody at a device of their own: what they do there outlives a reload."""
    person.open()
    person.press("device.own")
    return person
