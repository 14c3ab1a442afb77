"""Forms with anything in the place of anything: nothing crashes, and what is sent is valid R4 all the same."""

import random
from typing import Any

import pytest

from app.forms.filling import Filling
from app.forms.model import Unreadable
from app.forms.reading import read_form
from app.forms.scores import score
from app.forms.steps import steps
from app.forms.synthetic import answer_all
from backend_stub.seed.forms import questionnaires
from tests.fhir_schema import problems
from tests.forms.making import answers_of

JUNK: list[Any] = [
    None,
    True,
    0,
    -1,
    3.5,
    10**30,
    "",
    "x",
    "2026-13-45",
    [],
    {},
    [[]],
    [None],
    {"a": 1},
    "\u202e",
]


def spoilt(seed: int) -> Any:
    """One of our own forms with a few parts replaced by junk."""
    dice = random.Random(seed)
    raw = _copy(dice.choice(questionnaires()))
    for _ in range(dice.randint(1, 6)):
        part: Any = raw
        while isinstance(part, dict | list) and part:
            key = dice.choice(list(part)) if isinstance(part, dict) else dice.randrange(len(part))
            if dice.random() < 0.25 and key != "resourceType":
                part[key] = _copy(dice.choice(JUNK))
                break
            part = part[key]
    return raw


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _copy(part) for name, part in value.items()}
    return [_copy(part) for part in value] if isinstance(value, list) else value


@pytest.mark.parametrize("first", range(0, 120, 20))
def test_nothing_in_a_form_can_crash_the_app(first: int) -> None:
    """Read, calculated, answered, divided, judged, scored; a draft opens again the same."""
    for seed in range(first, first + 20):
        try:
            form = read_form(spoilt(seed))
        except Unreadable:
            continue
        filling = Filling(form)
        answer_all(filling, seed)
        assert steps(filling, True) or not filling.questions
        assert steps(filling, False) or not filling.questions
        score(filling)
        filling.issues()
        response = filling.response("00000000-0000-4000-8000-000000000000", "Patient/p", "Patient/p")
        if response.get("item") and form.canonical.startswith("http"):
            assert problems(response) == [], seed
        draft = filling.response("x", "", "", draft=True)
        again = Filling(read_form(spoilt(seed)), response=draft)
        again.calculate()
        assert answers_of(again.response("x", "", "")) == answers_of(response), seed
