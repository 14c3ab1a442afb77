"""Does the test notice? Breaks one rule of the protocol at a time and expects a test to fail.

``python -m tests.offline.mutants [words]``: words choose mutants by name. A mutant runs against the state machine first
(``SOAK`` histories, 250 by default), then against the stories.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from time import perf_counter
from typing import NamedTuple

AT_ONCE = 2
PATIENCE = 300  # seconds for one run of tests: a mutant that makes them wait for ever was not noticed by any
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Mutant:
    """One line of ``app/offline/<file>`` changed."""

    name: str
    file: str
    old: str
    new: str


MUTANTS = (
    Mutant(
        "an update without If-Match",
        "exchanges.py",
        """(*_write(key), ("If-Match", f'W/"{base}"'))""",
        "_write(key)",
    ),
    Mutant(
        "a create without If-None-Match",
        "exchanges.py",
        '(*_write(key, minimal), ("If-None-Match", "*"))',
        "_write(key, minimal)",
    ),
    Mutant(
        "a conditional create without its condition",
        "exchanges.py",
        '(*_write(key), ("If-None-Exist", f"identifier={KEY_SYSTEM}|{key}"))',
        "_write(key)",
    ),
    Mutant("an update without its stamp", "updates.py", "exchanges.stamped(new, entry.key)", "new"),
    Mutant(
        "sending is not written down first",
        "settle.py",
        '{"state": EntryState.SENDING, "looked": -1}',
        '{"looked": -1}',
    ),
    Mutant(
        "an unknown create is sent again without looking",
        "creates.py",
        "        if not fresh:\n            seen",
        "        if False:\n            seen",
    ),
    Mutant(
        "an unguarded create does not wait for stragglers",
        "creates.py",
        "is Creates.GUARDED and entry.may_wait",
        "is not None",
    ),
    Mutant(
        "the horizon is forgotten",
        "settle.py",
        "if 0 <= entry.looked < at - HORIZON:",
        "if 0 <= entry.looked:",
    ),
    Mutant(
        "an unknown update is rebased without resolving",
        "updates.py",
        "self._prepared(entry) if fresh else self._repeated(entry)",
        "self._prepared(entry)",
    ),
    Mutant("a stamp in the history is not seen", "updates.py", "        if mine:", "        if False:"),
    Mutant("any other version counts as ours", "updates.py", "        if mine:", "        if current:"),
    Mutant("409 and 412 are refusals", "exchanges.py", "look={304, 404, 409, 410, 412}", "look={304}"),
    Mutant("500 is a refusal", "exchanges.py", "if 400 <= status < 500 and", "if 400 <= status and"),
    Mutant(
        "401 is a refusal", "exchanges.py", "        return Meaning.SIGNED_OUT", "        return Meaning.NO"
    ),
    Mutant(
        "a refused one is forgotten",
        "settle.py",
        "state=EntryState.REFUSED, outcome=refusal",
        "state=EntryState.DISCARDED, outcome=refusal",
    ),
    Mutant(
        "changes of one resource overtake each other",
        "lanes.py",
        "or (entry.type, entry.id) in held",
        "or False",
    ),
    Mutant("a child does not wait for its parent", "lanes.py", "and not waits_for(entry, entries)", ""),
    Mutant(
        "references between intents are not noticed", "outbox.py", "(*intent.after, *named)", "intent.after"
    ),
    Mutant(
        "ids given by the server do not reach what waits",
        "settle.py",
        "if (own, args) != (other.id, other.args):",
        "if False:",
    ),
    Mutant(
        "a clock that jumps stalls a back-off",
        "lanes.py",
        " or now < entry.tried_at or entry.next_try - now > LONGEST_WAIT",
        "",
    ),
    Mutant("no overlap", "pull.py", "codec.instant(cursor - OVERLAP)", "codec.instant(cursor)"),
    Mutant(
        "the cursor believes the server's clock",
        "pull.py",
        "min(first, max(seen, first - OVERLAP))",
        "first + OVERLAP",
    ),
    Mutant(
        "the cursor goes to the end at the first page",
        "pull.py",
        "    if page.more or first < 0:\n        return seen",
        "    if first > 0:\n        return first",
    ),
    Mutant("a page is not followed", "pull.py", "            if not page.more:\n", "            if True:\n"),
    Mutant(
        "a page of one instant is stepped over",
        "pull.py",
        "if page.more and (not page.in_order or",
        "if page.more and (False and",
    ),
    Mutant("older versions are taken", "records.py", "if known is None or at > known.updated:", "if True:"),
    Mutant(
        "a listing decides between versions of one instant",
        "records.py",
        "return read and at ==",
        "return at ==",
    ),
    Mutant(
        "a read cannot bring another version of one instant",
        "records.py",
        "return read and at ==",
        "return False and at ==",
    ),
    Mutant(
        "a tombstone is forgotten",
        "records.py",
        '"UPDATE record SET gone=1, body=NULL WHERE',
        '"DELETE FROM record WHERE',
    ),
    Mutant(
        "the sweep believes a listing",
        "pull.py",
        "self.talk.ask(exchanges.read(scope.type, own))",
        'self.talk.ask(exchanges.read(scope.type if own in listed else "Nothing", own))',
    ),
    Mutant(
        "the sweep compares ids only",
        "pull.py",
        "own not in known or known[own].version != version",
        "own not in known",
    ),
    Mutant(
        "the sweep finds no deletions",
        "pull.py",
        "return sorted(missing | other | back)",
        "return sorted(other | back)",
    ),
    Mutant(
        "a page from elsewhere is proof of absence",
        "exchanges.py",
        "return response.body is None and not response.raw",
        "return True",
    ),
    Mutant(
        "a resource of another type is taken",
        "codec.py",
        'or body.get("resourceType") != type:',
        ":",
    ),
    Mutant(
        "accepting does not store the resource",
        "settle.py",
        "            if resource is not None:\n                self",
        "            if False:\n                self",
    ),
    Mutant("what may not wait waits", "push.py", "if asked and not entry.may_wait and", "if False and"),
    Mutant(
        "what may not wait waits for ever",
        "settle.py",
        "        if not entry.may_wait:\n            self.refused",
        "        if False:\n            self.refused",
    ),
    Mutant(
        "what is under way can be cancelled",
        "outbox.py",
        "if entry is None or entry.state is not EntryState.WAITING:\n            return False",
        "if entry is None:\n            return False",
    ),
    Mutant(
        "a change that asks first is rebased",
        "updates.py",
        "elif self.intents.rebases(entry.name) and",
        "elif",
    ),
    Mutant(
        "what another device wrote over is made again",
        "updates.py",
        "return exchanges.stamp_of(current) in",
        "return True or exchanges.stamp_of(current) in",
    ),
    Mutant(
        "a full page without a link is the last one",
        "pull.py",
        "exchanges.has_next(response) or len(listed) >= count or",
        "exchanges.has_next(response) or False and",
    ),
    Mutant(
        "the sweep ends where there is no link",
        "pull.py",
        "if linked or (count < LISTING and",
        "if linked or True or (count < LISTING and",
    ),
    Mutant(
        "the draft stays after the put",
        "outbox.py",
        "            if draft is not None:",
        "            if False:",
    ),
)


class Verdict(NamedTuple):
    """What became of a mutant: one of the words below, and the test that made it so."""

    word: str
    test: str = ""


KILLED, SURVIVED, TIMED_OUT, BROKEN = "killed", "SURVIVED", "TIMED OUT", "BROKEN"


def verdict(mutant: Mutant, work: Path) -> Verdict:
    """What became of it."""
    path = work / "app" / "offline" / mutant.file
    source = path.read_text()
    assert mutant.old in source, f"{mutant.name}: the line is no longer there"
    path.write_text(source.replace(mutant.old, mutant.new, 1))
    try:
        return what_fails(work)
    finally:
        path.write_text(source)


def what_fails(work: Path) -> Verdict:
    """The first test that fails there, the machine's before the stories'."""
    found = _run(work, "tests/offline/test_machine.py")
    return found if found.word != SURVIVED else _run(work, *_stories(work))


def _stories(work: Path) -> list[str]:
    slow = {"test_machine.py", "test_kill.py", "test_against_stub.py"}
    return [
        str(path.relative_to(work))
        for path in sorted((work / "tests/offline").glob("test_*.py"))
        if path.name not in slow
    ]


def _run(work: Path, *tests: str) -> Verdict:
    env = {
        **os.environ,
        "SOAK": os.environ.get("SOAK", "250"),
        "NO_SHRINK": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [sys.executable, "-m", "pytest", "-vv", "-x", "-p", "no:cacheprovider", *tests]
    try:
        done = subprocess.run(command, cwd=work, env=env, capture_output=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired as late:
        return Verdict(TIMED_OUT, last_started(late.stdout or b""))
    if done.returncode in (0, 1):
        return Verdict(KILLED, first_failed(done.stdout)) if done.returncode else Verdict(SURVIVED)
    return Verdict(BROKEN, "pytest itself")


def last_started(output: bytes) -> str:
    """The test that pytest -v named last: the one that had not ended."""
    named = [line for line in output.decode(errors="replace").splitlines() if "::" in line]
    return named[-1].split()[0] if named else "none that had begun"


def first_failed(output: bytes) -> str:
    """The test that pytest -v says has failed."""
    lines = (line.split() for line in output.decode(errors="replace").splitlines() if "::" in line)
    return next((words[0] for words in lines if words[1:2] in (["FAILED"], ["ERROR"])), "")


def main(*wanted: str) -> int:
    """Run the chosen mutants, two at a time; how many no test failed for. Without any change no test may fail."""
    chosen = [mutant for mutant in MUTANTS if not wanted or any(word in mutant.name for word in wanted)]
    with tempfile.TemporaryDirectory(prefix="mutants-") as name:
        places: Queue[Path] = Queue()
        for number in range(AT_ONCE):
            places.put(_copy(Path(name) / str(number)))
        unchanged = what_fails(places.queue[0])
        if unchanged.word != SURVIVED:
            sys.stdout.write(f"Without any change: {unchanged.word} by {unchanged.test}.\n")
            return 1
        with ThreadPoolExecutor(AT_ONCE) as pool:
            verdicts = Counter(pool.map(lambda mutant: _try(mutant, places), chosen))
    sys.stdout.write(", ".join(f"{count} {word}" for word, count in verdicts.most_common()) + "\n")
    return len(chosen) - verdicts[KILLED]


def _copy(work: Path) -> Path:
    for part in ("app", "tests"):
        shutil.copytree(ROOT / part, work / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", work)
    return work


def _try(mutant: Mutant, places: "Queue[Path]") -> str:
    """The word for what became of it; told at once, with the test."""
    work, started = places.get(), perf_counter()
    try:
        found = verdict(mutant, work)
    finally:
        places.put(work)
    sys.stdout.write(f"{found.word:9} {perf_counter() - started:5.1f} s  {mutant.name}  {found.test}\n")
    sys.stdout.flush()
    return found.word


if __name__ == "__main__":
    sys.exit(min(main(*sys.argv[1:]), 1))
