"""The same proof for the static client, where the browser itself talks to the platform."""

from tests.e2e.test_anonymity import test_nothing_that_identifies_leaves_the_browser_or_stays_in_it

__all__ = ["test_nothing_that_identifies_leaves_the_browser_or_stays_in_it"]
