"""What a log says when everything is set to be talkative: never what is on a screen or on the wire."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.platform.quiet_logs import TALKATIVE
from tests.views.examples import County

SECRET = "Salainen vaiva"


@pytest.fixture
def talkative() -> Iterator[None]:
    """As an operator who looks for a fault: the root at DEBUG, before the app starts."""
    root = logging.getLogger()
    before, levels = root.level, {name: logging.getLogger(name).level for name in TALKATIVE}
    root.setLevel(logging.DEBUG)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield
    root.setLevel(before)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


async def test_nothing_of_a_resident_is_in_the_log(
    talkative: None, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """A message is written and sent: neither its words nor who wrote it are told."""
    county = County(tmp_path)
    aino = await county.signed_in("aino")
    await aino.write_to(aino.stores.services.name("terveysasema"), SECRET)
    await aino.tap("messages.send")
    await aino.settle()

    told = caplog.text
    assert SECRET not in told
    assert county.patient("aino") not in told
    assert "Aino" not in told
    await county.close()
