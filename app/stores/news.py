"""What must be told when somebody has signed in."""

from enum import Enum, auto


class News(Enum):
    """What the resident must be told about this device at sign-in.

    LOCKED: what was here cannot be opened and was set aside; SALVAGED: it was damaged, and what exists nowhere else
    was saved; OTHER_PERSON: somebody else was signed in before, whose data stay hidden.
    """

    NONE = auto()
    LOCKED = auto()
    SALVAGED = auto()
    OTHER_PERSON = auto()
