"""Taking one's data along, what is stored where, and removing it with a receipt (rows E1, M6)."""

from typing import Any

import flet as ft

from app.components import (
    Screen,
    button,
    checkbox,
    component,
    dialog,
    notice,
    row,
    section,
    stack,
    text,
    use_format,
    use_text,
    use_ui,
)
from app.domain.datamap import DATA_MAP
from app.domain.record import Kind
from app.platform.files import save_file
from app.platform.pdf import Block, Table, document
from app.platform.window import go
from app.stores.base import Action, Resource
from app.stores.own import Own
from app.stores.record import Listing
from app.stores.session import Session
from app.stores.stores import Stores
from app.views.parts import ruled
from app.views.record_words import entry_lines, name_of

LONGEST = 400  # entries in the readable copy; the open file has all


@component
def CopyScreen(stores: Stores, own: Own, session: Session) -> ft.Control:
    """``/me/data``."""
    t = use_text()
    return Screen(
        "me.data",
        t("me.data.title"),
        [
            text(t("me.data.lead"), "lead"),
            Copies(own, own.record.listing()),
            section(
                t("me.data.map"),
                [text(t("me.data.map.lead"), "muted"), ruled([_stored(one) for one in DATA_MAP])],
            ),
            section(t("me.data.remove"), [Removal(own, session, session.sign_out)]),
        ],
        back="/record",
    )


@component
def Copies(own: Own, listed: Resource[Listing]) -> ft.Control:
    """The open file and the readable one, and how much is in them."""
    t = use_text()
    counts = own.copying.counts()
    blocks, title, language = _readable(listed), t("me.data.copy.title"), t.language.partition("_")[0]

    async def complete() -> None:
        if listed.value is not None and not listed.value.complete:
            await own.record.complete()

    ft.use_effect(complete, [listed.value is not None])

    async def save_json() -> None:
        await save_file("omat-tiedot.json", own.copying.as_json())

    async def save_pdf() -> None:
        await save_file("omat-tiedot.pdf", document(title, blocks, language))

    actions = [
        button("me.data.json", t("me.data.json"), save_json, icon=ft.Icons.DOWNLOAD_OUTLINED),
        button("me.data.pdf", t("me.data.pdf"), save_pdf, "secondary", ft.Icons.PICTURE_AS_PDF_OUTLINED),
    ]
    total = t("me.data.count", n=sum(counts.values()))
    return section(
        t("me.data.copy"),
        [text(total), row(actions), text(t("me.data.formats"), "muted"), text(t("me.data.care"), "muted")],
    )


def _readable(listed: Resource[Listing]) -> list[Block | Table]:
    """Everything recorded, kind by kind, in words."""
    t, formats = use_text(), use_format()
    entries = listed.value.entries if listed.value else ()
    made = formats.moment(use_ui().now())
    blocks: list[Block | Table] = [
        Block("title", t("me.data.copy.title")),
        Block("small", t("me.data.copy.made", time=made)),
    ]
    for kind in Kind:
        own = [one for one in entries if one.kind is kind][:LONGEST]
        if own:
            blocks.append(Block("heading", t(f"record.kind.{kind.value}")))
            for one in own:
                blocks += [Block("label", name_of(one)), Block("text", "\n".join(entry_lines(one)))]
    return blocks


def _stored(one: Any) -> ft.Control:
    """What it is, what for, where and how long."""
    t = use_text()
    where = t(
        "me.data.where",
        place=t(f"me.data.place.{one.place.value}"),
        lifetime=t(f"me.data.lifetime.{one.lifetime.value}"),
    )
    return stack(
        [
            text(t(f"me.data.stored.{one.what}"), "label"),
            text(t(f"me.data.why.{one.what}")),
            text(where, "small"),
        ],
        gap="xs",
    )


@component
def Removal(own: Own, session: Session, sign_out: Action[Any]) -> ft.Control:
    """Asks first, names what would be lost, gives a receipt, and removes."""
    t = use_text()
    asking, ask = ft.use_state(False)
    sure, set_sure = ft.use_state(False)
    receipt = _receipt(own)
    ft.use_dialog(_sure(own, session, receipt, (sure, set_sure), lambda: ask(False)) if asking else None)
    return stack(
        [
            text(t("me.data.remove.what")),
            text(t("me.data.remove.stays"), "muted"),
            button(
                "me.data.remove",
                t("me.data.remove.button"),
                lambda: ask(True),
                "danger",
                ft.Icons.DELETE_FOREVER_OUTLINED,
            ),
        ]
    )


def _sure(own: Own, session: Session, receipt: bytes, ticked: tuple[bool, Any], close: Any) -> ft.AlertDialog:
    t = use_text()
    drafts, waiting = own.unsent()
    losing = drafts + waiting > 0

    async def remove() -> None:
        close()
        await save_file("poistokuitti.txt", receipt)
        await session.sign_out.run(True)
        go("/")

    missing = t("signout.lose_confirm_missing") if losing and not ticked[0] else ""
    lines: list[ft.Control] = [text(t("me.data.remove.receipt"))]
    if losing:
        lines += [
            notice(
                "warning",
                t("signout.lose_title"),
                [t("me.data.remove.unsent", n=drafts + waiting)],
                live=False,
                id="me.data.lose",
            ),
            checkbox("me.data.sure", t("signout.lose_confirm"), ticked[0], ticked[1]),
        ]
    actions = [
        button("me.data.remove-sure", t("me.data.remove.button"), remove, "danger", disabled_because=missing),
        button("me.data.keep", t("common.cancel"), close, "quiet"),
    ]
    return dialog("me.data.remove-dialog", t("me.data.remove.sure"), lines, actions, close)


def _receipt(own: Own) -> bytes:
    """What was removed from this device and when; no health data in it."""
    t, formats = use_text(), use_format()
    now = use_ui().now()
    when = f"{formats.date(formats.local(now).date())} {formats.time(now)}"
    lines = [t("me.data.receipt.title"), t("me.data.receipt.when", time=when), ""]
    lines += [f"- {t(f'me.data.stored.{one.what}')}" for one in DATA_MAP if one.place.value == "device"]
    lines += ["", t("me.data.receipt.count", n=sum(own.copying.counts().values())), t("me.data.remove.stays")]
    return "\n".join(lines).encode()
