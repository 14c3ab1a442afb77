"""A few short walks over the whole app, the same each time; ``make walk`` goes further."""

import pytest

from app.platform.flet_fixes import install
from tests.walker.steps import Step
from tests.walker.walk import again, shortest, walk

SEEDS, LENGTH = (3, 100, 104), 10


@pytest.fixture(autouse=True)
def fixes():  # type: ignore[no-untyped-def]
    """As in the app, and strict."""
    installed = install(strict=True)
    yield
    installed.remove()


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_breaks(seed: int) -> None:
    """On a phone, in a served session and in a browser."""
    found = walk(seed, LENGTH).found
    assert found is None, str(shortest(found))


def test_what_breaks_is_told_with_its_seed_and_the_fewest_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """A promise that the screen of settings breaks: everything before it is left out."""
    from tests.walker import walk as room

    honest = room.broken

    def broken(town):  # type: ignore[no-untyped-def]
        yield from honest(town)
        if any(window.route == "/settings" for window in town.windows):
            yield "settings: not wanted"

    monkeypatch.setattr(room, "broken", broken)
    steps = [Step("go", target=route) for route in ("/terms", "/settings")]

    found = again(3, "phone", steps).found

    assert found is not None
    fewest = shortest(found)
    assert [step.target for step in fewest.steps] == ["/settings"]
    assert str(fewest).startswith("settings: not wanted\n  seed 3 on a phone\n  [0] go /settings")
