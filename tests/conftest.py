"""Tests pass or fail by what happens, not by how long it takes on a busy machine."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "patient", derandomize="CI" in os.environ, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("patient")
