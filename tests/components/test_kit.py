"""The kit in the hands of a resident: names, states, values."""

import flet as ft

from app.components import button, component, select, text, text_field
from headless import Screen


@component
def Form():  # noqa: ANN201
    name, set_name = ft.use_state("")
    town, set_town = ft.use_state("")
    sent, set_sent = ft.use_state(0)
    return ft.Column(
        [
            text_field(
                "form.name", "Nimi", name, set_name, required=True, error="" if name else "Kirjoita nimesi"
            ),
            select("form.town", "Kunta", [("lahti", "Lahti"), ("asikkala", "Asikkala")], town, set_town),
            button(
                "form.send",
                "Lähetä",
                lambda: set_sent(sent + 1),
                disabled_because="" if name else "Nimi puuttuu",
            ),
            text(f"{name} {town} {sent}"),
        ]
    )


async def test_what_is_written_and_chosen_is_kept() -> None:
    """Inputs report their values and show them."""
    screen = Screen(Form)

    await screen.type("form.name", "Aino")
    await screen.choose("form.town", "lahti")
    await screen.tap("form.send")

    assert "Aino lahti 1" in screen.texts


async def test_a_disabled_button_says_why() -> None:
    """The reason stands in the page."""
    screen = Screen(Form)

    assert screen.control("form.send").disabled
    assert "Nimi puuttuu" in screen.texts
    assert "Kirjoita nimesi" in screen.texts
    assert "Nimi (pakollinen)" in screen.texts
