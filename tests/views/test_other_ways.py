"""Digital is never the only way: every screen and every failure names another one (row L4).

A place counts as having another way when a telephone number that the county answers is on it and can be called; where
a service is meant, also its hours, its call-back and its address, or that they are not known.
"""

import re
from collections.abc import Iterator

import flet as ft
import pytest

from app.components import component
from app.components.errors import error_panel, problem_key
from app.errors import AppError, Refused
from app.stores.base import Action, Resource, Status
from app.views.routes import routes
from tests.headless import Screen
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


def kinds(of: type[AppError] = AppError) -> Iterator[type[AppError]]:
    """Every kind of failure there is, also one that is added later."""
    for kind in of.__subclasses__():
        yield kind
        yield from kinds(kind)


def problem(kind: type[AppError]) -> AppError:
    """One of its kind."""
    return Refused(422) if kind is Refused else kind()


KINDS = (AppError, *kinds())


def parts(thing: object, seen: set[int]) -> Iterator[object]:
    """Everything a store is made of that can fail, found by looking."""
    for one in vars(thing).values() if hasattr(thing, "__dict__") else ():
        if id(one) in seen or not type(one).__module__.startswith("app.stores"):
            continue
        seen.add(id(one))
        if isinstance(one, Resource | Action):
            yield one
        else:
            yield from parts(one, seen)


def fail(screen: Visit, kind: type[AppError]) -> int:
    """Nothing could be fetched or done, and nothing is remembered; how many things that are."""
    found = list(parts(screen.stores, set()))
    for one in found:
        if isinstance(one, Resource):
            one.hold(True)
            one.value, one.as_of, one.problem = None, None, problem(kind)
        elif isinstance(one, Action):
            one.status, one.problem = Status.FAILED, problem(kind)
    return len(found)


async def test_nothing_that_failed_takes_the_telephone_away(county: County) -> None:
    """Every screen in a failure, every kind of failure on some screens."""
    screen = await county.signed_in("aino")
    await county.offline()
    for number, kind in enumerate(KINDS):
        assert fail(screen, kind) > 40
        for route in addresses()[number :: len(KINDS)]:
            await screen.go(route)
            assert not screen.crashed, (route, kind)
            assert {"tel:112", "tel:116117"} <= numbers(screen), (route, kind)


@pytest.mark.parametrize("kind", KINDS)
async def test_every_failure_tells_what_to_try_and_another_way(kind: type[AppError]) -> None:
    """What happened, that nothing was lost, what to try, another channel, urgent help: in these words or its own."""
    screen = Screen(component(error_panel), problem(kind), "Kirjoittamasi on tallessa.")
    await screen.settle()
    key, words = problem_key(problem(kind)), " ".join(screen.texts)
    for told in (f"kit.error.{key}.what", f"kit.error.{key}.try", "kit.error.channel", "kit.error.urgent"):
        assert screen.ui.catalog(told) in words
    assert "Kirjoittamasi on tallessa." in words


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
