"""Everything a resource says, as it came: nothing of a person's data is left out."""

import flet as ft

from app.components import component, disclosure, text, use_text
from app.domain.record import Entry, Fact
from app.stores.own import Own
from app.views.parts import Pages, pairs


@component
def AllFacts(own: Own, entry: Entry) -> ft.Control:
    """Opened by a button, for hardly anybody needs it."""
    t = use_text()
    opened, set_opened = ft.use_state(False)
    return disclosure(
        "record.facts",
        t("record.facts"),
        opened,
        lambda: set_opened(not opened),
        _shown(own, entry) if opened else [],
    )


def _shown(own: Own, entry: Entry) -> list[ft.Control]:
    rows = own.record.facts(entry)
    return [
        text(use_text()("record.facts.hint"), "small"),
        Pages("record.facts.more", rows, _fact, "record.more"),
    ]


def _fact(fact: Fact) -> ft.Control:
    return pairs([(fact.path, fact.value)])
