"""Finding a time and booking it: found -> held -> booked, or lost to somebody else, or in doubt (rows C2, C6).

In doubt is what was asked for and not answered, when not even reading was possible. It is kept on the device and
settled by reading as soon as that is possible; until then nothing else is booked.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from app.api.appointments import to_appointments, with_status
from app.api.booking import Counter
from app.api.steps import link_to
from app.domain.appointments import Appointment, State
from app.domain.booking import Filters, FreeTime, fitting, monday_of, nearest, time_from
from app.errors import AppError, BadData, Conflict, Offline, Refused, ServiceDown
from app.offline.store import Store
from app.pathways.journey import Asked
from app.stores.appointments import Appointments
from app.stores.base import Action, Known, Resource, Status, observable

AHEAD = timedelta(days=42)
NOTE = "booking"
TICK = 1.0  # second
Later = Callable[[float, Callable[[], None]], Callable[[], None]]
Body = dict[str, Any]


@observable
class Booking:
    """One search and one wish at a time.

    ``moving``: the appointment that gets another time; ``time``: what is being booked, ``held`` as the server holds it;
    ``left``: seconds of that (None: not held); ``lost``: the time that went to somebody else; ``booked``: the outcome;
    ``kept_old``: the old one could not be let go after moving; ``doubt``: whether the booking succeeded is not known;
    ``clash``: what the resident has at that time already; ``asked``: the step of a pathway that it is for.
    """

    def __init__(
        self,
        *,
        store: Store,
        counter: Counter,
        appointments: Appointments,
        online: Callable[[], bool],
        now: Callable[[], datetime],
        new_key: Callable[[], str],
        later: Later,
    ) -> None:
        self._store, self._counter, self._appointments = store, counter, appointments
        self._online, self._now, self._new_key, self._later = online, now, new_key, later
        self._known: dict[str, Known[tuple[FreeTime, ...]]] = {}
        self._wish: Body = {}
        self.service_id = ""
        self.filters = Filters()
        self.as_week = False
        self.week: date | None = None
        self.moving: Appointment | None = None
        self.time: FreeTime | None = None
        self.held: Appointment | None = None
        self.lost: FreeTime | None = None
        self.booked: Appointment | None = None
        self.left: int | None = None
        self.clash: Appointment | None = None
        self.asked: Asked | None = None
        self.kept_old = False
        self.doubt = bool(self._store.recall(NOTE))
        self.times: Resource[tuple[FreeTime, ...]] = Resource(
            lambda: self._known.get(self.service_id), self._find
        )
        self.hold = Action(self._hold)
        self.confirm = Action(self._confirm)
        self.settle = Action(self._settle)

    def refresh(self) -> None:
        """Something on the device changed: a round of syncing may have told what became of a doubt."""
        wish = (self._store.recall(NOTE) or {}).get("wish") if self.doubt else None
        kept = self._store.get("Appointment", wish["id"]) if isinstance(wish, dict) else None
        if kept is not None and kept.get("status") == State.BOOKED.value:
            self._done(kept)

    def save_all(self) -> None:
        """Nothing is being written here."""

    def fetched(self) -> tuple[Resource[Any], ...]:
        """Nothing comes by itself: times are asked for."""
        return ()

    def begin(self, service_id: str, moving: Appointment | None = None, asked: Asked | None = None) -> None:
        """Look for a time with a service (for a step of a pathway), or another time for an appointment."""
        if service_id != self.service_id:
            self.filters, self.week = Filters(), None
        if self.lost is not None and self.lost.service_id != service_id:
            self.lost = None
        self.service_id, self.moving, self.asked, self.booked = service_id, moving, asked, None
        self.kept_old, self.clash = False, None
        self.hold.reset()
        self.confirm.reset()
        self.times.problem = None
        self.times.refresh()

    def fitting(self) -> tuple[FreeTime, ...]:
        """The times as wished that are still to come."""
        now = self._now()
        return tuple(time for time in fitting(self.times.value or (), self.filters) if time.starts > now)

    def nearest(self) -> tuple[FreeTime, ...]:
        """What is nearest to the time that was lost."""
        return nearest(self.fitting(), self.lost, self.filters) if self.lost else ()

    def shown_week(self) -> date:
        """The Monday of the week on the screen: the chosen one, else that of the first fitting time."""
        first = next(iter(self.fitting()), None)
        return self.week or monday_of((first.starts if first else self._now()).date())

    def filter(self, **wishes: Any) -> None:
        """Wish for something else; everything else stays as wished."""
        self.filters = Filters.model_validate({**self.filters.model_dump(), **wishes})
        self.week = None

    def _hold_on(self, held: Appointment) -> None:
        self.held = held
        self._tick()

    def _tick(self) -> None:
        """Count the seconds down; at the end the time is lost."""
        held = self.held
        if held is None or held.expires is None:
            self.left = None
            return
        self.left = max(0, int((held.expires - self._now()).total_seconds()))
        if self.left:
            self._later(TICK, self._tick)
        elif self.confirm.status is not Status.RUNNING:
            self.held, self.lost, self.time = None, self.time, None

    async def let_go(self) -> None:
        """The resident wants another time: the held one is somebody else's again. A failure lets it expire."""
        held, self.held, self.time, self._wish = self.held, None, None, {}
        if held is None or held.state is not State.HELD:
            return
        cancelled = State.CANCELLED
        try:
            await self._counter.changed(
                held.id,
                lambda body: with_status(body, cancelled),
                lambda body: body["status"] == cancelled.value,
            )
        except AppError:
            return

    async def _find(self) -> None:
        """Once more when the resident has turned to another service meanwhile."""
        service = ""
        while service != self.service_id:
            service, now = self.service_id, self._now()
            found = await self._counter.find(service, now, now + AHEAD, self._appointments.around())
            self._known[service] = Known(found, self._now())

    async def _hold(self, time: FreeTime) -> Status:
        self._must_be_sure()
        self.lost = self.booked = self.held = None
        self.kept_old = False
        self.confirm.reset()
        old = self.moving.id if self.moving else ""
        self.clash = self._clash_with(time, old)
        if self.clash is not None:
            raise Conflict
        wish = self._counter.wish(
            self._new_key(), time, status=State.HELD, replaces=old, about=self._about(old)
        )
        if await self._counter.holds():
            try:
                self._hold_on(self._read(await self._counter.hold(wish)))
            except Conflict:
                await self._lose(time)
                raise
        self.time, self._wish = time, wish
        return Status.DONE

    def _about(self, old: str) -> list[Body]:
        """What it is made for: the step that asks for it, else what the moved one was for. A plan that the server has
        not got yet would only make it say no."""
        if self.asked is None:
            return (
                list((self._store.get("Appointment", old) or {}).get("supportingInformation", ()))
                if old
                else []
            )
        plan = self._store.get("CarePlan", self.asked.plan) or {}
        return [link_to(self.asked)] if plan.get("meta", {}).get("versionId") else []

    def _clash_with(self, time: FreeTime, old: str) -> Appointment | None:
        """What the resident has at that time already, except what is being moved."""
        ahead = (one for one in self._appointments.upcoming() if one.id != old)
        return next((one for one in ahead if one.overlaps(time.starts, time.ends)), None)

    async def _confirm(self, reason: str, needs: tuple[str, ...]) -> Status:
        self._must_be_sure()
        time = self.time
        if time is None:
            raise Conflict
        old = self.moving.id if self.moving else ""
        own = {"reason": reason, "needs": needs, "replaces": old, "about": self._about(old)}
        wish = self._counter.wish(self._wish["id"], time, **own)
        self._store.remember(NOTE, {"wish": wish, "time": time.model_dump(mode="json")})
        try:
            await self._booked(wish)
        except Conflict:
            self._forget()
            await self._lose(time)
            raise
        except Refused:
            self._forget()
            raise
        except (Offline, ServiceDown, BadData):
            self.doubt = True
            raise
        return Status.DONE

    async def _booked(self, wish: Body) -> None:
        body = await self._counter.book(wish)
        moved = self.moving
        self._done(body)
        if moved is not None and not await self._counter.holds():
            await self._appointments.cancel.run(moved.id, "")
            self.kept_old = self._appointments.cancel.status is not Status.DONE
        elif moved is not None:
            gone = await self._counter.look(moved.id)
            if gone is not None:
                self._appointments.adopt(gone)

    async def _settle(self) -> Status:
        """Find out what became of a booking that was not answered."""
        note = self._store.recall(NOTE) or {}
        wish = note.get("wish")
        if not isinstance(wish, dict):
            self._forget()
            return Status.DONE
        kept = await self._counter.look(wish["id"])
        status = kept.get("status") if kept else ""
        if kept is not None and status in (State.BOOKED.value, State.CHECKED_IN.value, State.DONE.value):
            self._done(kept)
            return Status.DONE
        self._forget()
        if kept is not None and status == State.HELD.value:
            self.time, self._wish = time_from(note.get("time")), wish
            self._hold_on(self._read(kept))
            return Status.DONE
        self.lost = time_from(note.get("time"))
        if self.lost is not None:
            self.service_id = self.lost.service_id
        return Status.DONE

    def _done(self, body: Body) -> None:
        self._forget()
        self.booked = self._read(body)
        self.held, self.lost, self.time, self._wish, self.moving = None, None, None, {}, None
        self._known.clear()
        self._appointments.adopt(body)

    def _forget(self) -> None:
        if self.doubt or self._store.recall(NOTE):
            self._store.remember(NOTE, {})
        self.doubt = False

    async def _lose(self, time: FreeTime) -> None:
        """The clinic said no: look again, with the same wishes. Where the time is still free, it was not the time."""
        self.held, self.time, self._wish = None, None, {}
        await self.times.load()
        if time.id not in {one.id for one in self.times.value or ()}:
            self.lost = time

    def _must_be_sure(self) -> None:
        if not self._online():
            raise Offline
        if self.doubt:
            raise Conflict

    def _read(self, body: Body) -> Appointment:
        found = to_appointments([body], self._appointments.around()).appointments
        if not found:
            raise BadData
        return found[0]
