"""What a browser lets out and keeps while somebody is anonymous, after a resident was signed in there (rows B1, B2).

All requests with their headers and bodies, all websocket frames, and all storage are recorded in a real Chromium, in
served mode; ``tests/e2e/static`` runs the same test with the static client.
"""

import json
import re
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page, Request, WebSocket

from tests.e2e.conftest import Places
from tests.e2e.driver import Person
from tests.e2e.journey import sign_in

SAID, WRITTEN = "Pelkään sanoa tämän omalla nimelläni", "Minua kohdeltiin huonosti osastolla"
MARK = re.compile(r"[A-Za-z0-9_-]{20,}")  # long enough to single out a person, an account or a device
STORED = """async () => {
  const text = value => { try { return JSON.stringify(value, (_, v) =>
    v instanceof ArrayBuffer ? new TextDecoder().decode(v) : ArrayBuffer.isView(v) ? new TextDecoder().decode(v) : v) }
    catch { return String(value) } }
  const found = {cookie: document.cookie, local: text({...localStorage}), session: text({...sessionStorage})}
  for (const {name, version} of await indexedDB.databases()) {
    const ask = r => new Promise((yes, no) => { r.onsuccess = () => yes(r.result); r.onerror = no })
    const db = await ask(indexedDB.open(name, version))
    for (const store of db.objectStoreNames) {
      const all = db.transaction(store).objectStore(store)
      found[`indexed ${name} ${store}`] = text([await ask(all.getAllKeys()), await ask(all.getAll())])
    }
    db.close()
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name)
    for (const request of await cache.keys()) {
      const kept = (await cache.match(request)).headers.get('content-type') || ''
      const body = kept.includes('json') || kept.includes('text') ? await (await cache.match(request)).text() : ''
      found[`cache ${name} ${request.url}`] = body
    }
  }
  const walk = async (folder, at) => { for await (const [name, one] of folder.entries()) {
    if (one.kind === 'directory') await walk(one, `${at}/${name}`)
    else try { found[`file ${at}/${name}`] = new TextDecoder().decode(await (await one.getFile()).arrayBuffer()) }
      catch { found[`file ${at}/${name}`] = '' } } }
  await walk(await navigator.storage.getDirectory(), '')
  return found
}"""


@dataclass
class Recorder:
    """Everything that goes over the wire of one browser context, from when it is made."""

    page: Page
    requests: list[Request] = field(default_factory=list)
    frames: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.context.on("request", lambda request: self.requests.append(request))
        self.page.on("websocket", self._listen)

    def forget(self) -> None:
        """From here on."""
        self.requests.clear()
        self.frames.clear()

    def sent_to(self, address: str) -> list[dict[str, Any]]:
        """The requests to a place: address, headers as they went out, body."""
        sent = [request for request in self.requests if request.url.startswith(address)]
        return [_told(request, request.all_headers()) for request in sent]

    def everything(self) -> str:
        """All of it as one text."""
        return "\n".join([*(str(_told(request)) for request in self.requests), *self.frames])

    def _listen(self, socket: WebSocket) -> None:
        for event in ("framesent", "framereceived"):
            socket.on(event, lambda frame: self.frames.append(_text(frame)))


def _text(frame: str | bytes) -> str:
    return frame.decode("utf-8", "replace") if isinstance(frame, bytes) else frame


def _told(request: Request, headers: dict[str, str] | None = None) -> dict[str, Any]:
    """``headers``: as they went out; what a service worker answers has none, and waiting for them would never end."""
    body = (request.post_data_buffer or b"").decode("utf-8", "replace")
    return {"url": request.url, "headers": headers or request.headers, "body": body}


def stored(page: Page) -> dict[str, str]:
    """Every kind of storage that a page has, by place; cookies of all its hosts."""
    cookies = json.dumps(page.context.cookies())
    return {**page.evaluate(STORED), "cookies": cookies}


def known_of(places: Places, resident: str = "Aino") -> Iterator[str]:
    """What tells who a resident is: id, account, identity code, name, address, telephone."""
    patient = next(p for p in places.fhir("Patient?_count=200") if resident in p["name"][0]["given"])
    yield patient["id"]
    yield patient["name"][0]["family"]
    yield from (str(one["value"]) for one in (*patient["identifier"], *patient.get("telecom", ())))


