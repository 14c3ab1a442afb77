"""A small PNG that stands in for a resident's photo: warm skin tone with a redder spot, drawn by arithmetic."""

import struct
import zlib

WIDTH, HEIGHT = 240, 180


def picture() -> bytes:
    """The PNG file (W3C PNG specification §5)."""
    rows = b"".join(
        b"\x00" + bytes(value for x in range(WIDTH) for value in _colour(x, y)) for y in range(HEIGHT)
    )
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _colour(x: int, y: int) -> tuple[int, int, int]:
    distance = (x - 130) ** 2 + (y - 85) ** 2
    red = max(0, 60 - distance // 40)
    return min(255, 214 + red // 2), 178 - red, 156 - red


def _chunk(name: bytes, data: bytes) -> bytes:
    body = name + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))
