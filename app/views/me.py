"""The resident's contact details and what helps them (row E8)."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.components import (
    Screen,
    action_notice,
    button,
    checkbox,
    component,
    notice,
    resource_view,
    row,
    section,
    select,
    stack,
    text,
    text_field,
    use_format,
    use_look,
    use_text,
)
from app.components.layout import inside, panel
from app.components.theme import word_width
from app.domain.me import Contact, Details, Need, Needs
from app.i18n.format import capital
from app.platform.window import go
from app.stores.base import Action, Resource
from app.stores.me import Me
from app.stores.own import Own
from app.stores.stores import Stores
from app.views.parts import forget, pairs
from app.views.support import cards, freshness, kept_notice, nothing, pictured

LANGUAGES = (
    *("fi", "sv", "en", "se", "sfs", "fss", "ru", "et", "ar", "so", "uk"),
    *("fa", "prs", "ku", "ckb", "kmr", "zh", "vi", "th", "es", "fr"),
)
SYSTEMS = ("phone", "email")
LONGEST = 200


@component
def MeScreen(stores: Stores, own: Own) -> ft.Control:
    """``/me``."""
    t = use_text()
    return Screen(
        "me",
        t("me.title"),
        [text(t("me.lead"), "lead"), Shown(own, own.me.details)],
        back="/record",
        wide=True,
    )


@component
def Shown(own: Own, details: Resource[Details]) -> ft.Control:
    """The details in whatever state they are, and how old they are."""
    shown = resource_view(details, lambda _: Particulars(own, details), id="me.details")
    return stack([shown, freshness(details)], gap="l")


@component
def Particulars(own: Own, details: Resource[Details]) -> ft.Control:
    """Everything that is known, and what can be changed."""
    t, known = use_text(), details.value
    assert known is not None
    contacts = [_contact(system, known.contact(system)) for system in SYSTEMS]
    return stack(
        [
            StillYours(own.me, own.me.details, own.me.still_mine),
            section(t("me.contacts"), [cards(contacts)]),
            pictured([section(t("me.needs"), [Told(known)]), _near(known)], [_official(known)]),
        ],
        gap="l",
    )


def _official(known: Details) -> ft.Control:
    """What only an authority changes."""
    t, formats = use_text(), use_format()
    born = formats.date(known.birth_date) if known.birth_date else ""
    told = [(t("me.name"), known.name), (t("me.born"), born), (t("me.address"), _address(known))]
    return section(t("me.official"), [pairs(told), text(t("me.official.source"), "muted")])


def _address(known: Details) -> str:
    t = use_text()
    if known.restricted and not known.address:
        return str(t("me.address.restricted"))
    return ", ".join(known.address) or str(t("me.address.none"))


def _contact(system: str, contact: Contact | None) -> ft.Control:
    t, formats = use_text(), use_format()
    value = _readable(contact) if contact else ""
    since = t("me.confirmed", day=formats.date(contact.confirmed)) if contact and contact.confirmed else ""
    words = [pairs([(t(f"me.{system}"), value or t("me.none"))]), *([text(since, "small")] if since else [])]
    change = button(
        f"me.change.{system}",
        t(f"me.change.{system}" if contact else f"me.add.{system}"),
        lambda: go(f"/me/change/{system}"),
        "secondary",
    )
    return panel(stack([*words, change], gap="s"))


def _readable(contact: Contact) -> str:
    """A telephone number in its groups; an address that has no room on one line goes on at its "@", not anywhere."""
    if contact.system == "phone":
        return str(use_format().phone(contact.value))
    wide = word_width(contact.value) * use_look().size("body") > inside()
    return contact.value.replace("@", "\n@") if wide else contact.value


def _near(known: Details) -> ft.Control:
    t, formats = use_text(), use_format()
    told = [
        (one.relation or t("me.near.one"), f"{one.name}, {formats.phone(one.phone)}".strip(", "))
        for one in known.near
    ]
    shown = pairs(told) if told else text(t("me.near.none"), "muted")
    return section(t("me.near"), [shown, text(t("me.near.hint"), "muted")])


@component
def Told(known: Details) -> ft.Control:
    """What helps the resident, in words."""
    t, needs = use_text(), known.needs
    words = [*(t(f"me.need.{need.value}") for need in needs.needs), *([needs.other] if needs.other else [])]
    told = [
        (t("me.needs.language"), language_name(needs.language)),
        (t("me.needs.interpreter"), t("common.yes") if needs.interpreter else t("common.no")),
        (t("me.needs.others"), ", ".join(words) if words else t("me.needs.nothing")),
    ]
    return stack(
        [pairs(told), button("me.needs", t("me.needs.change"), lambda: go("/me/needs"), "secondary")]
    )


def language_name(code: str) -> str:
    """A language by its own name in the reader's language."""
    t = use_text()
    if code in LANGUAGES:
        return capital(str(t(f"me.language.{code}")))
    return capital(str(use_format().spoken(code))) if code else str(t("common.not_known"))


