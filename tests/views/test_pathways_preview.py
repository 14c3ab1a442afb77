"""Somebody who writes a pathway looks at it while they write."""

import asyncio
import json
from contextlib import suppress
from pathlib import Path

from app.bootstrap.pathways import follow
from app.pathways.library import Library
from tests.bench.pathways import long_one
from tests.views.examples import County


async def test_what_an_author_changes_in_the_folder_shows_by_itself(county: County, tmp_path: Path) -> None:
    """In the preview: a page that is loaded again finds its session as it was, so that would not do."""
    long_one(tmp_path / "library")
    guest = await county.open()
    pathways = guest.stores.pathways
    pathways.library = Library((), tmp_path / "library")
    await guest.go("/pathways/long")
    file = tmp_path / "library" / "long" / "fi.json"
    written = json.loads(file.read_text("utf-8"))
    looks = 0

    async def sleep(seconds: float) -> None:
        nonlocal looks
        looks += 1
        if looks == 1:
            file.write_text(json.dumps(written | {"title": "Toinen nimi"}))
        else:
            raise asyncio.CancelledError

    with suppress(asyncio.CancelledError):
        await follow(pathways, sleep)
    await guest.settle()
    assert "Toinen nimi" in guest.texts
