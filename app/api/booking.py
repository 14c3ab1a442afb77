"""Finding, holding and booking times (row C2): by ``$find``, ``$hold`` and ``$book`` of IHE ITI Scheduling where the
server has them, else by plain Slots and Appointments.

Every wish has an id made on the device: it may be sent again without becoming a second appointment. A lost answer is
settled by reading, never by guessing: ``settled`` and ``changed`` raise Offline or ServiceDown only when even that
was impossible.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from app.api.appointments import Around, mode_of, who_of
from app.api.fhir import FhirClient, dicts, resources_in
from app.api.wire import EXTENSION, Schedule, Slot, id_of, instant, moment, parse
from app.api.wire import Appointment as WireAppointment
from app.domain.appointments import Place, State
from app.domain.booking import FreeTime
from app.domain.exchange import Request
from app.errors import BadData, Conflict, Offline, Refused, ServiceDown

Body = dict[str, Any]
OPERATIONS = frozenset({"find", "hold", "book"})


class Counter:
    """Where times are booked: one server, one person. Asks once what the server can do."""

    def __init__(self, client: FhirClient, person_id: str) -> None:
        self._client, self._person_id = client, person_id
        self._has: frozenset[str] | None = None

    async def find(self, service: str, start: datetime, end: datetime, known: Around) -> tuple[FreeTime, ...]:
        """Free times of a service between two moments."""
        if await self.holds():
            params = (("specialty", service), ("start", instant(start)), ("end", instant(end)))
            bundle = (await self._client.ask(Request("GET", "Appointment/$find", params))).body
            return from_proposals(resources_in(bundle if isinstance(bundle, dict) else {}), service, known)
        params = (("status", "free"), ("start", f"ge{instant(start)}"), ("start", f"lt{instant(end)}"))
        plans = await self._client.search("Schedule", (("actor", f"HealthcareService/{service}"),))
        ids = ",".join(f"Schedule/{plan['id']}" for plan in plans)
        slots = await self._client.search("Slot", (*params, ("schedule", ids))) if plans else []
        return from_slots(slots, plans, service, known)

    async def holds(self) -> bool:
        """Whether a time can be held while the resident confirms."""
        return await self._operations() >= OPERATIONS

    async def hold(self, wish: Body) -> Body:
        """The held Appointment. Raises Conflict when the time is gone, Refused when the service says no."""
        return await self.settled(wish, "hold", (State.HELD, State.BOOKED))

    async def book(self, wish: Body) -> Body:
        """The booked Appointment; raises as ``hold``."""
        return await self.settled(wish, "book", (State.BOOKED, State.CHECKED_IN, State.DONE))

    async def settled(self, wish: Body, operation: str, done: Iterable[State]) -> Body:
        """Send the wish; when the answer is lost, look whether it came true, and only then send it again."""
        good = {state.value for state in done}
        for last in (False, True):
            try:
                return await self._send(wish, operation)
            except (Conflict, Offline, ServiceDown, BadData) as problem:
                kept = await self.look(wish["id"])
                if kept is not None and kept.get("status") in good:
                    return kept
                if last or isinstance(problem, Conflict):
                    raise
        raise AssertionError("unreachable")

    async def look(self, id: str) -> Body | None:
        """The Appointment as the server has it; None: it has none."""
        try:
            return await self._client.read("Appointment", id)
        except Refused as refused:
            if refused.status in (404, 410):
                return None
            raise

    async def changed(self, id: str, change: Callable[[Body], Body], done: Callable[[Body], bool]) -> Body:
        """Change the newest version of an Appointment; ``done`` tells whether it is so already.

        Raises Conflict when the server does not allow it, Refused with its words when a rule is against it.
        """
        kept = await self._client.read("Appointment", id)
        for last in (False, True):
            if done(kept):
                return kept
            try:
                return await self._put(change(kept), kept)
            except (Conflict, Offline, ServiceDown, BadData):
                before, kept = kept, await self._client.read("Appointment", id)
                if not done(kept) and (last or kept.get("meta") == before.get("meta")):
                    raise
        return kept

    async def made(self, body: Body) -> Body:
        """A new Appointment under its own id."""
        try:
            return await self._create(body)
        except (Conflict, Offline, ServiceDown, BadData):
            kept = await self.look(body["id"])
            if kept is None:
                raise
            return kept

    async def visit_address(self, id: str, address: str) -> str:
        """The personal address of a video visit: asked of the server where it gives such, else as it was told."""
        if "join" in await self._operations():
            body = b'{"resourceType":"Parameters"}'
            answer = (await self._client.ask(Request("POST", f"Appointment/{id}/$join", body=body))).body
            for one in dicts(answer.get("parameter") if isinstance(answer, dict) else None):
                address = one.get("valueUrl") or address
        if urlsplit(address).scheme not in ("https", "http"):
            raise BadData
        return address

    def wish(self, id: str, time: FreeTime, **own: Any) -> Body:
        """The Appointment that the resident wishes for; see ``wish``."""
        return wish(id, self._person_id, time, **own)

    async def _operations(self) -> frozenset[str]:
        if self._has is None:
            self._has = frozenset(operations(await self._client.capabilities()))
        return self._has

    async def _send(self, wish: Body, operation: str) -> Body:
        if not await self.holds():
            return await self._create(wish)
        told = {"resourceType": "Parameters", "parameter": [{"name": "appt-resource", "resource": wish}]}
        request = Request("POST", f"Appointment/${operation}", body=_json(told), key=wish["id"])
        body = (await self._client.ask(request)).body
        found = resources_in(body) if isinstance(body, dict) else []
        if not found:
            raise Conflict
        return found[0]

    async def _create(self, wish: Body) -> Body:
        headers = (("If-None-Match", "*"),)
        request = Request(
            "PUT", f"Appointment/{wish['id']}", body=_json(wish), headers=headers, key=wish["id"]
        )
        return _resource((await self._client.ask(request)).body)

    async def _put(self, body: Body, before: Body) -> Body:
        headers = (("If-Match", f'W/"{before.get("meta", {}).get("versionId", "")}"'),)
        request = Request("PUT", f"Appointment/{body['id']}", body=_json(body), headers=headers)
        return _resource((await self._client.ask(request)).body)


def operations(statement: Mapping[str, Any]) -> Iterable[str]:
    """Names of the operations on Appointment in a CapabilityStatement."""
    for rest in dicts(statement.get("rest")):
        for resource in dicts(rest.get("resource")):
            if resource.get("type") == "Appointment":
                yield from (str(one.get("name", "")).lstrip("$") for one in dicts(resource.get("operation")))


def wish(
    id: str,
    person_id: str,
    time: FreeTime,
    *,
    status: State = State.BOOKED,
    reason: str = "",
    needs: Iterable[str] = (),
    questions: Iterable[str] = (),
    replaces: str = "",
    about: Iterable[Mapping[str, Any]] = (),
) -> Body:
    """An Appointment as R4. ``replaces``: id of the appointment to let go in the same moment; ``about``: References to
    what it is made for, e.g. a step of a plan."""
    old = {"url": EXTENSION + "replaces", "valueReference": {"reference": f"Appointment/{replaces}"}}
    own = [("needs", one) for one in needs] + [("question", one) for one in questions]
    marks = [{"url": EXTENSION + name, "valueString": value} for name, value in own]
    extensions = [*marks, *([old] if replaces else [])]
    actors = [f"Patient/{person_id}", f"HealthcareService/{time.service_id}"]
    actors += [f"Practitioner/{time.who.id}"] if time.who.id else []
    actors += [f"Location/{time.place.id}"] if time.place.id else []
    named = [dict(one) for one in about]
    return {
        "resourceType": "Appointment",
        "id": id,
        **({"extension": extensions} if extensions else {}),
        "status": status.value,
        "appointmentType": {"coding": [{"system": MODES, "code": time.mode.value}]},
        **({"reasonCode": [{"text": reason}]} if reason else {}),
        **({"supportingInformation": named} if named else {}),
        "start": instant(time.starts),
        "end": instant(time.ends),
        "slot": [{"reference": f"Slot/{time.id}"}],
        "participant": [{"actor": {"reference": actor}, "status": "accepted"} for actor in actors],
    }


MODES = "https://digiklinikka.example/fhir/CodeSystem/encounter-mode"


def from_proposals(resources: Iterable[Any], service: str, known: Around) -> tuple[FreeTime, ...]:
    """Free times in proposed Appointments; what has no slot or no times is left out."""
    found = []
    for one in parse(WireAppointment, resources)[0]:
        actors = [participant.actor for participant in one.participant]
        slot = next((id for r in one.slot if (id := id_of(r, "Slot"))), "")
        found.append(_time(slot, service, one, actors, known))
    return tuple(time for time in found if time is not None)


def from_slots(
    slots: Iterable[Any], schedules: Iterable[Any], service: str, known: Around
) -> tuple[FreeTime, ...]:
    """Free times in Slots with their Schedules."""
    plans = {one.id: one for one in parse(Schedule, schedules)[0]}
    free = (one for one in parse(Slot, slots)[0] if one.status == "free" and id_of(one.schedule) in plans)
    found = (_time(one.id or "", service, one, plans[id_of(one.schedule)].actor, known) for one in free)
    return tuple(time for time in found if time is not None)


def _time(
    id: str, service: str, wire: WireAppointment | Slot, actors: Iterable[Any], known: Around
) -> FreeTime | None:
    starts, ends = moment(wire.start), moment(wire.end)
    if not id or starts is None or ends is None:
        return None
    who, place = who_of(actors, known), next((p for a in actors if (p := id_of(a, "Location"))), "")
    return FreeTime(
        id=id,
        service_id=service,
        starts=starts,
        ends=ends,
        mode=mode_of(wire.appointmentType),
        who=who,
        place=known.places.get(place, Place(id=place)),
        languages=known.languages.get(who.id, ()),
    )


def _resource(body: Any) -> Body:
    if not isinstance(body, dict) or body.get("resourceType") != "Appointment":
        raise BadData
    return body


def _json(body: Body) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()
