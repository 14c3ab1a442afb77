"""A walk through every screen, for pictures and for tests: each stop says how to get there from anywhere.

Stops find their way by names for machines, so the walk is the same in every language and at every size.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from PIL import Image
from playwright.sync_api import expect

from tests.e2e.driver import ADOPTION, PATIENCE, Person
from tests.e2e.places import Places

SERVICE = "terveysasema"
ANSWERED, DELIVERED, OVERDUE = "Paikasta lohkesi", "Pitkittynyt yskä", "Palovaroitin piippaa"
WORDS = "Selkä on ollut kipeä viikon. Kipu herättää öisin. Särkylääke auttaa hetken."


PRESS_IF_THERE = "id => document.querySelector(`[flt-semantics-identifier='${id}']`)?.click()"


class Assisted(Person):
    """Goes to a control and presses Enter, without aiming: no window is too small."""

    def press(self, identifier: str) -> None:
        """Press the control of that name, once it has the focus and has been scrolled to."""
        control = self.control(identifier)
        control.focus()
        self.page.wait_for_timeout(ADOPTION)
        control.press("Enter")


@dataclass
class Walker:
    """Somebody who walks: their browser, the places, and what they wrote on the way."""

    person: Person
    places: Places
    noted: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Stop:
    """One screen in one state. ``main``: among the few that are looked at in every look."""

    name: str
    go: Callable[[Walker], Any]
    main: bool = False


def visit(person: Person, path: str, identifier: str) -> None:
    """Another screen, as by the browser's own back and forward: without loading the page anew."""
    script = (
        "p => { history.pushState(null, '', p); dispatchEvent(new PopStateEvent('popstate', {state: null})) }"
    )
    person.page.evaluate(script, path)
    person.sees(identifier)


def at(path: str, identifier: str) -> Callable[[Walker], None]:
    """Go to an address that always shows the same screen."""
    return lambda walker: visit(walker.person, path, identifier)


def choose(person: Person, group: str, place: int) -> None:
    """Press the radio button at ``place`` of a group."""
    radio = person.id(group).first.locator("[role=radio], input[type=radio]").nth(place)
    radio.click()
    expect(radio).to_be_checked()


def _offline(walker: Walker) -> None:
    walker.places.tester("PUT", "offline", {"offline": True})
    visit(walker.person, "/services", "services")
    walker.person.press("services.list.retry") if walker.person.id("services.list.retry").count() else None


def _leave(walker: Walker) -> None:
    visit(walker.person, "/", "welcome")
    walker.person.press("welcome.sign-in")
    walker.person.page.wait_for_url(re.compile("/auth/"), timeout=PATIENCE)


def _bank(walker: Walker) -> None:
    walker.person.page.locator("#bank-1").click()
    walker.person.page.locator("#resident-aino").wait_for()


def _confirm(walker: Walker) -> None:
    walker.person.page.locator("#resident-aino").click()
    walker.person.page.locator("#confirm").wait_for()


def _home(walker: Walker) -> None:
    walker.person.page.locator("#confirm").click()
    walker.person.page.wait_for_url(re.compile(re.escape(walker.person.app)), timeout=PATIENCE)
    walker.person.sees("home")
    walker.person.sees("messages.thread")


def sign_in(walker: Walker, resident: str = "aino") -> None:
    """From wherever nobody is signed in to Home."""
    _leave(walker)
    walker.person.page.locator("#bank-1").click()
    walker.person.page.locator(f"#resident-{resident}").click()
    walker.person.page.locator("#confirm").click()
    walker.person.page.wait_for_url(re.compile(re.escape(walker.person.app)), timeout=PATIENCE)
    walker.person.sees("home")


def _search_nothing(walker: Walker) -> None:
    visit(walker.person, "/messages/new", "messages.recipients")
    walker.person.write("messages.recipient.search", "kvanttifysiikka")
    walker.person.sees("messages.recipient.none")


def compose(walker: Walker) -> None:
    """An empty message to the health centre."""
    visit(walker.person, f"/services/{SERVICE}", "service")
    walker.person.press("service.write")
    walker.person.sees("messages.compose")


def _mistakes(walker: Walker) -> None:
    compose(walker)
    walker.person.press("messages.send")
    walker.person.sees("messages.mistakes")


def photo(width: int = 640, height: int = 480) -> bytes:
    """A picture to attach."""
    made = BytesIO()
    Image.new("RGB", (width, height), "#7aa0a8").save(made, "JPEG")
    return made.getvalue()


def attach(person: Person, *files: tuple[str, str, bytes]) -> None:
    """Pick files (name, content type, content) in the open composer."""
    with person.page.expect_file_chooser() as chooser:
        person.press("messages.attach")
    chooser.value.set_files([{"name": n, "mimeType": t, "buffer": b} for n, t, b in files])


def written(walker: Walker) -> None:
    """A message with everything: words, words that may mean haste, a good and a bad file, its draft saved."""
    compose(walker)
    walker.person.write("messages.subject", "Selkäkipu")
    walker.person.write("messages.body", f"{WORDS} Eilen oli myös rintakipua.")
    attach(
        walker.person,
        ("ihottuma.jpg", "image/jpeg", photo()),
        ("leikkauskertomus.exe", "application/x", b"MZ"),
    )
    walker.person.sees("messages.attach.remove.1")
    walker.person.sees("messages.saved")


def _delete_dialog(walker: Walker) -> None:
    compose(walker)
    walker.person.press("messages.delete")
    walker.person.sees("messages.delete-dialog")


