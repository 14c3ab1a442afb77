"""What a resident may do with an Appointment by plain create, update and patch: the same as by the operations."""

from datetime import datetime
from typing import Any

from backend_stub.booking import profile
from backend_stub.booking.diary import OWN_EXTENSIONS, Diary
from backend_stub.booking.profile import patient_of, slots_of
from backend_stub.clock import Clock
from backend_stub.fhir.context import Request
from backend_stub.fhir.errors import Conflict, Forbidden, Unprocessable
from backend_stub.fhir.resident_rules import changes
from backend_stub.seed.words import EXTENSION, Resource

ALLOWED = {
    ("pending", "booked"),
    ("pending", "cancelled"),
    ("booked", "cancelled"),
    ("booked", "checked-in"),
    ("waitlist", "cancelled"),
    ("proposed", "cancelled"),
}
FREE_TO_CHANGE = frozenset({"status", "comment", "cancelationReason", "extension", "participant"})


class BookingRules:
    """Handed to the FHIR server as what it asks before each write."""

    def __init__(self, diary: Diary, clock: Clock) -> None:
        self._diary, self._clock = diary, clock

    def before_write(self, request: Request, before: Resource | None, after: Resource) -> Resource:
        """The body to store. Raises a FhirError when a resident may not write this."""
        if after["resourceType"] != "Appointment" or request.access.sees_all:
            return after
        patient = request.access.patient or ""
        if patient_of(after) != patient:
            raise Forbidden("an appointment is made in the own name")
        return (
            self._new(after, patient)
            if before is None
            else self._changed(before, after, request.access.label)
        )

    def _new(self, made: Resource, patient: str) -> Resource:
        if made["status"] in ("booked", "pending"):
            return self._diary.completed(made, patient)
        if made["status"] not in ("waitlist", "proposed") or made.get("slot"):
            raise Unprocessable("a resident books, holds, asks or waits", code="business-rule")
        return made

    def _changed(self, before: Resource, after: Resource, by: str) -> Resource:
        self._check_fields(before, after)
        step = (before["status"], after["status"])
        if step[0] == step[1]:
            return after
        if step not in ALLOWED:
            raise Conflict(f"from {step[0]} to {step[1]} is no way for a resident")
        if after["status"] == "cancelled":
            self._diary.let_go(before, by)
        elif after["status"] == "checked-in":
            self._check_window(before)
        else:
            self._check_held(before)
            self._diary.confirm(slots_of(before), by)
            return profile.without(after, "expires")
        return after

    def _check_fields(self, before: Resource, after: Resource) -> None:
        if not changes(before, after) <= FREE_TO_CHANGE:
            raise Forbidden("only the clinic changes that")
        own = {EXTENSION + name for name in OWN_EXTENSIONS}
        kept = [
            [one for one in body.get("extension", ()) if one["url"] not in own] for body in (before, after)
        ]
        if [one for one in kept[0] if "client-mutation" not in one["url"]] != [
            one for one in kept[1] if "client-mutation" not in one["url"]
        ]:
            raise Forbidden("only the clinic changes these extensions")

    def _check_window(self, before: Resource) -> None:
        window = profile.get(before, "check-in")
        opens, closes = (_time(profile.part(window, end)) for end in ("opens", "closes"))
        if opens is None or closes is None or not opens <= self._clock.now() <= closes:
            raise Unprocessable("it is not the time to check in", code="business-rule")

    def _check_held(self, before: Resource) -> None:
        until = _time(profile.get(before, "expires").get("valueDateTime"))
        if until is not None and until <= self._clock.now():
            raise Conflict("the time is not held any more", code="not-found")


def _time(value: Any) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else None
