"""One request to a FHIR server and its answer, as plain values: ``offline`` decides, ``api`` carries."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Request:
    """What to ask. ``path`` is relative to the FHIR base (``Communication/abc``); ``key`` is the intent's key."""

    method: str
    path: str
    params: tuple[tuple[str, str], ...] = ()
    body: bytes | None = field(default=None, repr=False)
    headers: tuple[tuple[str, str], ...] = ()
    key: str = ""


@dataclass(frozen=True)
class Response:
    """What came back. ``headers`` in lower case; ``body`` is the parsed JSON, None when there was none."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = field(default=None, repr=False)
    raw: bytes = field(default=b"", repr=False)
