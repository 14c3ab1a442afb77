"""What waits in the outbox, called what the resident knows it by: the medicine, the measured value, the form …"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from app.components import use_format, use_text
from app.i18n.format import capital
from app.stores.outbox import OutboxItem
from app.stores.own import Own
from app.stores.stores import Stores

Name = Callable[[Stores, Own, OutboxItem], str]


def kind_of(item: OutboxItem) -> str:
    """What it is, and of a message its subject: as much as is told on every screen, beside which somebody may sit."""
    t = use_text()
    return t(f"outbox.item.{item.kind}", subject=item.title or t("messages.no_subject"))


def name_of(stores: Stores, own: Own, item: OutboxItem) -> str:
    """What it is and which: two of the same kind are told apart."""
    name = _NAMES[item.kind](stores, own, item) if item.kind in _NAMES else ""
    if item.kind == "message":
        return use_text()("outbox.item.message", subject=name)
    return use_text()("outbox.item.which", what=kind_of(item), which=name) if name else kind_of(item)


def _talk(stores: Stores, own: Own, item: OutboxItem) -> str:
    """Its subject, or that of the talk it belongs to, or with whom it is."""
    t = use_text()
    chats = (chat.thread for chat in own.chat.chats.value or () if chat.thread.id == item.thread_id)
    thread = own.messages.thread(item.thread_id) or next(chats, None)
    service = stores.services.name(thread.service_id) if thread else ""
    subject = item.title or (thread.subject if thread else "")
    unnamed = t("messages.no_subject") if item.kind == "message" else ""
    return subject or (t("messages.thread.with", service=service) if service else unnamed)


def _medicine(stores: Stores, own: Own, item: OutboxItem) -> str:
    from app.views.record_words import name_of as entry_name

    entry = own.record.asked_for(item.id)
    return entry_name(entry) if entry is not None else ""


def _measurement(stores: Stores, own: Own, item: OutboxItem) -> str:
    from app.views.measurements import time_of, words_of

    reading = own.measurements.kept(item.id)
    if reading is None:
        return ""
    return f"{use_text()(f'measurements.kind.{reading.kind.value}')} {words_of(reading)}, {time_of(reading)}"


def _form(stores: Stores, own: Own, item: OutboxItem) -> str:
    from app.views.forms import title_of

    one, card = own.forms.answered(item.id), own.forms.form_of(item.id)
    return title_of(own, one) if one is not None else card.title if card is not None else ""


def _appointment(stores: Stores, own: Own, item: OutboxItem) -> str:
    from app.views.appointment_card import title

    one = own.appointments.get(item.id)
    if one is None:
        return ""
    at = use_format().whole_moment(one.starts) if one.starts else use_text()("appointments.no_time")
    return f"{title(one, stores.services)}, {at}"


def _consent(stores: Stores, own: Own, item: OutboxItem) -> str:
    t, one = use_text(), own.me.consent(item.id)
    if one is None:
        return ""
    what = t(f"me.permission.{one.permission.value}")
    state = t("me.permissions.given" if one.given else "me.permissions.not_given")
    return what if item.kind == "withdraw_consent" else f"{what}, {state.lower()}"


def _contact(stores: Stores, own: Own, item: OutboxItem) -> str:
    system, value = item.contact
    named = use_text()(f"me.{system}") if system in ("phone", "email") else ""
    return f"{named} {value}".strip()


def _pathway(stores: Stores, own: Own, item: OutboxItem) -> str:
    from app.views.pathways import title_of

    for journey in own.pathways.known:
        goals = (goal.id for goal in journey.goals)
        if item.id == journey.id or item.id in goals or item.id in journey.tasks.values():
            return title_of(stores, journey)
    return ""


def _task(stores: Stores, own: Own, item: OutboxItem) -> str:
    """Of a chat its subject, of a pathway its name."""
    chat = own.chat.chat(item.id)
    if chat is None:
        return _pathway(stores, own, item)
    return capital(chat.thread.subject or stores.services.name(chat.service_id))


_NAMES: Mapping[str, Name] = MappingProxyType(
    {
        "message": _talk,
        "chat": _talk,
        "renewal": _medicine,
        "revoke_renewal": _medicine,
        "measurement": _measurement,
        "change_measurement": _measurement,
        "delete_measurement": _measurement,
        "form": _form,
        "appointment": _appointment,
        "cancel_appointment": _appointment,
        "consent": _consent,
        "withdraw_consent": _consent,
        "contact": _contact,
        "pathway": _pathway,
        "task": _task,
    }
)
