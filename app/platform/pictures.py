"""Files made ready on the device before they are sent: small, and without what the resident did not mean to tell.

Photos come out as JPEG (pictures with transparency or few colours as PNG): at most ``MAX_SIDE`` pixels wide and high,
turned the right way, in sRGB, at most about ``TARGET`` bytes, and with nothing of EXIF, place, owner, thumbnails or
comments. A PDF passes as it is. What a file is, is read from its bytes, never from its name. Where Python runs in
the browser there is no Pillow: ``browser_pictures`` does the same with the browser's own decoders.
"""

import asyncio
import io
import struct
import zlib
from typing import Any

from app.domain.attachments import AttachmentProblem, Prepared
from app.platform.browser import IN_BROWSER
from app.platform.picture_rules import (
    JPEG,
    MAX_JPEG_PIXELS,
    MAX_PIXELS,
    MAX_SIDE,
    PNG,
    QUALITIES,
    TARGET,
    cell_box,
    first_look,
    named,
)

_DAMAGED = (  # all that decoders have been seen to raise over damaged files
    *(OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError, TypeError, AttributeError),
    *(ArithmeticError, AssertionError, MemoryError, RuntimeError, struct.error, zlib.error),
)


async def prepare(name: str, data: bytes) -> Prepared | AttachmentProblem:
    """The file ready to be sent, or why it cannot be. Works beside the event loop where there are threads."""
    if IN_BROWSER:
        from app.platform import browser_pictures

        return await browser_pictures.prepare(name, data)
    return await asyncio.to_thread(prepared, name, data)


def prepared(name: str, data: bytes) -> Prepared | AttachmentProblem:
    """The same, at once. Never raises, whatever the bytes are."""
    first = first_look(name, data)
    return _picture(name, data) if first is None else first


async def blurred(data: bytes, cells: frozenset[int], side: int) -> bytes | None:
    """A prepared picture with some cells of a ``side`` × ``side`` grid made unrecognisable, row by row from the top
    left; None when it cannot be read. What is beneath is gone from the file, not covered."""
    if IN_BROWSER:
        from app.platform import browser_pictures

        return await browser_pictures.blurred(data, cells, side)
    return await asyncio.to_thread(_blurred, data, cells, side)


def _blurred(data: bytes, cells: frozenset[int], side: int) -> bytes | None:
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data), formats=["JPEG", "PNG"]) as image:
            return _without(image, cells, side)
    except _DAMAGED:
        return None


def _without(image: Any, cells: frozenset[int], side: int) -> bytes:
    """Each cell becomes a few large squares of its own colours."""
    from PIL import Image

    picture = image.convert("RGB")
    for cell in cells:
        box = cell_box(cell, side, picture.width, picture.height)
        part = picture.crop(box)
        coarse = part.resize((3, 3), Image.Resampling.BOX).resize(part.size, Image.Resampling.NEAREST)
        picture.paste(coarse, box)
    return _saved(picture, "PNG", optimize=True) if image.format == "PNG" else _as_jpeg(picture)


def _picture(name: str, data: bytes) -> Prepared | AttachmentProblem:
    from PIL import Image

    _register_heif()
    try:
        with Image.open(io.BytesIO(data), formats=_formats()) as image:
            return _shrunk(name, image)
    except Image.DecompressionBombError:
        return AttachmentProblem.TOO_LARGE
    except _DAMAGED:
        return AttachmentProblem.UNREADABLE


def _formats() -> list[str]:
    from PIL import Image

    Image.init()
    return [name for name in ("JPEG", "MPO", "PNG", "WEBP", "AVIF", "HEIF") if name in Image.OPEN]


def _register_heif() -> None:
    """iPhones' format, where its decoder is installed; elsewhere such a picture is "unreadable"."""
    try:
        from pillow_heif import register_heif_opener
    except ImportError:
        return
    register_heif_opener()


def _shrunk(name: str, image: Any) -> Prepared | AttachmentProblem:
    from PIL import Image

    pixels = image.width * image.height
    if pixels > (MAX_JPEG_PIXELS if image.format in ("JPEG", "MPO") else MAX_PIXELS):
        return AttachmentProblem.TOO_LARGE
    image.draft("RGB", (MAX_SIDE, MAX_SIDE))
    profile = image.info.get("icc_profile")
    turned = _turned(image)
    turned.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return _encoded(name, _plain(turned, profile))


def _turned(image: Any) -> Any:
    """Upright, as far as its notes can be read: a photo with broken notes is still a photo."""
    from PIL import ImageOps

    image.load()
    try:
        return ImageOps.exif_transpose(image)
    except _DAMAGED:
        return image


def _plain(image: Any, profile: bytes | None) -> Any:
    """The pixels alone in sRGB, RGB or RGBA: a new image that carries nothing of the old."""
    from PIL import Image

    see_through = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    if image.mode.startswith("I;16") or image.mode == "I":
        image = image.point(lambda value: value / 256).convert("L")
    converted = _in_srgb(image, profile).convert("RGBA" if see_through else "RGB")
    plain = Image.new(converted.mode, converted.size)
    plain.paste(converted)
    return plain


def _in_srgb(image: Any, profile: bytes | None) -> Any:
    """A phone's wide colours brought into those that every screen shows: the colour of skin can matter."""
    if not profile or image.mode not in ("RGB", "RGBA", "CMYK", "L"):
        return image
    try:
        from PIL import ImageCms

        source, target = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
        mode = image.mode if image.mode == "RGBA" else "RGB"
        return ImageCms.profileToProfile(image, source, target, outputMode=mode) or image
    except (ImportError, OSError, ValueError, TypeError, ImageCms.PyCMSError):
        return image  # a broken profile: colours as they are


def _encoded(name: str, image: Any) -> Prepared:
    if image.mode == "RGBA" or _few_colours(image):
        data = _saved(image, "PNG", optimize=True)
        if len(data) <= TARGET:
            return Prepared(named(name, "png"), PNG, data)
    return Prepared(named(name, "jpg"), JPEG, _as_jpeg(_on_white(image)))


def _few_colours(image: Any) -> bool:
    """A drawing or a screenshot: sharper and smaller as PNG."""
    return image.getcolors(maxcolors=256) is not None


def _as_jpeg(image: Any) -> bytes:
    """The best quality that comes near the target; smaller yet when none does."""
    for quality in QUALITIES:
        data = _saved(image, "JPEG", quality=quality, optimize=True)
        if len(data) <= TARGET:
            return data
    image.thumbnail((image.width * 2 // 3, image.height * 2 // 3))
    return _as_jpeg(image)


def _saved(image: Any, format: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def _on_white(image: Any) -> Any:
    from PIL import Image

    if image.mode != "RGBA":
        return image
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white
