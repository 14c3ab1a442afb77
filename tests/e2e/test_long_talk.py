"""A long chat in a real browser: what is new is in sight when it opens, and who reads above keeps their place."""

from tests.e2e.conftest import Places
from tests.e2e.driver import Person
from tests.e2e.journey import queue
from tests.e2e.walk import visit

IN_SIGHT = """words => { const host = document.querySelector("flt-semantics-host");
  const found = [...host.querySelectorAll("flt-semantics, span")].filter(one => one.textContent.trim() === words);
  const box = found.length && found.at(-1).getBoundingClientRect();
  return !!box && box.top >= 0 && box.bottom <= innerHeight }"""
WHERE = """words => { const host = document.querySelector("flt-semantics-host");
  const all = [...host.querySelectorAll("flt-semantics, span")];
  return Math.round(all.filter(one => one.textContent.trim() === words).at(-1).getBoundingClientRect().top) }"""


def in_sight(person: Person, words: str) -> None:
    """Wait until a text is within the window."""
    person.page.wait_for_function(IN_SIGHT, arg=words)


def test_a_long_chat_opens_at_its_newest_and_keeps_ones_place(person: Person, places: Places) -> None:
    said = [f"Ohje {n}: juo riittävästi, lepää ja seuraa kuumetta aamuin illoin." for n in range(14)]
    queue(person, "antti", "Kuume nousi eilen illalla.")
    room = person.page.url.removeprefix(person.app)
    for words in said:
        places.tester("POST", "chats/latest/answer", {"text": words})
    person.reads(said[-1])
    visit(person, "/services", "services")
    visit(person, room, "chat.room")
    in_sight(person, said[-1])  # opened

    person.page.mouse.move(195, 400)
    person.page.mouse.wheel(0, -1000)
    person.page.wait_for_function(f"words => !({IN_SIGHT})(words)", arg=said[-1])
    person.page.wait_for_timeout(500)  # the client tells where it is
    before = person.page.evaluate(WHERE, said[5])
    places.tester("POST", "chats/latest/answer", {"text": "Onko kuume laskenut?"})
    person.sees("talk.new", "1 uusi viesti")
    assert person.page.evaluate(WHERE, said[5]) == before
    person.press("talk.new")
    in_sight(person, "Onko kuume laskenut?")
    person.misses("talk.new")
