"""Every rule of ``docs/`` on syncing at once: the real store and engine of three devices against the nasty server.

Hypothesis draws residents' intents, staff's edits, single exchanges with faults, late requests, kills after any commit
and jumping clocks. The server's audit log is the oracle. ``SOAK`` sets the number of histories.
"""

import math
import shutil
import tempfile
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.domain.exchange import Request, Response
from app.errors import Conflict
from app.offline.engine import Creates, Profile, Scope
from app.offline.intents import Intent, create, new_id
from app.offline.ledger import Entry, EntryState
from tests.offline.examples import ME, YOU, Device, change, message, picture
from tests.offline.server import COMMIT_WINDOW, GATEWAY, SECOND, Abilities, Fault, Server

TYPE = "Communication"
OWNED = ("topic", "note", "status", "received", "extension")
TEN_YEARS = 10 * 365 * 86_400
FAST = Path("/dev/shm")
FAULTS = [Fault.NONE] * 4 + list(Fault)


class Killed(BaseException):
    """The process ends here."""


class Phone(Device):
    """A device that can be killed after any commit and that remembers what its user was told."""

    def __init__(self, *args: Any, person: str, **more: Any) -> None:
        self.person, self.scope = person, Scope(TYPE, (("subject", person),))
        self.told: dict[str, int] = {}
        self.commits_left = -1
        self.newest: dict[str, int] = {}
        self.steps: Generator[Request, Response | None, Any] | None = None
        self.request: Request | None = None
        super().__init__(*args, **more)

    def start(self) -> None:
        """Start the app anew; only what was committed is still known."""
        super().start()
        self.steps = self.request = None
        self.commits_left = -1
        write = self.store.db.writing

        @contextmanager
        def writing(*changed: str, durable: bool) -> Iterator[Any]:
            outermost = not self.store.db._db.in_transaction
            with write(*changed, durable=durable) as db:
                yield db
            if outermost:
                self.commits_left -= 1
                if self.commits_left == 0:
                    raise Killed

        self.store.db.writing = writing  # type: ignore[method-assign]

    def entries(self) -> dict[str, Entry]:
        """The outbox by key, as it was committed."""
        return self.store.ledger.entries()

    def die(self) -> None:
        """Killed, and started again by its user."""
        self.store.db._db.close()
        self.start()


