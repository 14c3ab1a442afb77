"""Journeys on pathways on the wire: CarePlan, and a Task for each turn where professionals began it (rows G1 to G7).

A resident's own plan carries what they did as ``activity.detail`` and what they wrote as ``note``. A plan of a team has
Tasks (``basedOn``): their days are ``restriction.period``, what the resident did is their status and ``output``.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Literal

from app.api.goals import goals_of
from app.api.wire import CODES, EXTENSION, day, instant, moment
from app.pathways.journey import Before, Entry, Journey, Mark
from app.pathways.planner import Turn
from app.pathways.progress import State
from app.pathways.wire import CANONICAL, TURN, Resource

__all__ = ["CANONICAL", "TURN", "activity", "care_plan", "dates", "detail_of", "note", "to_journeys"]


SELF_CARE = {"coding": [{"system": CODES + "care-plan", "code": "self-care"}]}

_STATUS: dict[str, Literal["active", "paused", "left"]] = {
    "active": "active",
    "on-hold": "paused",
    "revoked": "left",
    "completed": "left",
}
_DONE = {"completed": State.DONE, "cancelled": State.SKIPPED, "stopped": State.SKIPPED}
_TASK_DONE = {"completed": State.DONE, "rejected": State.SKIPPED}
_GONE = ("cancelled", "entered-in-error", "failed")


def care_plan(journey: Journey, person_id: str, now: datetime) -> Resource:
    """A resident's own journey as an R4 CarePlan; only they are its author."""
    person = {"reference": f"Patient/{person_id}"}
    version = f"|{journey.version}" if journey.version else ""
    plan: Resource = {
        "resourceType": "CarePlan",
        "id": journey.id,
        "extension": dates(journey),
        "instantiatesCanonical": [f"{CANONICAL}{journey.pathway}{version}"],
        "status": "active",
        "intent": "plan",
        "category": [SELF_CARE],
        "title": journey.title or journey.pathway,
        "subject": person,
        "author": person,
        "created": instant(now),
    }
    if journey.started:
        plan["period"] = {"start": journey.started.isoformat()}
    if journey.marks:
        plan["activity"] = [activity(key, mark) for key, mark in journey.marks.items()]
    if journey.entries:
        plan["note"] = [note(entry) for entry in journey.entries]
    return plan


def dates(journey: Journey) -> list[Resource]:
    """The dates it hangs on, and those before the last change, as extensions."""
    made = [_date("pathway-date", name, days, journey.cancelled) for name, days in journey.days.items()]
    if journey.before is None:
        return made
    before = journey.before
    old = [_date("pathway-date-before", name, days, before.cancelled) for name, days in before.days.items()]
    return [*made, *old, {"url": EXTENSION + "pathway-dates-changed", "valueInstant": instant(before.at)}]


def activity(key: str, mark: Mark) -> Resource:
    """What became of one turn."""
    status = "completed" if mark.state == "done" else "cancelled"
    detail: Resource = {
        "kind": "Task",
        "code": {"coding": [{"system": TURN, "code": key}]},
        "status": status,
    }
    if mark.since and mark.until:
        period = {"start": mark.since.isoformat(), "end": mark.until.isoformat()}
        detail["scheduledPeriod"] = period
    return {"progress": [{"time": instant(mark.at), "text": mark.state}], "detail": detail}


def note(entry: Entry) -> Resource:
    """What was written at a step."""
    parts: list[Resource] = [
        {"url": "id", "valueString": entry.id},
        {"url": "step", "valueString": entry.step},
        {"url": "kind", "valueCode": entry.kind},
    ]
    if entry.what:
        parts.append({"url": "what", "valueCode": entry.what})
    for name, value in (("value", entry.value), ("second", entry.second)):
        if value is not None:
            parts.append({"url": name, "valueDecimal": value})
    shown = entry.text or (f"{entry.value:g}" if entry.value is not None else entry.kind)
    return {
        "extension": [{"url": EXTENSION + "pathway-entry", "extension": parts}],
        "time": instant(entry.at),
        "text": shown,
    }


def to_journeys(
    plans: Iterable[Mapping[str, Any]],
    tasks: Iterable[Mapping[str, Any]] = (),
    goals: Iterable[Mapping[str, Any]] = (),
) -> tuple[Journey, ...]:
    """The journeys in some CarePlans that name a pathway of this kind; what cannot be read is left out."""
    by_plan: dict[str, list[Mapping[str, Any]]] = {}
    for task in tasks:
        for reference in _based_on(task):
            by_plan.setdefault(reference, []).append(task)
    aims = tuple(goals)
    found = (_read(plan, by_plan.get(f"CarePlan/{plan.get('id')}", []), aims) for plan in plans)
    return tuple(journey for journey in found if journey is not None)


_ODD = (AttributeError, TypeError, KeyError, ValueError)
"""What comes of elements that are not what R4 says; such a plan is shown as one of another kind."""


Bodies = Iterable[Mapping[str, Any]]


def _read(plan: Mapping[str, Any], tasks: list[Mapping[str, Any]], goals: Bodies) -> Journey | None:
    try:
        return _journey(plan, tasks, goals)
    except _ODD:
        return None


def _based_on(task: Mapping[str, Any]) -> list[str]:
    try:
        return [str(one.get("reference", "")) for one in task.get("basedOn") or ()]
    except _ODD:
        return []


