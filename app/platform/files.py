"""Files of the device: picking some, and saving one to it."""

import flet as ft


async def pick_files() -> list[tuple[str, bytes]]:
    """Let the resident choose files; name and content of each, none when they changed their mind."""
    picker = ft.FilePicker()
    picked = await picker.pick_files(allow_multiple=True, with_data=True)
    return [(file.name, file.bytes or b"") for file in picked]


async def save_file(name: str, data: bytes) -> None:
    """Offer a file to be saved to the device."""
    await ft.FilePicker().save_file(file_name=name, src_bytes=data)
