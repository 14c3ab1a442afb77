"""Taking one's data along, what is stored where, and removing it with a receipt (rows E1, M6)."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.components import (
    Screen,
    action_notice,
    button,
    checkbox,
    component,
    dialog,
    loading,
    notice,
    row,
    section,
    stack,
    text,
    use_format,
    use_text,
    use_ui,
)
from app.domain.datamap import DATA_MAP, Stored
from app.platform.files import save_file
from app.platform.pdf import written
from app.platform.window import go
from app.stores.base import Action, Resource
from app.stores.own import Own
from app.stores.record import Listing
from app.stores.session import Session
from app.stores.stores import Stores
from app.views.export import lacking
from app.views.parts import ruled
from app.views.readable import readable


@component
def CopyScreen(stores: Stores, own: Own, session: Session) -> ft.Control:
    """``/me/data``."""
    t = use_text()
    return Screen(
        "me.data",
        t("me.data.title"),
        [
            text(t("me.data.lead"), "lead"),
            Copies(stores, own, own.record.listing()),
            section(
                t("me.data.map"),
                [text(t("me.data.map.lead"), "muted"), *_map()],
            ),
            section(t("me.data.remove"), [Removal(own, session, session.sign_out)]),
        ],
        back="/record",
    )


@component
def Copies(stores: Stores, own: Own, listed: Resource[Listing]) -> ft.Control:
    """The open file and the readable one, and how much is in them."""
    t = use_text()
    wanted, want = ft.use_state(False)
    counts, ready = own.copying.counts(), listed.value is not None and listed.value.complete

    async def complete() -> None:
        if listed.value is not None and not listed.value.complete:
            await own.record.complete()

    ft.use_effect(complete, [listed.value is not None])

    async def save_json() -> None:
        await save_file("omat-tiedot.json", own.copying.as_json())

    def readable_one() -> None:
        own.measurements.look()
        want(True)

    mark = ft.Icons.PICTURE_AS_PDF_OUTLINED
    actions = [
        button("me.data.json", t("me.data.json"), save_json, icon=ft.Icons.DOWNLOAD_OUTLINED),
        button("me.data.pdf", t("me.data.pdf"), readable_one, "secondary", mark, busy=wanted),
    ]
    making = [Making(stores, own, listed, lambda: want(False))] if wanted and ready else []
    failed = action_notice(own.copying.save) if own.copying.save.status.name == "FAILED" else None
    total = t("me.data.count", n=sum(counts.values()))
    return section(
        t("me.data.copy"),
        [
            text(total),
            row(actions),
            *making,
            *([failed] if failed else []),
            text(t("me.data.formats"), "muted"),
            text(t("me.data.care"), "muted"),
        ],
    )


@component
def Making(stores: Stores, own: Own, listed: Resource[Listing], done: Callable[[], None]) -> ft.Control:
    """The readable copy, written only when it is asked for: it takes a while when there is much."""
    t = use_text()
    assert listed.value is not None
    blocks, title, language = readable(stores, own, listed.value), t("me.data.copy.title"), t.language
    unknown = lacking()

    async def make() -> None:
        await save_file("omat-tiedot.pdf", await written(title, blocks, language.partition("_")[0], unknown))

    async def save() -> None:
        await own.copying.save.run(make)
        done()

    ft.use_effect(save, [])
    return loading("me.data")


def _map() -> list[ft.Control]:
    """Everything that is stored, by where it lies and for how long."""
    alike: dict[str, list[Stored]] = {}
    for one in DATA_MAP:
        alike.setdefault(_where(one), []).append(one)
    return [
        section(where, [ruled([_stored(one) for one in there])], level=3) for where, there in alike.items()
    ]


def _where(one: Stored) -> str:
    t = use_text()
    place, lifetime = t(f"me.data.place.{one.place.value}"), t(f"me.data.lifetime.{one.lifetime.value}")
    return str(t("me.data.where", place=place, lifetime=lifetime))


def _stored(one: Stored) -> ft.Control:
    """What it is and what for."""
    t = use_text()
    return stack(
        [text(t(f"me.data.stored.{one.what}"), "label"), text(t(f"me.data.why.{one.what}"))], gap="xs"
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
