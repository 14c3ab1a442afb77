"""The first screen, signing in, and all the ways in which that does not succeed (rows H1, H3)."""

import pytest

from app.stores.session import SessionState
from tests.views.examples import LANGUAGES, County

every_language = pytest.mark.parametrize("language", LANGUAGES)


@every_language
async def test_first_screen(county: County, language: str) -> None:
    """What this is, every language by its own name, the way in, and what needs no sign-in."""
    screen = await county.open(language=language)

    screen.check("welcome")
    assert screen.has("welcome.sign-in")
    assert {"Suomi", "Svenska", "English", "Selkosuomi"} <= set(screen.texts)


@every_language
async def test_signing_in_leads_home(county: County, language: str) -> None:
    """Through the provider's pages and back, greeted by name."""
    screen = await county.open(language=language)

    await screen.sign_in("aino")

    screen.check("home")
    assert screen.says("home.greeting", name="Aino")


async def test_language_is_changed_at_once(county: County) -> None:
    """Everything on the screen is in the language chosen."""
    screen = await county.open()

    await screen.choose("welcome.language", "sv")

    screen.check("welcome")
    assert screen.t.language == "sv"
    assert screen.says("welcome.sign_in")


@every_language
async def test_turning_back_is_no_mistake(county: County, language: str) -> None:
    """Who turned back at the sign-in page is told so kindly and may try again."""
    screen = await county.open(language=language)

    await screen.sign_in(None)

    screen.check("welcome")
    assert screen.says("signin.cancelled.title")
    await screen.sign_in("aino")
    screen.check("home")


@every_language
async def test_without_a_connection_signing_in_says_so(county: County, language: str) -> None:
    """What happened and what to do; the numbers to call are there."""
    screen = await county.open(language=language)
    await county.offline()

    await screen.tap("welcome.sign-in")

    screen.check("welcome")
    assert screen.says("kit.error.offline.what")
    assert screen.says("signin.offline")


@every_language
async def test_a_provider_that_does_not_answer_is_told_before_leaving(county: County, language: str) -> None:
    """In the resident's language, also when its addresses have been known for long; the screen is never left."""
    screen = await county.open(language=language)
    await screen.sign_in(None)
    await county.fault("status", "/auth/", status=503)
    screen.way.answer = ""

    await screen.sign_in("aino")

    screen.check("welcome")
    assert screen.says("kit.error.down.what")
    assert not screen.way.answer


@every_language
@pytest.mark.parametrize("status", [500, 400])
async def test_a_platform_that_fails_is_told(county: County, language: str, status: int) -> None:
    """The words name the number of the technical support; nobody is asked to check what they did not write."""
    screen = await county.open(language=language)
    await county.fault("status", "/auth/token", status=status)

    await screen.sign_in("aino")

    screen.check("welcome")
    assert screen.says("kit.error.down.what")
    assert screen.stores.session.own is None


@every_language
@pytest.mark.parametrize(
    "route", ["/messages", "/messages/new", "/outbox", "/messages/draft/x", "/messages/thread/x"]
)
async def test_own_screens_ask_for_a_sign_in(county: County, language: str, route: str) -> None:
    """The address stays, and says what is needed."""
    screen = await county.open(route, language)

    screen.check("sign-in")
    assert screen.says("signin.needed")
    assert not screen.has("messages")


async def test_signing_in_leads_back_to_the_address_that_was_opened(county: County) -> None:
    """Not to Home."""
    screen = await county.open("/outbox")

    await screen.sign_in("aino")

    screen.check("outbox")
    assert screen.route == "/outbox"


