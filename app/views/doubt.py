"""A booking of which it is not known whether it succeeded (row C2)."""

import flet as ft

from app.components import button, component, notice, use_text
from app.stores.base import Action, Status
from app.stores.booking import Booking
from app.views.support import nothing


@component
def Doubt(booking: Booking, settle: Action[[]]) -> ft.Control:
    """Says so wherever one could book again, and looks when asked; nothing while all is well."""
    t = use_text()
    if not booking.doubt:
        return nothing()

    async def look() -> None:
        await settle.run()

    busy = settle.status is Status.RUNNING
    again = button("booking.settle", t("booking.doubt_look"), look, "secondary", ft.Icons.REFRESH, busy=busy)
    lines = [t("booking.doubt_hint"), t("booking.doubt_call")]
    return notice("warning", t("booking.doubt"), lines, [again], id="booking.doubt")
