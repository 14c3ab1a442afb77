"""The catalogue of pathways, and the journeys of whoever uses the app now (rows G1 to G8, S30)."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from app.config import Region
from app.domain.finding import search
from app.offline.drafts import Drafts
from app.offline.store import Store
from app.pathways.decode import from_definition
from app.pathways.journey import Asked, Journey, marks_of, plan_of
from app.pathways.library import Library, Pathway
from app.pathways.planner import Turn, moment_of
from app.pathways.progress import today
from app.pathways.reminding import Reminder, Reminders, coming, due
from app.stores.base import Action, Known, Resource, Status
from app.stores.journeys import DraftShelf, Journeys
from app.stores.reminding import ReminderBook


class _Findable:
    """A pathway as the finder of everyday words sees it."""

    def __init__(self, pathway: Pathway) -> None:
        texts = pathway.texts
        self.pathway, self.name, self.search_words = pathway, texts.title, texts.search_words
        self.group, self.comment = texts.for_whom, texts.summary


OpenGuest = Callable[[bool], Awaitable[Store | None]]
Later = Callable[[float, Callable[[], None]], Callable[[], None]]


class Due(NamedTuple):
    """Something to be reminded of now."""

    pathway: Pathway
    journey: Journey
    reminder: Reminder


class Pathways:
    """One for a session. ``own``: the journeys of the person signed in, None while nobody is."""

    def __init__(
        self,
        region: Region,
        library: Library,
        guest: Journeys,
        open_guest: OpenGuest,
        own: Callable[[], Journeys | None],
        language: Callable[[], str],
        now: Callable[[], datetime],
        read_definition: Callable[[str, str], Awaitable[dict[str, Any]]],
        later: Later,
    ) -> None:
        self._region, self.library, self.guest = region, library, guest
        self._open_guest, self._own, self._language, self._now = open_guest, own, language, now
        self._read_definition, self._later = read_definition, later
        self._store: Store | None = None
        self._definitions: dict[str, dict[str, Any]] = {}
        self.start = Action(self._start)
        self.bring = Action(self._bring)
        self.get_content = Action(self._get_content)
        self.look = Action(self._look)

    @cached_property
    def all(self) -> Resource[tuple[Pathway, ...]]:
        """Every pathway; they are read when somebody looks for the first time, because no first screen needs them."""
        return Resource(self._read)

    @property
    def journeys(self) -> Journeys:
        """Those of the person signed in, else the guest's."""
        return self._own() or self.guest

    @property
    def is_guest(self) -> bool:
        """Whether what is done now stays on this device."""
        return self._own() is None

    def refresh(self) -> None:
        """The language changed."""
        if "all" in vars(self):  # else nobody has looked yet
            self.all.refresh()

    def get(self, id: str) -> Pathway | None:
        """The pathway called ``id`` in the language of the session."""
        here = self.library.get(id, self._language())
        if here is not None or id not in self._definitions:
            return here
        return from_definition(self._definitions[id], self._language())

    async def fetch(self, id: str) -> None:
        """The content of a pathway that this app does not have: from the platform that gave the plan.

        Raises ``AppError``.
        """
        self._definitions[id] = await self._read_definition("PlanDefinition", id)
        self.all.refresh()

    def find(self, words: str) -> tuple[Pathway, ...]:
        """Pathways for some everyday words, best first; all of them for none."""
        known = self.all.value or ()
        if not words.strip():
            return known
        flags = self._region.red_flags(self._language())
        found = search([_Findable(one) for one in known], words, flags)
        return tuple(one.pathway for one in found)

    def for_service(self, service_id: str) -> tuple[Pathway, ...]:
        """Those whose team (first) or other contact is a service, by the county's id of it."""
        of = self._region.pathways.service

        def place(pathway: Pathway) -> int:
            turned_to = [of(one.service) for one in pathway.structure.contacts if one.service]
            return turned_to.index(service_id) if service_id in turned_to else -1

        known = self.all.value or ()
        return tuple(sorted((one for one in known if place(one) >= 0), key=place))

    def today(self) -> date:
        """Which day it is in the county."""
        return self._now().astimezone(ZoneInfo(self._region.timezone)).date()

    def tasks_today(self) -> tuple[tuple[Pathway, Journey, Turn], ...]:
        """What can be done today, of all active journeys."""
        found = []
        for pathway, journey in self._under_way():
            plan = plan_of(pathway.structure, journey)
            turns = today(pathway.structure, plan, marks_of(journey), self.today())
            found += [(pathway, journey, turn) for turn in turns]
        return tuple(found)

    def asked(self, plan: str, key: str) -> Asked | None:
        """A turn of a plan of the person signed in, for what is sent or booked for it."""
        if self.is_guest or not plan:
            return None
        found = (one for one in self._under_way() if one[1].id == plan)
        turns = (plan_of(pathway.structure, journey).by_key().get(key) for pathway, journey in found)
        return next((_asked(plan, turn) for turn in turns if turn), None)

    def asking(self, form_id: str) -> Asked | None:
        """The turn that asks for a form today, when just one does: who finds it in the catalogue answers that."""
        if self.is_guest:
            return None
        found = [
            (journey, turn)
            for pathway, journey, turn in self.tasks_today()
            for step in pathway.structure.steps
            if step.id == turn.step and step.form == form_id
        ]
        if len(found) != 1:
            return None
        return _asked(found[0][0].id, found[0][1])

    def due(self) -> tuple[Due, ...]:
        """What to be reminded of now, what ends soonest first; of paused and left journeys nothing."""
        now, zone = self._now(), self._region.timezone
        found = [
            Due(pathway, journey, one)
            for pathway, journey in self._reminding()
            for one in due(
                pathway.structure,
                plan_of(pathway.structure, journey),
                marks_of(journey),
                self.journeys.wishes_for(journey),
                now,
                zone,
            )
        ]
        return tuple(
            sorted(found, key=lambda one: (one.reminder.turn.until or self.today(), one.reminder.at))
        )

    def coming(self, pathway: Pathway, journey: Journey, wanted: Reminders) -> tuple[Reminder, ...]:
        """What will be reminded of on one journey if that is ``wanted``, the next first."""
        if journey.state != "active":
            return ()
        plan, marks = plan_of(pathway.structure, journey), marks_of(journey)
        return coming(pathway.structure, plan, marks, wanted, self._now(), self._region.timezone)

    def when_next(self, do: Callable[[], None]) -> Callable[[], None]:
        """Call ``do`` when the next reminder comes due, or a new day begins; what is returned takes it back."""
        now = self._now()
        tomorrow = moment_of(self.today() + timedelta(days=1), "00:00", self._region.timezone)
        times = [
            one.at
            for pathway, journey in self._reminding()
            for one in self.coming(pathway, journey, self.journeys.wishes_for(journey))[:1]
        ]
        return self._later(max(1.0, (min([tomorrow, *times]) - now).total_seconds()), do)

    def _reminding(self) -> Iterator[tuple[Pathway, Journey]]:
        """Only where something was asked for: planning takes its time."""
        return ((path, one) for path, one in self._under_way() if self.journeys.wishes_for(one).any)

    def _under_way(self) -> Iterator[tuple[Pathway, Journey]]:
        for journey in self.journeys.known:
            pathway = self.get(journey.pathway)
            if pathway is not None and journey.state == "active":
                yield pathway, journey

    def waiting_here(self) -> tuple[Journey, ...]:
        """What a guest began on this device, while somebody is signed in."""
        return () if self.is_guest else self.guest.known

    async def open(self, make: bool = False) -> None:
        """Look for what a guest keeps here; ``make`` a place for it."""
        if self._store is None:
            self._store = await self._open_guest(make)
            if self._store is not None:
                drafts = Drafts(self._store)
                self.guest.use(DraftShelf(drafts), ReminderBook(drafts))

    def leave_behind(self) -> None:
        """Remove everything that a guest keeps on this device."""
        for journey in self.guest.known:
            self.guest.erase(journey)

    async def _start(self, pathway: Pathway) -> Status:
        journeys = self.journeys
        if not journeys.ready:
            await self.open(make=True)
        journeys.begin(pathway.structure, pathway.texts.title)
        if journeys.problem is not None:
            raise journeys.problem
        return Status.DONE

    async def _look(self) -> Status:
        """Look once more for what a guest keeps here: a browser answers only when it is ready."""
        await self.open()
        return Status.DONE

    async def _get_content(self, id: str) -> Status:
        await self.fetch(id)
        return Status.DONE

    async def _bring(self) -> Status:
        """A guest's journeys become those of the person signed in; only then they leave the device's own place."""
        own = self._own()
        if own is None:
            return Status.IDLE
        own.take(self.guest)
        if own.problem is not None:
            raise own.problem
        self.leave_behind()
        return Status.DONE

    def _read(self) -> Known[tuple[Pathway, ...]]:
        fetched = (self.get(id) for id in self._definitions)
        more = tuple(one for one in fetched if one is not None)
        return Known((*self.library.all(self._language()), *more), None)


def _asked(plan: str, turn: Turn) -> Asked:
    return Asked(plan=plan, key=turn.key, since=turn.since, until=turn.until)