class TestCallback:
    """Browser and phones: the answer of the provider arrives as a route of the app."""

    async def away(self, county: County, language: str = "", resident: str | None = "aino", route: str = "/"):
        screen = await county.open(route, language)
        screen.way.as_route = True
        await screen.sign_in(resident)
        return screen

    @every_language
    async def test_arriving(self, county: County, language: str) -> None:
        """While the sign-in is finished the screen says so; then Home."""
        screen = await self.away(county, language)
        free = county.wire.hold()

        await screen.go(screen.way.route)
        screen.check("sign-in")
        assert screen.says("signin.finishing")
        free()
        await screen.settle()

        screen.check("home")

    async def test_back_to_where_one_was(self, county: County) -> None:
        """The address that asked for the sign-in."""
        screen = await self.away(county, route="/messages")

        await screen.go(screen.way.route)

        screen.check("messages")

    @every_language
    async def test_turned_back(self, county: County, language: str) -> None:
        """As on the first screen."""
        screen = await self.away(county, language, None)

        await screen.go(screen.way.route)

        screen.check("sign-in")
        assert screen.says("signin.cancelled.title")

    async def test_turned_back_twice(self, county: County) -> None:
        """Whoever tries again from the screen they came back to is answered again; the button is there throughout."""
        screen = await self.away(county, resident=None)
        await screen.go(screen.way.route)

        await screen.sign_in(None)
        assert screen.has("welcome.sign-in")
        await screen.go(screen.way.route)

        screen.check("sign-in")
        assert screen.says("signin.cancelled.title")

    async def test_trying_again_still_leads_to_where_one_was(self, county: County) -> None:
        """Who turned back and then signs in after all."""
        screen = await self.away(county, resident=None, route="/messages")
        await screen.go(screen.way.route)
        screen.way.resident = "aino"

        await screen.sign_in("aino")
        await screen.go(screen.way.route)

        screen.check("messages")

    async def test_trying_again_where_the_provider_cannot_be_reached(self, county: County) -> None:
        """After turning back: the screen says so, and never that a sign-in is being finished."""
        screen = await county.open("/callback?error=access_denied&state=foreign")
        await county.offline()

        await screen.tap("welcome.sign-in")

        screen.check("sign-in")
        assert screen.says("signin.offline")

    @every_language
    async def test_an_answer_nobody_asked_for_is_refused(self, county: County, language: str) -> None:
        """Another state than that of a sign-in of this browser: nobody gets signed in."""
        screen = await county.open(language=language)

        await screen.go("/callback?code=stolen&state=foreign&iss=http%3A%2F%2F127.0.0.1%3A8299%2Fauth")

        screen.check("sign-in")
        assert screen.says("signin.interrupted.title")
        assert screen.stores.session.own is None
        assert not [r for r in county.wire.seen if r.url.path.endswith("/token")]

    async def test_another_browsers_answer_is_refused(self, county: County) -> None:
        """A real code with the state of another browser signs nobody in: sign-ins cannot be forged."""
        victim, other = await county.open(), await self.away(county, resident="veikko")

        await victim.go(other.way.route)

        assert victim.stores.session.own is None
        assert victim.says("signin.interrupted.title")

    async def test_an_answer_is_used_once(self, county: County) -> None:
        """Coming back to the address with the browser's own buttons signs nobody in again and breaks nothing."""
        screen = await self.away(county)
        await screen.go(screen.way.route)
        own = screen.own

        await screen.go(screen.way.route)

        assert screen.own is own
        assert screen.stores.session.state is SessionState.SIGNED_IN

    @every_language
    async def test_failed(self, county: County, language: str) -> None:
        """The platform fails to give tokens."""
        screen = await self.away(county, language)
        await county.fault("malformed", "/auth/token")

        await screen.go(screen.way.route)

        screen.check("sign-in")
        assert screen.stores.session.own is None
        assert screen.says("kit.error.other.what")

    async def test_a_connection_lost_on_the_way_home_can_be_tried_again(self, county: County) -> None:
        """The same answer, when the network is back."""
        screen = await self.away(county)
        await county.offline()
        await screen.go(screen.way.route)
        screen.check("sign-in")
        assert screen.says("kit.error.offline.what")
        await county.offline(False)

        await screen.go("/")
        await screen.go(screen.way.route)

        screen.check("home")
