"""Care plans of other servers are shown as far as they can be, whatever is in them."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.pathways.foreign import other_plan

OTHERS = sorted((Path(__file__).parent.parent / "data" / "plans").glob("CarePlan-*.json"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "activity",
                    "detail",
                    "code",
                    "coding",
                    "display",
                    "scheduledPeriod",
                    "reference",
                    "author",
                    "category",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.stem)
def test_a_plan_of_another_server_is_shown(path: Path) -> None:
    shown = other_plan(json.loads(path.read_text()))
    assert shown.id
    assert shown.items or shown.notes


@given(st.dictionaries(st.sampled_from(["activity", "author", "category", "title", "status"]), JSON))
def test_nothing_in_a_plan_makes_it_fail(plan: dict[str, object]) -> None:
    assert other_plan(plan).notes is not None
