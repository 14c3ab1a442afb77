"""Attachment on the wire: files that documents and reports name, or carry in themselves (rows E1, E7)."""

import base64
import binascii

from app.api.nodes import Node, node, nodes, number, string
from app.domain.results import FileOf


def attachments_of(resource: Node) -> tuple[Node, ...]:
    """The Attachments of a DocumentReference or DiagnosticReport, in their order; empty ones too."""
    if string(resource, "resourceType") == "DiagnosticReport":
        return nodes(resource, "presentedForm")
    return tuple(node(one, "attachment") for one in nodes(resource, "content"))


def files_of(resource: Node) -> tuple[FileOf, ...]:
    """What there is to open in it."""
    made = (_file(one, place, resource) for place, one in enumerate(attachments_of(resource)))
    return tuple(one for one in made if one.file or one.text or one.inline or one.external)


def inline_bytes(attachment: Node) -> bytes:
    """The bytes that came along; none for what is not base64."""
    try:
        return base64.b64decode(string(attachment, "data"), validate=True)
    except (binascii.Error, ValueError):
        return b""


def reference_file(attachment: Node) -> str:
    """The id of the Binary that an Attachment names."""
    _, sign, id = string(attachment, "url").rpartition("Binary/")
    return id.partition("/")[0] if sign else ""


def _file(attachment: Node, place: int, resource: Node) -> FileOf:
    size, declared = number(attachment, "size"), string(attachment, "contentType")
    data = inline_bytes(attachment)
    text = data.decode("utf-8", "replace") if declared.startswith("text/plain") else ""
    file = "" if data else reference_file(attachment)
    return FileOf(
        file=file,
        name=string(attachment, "title"),
        content_type=declared.partition(";")[0],
        size=int(size) if size is not None else len(data),
        digest=string(attachment, "hash"),
        language=string(attachment, "language") or string(resource, "language"),
        text=text,
        external="" if file or data else string(attachment, "url"),
        inline=bool(data) and not text,
        place=place,
    )
