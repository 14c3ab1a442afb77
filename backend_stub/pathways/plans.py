"""Care plans of pathways: a CarePlan, and a Task for each turn of a step."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from app.domain.measurements import SPECS
from app.pathways.library import Library, Pathway
from app.pathways.measuring import home_kind
from app.pathways.model import START
from app.pathways.planner import Dates, Plan, Turn, as_moved, cycle, plan
from app.pathways.replan import replan
from app.pathways.wire import AIM, CANONICAL, GOAL, TURN
from backend_stub.clock import Clock
from backend_stub.fhir.errors import NotFound, Unprocessable
from backend_stub.fhir.repository import Repository
from backend_stub.pathways.sent import sent_for
from backend_stub.seed.words import EXTENSION, Resource, coded, reference

__all__ = ["Plans", "dates_of", "is_own", "library", "plan_and_tasks", "turn_of"]

DATE, BEFORE, CHANGED = (
    f"{EXTENSION}{name}" for name in ("pathway-date", "pathway-date-before", "pathway-dates-changed")
)
_STAGE = "https://digiklinikka.example/fhir/pathway-stage"
_SETTLED = ("completed", "rejected")


@cache
def library() -> Library:
    """The pathways that the platform has; the files are read once."""
    return Library()


def plan_and_tasks(
    pathway: Pathway, patient: str, dates: Dates, by: str, at: datetime, id: str
) -> list[Resource]:
    """The CarePlan with its Goals and Tasks. ``patient``: "Patient/x"; ``by``: Practitioner id."""
    turns = plan(pathway.structure, dates).turns
    tasks = [_task(pathway, turn, patient, by, at, id) for turn in turns]
    texts = pathway.texts
    aims = [
        _goal(f"{id}/{key}", words, patient, by, at, key)
        for key, words in (texts.goals or {AIM: texts.goal}).items()
    ]
    body: Resource = {
        "resourceType": "CarePlan",
        "id": id,
        "extension": list(_dates(DATE, dates)),
        "instantiatesCanonical": [f"{CANONICAL}{pathway.id}|{pathway.structure.version}"],
        "status": "active",
        "intent": "plan",
        "category": [coded("care-plan", "pathway")],
        "title": pathway.texts.title,
        "subject": {"reference": patient},
        "created": at.isoformat(),
        "author": reference("Practitioner", by),
        "activity": [{"reference": reference("Task", task["id"])} for task in tasks],
    }
    start = dates.of(START)
    if start:
        body["period"] = {"start": start[0].isoformat()}
    body["goal"] = [reference("Goal", aim["id"]) for aim in aims]
    return [body, *aims, *tasks]


def _goal(seed: str, words: str, patient: str, by: str, at: datetime, key: str = "") -> Resource:
    """A goal as a professional writes it down. ``key``: which of the pathway's it is."""
    return {
        "resourceType": "Goal",
        "id": str(uuid5(NAMESPACE_URL, f"goal/{seed}")),
        **({"identifier": [{"system": GOAL, "value": key}]} if key else {}),
        "lifecycleStatus": "active",
        "description": {"text": words},
        "subject": {"reference": patient},
        "startDate": at.date().isoformat(),
        "expressedBy": reference("Practitioner", by),
    }


def dates_of(body: Resource) -> Dates:
    """The dates of a CarePlan."""
    days: dict[str, tuple[date, ...]] = {}
    cancelled = set()
    for one in body.get("extension", ()):
        if one.get("url") == DATE:
            parts = one.get("extension", ())
            name = next(str(part["valueString"]) for part in parts if part["url"] == "anchor")
            days[name] = tuple(
                date.fromisoformat(part["valueDate"]) for part in parts if part["url"] == "day"
            )
            if any(part["url"] == "cancelled" for part in parts):
                cancelled.add(name)
    return Dates(days, frozenset(cancelled))


def turn_of(task: Resource) -> Turn:
    """The turn that a Task stands for."""
    key = next(one["value"] for one in task["identifier"] if one.get("system") == TURN)
    period = task.get("restriction", {}).get("period", {})
    since, until = (date.fromisoformat(period[end]) if end in period else None for end in ("start", "end"))
    step = key.partition("@")[0].partition("~")[0]
    return Turn(
        key,
        step,
        task["groupIdentifier"]["value"],
        since,
        until,
        task.get("businessStatus", {}).get("text", ""),
    )


