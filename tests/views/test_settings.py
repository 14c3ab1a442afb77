"""Choices that take effect at once, and the two ways of signing out (rows K1 to K5, J4, M3)."""

import asyncio

import flet as ft
import pytest

from app.components import make_look
from app.platform.preferences import MemoryPreferences
from app.stores.session import Parting, SessionState
from app.stores.settings import Settings as Choices
from tests.views.examples import LANGUAGES, County, first
from tests.views.fakes import BACK


async def test_settings_signed_in_and_not(county: County) -> None:
    """The same choices for everybody; who is signed in is said, and help with the app is there."""
    screen = await county.open("/settings")
    async for _ in screen.languages():
        screen.check("settings")
        assert screen.says("settings.not_signed_in")
        assert not screen.has("settings.sign-out")
    await screen.go("/")
    await screen.sign_in("aino")
    await screen.go("/settings")

    async for _ in screen.languages():
        screen.check("settings")
        assert screen.says("settings.signed_in_as", name="Aino Virtanen")
        assert screen.has("support.call")
        assert screen.says("settings.version", version="1.2.3")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_language(county: County, language: str) -> None:
    """At once, on every screen, and for the tab itself."""
    screen = await county.signed_in("aino", "/settings")

    await screen.choose("settings.language", language)

    screen.check("settings")
    assert screen.says("settings.title")
    assert screen.t.language == language
    assert screen.page.title == county.region.app_name(language)
    assert screen.page.locale_configuration.current_locale.language_code == language.partition("_")[0]
    await screen.go("/services")
    screen.check("services")
    assert screen.t.language == language


@pytest.mark.parametrize(("size", "scale"), [("large", 1.25), ("larger", 1.5), ("largest", 2.0)])
async def test_text_size(county: County, size: str, scale: float) -> None:
    """At once, and it stays when one goes elsewhere."""
    screen = await county.open("/settings")

    await screen.choose("settings.text-size", size)
    assert screen.ui.look.scale == scale
    await screen.go("/services")

    screen.check("services")
    assert screen.ui.look.scale == scale
    body = make_look().style("body").size
    assert body is not None
    assert body * scale in {text.style.size for text in screen.find(ft.Text) if text.style}


async def test_contrast_and_brightness(county: County) -> None:
    """The palette changes at once; "as the device" follows the device."""
    screen = await county.open("/settings")
    colours = county.region.colours

    await screen.choose("settings.brightness", "dark")
    assert screen.ui.look.colours.background == colours["dark"]["background"]
    assert screen.page.theme_mode.value == "dark"
    await screen.choose("settings.high-contrast", "yes")
    assert screen.ui.look.colours.background == colours["high-contrast-dark"]["background"]
    await screen.choose("settings.brightness", "light")
    assert screen.ui.look.colours.background == colours["high-contrast-light"]["background"]
    await screen.choose("settings.brightness", "system")
    screen.stores.settings.device_is(True)
    await screen.settle()
    assert screen.ui.look.colours.background == colours["high-contrast-dark"]["background"]
    screen.check("settings")
    await screen.go("/")
    assert screen.ui.look.contrast


async def test_signing_out_and_keeping(county: County) -> None:
    """Two taps; the next sign-in finds the draft again."""
    screen = await county.signed_in("aino")
    await screen.write_to(screen.stores.services.name("terveysasema"), "Selkä")
    await screen.go("/settings")

    await screen.tap("settings.sign-out")
    async for _ in screen.languages():
        screen.check("settings")
        assert screen.says("signout.lead")
        assert screen.says("signout.lose_drafts", n=1)
    await screen.tap("signout.keep")

    screen.check("welcome")
    assert screen.says("signout.done_kept")
    assert screen.stores.session.state is SessionState.SIGNED_OUT
    assert screen.stores.session.own is None
    assert not screen.has("nav.messages")
    await screen.sign_in("aino")
    await screen.go("/messages")
    assert "Selkä" in screen.texts


async def test_signing_out_and_erasing_asks_about_what_would_be_lost(county: County) -> None:
    """A draft and a message that waits are counted; without a tick there is no erasing; then all is gone."""
    screen = await county.signed_in("aino")
    await county.offline()
    await screen.write_to(screen.stores.services.name("terveysasema"), "Ensimmäinen")
    await screen.tap("messages.send")
    await screen.write_to(screen.stores.services.name("terveysasema"), "Toinen")
    await screen.go("/settings")

    await screen.tap("settings.sign-out")

    async for _ in screen.languages():
        screen.check("settings")
        assert screen.says("signout.lose_drafts", n=1)
        assert screen.says("signout.lose_waiting", n=1)
        assert screen.control("signout.erase").disabled
        assert screen.says("signout.lose_confirm_missing")
    await county.offline(False)
    await screen.choose("signout.sure", True)
    await screen.tap("signout.erase")

    screen.check("welcome")
    assert screen.says("signout.done_erased")
    assert list(county.data.rglob("*.db*")) == []
    assert list((county.data / "salts").iterdir()) == []
    await screen.sign_in("aino")
    await screen.go("/messages")
    assert not {"Ensimmäinen", "Toinen"} & set(screen.texts)