def still_yours_news(stores: Stores, own: Own) -> ft.Control:
    """On Home: after six months, whether they are still the resident's."""
    return StillYours(own.me, own.me.details, own.me.still_mine)


@component
def StillYours(me: Me, details: Resource[Details], confirm: Action[Any]) -> ft.Control:
    """After six months: is this still your number? (row E8)"""
    t = use_text()
    asked = me.doubtful()
    if not asked or details.value is None:
        return nothing()

    async def yes() -> None:
        await confirm.run(asked)

    shown = [_readable(one) for one in asked]
    actions = [
        button("me.still-mine", t("me.still.yes"), yes, "secondary", busy=confirm.status.name == "RUNNING"),
        button("me.not-mine", t("me.still.no"), lambda: go(f"/me/change/{asked[0].system}"), "quiet"),
    ]
    return notice(
        "warning", t("me.still.title"), [*shown, t("me.still.why")], actions, live=False, id="me.still"
    )


@component
def ChangeScreen(stores: Stores, own: Own, system: str) -> ft.Control:
    """``/me/change/<phone|email>``: the new one, then the code that came there."""
    t = use_text()
    kind = system if system in SYSTEMS else "phone"
    change = Change(own, kind, own.me.ask_code, own.me.give_code)
    return Screen("me.change", t(f"me.change.{kind}"), [change], back="/me")


@component
def Change(own: Own, system: str, ask: Action[Any], give: Action[Any]) -> ft.Control:
    """Both steps. Nothing is changed before the code has proven that it arrives."""
    t = use_text()
    value, set_value = ft.use_state("")
    code, set_code = ft.use_state("")
    error, set_error = ft.use_state("")
    ft.use_effect(lambda: forget(ask, give), [])
    sent = ask.status.name == "DONE"

    async def send() -> None:
        if not _plausible(system, value):
            set_error(t(f"me.change.{system}.wrong"))
            return
        set_error("")
        await ask.run(system, value.strip())

    async def confirm() -> None:
        await give.run(code.strip())

    if give.status.name == "DONE":
        done = button("me.change.done", t("me.change.back"), lambda: go("/me"), "secondary")
        return notice("success", t("me.change.changed"), [value], [done], id="me.changed")
    parts = _new_value(system, value, set_value, error, sent, send, ask)
    if sent:
        parts += _code(value, code, set_code, confirm, give)
    return stack(parts)


def _new_value(
    system: str, value: str, write: Any, error: str, sent: bool, send: Any, ask: Action[Any]
) -> list[ft.Control]:
    """The first step: the new number or address."""
    t = use_text()
    keyboard = ft.KeyboardType.PHONE if system == "phone" else ft.KeyboardType.EMAIL
    label, hint = t(f"me.{system}"), t(f"me.change.{system}.hint")
    words, kind = t("me.change.send_again" if sent else "me.change.send"), "secondary" if sent else "primary"
    return [
        text(t("me.change.how"), "muted"),
        text_field("me.change.value", label, value, write, hint, error, required=True, keyboard=keyboard),
        button("me.change.send", words, send, kind, busy=ask.status.name == "RUNNING"),
        *_failed(ask, "me.change.not_changed"),
    ]


