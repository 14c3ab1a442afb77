"""The room of chats."""

from contextlib import suppress

from app.bootstrap.shared import Shared
from app.bootstrap.syncing import fetch_of
from app.domain.exchange import Request
from app.errors import AppError
from app.offline.engine import Scope
from app.platform.notifying import can_notify, notify
from app.platform.pictures import prepare
from app.platform.sound import can_sound, play
from app.stores.chat import Chats


def scopes(patient: str) -> tuple[Scope, ...]:
    """What the room reads of the person's own data, besides the messages: where each chat stands."""
    return (Scope("Task", (("patient", f"Patient/{patient}"),)),)


def room(shared: Shared) -> Chats:
    """Its store."""
    devices, client = shared.devices, shared.client

    async def tell(chat_id: str) -> None:
        with suppress(AppError):
            await client.ask(Request("POST", f"Task/{chat_id}/$typing"))

    def tell_typing(chat_id: str) -> None:
        shared.spawn(tell(chat_id))

    def ring() -> None:
        shared.spawn(sound())

    def notify_turn() -> None:
        texts = shared.texts()
        shared.spawn(notice(texts("chat.notify.turn", app=shared.region.app_name(texts.language))))

    return Chats(
        person_id=shared.person_id,
        store=shared.store,
        public=shared.public,
        outbox=shared.outbox,
        drafts=shared.drafts,
        limits=shared.region.attachments,
        prepare=prepare,
        nudge=shared.sync.nudge,
        pace=shared.sync.pace,
        tell_typing=tell_typing,
        now=devices.now,
        later=devices.later,
        new_key=devices.new_key,
        language=shared.language,
        fetch=fetch_of(shared.sync, "Task", "Communication"),
        ring=ring,
        notify=notify_turn,
    )


async def sound() -> None:
    """The turn has come."""
    if can_sound():
        await play()


async def notice(words: str) -> None:
    """The same as a notification of the browser; a client that does not answer hinders nothing."""
    if can_notify():
        await notify(words)
