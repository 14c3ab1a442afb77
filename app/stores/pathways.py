"""The catalogue of pathways, and the journeys of whoever uses the app now (rows G1 to G8, S30)."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.config import Region
from app.domain.finding import search
from app.offline.drafts import Drafts
from app.offline.store import Store
from app.pathways.decode import from_definition
from app.pathways.journey import Journey, marks_of, plan_of
from app.pathways.library import Library, Pathway
from app.pathways.planner import Turn
from app.pathways.progress import today
from app.stores.base import Action, Known, Resource, Status
from app.stores.journeys import DraftShelf, Journeys


class _Findable:
    """A pathway as the finder of everyday words sees it."""

    def __init__(self, pathway: Pathway) -> None:
        texts = pathway.texts
        self.pathway, self.name, self.search_words = pathway, texts.title, texts.search_words
        self.group, self.comment = texts.for_whom, texts.summary


OpenGuest = Callable[[bool], Awaitable[Store | None]]


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
    ) -> None:
        self._region, self.library, self.guest = region, library, guest
        self._open_guest, self._own, self._language, self._now = open_guest, own, language, now
        self._read_definition = read_definition
        self._store: Store | None = None
        self._definitions: dict[str, dict[str, Any]] = {}
        self.all: Resource[tuple[Pathway, ...]] = Resource(self._read)
        self.start = Action(self._start)
        self.bring = Action(self._bring)
        self.get_content = Action(self._get_content)
        self.look = Action(self._look)

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
        found = search([_Findable(one) for one in known], words)
        return tuple(one.pathway for one in found)

    def today(self) -> date:
        """Which day it is in the county."""
        return self._now().astimezone(ZoneInfo(self._region.timezone)).date()

    def tasks_today(self) -> tuple[tuple[Pathway, Journey, Turn], ...]:
        """What can be done today, of all active journeys."""
        found = []
        for journey in self.journeys.known:
            pathway = self.get(journey.pathway)
            if pathway is not None and journey.state == "active":
                plan = plan_of(pathway.structure, journey)
                turns = today(pathway.structure, plan, marks_of(journey), self.today())
                found += [(pathway, journey, turn) for turn in turns]
        return tuple(found)

    def waiting_here(self) -> tuple[Journey, ...]:
        """What a guest began on this device, while somebody is signed in."""
        return () if self.is_guest else self.guest.known

    async def open(self, make: bool = False) -> None:
        """Look for what a guest keeps here; ``make`` a place for it."""
        if self._store is None:
            self._store = await self._open_guest(make)
            if self._store is not None:
                self.guest.use(DraftShelf(Drafts(self._store)))

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
        own.take(self.guest.known)
        if own.problem is not None:
            raise own.problem
        self.leave_behind()
        return Status.DONE

    def _read(self) -> Known[tuple[Pathway, ...]]:
        fetched = (self.get(id) for id in self._definitions)
        more = tuple(one for one in fetched if one is not None)
        return Known((*self.library.all(self._language()), *more), None)
