"""What is said of a measured value."""

import pytest

from app.pathways.load import FOLDER, read_structure
from app.pathways.measuring import limit_met
from app.pathways.model import Measure

MEASURES = [
    (folder.parent.name, step)
    for folder in sorted(FOLDER.glob("*/pathway.json"))
    for step in read_structure(folder.parent).steps
    if step.measure
]


@pytest.mark.parametrize(
    ("upper", "lower", "said"),
    [
        (165, 115, "very-high"),
        (150, 112, "very-high-low"),
        (145, 95, "high"),
        (130, 92, "high-low"),
        (120, 80, ""),
    ],
)
def test_the_gravest_instruction_alone_is_given(upper: float, lower: float, said: str) -> None:
    step = next(step for name, step in MEASURES if (name, step.id) == ("pregnancy", "pressure"))
    assert step.measure is not None
    found = limit_met(step.measure, upper, lower)
    assert (found.id if found else "") == said


@pytest.mark.parametrize(
    ("name", "measure"), [(f"{name}/{step.id}", step.measure) for name, step in MEASURES]
)
def test_no_limit_is_hidden_by_a_milder_one(name: str, measure: Measure) -> None:
    """Of one part of a value, the limits further out come first."""
    for part in {limit.part for limit in measure.limits}:
        same = [limit for limit in measure.limits if limit.part == part]
        above = [limit.above for limit in same if limit.above is not None]
        below = [limit.below for limit in same if limit.below is not None]
        assert above == sorted(above, reverse=True)
        assert below == sorted(below)
