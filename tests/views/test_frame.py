"""What stands around every screen: banners, the emergency line, the rooms; and addresses that lead nowhere."""

import pytest

from app.stores.base import Status
from tests.headless import Screen
from tests.views.examples import County

ROUTES = (
    "/",
    "/services",
    "/services/terveysasema",
    "/settings",
    "/messages",
    "/messages/new",
    "/outbox",
    "/nowhere",
)


async def test_the_emergency_line_is_everywhere(county: County) -> None:
    """Signed in or not, with and without a connection, on every screen."""
    screen = await county.open()
    for route in ROUTES:
        await screen.go(route)
        screen.check()
    await screen.go("/")
    await screen.sign_in("aino")
    await county.offline()
    for route in ROUTES:
        await screen.go(route)
        screen.check()


async def test_offline_banner(county: County) -> None:
    """Comes and goes by itself; while signed out it says what works."""
    screen = await county.open("/services")
    await county.offline()
    await screen.move(hours=1)
    async for _ in screen.languages():
        screen.check("services")
        assert screen.says("offline.banner_signed_out")
    await county.offline(False)
    for _ in range(3):
        await screen.move(minutes=6)

    assert not screen.has("offline-banner")


async def test_offline_banner_while_signed_in(county: County) -> None:
    """One can read and write."""
    screen = await county.signed_in("aino")
    await county.offline()
    await screen.move(minutes=2)

    async for _ in screen.languages():
        screen.check("home")
        assert screen.says("offline.banner")


async def test_a_sign_in_that_ends_in_the_middle_of_writing(county: County) -> None:
    """Said on the spot; the text stays; signing in again leads back to it."""
    screen = await county.signed_in("aino")
    await screen.write_to(screen.stores.services.name("terveysasema"))
    address = screen.route
    await county.tester("POST", "sign-out")
    await screen.look_again()

    async for _ in screen.languages():
        screen.check("messages.compose")
        assert screen.says("signin.expired.title")
        assert screen.says("signin.again")
        assert screen.control("messages.body").value == "Selkä on kipeä."
    await screen.sign_in("aino")

    screen.check("messages.compose")
    assert screen.route == address
    assert not screen.has("signed-out-banner")
    assert screen.control("messages.body").value == "Selkä on kipeä."
    await screen.tap("messages.send")
    screen.check("messages.conversation")


async def test_not_found(county: County) -> None:
    """An address that leads nowhere has a way home."""
    screen = await county.open("/does/not/exist")

    async for _ in screen.languages():
        screen.check("not-found")
        assert screen.says("errors.not_found.title")
    await screen.tap("to-home")
    screen.check("welcome")


@pytest.mark.parametrize("tester", [False, True])
async def test_the_gallery_is_for_testers(county: County, tester: bool) -> None:
    """Elsewhere it does not exist."""
    screen = await county.open("/gallery", tester=tester)

    assert screen.has("not-found") != tester
    assert screen.says("kit.gallery.title") == tester


@pytest.mark.parametrize("width", [320, 400, 1200])
async def test_rooms(county: County, width: float) -> None:
    """A bar or a rail; messages only for who is signed in; each leads to its room."""
    screen = await county.open(width=width)
    assert not screen.has("nav.messages")
    await screen.sign_in("aino")

    for room, id in (("nav.messages", "messages"), ("nav.record", "record"), ("nav.home", "home")):
        await screen.tap(room)
        screen.check(id)
    await screen.tap("nav.settings")
    screen.check("settings")


async def test_nothing_can_be_pressed_that_would_be_overtaken(county: County) -> None:
    """Between the sign-in and the screen it leads to there is no navigation: a tap there would be lost."""
    screen = await county.signed_in("aino")
    assert screen.has("nav.messages")

    session = screen.stores.session
    session.arrive.status = Status.RUNNING
    screen.session.apply_page_patch({"route": "/callback?code=x"})
    await screen.session.dispatch_event(screen.page._i, "route_change", {"route": "/callback?code=x"})
    await Screen.settle(screen)

    assert not screen.has("nav.messages")
