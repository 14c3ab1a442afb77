"""Files beside a message: picking, what is wrong with one, and opening those that came (row A7)."""

from pathlib import PurePosixPath
from typing import Any

import flet as ft

from app.components import (
    FileRow,
    Sem,
    attachment_picker,
    button,
    component,
    dialog,
    notice,
    stack,
    text,
    use_format,
    use_text,
)
from app.components.base import Handler
from app.domain.attachments import Attachment, AttachmentProblem, Limits
from app.domain.messages import Message
from app.platform.files import pick_files, save_file
from app.stores.attachments import Attachments
from app.stores.base import Resource
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
SHOWN = frozenset({"image/jpeg", "image/png", "image/webp"})
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
        _problem_key(bad, limits),
        name=bad.name,
        size=formats.size(bad.size),
        limit=formats.size(limits.each_bytes),
        files=limits.count,
        types=_type_names(limits),
    )


def _problem_key(bad: BadFile, limits: Limits) -> str:
    """A small file can hold a picture that is too large to be opened: it is never told to be over the limit."""
    if bad.problem is AttachmentProblem.TOO_LARGE and bad.size <= limits.each_bytes:
        return "messages.attach.problem.too_wide"
    return _PROBLEMS[bad.problem]


def attachment_links(own: Own, message: Message) -> list[ft.Control]:
    """The files of a message that was sent or came, each to be opened."""
    return [AttachmentLink(own.attachments, file, key=file.id) for file in message.attachments]


@component
def AttachmentLink(attachments: Attachments, file: Attachment) -> ft.Control:
    """Name and size; opens the file in a dialog, fetching it when it is not on this device."""
    t, formats = use_text(), use_format()
    opened, set_opened = ft.use_state(None)
    ft.use_dialog(_viewer(opened, file, lambda: set_opened(None)) if opened is not None else None)

    async def open_file() -> None:
        resource: Any = attachments.file(file)
        set_opened(resource)
        if resource.value is None:
            await resource.load()

    name = t("messages.attach.open", name=file.name, size=formats.size(file.size))
    return button("messages.attachment", name, open_file, "quiet", ft.Icons.ATTACH_FILE)


def _viewer(opened: Resource[bytes], file: Attachment, close: Handler) -> ft.AlertDialog:
    t = use_text()
    done = button("attachment.close", t("common.close"), close, "secondary", autofocus=True)
    return dialog("attachment", file.name, [_opened(opened, file)], [done], close)


def _opened(opened: Resource[bytes], file: Attachment) -> ft.Control:
    """The file itself, that it is being fetched, or that it could not be. Not a component of its own: one inside of a
    dialog loses its place in the tree when what stands around the dialog is drawn again."""
    t = use_text()
    if opened.value is not None:
        return _shown(opened.value, file)
    if opened.problem is None:
        return Sem(
            identifier="attachment.loading",
            live_region=True,
            container=True,
            content=text(t("messages.attach.state.loading"), "muted"),
        )
    again = button("attachment.retry", t("common.retry"), opened.load, "secondary", busy=opened.busy)
    return notice("error", t("messages.attach.problem.not_loaded"), actions=[again], id="attachment.problem")


def _shown(data: bytes, file: Attachment) -> ft.Control:
    """A picture is shown; what cannot be shown can still be saved."""
    t = use_text()
    if file.content_type in SHOWN:
        first: ft.Control = ft.Image(
            src=data, fit=ft.BoxFit.CONTAIN, semantics_label=t("messages.attach.image", name=file.name)
        )
    else:
        first = text(t("messages.attach.no_preview"))
    save = button(
        "attachment.save",
        t("messages.attach.save"),
        lambda: save_file(safe_name(file.name), data),
        "secondary",
        ft.Icons.DOWNLOAD_OUTLINED,
    )
    return stack([first, save, text(t("messages.attach.save_hint"), "small")])


def safe_name(name: str) -> str:
    """The name without folders: it came from elsewhere."""
    return PurePosixPath(name.replace("\\", "/")).name.strip(". ") or "file"
