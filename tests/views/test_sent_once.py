"""A server that offers no safe way to create: the screen says so, and nothing is sent twice."""

from dataclasses import replace

from backend_stub.fhir.temper import BEST
from tests.views.examples import County

BARE = replace(BEST, name="bare", client_ids=False, if_none_exist=False)


async def test_the_composer_says_that_it_is_sent_only_once(county: County) -> None:
    """Neither client ids nor conditional creates."""
    county.platform.temper = BARE
    screen = await county.signed_in("aino")
    await screen.write_to(screen.stores.services.name("terveysasema"))

    async for _ in screen.languages():
        screen.check("messages.compose")
        assert screen.says("messages.sent_once")


async def test_a_lost_answer_is_told_and_not_sent_again(county: County) -> None:
    """The outbox says that nobody knows; the clinic has it once."""
    county.platform.temper = BARE
    screen = await county.signed_in("aino")
    await county.fault("drop-after", "/fhir/Communication", method="POST", times=1)
    await screen.write_to(screen.stores.services.name("terveysasema"))
    await screen.tap("messages.send")
    for _ in range(3):
        await screen.move(minutes=2)
    await screen.go("/outbox")

    assert screen.says("outbox.refused.outcome_unknown")
    headers = [body for body in county.all("Communication") if body.get("topic", {}).get("text") == "Selkä"]
    assert len([body for body in headers if "payload" not in body]) == 1


async def test_nothing_is_said_where_creates_are_safe(county: County) -> None:
    """The ordinary case."""
    screen = await county.signed_in("aino")
    await screen.write_to(screen.stores.services.name("terveysasema"))

    assert not screen.has("messages.sent-once")
