"""What fhirpathpy does otherwise with quantities and moments: less and more, also in another unit; and time that is
added to a moment, which stays in its time zone."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from dateutil.relativedelta import relativedelta
from fhirpathpy.engine import util
from fhirpathpy.engine.invocations import equality, math
from fhirpathpy.engine.nodes import FP_DateTime, FP_Quantity

from app.forms.given import number

_SCALES = {
    "mass": {
        "kg": "1000",
        "g": "1",
        "mg": "0.001",
        "ug": "0.000001",
        "[lb_av]": "453.59237",
        "[oz_av]": "28.349523125",
    },
    "length": {"m": "1", "cm": "0.01", "mm": "0.001", "km": "1000", "[in_i]": "0.0254", "[ft_i]": "0.3048"},
    "volume": {"L": "1", "l": "1", "dL": "0.1", "dl": "0.1", "mL": "0.001", "ml": "0.001", "cL": "0.01"},
    "time": {
        "s": "1",
        "min": "60",
        "h": "3600",
        "d": "86400",
        "wk": "604800",
        "mo": "2629800",
        "a": "31557600",
    },
}
_SIZES = MappingProxyType(
    {unit: (kind, Decimal(size)) for kind, units in _SCALES.items() for unit, size in units.items()}
)
_WORDS = MappingProxyType(
    {
        "second": "s",
        "minute": "min",
        "hour": "h",
        "day": "d",
        "week": "wk",
        "month": "mo",
        "year": "a",
        "lbs": "[lb_av]",
    }
)
Compared = Callable[[Any, Any, Any], Any]


def parts_of(value: Any) -> tuple[Decimal, str] | None:
    """The amount and the unit of a quantity, a literal or one of FHIR; None for what is none."""
    data = util.get_data(value)
    if isinstance(data, FP_Quantity):
        amount, unit = number(data.value), str(data.unit).strip("'")
    elif isinstance(data, dict) and "value" in data:
        amount, unit = number(data["value"]), str(data.get("code") or data.get("unit") or "1")
    else:
        return None
    return None if amount is None else (amount, _WORDS.get(unit.removesuffix("s"), unit))


def order(one: tuple[Decimal, str], other: tuple[Decimal, str]) -> Decimal | None:
    """Below zero: less; above: more; None when the units cannot be compared."""
    if one[1] == other[1]:
        return one[0] - other[0]
    (kind, size), (other_kind, other_size) = (
        _SIZES.get(unit, ("", Decimal(1))) for unit in (one[1], other[1])
    )
    return one[0] * size - other[0] * other_size if kind and kind == other_kind else None


def _comparing(base: Compared, holds: Callable[[Decimal], bool]) -> Compared:
    def compare(ctx: Any, one: Any, other: Any) -> Any:
        pair = [parts_of(side[0]) if len(side) == 1 else None for side in (one, other)]
        if pair[0] is None or pair[1] is None:
            return base(ctx, one, other)
        found = order(pair[0], pair[1])
        return [] if found is None else holds(found)

    return compare


_LENGTHS = MappingProxyType({"s": "seconds", "min": "minutes", "h": "hours", "d": "days", "wk": "weeks"})
_CALENDAR = MappingProxyType({"mo": "months", "a": "years"})


def _moved(base: Compared, sign: int) -> Compared:
    def move(ctx: Any, one: Any, other: Any) -> Any:
        moment = _moment(one[0]) if len(one) == 1 else None
        by = parts_of(other[0]) if len(other) == 1 else None
        if moment is None or by is None or by[1] not in {**_LENGTHS, **_CALENDAR}:
            return base(ctx, one, other)
        if by[1] in _LENGTHS:
            made = moment + sign * timedelta(**{_LENGTHS[by[1]]: float(by[0])})
        else:
            made = moment + sign * relativedelta(**{_CALENDAR[by[1]]: int(by[0])})
        return FP_DateTime(made.isoformat())

    return move


def _moment(value: Any) -> datetime | None:
    """A whole moment with its time zone; None for what is less."""
    data = util.get_data(util.val_data_converted(value))
    words = str(data.asStr or "") if isinstance(data, FP_DateTime) else data if isinstance(data, str) else ""
    try:
        made = datetime.fromisoformat(words) if "T" in words else None
    except ValueError:
        return None
    return made if made and made.tzinfo else None


def _operator(base: Compared, holds: Callable[[Decimal], bool]) -> Mapping[str, Any]:
    return {"fn": _comparing(base, holds), "arity": {2: ["Any", "Any"]}, "nullable": True}


OPERATORS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "+": {"fn": _moved(math.plus, 1), "arity": {2: ["Any", "Any"]}, "nullable": True},
        "-": {"fn": _moved(math.minus, -1), "arity": {2: ["Any", "Any"]}, "nullable": True},
        "<": _operator(equality.lt, lambda found: found < 0),
        ">": _operator(equality.gt, lambda found: found > 0),
        "<=": _operator(equality.lte, lambda found: found <= 0),
        ">=": _operator(equality.gte, lambda found: found >= 0),
    }
)