def always_open(places: Places) -> None:
    """Both ombudsmen are there at any hour, so that the test passes at night."""
    token = places.tester("POST", "token", {"resident": "system"})["access_token"]
    for service in places.fhir("HealthcareService?_id=potilasasiavastaava,sosiaaliasiavastaava"):
        body = {**service, "availableTime": [{"daysOfWeek": DAYS, "allDay": True}]}
        url = f"{places.platform}/fhir/HealthcareService/{service['id']}"
        request = urllib.request.Request(url, json.dumps(body).encode(), method="PUT")
        request.add_header("Authorization", f"Bearer {token}")
        request.add_header("Content-Type", "application/fhir+json")
        urllib.request.urlopen(request, timeout=30).close()


CLOSING = """() => {
  const closing = new Event("beforeunload", {cancelable: true})
  return !window.dispatchEvent(closing)
}"""
"""Whether the browser would ask before it closes the page."""
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def anonymous(person: Person, places: Places, door: str = "welcome.ombudsman") -> str:
    """A talk, a message, and its answer by the code; the code. ``door``: what leads to the ombudsman from here."""
    person.press(door)
    person.press("ombudsman.chat")
    person.id("ombudsman.about:patient").click()
    person.press("ombudsman.begin")
    person.write("ombudsman.body", SAID)
    person.press("ombudsman.send")
    person.reads(SAID)
    places.tester("POST", "ombudsman/latest/answer", {"text": "Kerro lisää, jos haluat."})
    person.reads("Kerro lisää, jos haluat.")
    assert person.page.evaluate(CLOSING)
    person.press("ombudsman.leave")
    person.press("ombudsman.leave-sure")
    person.press("ombudsman.letter")
    person.id("ombudsman.about:unknown").click()
    person.write("ombudsman.text", WRITTEN)
    person.press("ombudsman.letter-send")
    person.sees("ombudsman.code")
    name = (
        person.id("ombudsman.code").first.get_attribute("aria-label")
        or person.id("ombudsman.code").first.inner_text()
    )
    spelled = re.search(r"(?:\w ){4}\w(?:\. (?:\w ){4}\w){3}", name)
    assert spelled, name
    code = spelled[0].replace(". ", "-").replace(" ", "")
    person.press("ombudsman.code.done")
    places.tester("POST", "ombudsman/latest/answer", {"text": "Kiitos, että kerroit."})
    person.press("ombudsman.collect")
    person.write("ombudsman.asked", code)
    person.press("ombudsman.look")
    person.reads("Kiitos, että kerroit.")
    return code


def test_nothing_that_identifies_leaves_the_browser_or_stays_in_it(person: Person, places: Places) -> None:
    """A resident signs in and out; then somebody is anonymous in the same tab: nothing leads from one to the other."""
    always_open(places)
    record = Recorder(person.page)
    sign_in(person)
    person.sees("home")
    assert not person.page.evaluate(CLOSING)
    signed_in = record.everything()
    person.press("nav.settings")
    person.press("settings.sign-out")
    person.sees("signout.stay")
    person.press("signout.keep" if person.id("signout.keep").count() else "signout.erase")
    person.sees("welcome")
    before = stored(person.page)
    record.forget()

    code = anonymous(person, places)

    traffic, after = record.everything(), stored(person.page)
    known = [*known_of(places)]
    assert record.frames or record.sent_to(places.platform)  # the matter did go somewhere
    assert [word for word in known if word in traffic] == []
    for request in record.sent_to(places.platform):
        names = {name.lower() for name in request["headers"]}
        assert not names & {"cookie", "referer"}, request
        bearing = str(request["headers"]) + request["url"] + request["body"]
        marks = set(MARK.findall(bearing))
        assert not {mark for mark in marks if mark in signed_in or mark in str(before)}, request
    kept = json.dumps(after, ensure_ascii=False)
    for secret in (SAID, WRITTEN, code, code.replace("-", "")):
        assert secret not in kept
    assert after.keys() == before.keys()
