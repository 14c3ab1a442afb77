"""Files of the device: picking some, saving one to it, and showing one with what the device shows such files with."""

import asyncio
import atexit
import base64
import shutil
import tempfile
from pathlib import Path

import flet as ft

from app.platform.window import open_link

SHOWN_HERE = "digiklinikka-shown-"
"""Begins the name of each folder that holds a readable copy."""
SHARED_WITHIN = 300.0  # seconds that a phone's sheet may stay open


async def pick_files() -> list[tuple[str, bytes]]:
    """Let the resident choose files; name and content of each, none when they changed their mind."""
    picker = ft.FilePicker()
    picked = await picker.pick_files(allow_multiple=True, with_data=True)
    return [(file.name, file.bytes or b"") for file in picked]


async def save_file(name: str, data: bytes) -> None:
    """Offer a file to be saved to the device."""
    await ft.FilePicker().save_file(file_name=name, src_bytes=data)


def shares() -> bool:
    """Whether a file is shown by way of the phone's own sheet of programs."""
    page = ft.context.page
    return not page.web and page.platform in (ft.PagePlatform.ANDROID, ft.PagePlatform.IOS)


async def view_file(name: str, data: bytes, content_type: str) -> None:
    """Show a file page by page with the browser's viewer in a tab of its own (``assets/web/files.js``), with the
    computer's program for such files, or with the program that the resident chooses on the phone.

    It never gets an address that somebody else could ask. The computer's copy is this user's alone: see
    ``forget_shown``.
    """
    if ft.context.page.web:
        await open_link(f"data:{content_type};base64,{base64.b64encode(data).decode('ascii')}")
    elif shares():
        file = ft.ShareFile.from_bytes(data, mime_type=content_type, name=name)
        await asyncio.wait_for(ft.Share().share_files([file]), SHARED_WITHIN)
    else:
        await open_link(_for_a_while(name, data).as_uri())


def forget_shown() -> None:
    """Remove every readable copy of a file that was shown on this computer: when whoever was signed in is gone, when
    the app ends, and at its start, because it may have been killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{SHOWN_HERE}*"):
        shutil.rmtree(folder, ignore_errors=True)


def _for_a_while(name: str, data: bytes) -> Path:
    folder = Path(tempfile.mkdtemp(prefix=SHOWN_HERE))
    atexit.register(forget_shown)
    path = folder / name
    path.touch(mode=0o600)
    path.write_bytes(data)
    return path
