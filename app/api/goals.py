"""What is aimed at on a pathway, as R4 Goals. A professional's are named by the plan (``CarePlan.goal``); a resident's
own one is ``expressedBy`` them and says itself to which plan it belongs, so that it never changes a team's plan."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from app.api.wire import EXTENSION, day
from app.pathways.journey import Goal
from app.pathways.wire import GOAL, Resource

__all__ = ["PLAN", "goal", "goals_of", "retold", "retracted"]

PLAN = EXTENSION + "pathway-plan"
_REACHED = {
    "coding": [{"system": "http://terminology.hl7.org/CodeSystem/goal-achievement", "code": "achieved"}]
}
_SHOWN = ("active", "on-hold", "completed", "accepted", "planned", "proposed")


def goal(one: Goal, plan_id: str, person_id: str) -> Resource:
    """A resident's own goal."""
    person = {"reference": f"Patient/{person_id}"}
    return {
        "resourceType": "Goal",
        "id": one.id,
        "extension": [{"url": PLAN, "valueReference": {"reference": f"CarePlan/{plan_id}"}}],
        **{name: part for name, part in retold(one).items() if part},
        "subject": person,
        **({"startDate": one.since.isoformat()} if one.since else {}),
        "expressedBy": person,
    }


def retold(one: Goal) -> Resource:
    """The elements of a goal that its owner changes; an empty one is taken away."""
    return {
        "lifecycleStatus": "completed" if one.reached else "active",
        "achievementStatus": _REACHED if one.reached else {},
        "description": {"text": one.text},
    }


def retracted() -> Resource:
    """Of a goal that its owner has removed: nothing of what was written is left."""
    return {
        "lifecycleStatus": "entered-in-error",
        "achievementStatus": {},
        "description": {"text": "–"},
    }


def goals_of(plan: Mapping[str, Any], goals: Iterable[Mapping[str, Any]]) -> Iterator[Goal]:
    """The goals of a plan: those that it names, and those that name it; the resident's own ones first."""
    named = [str(one.get("reference", "")) for one in plan.get("goal") or ()]
    place = {reference: number for number, reference in enumerate(named)}
    read = [made for one in goals if (made := _of(one, str(plan.get("id")), place)) is not None]
    yield from sorted(read, key=lambda one: _order(one, place))


def _order(one: Goal, place: Mapping[str, int]) -> tuple[bool, int, date, str]:
    """Own ones as they came, a team's as its plan names them."""
    return not one.own, 0 if one.own else place.get(f"Goal/{one.id}", 0), one.since or date.min, one.id


def _of(body: Mapping[str, Any], plan_id: str, named: Mapping[str, int]) -> Goal | None:
    """None: it is of another plan, is none any more, or is not what R4 says; the plan is shown without it."""
    try:
        ours = f"Goal/{body.get('id')}" in named or _plan_of(body) == plan_id
        return _read(body) if ours else None
    except (AttributeError, TypeError, ValueError):
        return None


def _plan_of(body: Mapping[str, Any]) -> str:
    links = (one for one in body.get("extension") or () if one.get("url") == PLAN)
    link = next((str((one.get("valueReference") or {}).get("reference", "")) for one in links), "")
    return link.removeprefix("CarePlan/")


def _read(body: Mapping[str, Any]) -> Goal | None:
    concept = body.get("description") or {}
    coded = (str(one.get("display") or "") for one in concept.get("coding") or ())
    words = str(concept.get("text") or next(filter(None, coded), ""))
    if not words or body.get("lifecycleStatus") not in _SHOWN:
        return None
    keys = (one for one in body.get("identifier") or () if one.get("system") == GOAL)
    by = str((body.get("expressedBy") or {}).get("reference", ""))
    return Goal(
        id=str(body.get("id")),
        text=words,
        since=day(str(body.get("startDate") or "")),
        own=by.startswith(("Patient/", "RelatedPerson/")),
        key=next((str(one.get("value", "")) for one in keys), ""),
        reached=body.get("lifecycleStatus") == "completed",
    )
