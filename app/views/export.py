"""A conversation to take along: as text or as PDF, for a relative, an ombudsman or oneself (row A11)."""

from collections.abc import Sequence
from dataclasses import dataclass

import flet as ft

from app.components import Ui, button, row, use_text, use_ui
from app.domain.messages import Message
from app.platform.files import save_file
from app.platform.pdf import Block, document
from app.platform.pdf_letters import Lacking


@dataclass(frozen=True)
class Copy:
    """What is taken along. ``facts``: lines before the messages."""

    title: str
    facts: tuple[str, ...]
    messages: tuple[tuple[str, str], ...]
    """(who and when, text)"""

    def as_text(self) -> str:
        """A plain text file."""
        said = [f"{head}\n{words}" for head, words in self.messages]
        return "\n\n".join([self.title, *(["\n".join(self.facts)] if self.facts else []), *said]) + "\n"

    def as_blocks(self) -> list[Block]:
        """Paragraphs of a PDF."""
        blocks = [Block("title", self.title), *(Block("text", fact) for fact in self.facts)]
        for head, words in self.messages:
            blocks += [Block("label", head), Block("text", words)]
        return blocks


def copy_of(
    title: str, facts: Sequence[str], messages: Sequence[Message], names: Sequence[str], ui: Ui
) -> Copy:
    """``names``: who wrote each of the messages."""
    formats = ui.format
    heads = []
    for message, name in zip(messages, names, strict=True):
        at = formats.whole_moment(message.at) if message.at else ""  # "today" would be wrong tomorrow
        heads.append(" · ".join(part for part in (name, at) if part))
    files = [", ".join(file.name for file in message.attachments) for message in messages]
    texts = ["\n".join(part for part in (m.text, f) if part) for m, f in zip(messages, files, strict=True)]
    return Copy(title, tuple(facts), tuple(zip(heads, texts, strict=True)))


MARK = "[?]"


def lacking() -> Lacking:
    """What a document says of letters and signs that could not be drawn."""
    return Lacking(MARK, use_text()("export.lacking", mark=MARK))


def export_row(id: str, made: Copy, name: str, label: str = "") -> ft.Control:
    """The buttons. ``name``: of the file, without its ending; ``label``: of the first one."""
    t, ui, unknown = use_text(), use_ui(), lacking()

    async def as_text() -> None:
        await save_file(f"{name}.txt", made.as_text().encode())

    async def as_pdf() -> None:
        await save_file(f"{name}.pdf", document(made.title, made.as_blocks(), ui.catalog.tag, unknown))

    mark = ft.Icons.DOWNLOAD_OUTLINED
    buttons = [button(f"export.{id}.as-text", label or t("export.text"), as_text, "secondary", mark)]
    buttons.append(button(f"export.{id}.as-pdf", t("export.pdf"), as_pdf, "secondary", mark))
    return row(buttons)
