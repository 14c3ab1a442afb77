"""Blurring parts of a photo before it is sent: a face, a name on a paper (row D8). By buttons, not by dragging."""

from typing import Any

import flet as ft

from app.components import button, component, dialog, row, stack, text, use_look, use_text
from app.components.base import Handler, merged, on
from app.platform.pictures import blurred
from app.stores.composer import Composer

SIDE = 4
WIDTH = 320
KINDS = frozenset({"image/jpeg", "image/png"})


def blur_buttons(composer: Composer) -> list[ft.Control]:
    """One for each photo of the message."""
    photos = [n for n, file in enumerate(composer.files) if file.content_type in KINDS]
    return [Blur(composer, place, key=f"blur:{place}") for place in photos]


@component
def Blur(composer: Composer, place: int) -> ft.Control:
    """The button and its dialog: the photo under a grid, each part of which can be chosen."""
    t = use_text()
    opened, open_ = ft.use_state(False)
    chosen: Any = ft.use_state(frozenset())
    cells, choose = chosen
    there = place < len(composer.files)

    def close() -> None:
        open_(False)
        choose(frozenset())

    async def apply() -> None:
        made = await blurred(composer.files[place].data, cells, SIDE)
        if made is not None and cells:
            composer.replace_file(place, made)
        close()

    shown = _dialog(composer.files[place].data, cells, choose, apply, close) if opened and there else None
    ft.use_dialog(shown)
    name = composer.files[place].name if there else ""
    return row(
        [button("blur.open", t("blur.open", name=name), lambda: open_(True), "quiet", ft.Icons.BLUR_ON)]
    )


def _dialog(
    data: bytes, cells: frozenset[int], choose: Handler, apply: Handler, close: Handler
) -> ft.AlertDialog:
    t = use_text()
    picture = ft.Image(
        src=data, fit=ft.BoxFit.FILL, width=WIDTH, height=WIDTH, semantics_label=t("blur.picture")
    )
    grid = ft.Stack([picture, _grid(cells, choose)], width=WIDTH, height=WIDTH)
    return dialog(
        "blur",
        t("blur.title"),
        [stack([text(t("blur.hint"), "muted"), ft.Row([grid], wrap=True)])],
        [
            button("blur.cancel", t("common.cancel"), close, "secondary"),
            button("blur.apply", t("blur.apply", n=len(cells)), apply),
        ],
        close,
    )


def _grid(cells: frozenset[int], choose: Handler) -> ft.Control:
    lines: list[ft.Control] = [
        ft.Row([_cell(line * SIDE + column, cells, choose) for column in range(SIDE)], spacing=0)
        for line in range(SIDE)
    ]
    return ft.Column(lines, spacing=0, tight=True)


def _cell(cell: int, cells: frozenset[int], choose: Handler) -> ft.Control:
    """Where it is and whether it is chosen is also said in words."""
    t, look = use_text(), use_look()
    chosen, side = cell in cells, WIDTH // SIDE
    where = t("blur.cell", row=cell // SIDE + 1, column=cell % SIDE + 1)
    state = t("blur.chosen") if chosen else t("blur.clear")
    face = ft.Container(
        ft.Icon(ft.Icons.BLUR_ON, color=look.colours.on_primary) if chosen else None,
        width=side,
        height=side,
        ink=True,
        alignment=ft.Alignment.CENTER,
        bgcolor=ft.Colors.with_opacity(0.85, look.colours.primary) if chosen else None,
        border=ft.Border.all(1, look.colours.on_primary),
        on_click=on(lambda: choose(cells - {cell} if chosen else cells | {cell})),
    )
    return merged(f"blur.cell:{cell}", face, label=f"{where}. {state}", button=True)