def _code(value: str, code: str, write: Any, confirm: Any, give: Action[Any]) -> list[ft.Control]:
    """The second step: the code that came there."""
    t = use_text()
    label, hint, keyboard = t("me.change.code"), t("me.change.code_hint"), ft.KeyboardType.NUMBER
    return [
        notice("success", t("me.change.sent", to=value), [t("me.change.code_valid")], id="me.code-sent"),
        text_field("me.change.code", label, code, write, hint, keyboard=keyboard, required=True),
        button("me.change.confirm", t("me.change.confirm"), confirm, busy=give.status.name == "RUNNING"),
        *_failed(give, "me.change.not_changed"),
    ]


def _failed(action: Action[Any], safe: str) -> list[ft.Control]:
    """What went wrong, in words; a code that does not fit is the resident's to mend."""
    t = use_text()
    problem: Any = action.problem
    if action.status.name == "FAILED" and getattr(problem, "status", 0) in (400, 422):
        return [notice("error", t("me.change.refused"), [t(safe)], id="me.change.refused")]
    shown = action_notice(action, safe=t(safe)) if action.status.name == "FAILED" else None
    return [shown] if shown else []


def _plausible(system: str, value: str) -> bool:
    words = value.strip()
    if system == "phone":
        return 5 <= sum(c.isdigit() for c in words) <= 15 and not set(words) - set("+0123456789 -()")
    before, at, after = words.partition("@")
    return bool(before and at and "." in after and " " not in words)


@component
def MyNeedsScreen(stores: Stores, own: Own, booking: bool = False) -> ft.Control:
    """``/me/needs``: language, interpreter, and what else helps. ``booking``: ``/appointments/needs``, the same with
    the way back to the time that is held."""
    t = use_text()
    held = "/appointments/confirm" if own.booking.time is not None else "/appointments"
    form, back = NeedsNow(own, own.me.details), held if booking else "/me"
    return Screen("me.needs", t("me.needs"), [text(t("me.needs.lead"), "lead"), form], back=back)


@component
def NeedsNow(own: Own, details: Resource[Details]) -> ft.Control:
    """The form, once it is known what was said before."""
    known = details.value
    if known is None:
        return notice("info", use_text()("me.needs.unknown"), live=False)
    return NeedsForm(own, known.needs, known.pending, own.me.save_needs)


@component
def NeedsForm(own: Own, now: Needs, pending: bool, save: Action[Any]) -> ft.Control:
    """The form; saved in the outbox, so a connection is not needed."""
    t = use_text()
    language, set_language = ft.use_state(now.language or "fi")
    interpreter, set_interpreter = ft.use_state(now.interpreter)
    chosen, set_chosen = ft.use_state(now.needs)
    other, set_other = ft.use_state(now.other)
    ft.use_effect(lambda: save.reset(), [])

    def toggle(need: Need, on: bool) -> None:
        set_chosen(tuple(one for one in Need if (one in chosen and one is not need) or (on and one is need)))

    async def keep() -> None:
        await save.run(Needs(language=language, interpreter=interpreter, needs=chosen, other=other))

    boxes = [_need(need, need in chosen, toggle) for need in Need]
    listed = LANGUAGES if now.language in ("", *LANGUAGES) else (*LANGUAGES, now.language)
    options = [(code, language_name(code)) for code in listed]
    told = kept_notice(save, pending, t("me.needs.saved"), t("me.needs.done"))
    return stack(
        [
            select("me.needs.language", t("me.needs.language"), options, language, set_language),
            checkbox(
                "me.needs.interpreter",
                t("me.needs.want_interpreter"),
                interpreter,
                set_interpreter,
                t("me.needs.interpreter_hint"),
            ),
            section(t("me.needs.others"), [stack(boxes, gap="s")]),
            text_field("me.needs.other", t("me.needs.other"), other, set_other, max_length=LONGEST),
            text(t("me.needs.seen_by"), "muted"),
            row([button("me.needs.save", t("common.save"), keep, busy=save.status.name == "RUNNING")]),
            *([told] if told else []),
        ]
    )


def _need(need: Need, on: bool, toggle: Callable[[Need, bool], None]) -> ft.Control:
    words = use_text()(f"me.need.{need.value}")
    return checkbox(f"me.need.{need.value}", words, on, lambda now: toggle(need, now))
