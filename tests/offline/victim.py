"""A process to be killed: it puts, saves drafts and syncs for ever, telling its parent over pipes what it did.

Lines out: ``{"safe": key}`` after a put returned, ``{"ask": …}`` a request; lines in: the response to it or null.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from time import time

from app.domain.exchange import Request, Response
from app.errors import Locked
from app.offline import rotation
from app.offline.drafts import Draft, DraftFile, Drafts
from app.offline.engine import Creates, Engine, Profile
from app.offline.intents import create
from app.offline.outbox import Outbox
from app.offline.vault import AesVault
from tests.offline.examples import KEY, ME, MESSAGES, RULES, change, message, open_store

KEYS = (KEY, bytes(range(1, 33)))


def key_of(path: Path) -> bytes:
    """Which of the two keys the file has now."""
    try:
        open_store(path, KEYS[0]).close()
    except Locked:
        return KEYS[1]
    return KEYS[0]


def tell(**line: object) -> None:
    """One line to the parent."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def asked(request: Request) -> Response | None:
    """The parent is the network and the server."""
    body = request.body.decode() if request.body is not None else None
    tell(ask=[request.method, request.path, request.params, body, request.headers, request.key])
    said = json.loads(sys.stdin.readline())
    return None if said is None else Response(said["status"], said["headers"], said["body"])


def main(path: str, seed: str) -> None:
    """Live until killed."""
    key = key_of(Path(path))
    store = open_store(Path(path), key, clock=lambda: datetime.now(UTC))
    outbox, drafts, random = Outbox(store), Drafts(store), Random(seed)
    engine = Engine(store, Profile(Creates.GUARDED), RULES, time, lambda: 0.0)
    tell(ready=len(outbox.entries()))
    while True:
        drafts.save(
            Draft(
                "d", "message", ME, {"n": random.random()}, (DraftFile("a", "b", 9, random.randbytes(9000)),)
            )
        )
        head = create(message("head" * random.randint(1, 500)), ME)
        part = create(message("part", partOf=[{"reference": f"Communication/{head.id}"}]), ME)
        intents = (head, part, change("set_topic", head.id, text="x"))
        outbox.put(*intents, draft="d")
        tell(safe=[intent.key for intent in intents])
        if random.random() < 0.3:  # the parent may kill right after the line above
            key = KEYS[1 - KEYS.index(key)]
            assert rotation.rotate(store, AesVault(key))
        steps = engine.sync([MESSAGES])
        try:
            request = next(steps)
            while True:
                request = steps.send(asked(request))
        except StopIteration:
            continue


if __name__ == "__main__":
    main(*sys.argv[1:])
