"""What one needs to take part: stored once on the device, attached to each booking (row C10)."""

import flet as ft

from app.components import Screen, checkbox, component, section, stack, text, text_field, use_text
from app.domain.preparing import FLAGS, Needs, Notes
from app.stores.appointments import Appointments
from app.stores.base import Resource
from app.stores.own import Own

LONGEST = 200


@component
def NeedsScreen(own: Own) -> ft.Control:
    """``/appointments/needs``."""
    t = use_text()
    return Screen(
        "needs",
        t("needs.title"),
        [text(t("needs.lead"), "lead"), NeedsForm(own.appointments, own.appointments.notes)],
        back="/appointments",
    )


@component
def NeedsForm(appointments: Appointments, notes: Resource[Notes]) -> ft.Control:
    """Kept as it is said."""
    t = use_text()
    needs = appointments.needs

    def keep(**changes: object) -> None:
        appointments.keep_needs(Needs.model_validate({**appointments.needs.model_dump(), **changes}))

    flags = [_flag(name, getattr(needs, name), keep) for name in FLAGS]
    interpreter = text_field(
        "needs.interpreter",
        t("needs.interpreter"),
        needs.interpreter,
        lambda words: keep(interpreter=words[:LONGEST]),
        description=t("needs.interpreter_hint"),
        max_length=40,
    )
    other = text_field(
        "needs.other", t("needs.other"), needs.other, lambda words: keep(other=words), max_length=LONGEST
    )
    return stack([section(t("needs.help"), [stack(flags, gap="xs")]), interpreter, other])


def _flag(name: str, on: bool, keep: object) -> ft.Control:
    assert callable(keep)
    return checkbox(f"needs.{name}", use_text()(f"needs.{name}"), on, lambda new: keep(**{name: new}))
