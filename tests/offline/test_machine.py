"""Runs the state machine: ``SOAK`` histories (2,500 by default), in parts that may run side by side.

Each part prints its seed; ``SEED`` repeats it. With ``FIRST_SEED`` the parts count on from there: the same
histories each time, so that what breaks one is the change at hand; without it they are new ones. A history that
breaks a promise is kept in ``failures`` beside this file and is tried first until it is mended; its mending has a
story of its own among the tests.
"""

import os
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.database import DirectoryBasedExampleDatabase
from hypothesis.stateful import run_state_machine_as_test

from tests.offline.machine import Machine

HISTORIES = int(os.environ.get("SOAK", "2500"))
PART = 250
FAILURES = Path(__file__).with_name("failures")
PHASES = (Phase.reuse, Phase.generate, *(() if os.environ.get("NO_SHRINK") else (Phase.shrink,)))


@pytest.mark.parametrize("part", range(-(-HISTORIES // PART)))
def test_no_history_breaks_a_promise(part: int) -> None:
    """Nothing lost, nothing twice, nothing untrue, and every device ends with what the server has."""
    number = _seed(part)
    print(f"seed {number}: repeat with SEED={number} SOAK={PART}")
    chosen = settings(
        max_examples=min(PART, HISTORIES - part * PART),
        stateful_step_count=40,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=PHASES,
        print_blob=True,
        database=DirectoryBasedExampleDatabase(FAILURES),
    )
    run_state_machine_as_test(seed(number)(Machine), settings=chosen)


def _seed(part: int) -> int:
    if "SEED" in os.environ:
        return int(os.environ["SEED"])
    first = os.environ.get("FIRST_SEED")
    return int(first) + part if first else random.SystemRandom().randrange(2**32)
