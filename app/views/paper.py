"""Documents and decisions: what was decided, until when to appeal, and the file, opened inside (row E7)."""

from collections.abc import Sequence
from typing import Any

import flet as ft

from app.components import (
    Screen,
    Sem,
    button,
    component,
    link_button,
    notice,
    section,
    stack,
    text,
    use_format,
    use_text,
    use_ui,
)
from app.components.layout import panel
from app.domain.attachments import Attachment
from app.domain.record import Entry, Kind, Paper
from app.domain.results import FileOf
from app.platform.files import save_file, shares, view_file
from app.platform.window import go
from app.stores.base import Resource
from app.stores.own import Own
from app.stores.stores import Stores
from app.views.ask import ask_about
from app.views.attachments import SHOWN, safe_name
from app.views.explain import Explained
from app.views.facts import AllFacts
from app.views.parts import line, named_language, pairs
from app.views.record_words import day_of, entry_badge, name_of, when_of
from app.views.support import facing, keyed

OMBUDSMAN = "sosiaaliasiavastaava"


def paper_screen(stores: Stores, own: Own, entry: Entry) -> ft.Control:
    """What it is about, the file itself, who made it, and for a decision how to appeal and who helps."""
    t, about = use_text(), entry.about
    assert isinstance(about, Paper)
    mark = entry_badge(own, entry)
    told = [
        (t("record.paper.day"), when_of(entry)),
        (t("record.paper.by"), ", ".join(part for part in (entry.who, entry.unit) if part)),
    ]
    known: list[ft.Control] = [*([mark] if mark else []), line(about.about, "lead"), pairs(told)]
    if about.superseded:
        known.append(notice("info", t("record.paper.superseded"), live=False))
    more: list[ft.Control] = [_appeal(stores, about)] if about.appeal_by else []
    more += [*files(own, entry, (about, *about.more)), ask_about(stores, own, entry), AllFacts(own, entry)]
    back = "/record/decisions" if entry.kind is Kind.DECISION else "/record/documents"
    return Screen("record.paper", name_of(entry), [facing(known, more)], back=back, wide=True)


def _appeal(stores: Stores, about: Paper) -> ft.Control:
    """Until when, and who helps without cost."""
    t = use_text()
    today = use_format().local(use_ui().now()).date()
    assert about.appeal_by is not None
    over = about.appeal_by < today
    title = t("record.appeal.over" if over else "record.appeal.until", day=day_of(about.appeal_by))
    lines = [t("record.appeal.help") if over else t("record.appeal.how"), t("record.appeal.ombudsman")]
    help = stores.services.service(OMBUDSMAN)
    actions = (
        [
            button(
                "record.appeal.help",
                help.name,
                lambda: go(f"/services/{OMBUDSMAN}"),
                "secondary",
                ft.Icons.SUPPORT_AGENT,
            )
        ]
        if help
        else []
    )
    return notice("info" if over else "warning", title, lines, actions, live=False, id="record.appeal")


def files(own: Own, entry: Entry, found: Sequence[FileOf]) -> list[ft.Control]:
    """Every file of an entry, each to be opened by itself."""
    return [keyed(f"file-{one.place}", File(own, entry, one)) for one in found]


@component
def File(own: Own, entry: Entry, about: FileOf) -> ft.Control:
    """Its name, kind and size before it is fetched; then the file itself."""
    t, formats = use_text(), use_format()
    opened, set_opened = ft.use_state(None)
    if about.text:
        return section(t("record.paper.text"), [panel(Explained(about.text))])
    if about.external:
        return section(
            t("record.paper.file"),
            [
                text(t("record.paper.external"), "muted"),
                link_button("record.external", about.external, about.external),
            ],
        )
    if not about.file and not about.inline:
        return notice("info", t("record.paper.no_file"), live=False)

    async def open_file() -> None:
        file: Any = own.record.attached(entry, about) if about.inline else own.papers.file(_named(about))
        set_opened(file)
        if file.value is None:
            await file.load()

    if opened is not None:
        return Opened(opened, about)
    size = formats.size(about.size) if about.size else t("record.paper.size_unknown")
    spoken = named_language(
        about.language.partition("-")[0]
        if about.language.partition("-")[0] != t.language.partition("_")[0]
        else ""
    )
    here = about.inline or own.papers.is_kept(about.file)
    hint = t("record.paper.on_device") if here else t("record.paper.fetched_when_opened")
    facts = [f"{about.name or t('record.paper.file')} · {_kind(about)} · {size}", spoken, hint]
    return section(
        t("record.paper.file"),
        [
            stack([line(one, "muted") for one in facts if one], gap="xs"),
            button(
                "record.open-file", t("record.paper.open", size=size), open_file, icon=ft.Icons.OPEN_IN_FULL
            ),
        ],
    )