def _close_dialog(walker: Walker, identifier: str) -> None:
    walker.person.page.keyboard.press("Escape")
    walker.person.misses(identifier)


def thread(subject: str) -> Callable[[Walker], None]:
    """Open a conversation from the list."""

    def go(walker: Walker) -> None:
        visit(walker.person, "/messages", "messages")
        named = walker.person.page.get_by_role("button", name=re.compile(subject))
        card = walker.person.id("messages.thread").and_(named).first
        card.focus()
        walker.person.page.wait_for_timeout(ADOPTION)
        card.press("Enter")
        walker.person.sees("messages.conversation")

    return go


def send(walker: Walker, subject: str = "Selkäkipu", state: str = "messages.receipt") -> None:
    """Write and send; until its conversation is there in the wanted state."""
    compose(walker)
    walker.person.write("messages.subject", subject)
    walker.person.write("messages.body", WORDS)
    walker.person.press("messages.send")
    walker.person.sees("messages.conversation")
    walker.person.sees(state)


def _receipt(walker: Walker) -> None:
    thread("Selkäkipu")(walker)
    walker.person.press("messages.receipt")


def _waiting(walker: Walker) -> None:
    walker.places.tester("PUT", "offline", {"offline": True})
    send(walker, "Kuume", "messages.to-outbox")
    walker.person.sees("offline-banner")


def send_now(person: Person) -> None:
    """Until nothing waits in the outbox any more: by itself, or pressed."""
    visit(person, "/outbox", "outbox")
    retry, empty = person.id("outbox.retry"), person.id("outbox.empty")
    retry.or_(empty).first.wait_for(state="attached")
    person.page.evaluate(PRESS_IF_THERE, "outbox.retry")
    empty.first.wait_for(state="attached")


def _online_again(walker: Walker) -> None:
    walker.places.tester("PUT", "offline", {"offline": False})
    send_now(walker.person)


def _refused(walker: Walker) -> None:
    fault = {"kind": "status", "status": 422, "method": "PUT", "path": "/fhir/Communication/", "times": 9}
    walker.places.tester("POST", "faults", fault)
    compose(walker)
    walker.person.write("messages.subject", "Todistus")
    walker.person.write("messages.body", WORDS)
    walker.person.press("messages.send")
    walker.person.sees("messages.conversation")
    visit(walker.person, "/outbox", "outbox")
    walker.person.sees("outbox.edit")


def _no_faults(walker: Walker) -> None:
    walker.places.tester("DELETE", "faults")
    visit(walker.person, "/outbox", "outbox")
    walker.person.press("outbox.discard")
    walker.person.press("outbox.discard-sure")
    walker.person.sees("outbox.empty")


def _sign_out_dialog(walker: Walker) -> None:
    visit(walker.person, "/settings", "settings")
    walker.person.press("settings.sign-out")
    walker.person.sees("signout")


def _sign_in_ended(walker: Walker) -> None:
    walker.places.tester("POST", "sign-out")
    compose(walker)
    walker.person.write("messages.subject", "Huimaus")
    walker.person.write("messages.body", WORDS)
    walker.person.press("messages.send")
    walker.person.sees("signed-out-banner")


SIGNED_OUT = (
    Stop("welcome", at("/", "welcome"), main=True),
    Stop("services", at("/services", "services")),
    Stop("service", at(f"/services/{SERVICE}", "service")),
    Stop("settings-signed-out", at("/settings", "settings")),
    Stop("sign-in-needed", at("/messages", "sign-in")),
    Stop("not-found", at("/ei-mitaan", "not-found")),
)
PROVIDER = (
    Stop("provider-bank", _leave),
    Stop("provider-resident", _bank),
    Stop("provider-confirm", _confirm),
    Stop("home", _home, main=True),
)
SIGNED_IN = (
    Stop("recipients", at("/messages/new", "messages.recipients"), main=True),
    Stop("recipients-none", _search_nothing),
    Stop("compose-empty", compose),
    Stop("compose-mistakes", _mistakes),
    Stop("compose-delete", _delete_dialog),
    Stop("compose", lambda w: (_close_dialog(w, "messages.delete-dialog"), written(w)), main=True),
    Stop("thread-sent", send, main=True),
    Stop("thread-receipt", _receipt),
    Stop("thread-closed", thread(ANSWERED), main=True),
    Stop("messages", at("/messages", "messages"), main=True),
    Stop("thread-waiting", _waiting, main=True),
    Stop("outbox-waiting", at("/outbox", "outbox"), main=True),
    Stop("home-offline", at("/", "home")),
    Stop("outbox-empty", _online_again),
    Stop("outbox-refused", _refused),
    Stop("service-signed-in", lambda w: (_no_faults(w), at(f"/services/{SERVICE}", "service")(w))),
    Stop("settings", at("/settings", "settings"), main=True),
    Stop("sign-out", _sign_out_dialog, main=True),
    Stop("sign-in-ended", lambda w: (_close_dialog(w, "signout"), _sign_in_ended(w))),
)
OTHERS = (
    Stop("veikko-home", lambda w: sign_in(w, "veikko")),
    Stop("veikko-overdue", thread(OVERDUE)),
)
NOTHING = (
    Stop("tuomas-home", lambda w: sign_in(w, "tuomas")),
    Stop("tuomas-messages", at("/messages", "messages")),
)
AINO = (*SIGNED_OUT, *PROVIDER, *SIGNED_IN)


def walk(walker: Walker, stops: Sequence[Stop]) -> Iterator[Stop]:
    """Go from stop to stop; each is yielded when the walker is there."""
    for stop in stops:
        stop.go(walker)
        yield stop
