"""The languages a browser asks for reach the session, in the order of its resident's wishes."""

import asyncio
from pathlib import Path

import flet as ft
import pytest
from flet_web.fastapi.flet_app import app_manager

from app.platform.languages import in_order, languages_for
from app.platform.served import asgi
from tests.platform.test_served_partings import CLOSED, Browser


@pytest.mark.parametrize(
    ("header", "tags"),
    [
        ("sv-FI,sv;q=0.9,fi;q=0.8,en;q=0.7", ("sv-FI", "sv", "fi", "en")),
        ("en;q=0.3, fi ; q=0.9", ("fi", "en")),
        ("fi", ("fi",)),
        ("*", ()),
        ("", ()),
        ("en;q=0, sv", ("sv",)),
        ("fi;q=paljon, sv;q=nan, en;q=0.1", ("en",)),
        (",;,q=1,,", ("q=1",)),
    ],
)
def test_the_dearest_comes_first(header: str, tags: tuple[str, ...]) -> None:
    """RFC 9110 12.5.4; what cannot be read is left out."""
    assert in_order(header) == tags


def test_an_endless_header_is_cut() -> None:
    """Nobody speaks so many."""
    assert len(in_order("fi," * 10_000)) < 200


async def test_a_session_knows_what_its_browser_asked_for(tmp_path: Path) -> None:
    """Served mode: Python does not run in the browser, the header tells."""
    (tmp_path / "index.html").write_text("<html></html>")
    begun: asyncio.Queue[ft.Page] = asyncio.Queue()
    browser = Browser(asgi(begun.put, tmp_path), **{"accept-language": "sv-FI,sv;q=0.9"})
    await browser.register()

    page = await begun.get()

    assert languages_for(page) == ("sv-FI", "sv")
    browser.says.put_nowait(CLOSED)
    await browser.served
    page.session.close()
    app_manager._FletAppManager__sessions.clear()  # type: ignore[attr-defined]
