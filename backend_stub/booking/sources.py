"""The systems that appointments come from: while one does not answer, searches leave its appointments out and say so
(row C14; issue type ``incomplete``)."""

from backend_stub.booking import profile
from backend_stub.fhir.access import Access
from backend_stub.fhir.repository import Repository
from backend_stub.seed.words import Resource, extension

DOWN = frozenset({"error", "suspended", "off"})


class Sources:
    """Which of a resident's appointments cannot be told now."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    def left_out(self, access: Access, type: str) -> tuple[list[str], list[str]]:
        """Ids that a search does not find now, and the names of the sources that do not answer."""
        if type != "Appointment" or access.kind != "resident":
            return [], []
        down = [one for one in self._repository.all("Endpoint") if one["status"] in DOWN]
        if not down:
            return [], []
        services = frozenset(service for one in down for service in _services(one))
        mine = self._repository.search("Appointment", [("patient", f"Patient/{access.patient}")])
        gone = [one["id"] for one in mine if services & set(profile.actors(one, "HealthcareService"))]
        return gone, [str(one.get("name", one["id"])) for one in down]


def _services(source: Resource) -> list[str]:
    url = extension("services")["url"]
    told = (one.get("valueString", "") for one in source.get("extension", ()) if one.get("url") == url)
    return next(told, "").split(",")
