"""A resident finds a time, holds it, books it, is checked against the clinic, and cancels it (rows C1, C2, C7)."""

import re

from tests.e2e.conftest import Places
from tests.e2e.driver import Person
from tests.e2e.journey import sign_in


def test_from_home_to_a_booked_time_and_back(person: Person, places: Places) -> None:
    """Home, service, wishes, time, confirm; the clinic has it once; cancelled with a receipt."""
    sign_in(person, "tuomas")
    person.press("home.book")
    person.sees("booking.services")
    person.press_named(re.compile("^Suun terveydenhuolto"))
    person.sees("booking.count")
    person.press("booking.slot")
    person.sees("booking.countdown", re.compile("min"))
    person.write("booking.reason", "Vihlova hammas")
    person.press("booking.confirm")
    person.sees("booking.receipt", "Tiina Rantanen")
    booked = _booked(places)
    assert len(booked) == 1

    person.press("booking.to-appointment")
    person.sees("appointment", "Vihlova hammas")
    person.press("appointment.cancel")
    person.sees("appointment.cancelling")
    person.press("appointment.cancel-now")
    person.sees("appointment.receipt")
    assert _booked(places) == []


def _booked(places: Places) -> list[dict[str, object]]:
    """What the clinic has booked for that reason."""
    found = places.fhir("Appointment?status=booked&_count=500")
    return [one for one in found if one.get("reasonCode") == [{"text": "Vihlova hammas"}]]
