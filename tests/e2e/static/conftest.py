"""The same residents, in front of the static client: only ``places`` differs."""

from collections.abc import Iterator

import pytest

from tests.e2e.static.site import StaticPlaces, built, running


@pytest.fixture(scope="session")
def places() -> Iterator[StaticPlaces]:
    """The stub platform and the static site."""
    with running(built()) as here:
        yield here
