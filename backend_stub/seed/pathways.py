"""Definitions of the county's pathways, and the plans of residents who are on one."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache

from app.pathways.compile import resources
from app.pathways.lint import folders
from app.pathways.load import FOLDER
from app.pathways.model import START, Anchor
from app.pathways.planner import Dates, cycle
from backend_stub.clock import FINLAND
from backend_stub.pathways.plans import library, plan_and_tasks
from backend_stub.seed.residents import Resource, Roster, stable_id

_ON = (  # resident, pathway, who began it, days ago; dates: days from today
    ("emma", "pregnancy", "johanna", 60, {"due-date": 100}),
    ("mikko", "surgery", "eeva", 12, {"operation": 10}),
    ("sanna", "breast-cancer", "eeva", 40, {"operation": -35, "treatment": -20}),
    ("petri", "sleep-apnoea", "eeva", 9, {"cpap": -5}),
    ("hanna", "family-care", "anne", 30, {"agreement": -25}),
)


@cache
def definitions() -> tuple[Resource, ...]:
    """Every PlanDefinition with the ActivityDefinitions it names."""
    return tuple(one for folder in folders(FOLDER) for one in resources(folder))


def plans(seed: int, roster: Roster, now: datetime) -> Iterator[tuple[datetime, Resource]]:
    """The plans that teams have given, each with the time at which it came to be."""
    today = now.astimezone(FINLAND).date()
    for who, id, by, ago, days in _ON:
        resident, pathway = roster.get(who), library().get(id, "fi")
        if resident is None or pathway is None:
            continue
        at = now - timedelta(days=ago)
        dates = _dates(pathway.structure.anchors, today, ago, days)
        plan_id = stable_id(seed, "care-plan", who)
        for body in plan_and_tasks(pathway, resident.reference, dates, by, at, plan_id):
            yield at, body


def _dates(anchors: tuple[Anchor, ...], today: date, ago: int, days: dict[str, int]) -> Dates:
    dates = Dates({START: (today - timedelta(days=ago),)})
    for anchor in anchors:
        if anchor.id in days:
            dates = dates.having(anchor.id, *cycle(today + timedelta(days=days[anchor.id]), anchor))
    return dates
