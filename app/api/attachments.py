"""The bytes of a message's file out of its Binary (feature A7)."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from typing import Any

from app.domain.attachments import Attachment
from app.errors import BadData


def bytes_of(binary: Mapping[str, Any], named: Attachment) -> bytes:
    """What is in a Binary. Raises BadData when it cannot be read or is not the file that the message named."""
    try:
        data = base64.b64decode(str(binary.get("data", "")), validate=True)
    except (binascii.Error, ValueError):
        raise BadData from None
    digest = base64.b64encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode("ascii")
    if not data or (named.digest and named.digest != digest):
        raise BadData
    return data
