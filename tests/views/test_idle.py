"""A served session that nobody uses, on the screens (row K6)."""

import pytest

from app.platform.activity import watch_activity
from app.stores.idle import Idle, IdleState
from app.stores.session import SessionState
from tests.views import examples
from tests.views.chatting import joined
from tests.views.examples import County, Visit


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sessions of the served client."""
    plain = examples.RunSettings
    monkeypatch.setattr(examples, "RunSettings", lambda **more: plain(web=True, idle_minutes=20, **more))


@pytest.fixture
async def aino(served: None, county: County) -> Visit:
    """Signed in, in a served session; the app knows when something is done on the page."""
    visit = await county.signed_in("aino")
    watch_activity(visit.page, idle_of(visit).touch)
    return visit


def idle_of(visit: Visit) -> Idle:
    assert visit.stores.idle is not None
    return visit.stores.idle


async def wait(visit: Visit, **by: float) -> None:
    """Nobody does anything for so long."""
    visit.county.clock.move(**by)
    idle_of(visit).look()
    await visit.settle()


async def test_the_end_is_said_with_its_time_and_put_off_with_one_tap(aino: Visit) -> None:
    await wait(aino, minutes=17)

    assert "Istuntosi päättyy kello 12.20" in aino.within("idle-banner")
    assert any("Istuntosi päättyy" in said for said in aino.announcements)

    await aino.tap("idle.extend")
    assert not aino.has("idle-banner")
    await wait(aino, minutes=10)
    assert not aino.has("idle-banner")


async def test_going_on_is_enough(aino: Visit) -> None:
    await aino.go("/messages/new")
    await wait(aino, minutes=18)
    assert aino.has("idle-banner")

    await aino.go("/settings")

    assert idle_of(aino).state is IdleState.QUIET
    assert not aino.has("idle-banner")


async def test_what_the_page_does_by_itself_is_no_sign_of_somebody(aino: Visit) -> None:
    await wait(aino, minutes=18)

    await aino.session.dispatch_event(aino.page._i, "resize", {"width": 500, "height": 800})
    await aino.settle()

    assert aino.has("idle-banner")


async def test_then_nothing_of_the_person_is_on_the_screen_and_the_draft_is_kept(aino: Visit) -> None:
    composer = aino.own.messages.composer(aino.own.messages.start("nurse"))
    assert composer is not None
    composer.write("text", "Kesken")

    await wait(aino, minutes=21)
    await aino.until(lambda: aino.stores.session.own is None)
    await aino.settle()

    assert aino.stores.session.state is SessionState.SIGNED_OUT
    assert "Istunto päättyi" in aino.within("idle-banner")
    assert "Aino" not in aino.text

    await aino.sign_in("aino")
    assert [draft.body["text"] for draft in aino.own.drafts.all()] == ["Kesken"]
    await aino.go("/settings")
    assert not aino.has("idle-banner")


async def test_on_a_device_of_ones_own_sessions_do_not_end(county: County) -> None:
    aino = await county.signed_in("aino")

    assert aino.stores.idle is None


async def test_nobody_loses_their_place_in_a_queue(served: None, county: County) -> None:
    visit = await joined(county)
    assert visit.own.chat.waiting.value is not None
    assert visit.own.chat.waiting.value.in_queue
    await wait(visit, minutes=25)
    assert not visit.has("idle-banner")
    assert visit.stores.session.state is SessionState.SIGNED_IN
