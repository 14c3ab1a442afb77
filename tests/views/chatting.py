"""Chatting with the clinic, for the tests of its screens."""

from app.domain.chat import Stage
from tests.views.examples import County, Visit

HEALTH = "terveysasema"


async def joined(county: County, resident: str = "aino", text: str = "Kuume nousi eilen.") -> Visit:
    """Somebody waits in the queue of the health station."""
    screen = await county.signed_in(resident, f"/chat/new/{HEALTH}")
    await screen.choose("chat.whose", "me")
    await screen.type("chat.text", text)
    await screen.tap("chat.join")
    await stepped(screen)
    await stepped(screen)
    return screen


async def stepped(screen: Visit, seconds: float = 3) -> None:
    """Time goes on, the clinic does what is due, and the app looks."""
    await screen.move(seconds=seconds)
    screen.county.platform.chat.step()
    await screen.look_again()


def chat_id(screen: Visit) -> str:
    return screen.route.rpartition("/")[2]


def stage(screen: Visit) -> Stage:
    chat = screen.own.chat.chat(chat_id(screen))
    assert chat is not None
    return chat.stage
