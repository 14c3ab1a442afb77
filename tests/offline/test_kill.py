"""A real process, a real database, a real SIGKILL: what the resident was told is safe is there, and is done once."""

import json
import os
import sys
from pathlib import Path
from random import Random
from subprocess import PIPE, Popen

from app.domain.exchange import Request
from app.offline.intents import CREATE
from app.offline.outbox import EntryState
from tests.offline.examples import Device
from tests.offline.server import Server
from tests.offline.victim import key_of

KILLS = int(os.environ.get("KILLS", "6"))


def request_of(line: list[object]) -> Request:
    """The victim's request."""
    method, path, params, body, headers, key = line
    pairs = lambda items: tuple((name, value) for name, value in items)  # noqa: E731
    return Request(
        str(method),
        str(path),
        pairs(params),
        body.encode() if isinstance(body, str) else None,
        pairs(headers),
        str(key),
    )


def live_and_die(path: Path, server: Server, random: Random, safe: set[str]) -> None:
    """Run the victim for a while and kill it: while it works, waits for an answer, or just got one."""
    command = [sys.executable, "-m", "tests.offline.victim", str(path), str(random.random())]
    with Popen(command, stdin=PIPE, stdout=PIPE, text=True) as victim:
        assert victim.stdin
        assert victim.stdout
        for _ in range(random.randint(3, 40)):
            line = json.loads(victim.stdout.readline())
            safe.update(line.get("safe", ()))
            if "ask" in line:
                server.now += 3000
                answer = server.handle(request_of(line["ask"]))
                said = {"status": answer.status, "headers": dict(answer.headers), "body": answer.body}
                lost = random.random() < 0.2
                victim.stdin.write(json.dumps(None if lost else said) + "\n")
                victim.stdin.flush()
        victim.kill()
        for line in victim.stdout.read().splitlines()[:-1]:
            safe.update(json.loads(line).get("safe", ()))


def test_killed_again_and_again_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    """Six lives, in which keys are replaced too; then a last one in peace."""
    server, random, safe = Server(), Random(7), set[str]()
    for _ in range(KILLS):
        live_and_die(tmp_path / "a.db", server, random, safe)
    phone = Device(server, path=tmp_path / "a.db", key=key_of(tmp_path / "a.db"))
    for _ in range(6):
        server.now += 400_000_000
        phone.sync()
    entries = phone.outbox.entries()

    assert phone.store.salvaged is None
    assert len(safe) >= KILLS
    assert safe <= {entry.key for entry in entries}
    assert {entry.state for entry in entries} == {EntryState.ACCEPTED}
    made = server.keys()
    assert all(count == 1 for count in made.values())
    assert {entry.key for entry in entries} == set(made)
    assert sum(entry.name == CREATE for entry in entries) == len(server.log)
