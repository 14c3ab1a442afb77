"""One medicine, and asking for its prescription to be renewed (row E4)."""

from typing import Any

import flet as ft

from app.components import (
    Screen,
    action_notice,
    badge,
    button,
    component,
    dialog,
    link_button,
    notice,
    section,
    stack,
    text,
    use_format,
    use_text,
)
from app.domain.medicines import Medicine, MedicineState, Renewal, RenewalState
from app.domain.record import Entry
from app.platform.window import go
from app.stores.base import Action
from app.stores.own import Own
from app.stores.stores import Stores
from app.views.ask import ask_about
from app.views.facts import AllFacts
from app.views.parts import forget, line, pairs
from app.views.record_pairs import medicine_pairs
from app.views.record_words import RENEWAL_LOOK, medicine_badge, name_of
from app.views.support import facing


def medicine_screen(stores: Stores, own: Own, entry: Entry) -> ft.Control:
    """What it is for, how it is taken, how much is left and until when; then renewal."""
    about = entry.about
    assert isinstance(about, Medicine)
    mark = None if about.renewal else medicine_badge(about)
    known = [*([mark] if mark else []), pairs(medicine_pairs(entry, about))]
    more = [
        Renewing(stores, own, entry, own.record.renew, own.record.revoke),
        ask_about(stores, own, entry),
        AllFacts(own, entry),
    ]
    return Screen(
        "record.medicine", name_of(entry), [facing(known, more)], back="/record/medicines", wide=True
    )


@component
def Renewing(stores: Stores, own: Own, entry: Entry, renew: Action[Any], revoke: Action[Any]) -> ft.Control:
    """The request that is there, or the way to make one, or why it cannot be made here."""
    t, about = use_text(), entry.about
    assert isinstance(about, Medicine)
    asking, ask = ft.use_state(False)
    ft.use_effect(lambda: forget(renew, revoke), [])
    ft.use_dialog(_confirm(own, entry, lambda: ask(False)) if asking else None)
    if not about.prescription or about.state is MedicineState.ENDED:
        return ft.Container(visible=False)
    parts: list[ft.Control] = [_state(own, about.renewal)] if about.renewal else []
    if about.barrier:
        parts.append(_barrier(stores, about.barrier))
    elif about.renewable:
        parts += [text(t("record.renew.hint"), "muted"), _ask(about.renewal, lambda: ask(True))]
    failed = action_notice(renew) if renew.status.name == "FAILED" else None
    return section(t("record.renew.title"), [*parts, *([failed] if failed else [])])


def _ask(before: Renewal | None, ask: Any) -> ft.Control:
    """A request that came to nothing is made again; after one that was granted there is no haste."""
    t, granted = use_text(), before is not None and before.state is RenewalState.RENEWED
    words = t("record.renew" if before is None or granted else "record.renew.again")
    kind = "secondary" if granted else "primary"
    return button("record.renew", words, ask, kind, ft.Icons.AUTORENEW)


def _confirm(own: Own, entry: Entry, close: Any) -> ft.AlertDialog:
    """What is asked and when it ends, before it is sent."""
    t = use_text()

    async def send() -> None:
        close()
        await own.record.renew.run(entry)

    actions = [
        button("record.renew.send", t("record.renew.send"), send),
        button("record.renew.cancel", t("common.cancel"), close, "quiet"),
    ]
    lines = [
        text(name_of(entry), "label"),
        text(t("record.renew.what")),
        text(t("record.renew.lapse"), "muted"),
    ]
    return dialog("record.renew-dialog", t("record.renew.sure"), lines, actions, close)


def _state(own: Own, renewal: Renewal) -> ft.Control:
    """Where a request stands, since when, and when it ends."""
    t, formats, state = use_text(), use_format(), renewal.state
    kind, mark = RENEWAL_LOOK[state.value]
    told = [t(f"record.renewal.{state.value}.meaning")]
    if renewal.asked:
        told.append(
            t(
                "record.renewal.asked",
                time=f"{formats.date(formats.local(renewal.asked).date())} {formats.time(renewal.asked)}",
            )
        )
    if renewal.lapses and state.open:
        told.append(t("record.renewal.lapses", day=formats.date(formats.local(renewal.lapses).date())))
    if renewal.why:
        told.append(t("record.renewal.why", why=renewal.why))
    parts: list[ft.Control] = [
        badge(kind, t(f"record.renewal.{state.value}"), mark),
        *(line(one) for one in told),
    ]
    if state in (RenewalState.SENT, RenewalState.WAITING):
        parts.append(_take_back(own, renewal))
    if state is RenewalState.REFUSED:
        parts.append(button("record.to-outbox", t("nav.outbox"), lambda: go("/outbox"), "secondary"))
    return stack(parts, gap="s", id="record.renewal")


def _take_back(own: Own, renewal: Renewal) -> ft.Control:
    async def revoke() -> None:
        await own.record.revoke.run(renewal)

    return button(
        "record.revoke",
        use_text()("record.renew.revoke"),
        revoke,
        "quiet",
        busy=own.record.revoke.status.name == "RUNNING",
    )


def _barrier(stores: Stores, barrier: str) -> ft.Control:
    """Why it cannot be renewed here, and where it can."""
    t = use_text()
    key = barrier if barrier in ("elsewhere", "controlled", "visit-needed") else "elsewhere"
    actions = []
    if key == "elsewhere":
        link = next((one for one in stores.region.elsewhere if one.id == "omakanta"), None)
        if link is not None:
            actions.append(
                link_button(
                    "elsewhere.omakanta", link.label(t.language), link.url(t.language), ft.Icons.OPEN_IN_NEW
                )
            )
    lines = [t(f"record.barrier.{key}.next")]
    return notice("info", t(f"record.barrier.{key}"), lines, actions, live=False, id="record.barrier")
