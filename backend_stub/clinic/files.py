"""Files of messages and chats, as the console shows them."""

import base64
from collections.abc import Iterable

from starlette.responses import Response

from backend_stub.clinic.threads import Message
from backend_stub.fhir.repository import Repository

SHOWN_IMAGES = ("image/png", "image/jpeg", "image/webp", "image/gif")
INLINE = (*SHOWN_IMAGES, "application/pdf")


def file_of(repository: Repository, messages: Iterable[Message], binary: str) -> Response | None:
    """A file that one of the messages names, None for any other; pictures and PDF in place, the rest as a download."""
    urls = [one.get("url", "") for message in messages for one in message.attachments]
    if f"Binary/{binary}" not in urls:
        return None
    kept = repository.read("Binary", binary)
    kind = kept.get("contentType", "application/octet-stream")
    headers = {
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": "inline" if kind in INLINE else "attachment",
        "Cache-Control": "no-store",
    }
    return Response(base64.b64decode(kept.get("data", "")), media_type=kind, headers=headers)
