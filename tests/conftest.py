"""Tests pass or fail by what happens, not by how long it takes on a busy machine."""

import gc
import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "patient", derandomize="CI" in os.environ, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("patient")

# A test builds a platform and screens of some hundred thousand objects and lets them go: looking through all of them
# after every 700 new ones, as Python does by itself, was a fifth of the time.
gc.set_threshold(50_000, 20, 50)
