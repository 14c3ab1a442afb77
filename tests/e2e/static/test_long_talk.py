"""The place in a long chat, word for word as in served mode, with Python in the page."""

from tests.e2e.test_long_talk import test_a_long_chat_opens_at_its_newest_and_keeps_ones_place

__all__ = ["test_a_long_chat_opens_at_its_newest_and_keeps_ones_place"]
