"""Appointments of the seeded residents, for the tests of their screens."""

from app.domain.appointments import Appointment
from tests.views.examples import Visit


def of(visit: Visit, service: str) -> str:
    """The id of the resident's coming appointment with a service."""
    return next(one.id for one in visit.own.appointments.upcoming() if one.service_id == service)


def known(visit: Visit) -> tuple[Appointment, ...]:
    """All appointments on the device."""
    return visit.own.appointments.all.value or ()
