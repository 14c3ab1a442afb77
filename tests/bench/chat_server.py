"""The stub platform with many residents, each in a chat; on one core, for ``tests.bench.chat``."""

import json
import os
import sys
import uuid
from datetime import UTC, datetime

from app.api import chat as wire
from backend_stub.app import Platform, build
from backend_stub.config import Config
from backend_stub.server import _Server, _settings, listen
from backend_stub.signin.grants import Grant
from backend_stub.signin.provider import RESIDENT_SCOPES

CORE = 0  # the one that the platform runs on


def begin(platform: Platform, number: int) -> dict[str, str]:
    """One resident in a chat that has begun: what the client must know."""
    patient, thread, task = f"p{number}", str(uuid.uuid4()), str(uuid.uuid4())
    platform.repository.create(
        {"resourceType": "Patient", "id": patient, "name": [{"family": f"Nro {number}"}]}
    )
    now = datetime.now(UTC)
    common = {"person_id": patient, "service_id": "terveysasema"}
    platform.repository.create(wire.header(thread_id=thread, subject="Asia", sent=now, **common))
    body = wire.task(task_id=task, thread_id=thread, language="fi", asked=now, **common)
    talk = {"status": "in-progress", "owner": {"reference": "Practitioner/kaisa"}}
    platform.repository.create({**body, **talk})
    token = platform.provider.grants.tokens(
        Grant(patient, patient, RESIDENT_SCOPES, now, means="bench")
    ).access
    return {"patient": patient, "thread": thread, "task": task, "token": token}


def main() -> None:
    """Told on the first line of the output: url and the chats."""
    os.sched_setaffinity(0, {CORE})
    config = Config(seed=1, port=0, access_seconds=3600)
    listener = listen(config)
    app = build(config)
    platform: Platform = app.state.platform
    with platform.repository.transaction():
        chats = [begin(platform, number) for number in range(int(sys.argv[1]))]
    platform.chat.reset()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    told = json.dumps({"url": url, "chats": chats})
    _Server(_settings(app, quiet=True), lambda: print(told, flush=True)).run(sockets=[listener])


if __name__ == "__main__":
    main()
