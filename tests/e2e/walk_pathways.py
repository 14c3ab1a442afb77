"""The walk through pathways as a guest and on a plan of a team, practising, and what is told of the app."""

from tests.e2e import walk
from tests.e2e.walk import Stop, Walker, at


def _begin(walker: Walker) -> None:
    walk.visit(walker.person, "/pathways/sleep", "pathway")
    walker.person.press("pathway.start")
    walker.person.sees("pathway.today")


def _measured(walker: Walker) -> None:
    walk.visit(walker.person, "/pathways/sleep/step/sleep-diary~1", "pathway.step-screen")
    walker.person.write("pathway.measure.value", "4")
    walker.person.press("pathway.measure.save")
    walker.person.sees("pathway.instruction")


def _practise(walker: Walker) -> None:
    walk.visit(walker.person, "/practice", "practice")
    walker.person.press("practice.as.petri")
    walker.person.sees("practice-banner")


PATHWAYS = (
    Stop("first-run", at("/first-run", "first-run")),
    Stop("accessibility", at("/accessibility", "accessibility")),
    Stop("terms", at("/terms", "terms")),
    Stop("pathways", at("/pathways", "pathways"), main=True),
    Stop("pathway-preview", at("/pathways/surgery", "pathway"), main=True),
    Stop("pathway-begun", _begin, main=True),
    Stop("pathway-measured", _measured, main=True),
    Stop("pathway-step", at("/pathways/sleep/step/same-morning", "pathway.step-screen")),
    Stop("pathway-about", at("/pathways/sleep/about", "pathway.about"), main=True),
    Stop("practice", at("/practice", "practice")),
    Stop("practising", _practise, main=True),
    Stop("practice-home", at("/", "home")),
)
"""Nobody is signed in."""

PLAN = (
    Stop("plan-home", lambda w: walk.sign_in(w, "petri")),
    Stop("plan", at("/pathways/sleep-apnoea", "pathway"), main=True),
    Stop("plan-about", at("/pathways/sleep-apnoea/about", "pathway.about")),
)
"""Somebody whom a team has given a plan."""
