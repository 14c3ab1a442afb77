"""The rooms of the app, as the bottom bar and the rail show them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import flet as ft

from app.components import Destination

if TYPE_CHECKING:  # what only somebody signed in has is imported when they are
    from app.stores.own import Own


def _none(own: Own) -> int:
    return 0


def _unread(own: Own) -> int:
    return own.messages.unread.value or 0


def _offers(own: Own) -> int:
    return len(own.appointments.offers())


@dataclass(frozen=True)
class Room:
    """One room: ``name`` as in ``nav.<name>``, where it begins, and who sees it in the navigation.

    ``feature``: the region can switch it off by that name. ``count``: how many things wait in it.
    """

    name: str
    address: str
    icon: Any
    selected_icon: Any
    signed_in: bool = True
    guest: bool = False
    feature: str = ""
    count: Callable[[Own], int] = _none


ROOMS = (
    Room("home", "/", ft.Icons.HOME_OUTLINED, ft.Icons.HOME, guest=True),
    Room("messages", "/messages", ft.Icons.MAIL_OUTLINE, ft.Icons.MAIL, feature="messages", count=_unread),
    Room(
        "appointments",
        "/appointments",
        ft.Icons.EVENT_OUTLINED,
        ft.Icons.EVENT,
        feature="appointments",
        count=_offers,
    ),
    Room(
        "pathways",
        "/pathways",
        ft.Icons.ROUTE_OUTLINED,
        ft.Icons.ROUTE,
        guest=True,
        feature="pathways",
    ),
    Room("record", "/record", ft.Icons.FOLDER_SHARED_OUTLINED, ft.Icons.FOLDER_SHARED, feature="record"),
    Room("services", "/services", ft.Icons.SEARCH, ft.Icons.SEARCH, signed_in=False, guest=True),
)
"""Five at most for who is signed in: a phone has no room for more."""


def address_of(room: str) -> str:
    """Where the room called ``room`` begins."""
    return next(one.address for one in ROOMS if one.name == room)


def destinations(
    t: Callable[[str], str], own: Own | None, features: dict[str, bool]
) -> tuple[Destination, ...]:
    """What the navigation shows to a guest (``own`` None) or to who is signed in."""
    return tuple(
        Destination(
            f"nav.{room.name}",
            t(f"nav.{room.name}"),
            room.icon,
            room.selected_icon,
            count=room.count(own) if own is not None else 0,
        )
        for room in ROOMS
        if (room.guest if own is None else room.signed_in) and features.get(room.feature, not room.feature)
    )
