"""Words that may mean haste bring a calm prompt with the numbers to call; nothing is blocked (row A3)."""

import flet as ft

from app.components import notice, use_text
from app.config import Region
from app.domain.finding import red_flags
from app.views.support import contact


def haste(region: Region, text: str, id: str, chat: bool = False) -> list[ft.Control]:
    """The prompt, when ``text`` has such words in the language that is shown. ``chat``: it is read when one's turn
    comes, and not later."""
    t = use_text()
    words = red_flags(text, region.red_flags(t.language))
    if not words:
        return []
    body, kept = (
        ("chat.haste", "chat.haste.kept") if chat else ("messages.red_flag.body", "messages.red_flag.kept")
    )
    return [
        notice(
            "warning",
            t("messages.red_flag.title"),
            [t(body, words=", ".join(words)), t(kept)],
            contact(region),
            id=id,
        )
    ]
