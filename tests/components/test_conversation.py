"""A talk opens at what is new, follows at its end, and keeps its place while one reads above."""

from typing import Any

import flet as ft
import pytest

from app.components import button, component, talk_screen, text, use_following
from tests.headless import Screen


@ft.observable
class Talk:
    """Messages by id; mine begin with "m"."""

    def __init__(self, *said: str, new: str = "") -> None:
        self.said, self.new = said, new


@component
def TalkScreen(talk: Talk) -> ft.Control:
    theirs = frozenset(id for id in talk.said if not id.startswith("m"))
    following, missed = use_following(talk.said, theirs, talk.new)
    said = [ft.Container(text(id), key=following.key(id)) for id in talk.said]
    return talk_screen(
        "talk",
        "Puhe",
        said,
        [button("send", "Lähetä", None, ref=following.next)],
        following,
        f"{missed} uutta" if missed else "",
    )


class Reader:
    """Somebody who reads a talk in a window 500 high."""

    def __init__(self, talk: Talk) -> None:
        self.talk, self.screen = talk, Screen(TalkScreen, talk)

    def _scrolling(self) -> Any:
        (column,) = [c for c in self.screen.walk() if getattr(c, "key", "") == "talk"]
        return column

    async def grown(self, end: float) -> None:
        """The client tells how far down the last message ends now."""
        (said,) = [c for c in self.screen.walk() if getattr(c, "key", "") == "said"]
        await self.screen.fire(said, "size_change", {"w": 358, "h": end})

    async def measured(self, end: float, window: float = 500, width: float = 390) -> None:
        """The client has drawn for the first time, or after its window changed."""
        await self.grown(end)
        await self.screen.fire(self._scrolling(), "size_change", {"w": width, "h": window})

    async def at(self, place: float) -> None:
        """They have moved there."""
        told = {"event_type": "end", "pixels": place, "min_scroll_extent": 0, "max_scroll_extent": 5000}
        await self.screen.fire(self._scrolling(), "scroll", {**told, "viewport_dimension": 500})

    async def come(self, *said: str) -> None:
        """More is said."""
        self.talk.said = (*self.talk.said, *said)
        await self.screen.settle()

    @property
    def moves(self) -> list[Any]:
        """Where the client was told to go: a message, or so many pixels."""
        told = [args for name, args in self.screen.client.calls if name == "scroll_to"]
        return [args["scroll_key"].value[-2:] if args["scroll_key"] else args["delta"] for args in told]


async def opened(talk: Talk, end: float = 2000, place: float = 1700) -> Reader:
    reader = Reader(talk)
    await reader.screen.settle()
    await reader.measured(end)
    await reader.at(place)
    return reader


@pytest.mark.parametrize(("new", "where"), [("", "c4"), ("c3", "c3")])
async def test_it_opens_at_the_newest_or_at_the_first_that_was_not_seen(new: str, where: str) -> None:
    reader = await opened(Talk("c1", "m2", "c3", "c4", new=new))
    assert reader.moves == [where]


async def test_what_fits_opens_at_its_top() -> None:
    assert (await opened(Talk("c1"), end=250, place=0)).moves == []


async def test_at_the_end_what_comes_moves_the_rest_up_and_nothing_away() -> None:
    reader = await opened(Talk("c1", "m2"))
    await reader.come("c3")
    await reader.grown(2090)
    assert reader.moves[1:] == [90]
    assert not reader.screen.has("talk.new")


async def test_of_a_long_message_the_beginning_stays_in_sight() -> None:
    reader = await opened(Talk("c1", "m2"), place=1700)
    await reader.come("c3")
    await reader.grown(2900)
    assert reader.moves[1:] == [2000 + 24 - 1700]


async def test_a_short_talk_moves_only_when_there_is_no_room() -> None:
    reader = await opened(Talk("c1"), end=100, place=0)
    await reader.come("c2")
    await reader.grown(190)
    assert reader.moves == []
    await reader.come("c3")
    await reader.grown(290)
    assert reader.moves == [14]


async def test_who_reads_above_keeps_the_place_and_is_told_in_words() -> None:
    reader = await opened(Talk("c1", "m2"))
    await reader.at(100)
    await reader.come("c3")
    await reader.grown(2090)
    await reader.come("c4")
    await reader.grown(2180)
    assert reader.moves == ["m2"]
    assert reader.screen.name(reader.screen.control("talk.new")) == "2 uutta"
    await reader.screen.tap("talk.new")
    assert reader.moves[1:] == ["c3"]
    assert reader.screen.client.calls[-1][0] == "focus"
    assert not reader.screen.has("talk.new")


async def test_who_finds_down_alone_needs_no_button() -> None:
    reader = await opened(Talk("c1", "m2"))
    await reader.at(100)
    await reader.come("c3")
    await reader.grown(2090)
    await reader.at(1800)
    assert not reader.screen.has("talk.new")


async def test_older_ones_leave_the_place_where_it_was() -> None:
    reader = await opened(Talk("c5", "m6"))
    await reader.at(100)
    reader.talk.said = ("c1", "c2", *reader.talk.said)
    await reader.screen.settle()
    await reader.grown(2400)
    assert reader.moves[1:] == [400]
    assert not reader.screen.has("talk.new")


async def test_a_window_of_another_width_shows_the_newest_again() -> None:
    reader = await opened(Talk("c1", "m2"))
    await reader.measured(2000, width=800)
    assert reader.moves == ["m2", "m2"]
    await reader.at(100)
    await reader.measured(2000, width=390)
    assert len(reader.moves) == 2


async def test_a_page_that_is_loaded_again_opens_again() -> None:
    reader = await opened(Talk("c1", "m2", "c3", new="c1"))
    await reader.at(100)
    await reader.measured(2000)
    assert reader.moves == ["c1", "c3"]


async def test_a_client_that_has_gone_hinders_nothing() -> None:
    reader = Reader(Talk("c1"))
    await reader.screen.settle()
    reader.screen.client.send_message = lambda message: (_ for _ in ()).throw(RuntimeError("gone"))  # type: ignore[method-assign]
    await reader.measured(2000)
    assert not reader.screen.crashed
