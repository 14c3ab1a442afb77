"""Words that may mean haste bring a calm prompt with the numbers to call; nothing is blocked (row A3)."""

import flet as ft

from app.components import notice, use_text
from app.config import Region
from app.domain.finding import red_flags
from app.views.support import contact


def haste(region: Region, text: str, id: str) -> list[ft.Control]:
    """The prompt, when ``text`` has such words in the language that is shown."""
    t = use_text()
    words = red_flags(text, region.red_flags(t.language))
    if not words:
        return []
    body = t("messages.red_flag.body", words=", ".join(words))
    return [
        notice(
            "warning",
            t("messages.red_flag.title"),
            [body, t("messages.red_flag.kept")],
            contact(region),
            id=id,
        )
    ]
