"""What holds for every file that is made ready, whoever decodes it: which kinds, how large, under which name."""

import re
from pathlib import PurePosixPath

from app.domain.attachments import MEGABYTE, AttachmentProblem, Prepared

MAX_SIDE = 2000
TARGET = MEGABYTE
MAX_BYTES = 60 * MEGABYTE  # of the file as it was picked
MAX_PIXELS = 50_000_000  # of pictures that are decoded whole
MAX_JPEG_PIXELS = 170_000_000  # a JPEG can be decoded at a fraction of its size
QUALITIES = (85, 75, 65, 50, 35)
JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_NAME_LENGTH = 80


def first_look(name: str, data: bytes) -> Prepared | AttachmentProblem | None:
    """A PDF that is ready as it is, or what is wrong; None: a picture to be decoded."""
    if not data:
        return AttachmentProblem.EMPTY
    if len(data) > MAX_BYTES:
        return AttachmentProblem.TOO_LARGE
    if b"%PDF-" in data[:1024]:
        return Prepared(named(name, "pdf"), PDF, data)
    return None if is_picture(data) else AttachmentProblem.WRONG_TYPE


def is_picture(data: bytes) -> bool:
    """JPEG, PNG, WebP, or HEIC and AVIF, by their first bytes."""
    brand = data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif")
    webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    return data.startswith((b"\xff\xd8\xff", PNG_SIGNATURE)) or webp or brand


def fitted(width: int, height: int) -> tuple[int, int]:
    """The size in which it is sent: neither side longer than ``MAX_SIDE``, never larger than it was."""
    shrink = min(1.0, MAX_SIDE / max(width, height, 1))
    return max(1, round(width * shrink)), max(1, round(height * shrink))


def named(name: str, ending: str) -> str:
    """The resident's name for the file, without folders or odd characters, with the ending of what it is now."""
    stem = PurePosixPath(name.replace("\\", "/")).name
    stem = stem.rsplit(".", 1)[0] if "." in stem.lstrip(".") else stem
    clean = re.sub(r"[^\w .()\-]", "", stem).strip(" .")[:_NAME_LENGTH].strip()
    return f"{clean or ending}.{ending}"


def cell_box(cell: int, side: int, width: int, height: int) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of a cell of a ``side`` × ``side`` grid over a picture, in pixels."""
    column, line = cell % side, cell // side
    right, bottom = width * (column + 1) // side, height * (line + 1) // side
    return width * column // side, height * line // side, right, bottom
