"""The notification of the turn, word for word as in served mode, with Python in the page."""

from tests.e2e.test_turn_notification import (
    tab,
    test_no_leave_is_told_in_words,
    test_the_turn_is_notified_while_another_tab_is_looked_at,
)

__all__ = [
    "tab",
    "test_no_leave_is_told_in_words",
    "test_the_turn_is_notified_while_another_tab_is_looked_at",
]
