"""Small PNG files that stand in for a resident's pictures, drawn by arithmetic: a photo of skin and one of a fundus."""

import struct
import zlib
from collections.abc import Callable, Iterable
from functools import cache
from math import exp, hypot

Colour = tuple[int, int, int]
WIDTH, HEIGHT = 240, 180
SIDE, RADIUS = 220, 104  # of the picture of a fundus, and of what the camera sees
DISC, MACULA = (66.0, 104.0), (140.0, 114.0)
VESSELS = (
    ((64, 98), (84, 30), (190, 62)),
    ((64, 110), (86, 186), (192, 160)),
    ((66, 98), (96, 66), (176, 92)),
    ((66, 110), (98, 146), (168, 138)),
    ((62, 98), (50, 50), (22, 60)),
    ((62, 110), (48, 158), (24, 150)),
)
"""Each as the three points of a curve: from the disc, past, to its end."""


@cache
def picture() -> bytes:
    """Warm skin with a redder spot."""
    return _png(WIDTH, HEIGHT, _skin)


@cache
def fundus() -> bytes:
    """The back of an eye: the bright disc, the darker macula and the vessels."""
    dark = {place: depth for curve in VESSELS for place, depth in _vessel(*curve)}
    return _png(SIDE, SIDE, lambda x, y: _eye(x, y, dark.get((x, y), 0.0)))


def _skin(x: int, y: int) -> Colour:
    distance = (x - 130) ** 2 + (y - 85) ** 2
    red = max(0, 60 - distance // 40)
    return min(255, 214 + red // 2), 178 - red, 156 - red


def _eye(x: int, y: int, vessel: float) -> Colour:
    far = hypot(x - SIDE / 2, y - SIDE / 2)
    if far > RADIUS:
        return 14, 8, 8
    light = 1 - 0.35 * (far / RADIUS) ** 2 - 0.35 * _near(x, y, MACULA, 15) - 0.4 * vessel
    disc = _near(x, y, DISC, 11)
    red, green, blue = 206 * light, 92 * light, 46 * light
    return _shade(red + 70 * disc), _shade(green + 130 * disc), _shade(blue + 90 * disc)


def _near(x: int, y: int, spot: tuple[float, float], size: float) -> float:
    return exp(-((x - spot[0]) ** 2 + (y - spot[1]) ** 2) / (2 * size * size))


def _shade(value: float) -> int:
    return max(0, min(255, round(value)))


def _vessel(
    start: tuple[int, int], past: tuple[int, int], end: tuple[int, int]
) -> Iterable[tuple[tuple[int, int], float]]:
    """The points that a vessel covers, and how dark: thinner and paler the farther from the disc."""
    for step in range(241):
        along = step / 240
        a, b, c = (1 - along) ** 2, 2 * along * (1 - along), along**2
        x, y = (a * start[axis] + b * past[axis] + c * end[axis] for axis in (0, 1))
        wide = 2 if along < 0.45 else 1
        for right in range(wide):
            for down in range(wide):
                yield (round(x) + right, round(y) + down), 1 - 0.6 * along


def _png(width: int, height: int, colour: Callable[[int, int], Colour]) -> bytes:
    """The file (W3C PNG specification §5)."""
    rows = b"".join(
        b"\x00" + bytes(value for x in range(width) for value in colour(x, y)) for y in range(height)
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    body = name + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))
