"""One search over messages and chats, from either of their rooms, also without a connection (rows A11, D10)."""

from collections.abc import Callable
from dataclasses import dataclass

import flet as ft

from app.components import component, stack, text, text_field, use_text
from app.domain.chat import Chat
from app.domain.messages import Thread, newest_first
from app.domain.searching import Hit
from app.stores.base import Resource
from app.stores.own import Own
from app.stores.services import Services
from app.views.chat_card import chat_card
from app.views.support import keyed, spoken
from app.views.thread_card import thread_card


@dataclass(frozen=True, eq=False)
class Talks:
    """Where is searched: everything this device has of one person's conversations with the clinic."""

    own: Own
    services: Services
    threads: Resource[tuple[Thread, ...]]
    chats: Resource[tuple[Chat, ...]]

    def find(self, words: str) -> list[tuple[Hit, Chat | None]]:
        """The newest first; those of a chat with it. What is hidden in the lists is found too."""
        chats = {chat.thread.id: chat for chat in self.chats.value or ()}
        everything = newest_first([*(self.threads.value or ()), *(chat.thread for chat in chats.values())])

        def about(thread: Thread) -> str:
            agreed = chats[thread.id].agreed if thread.id in chats else ()
            return " ".join((self.services.name(thread.service_id), *agreed))

        hits = self.own.messages.search.find(everything, words, about)
        return [(hit, chats.get(hit.thread.id)) for hit in hits]


def talks_of(own: Own, services: Services) -> Talks:
    """All of them."""
    return Talks(own, services, own.messages.threads, own.chat.chats)


def searched(id: str, talks: Talks, otherwise: Callable[[], ft.Control]) -> ft.Control:
    """The field, and what it finds; ``otherwise``: what stands there while nothing is searched for."""
    return Searched(id, talks.own, talks, talks.threads, talks.chats, otherwise)


@component
def Searched(
    id: str,
    own: Own,
    talks: Talks,
    threads: Resource[tuple[Thread, ...]],
    chats: Resource[tuple[Chat, ...]],
    otherwise: Callable[[], ft.Control],
) -> ft.Control:
    """See searched. What was typed stays for the session, in both rooms."""
    t = use_text()
    search = own.messages.search
    typed, set_typed = ft.use_state(search.words)

    def look_for(words: str) -> None:
        search.words = words
        set_typed(words)

    shown = _found(id, talks, typed) if typed.strip() else otherwise()
    if not (threads.value or chats.value):
        return stack([keyed("shown", shown)])
    field = text_field(f"{id}.search", t("talks.search"), typed, look_for, t("messages.search_hint"))
    return stack([keyed("field", field), keyed("shown", shown)])


def _found(id: str, talks: Talks, typed: str) -> ft.Control:
    """How many there are, said aloud, and each with the place where the words are."""
    t = use_text()
    hits = talks.find(typed)
    many = t("messages.found", n=len(hits)) if hits else t("messages.found_none", words=typed.strip())
    line = spoken(f"{id}.found", many, text(many, "muted"), live=True)
    return stack([line, *(_card(talks, hit, chat) for hit, chat in hits)], gap="s")


def _card(talks: Talks, hit: Hit, chat: Chat | None) -> ft.Control:
    hidden = (talks.own.chat if chat else talks.own.messages).hidden.value or ()
    more = [use_text()("hide.mark")] if hit.thread.id in hidden else []
    if chat is not None:
        return chat_card(talks.services, chat, [*more, hit.snippet])
    return thread_card(hit.thread, talks.services, lines=[*more, hit.snippet])
