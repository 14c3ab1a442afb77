"""What was sent or booked for a step of a pathway: where it is, and the way to it (row G4)."""

from urllib.parse import parse_qs, quote, urlsplit

import flet as ft

from app.components import button, notice, use_format, use_text
from app.pathways.journey import Asked, Journey, Sent
from app.platform.window import go, here
from app.stores.stores import Stores
from app.views.appointment_card import when


def address_for(path: str, plan: str, key: str, *more: str) -> str:
    """``path`` of a form or of free times, so that what is sent or booked there is for this turn of a plan."""
    query = "&".join((*more, f"plan={quote(plan, safe='')}", f"turn={quote(key, safe='')}"))
    return f"{path}?{query}"


def asked_here(stores: Stores) -> Asked | None:
    """The turn that the address of this screen names (``address_for``), if it is the resident's."""
    query = parse_qs(urlsplit(here()).query)
    return stores.pathways.asked(query.get("plan", [""])[0], query.get("turn", [""])[0])


def sent_notice(stores: Stores, journey: Journey, key: str) -> list[ft.Control]:
    """That the form of a step is on its way, has arrived or was refused; that its appointment is booked."""
    sent = journey.sent.get(key)
    if sent is None:
        return []
    return [_booked(stores, sent) if sent.kind == "appointment" else _form(sent)]


def is_done(journey: Journey, key: str) -> bool:
    """Whether it is done by what was sent or booked for it."""
    return key in journey.sent and journey.sent[key].state == "done"


def _form(sent: Sent) -> ft.Control:
    t, formats = use_text(), use_format()
    if sent.state == "done":
        ways = [
            button(
                "pathway.sent.answer",
                t("pathways.sent.to_answer"),
                lambda: go(f"/forms/answer/{sent.id}?back={here()}"),
                "secondary",
            )
        ]
        words = t("pathways.sent.form.done", day=formats.day(formats.local(sent.at).date()))
        return notice("success", words, actions=ways, id="pathway.sent")
    press = button("pathway.sent.outbox", t("pathways.sent.to_outbox"), lambda: go("/outbox"), "secondary")
    return notice(
        "info" if sent.state == "coming" else "error",
        t(f"pathways.sent.form.{sent.state}"),
        [t(f"pathways.sent.form.{sent.state}_hint")],
        [press],
        id="pathway.sent",
    )


def _booked(stores: Stores, sent: Sent) -> ft.Control:
    t, own = use_text(), stores.session.own
    one = own.appointments.get(sent.id) if own is not None else None
    lines = [*([when(one)] if one else []), t("pathways.sent.appointment.hint")]
    press = button(
        "pathway.sent.appointment",
        t("pathways.sent.to_appointment"),
        lambda: go(f"/appointments/{sent.id}"),
        "secondary",
    )
    return notice("success", t("pathways.sent.appointment.done"), lines, [press], id="pathway.sent")