class Plans:
    """Applies, moves, ticks."""

    def __init__(self, repository: Repository, clock: Clock) -> None:
        self._repository, self._clock = repository, clock

    def all(self) -> list[Resource]:
        """Every plan that a team has given, the newest first; a resident's own ones are nobody else's."""
        made = [one for one in self._repository.all("CarePlan") if _is_team(one)]
        return sorted(made, key=lambda one: str(one.get("created", "")), reverse=True)

    def one(self, id: str) -> Resource:
        """One of them. Raises NotFound."""
        body = self._repository.read("CarePlan", id)
        if not _is_team(body):
            raise NotFound("not a plan of a team")
        return body

    def pathway(self, body: Resource, language: str = "fi") -> Pathway:
        """The pathway of a plan. Raises NotFound."""
        id = body["instantiatesCanonical"][0].rpartition("/")[2].partition("|")[0]
        return self.definition(id, language)

    def definition(self, id: str, language: str = "fi") -> Pathway:
        """A pathway by its id. Raises NotFound."""
        found = library().get(id, language)
        if found is None:
            raise NotFound(f"there is no pathway {id}")
        return found

    def tasks(self, id: str) -> list[Resource]:
        """The Tasks of a plan that still count."""
        found = self._repository.search("Task", [("based-on", f"CarePlan/{id}")])
        return [task for task in found if task.get("status") not in ("cancelled", "entered-in-error")]

    def sent(self, id: str) -> dict[str, Resource]:
        """The answers and appointments for the turns of a plan, by key."""
        return sent_for(self._repository, id)

    def measured(self, body: Resource) -> list[Resource]:
        """The resident's home measurements that the pathway asks for, made since it began; the newest first."""
        measures = [step.measure for step in self.pathway(body).structure.steps if step.measure]
        wanted = {SPECS[kind].code for one in measures if (kind := home_kind(one.what))}
        start = str(body.get("period", {}).get("start", ""))
        found = self._repository.search("Observation", [("subject", body["subject"]["reference"])])
        made = [
            one
            for one in found
            if str(one.get("effectiveDateTime", "")) >= start
            and one.get("status") != "entered-in-error"
            and one.get("performer", [{}])[0].get("reference") == body["subject"]["reference"]
            and wanted & {coding.get("code") for coding in one["code"].get("coding", ())}
        ]
        return sorted(made, key=lambda one: str(one["effectiveDateTime"]), reverse=True)

    def apply(self, pathway_id: str, patient: str, days: dict[str, date], by: str) -> Resource:
        """``PlanDefinition/$apply``, stored. ``days``: first day by anchor. Raises NotFound, Unprocessable."""
        pathway = self.definition(pathway_id)
        self._repository.read(*patient.split("/", 1))
        anchors = {anchor.id: anchor for anchor in pathway.structure.anchors}
        unknown = sorted(set(days) - anchors.keys() - {START})
        if unknown:
            raise Unprocessable(f"the pathway has no date called {', '.join(unknown)}")
        dates = Dates({START: (days.get(START, self._today()),)})
        for name, day in days.items():
            if name in anchors:
                dates = dates.having(name, *cycle(day, anchors[name]))
        made = plan_and_tasks(pathway, patient, dates, by, self._clock.now(), self._repository.new_id())
        with self._repository.transaction():
            for body in made:
                self._repository.update(body["resourceType"], body["id"], body, by=by)
        return made[0]

    def goals(self, body: Resource) -> list[Resource]:
        """Goals of a plan: the team's, and those that the resident has written for it."""
        named = {one["reference"] for one in body.get("goal", ())}
        found = self._repository.search("Goal", [("subject", body["subject"]["reference"])])
        ours = (one for one in found if f"Goal/{one['id']}" in named or _plan_of(one) == body["id"])
        return [one for one in ours if one["lifecycleStatus"] in ("active", "completed")]

    def aim(self, id: str, words: str, by: str) -> Resource:
        """A professional writes down a goal that was agreed on. Raises NotFound, Unprocessable."""
        body, now = self.one(id), self._clock.now()
        if not words.strip():
            raise Unprocessable("a goal needs words")
        made = _goal(self._repository.new_id(), words.strip(), body["subject"]["reference"], by, now)
        after = body | {"goal": [*body.get("goal", ()), reference("Goal", made["id"])]}
        with self._repository.transaction():
            self._repository.update("Goal", made["id"], made, by=by)
            self._repository.update("CarePlan", id, after, by=by)
        return made

    def reach(self, id: str, goal_id: str, reached: bool, by: str) -> Resource:
        """A goal of the team came true, or has not yet. Raises NotFound, Unprocessable for the resident's own."""
        found = next((one for one in self.goals(self.one(id)) if one["id"] == goal_id), None)
        if found is None:
            raise NotFound("not a goal of this plan")
        if is_own(found):
            raise Unprocessable("the resident's own goal is the resident's to change")
        status = "completed" if reached else "active"
        return self._repository.update("Goal", goal_id, found | {"lifecycleStatus": status}, by=by)

    def move(self, id: str, anchor: str, day: date, by: str) -> Resource:
        """An anchor has its first or another date; the later ones of a cycle move with the next one."""
        body = self.one(id)
        dates, known = dates_of(body), {one.id: one for one in self.pathway(body).structure.anchors}
        if anchor not in known:
            raise Unprocessable(f"the pathway has no date called {anchor}")
        old, today = dates.of(anchor), self._today()
        place = next((place for place, one in enumerate(old) if one >= today), len(old) - 1)
        days = as_moved(old, place, day) if known[anchor].every and old else cycle(day, known[anchor])
        return self._replanned(body, dates.having(anchor, *days), by)

    def call_off(self, id: str, anchor: str, by: str) -> Resource:
        """What was to happen on that date will not happen."""
        body = self.one(id)
        return self._replanned(body, dates_of(body).without(anchor), by)

    def tick(self, task_id: str, done: bool, by: str) -> Resource:
        """A professional marks a step as done, or takes that back."""
        task = self._repository.read("Task", task_id)
        status = "completed" if done else "requested"
        return self._repository.update("Task", task_id, task | {"status": status}, by=by)

    def _replanned(self, body: Resource, dates: Dates, by: str) -> Resource:
        """Tasks follow the dates; those that are settled stay as they are."""
        tasks = {turn_of(task).key: task for task in self.tasks(body["id"])}
        done = {key for key, task in tasks.items() if task["status"] in _SETTLED} | (
            sent_for(self._repository, body["id"]).keys() & tasks.keys()
        )
        pathway, patient = self.pathway(body), body["subject"]["reference"]
        old = Plan(tuple(turn_of(task) for task in tasks.values()))
        new, changes = replan(pathway.structure, old, dates, done)
        now, wanted = self._clock.now(), new.by_key()
        fresh = (*(after for _, after in changes.moved), *changes.new)
        bodies = [_task(pathway, turn, patient, by, now, body["id"]) for turn in fresh]
        gone = [tasks[turn.key] | {"status": "cancelled"} for turn in changes.gone]
        assert all(key in wanted for key in done)
        after = body | {"extension": [*_dates(DATE, dates), *_before(dates_of(body), now)]}
        known = {one["reference"]["reference"] for one in body["activity"]}
        added = [one for one in bodies if f"Task/{one['id']}" not in known]
        after["activity"] = [
            *body["activity"],
            *({"reference": reference("Task", one["id"])} for one in added),
        ]
        with self._repository.transaction():
            for one in (*bodies, *gone, after):
                self._repository.update(one["resourceType"], one["id"], one, by=by)
        return after

    def _today(self) -> date:
        return self._clock.local().date()


