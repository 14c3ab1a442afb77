"""The readable copy of everything that the app holds of a person, as paragraphs of a document (row M6)."""

from collections.abc import Iterable

from app.components import use_format, use_text, use_ui
from app.domain.appointments import Appointment
from app.domain.measurements import MeasureKind, valid
from app.domain.messages import Message, MessageState
from app.domain.record import Entry, Kind, Visit
from app.domain.results import Flag, Panel, Part, Result
from app.platform.pdf import Block, Table
from app.stores.composer import KIND as MESSAGE
from app.stores.filler import KIND as FORM
from app.stores.own import Own
from app.stores.record import Listing
from app.stores.stores import Stores
from app.views.appointment_card import title as appointment_title
from app.views.export import copy_of
from app.views.forms import title_of
from app.views.me import language_name
from app.views.measurements import time_of, words_of
from app.views.record_pairs import lines_of
from app.views.record_words import entry_status, flag_status, limits_of, name_of, state_status, value_of

Blocks = list[Block | Table]


def readable(stores: Stores, own: Own, listed: Listing) -> Blocks:
    """Everything, in the order in which the app shows it. It needs the hooks of a component: call it while drawing."""
    t, formats, now = use_text(), use_format(), use_ui().now()
    made = f"{formats.date(formats.local(now).date())} {formats.time(now)}"
    return [
        Block("title", t("me.data.copy.title")),
        Block("small", t("me.data.copy.made", time=made)),
        *_part("me.title", _particulars(own)),
        *(block for kind in Kind for block in _kind(own, kind, listed.entries)),
        *_part("measurements.title", _measured(own)),
        *_part("appointments.title", _appointments(stores, own)),
        *_part("messages.title", _talks(stores, own)),
        *_part("messages.drafts", _drafts(own)),
        *_part("forms.title", _forms(own)),
        *_part("me.permissions.title", _permissions(own)),
        *_part("me.log.title", _looks(own)),
        Block("small", t("me.data.copy.rest")),
    ]


def _part(title: str, blocks: Blocks) -> Blocks:
    return [Block("heading", use_text()(title)), *blocks] if blocks else []


def _lines(name: str, *lines: str) -> Blocks:
    """A name in bold and what belongs to it."""
    told = "\n".join(line for line in lines if line)
    return [Block("label", name), *([Block("text", told)] if told else [])]


def _particulars(own: Own) -> Blocks:
    t, formats, known = use_text(), use_format(), own.me.details.value
    if known is None:
        return []
    needs = [*(t(f"me.need.{need.value}") for need in known.needs.needs), known.needs.other]
    told = [
        (t("me.name"), known.name),
        (t("me.born"), formats.date(known.birth_date) if known.birth_date else ""),
        (t("me.address"), ", ".join(known.address)),
        *((t(f"me.{one.system}"), one.value) for one in known.contacts),
        *((one.relation or t("me.near.one"), f"{one.name} {one.phone}".strip()) for one in known.near),
        (t("me.needs.language"), language_name(known.needs.language)),
        (t("me.needs.interpreter"), t("common.yes" if known.needs.interpreter else "common.no")),
        (t("me.needs.others"), ", ".join(one for one in needs if one)),
    ]
    return [Block("text", f"{name}: {value}") for name, value in told if value]


def _kind(own: Own, kind: Kind, entries: Iterable[Entry]) -> Blocks:
    mine = [one for one in entries if one.kind is kind]
    blocks = Blocks()
    for one in mine:
        status = entry_status(own, one)
        blocks += _lines(name_of(one), status.words if status else "", *lines_of(one), *_inside(own, one))
    return _part(f"record.kind.{kind.value}", blocks)


def _inside(own: Own, entry: Entry) -> list[str]:
    """What its line in a list does not say: the results of a panel, and what was written at a visit."""
    about = entry.about
    if isinstance(about, Visit):
        return [note.text for note in about.notes]
    if not isinstance(about, Panel):
        return []
    members = own.record.members(about)
    told = [_value(name_of(one), one.about) for one in members if isinstance(one.about, Part)]
    return [*told, "" if own.record.waits_for_comment(entry) else about.comment]


