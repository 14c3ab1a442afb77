"""Finding conversations by words of their messages (row A11). Works on what is on the device; pure functions.

Words are compared as people write them: any case, without dots on letters, and by their beginning, so that "resept"
and "reseptini" find "reseptiä". Every word that was typed must be somewhere in the conversation.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from app.domain.finding import plainly, words
from app.domain.messages import Message, Thread

_LONG = 6  # letters from which the end of a word may be another form's
_SHARE = 0.7  # of a long word that its other forms begin with
_BEFORE, _AFTER = 40, 100  # characters shown around what was found


class Passage(NamedTuple):
    """A piece of a conversation. ``message`` None: its subject, the service it is with, or what was agreed."""

    plain: str
    message: Message | None


class Hit(NamedTuple):
    """A conversation that was found, and where: the newest message with one of the words, as a short piece."""

    thread: Thread
    message: Message | None
    snippet: str


def passages(thread: Thread, about: str) -> tuple[Passage, ...]:
    """What can be searched in a thread, ready to be compared. ``about``: with whom it is, and what was agreed."""
    whole = Passage(plainly(f"{thread.subject} {about}"), None)
    return (whole, *(Passage(plainly(_words_of(message)), message) for message in thread.messages))


def found(thread: Thread, searched: Sequence[Passage], query: str) -> Hit | None:
    """Where all words of ``query`` are; None when one is nowhere, or when there are none."""
    wanted = [_pattern(word) for word in words(query)]
    fitting = [passage for passage in searched if any(word.search(passage.plain) for word in wanted)]
    if not wanted or not all(any(word.search(p.plain) for p in fitting) for word in wanted):
        return None
    message = next((p.message for p in reversed(fitting) if p.message is not None), None)
    return Hit(thread, message, _snippet(message.text, wanted) if message else "")


def _words_of(message: Message) -> str:
    files = (attachment.name for attachment in message.attachments)
    return " ".join((message.text, message.sender_name, message.sender_role, message.unit, *files))


def _pattern(word: str) -> re.Pattern[str]:
    """The beginning of a word: all of a short one, most of a long one."""
    beginning = word if len(word) < _LONG else word[: max(_LONG - 1, int(len(word) * _SHARE))]
    return re.compile(rf"\b{re.escape(beginning)}")


def _snippet(text: str, wanted: Iterable[re.Pattern[str]]) -> str:
    """The text around the first of the words, cut between words; its beginning when they are elsewhere."""
    line = " ".join(text.split())
    plain = plainly(line)
    at = min((match.start() for word in wanted if (match := word.search(plain))), default=0)
    start = 0 if at <= _BEFORE else line.rfind(" ", 0, at - _BEFORE + 10) + 1
    end = len(line) if len(line) - start <= _AFTER + _BEFORE else line.rfind(" ", start, at + _AFTER)
    end = end if end > at else min(len(line), at + _AFTER)
    return f"{'… ' if start else ''}{line[start:end]}{' …' if end < len(line) else ''}"
