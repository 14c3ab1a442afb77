"""Dressed texts and pictures of a form: nothing in them is loaded from elsewhere."""

import base64
import binascii

import flet as ft

from app.components import stack, text, use_look
from app.components.base import Sem
from app.forms.nodes import Node
from app.forms.rich import Block
from app.views.support import nothing


def blocks(shown: tuple[Block, ...]) -> ft.Control:
    """Dressed text as paragraphs, headings and list items; links open outside of the app."""
    return stack([_block(block) for block in shown], gap="s")


def _block(block: Block) -> ft.Control:
    look = use_look()
    if not any(run.strong or run.slanted or run.link for run in block.runs):
        words = f"• {block.text}" if block.kind == "item" else block.text
        return text(words, "label" if block.kind == "heading" else "body")
    spans = [
        ft.TextSpan(
            run.text,
            style=look.style("body", bold=run.strong, colour="link" if run.link else "text"),
            url=run.link or None,
        )
        for run in block.runs
    ]
    mark = [ft.TextSpan("• ", style=look.style("body"))] if block.kind == "item" else []
    return Sem(container=True, content=ft.Text(spans=[*mark, *spans], semantics_label=block.text))


def picture(node: Node) -> ft.Control:
    """A picture that is part of the form itself; nothing is loaded from elsewhere."""
    head, _, data = node.item.media.partition("base64,")
    try:
        content = base64.b64decode(data, validate=True) if head.startswith("data:image/") else b""
    except binascii.Error:
        content = b""
    return ft.Image(src=content, fit=ft.BoxFit.CONTAIN, exclude_from_semantics=True) if content else nothing()
