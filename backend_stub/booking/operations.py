"""``Appointment/$find``, ``$hold``, ``$book`` (IHE ITI Scheduling, ITI-115 to 117) and ``$join`` of a video visit.

$find takes Parameters start, end, and any of specialty (service id), practitioner, location, appointment-type (codes or
references; several of one kind mean any of them); it answers a Bundle of proposed Appointments. $hold and $book take
``appt-resource`` and answer a Bundle with the Appointment, or 409 with an OperationOutcome not-found when the time is
gone. Both may be repeated: the id in ``appt-resource`` tells one wish from another.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from backend_stub.booking import profile
from backend_stub.booking.diary import Diary
from backend_stub.fhir.context import Operation, Request
from backend_stub.fhir.errors import BadRequest, Forbidden, Unprocessable
from backend_stub.fhir.exchange import Reply, reply_json
from backend_stub.fhir.validate import check
from backend_stub.seed.words import Resource

Join = Callable[[Resource, str], str]
_IHE = "https://profiles.ihe.net/ITI/Scheduling/OperationDefinition/"


class Operations:
    """``join`` makes the personal address of a video visit from an Appointment and a role."""

    def __init__(self, diary: Diary, join: Join) -> None:
        self._diary, self._join = diary, join

    def all(self) -> tuple[Operation, ...]:
        """For ``FhirConfig.operations``."""
        types = ("Appointment",)
        return (
            Operation("find", "type", types, self.find, True, f"{_IHE}appointment-find"),
            Operation("hold", "type", types, self.hold, False, f"{_IHE}appointment-hold"),
            Operation("book", "type", types, self.book, False, f"{_IHE}appointment-book"),
            Operation("join", "instance", types, self.join),
        )

    def find(self, request: Request) -> Reply:
        """What is free."""
        request.guard.require("Slot", "s")
        asked = _asked(request)
        schedules = [one["id"] for one in self._diary.repository.all("Schedule") if _fits(one, asked)]
        start, end = _moment(asked, "start"), _moment(asked, "end")
        found = self._diary.find(schedules, start, end, asked.get("appointment-type", ()))
        return reply_json(200, _bundle(found))

    def hold(self, request: Request) -> Reply:
        """Keep a time while the resident confirms."""
        patient, wanted = self._wish(request)
        return reply_json(200, _bundle([self._diary.hold(wanted, patient, request.access.label)]))

    def book(self, request: Request) -> Reply:
        """Book a time."""
        patient, wanted = self._wish(request)
        return reply_json(200, _bundle([self._diary.book(wanted, patient, request.access.label)]))

    def join(self, request: Request) -> Reply:
        """The personal address of a video visit, for the person whose appointment it is."""
        kept = request.guard.read("Appointment", request.id)
        body = request.repository.read("Appointment", kept.id)
        if request.access.kind != "resident" or profile.patient_of(body) != request.access.patient:
            raise Forbidden("only who has the appointment joins it")
        if profile.mode_of(body) != "video" or body["status"] not in profile.LIVING:
            raise Unprocessable("there is no video visit to join", code="business-rule")
        url = self._join(body, f"Patient/{request.access.patient}")
        return reply_json(
            200, {"resourceType": "Parameters", "parameter": [{"name": "url", "valueUrl": url}]}
        )

    def _wish(self, request: Request) -> tuple[str, Resource]:
        """Whose wish it is, and the wish. Raises Forbidden for anybody else's."""
        request.guard.require("Appointment", "c")
        given = [one.get("resource") for one in _parameters(request) if one.get("name") == "appt-resource"]
        if not given or not isinstance(given[0], dict):
            raise BadRequest("appt-resource is missing", code="required")
        wanted = given[0]
        check(wanted, "Appointment")
        patient = profile.patient_of(wanted)
        if request.access.kind == "resident" and patient != request.access.patient:
            raise Forbidden("an appointment is made in the own name")
        return patient, wanted


def _parameters(request: Request) -> list[dict[str, Any]]:
    body = request.call.json()
    if not isinstance(body, dict) or body.get("resourceType") != "Parameters":
        raise BadRequest("the body must be Parameters", code="structure")
    check(body, "Parameters")
    return list(body.get("parameter", ()))


def _asked(request: Request) -> dict[str, list[str]]:
    """Parameters of the body or the address, by name."""
    found: dict[str, list[str]] = {}
    given = list(request.call.params)
    if request.call.method == "POST":
        given += [(one["name"], _value(one)) for one in _parameters(request)]
    for name, value in given:
        found.setdefault(name, []).append(value)
    return found


def _value(parameter: dict[str, Any]) -> str:
    value = next((part for name, part in parameter.items() if name.startswith("value")), "")
    if isinstance(value, dict):
        codes = [one.get("code", "") for one in value.get("coding", ())]
        return str(value.get("reference", "") or value.get("code", "") or next(iter(codes), ""))
    return str(value)


def _fits(schedule: Resource, asked: dict[str, list[str]]) -> bool:
    wanted = (
        ("specialty", "HealthcareService"),
        ("practitioner", "Practitioner"),
        ("location", "Location"),
    )
    return schedule.get("active", True) and all(
        name not in asked
        or {one.rpartition("/")[2] for one in asked[name]} & set(profile.actors(schedule, type))
        for name, type in wanted
    )


def _moment(asked: dict[str, list[str]], name: str) -> datetime | None:
    """A moment that was asked for. Raises BadRequest when it is none."""
    for value in asked.get(name, ()):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise BadRequest(f"{name} is no time", code="value") from None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


def _bundle(found: list[Resource]) -> Resource:
    entries = [{"resource": one, "search": {"mode": "match"}} for one in found]
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(found),
        **({"entry": entries} if found else {}),
    }
