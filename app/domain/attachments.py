"""Files that go with a message: what is allowed, and what is wrong with one that is not (feature A7)."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from pydantic import StrictInt

from app.domain.base import Model

MEGABYTE = 1024 * 1024


class Attachment(Model):
    """A file of a message. ``id``: of its Binary; ``size`` in bytes; ``digest``: SHA-1 in base64."""

    id: str = ""
    name: str = ""
    content_type: str = ""
    size: int = 0
    digest: str = ""


class AttachmentProblem(StrEnum):
    """Why a file cannot be sent as it is."""

    EMPTY = "empty"
    WRONG_TYPE = "wrong-type"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too-large"
    TOO_MANY = "too-many"
    TOTAL_TOO_LARGE = "total-too-large"


class Prepared(NamedTuple):
    """A file made ready on the device: shrunk, its hidden data removed."""

    name: str
    content_type: str
    data: bytes


class Limits(Model):
    """How many and how large files a message may have; sizes in bytes. A region profile may set its own."""

    count: StrictInt = 4
    each_bytes: StrictInt = 6 * MEGABYTE
    total_bytes: StrictInt = 10 * MEGABYTE
    types: tuple[str, ...] = ("image/jpeg", "image/png", "image/webp", "image/heic", "application/pdf")


def problem_of(
    limits: Limits, content_type: str, size: int, others: Iterable[int] = ()
) -> AttachmentProblem | None:
    """What is wrong with adding a file of ``size`` bytes beside ``others`` (their sizes); None: nothing."""
    sizes = tuple(others)
    if size <= 0:
        return AttachmentProblem.EMPTY
    if content_type not in limits.types:
        return AttachmentProblem.WRONG_TYPE
    if size > limits.each_bytes:
        return AttachmentProblem.TOO_LARGE
    if len(sizes) >= limits.count:
        return AttachmentProblem.TOO_MANY
    if sum(sizes) + size > limits.total_bytes:
        return AttachmentProblem.TOTAL_TOO_LARGE
    return None
