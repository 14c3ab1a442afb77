"""JSON text and instants, exact: decimals keep their digits (``5.10`` stays ``5.10``, FHIR R4 §2.24.0.1)."""

import json
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MARKED = re.compile(r'"\\u0000([^"\\]+)\\u0000"')


def loads(text: str | bytes) -> Any:
    """Parse, decimals as ``Decimal``. Raises ValueError (also for NaN, Infinity and repeated keys)."""
    return json.loads(text, parse_float=Decimal, parse_constant=_refuse, object_pairs_hook=_unique)


def dumps(value: Any) -> str:
    """Compact JSON text; ``Decimal`` keeps its digits."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_mark)
    return _MARKED.sub(r"\1", text) if "\\u0000" in text else text


def to_millis(moment: datetime) -> int:
    """Whole milliseconds since 1970."""
    return (moment - EPOCH) // timedelta(milliseconds=1)


def instant(millis: int) -> str:
    """A FHIR instant with milliseconds in UTC, such as ``2026-11-23T08:00:00.000Z``."""
    moment = EPOCH + timedelta(milliseconds=millis)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a property name is repeated in one object")
    return found


def _mark(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"\x00{value}\x00"
    raise TypeError(f"{type(value).__name__} is not JSON")
