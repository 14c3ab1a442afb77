"""A resident writes to the clinic, as the app does it (row A6 on the wire)."""

import uuid
from typing import Any

from backend_stub.app import Platform
from backend_stub.seed.threads import CATEGORY


def write(
    platform: Platform, key: str, service: str = "terveysasema", thread: str = "", sent: str = ""
) -> str:
    """A new thread with one message, or one more message in ``thread``. Returns the thread's id."""
    resident = platform.seeder.roster.get(key)
    assert resident is not None
    common: dict[str, Any] = {
        "resourceType": "Communication",
        "category": [CATEGORY],
        "topic": {"text": "Kysymys"},
        "subject": {"reference": resident.reference},
        "sender": {"reference": resident.reference},
        "recipient": [{"reference": f"HealthcareService/{service}"}],
        "sent": sent or platform.clock.now().isoformat(timespec="seconds"),
    }
    header = thread or str(uuid.uuid4())
    if not thread:
        platform.repository.create({**common, "id": header, "status": "in-progress"})
    text = {"payload": [{"contentString": "Hei, minulla on asiaa."}], "status": "completed"}
    platform.repository.create({**common, **text, "partOf": [{"reference": f"Communication/{header}"}]})
    return header
