"""Words that may mean haste bring a calm prompt with the numbers to call; nothing is blocked (row A3)."""

from typing import Literal

import flet as ft

from app.components import notice, use_text
from app.config import Region
from app.domain.finding import red_flags
from app.views.support import contact, keyed

Where = Literal["message", "chat", "search"]
_LINES: dict[Where, tuple[str, ...]] = {
    "message": ("messages.red_flag.body", "messages.red_flag.kept"),
    "chat": ("chat.haste", "chat.haste.kept"),
    "search": ("services.haste",),
}


def searched(region: Region, field: ft.Control, words: str, id: str) -> list[ft.Control]:
    """A search field and, under it, the prompt when ``words`` ask for it. It has a place of its own, so that the list
    below is not drawn anew when it comes."""
    flags = haste(region, words, id, "search")
    return [keyed("field", field), *(keyed("flags", one) for one in flags)]


def haste(region: Region, text: str, id: str, where: Where = "message") -> list[ft.Control]:
    """The prompt, when ``text`` has such words in the language that is shown. A chat is read when one's turn comes,
    and not later; what is searched for is read by nobody."""
    t = use_text()
    words = red_flags(text, region.red_flags(t.language))
    if not words:
        return []
    return [
        notice(
            "warning",
            t("messages.red_flag.title"),
            [t(line, words=", ".join(words)) for line in _LINES[where]],
            contact(region),
            id=id,
        )
    ]
