"""What is counted with the resident's leave: numbers by name, never who, when or what was written (L1, L2, M6)."""

from enum import StrEnum

NAMES = (
    "installs",
    "contact.chat",
    "contact.message",
    "contact.ombudsman",
    *(f"solved.{how}" for how in ("yes", "partly", "no")),
    *(f"returned.{why}" for why in ("no_answer", "not_understood", "wrong_place", "goes_on")),
    *(f"app.{mark}" for mark in ("good", "fair", "poor")),
    *(f"service.{mark}" for mark in ("good", "fair", "poor")),
    "duplicate.avoided",
)
"""Everything that may be counted; nothing else ever leaves."""


class Reason(StrEnum):
    """Why somebody comes back to the same matter (row L2)."""

    NO_ANSWER = "no_answer"
    NOT_UNDERSTOOD = "not_understood"
    WRONG_PLACE = "wrong_place"
    GOES_ON = "goes_on"


class Mark(StrEnum):
    """How the app or the service was."""

    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"
