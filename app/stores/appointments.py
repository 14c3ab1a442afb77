"""The resident's appointments, referrals and tickets, and what can be done with them (rows C1, C3, C5, C7-C10, C13).

Nothing here waits in the outbox: what the clinic must know at once is sent at once or fails in words.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from app.api import appointments as wire
from app.api.booking import Counter
from app.api.me import to_details
from app.domain.appointments import (
    Appointment,
    CareRequest,
    Gap,
    RequestKind,
    State,
    offers,
    past,
    upcoming,
    waiting,
)
from app.domain.me import Needs
from app.domain.preparing import NOTE, SNOOZE, Notes, Own, notes_from, to_remind
from app.errors import Conflict, Offline
from app.offline.store import Store
from app.stores.base import Action, Known, Resource, Status

Body = dict[str, Any]


class Appointments:
    """Read from the records; changed at the clinic's counter (``counter``)."""

    def __init__(
        self,
        *,
        person_id: str,
        store: Store,
        public: Store,
        counter: Counter,
        online: Callable[[], bool],
        now: Callable[[], datetime],
        new_key: Callable[[], str],
        language: Callable[[], str],
        fetch: Callable[[], Awaitable[None]],
        nudge: Callable[[], None],
    ) -> None:
        self._person_id, self._store, self._public, self._counter = person_id, store, public, counter
        self._online, self._now, self._new_key, self._language = online, now, new_key, language
        self._nudge = nudge
        self.all: Resource[tuple[Appointment, ...]] = Resource(self._read, fetch, types=("Appointment",))
        self.requests: Resource[tuple[CareRequest, ...]] = Resource(
            self._read_requests, fetch, types=("ServiceRequest",)
        )
        self.gaps: Resource[tuple[Gap, ...]] = Resource(self._read_gaps)
        self.notes: Resource[Notes] = Resource(self._read_notes)
        self.cancel = Action(self._cancel)
        self.check_in = Action(self._check_in)
        self.accept = Action(self._accept)
        self.decline = Action(self._decline)
        self.wait = Action(self._wait)
        self.stop_waiting = Action(self._stop_waiting)
        self.send_questions = Action(self._send_questions)
        self.join = Action(self._join)
        self._visit = ("", "")

    def refresh(self) -> None:
        """Something on the device changed."""
        self.all.refresh()
        self.requests.refresh()
        self.gaps.refresh()
        self.notes.refresh()

    def save_all(self) -> None:
        """Everything is written as it is said."""

    def fetched(self) -> tuple[Resource[Any], ...]:
        """What comes from the network."""
        return (self.all, self.requests)

    def get(self, id: str) -> Appointment | None:
        """The appointment called ``id``."""
        return next((one for one in self.all.value or () if one.id == id), None)

    def upcoming(self) -> tuple[Appointment, ...]:
        """What is ahead, the next first."""
        return upcoming(self.all.value or (), self._now())

    def past(self) -> tuple[Appointment, ...]:
        """What has been, the latest first."""
        return past(self.all.value or (), self._now())

    def offers(self) -> tuple[Appointment, ...]:
        """Earlier times that wait for an answer."""
        return offers(self.all.value or (), self._now())

    def waits_for(self, id: str) -> Appointment | None:
        """The place on the waiting list for an earlier time than that of ``id``."""
        return next((one for one in waiting(self.all.value or ()) if one.waits_for == id), None)

    def reminders(self) -> tuple[Appointment, ...]:
        """What to remind of now."""
        return to_remind(self.upcoming(), self.notes.value or Notes(), self._now())

    def visit_now(self) -> Appointment | None:
        """The video visit that can be joined or returned to now."""
        return next((one for one in self.upcoming() if one.can_join(self._now())), None)

    def visit_address(self, id: str) -> str:
        """The personal way into a video visit, once it has been asked for."""
        return self._visit[1] if self._visit[0] == id else ""

    def tickets(self) -> tuple[CareRequest, ...]:
        """With what one may book."""
        return tuple(r for r in self.requests.value or () if r.kind is RequestKind.TICKET)

    def own(self, id: str) -> Own:
        """What the resident keeps about an appointment."""
        return (self.notes.value or Notes()).of(id)

    @property
    def needs(self) -> Needs:
        """Interpreter, accessibility: what is known of the resident (``Me`` changes it)."""
        patient = self._store.get("Patient", self._person_id)
        return to_details(patient, self._language()).needs if patient else Needs()

    def keep(self, id: str, **changes: Any) -> None:
        """Keep something about an appointment on this device."""
        notes = self.notes.value or Notes()
        self._write(notes.with_own(id, notes.of(id).model_copy(update=changes)))

    def snooze(self, id: str) -> None:
        """Remind again a little later."""
        self.keep(id, quiet_until=self._now() + SNOOZE)

    def adopt(self, body: Body) -> None:
        """The server has just told of an appointment: every screen sees it, without waiting for a round of syncing."""
        with self._store.writing("Appointment", durable=False):
            self._store.records.put([body], read=True)
        self.all.refresh()
        self._nudge()

    async def _cancel(self, id: str, reason: str) -> Status:
        return await self._to(id, State.CANCELLED, reason)

    async def _check_in(self, id: str) -> Status:
        return await self._to(id, State.CHECKED_IN)

    async def _decline(self, id: str) -> Status:
        return await self._to(id, State.CANCELLED)

    async def _stop_waiting(self, id: str) -> Status:
        return await self._to(id, State.CANCELLED)

    async def _accept(self, id: str) -> Status:
        """An earlier time: booked before the old one is let go."""
        self._must_be_online()
        offer = self.get(id)
        if offer is None:
            raise Conflict
        if await self._counter.holds():
            body = dict(self._store.get("Appointment", id) or {}) | {"status": State.BOOKED.value}
            self.adopt(await self._counter.book({k: v for k, v in body.items() if k != "meta"}))
            return Status.DONE
        await self._to(id, State.BOOKED)
        return await self._to(offer.replaces, State.CANCELLED) if offer.replaces else Status.DONE

    async def _wait(self, id: str) -> Status:
        """Wait for an earlier time than that of the appointment ``id``."""
        self._must_be_online()
        appointment = self.get(id)
        if appointment is None:
            raise Conflict
        if self.waits_for(id) is None:
            body = wire.place_in_queue(self._new_key(), self._person_id, appointment)
            self.adopt(await self._counter.made(body))
        return Status.DONE

    async def _send_questions(self, id: str) -> Status:
        self._must_be_online()
        questions = self.own(id).questions
        self.adopt(
            await self._counter.changed(
                id,
                lambda body: wire.with_own(body, "question", questions),
                lambda body: wire.with_own(body, "question", questions) == body,
            )
        )
        return Status.DONE

    async def _join(self, id: str) -> Status:
        """Ask for the personal address of the video visit."""
        self._visit = (id, "")
        appointment = self.get(id)
        if appointment is None or not appointment.video_url:
            raise Conflict
        self._visit = (id, await self._counter.visit_address(id, appointment.video_url))
        return Status.DONE

    async def _to(self, id: str, state: State, reason: str = "") -> Status:
        self._must_be_online()
        self.adopt(
            await self._counter.changed(
                id,
                lambda body: wire.with_status(body, state, reason),
                lambda body: body.get("status") == state.value,
            )
        )
        return Status.DONE

    def _must_be_online(self) -> None:
        if not self._online():
            raise Offline

    def _read(self) -> Known[tuple[Appointment, ...]] | None:
        as_of = self._store.confirmed_at("Appointment")
        parsed = wire.to_appointments(self._store.all("Appointment"), self.around())
        return None if as_of is None and not parsed.appointments else Known(parsed.appointments, as_of)

    def around(self) -> wire.Around:
        """People and places in the language of the session."""
        every = self._public.all
        return wire.around(
            every("Location"),
            every("Practitioner"),
            every("PractitionerRole"),
            every("Organization"),
            self._language(),
        )

    def _read_requests(self) -> Known[tuple[CareRequest, ...]] | None:
        as_of = self._store.confirmed_at("ServiceRequest")
        if as_of is None:
            return None
        return Known(wire.to_requests(self._store.all("ServiceRequest"), self._language()), as_of)

    def _read_gaps(self) -> Known[tuple[Gap, ...]]:
        """Sources that do not answer: the list is then not whole."""
        return Known(wire.to_gaps(self._store.all("Endpoint"), self._language()), None)

    def _read_notes(self) -> Known[Notes]:
        return Known(notes_from(self._store.recall(NOTE) or {}), None)

    def _write(self, notes: Notes) -> None:
        self._store.remember(NOTE, notes.model_dump(mode="json"))
        self.notes.refresh()
