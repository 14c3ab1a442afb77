"""JSON as bytes, and instants of the server as numbers that can be compared."""

import gc
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import Any, TypeGuard

from pydantic_core import from_json

TOGETHER = 512


def to_bytes(value: Any) -> bytes:
    """Compact JSON; the same value always gives the same bytes. Half of a surrogate pair is no text: it becomes "?"."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode(errors="replace")


def from_bytes(data: bytes) -> Any:
    """The value of ``to_bytes``."""
    return json.loads(data)


def from_many(bodies: Iterable[bytes]) -> list[Any]:
    """Many values at once: parsed together they share their strings, which takes half the time and memory."""
    rest, values = iter(bodies), []
    with no_collection():
        while batch := list(islice(rest, TOGETHER)):
            values += _parsed(b"[" + b",".join(batch) + b"]")
    return values


def _parsed(data: bytes) -> Any:
    """By the parser that pydantic brings along; what it does not take (nested very deep) the standard one does."""
    try:
        return from_json(data, cache_strings="all")
    except ValueError:
        return json.loads(data)


@contextmanager
def no_collection() -> Iterator[None]:
    """Making ten thousand dicts would start the garbage collector again and again, for nothing."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def micros(instant: str) -> int:
    """A FHIR instant as microseconds since 1970; -1 when it cannot be understood."""
    try:
        moment = datetime.fromisoformat(instant)
    except (ValueError, TypeError):
        return -1
    return _micros(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def http_micros(date: str) -> int:
    """An HTTP date as microseconds since 1970; -1 when it cannot be understood."""
    try:
        return _micros(parsedate_to_datetime(date))
    except (ValueError, TypeError):
        return -1


def instant(at: int) -> str:
    """Microseconds since 1970 as a FHIR instant in UTC, floored to milliseconds."""
    moment = datetime.fromtimestamp(max(at, 0) // 1000 / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _micros(moment: datetime) -> int:
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def is_resource(body: Any, type: str, id: str | None = None) -> TypeGuard[dict[str, Any]]:
    """Whether ``body`` is a stored resource of that type (and id): it has a version and a server's time."""
    if not isinstance(body, dict) or body.get("resourceType") != type:
        return False
    meta, own = body.get("meta"), body.get("id")
    if not isinstance(own, str) or not own or (id is not None and own != id) or not isinstance(meta, dict):
        return False
    return isinstance(meta.get("versionId"), str) and micros(meta.get("lastUpdated", "")) >= 0


def references(value: Any) -> set[str]:
    """Every string in ``value`` that names a resource on this server, ``Type/id``."""
    found: set[str] = set()
    waiting: list[Any] = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            found |= {item} if _is_reference(item) else set()
        elif isinstance(item, dict):
            waiting += item.values()
        elif isinstance(item, list | tuple):
            waiting += item
    return found


def repointed(value: Any, old: str, new: str) -> Any:
    """``value`` with every reference ``old`` ("Type/id") replaced by ``new``."""
    if isinstance(value, dict):
        return {key: repointed(item, old, new) for key, item in value.items()}
    if isinstance(value, list):
        return [repointed(item, old, new) for item in value]
    return new if value == old else value


def _is_reference(text: str) -> bool:
    return len(text) < 140 and text.count("/") == 1 and text[:1].isupper() and " " not in text
