"""What one's pathways have for today, on Home (row G2)."""

import flet as ft

from app.components import button, component, section, stack, use_text
from app.pathways.journey import Journey
from app.pathways.library import Pathway
from app.pathways.progress import State
from app.platform.window import go
from app.stores.base import Action, Resource
from app.stores.journeys import Journeys
from app.stores.own import Own
from app.stores.stores import Stores
from app.views.pathway_parts import step_card
from app.views.pathways import GuestNotice
from app.views.support import cards, keyed, nothing

SHOWN = 4


def pathways_today(stores: Stores, own: Own) -> ft.Control:
    """Steps that can be done today, and what a guest began on this device."""
    if not stores.region.has("pathways"):
        return nothing()
    pathways = stores.pathways
    return Today(
        stores,
        own.pathways,
        own.pathways.all,
        pathways.guest.all,
        pathways.all,
        pathways.bring,
        key="pathways",
    )


@component
def Today(
    stores: Stores,
    journeys: Journeys,
    own: Resource[tuple[Journey, ...]],
    guest: Resource[tuple[Journey, ...]],
    pathways: Resource[tuple[Pathway, ...]],
    bring: Action[[]],
) -> ft.Control:
    """Nothing while there is nothing to do: no reproach either. What is reminded of stands above, once."""
    t = use_text()
    ft.use_effect(stores.pathways.look.run, [])
    told = {(one.journey.id, one.reminder.turn.key) for one in stores.pathways.due()}
    found = [one for one in stores.pathways.tasks_today() if (one[1].id, one[2].key) not in told]
    today = stores.pathways.today()
    parts: list[ft.Control] = []
    if stores.pathways.waiting_here():
        parts.append(GuestNotice(stores, guest, bring))
    if found:
        made = [
            keyed(
                f"{journey.id}/{turn.key}",
                step_card(pathway, turn, State.NOW, today, pathway.texts.title, id="home.pathway-step"),
            )
            for pathway, journey, turn in found[:SHOWN]
        ]
        words = t("pathways.home_more", n=len(found) - SHOWN)
        rest = button("home.pathways-more", words, lambda: go("/pathways"), "quiet")
        more = [rest] if len(found) > SHOWN else []
        parts.append(section(t("pathways.home_today"), [cards(made), *more], id="home.pathways-today"))
    return stack(parts) if parts else nothing()
