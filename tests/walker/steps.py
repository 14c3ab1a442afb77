"""The steps of a walk: chosen at random, written down by name, and done again from what was written."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import flet as ft

from app.domain.measurements import MeasureKind
from app.domain.record import Kind
from tests.walker import nasty
from tests.walker.touch import Touch, touch, touches, value_for
from tests.walker.town import ANYBODY, Town, Window

DIGITS = re.compile(r"\d+")
PIN = "2580"
RESIDENTS = ("aino", "veikko", "emma", "petri", "raija", "kerstin", "noora", "sanna", "mikko", "liisa")
AWAY, FRONT = ft.AppLifecycleState.HIDE, ft.AppLifecycleState.SHOW


@dataclass(frozen=True)
class Step:
    """``kind`` says which of ``DOING``; ``window`` by whom; ``target`` and ``value`` what with."""

    kind: str
    window: int = 0
    target: str = ""
    event: str = ""
    value: Any = None

    def __str__(self) -> str:
        rest = [word for word in (self.target, self.event) if word]
        shown = [] if self.value is None else [repr(self.value)[:90]]
        return " ".join([f"[{self.window}]", self.kind, *rest, *shown])


def choose(rng: random.Random, town: Town) -> Step:
    """Something that can be done now."""
    place = rng.randrange(len(town.windows))
    kind = rng.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    window = town.windows[place]
    target, event, value = CHOOSING.get(kind, _nothing)(rng, town, window)
    return Step(kind, place, target, event, value)


async def do(town: Town, step: Step) -> bool:
    """Do it, as far as it can be done now."""
    if step.window >= len(town.windows):
        return False
    town.windows[step.window].enter()
    done = await DOING[step.kind](town, town.windows[step.window], step)
    for window in town.windows:
        await window.rest()
    return done is not False


# --- choosing ----------------------------------------------------------------------------------------------------

Chosen = tuple[str, str, Any]


def _nothing(rng: random.Random, town: Town, window: Window) -> Chosen:
    return "", "", None


def _touching(rng: random.Random, town: Town, window: Window) -> Chosen:
    """What was touched seldom is touched sooner; what is written in, more often than pressed."""
    found = touches(window)
    if not found:
        return "", "", None
    weights = [(2 if one.event == "change" else 1) / (1 + town.worn[_rubbed(one)]) ** 1.5 for one in found]
    one = rng.choices(found, weights)[0]
    town.worn[_rubbed(one)] += 1
    return one.name, one.event, value_for(one, rng, window.who)


def _rubbed(one: Touch) -> str:
    """The same for each row of a list."""
    return f"{DIGITS.sub('', one.name)} {one.event}"


def _hasty(rng: random.Random, town: Town, window: Window) -> Chosen:
    name, event, value = _touching(rng, town, window)
    return name, event, {"value": value, "then": rng.choice(LEAVING)}


def _place(rng: random.Random, town: Town, window: Window) -> Chosen:
    route = rng.choice(nasty.ROUTES)
    for name in ("service", "pathway", "step", "draft", "kind", "type", "entry", "measure", "system"):
        if f"{{{name}}}" in route:
            route = route.replace(f"{{{name}}}", _id(rng, town, window, name))
    for name in (
        "Communication",
        "Task",
        "Appointment",
        "QuestionnaireResponse",
        "Questionnaire",
        "Observation",
    ):
        if f"{{{name}}}" in route:
            route = route.replace(f"{{{name}}}", _id(rng, town, window, name))
    return route, "", None


LEAVING = (
    "/",
    "/messages",
    "/record",
    "sign-out",
    "sign-out",
    "erase",
    "restart",
    "lock",
    "language",
    "offline",
)
RECORDS = (
    "Observation",
    "DiagnosticReport",
    "MedicationRequest",
    "Immunization",
    "Condition",
    "AllergyIntolerance",
    "Encounter",
    "DocumentReference",
    "ServiceRequest",
)


def _id(rng: random.Random, town: Town, window: Window, name: str) -> str:
    if rng.random() < 0.15:
        return rng.choice(nasty.BOGUS)
    own = window.stores.session.own
    if name == "service":
        return rng.choice([one["id"] for one in town.all("HealthcareService")])
    if name == "pathway":
        return rng.choice([one.id for one in window.stores.pathways.all.value or ()] or ["sleep"])
    if name == "draft":
        return rng.choice([one.key for one in own.drafts.all()] if own and own.drafts.all() else nasty.BOGUS)
    fixed = {
        "kind": [one.value for one in Kind],
        "measure": [one.value for one in MeasureKind],
        "system": ["phone", "email", "fax"],
        "type": list(RECORDS),
        "step": ["1", "start", "week-1", "0"],
    }
    if name in fixed:
        return rng.choice(fixed[name])
    return _of_type(rng, town, window, rng.choice(RECORDS) if name == "entry" else name)


def _of_type(rng: random.Random, town: Town, window: Window, type: str) -> str:
    """Mostly one's own, sometimes a neighbour's."""
    known, own = town.all(type), window.stores.session.own
    mine = [one for one in known if own is not None and f"Patient/{own.person_id}" in str(one)]
    found = mine if mine and rng.random() < 0.8 else known
    return rng.choice([one["id"] for one in found]) if found else "nope"


def _choice(rng: random.Random, town: Town, window: Window) -> Chosen:
    name = rng.choice(list(nasty.CHOICES))
    return name, "", rng.choice(nasty.CHOICES[name])


def _fault(rng: random.Random, town: Town, window: Window) -> Chosen:
    kind, more = rng.choice(nasty.FAULTS)
    body = {"kind": kind, "path": rng.choice(nasty.PLACES), "times": rng.choice((1, 2, 5, None)), **more}
    return "", "", body


def _hold(rng: random.Random, town: Town, window: Window) -> Chosen:
    return (
        rng.choice(
            ("/fhir", "/auth", "/ombudsman", "/fhir/Communication", "/fhir/Task", "/fhir/Appointment")
        ),
        "",
        None,
    )


def _clock(rng: random.Random, town: Town, window: Window) -> Chosen:
    if rng.random() < 0.3:
        return "to", "", (rng.choice(nasty.MOMENTS) - town.clock()).total_seconds()
    return "by", "", rng.choice(nasty.SPANS).total_seconds()


def _one_of(*values: Any) -> Callable[[random.Random, Town, Window], Chosen]:
    return lambda rng, town, window: ("", "", rng.choice(values))


def _someone(rng: random.Random, town: Town, window: Window) -> Chosen:
    return rng.choice((*RESIDENTS, "")), "", None


CHOOSING: dict[str, Callable[[random.Random, Town, Window], Chosen]] = {
    "touch": _touching,
    "twice": _touching,
    "hasty": _hasty,
    "go": _place,
    "choose": _choice,
    "width": _one_of(*nasty.WIDTHS),
    "fault": _fault,
    "hold": _hold,
    "clock": _clock,
    "skew": _one_of(*(skew.total_seconds() for skew in nasty.SKEWS)),
    "offline": _one_of(True, False, False),
    "sign-in": _someone,
    "sign-out": _one_of(True, False),
    "away": _one_of(0, 20, 600, 90_000),
    "clinic": _one_of("answer", "close", "open", "take", "say", "urgent", "video", "close chat", "renewal"),
    "open": _someone,
    "restart": _nothing,
}
WEIGHTS = {
    "touch": 120,
    "twice": 8,
    "hasty": 14,
    "go": 24,
    "back": 6,
    "choose": 6,
    "width": 4,
    "offline": 5,
    "fault": 6,
    "mend": 5,
    "hold": 4,
    "free": 5,
    "clock": 8,
    "skew": 1,
    "timers": 6,
    "sync": 6,
    "sign-in": 6,
    "sign-out": 2,
    "away": 3,
    "lock": 2,
    "unlock": 3,
    "clinic": 6,
    "open": 1,
    "shut": 2,
    "restart": 2,
}


# --- doing -------------------------------------------------------------------------------------------------------


async def _touch(town: Town, window: Window, step: Step) -> bool:
    return await touch(window, step.target, step.event, step.value)


async def _twice(town: Town, window: Window, step: Step) -> bool:
    """Before anything is drawn anew, as an unsteady hand does it."""
    found = next((one for one in touches(window) if (one.name, one.event) == (step.target, step.event)), None)
    if found is None or step.event != "click":
        return False
    both = [window.session.dispatch_event(found.control._i, "click", None) for _ in range(2)]
    await window.start(_all(both))
    return True


async def _all(works: list[Awaitable[None]]) -> None:
    await asyncio.gather(*works)


async def _do_hasty(town: Town, window: Window, step: Step) -> bool:
    """While what was asked for is still on its way they are gone; then it arrives."""
    town.let_go()
    town.free = town.wire.hold("/fhir", "/auth", "/ombudsman")
    done = await touch(window, step.target, step.event, step.value["value"])
    then = step.value["then"]
    if then.startswith("/"):
        await go(window, then)
    elif then in ("sign-out", "erase"):
        await _sign_out(town, window, Step("sign-out", value=then == "erase"))
    elif then == "language":
        window.choices.choose("language", "sv" if window.choices.language != "sv" else "fi")
    elif then == "offline":
        town.platform.faults.go(offline=True)
    else:
        await {"restart": _restart, "lock": _lock}[then](town, window, step)
    town.let_go()
    return done


async def _go(town: Town, window: Window, step: Step) -> None:
    await go(window, step.target)


async def go(window: Window, route: str) -> None:
    """Open an address; what it waits for may come later."""
    window.session.apply_page_patch({"route": route})
    await window.start(window.session.dispatch_event(window.page._i, "route_change", {"route": route}))


async def _back(town: Town, window: Window, step: Step) -> bool:
    if len(window.past) < 2:
        return False
    window.past = window.past[:-1]
    await go(window, window.past[-1])
    return True


async def _choose(town: Town, window: Window, step: Step) -> None:
    window.choices.choose(step.target, step.value)


async def _width(town: Town, window: Window, step: Step) -> None:
    await window.resize(step.value)


async def _offline(town: Town, window: Window, step: Step) -> None:
    await town.offline(step.value)


async def _set_fault(town: Town, window: Window, step: Step) -> None:
    await town.tester("POST", "faults", step.value)


async def _mend(town: Town, window: Window, step: Step) -> None:
    town.platform.faults.clear()


async def _set_hold(town: Town, window: Window, step: Step) -> None:
    town.let_go()
    town.free = town.wire.hold(step.target)


async def _free(town: Town, window: Window, step: Step) -> None:
    town.let_go()


async def _move(town: Town, window: Window, step: Step) -> None:
    town.clock.move(seconds=step.value)
    for one in town.windows:
        one.enter()
        if one.stores.idle is not None:
            one.stores.idle.look()


async def _skew(town: Town, window: Window, step: Step) -> None:
    town.skew = timedelta(seconds=step.value)


async def _timers(town: Town, window: Window, step: Step) -> None:
    town.timers.fire()


async def _sync(town: Town, window: Window, step: Step) -> bool:
    own = window.stores.session.own
    if own is None:
        return False
    own.sync.nudge()
    return True


async def _sign_in(town: Town, window: Window, step: Step) -> bool:
    """With whatever button there is for it."""
    window.way.resident = step.target or None
    button = next((one for one in touches(window) if "sign-in" in one.name and one.event == "click"), None)
    if button is None:
        return False
    await window.begin_to(button.control, "click")
    return True


async def _sign_out(town: Town, window: Window, step: Step) -> bool:
    """As settings do it, keeping what is on the device or erasing it."""
    if window.who == ANYBODY:
        return False
    await go(window, "/settings")
    names = [
        "settings.sign-out/",
        *(["signout.sure/", "signout.erase/"] if step.value else ["signout.keep/"]),
    ]
    for name in names:
        found = [one for one in touches(window) if one.name.startswith(name)]
        if found and isinstance(found[0].control, ft.Checkbox):
            await window.begin_to(found[0].control, "change", True, value=True)
        elif found:
            await window.begin_to(found[0].control, "click")
    return True


async def _away(town: Town, window: Window, step: Step) -> None:
    """To the back, and after a while to the front again."""
    await _lifecycle(window, AWAY)
    town.clock.move(seconds=step.value)
    await _lifecycle(window, FRONT)


async def _lifecycle(window: Window, state: ft.AppLifecycleState) -> None:
    name = "app_lifecycle_state_change"
    await window.start(window.session.dispatch_event(window.page._i, name, {"state": state.value}))


async def _lock(town: Town, window: Window, step: Step) -> bool:
    unlock = window.stores.unlock
    if unlock is None or window.who == ANYBODY:
        return False
    if not unlock.on:
        await window.start(unlock.switch_on.run(PIN, PIN))
    await _away(town, window, Step("away", value=600))
    return True


async def _unlock(town: Town, window: Window, step: Step) -> bool:
    pin = next((one for one in touches(window) if "unlock.pin/" in one.name and one.event == "change"), None)
    if pin is None:
        return False
    await window.begin_to(pin.control, "change", PIN, value=PIN)
    button = next((one for one in touches(window) if one.name.startswith("unlock.open/")), None)
    if button is not None:
        await window.begin_to(button.control, "click")
    return True


async def _clinic(town: Town, window: Window, step: Step) -> bool:
    """What happens at the clinic meanwhile. What it cannot do now it does not do."""
    clinic, what = town.platform.clinic, step.value
    if what == "renewal":
        await _ask(town, "renewal", {"resident": window.who, "to": "completed"})
    elif what in ("answer", "close", "open"):
        threads = [one.id for one in clinic.threads()][-3:]
        body = {"text": "Kiitos viestistäsi."} if what == "answer" else {}
        for id in threads:
            await _ask(town, f"professional/threads/{id}/{what}", body)
    else:
        path = {"say": "answer", "close chat": "close"}.get(what, what)
        body = {"answer": {"text": "Hei!"}, "close": {"agreed": ["Lepää."]}}.get(path, {})
        for one in (await town.tester("GET", "chats")).get("chats", ()):
            await _ask(town, f"chats/{one['id']}/{path}", body)
    return True


async def _ask(town: Town, path: str, body: dict[str, Any]) -> None:
    try:
        await town.tester("POST", path, body)
    except AssertionError:
        return


async def _open(town: Town, window: Window, step: Step) -> bool:
    """A second window on the same device, or on the same server. A phone has one."""
    if len(town.windows) > 1 or town.device == "phone":
        return False
    other = await town.open_window()
    if step.target:
        await _sign_in(town, other, Step("sign-in", 1, step.target))
    return True


async def _shut(town: Town, window: Window, step: Step) -> bool:
    if len(town.windows) < 2:
        return False
    await town.close_window(window)
    return True


async def _restart(town: Town, window: Window, step: Step) -> None:
    """The app ends without a word and is started anew."""
    await _lifecycle(window, AWAY)
    place, route = town.windows.index(window), window.route
    await town.close_window(window)
    other = await town.open_window(route)
    town.windows.remove(other)
    town.windows.insert(place, other)


DOING: dict[str, Callable[[Town, Window, Step], Awaitable[bool | None]]] = {
    "touch": _touch,
    "twice": _twice,
    "hasty": _do_hasty,
    "go": _go,
    "back": _back,
    "choose": _choose,
    "width": _width,
    "offline": _offline,
    "fault": _set_fault,
    "mend": _mend,
    "hold": _set_hold,
    "free": _free,
    "clock": _move,
    "skew": _skew,
    "timers": _timers,
    "sync": _sync,
    "sign-in": _sign_in,
    "sign-out": _sign_out,
    "away": _away,
    "lock": _lock,
    "unlock": _unlock,
    "clinic": _clinic,
    "open": _open,
    "shut": _shut,
    "restart": _restart,
}
