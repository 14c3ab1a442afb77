"""The fake provider, and a clock that stands still."""

import pytest
from api.fake_provider import FakeProvider

from tests.api.signing_in import Clock


@pytest.fixture
def provider() -> FakeProvider:
    """A fresh one."""
    return FakeProvider()


@pytest.fixture
def clock() -> Clock:
    """A fresh one."""
    return Clock()
