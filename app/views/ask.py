"""From something in one's data to a message about it: to whom, and what it already says (rows E6, E10)."""

import flet as ft

from app.components import button, section, stack, text, use_text
from app.domain.record import Entry
from app.platform.window import go
from app.stores.own import Own
from app.stores.stores import Stores
from app.views.record_words import name_of, when_of

GENERAL = "terveysasema"


def service_named(stores: Stores, unit: str) -> str:
    """The id of the service called ``unit``; the first that takes messages where there is none."""
    services = [service for service in stores.services.all.value or () if service.takes_messages]
    exact = next((service.id for service in services if unit and service.name == unit), "")
    general = next((service.id for service in services if service.id == GENERAL), "")
    return exact or general or next((service.id for service in services), "")


def write(stores: Stores, own: Own, unit: str, subject: str, words: str) -> None:
    """Open a message that is begun already; without a service to write to, the list of them."""
    service = service_named(stores, unit)
    if not service:
        go("/messages/new")
        return
    go(f"/messages/draft/{own.messages.start(service, subject=subject, text=words)}")


def ask_about(stores: Stores, own: Own, entry: Entry) -> ft.Control:
    """Ask about an entry, or tell that something in it is wrong."""
    t = use_text()
    named = {"name": name_of(entry), "day": when_of(entry)}

    def ask() -> None:
        write(stores, own, entry.unit, t("record.ask.subject", **named), t("record.ask.text", **named))

    def correct() -> None:
        write(
            stores, own, entry.unit, t("record.mistake.subject", **named), t("record.mistake.text", **named)
        )

    actions = [
        button("record.ask", t("record.ask"), ask, "secondary", ft.Icons.FORUM_OUTLINED),
        button("record.mistake", t("record.mistake"), correct, "quiet", ft.Icons.EDIT_NOTE),
    ]
    return section(
        t("record.ask.title"), [stack([*actions, text(t("record.mistake.hint"), "muted")], gap="xs")]
    )
