"""Files beside a message: picking, what is wrong with one, and opening those that came (row A7)."""

import flet as ft

from app.components import FileRow, attachment_picker, component, text, use_format, use_text
from app.components.layout import icon
from app.domain.attachments import AttachmentProblem, Limits
from app.domain.messages import Message
from app.platform.files import pick_files
from app.stores.composer import BadFile, Composer
from app.stores.own import Own
from app.stores.stores import Stores

_TYPES = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WebP",
    "image/heic": "HEIC",
    "application/pdf": "PDF",
}
_PROBLEMS = {
    AttachmentProblem.EMPTY: "messages.attach.problem.empty",
    AttachmentProblem.WRONG_TYPE: "messages.attach.problem.type",
    AttachmentProblem.UNREADABLE: "messages.attach.problem.broken",
    AttachmentProblem.TOO_LARGE: "messages.attach.problem.too_big",
    AttachmentProblem.TOO_MANY: "messages.attach.problem.too_many",
    AttachmentProblem.TOTAL_TOO_LARGE: "messages.attach.problem.total",
}


@component
def AttachmentField(stores: Stores, composer: Composer) -> ft.Control:
    """The files of a message being written; limits are told before picking."""
    limits = stores.region.attachments

    async def pick() -> None:
        for name, data in await pick_files():
            await composer.add_file(name, data)

    rows = [FileRow(file.name, file.size) for file in composer.files]
    rows += [FileRow(bad.name, bad.size, "bad", _problem(bad, limits)) for bad in composer.bad_files]
    if composer.checking:
        rows.append(FileRow("…", 0, "checking"))
    return attachment_picker("messages.attach", rows, _limits(limits), pick, composer.remove_file)


def _limits(limits: Limits) -> str:
    t, formats = use_text(), use_format()
    told = t(
        "messages.attach.limits",
        files=limits.count,
        size=formats.size(limits.each_bytes),
        total=formats.size(limits.total_bytes),
        types=_type_names(limits),
    )
    return f"{told} {t('messages.attach.photo_privacy')}"


def _type_names(limits: Limits) -> str:
    return ", ".join(_TYPES.get(type, type) for type in limits.types)


def _problem(bad: BadFile, limits: Limits) -> str:
    t, formats = use_text(), use_format()
    return t(
        _PROBLEMS[bad.problem],
        name=bad.name,
        size=formats.size(bad.size),
        limit=formats.size(limits.each_bytes),
        files=limits.count,
        types=_type_names(limits),
    )


def attachment_links(own: Own, message: Message) -> list[ft.Control]:
    """The files of a message that was sent or came: name and size."""
    t, formats = use_text(), use_format()
    return [
        ft.Row(
            [
                icon(ft.Icons.ATTACH_FILE, 18),
                text(t("messages.attach.file", name=file.name, size=formats.size(file.size)), "small"),
            ],
            key=file.id,
        )
        for file in message.attachments
    ]
