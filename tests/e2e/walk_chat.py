"""The walk through chats, and to the ombudsman without signing in."""

from tests.e2e import walk
from tests.e2e.walk import Stop, Walker, at


def _start(walker: Walker) -> None:
    walk.visit(walker.person, "/chat/new/digiklinikka", "chat.start")
    walk.choose(walker.person, "chat.whose", 0)
    walker.person.press("chat.questions")


def _queue(walker: Walker) -> None:
    walker.person.write("chat.text", "Kuume nousi eilen illalla.")
    walker.person.press("chat.join")
    walker.person.sees("chat.queue", "paikalla 1")
    walker.person.sees("chat.human")


def _talk(walker: Walker) -> None:
    walker.places.tester("POST", "chats/latest/answer", {"text": "Hei! Onko kuume yli 38 astetta?"})
    walker.person.sees("chat.talk", "Kaisa Aalto")


def _ended(walker: Walker) -> None:
    agreed = ["Lepää kolme päivää.", "Soita, jos kuume jatkuu maanantaina."]
    walker.places.tester("POST", "chats/latest/close", {"agreed": agreed})
    walker.person.sees("chat.agreed", "Lepää kolme päivää.")


def _letter(walker: Walker) -> None:
    walk.visit(walker.person, "/ombudsman/letter", "ombudsman.writing")
    walk.choose(walker.person, "ombudsman.about", 2)
    walker.person.press("ombudsman.leaves")
    walker.person.write("ombudsman.text", "Minua kohdeltiin huonosti.")


def _code(walker: Walker) -> None:
    walker.person.press("ombudsman.letter-send")
    walker.person.sees("ombudsman.code")


def _helper(walker: Walker) -> None:
    walk.visit(walker.person, "/ombudsman/helper", "ombudsman.deciding")
    for question, place in (("where", 0), ("what", 1), ("wish", 1)):
        walk.choose(walker.person, f"ombudsman.helper.{question}", place)
    walker.person.sees("ombudsman.path")


CHAT = (
    Stop("chat-home", lambda w: walk.sign_in(w, "aino")),
    Stop("chat", at("/chat", "chat"), main=True),
    Stop("chat-start", _start, main=True),
    Stop("chat-queue", _queue, main=True),
    Stop("chat-talk", _talk, main=True),
    Stop("chat-ended", _ended, main=True),
    Stop("chat-calm", at("/calm", "calm")),
    Stop("chat-feedback", at("/feedback", "feedback")),
    Stop("ombudsman-mine", at("/ombudsman/mine", "ombudsman.mine")),
)
OMBUDSMAN = (
    Stop("ombudsman", at("/ombudsman", "ombudsman"), main=True),
    Stop("ombudsman-chat", at("/ombudsman/chat", "ombudsman.talk")),
    Stop("ombudsman-letter", _letter, main=True),
    Stop("ombudsman-code", _code, main=True),
    Stop("ombudsman-answer", at("/ombudsman/answer", "ombudsman.answer")),
    Stop("ombudsman-helper", _helper, main=True),
)