class Machine(RuleBasedStateMachine):
    """See the module's text."""

    @initialize(
        how=st.sampled_from([Creates.GUARDED, Creates.GUARDED, Creates.UNGUARDED, Creates.CONDITIONAL]),
        history=st.booleans(),
        grain=st.sampled_from([1000, SECOND, 60 * SECOND]),
        late=st.booleans(),
        lag=st.sampled_from([0, 5 * SECOND]),
        page=st.sampled_from([2, 3, 1000]),
        sorts=st.sampled_from([True, True, True, False]),
        dates=st.sampled_from([True, True, False]),
        returns=st.booleans(),
        conflict=st.sampled_from([409, 412]),
    )
    def begin(
        self, how: Creates, history: bool, lag: int, page: int, dates: bool, conflict: int, **more: Any
    ) -> None:
        """A server with its peculiarities, two devices of one resident and one of another."""
        by_post = how is Creates.CONDITIONAL
        self.dates = dates or how is not Creates.GUARDED
        guarded = how is Creates.GUARDED
        can = Abilities(
            put_create=not by_post,
            if_none_match=guarded,
            history=history,
            lag=0 if by_post else lag,
            largest_page=page,
            dates=self.dates,
            version_conflict=conflict,
            **more,
        )
        self.server, self.how = Server(can), how
        self.folder = Path(tempfile.mkdtemp(prefix="offline-", dir=FAST if FAST.exists() else None))
        profile = Profile(how, history)
        self.phones = [
            Phone(self.server, self.folder / f"{name}.db", account, profile, person=person)
            for name, account, person in (("a", "me", ME), ("b", "me", ME), ("c", "you", YOU))
        ]
        self.stragglers: list[tuple[Request, int]] = []
        self.careful: set[str] = set()
        self.clock = 0
        for number in range(3):
            self.staff_makes(f"s{number}", ME)
            self.server.now += 7000

    def staff_makes(self, id: str, person: str, late: int = 0) -> None:
        """A new message of the clinic."""
        body = {name: value for name, value in message("clinic", person).items() if name != "resourceType"}
        self.server.write(TYPE, id, body, late=late)

    def teller(self, phone: Phone, *intents: Intent, draft: str | None = None) -> None:
        """The resident is told that it is safe as soon as ``put`` returns."""
        try:
            phone.outbox.put(*intents, draft=draft)
        except Killed:
            phone.die()
        stored = {entry.key for entry in phone.outbox.entries()}
        for intent in intents:
            if intent.key in stored:
                self.clock += 1
                phone.told[intent.key] = self.clock
            if not intent.may_wait:
                self.careful.add(intent.key)

    # residents

    @rule(
        device=st.integers(0, 2),
        bad=st.sampled_from([False, False, False, True]),
        wait=st.sampled_from([True] * 4 + [False]),
    )
    def writes(self, device: int, bad: bool, wait: bool) -> None:
        """A message; now and then one that the server will refuse, or one that may not wait."""
        phone = self.phones[device]
        more = {"language": "refuse"} if bad else {}
        self.teller(phone, create(message("x", phone.person, **more), phone.person, may_wait=wait))

    @rule(device=st.integers(0, 2), bad=st.booleans(), binary=st.booleans())
    def writes_thread(self, device: int, bad: bool, binary: bool) -> None:
        """A group: a head, a file and a message that refers to both, and a change of that message."""
        phone = self.phones[device]
        head = create(message("head", phone.person), phone.person)
        body = {**picture(), **({"language": "refuse"} if bad else {})}
        files = [create(body, phone.person)] if binary and self.how is not Creates.CONDITIONAL else []
        links = [{"contentAttachment": {"url": f"Binary/{file.id}"}} for file in files]
        part = create(
            message("part", phone.person, partOf=[{"reference": f"{TYPE}/{head.id}"}], payload=links),
            phone.person,
        )
        later = change("set_topic", part.id, phone.person, text="later")
        self.teller(phone, *files, head, part, later)

    @rule(
        device=st.integers(0, 2),
        name=st.sampled_from(["set_topic", "set_topic", "add_note", "end", "ask_first", "mark_received"]),
        which=st.integers(0, 20),
        number=st.integers(0, 9),
        again=st.booleans(),
    )
    def changes(self, device: int, name: str, which: int, number: int, again: bool) -> None:
        """A named change of something that is on the screen, or two in a row."""
        phone = self.phones[device]
        seen = phone.seen()
        if seen:
            id = seen[which % len(seen)]["id"]
            args = {"text": str(number), "note": new_id(), "at": f"2026-03-0{number % 8 + 1}T00:00:00Z"}
            self.teller(phone, change(name, id, phone.person, **args))
            if again:
                self.teller(phone, change("set_topic", id, phone.person, text=f"again {number}"))

    @rule(
        device=st.integers(0, 2),
        which=st.integers(0, 20),
        act=st.sampled_from(["cancel", "retry", "discard", "edit"]),
        group=st.booleans(),
    )
    def decides(self, device: int, which: int, act: str, group: bool) -> None:
        """What the outbox's screen offers."""
        phone = self.phones[device]
        unsettled = phone.outbox.unsettled()
        if not unsettled:
            return
        entry = unsettled[which % len(unsettled)]
        if act == "retry":
            self.told_again(phone, phone.outbox.group(entry.key) if group else (entry,))
        try:
            phone.outbox.edit(entry.key) if act == "edit" else getattr(phone.outbox, act)(
                entry.key, group=group
            )
        except Conflict:
            assert entry.state is EntryState.SENDING
        except Killed:
            phone.die()

    def told_again(self, phone: Phone, retried: Sequence[Entry]) -> None:
        """A refused one counts from now, and with it what was decided after it on the same resource: that waited."""
        again = {(one.type, one.id): one.seq for one in reversed(retried) if one.state is EntryState.REFUSED}
        for entry in phone.outbox.unsettled():
            if entry.key in phone.told and entry.seq >= again.get((entry.type, entry.id), math.inf):
                self.clock += 1
                phone.told[entry.key] = self.clock

    # staff

    @rule(
        which=st.integers(0, 20),
        act=st.sampled_from(["edit", "edit", "complete", "delete", "make", "take"]),
        late=st.booleans(),
    )
    def staff(self, which: int, act: str, late: bool) -> None:
        """The clinic edits, ends, deletes and writes; slow transactions become visible late."""
        delay = COMMIT_WINDOW - 10 * SECOND if late and self.server.can.late else 0
        ids = sorted(id for (type, id) in self.server.log if type == TYPE)
        id = ids[which % len(ids)]
        match act:
            case "make":
                self.staff_makes(f"s{len(self.server.log)}", ME, delay)
            case "delete":
                if self.server.resource(TYPE, id) and not self.unsettled_post(id):
                    self.server.write(TYPE, id, None)
            case "take":
                self.server.edit(TYPE, id, delay, topic={"text": "staff"}, note=[])
            case "complete":
                self.server.edit(TYPE, id, delay, status="completed")
            case _:
                self.server.edit(TYPE, id, delay, priority=f"p{self.server.now}")

    def unsettled_post(self, id: str) -> bool:
        """``If-None-Exist`` does not see what was deleted: the known limit of that profile."""
        key = self.server.log[TYPE, id][0].key
        entries = [phone.outbox.entry(key) for phone in self.phones]
        return self.how is Creates.CONDITIONAL and any(entry and entry.open for entry in entries)

    # network and device

    @rule(device=st.integers(0, 2), fault=st.sampled_from(FAULTS), sweep=st.booleans())
    def exchange(self, device: int, fault: Fault, sweep: bool) -> None:
        """One request of the device and what becomes of it."""
        phone = self.phones[device]
        if phone.steps is None:
            phone.steps = phone.engine.sync([phone.scope], sweep)
            self.advance(phone, None, first=True)
        if phone.request is not None:
            self.answer(phone, fault)

    def answer(self, phone: Phone, fault: Fault) -> None:
        """Meet the server and go on to the next request."""
        request = phone.request
        assert request is not None
        other = YOU if phone.person == ME else ME
        assert other.encode() not in (request.body or b""), "sent under another person"
        guarded = self.how is not Creates.UNGUARDED or "If-Match" in dict(request.headers)
        if fault is Fault.DUPLICATE and not guarded:
            fault = Fault.NONE  # nothing can be done about a proxy that repeats an unguarded write
        if fault is Fault.STRAGGLER:
            self.stragglers.append((request, self.server.now))
        response = self.server.meet(request, fault)
        self.server.now += 3000
        self.advance(phone, response)

    def advance(self, phone: Phone, response: Response | None, first: bool = False) -> None:
        """Let the device's engine work until it asks again, ends, or is killed."""
        assert phone.steps is not None
        try:
            phone.request = next(phone.steps) if first else phone.steps.send(response)
        except StopIteration:
            phone.steps = phone.request = None
        except Killed:
            phone.die()

    @precondition(lambda self: self.stragglers)
    @rule(which=st.integers(0, 5))
    def lands_late(self, which: int) -> None:
        """A request that the client gave up on takes effect."""
        self.land(*self.stragglers.pop(which % len(self.stragglers)))

    def land(self, request: Request, sent_at: int) -> None:
        """Where nothing else guards against it, gateways do: nothing lands after a minute."""
        if request.method == "POST" and request.key in dict(self.server.keys()):
            return  # it finds what it made, or staff deleted that meanwhile: the known limit of that profile
        limited = self.how is Creates.UNGUARDED or request.key in self.careful
        if request.method != "GET" and (not limited or self.server.now - sent_at <= GATEWAY):
            self.server.handle(request)

    @rule(
        device=st.integers(0, 2),
        sweep=st.booleans(),
        edits=st.lists(
            st.tuples(st.integers(0, 8), st.integers(0, 20), st.sampled_from(["edit", "delete", "make"])),
            max_size=3,
        ),
        pause=st.sampled_from([1000, 1000, 400_000]),
    )
    def whole_sync(self, device: int, sweep: bool, edits: list[tuple[int, int, str]], pause: int) -> None:
        """A round without faults while staff write between its requests."""
        phone = self.phones[device]
        phone.steps, number = phone.engine.sync([phone.scope], sweep), 0
        self.advance(phone, None, first=True)
        while phone.request is not None:
            for at, which, act in edits:
                if at == number:
                    self.staff(which, act, late=True)  # type: ignore[call-arg]
            self.server.now += pause
            number += 1
            assert number < 600, "does not come to an end"
            self.answer(phone, Fault.NONE)

    @rule(device=st.integers(0, 2), commits=st.integers(0, 4))
    def killed(self, device: int, commits: int) -> None:
        """At once, or after so many more commits, whatever it is doing then."""
        if commits:
            self.phones[device].commits_left = commits
        else:
            self.phones[device].die()

    @rule(device=st.integers(0, 2), ahead=st.sampled_from([0, 3600, TEN_YEARS, -TEN_YEARS]))
    def clock_jumps(self, device: int, ahead: int) -> None:
        """Somebody sets the device's clock."""
        if self.dates:
            self.phones[device].ahead = float(ahead)

    @rule(passed=st.sampled_from([1000, 50_000, 3 * SECOND, 40 * SECOND, COMMIT_WINDOW]))
    def time_passes(self, passed: int) -> None:
        """On the server, and everywhere."""
        self.server.now += passed

    # what always holds

    def each(self) -> list[Phone]:
        return getattr(self, "phones", [])

    @invariant()
    def nothing_vanishes(self) -> None:
        """I1: every key that the resident was told is safe is in the outbox."""
        for phone in self.each():
            assert phone.told.keys() == phone.entries().keys()

    @invariant()
    def at_most_once(self) -> None:
        """I2: no intent made two versions."""
        if self.each():
            assert all(count == 1 for count in self.server.keys().values()), "applied twice"

    @invariant()
    def no_lost_update(self) -> None:
        """I4: a create overwrites nothing; a change leaves every field it does not own as it was."""
        creates = {e.key for phone in self.each() for e in phone.entries().values() if e.is_create}
        for versions in self.server.log.values() if self.each() else ():
            for before, version in zip([None, *versions], versions, strict=False):
                if version.key in creates:
                    assert before is None, "a create overwrote a version"
                elif version.key and version.body is not None:
                    assert before is not None
                    assert _others(version.body) == _others(before.body or {}), "lost an update"

    @invariant()
    def in_order(self) -> None:
        """I5: on each resource, one device's changes arrive in the order of its user's decisions."""
        for phone in self.each():
            told = phone.told
            for versions in self.server.log.values():
                order = [told[version.key] for version in versions if version.key in told]
                assert order == sorted(order), "reordered"

    @invariant()
    def never_back_in_time(self) -> None:
        """I6: what is known of a resource never gets older."""
        for phone in self.each():
            for id, known in phone.store.records.known(TYPE).items():
                assert known.updated >= phone.newest.get(id, -1), "went back in time"
                phone.newest[id] = known.updated

    @invariant()
    def own_work_is_visible(self) -> None:
        """I8: what was put is on the screen at once, and does not flicker when it is accepted."""
        for phone in self.each():
            seen = {body["id"] for body in phone.seen()}
            for entry in phone.entries().values():
                if entry.type == TYPE and entry.is_create and entry.state is not EntryState.DISCARDED:
                    known = phone.store.records.known(TYPE).get(entry.id)
                    deleted = (
                        entry.state is EntryState.ACCEPTED and self.server.resource(TYPE, entry.id) is None
                    )
                    gone = deleted and (known is None or known.gone)
                    assert entry.id in seen or gone, "own message not visible"

    @invariant()
    def causal(self) -> None:
        """I9: nothing reaches the server before what it refers to."""
        made = self.server.keys() if self.each() else {}
        for phone in self.each():
            for entry in phone.entries().values():
                assert entry.key not in made or all(key in made for key in entry.after), "child before parent"

    @invariant()
    def apart(self) -> None:
        """I10: nobody sees what is another's."""
        for phone in self.each():
            assert all(body["subject"]["reference"] == phone.person for body in phone.seen())

    # when the faults stop

    def teardown(self) -> None:
        """I3 and I7: the outbox drains, tells the truth, and every device knows what the server has."""
        if not self.each():
            return
        try:
            self.settle()
            self.check_truth()
            for phone in self.phones:
                self.check_convergence(phone)
            for check in (
                self.nothing_vanishes,
                self.at_most_once,
                self.no_lost_update,
                self.in_order,
                self.causal,
            ):
                check()
        finally:
            for phone in self.phones:
                phone.store.db._db.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def settle(self) -> None:
        """Late requests land, time passes, and everybody syncs in peace; sweeping only in the end."""
        for request, sent_at in self.stragglers:
            self.land(request, sent_at)
        self.server.now += 2 * COMMIT_WINDOW
        self.until_quiet(sweep=False)
        for phone in self.phones:
            self.check_pull_alone(phone)
        self.until_quiet(sweep=True)

    def until_quiet(self, sweep: bool) -> None:
        """Rounds of everybody, until one has brought nothing new to any device and nothing is left to send."""
        for _ in range(12):
            before = [dict(phone.store.records.known(TYPE)) for phone in self.phones]
            for phone in self.phones:
                self.whole_round(phone, sweep)
            self.server.now += 70 * SECOND
            after = [phone.store.records.known(TYPE) for phone in self.phones]
            left = [e for phone in self.phones for e in phone.outbox.entries() if e.open and not e.blocked_by]
            if before == after and not left and not any(phone.engine.doubts for phone in self.phones):
                return

    def whole_round(self, phone: Phone, sweep: bool) -> None:
        """One undisturbed sync."""
        phone.commits_left = -1
        phone.steps = phone.engine.sync([phone.scope], sweep)
        self.advance(phone, None, first=True)
        number = 0
        while phone.request is not None:
            number += 1
            assert number < 600, "does not come to an end"
            self.answer(phone, Fault.NONE)

    def check_pull_alone(self, phone: Phone) -> None:
        """I7a: without any sweep asked for, every living version has been found."""
        for type, id, version in self.server.live():
            if type == TYPE and (version.body or {})["subject"]["reference"] == phone.person:
                known = phone.store.records.known(TYPE).get(id)
                assert known, f"pull alone missed {id}"
                assert known.version == version.vid, f"pull alone missed a version of {id}"

    def check_truth(self) -> None:
        """I3: accepted is (or was) there or was true already; refused and discarded never were."""
        made = self.server.keys()
        for phone in self.phones:
            for entry in phone.outbox.entries():
                blocked = bool(entry.blocked_by)
                assert not entry.open or blocked, f"stuck: {entry}"
                if entry.state is EntryState.ACCEPTED and entry.is_create:
                    assert entry.key in made, "accepted but never made"
                told_as = entry.refusal.code if entry.refusal else ""
                untold = not self.server.can.history and told_as in (
                    "gone",
                    "conflict",
                )  # the known limit of such servers
                if entry.state in (EntryState.REFUSED, EntryState.DISCARDED) and not untold:
                    assert entry.key not in made, f"{entry.state} but done: {entry}"

    def check_convergence(self, phone: Phone) -> None:
        """I7: exactly what the server has for this person."""
        living = {
            id: version.vid
            for type, id, version in self.server.live()
            if type == TYPE and (version.body or {})["subject"]["reference"] == phone.person
        }
        known = phone.store.records.known(TYPE)
        assert {id: row.version for id, row in known.items() if not row.gone} == living
        for id in living:
            assert phone.store.record(TYPE, id) == self.server.resource(TYPE, id)


def _others(body: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in body.items()
        if name not in OWNED and name not in ("meta", "id", "resourceType")
    }
