"""A CarePlan of another kind: what it is about and what is in it, with notes of what could not be shown."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

__all__ = ["Item", "OtherPlan", "other_plan"]

Resource = Mapping[str, Any]


class Item(NamedTuple):
    """One activity. ``status``: R4 code, empty when it is elsewhere; ``since``, ``until``: days as given."""

    title: str
    status: str
    since: str = ""
    until: str = ""


class OtherPlan(NamedTuple):
    """``by``: who made it, in words, if they are told. ``notes``: ``elsewhere``, ``timing``, ``empty``."""

    id: str
    title: str
    description: str
    status: str
    by: str
    items: tuple[Item, ...]
    notes: tuple[str, ...]


def other_plan(plan: Resource) -> OtherPlan:
    """Never fails, whatever is in it."""
    notes: set[str] = set()
    items = tuple(_items(plan, notes))
    if not items:
        notes.add("empty")
    author = plan.get("author") if isinstance(plan.get("author"), Mapping) else {}
    return OtherPlan(
        id=str(plan.get("id", "")),
        title=_title(plan),
        description=_text(plan.get("description")),
        status=_text(plan.get("status")),
        by=_text((author or {}).get("display")),
        items=items,
        notes=tuple(sorted(notes)),
    )


def _title(plan: Resource) -> str:
    categories = (_concept(one) for one in _listed(plan.get("category")))
    return _text(plan.get("title")) or next((words for words in categories if words), "")


def _items(plan: Resource, notes: set[str]) -> Iterator[Item]:
    for activity in _listed(plan.get("activity")):
        detail = activity.get("detail")
        if isinstance(detail, Mapping):
            yield _detail(detail, notes)
            continue
        reference = activity.get("reference")
        shown = _text(reference.get("display")) if isinstance(reference, Mapping) else ""
        notes.add("elsewhere")
        if shown:
            yield Item(shown, "")


def _detail(detail: Resource, notes: set[str]) -> Item:
    title = _concept(detail.get("code")) or _text(detail.get("description"))
    period = detail.get("scheduledPeriod")
    days = period if isinstance(period, Mapping) else {}
    if "scheduledTiming" in detail or "scheduledString" in detail:
        notes.add("timing")
    since, until = _text(days.get("start"))[:10], _text(days.get("end"))[:10]
    return Item(title or "–", _text(detail.get("status")), since, until)


def _concept(value: Any) -> str:
    if not isinstance(value, Mapping):
        return ""
    displays = (_text(one.get("display")) for one in _listed(value.get("coding")))
    return _text(value.get("text")) or next((words for words in displays if words), "")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _listed(value: Any) -> list[Resource]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