async def test_erasing_when_nothing_is_lost_needs_no_tick(county: County) -> None:
    """What has been sent is at the platform."""
    screen = await county.signed_in("aino")
    await screen.write_to(screen.stores.services.name("terveysasema"), "Selkä")
    await screen.tap("messages.send")
    await screen.go("/settings")

    await screen.tap("settings.sign-out")
    assert not screen.has("signout.sure")
    await screen.tap("signout.erase")

    screen.check("welcome")
    await screen.sign_in("aino")
    assert "Selkä" in screen.texts


async def test_staying(county: County) -> None:
    """Nothing happens."""
    screen = await county.signed_in("aino", "/settings")

    await screen.tap("settings.sign-out")
    await screen.tap("signout.stay")

    screen.check("settings")
    assert not screen.has("signout")
    assert screen.own.person_id == county.patient("aino")


async def test_signing_out_without_a_connection(county: County) -> None:
    """It works: nobody is signed in afterwards."""
    screen = await county.signed_in("aino", "/settings")
    await county.offline()

    await screen.tap("settings.sign-out")
    await screen.tap("signout.keep")

    screen.check("welcome")
    assert screen.says("signout.done_kept")
    assert not screen.has("signout.elsewhere")
    assert screen.stores.session._tokens.tokens is None


async def test_the_identification_can_be_ended_too(county: County) -> None:
    """The provider forgets the browser and leads back; the next sign-in takes the words away."""
    screen = await county.signed_in("aino", "/settings")
    await screen.tap("settings.sign-out")
    await screen.tap("signout.keep")

    async for _ in screen.languages():
        screen.check("welcome")
        assert screen.says("signout.elsewhere")
    await screen.tap("signout.elsewhere")

    assert screen.way.answer == BACK.removesuffix("callback")
    assert not screen.has("signout.elsewhere")
    await screen.sign_in("aino")
    await screen.go("/settings")
    await screen.tap("settings.sign-out")
    await screen.tap("signout.stay")
    assert screen.stores.session.parting is Parting.NONE


async def test_signing_out_can_send_what_waits_first(county: County) -> None:
    """Offline it says what is still left and that it is kept; with a connection everything goes, once."""
    screen = await county.signed_in("aino")
    await county.offline()
    await screen.write_to(screen.stores.services.name("terveysasema"), "Selkä")
    await screen.tap("messages.send")
    await screen.go("/settings")
    await screen.tap("settings.sign-out")

    await screen.tap("signout.send")
    async for _ in screen.languages():
        screen.check("settings")
        assert screen.says("signout.send_left", n=1)
    await screen.tap("signout.stay")
    await county.offline(False)
    await screen.tap("settings.sign-out")
    await screen.tap("signout.send")

    async for _ in screen.languages():
        screen.check("settings")
        assert screen.says("signout.send_done")
        assert not screen.has("signout.lose")
    await screen.tap("signout.erase")
    screen.check("welcome")
    assert [t.subject for t in county.platform.clinic.threads()].count("Selkä") == 1


async def test_who_leaves_while_it_is_being_sent_leaves_in_peace(county: County) -> None:
    """The round that the resident asked for ends with the sign-out; what was not settled waits for the next sign-in."""
    screen = await county.signed_in("aino")
    await county.offline()
    await screen.write_to(screen.stores.services.name("terveysasema"), "Selkä")
    await screen.tap("messages.send")
    await county.offline(False)
    await screen.go("/settings")
    await screen.tap("settings.sign-out")
    free = county.wire.hold("/fhir")
    sending = asyncio.create_task(screen.tap("signout.send"))
    await screen.settle()

    await screen.tap("signout.keep")
    free()
    await sending

    screen.check("welcome")
    assert not screen.has("fault")
    await screen.sign_in("aino")
    await screen.own.send_now()
    assert [t.subject for t in county.platform.clinic.threads()].count("Selkä") == 1


@pytest.mark.parametrize(
    ("route", "control"), [("/appointments", "appointment.wait"), ("/forms", "forms.task")]
)
async def test_what_was_asked_for_and_comes_when_they_are_gone(
    county: County, route: str, control: str
) -> None:
    """A time that is waited for, what a form needs of the server: it finds nobody, and nothing fails."""
    screen = await county.signed_in("aino", route)
    if route == "/appointments":
        await screen.tap(first(screen, "appointments.card"))
    free = county.wire.hold("/fhir", "/auth")
    asking = asyncio.create_task(screen.tap(first(screen, control)))
    await screen.settle()

    await screen.go("/settings")
    await screen.tap("settings.sign-out")
    leaving = asyncio.create_task(screen.tap("signout.keep"))
    await screen.settle()
    free()
    await asyncio.gather(asking, leaving)
    await screen.settle()

    screen.check("welcome")
    assert not screen.has("fault")


@pytest.mark.parametrize(
    ("asked", "language"),
    [(("sv-FI", "fi"), "sv"), (("de-DE", "en-GB"), "en"), (("ru",), "fi"), ((), "fi"), (("",), "fi")],
)
def test_the_first_language_is_the_one_that_the_device_asks_for(
    asked: tuple[str, ...], language: str
) -> None:
    """Among those of the region; what was chosen in the app wins."""
    languages = ("fi", "sv", "en", "fi_selko")
    assert Choices(MemoryPreferences(), languages, asked=asked).language == language
    chosen = Choices(MemoryPreferences({"language": "fi_selko"}), languages, asked=asked)
    assert chosen.language == "fi_selko"
    assert chosen.languages == languages