def _named(about: FileOf) -> Attachment:
    return Attachment(
        id=about.file,
        name=about.name or "file",
        content_type=about.content_type,
        size=about.size,
        digest=about.digest,
    )


def _kind(about: FileOf) -> str:
    return {"application/pdf": "PDF", "image/png": "PNG", "image/jpeg": "JPEG"}.get(
        about.content_type, about.content_type
    )


@component
def Opened(file: Resource[bytes], about: FileOf) -> ft.Control:
    """The file: a picture as it is, a PDF page by page as text; and a way to save it."""
    t = use_text()
    if file.value is None and file.problem is None:
        words = text(t("messages.attach.state.loading"), "muted")
        return Sem(identifier="record.file.loading", live_region=True, container=True, content=words)
    if file.value is None:
        again = button("record.file.retry", t("common.retry"), file.load, "secondary", busy=file.busy)
        return notice(
            "error", t("messages.attach.problem.not_loaded"), actions=[again], id="record.file.problem"
        )
    data = file.value
    save = button(
        "record.file.save",
        t("messages.attach.save"),
        lambda: save_file(safe_name(about.name), data),
        "secondary",
        ft.Icons.DOWNLOAD_OUTLINED,
    )
    return section(
        about.name or t("record.paper.file"),
        [*_as_pages(data, about), _content(data, about), save, text(t("messages.attach.save_hint"), "small")],
        id="record.file",
    )


def _as_pages(data: bytes, about: FileOf) -> list[ft.Control]:
    """The way to a PDF as it is printed; its text stands below for everybody."""
    t = use_text()
    if about.content_type != "application/pdf":
        return []

    async def view() -> None:
        await view_file(safe_name(about.name), data, about.content_type)

    where = "record.pdf.view_hint_phone" if shares() else "record.pdf.view_hint"
    shown = button(
        "record.file.view", t("record.pdf.view"), view, "secondary", ft.Icons.PICTURE_AS_PDF_OUTLINED
    )
    return [stack([shown, text(t(where), "small")], gap="xs")]


def _content(data: bytes, about: FileOf) -> ft.Control:
    t = use_text()
    if about.content_type in SHOWN:
        return ft.Image(
            src=data, fit=ft.BoxFit.CONTAIN, semantics_label=t("messages.attach.image", name=about.name)
        )
    if about.content_type.startswith("text/"):
        return panel(Explained(data.decode("utf-8", "replace")))
    return Pages(data) if about.content_type == "application/pdf" else text(t("messages.attach.no_preview"))


@component
def Pages(data: bytes) -> ft.Control:
    """What stands in a PDF, page by page, as text that any size of letters and any screen reader can show."""
    from app.platform.pdf_text import pages

    t = use_text()
    found = ft.use_memo(lambda: pages(data), [data])
    if not any(found):
        return notice("info", t("record.pdf.no_text"), [t("record.pdf.save_instead")], live=False)
    shown: list[ft.Control] = []
    for place, words in enumerate(found, start=1):
        head = [text(t("record.pdf.page", n=place, of=len(found)), "small")] if len(found) > 1 else []
        shown.append(stack([*head, panel(Explained(words))], gap="xs"))
    return stack([text(t("record.pdf.as_text"), "muted"), *shown])
