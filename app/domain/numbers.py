"""Numbers as people write them, and as the wire can carry them."""

import re
from decimal import Context, Decimal

DIGITS = 15
"""What every system that reads JSON numbers keeps of one (IEEE 754 double)."""
REACH = 300
"""Powers of ten that such a system can hold."""
_BESIDE = re.compile(r"[\s'’]")  # between thousands; also what does not break a line
_MINUS = str.maketrans("−–‒", "---")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)")
_GROUPED = re.compile(r"[+-]?\d{1,3}([.,])\d{3}(\1\d{3})+")


def written(words: str) -> Decimal | None:
    """ "6,4", "6.4", "1 234,5", "1.234,5", "−2" as the number that is meant; None for what is none.

    A single comma or point is a decimal mark, as on Finnish keypads; of two kinds the last one is.
    """
    bare = _BESIDE.sub("", words).translate(_MINUS)
    if _GROUPED.fullmatch(bare):
        bare = bare.replace(",", "").replace(".", "")
    last = max(bare.rfind(","), bare.rfind("."))
    other = "." if bare[last : last + 1] == "," else ","
    bare = bare.replace(other, "").replace(",", ".")
    return Decimal(bare) if _NUMBER.fullmatch(bare) else None


def carried(value: Decimal) -> Decimal | None:
    """What can be sent of a number: its first fifteen digits; None when it is too big for any computer's number."""
    if value and value.adjusted() > REACH:
        return None
    if not value or value.adjusted() < -REACH:
        return Decimal(0)
    return Context(prec=DIGITS).plus(value)
