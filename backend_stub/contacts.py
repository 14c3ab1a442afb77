"""A new telephone number or e-mail address is the resident's once they give the code that was sent there (row E8).

``POST Patient/[id]/$send-contact-code`` with Parameters ``system`` (phone, email) and ``value``, then
``POST Patient/[id]/$confirm-contact`` with ``code``. Testers read the codes at ``GET /tester/codes``.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from backend_stub.clock import FINLAND, Clock
from backend_stub.fhir.context import Operation, Request
from backend_stub.fhir.errors import Unprocessable
from backend_stub.fhir.exchange import Reply
from backend_stub.fhir.repository import Repository
from backend_stub.seed.words import EXTENSION

VALID = timedelta(minutes=10)
TRIES = 5
CONFIRMED = f"{EXTENSION}confirmed"
_DEFINITION = "https://digiklinikka.example/fhir/OperationDefinition/"
_USE = {"phone": "mobile", "email": "home"}


@dataclass
class Sent:
    """A code on its way, and how many wrong ones may still be tried."""

    system: str
    value: str
    code: str
    until: datetime
    tries: int = TRIES


class Contacts:
    """The codes that were sent and not given yet, one for each resident."""

    def __init__(self, repository: Repository, clock: Clock) -> None:
        self._repository, self._clock = repository, clock
        self.sent: dict[str, Sent] = {}

    def operations(self) -> tuple[Operation, ...]:
        """For ``FhirConfig.operations``."""
        types = ("Patient",)
        return (
            Operation(
                "send-contact-code", "instance", types, self._send, False, f"{_DEFINITION}send-contact-code"
            ),
            Operation(
                "confirm-contact", "instance", types, self._confirm, False, f"{_DEFINITION}confirm-contact"
            ),
        )

    def _send(self, request: Request) -> Reply:
        id, told = self._own(request)
        system, value = told.get("system", ""), told.get("value", "").strip()
        if system not in _USE or not value:
            raise Unprocessable("system is phone or email, and value is needed")
        code = f"{secrets.randbelow(10**6):06d}"
        self.sent[id] = Sent(system, value, code, self._clock.now() + VALID)
        return Reply(204)

    def _confirm(self, request: Request) -> Reply:
        id, told = self._own(request)
        sent = self.sent.get(id)
        if sent is None or self._clock.now() > sent.until:
            raise Unprocessable("no code is waiting, or it is too old")
        if told.get("code") != sent.code:
            sent.tries -= 1
            if sent.tries <= 0:
                del self.sent[id]
            raise Unprocessable("the code is not right")
        del self.sent[id]
        patient = self._repository.read("Patient", id)
        changed = patient | {"telecom": self._telecom(patient, sent)}
        self._repository.update("Patient", id, changed, by=request.access.label)
        return Reply(204)

    def _telecom(self, patient: dict[str, Any], sent: Sent) -> list[dict[str, Any]]:
        today = self._clock.now().astimezone(FINLAND).date().isoformat()
        new = {
            "extension": [{"url": CONFIRMED, "valueDate": today}],
            "system": sent.system,
            "value": sent.value,
            "use": _USE[sent.system],
        }
        return [new, *(one for one in patient.get("telecom", ()) if one.get("system") != sent.system)]

    def _own(self, request: Request) -> tuple[str, dict[str, str]]:
        """Whose it is (the caller's own only), and what the Parameters say."""
        request.guard.require("Patient", "u")
        request.guard.read("Patient", request.id)
        body = request.call.json()
        parts = body.get("parameter", ()) if isinstance(body, dict) else ()
        told = {
            str(one.get("name")): str(one.get("valueString", "")) for one in parts if isinstance(one, dict)
        }
        return request.id, told
