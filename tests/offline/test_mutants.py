"""What the run of the mutants reads from pytest: a test that ended too late is told apart from one that failed."""

from tests.offline.mutants import first_failed, last_started

OUTPUT = b"""
tests/offline/test_push.py::test_one PASSED                              [ 10%]
tests/offline/test_push.py::test_two FAILED                              [ 20%]

=================================== FAILURES ===================================
FAILED tests/offline/test_push.py::test_two - assert 1 == 2
"""


def test_the_test_that_failed_is_named() -> None:
    assert first_failed(OUTPUT) == "tests/offline/test_push.py::test_two"
    assert first_failed(b"1 error in 0.1s") == ""


def test_the_test_that_did_not_end_is_named() -> None:
    assert last_started(OUTPUT[:80] + b"\ntests/offline/test_pull.py::test_three ") == (
        "tests/offline/test_pull.py::test_three"
    )
    assert last_started(b"") == "none that had begun"