def _journey(plan: Mapping[str, Any], tasks: list[Mapping[str, Any]], goals: Bodies) -> Journey | None:
    canonical = next(iter(plan.get("instantiatesCanonical") or ()), "")
    pathway, _, version = str(canonical).rpartition("/")[2].partition("|")
    state = _STATUS.get(str(plan.get("status")))
    if not pathway or state is None:
        return None
    by_team = SELF_CARE not in (plan.get("category") or ())
    known = _dates(plan, "pathway-date")
    turns = tuple(turn for turn in map(_turn, tasks) if turn is not None) if by_team else ()
    return Journey(
        id=str(plan.get("id")),
        pathway=pathway,
        version=version,
        title=str(plan.get("title") or ""),
        days=known[0],
        cancelled=known[1],
        marks=dict(_task_marks(tasks) if by_team else _marks(plan)),
        entries=tuple(_entries(tasks, plan)),
        goals=tuple(goals_of(plan, goals)),
        state=state,
        by_team=by_team,
        before=_before(plan),
        turns=turns,
        tasks={_key(task): str(task.get("id")) for task in tasks} if by_team else {},
    )


def detail_of(task: Mapping[str, Any]) -> str:
    """The step that a Task stands for; empty for other Tasks."""
    return _key(task).partition("@")[0].partition("~")[0]


def _key(task: Mapping[str, Any]) -> str:
    named = (one for one in task.get("identifier") or () if one.get("system") == TURN)
    return next((str(one.get("value", "")) for one in named), "")


def _turn(task: Mapping[str, Any]) -> Turn | None:
    key = _key(task)
    if not key or task.get("status") in _GONE:
        return None
    period = (task.get("restriction") or {}).get("period") or {}
    stage = next((str(c.get("text", "")) for c in [task.get("groupIdentifier") or {}] if c), "")
    stage = str((task.get("groupIdentifier") or {}).get("value", stage))
    waits = str((task.get("businessStatus") or {}).get("text", "")) if not period else ""
    return Turn(key, detail_of(task), stage, _day(period.get("start")), _day(period.get("end")), waits)


def _task_marks(tasks: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, Mark]]:
    for task in tasks:
        state = _TASK_DONE.get(str(task.get("status")))
        at = moment(str(task.get("lastModified") or (task.get("meta") or {}).get("lastUpdated") or ""))
        if state is not None and at is not None:
            turn = _turn(task)
            since, until = (turn.since, turn.until) if turn else (None, None)
            yield (
                _key(task),
                Mark.model_validate({"state": state.value, "at": at, "since": since, "until": until}),
            )


def _marks(plan: Mapping[str, Any]) -> Iterator[tuple[str, Mark]]:
    for one in plan.get("activity") or ():
        detail = one.get("detail") or {}
        coding: Mapping[str, Any] = next(iter((detail.get("code") or {}).get("coding") or ()), {})
        state = _DONE.get(str(detail.get("status")))
        at = moment(next((str(p.get("time")) for p in one.get("progress") or ()), ""))
        if coding.get("system") == TURN and state is not None and at is not None:
            period = detail.get("scheduledPeriod") or {}
            days = {"since": _day(period.get("start")), "until": _day(period.get("end"))}
            yield str(coding.get("code")), Mark.model_validate({"state": state.value, "at": at, **days})


def _entries(tasks: list[Mapping[str, Any]], plan: Mapping[str, Any]) -> Iterator[Entry]:
    for holder in (plan, *tasks):
        for one in holder.get("note") or ():
            entry = _entry(one)
            if entry is not None:
                yield entry


def _entry(one: Mapping[str, Any]) -> Entry | None:
    outer = next((e for e in one.get("extension") or () if e.get("url") == EXTENSION + "pathway-entry"), None)
    at = moment(str(one.get("time", "")))
    if outer is None or at is None:
        return None
    parts = {e.get("url"): next((v for k, v in e.items() if k != "url"), None) for e in outer["extension"]}
    text = str(one.get("text", "")) if parts.get("value") is None else ""
    return Entry.model_validate({**parts, "at": at, "text": text})


def _date(url: str, anchor: str, days: Iterable[date], cancelled: Iterable[str]) -> Resource:
    parts: list[Resource] = [{"url": "anchor", "valueString": anchor}]
    parts += [{"url": "day", "valueDate": one.isoformat()} for one in days]
    if anchor in cancelled:
        parts.append({"url": "cancelled", "valueBoolean": True})
    return {"url": EXTENSION + url, "extension": parts}


def _dates(plan: Mapping[str, Any], url: str) -> tuple[dict[str, tuple[date, ...]], tuple[str, ...]]:
    days: dict[str, tuple[date, ...]] = {}
    cancelled = []
    for one in plan.get("extension") or ():
        if one.get("url") == EXTENSION + url:
            parts = one.get("extension") or ()
            name = next((str(p.get("valueString")) for p in parts if p.get("url") == "anchor"), "")
            told = (_day(p.get("valueDate")) for p in parts if p.get("url") == "day")
            days[name] = tuple(one for one in told if one)
            if any(p.get("valueBoolean") for p in parts):
                cancelled.append(name)
    return days, tuple(cancelled)


def _before(plan: Mapping[str, Any]) -> Before | None:
    url = EXTENSION + "pathway-dates-changed"
    at = next(
        (moment(e.get("valueInstant")) for e in plan.get("extension") or () if e.get("url") == url), None
    )
    days, cancelled = _dates(plan, "pathway-date-before")
    return Before(days=days, cancelled=cancelled, at=at) if at else None


def _day(value: Any) -> date | None:
    return day(str(value)[:10]) if value else None
