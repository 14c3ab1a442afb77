"""Turning to the ombudsman, for the tests of its screens."""

from datetime import UTC, datetime

from tests.views.examples import County, Visit

OPEN = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)  # Tuesday at ten in Finland: both ombudsmen are there


SECRET = "Salainen asiani hoidosta"


async def talking(county: County, screen: Visit) -> None:
    await screen.go("/ombudsman/chat")
    await screen.choose("ombudsman.about", "patient")
    await screen.tap("ombudsman.begin")


async def say(screen: Visit, words: str) -> None:
    await screen.type("ombudsman.body", words)
    await screen.tap("ombudsman.send")


async def look(screen: Visit) -> None:
    assert screen.stores.ombudsman.talk is not None
    await screen.stores.ombudsman.talk.look()
    await screen.settle()


async def lettered(screen: Visit) -> str:
    await screen.go("/ombudsman/letter")
    await screen.choose("ombudsman.about", "unknown")
    await screen.type("ombudsman.text", SECRET)
    await screen.tap("ombudsman.letter-send")
    return screen.stores.ombudsman.letter.code


async def collected(screen: Visit, code: str) -> None:
    await screen.go("/ombudsman/answer")
    await screen.type("ombudsman.asked", code)
    await screen.tap("ombudsman.look")


def stored(county: County) -> dict[str, bytes]:
    """Every file on the device."""
    return {str(path): path.read_bytes() for path in county.data.rglob("*") if path.is_file()}
