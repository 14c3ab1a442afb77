"""The clinic's diary: one time is never given to two, and nothing that was booked is lost.

Everything that changes it happens here, within one transaction each. Callers are residents (by the operations and by
plain writes of Appointments, see ``rules``) and the console.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from backend_stub.booking import profile
from backend_stub.booking.profile import LIVING, patient_of, put, slots_of, starts, without
from backend_stub.booking.rights import basis, service_of
from backend_stub.booking.slots import free_slots
from backend_stub.clock import Clock
from backend_stub.fhir import index
from backend_stub.fhir.errors import Conflict, Forbidden, Gone, NotFound, Unprocessable
from backend_stub.fhir.repository import Repository
from backend_stub.seed.words import Resource, extension, reference

HELD = timedelta(minutes=5)
OFFERED = timedelta(hours=15)
SYSTEM = "diary"


class Taken(Conflict):
    """Somebody else has that time."""

    code = "not-found"


class Diary:
    """``visits``: address below which the video visits are, e.g. ``http://host/visit``."""

    def __init__(self, repository: Repository, clock: Clock, visits: str) -> None:
        self.repository, self._clock, self._visits = repository, clock, visits

    def find(
        self,
        schedules: Iterable[str],
        after: datetime | None = None,
        before: datetime | None = None,
        modes: Sequence[str] = (),
    ) -> list[Resource]:
        """Free times of some schedules as proposed appointments, the earliest first, at most 400."""
        self.expire()
        known = {id: self.repository.read("Schedule", id) for id in schedules}
        soonest = max(after, self._now()) if after else self._now()
        found = free_slots(self.repository.storage, tuple(known), soonest, before, modes)
        return [
            profile.offered(slot, known[slot["schedule"]["reference"].rpartition("/")[2]]) for slot in found
        ]

    def hold(self, asked: Resource, patient: str, by: str) -> Resource:
        """Keep a time for a person for five minutes. Asked again for the same id it answers the same.

        Raises Taken when it is not free any more.
        """
        with self.repository.transaction():
            self.expire()
            known = self._known(asked, patient)
            if known:
                return self._still(known, "pending", "booked")
            self._let_go_of_holds(patient, service_of(self._as_asked(asked, patient)))
            self._check_about(asked, patient)
            made = self._claimed(asked, patient, "pending", "busy-tentative")
            until = (self._now() + HELD).isoformat(timespec="seconds")
            made = put(made, extension("expires", valueDateTime=until))
            self._entitlement(made, patient)
            self._alone(made, patient)
            return self.repository.create(made, by=by)

    def book(self, asked: Resource, patient: str, by: str) -> Resource:
        """Book what is held, offered or still free; what it replaces is let go in the same moment.

        Asked again for the same id it answers the same. Raises Taken, or Conflict when the hold has ended.
        """
        with self.repository.transaction():
            self.expire()
            known = self._known(asked, patient)
            if known and known["status"] in ("booked", "checked-in", "fulfilled"):
                return known
            self._check_about(asked, patient)
            made = self._confirmed(known, asked) if known else self._claimed(asked, patient, "booked", "busy")
            self._alone(made, patient)
            request = self._entitlement(made, patient)
            if request:
                made["basedOn"] = [reference("ServiceRequest", request)]
            self._replace(made, by)
            made = without(made, "expires")
            stored = self._store(made, by)
            self._use_up(request, by)
            return stored

    def cancel(self, appointment: Resource, by: str, **more: object) -> Resource:
        """It does not take place; its time is free again."""
        gone = without(appointment, "expires") | {"status": "cancelled"} | more
        stored = self.repository.update("Appointment", appointment["id"], gone, by=by)
        self._free(slots_of(appointment), by)
        return stored

    def let_go(self, appointment: Resource, by: str) -> None:
        """A resident cancels: by the rules of the appointment. Raises Unprocessable past its deadline."""
        self.check_changeable(appointment, "cancellable")
        self._free([*slots_of(appointment)], by, but=appointment["id"])

    def check_changeable(self, appointment: Resource, way: str) -> None:
        """``way``: cancellable or reschedulable. Raises Unprocessable when it is not, or no more."""
        if appointment["status"] in ("pending", "waitlist", "proposed"):
            return
        if appointment["status"] not in LIVING:
            raise Conflict("the appointment has ended already")
        rules = profile.get(appointment, "mutability")
        limit = profile.part(rules, "notAfter")
        if not profile.part(rules, way):
            raise Unprocessable("this appointment is changed by telephone", code="business-rule")
        if limit and self._now() > datetime.fromisoformat(limit):
            raise Unprocessable("the deadline has passed", code="business-rule")

    def offer(self, waiting: Resource, slot: str, by: str) -> Resource:
        """Offer an earlier time to somebody on the waiting list: theirs alone for fifteen hours."""
        old = profile.get(waiting, "wait-for").get("valueReference", {})
        asked = {
            "resourceType": "Appointment",
            "id": self.repository.new_id(),
            "slot": [reference("Slot", slot)],
        }
        with self.repository.transaction():
            self.expire()
            made = self._claimed(asked, patient_of(waiting), "pending", "busy-tentative")
            until = (self._now() + OFFERED).isoformat(timespec="seconds")
            marks = [extension("expires", valueDateTime=until), extension("offer", valueBoolean=True)]
            old_one = [extension("replaces", valueReference=old)] if old else []
            return self.repository.create(put(made, *marks, *old_one), by=by)

    def release(self, slots: Iterable[str], by: str) -> int:
        """Let residents book these times; how many of them were not open before."""
        closed = [self.repository.read("Slot", id) for id in slots]
        return sum(self._mark(slot, "free", by) for slot in closed if slot["status"] == "busy-unavailable")

    def change(self, id: str, by: str, *marks: Resource, **more: object) -> Resource:
        """The clinic's side says something of an appointment: late, started, over, nobody came."""
        body = put(self.repository.read("Appointment", id), *marks) | more
        return self.repository.update("Appointment", id, body, by=by)

    def expire(self) -> None:
        """Holds and offers whose time is over are let go."""
        now = self._now()
        for one in self.repository.search("Appointment", [("status", "pending")]):
            until = profile.get(one, "expires").get("valueDateTime")
            if until and datetime.fromisoformat(until) <= now:
                with self.repository.transaction():
                    self.cancel(one, SYSTEM)

    def completed(self, made: Resource, patient: str) -> Resource:
        """A plain write of a booked or held appointment: its slots are taken, and the clinic adds what it tells."""
        self.expire()
        status = "busy" if made["status"] == "booked" else "busy-tentative"
        whole = self._claimed(made, patient, made["status"], status)
        self._alone(whole, patient)
        request = self._entitlement(whole, patient)
        self._use_up(request, SYSTEM)
        return whole | ({"basedOn": [reference("ServiceRequest", request)]} if request else {})

    def confirm(self, slots: Iterable[str], by: str) -> None:
        """Held slots become booked ones."""
        for id in slots:
            self._mark(self.repository.read("Slot", id), "busy", by)

    def _as_asked(self, asked: Resource, patient: str) -> Resource:
        """The appointment that the asked slots make. Raises NotFound or Unprocessable."""
        ids = slots_of(asked)
        if not ids:
            raise Unprocessable("which slot?", code="required")
        slots = [self.repository.read("Slot", id) for id in ids]
        schedule = self.repository.read("Schedule", slots[0]["schedule"]["reference"].rpartition("/")[2])
        made = profile.offered(slots[0] | {"end": slots[-1]["end"]}, schedule)
        made["slot"] = [reference("Slot", id) for id in ids]
        me = {"actor": reference("Patient", patient), "status": "accepted", "required": "required"}
        made["participant"] = [me, *made["participant"]]
        return profile.told(schedule, made, f"{self._visits}/{asked.get('id', '')}")

    def _claimed(self, asked: Resource, patient: str, status: str, slot: str) -> Resource:
        with suppress(Gone):
            made = self._as_asked(asked, patient)
            if starts(made) <= self._now():
                raise Taken("that time has passed")
            for id in slots_of(asked):
                free = self.repository.read("Slot", id)
                if free["status"] != "free":
                    raise Taken("that time is taken")
                self._mark(free, slot, SYSTEM)
            return _with_own(made, asked) | {
                "id": asked.get("id") or self.repository.new_id(),
                "status": status,
            }
        raise Taken("that time is gone")

    def _confirmed(self, held: Resource, asked: Resource) -> Resource:
        self._still(held, "pending")
        self.confirm(slots_of(held), SYSTEM)
        return _with_own(held, asked) | {"status": "booked"}

    def _known(self, asked: Resource, patient: str) -> Resource | None:
        try:
            kept = self.repository.read("Appointment", asked.get("id", "-"))
        except NotFound:
            return None
        if patient_of(kept) != patient:
            raise Forbidden("this id belongs to something else")
        return kept

    def _check_about(self, asked: Resource, patient: str) -> None:
        """What it is made for is the person's own. Raises Unprocessable."""
        for one in asked.get("supportingInformation", ()):
            target = index.local(str(one.get("reference", "")), self.repository.base_url)
            members = self.repository.members_of(*target) if target else frozenset()
            if members and patient not in members:
                raise Unprocessable("it is made for something that is not there", code="not-found")

    def _entitlement(self, made: Resource, patient: str) -> str:
        """Id of the ServiceRequest it is based on; who moves an appointment has the right to it already."""
        service, old = service_of(made), _replaced(made)
        if old and service_of(self.repository.read("Appointment", old)) == service:
            return ""
        return basis(self.repository, patient, service, self._clock.local().date())

    @staticmethod
    def _still(kept: Resource, *states: str) -> Resource:
        if kept["status"] not in states:
            raise Taken("the time is not held any more")
        return kept

    def _alone(self, made: Resource, patient: str) -> None:
        """A person is in one place at a time, except while moving from the one to the other."""
        replaced = _replaced(made)
        params = [("patient", f"Patient/{patient}"), ("status", "booked,checked-in,arrived")]
        for other in self.repository.search("Appointment", params):
            apart = made["end"] and (_end(other) <= starts(made) or starts(other) >= _end(made))
            if not apart and other["id"] not in (made["id"], replaced):
                raise Conflict("the person has another appointment at that time", code="duplicate")

    def _replace(self, made: Resource, by: str) -> None:
        old_id = _replaced(made)
        if not old_id:
            return
        old = self.repository.read("Appointment", old_id)
        if patient_of(old) != patient_of(made):
            raise Forbidden("the old appointment is somebody else's")
        self.check_changeable(old, "reschedulable")
        if old["status"] in LIVING:
            self.cancel(old, by, cancelationReason={"text": "moved"})
        for waiting in self._waiting_for(old_id, patient_of(made)):
            self.cancel(waiting, by)

    def _waiting_for(self, id: str, patient: str) -> list[Resource]:
        places = self.repository.search(
            "Appointment", [("patient", f"Patient/{patient}"), ("status", "waitlist")]
        )
        wanted = f"Appointment/{id}"
        return [
            one
            for one in places
            if profile.get(one, "wait-for").get("valueReference", {}).get("reference") == wanted
        ]

    def _let_go_of_holds(self, patient: str, service: str) -> None:
        held = self.repository.search(
            "Appointment", [("patient", f"Patient/{patient}"), ("status", "pending")]
        )
        for one in held:
            if service_of(one) == service and not profile.get(one, "offer"):
                self.cancel(one, SYSTEM)

    def _use_up(self, request: str, by: str) -> None:
        if request:
            body = self.repository.read("ServiceRequest", request)
            self.repository.update("ServiceRequest", request, body | {"status": "completed"}, by=by)

    def _store(self, made: Resource, by: str) -> Resource:
        if self.repository.storage.newest("Appointment", made["id"]):
            return self.repository.update("Appointment", made["id"], made, by=by)
        return self.repository.create(made, by=by)

    def _free(self, slots: Iterable[str], by: str, but: str = "") -> None:
        for id in slots:
            with suppress(NotFound, Gone):
                others = self.repository.search(
                    "Appointment", [("slot", f"Slot/{id}"), ("status", ",".join(LIVING))]
                )
                if not [one for one in others if one["id"] != but]:
                    self._mark(self.repository.read("Slot", id), "free", by)

    def _mark(self, slot: Resource, status: str, by: str) -> bool:
        self.repository.update("Slot", slot["id"], slot | {"status": status}, by=by)
        return True

    def _now(self) -> datetime:
        return self._clock.now()


OWN = ("reasonCode", "comment", "supportingInformation")
OWN_EXTENSIONS = ("needs", "question", "replaces")


def _with_own(made: Resource, asked: Resource) -> Resource:
    """What the resident adds to what the clinic knows."""
    own = [one for name in OWN_EXTENSIONS for one in _all(asked, name)]
    return put(made, *own) | {name: asked[name] for name in OWN if name in asked}


def _all(body: Resource, name: str) -> list[Resource]:
    url = extension(name)["url"]
    return [one for one in body.get("extension", ()) if one.get("url") == url]


def _replaced(made: Resource) -> str:
    told = profile.get(made, "replaces").get("valueReference", {}).get("reference", "")
    return str(told).rpartition("/")[2]


def _end(body: Resource) -> datetime:
    return datetime.fromisoformat(body["end"])
