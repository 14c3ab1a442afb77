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
from backend_stub.seed.words import EXTENSION

_ON = (  # resident, pathway, who began it, days ago; dates: days from today
    ("emma", "pregnancy", "johanna", 60, {"due-date": 100}),
    ("mikko", "surgery", "eeva", 12, {"operation": 10}),
    ("sanna", "breast-cancer", "eeva", 40, {"operation": -35, "treatment": -20}),
    ("petri", "sleep-apnoea", "eeva", 60, {"cpap": -5}),
    ("hanna", "family-care", "anne", 30, {"agreement": -25}),
)


_OWN_WORDS = (  # resident, what they aim at in their own words, days ago
    ("emma", "Haluan synnyttää rauhallisin mielin ja uskaltaa kysyä, kun jokin mietityttää.", 30),
    ("mikko", "Kävelen taas koiran kanssa metsässä ennen kesää.", 8),
    ("sanna", "Jaksan laittaa ruokaa kotona muutaman kerran viikossa.", 20),
    ("petri", "Olen illalla vielä niin virkeä, että jaksan pelata lasten kanssa.", 7),
    ("hanna", "Saan yhden vapaan viikonlopun kuussa ja lepään sen.", 20),
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
    for who, words, ago in _OWN_WORDS:
        resident = roster.get(who)
        if resident is not None:
            at = now - timedelta(days=ago)
            yield at, _own_goal(seed, who, resident.reference, words, at)


def _own_goal(seed: int, who: str, patient: str, words: str, at: datetime) -> Resource:
    """What a resident has written for the plan that they are on."""
    plan = {"reference": f"CarePlan/{stable_id(seed, 'care-plan', who)}"}
    return {
        "resourceType": "Goal",
        "id": stable_id(seed, "goal", who),
        "extension": [{"url": f"{EXTENSION}pathway-plan", "valueReference": plan}],
        "lifecycleStatus": "active",
        "description": {"text": words},
        "subject": {"reference": patient},
        "startDate": at.astimezone(FINLAND).date().isoformat(),
        "expressedBy": {"reference": patient},
    }


def _dates(anchors: tuple[Anchor, ...], today: date, ago: int, days: dict[str, int]) -> Dates:
    dates = Dates({START: (today - timedelta(days=ago),)})
    for anchor in anchors:
        if anchor.id in days:
            dates = dates.having(anchor.id, *cycle(today + timedelta(days=days[anchor.id]), anchor))
    return dates
