"""The journeys of served mode, word for word, with the static client."""

from tests.e2e.test_first_journey import (
    test_a_lost_answer_is_not_a_second_message,
    test_everything_that_was_sent_is_valid_r4,
    test_from_first_screen_to_the_answer,
    test_offline_message_waits_and_is_sent_exactly_once,
    test_sign_in_that_ends_in_the_middle_of_writing,
)

__all__ = [
    "test_a_lost_answer_is_not_a_second_message",
    "test_everything_that_was_sent_is_valid_r4",
    "test_from_first_screen_to_the_answer",
    "test_offline_message_waits_and_is_sent_exactly_once",
    "test_sign_in_that_ends_in_the_middle_of_writing",
]
