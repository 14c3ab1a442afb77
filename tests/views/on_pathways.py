"""Going along a pathway, for the tests of its screens."""

from typing import Any

from tests.views.examples import County, Visit


async def begin(visit: Visit, pathway: str = "sleep") -> None:
    """Begin a pathway from its page."""
    await visit.go(f"/pathways/{pathway}")
    await visit.tap("pathway.start")


def own_plans(county: County) -> list[dict[str, Any]]:
    """The plans that residents have made by themselves."""
    plans = county.all("CarePlan")
    return [plan for plan in plans if plan["author"]["reference"].startswith("Patient/")]


async def step(visit: Visit, key: str, pathway: str = "sleep") -> None:
    """Open one of its steps."""
    await visit.go(f"/pathways/{pathway}/step/{key}")
