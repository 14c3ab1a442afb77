"""The last known value of a question, from the resident's own observations (observationLinkPeriod)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from app.forms.convert import to_value
from app.forms.given import SDC, Json, extension, number, part_at, parts_at, value_of, words_at
from app.forms.model import Item

_UNITS = (
    ("a", 365),
    ("years", 365),
    ("mo", 30),
    ("months", 30),
    ("wk", 7),
    ("weeks", 7),
    ("d", 1),
    ("days", 1),
)
_DAYS = MappingProxyType({name: Decimal(days) for name, days in _UNITS})
_NEVER = datetime.min.replace(tzinfo=UTC)


def answers_from(item: Item, observations: tuple[Json, ...], now: datetime) -> Json:
    """The newest observation with the item's code within its period, as an answer; empty when there is none."""
    period = extension(item.raw, f"{SDC}observationLinkPeriod")
    days = _days(period)
    oldest = now - timedelta(days=float(days)) if days else _NEVER
    fitting = [one for one in observations if _same_code(item, one) and oldest <= _when(one) <= now]
    newest = max(fitting, key=_when, default=None)
    return to_value(item.type, value_of(newest)[1]) if newest else {}


def _days(period: Any) -> Decimal | None:
    value = number(period.get("value")) if isinstance(period, dict) else None
    unit = (words_at(period, "code") or words_at(period, "unit")) if isinstance(period, dict) else ""
    return value * _DAYS[unit] if value is not None and unit in _DAYS else None


def _same_code(item: Item, observation: Json) -> bool:
    theirs = {
        (words_at(c, "system"), words_at(c, "code")) for c in parts_at(part_at(observation, "code"), "coding")
    }
    return any((words_at(c, "system"), words_at(c, "code")) in theirs for c in item.code)


def _when(observation: Json) -> datetime:
    words = words_at(observation, "effectiveDateTime") or words_at(observation, "issued")
    try:
        made = datetime.fromisoformat(words)
    except ValueError:
        return _NEVER
    return made if made.tzinfo else made.replace(tzinfo=UTC)
