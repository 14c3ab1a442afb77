"""The site, built for what the sources are now."""

from pathlib import Path

import pytest

from tests.e2e.static.site import built


@pytest.fixture(scope="session")
def site() -> Path:
    """The folder of the built site."""
    return built()
