"""What professionals write, in messages and chats alike; and doing what is due again and again."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from backend_stub.clinic.names import name_of
from backend_stub.clinic.threads import Body
from backend_stub.fhir.repository import Repository

TICK = 0.25  # seconds
Sleep = Callable[[float], Awaitable[None]]


def reply(header: Body, text: str, sender: Body, sent: str, answers: str = "") -> Body:
    """A Communication to the resident in the thread of ``header``. ``answers``: id of what it follows, if anything."""
    common: Body = {name: header[name] for name in ("category", "topic", "subject") if name in header}
    follows: Body = {"inResponseTo": [{"reference": f"Communication/{answers}"}]} if answers else {}
    return {
        "resourceType": "Communication",
        "id": str(uuid.uuid4()),
        "status": "completed",
        **common,
        "partOf": [{"reference": f"Communication/{header['id']}"}],
        **follows,
        "sender": sender,
        "recipient": [header.get("sender", header.get("subject", {}))],
        "sent": sent,
        "payload": [{"contentString": text}],
    }


def signature(repository: Repository, by: str) -> Body:
    """A professional as a sender or owner. ``by``: id of the Practitioner. Raises NotFound."""
    return {
        "reference": f"Practitioner/{by}",
        "display": name_of(repository.read("Practitioner", by)),
    }


@asynccontextmanager
async def stepping(step: Callable[[], None], sleep: Sleep = asyncio.sleep) -> AsyncIterator[None]:
    """Inside the block ``step`` is done every ``TICK`` seconds."""

    async def run() -> None:
        while True:
            step()
            await sleep(TICK)

    task = asyncio.create_task(run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