def _task(pathway: Pathway, turn: Turn, patient: str, by: str, at: datetime, plan_id: str) -> Resource:
    kind = next(step.kind for step in pathway.structure.steps if step.id == turn.step)
    body: Resource = {
        "resourceType": "Task",
        "id": str(uuid5(NAMESPACE_URL, f"{plan_id}/{turn.key}")),
        "identifier": [{"system": TURN, "value": turn.key}],
        "basedOn": [reference("CarePlan", plan_id)],
        "groupIdentifier": {"system": _STAGE, "value": turn.stage},
        "status": "requested",
        "intent": "plan",
        "code": coded("pathway-step", kind.value),
        "description": pathway.texts.steps[turn.step].title,
        "for": {"reference": patient},
        "authoredOn": at.isoformat(),
        "requester": reference("Practitioner", by),
        "owner": {"reference": patient},
    }
    if turn.since and turn.until:
        body["restriction"] = {"period": {"start": turn.since.isoformat(), "end": turn.until.isoformat()}}
    if turn.waits:
        body["businessStatus"] = {"text": turn.waits}
    return body


def _dates(url: str, dates: Dates) -> Iterator[Resource]:
    for name, days in dates.days.items():
        parts: list[Resource] = [{"url": "anchor", "valueString": name}]
        parts += [{"url": "day", "valueDate": day.isoformat()} for day in days]
        if name in dates.cancelled:
            parts.append({"url": "cancelled", "valueBoolean": True})
        yield {"url": url, "extension": parts}


def _before(dates: Dates, at: datetime) -> Iterable[Resource]:
    return [*_dates(BEFORE, dates), {"url": CHANGED, "valueInstant": at.isoformat(timespec="milliseconds")}]


def is_own(goal: Resource) -> bool:
    """Whether the resident wrote it."""
    return str(goal.get("expressedBy", {}).get("reference", "")).startswith("Patient/")


def _plan_of(goal: Resource) -> str:
    links = (one for one in goal.get("extension", ()) if one["url"] == f"{EXTENSION}pathway-plan")
    return next((str(one["valueReference"]["reference"]).removeprefix("CarePlan/") for one in links), "")


def _is_team(body: Resource) -> bool:
    canonical: Any = body.get("instantiatesCanonical")
    mine = coded("care-plan", "self-care") in body.get("category", ())
    return bool(canonical) and not mine and body.get("status") != "entered-in-error"
