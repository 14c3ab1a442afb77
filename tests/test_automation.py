"""``docs/automation.md`` and the code agree on every name for machines, both ways.

The screen tests hold what they see against the list too: ``Visit.check``.
"""

import pytest

from tests.names import ANY, DOC, documented, named, told

FIXED = frozenset(
    {
        "welcome",
        "welcome.sign-in",
        "home",
        "home.new-message",
        "messages",
        "messages.recipient",
        "messages.subject",
    }
    | {
        "messages.body",
        "messages.attach",
        "messages.send",
        "messages.thread",
        "messages.state",
        "outbox",
        "settings",
    }
    | {"settings.language", "settings.sign-out", "notice", "offline-banner", "emergency"}
)
"""Names that tools of others rely on."""
MADE = frozenset({"unlock.switch-on", "unlock.change"})  # one button, named after what it does


@pytest.mark.parametrize("name", sorted(named()))
def test_every_name_in_the_code_is_documented(name: str) -> None:
    """A control without a line in the list is one that tools cannot rely on."""
    assert told(name, documented()), f"{name} is not in {DOC}"


@pytest.mark.parametrize("name", sorted(documented()))
def test_every_documented_name_is_in_the_code(name: str) -> None:
    """The list promises nothing that is not there. What the kit makes by itself (``….retry``) does not count here."""
    given = [other for other in named() if ANY in name or not other.startswith(ANY)]
    assert told(name, [*given, *MADE]), f"{name} is in {DOC} only"


def test_the_names_that_others_rely_on_are_there() -> None:
    """Fixed for the first journey."""
    assert set(documented()) >= FIXED


def test_no_name_is_listed_twice() -> None:
    """One line for each."""
    assert sorted(set(documented())) == sorted(documented())
