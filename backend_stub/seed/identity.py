"""Synthetic Finnish personal identity codes: the 900 series, never given to anyone.

Source: Digital and Population Data Services Agency, "The personal identity code" (century signs as reformed in 2023).
"""

import re
from datetime import date

CONTROL = "0123456789ABCDEFHJKLMNPRSTUVWXY"
CENTURIES = {1800: "+", 1900: "-YXWVU", 2000: "ABCDEF"}
_SHAPE = re.compile(r"(\d{2})(\d{2})(\d{2})([-+A-FU-Y])(\d{3})([0-9A-Y])")
_ARTIFICIAL = range(900, 1000)


def identity_code(born: date, number: int, sign: int = 0) -> str:
    """The code of somebody born on ``born``.

    ``number``: 900-999, odd for men and even for women. ``sign``: which of the century's signs (0: the usual one).
    """
    if number not in _ARTIFICIAL:
        raise ValueError("only the 900 series is synthetic")
    signs = CENTURIES[born.year // 100 * 100]
    day = born.strftime("%d%m%y")
    return f"{day}{signs[sign % len(signs)]}{number}{_control(day, number)}"


def is_synthetic(code: str) -> bool:
    """Whether ``code`` is well formed, of the 900 series and its control character is right."""
    match = _SHAPE.fullmatch(code)
    if match is None or birth_date(code) is None:
        return False
    day, month, year, _, number, control = match.groups()
    return int(number) in _ARTIFICIAL and control == _control(day + month + year, int(number))


def birth_date(code: str) -> date | None:
    """The date of birth that the code tells, or None when there is no such day."""
    match = _SHAPE.fullmatch(code)
    if match is None:
        return None
    day, month, year, sign, _, _ = match.groups()
    century = next(start for start, signs in CENTURIES.items() if sign in signs)
    try:
        return date(century + int(year), int(month), int(day))
    except ValueError:
        return None


def _control(day: str, number: int) -> str:
    return CONTROL[int(f"{day}{number:03d}") % 31]
