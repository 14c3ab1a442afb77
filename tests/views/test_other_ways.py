"""Digital is never the only way: every screen and every failure names another one (row L4).

A place counts as having another way when a telephone number that the county answers is on it and can be called; where
a service is meant, also its hours, its call-back and its address, or that they are not known.
"""

import re

import flet as ft

from app.views.routes import routes
from tests.views.examples import County, Visit

AWAY = ("callback", "unlock", ":lost*")  # on the way in, and what is shown for any other address


def addresses() -> list[str]:
    """Every address of the map; what varies in one leads nowhere."""
    paths = [route.path for route in routes(False) if route.path and route.path not in AWAY]
    return ["/", *(f"/{re.sub(':[^/]+', 'none', path)}" for path in paths), "/nowhere/at-all"]


def numbers(screen: Visit) -> set[str]:
    """What can be called from here."""
    opened = (c.action for c in screen.find() if isinstance(getattr(c, "action", None), ft.OpenUrl))
    return {str(one.url) for one in opened if str(one.url).startswith("tel:")}


async def check(screen: Visit) -> None:
    """From every screen one can call."""
    for route in addresses():
        await screen.go(route)
        assert not screen.crashed, route
        assert {"tel:112", "tel:116117"} <= numbers(screen), route


async def test_a_guest_can_call_from_every_screen(county: County) -> None:
    await check(await county.open())


async def test_who_is_signed_in_can_call_from_every_screen(county: County) -> None:
    await check(await county.signed_in("aino"))


async def test_nothing_that_failed_to_load_takes_the_telephone_away(county: County) -> None:
    screen = await county.signed_in("aino")
    await county.offline()
    await check(screen)


async def test_every_service_tells_telephone_hours_call_back_and_address(county: County) -> None:
    """Or says plainly that one of them is not known; the promise of the call-back is the service's own."""
    screen = await county.open("/services")
    for service in screen.stores.services.all.value or ():
        await screen.go(f"/services/{service.id}")
        words = " ".join(screen.texts)
        unknown = screen.t("common.not_known")
        assert (f"tel:{service.phone.replace(' ', '')}" in numbers(screen)) or unknown in words, service.id
        assert screen.t("services.hours") in words
        assert service.address in words or unknown in words, service.id
        if service.callback_hours is not None:
            assert screen.says("services.callback", n=service.callback_hours), service.id


async def test_dead_ends_of_chats_lead_to_a_telephone_and_to_the_message(county: County) -> None:
    """Closed, not joined, left: the service's own number is there."""
    screen = await county.signed_in("aino", "/chat/new/terveysasema")
    number = "tel:0300" + "00101"
    await screen.choose("chat.whose", "other")
    assert number in numbers(screen)
    await screen.choose("chat.whose", "me")
    await screen.type("chat.text", "Kuume nousi.")
    await county.offline()
    await screen.tap("chat.join")
    await screen.look_again()
    assert number in numbers(screen)
    await county.offline(False)
    await screen.move(hours=12)
    await screen.go("/chat/new/terveysasema")
    assert number in numbers(screen)
    assert screen.has("chat.write-instead")
