"""Runs the state machine: ``SOAK`` histories (300 by default)."""

import os

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.offline.machine import Machine

PHASES = (Phase.generate,) if os.environ.get("NO_SHRINK") else (Phase.generate, Phase.shrink)


def test_no_history_breaks_a_promise() -> None:
    """Nothing lost, nothing twice, nothing untrue, and every device ends with what the server has."""
    chosen = settings(
        max_examples=int(os.environ.get("SOAK", "300")),
        stateful_step_count=40,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=PHASES,
        print_blob=True,
        database=None,
    )
    run_state_machine_as_test(Machine, settings=chosen)