def _value(name: str, part: Part) -> str:
    limits = limits_of(part.limits, part.amount)
    usual = f" ({use_text()('record.limits', limits=limits)})" if limits and value_of(part) else ""
    status = state_status(part.state) if isinstance(part, Result) else None
    status = status or (flag_status(part.flag) if part.flag is not Flag.NORMAL else None)
    odd = f" · {status.words}" if status else ""
    return f"{name}: {value_of(part) or '–'}{odd}{usual}"


def _measured(own: Own) -> Blocks:
    t = use_text()
    columns = (t("measurements.column.time"), t("measurements.column.value"))
    blocks = Blocks()
    for kind in MeasureKind:
        if found := valid(own.measurements.readings.value or (), kind):
            rows = tuple((time_of(one), words_of(one)) for one in found)
            blocks += [Block("label", t(f"measurements.kind.{kind.value}")), Table((columns, *rows))]
    return blocks


def _appointments(stores: Stores, own: Own) -> Blocks:
    t, blocks = use_text(), Blocks()
    for one in own.appointments.all.value or ():
        state, name = t(f"appointments.state.{one.state.value}"), appointment_title(one, stores.services)
        blocks += _lines(name, _whole(one), one.place.name, one.who.name, state, one.reason)
    return blocks


def _whole(one: Appointment) -> str:
    """Day, with its year in a copy that is kept, time and how long it lasts."""
    t = use_text()
    if one.starts is None:
        return t("appointments.no_time")
    moment = use_format().whole_moment(one.starts)
    return t(
        "appointments.when" if one.minutes else "appointments.when_unknown", moment=moment, n=one.minutes
    )


def _talks(stores: Stores, own: Own) -> Blocks:
    """Messages and chats alike."""
    t, ui, blocks = use_text(), use_ui(), Blocks()
    threads = own.messages.threads.value
    talks = [*(threads or ()), *(chat.thread for chat in own.chat.chats.value or ())]
    for thread in talks:
        said = [one for one in thread.messages if one.state is not MessageState.DRAFT]
        title = thread.subject or t("messages.thread.with", service=stores.services.name(thread.service_id))
        told = copy_of(title, (), said, [_writer(one) for one in said], ui).as_blocks()
        blocks += [Block("label", title), *told[1:]]
    return blocks


def _drafts(own: Own) -> Blocks:
    """What is only being written: the words of a message; of a form its name, for its answers are in the open file."""
    t, blocks = use_text(), Blocks()
    for draft in own.drafts.all():
        if draft.kind == MESSAGE:
            said = str(draft.body.get("text") or "")
            blocks += _lines(str(draft.body.get("subject") or t("messages.no_subject")), said)
        elif draft.kind == FORM:
            blocks += _lines(str(draft.body.get("title") or t("forms.form")))
    return blocks


def _writer(message: Message) -> str:
    t = use_text()
    return (
        t("messages.thread.you") if message.mine else message.sender_name or t("messages.thread.professional")
    )


def _forms(own: Own) -> Blocks:
    """Which were answered and when; the answers themselves are in the open file."""
    formats, blocks = use_format(), Blocks()
    for one in own.forms.answers.value or ():
        at = one.receipt_at or one.authored
        blocks += _lines(title_of(own, one), formats.date(formats.local(at).date()) if at else "")
    return blocks


def _permissions(own: Own) -> Blocks:
    t, blocks = use_text(), Blocks()
    for one in own.me.consents.value or ():
        state = t("me.permissions.given" if one.given else "me.permissions.not_given")
        blocks += _lines(t(f"me.permission.{one.permission.value}"), state)
    return blocks


def _looks(own: Own) -> Blocks:
    formats = use_format()
    rows = [
        (
            f"{formats.date(formats.local(one.at).date())} {formats.time(one.at)}" if one.at else "",
            ", ".join(part for part in (one.who, one.role) if part),
            one.unit,
            one.what,
        )
        for one in own.me.log.value or ()
    ]
    t = use_text()
    head = tuple(t(f"me.log.{one}") for one in ("when", "who", "unit", "what"))
    return [Table((head, *rows))] if rows else []
