"""Where somebody lives, so that the services of their municipality come first (row A4)."""

import flet as ft

from app.components import select, text, use_text
from app.stores.municipality import KEY, chosen_municipality
from app.stores.stores import Stores
from app.views.support import nothing

ANY = "any"


def municipality_of_list(stores: Stores) -> ft.Control:
    """For whose municipality a list of services is: from the resident's own data, else a field to choose. A hook: call
    it each time a component is drawn."""
    t, region, own = use_text(), stores.region, stores.session.own
    here = chosen_municipality(region, stores.settings)
    _, redraw = ft.use_state(here)
    known = own.resident.value.municipality if own is not None and own.resident.value else ""
    if known:
        words = t("services.municipality_own", name=region.municipality(known, t.language))
        return text(words, "muted", id="services.municipality-own")
    if not region.municipalities:
        return nothing()

    def choose(name: str) -> None:
        stores.settings.remember(KEY, "" if name == ANY else name)
        redraw(name)

    options = [(one("fi"), one(t.language)) for one in region.municipalities]
    return select(
        "services.municipality",
        t("services.municipality"),
        [(ANY, t("services.municipality_any")), *sorted(options, key=lambda pair: pair[1].casefold())],
        here or ANY,
        choose,
        t("services.municipality_hint"),
    )
