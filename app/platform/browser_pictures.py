"""Pictures made ready by the browser itself, where there is no Pillow.

It decodes, turns the picture upright as its notes say, brings it into sRGB and writes it anew: what comes out is the
pixels and nothing of EXIF, place or owner.
"""

from collections.abc import Sequence
from typing import Any, Protocol

from app.domain.attachments import AttachmentProblem, Prepared
from app.platform import picture_rules as rules
from app.platform.browser import Browser, this_browser

Box = tuple[int, int, int, int]
SQUARES = 3  # in each direction, of what was hidden


class UndecodableError(Exception):
    """The browser cannot show it."""


class Painted(Protocol):
    """A decoded picture; ``width`` and ``height`` in pixels, upright."""

    width: int
    height: int

    async def written(
        self, kind: str, quality: float, width: int, height: int, hidden: Sequence[Box] = ()
    ) -> bytes:
        """The picture in this size as ``image/jpeg`` (on white) or ``image/png``; raises UndecodableError.

        ``hidden``: parts of which a few large squares of their own colours are left.
        """
        ...

    def close(self) -> None:
        """Let go of its memory."""
        ...


class Decoder(Protocol):
    """Makes pictures of bytes."""

    async def decode(self, data: bytes) -> Painted:
        """The picture; raises UndecodableError."""
        ...


async def prepare(name: str, data: bytes, decoder: Decoder | None = None) -> Prepared | AttachmentProblem:
    """The file ready to be sent, or why it cannot be; see ``pictures``."""
    first = rules.first_look(name, data)
    if first is not None:
        return first
    try:
        picture = await (decoder or BrowserDecoder(this_browser())).decode(data)
    except UndecodableError:
        return AttachmentProblem.UNREADABLE
    try:
        if picture.width * picture.height > rules.MAX_JPEG_PIXELS:
            return AttachmentProblem.TOO_LARGE
        return await _encoded(name, picture, data.startswith(rules.PNG_SIGNATURE))
    except UndecodableError:
        return AttachmentProblem.UNREADABLE
    finally:
        picture.close()


async def _encoded(name: str, picture: Painted, drawing: bool) -> Prepared:
    """A PNG stays one while it is small: drawings and screenshots are sharper so."""
    size = rules.fitted(picture.width, picture.height)
    if drawing:
        data = await picture.written(rules.PNG, 1.0, *size)
        if len(data) <= rules.TARGET:
            return Prepared(rules.named(name, "png"), rules.PNG, data)
    return Prepared(rules.named(name, "jpg"), rules.JPEG, await _as_jpeg(picture, *size))


async def _as_jpeg(picture: Painted, width: int, height: int) -> bytes:
    """The best quality that comes near the target; smaller yet when none does."""
    while True:
        for quality in rules.QUALITIES:
            data = await picture.written(rules.JPEG, quality / 100, width, height)
            if len(data) <= rules.TARGET:
                return data
        width, height = max(1, width * 2 // 3), max(1, height * 2 // 3)


async def blurred(
    data: bytes, cells: frozenset[int], side: int, decoder: Decoder | None = None
) -> bytes | None:
    """See ``pictures.blurred``."""
    kind = rules.PNG if data.startswith(rules.PNG_SIGNATURE) else rules.JPEG
    try:
        picture = await (decoder or BrowserDecoder(this_browser())).decode(data)
    except UndecodableError:
        return None
    width, height = picture.width, picture.height
    boxes = [rules.cell_box(cell, side, width, height) for cell in sorted(cells)]
    try:
        return await picture.written(kind, rules.QUALITIES[0] / 100, width, height, boxes)
    except UndecodableError:
        return None
    finally:
        picture.close()


class BrowserDecoder:
    """``createImageBitmap``, which also works in a worker."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    async def decode(self, data: bytes) -> "Bitmap":
        """See ``Decoder``."""
        js = self._browser.js
        blob = js.Blob.new(self._browser.ffi.to_js([self._browser.bytes(data)]))
        upright = self._browser.options(imageOrientation="from-image")
        try:
            return Bitmap(self._browser, await js.createImageBitmap(blob, upright))
        except self._browser.ffi.JsException:
            raise UndecodableError from None


class Bitmap:
    """See ``Painted``."""

    def __init__(self, browser: Browser, bitmap: Any) -> None:
        self._browser, self._bitmap = browser, bitmap
        self.width, self.height = int(bitmap.width), int(bitmap.height)

    async def written(
        self, kind: str, quality: float, width: int, height: int, hidden: Sequence[Box] = ()
    ) -> bytes:
        """See ``Painted``."""
        try:
            canvas = self._painted(kind, width, height)
            for box in hidden:
                self._hide(canvas, box)
            blob = await canvas.convertToBlob(self._browser.options(type=kind, quality=quality))
            return (await blob.arrayBuffer()).to_bytes()
        except self._browser.ffi.JsException:
            raise UndecodableError from None

    def _hide(self, canvas: Any, box: Box) -> None:
        left, top, right, bottom = box
        width, height = right - left, bottom - top
        coarse = self._browser.js.OffscreenCanvas.new(SQUARES, SQUARES)
        few = coarse.getContext("2d")
        few.imageSmoothingQuality = "high"
        few.drawImage(canvas, left, top, width, height, 0, 0, SQUARES, SQUARES)
        brush = canvas.getContext("2d")
        brush.imageSmoothingEnabled = False
        brush.drawImage(coarse, 0, 0, SQUARES, SQUARES, left, top, width, height)

    def _painted(self, kind: str, width: int, height: int) -> Any:
        canvas = self._browser.js.OffscreenCanvas.new(width, height)
        brush = canvas.getContext("2d")
        brush.imageSmoothingQuality = "high"
        if kind == rules.JPEG:
            brush.fillStyle = "white"
            brush.fillRect(0, 0, width, height)
        brush.drawImage(self._bitmap, 0, 0, width, height)
        return canvas

    def close(self) -> None:
        """See ``Painted``."""
        self._bitmap.close()
