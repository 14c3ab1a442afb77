"""Residents at the diary's counter, over HTTP as the app does it."""

import uuid
from typing import Any

import httpx

from backend_stub.app import Platform
from backend_stub.signin.grants import Grant

SCOPES = ("patient/*.rs", "patient/Appointment.cru")
FHIR = "http://127.0.0.1:8299/fhir"
Body = dict[str, Any]


class Counter:
    """One resident's way to the operations."""

    def __init__(self, platform: Platform, http: httpx.AsyncClient, key: str, patient: str = "") -> None:
        resident = platform.seeder.roster.get(key)
        assert resident is not None
        self.platform, self.http, self.patient = platform, http, patient or resident.patient
        grant = Grant(resident.sub, self.patient, SCOPES, platform.clock.now(), "", "bank")
        token = platform.provider.grants.tokens(grant).access
        self.headers = {"Authorization": f"Bearer {token}"}

    async def find(self, service: str, **more: str) -> list[Body]:
        """Free times of a service."""
        answer = await self.http.get(
            f"{FHIR}/Appointment/$find", params={"specialty": service, **more}, headers=self.headers
        )
        assert answer.status_code == 200, answer.text
        return [one["resource"] for one in answer.json().get("entry", ())]

    def wish(self, slot: str, id: str = "", status: str = "booked", **more: Any) -> Body:
        """An appointment as the app asks for it."""
        return {
            "resourceType": "Appointment",
            "id": id or str(uuid.uuid4()),
            "status": status,
            "slot": [{"reference": f"Slot/{slot}"}],
            "participant": [{"actor": {"reference": f"Patient/{self.patient}"}, "status": "accepted"}],
            **more,
        }

    async def ask(self, operation: str, wish: Body) -> httpx.Response:
        """``hold`` or ``book``."""
        body = {"resourceType": "Parameters", "parameter": [{"name": "appt-resource", "resource": wish}]}
        return await self.http.post(f"{FHIR}/Appointment/${operation}", json=body, headers=self.headers)

    async def put(self, body: Body, **headers: str) -> httpx.Response:
        """A plain update."""
        return await self.http.put(
            f"{FHIR}/Appointment/{body['id']}", json=body, headers={**self.headers, **headers}
        )

    async def own(self, **params: str) -> list[Body]:
        """The resident's appointments as the server has them."""
        answer = await self.http.get(
            f"{FHIR}/Appointment",
            params={"patient": f"Patient/{self.patient}", "_count": "200", **params},
            headers=self.headers,
        )
        return [one["resource"] for one in answer.json().get("entry", ())]


def slot_of(appointment: Body) -> str:
    """Id of its slot."""
    return str(appointment["slot"][0]["reference"]).removeprefix("Slot/")


def got(answer: httpx.Response) -> Body:
    """The appointment in an operation's answer."""
    assert answer.status_code == 200, answer.text
    found: Body = answer.json()["entry"][0]["resource"]
    return found
