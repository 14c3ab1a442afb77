"""The walk through the rooms of appointments and booking.

Not through what is longer than the tall window of the walk (one appointment, the list of services): what its lower edge
cuts would count as too small.
"""

from backend_stub.seed.residents import stable_id
from tests.e2e import walk
from tests.e2e.walk import Stop, Walker, at

DENTIST = stable_id(1, "appointment", "aino", "tiina-hammas", "3")
VISIT = stable_id(1, "appointment", "emma", "johanna-video", "0")


def _held(walker: Walker) -> None:
    walk.visit(walker.person, "/appointments/find/terveysasema", "booking")
    walker.person.sees("booking.count")
    walker.person.press("booking.slot")
    walker.person.sees("booking.confirming")


def _week(walker: Walker) -> None:
    walk.visit(walker.person, "/appointments/find/terveysasema", "booking")
    walker.person.sees("booking.count")
    walk.choose(walker.person, "booking.view", 1)
    walker.person.sees("booking.week")


def _list(walker: Walker) -> None:
    walk.choose(walker.person, "booking.view", 0)
    walker.person.sees("booking.slot")


def _booked(walker: Walker) -> None:
    walker.person.press("booking.confirm")
    walker.person.sees("booking.done")


BOOKING = (
    Stop("booking-home", lambda w: walk.sign_in(w, "aino"), main=True),
    Stop("appointments", at("/appointments", "appointments"), main=True),
    Stop("appointment-cancel", at(f"/appointments/{DENTIST}/cancel", "appointment.cancelling")),
    Stop("appointment-move", at(f"/appointments/{DENTIST}/move", "booking")),
    Stop("needs", at("/appointments/needs", "me.needs")),
    Stop("booking-basis", at("/appointments/find/unihoitaja", "booking.basis")),
    Stop("booking-week", _week, main=True),
    Stop("booking-list", _list, main=True),
    Stop("booking-held", _held, main=True),
    Stop("booking-booked", _booked),
)
OFFERED = (
    Stop("raija-home", lambda w: walk.sign_in(w, "raija")),
    Stop("raija-offer", at("/appointments", "appointments.offer")),
)
VIDEO = (
    Stop("emma-home", lambda w: walk.sign_in(w, "emma")),
    Stop("video", at(f"/appointments/{VISIT}/video", "video"), main=True),
)
