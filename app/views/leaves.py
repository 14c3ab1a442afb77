"""What leaves this device: what was really sent in an anonymous matter, and what never is (row B1)."""

from collections.abc import Sequence

import flet as ft

from app.components import component, disclosure, stack, text, use_text
from app.domain.ombudsman import Left
from app.views.support import told

NEVER = ("name", "account", "device", "place", "notification")


def leaves(left: Sequence[Left]) -> ft.Control:
    """The panel; it is drawn from the note of every request."""
    return Leaves(tuple(left))


@component
def Leaves(left: tuple[Left, ...]) -> ft.Control:
    """See leaves."""
    t = use_text()
    opened, toggle = ft.use_state(False)
    sent = [told(ft.Icons.NORTH_EAST, text(_line(one))) for one in left]
    nothing = [text(t("ombudsman.leaves.none"), "muted")]
    never = [told(ft.Icons.BLOCK, text(t(f"ombudsman.leaves.not.{what}"))) for what in NEVER]
    return disclosure(
        "ombudsman.leaves",
        t("ombudsman.leaves"),
        opened,
        lambda: toggle(not opened),
        [
            text(t("ombudsman.leaves.sent"), "label"),
            *(sent or nothing),
            text(t("ombudsman.leaves.never"), "label"),
            *never,
            text(t("ombudsman.leaves.network"), "small"),
        ],
    )


def _line(one: Left) -> str:
    t = use_text()
    words = [t(f"ombudsman.leaves.what.{what}", n=one.characters) for what in one.what]
    return ", ".join(words)


def anonymity(anonymous: bool) -> ft.Control:
    """Which way one is on: stays at the top of every screen of the matter (row B2)."""
    t = use_text()
    key, mark = (
        ("anonymous", ft.Icons.VISIBILITY_OFF_OUTLINED) if anonymous else ("signed", ft.Icons.BADGE_OUTLINED)
    )
    words = stack(
        [text(t(f"ombudsman.{key}"), "label", id="ombudsman.way"), text(t(f"ombudsman.{key}.hint"), "small")],
        gap="xs",
    )
    return told(mark, words)
