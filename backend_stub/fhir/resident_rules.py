"""What a resident may write: own things only, in the own name, and nothing that has been sent is altered."""

import re
from collections.abc import Iterator
from typing import Any

from backend_stub.chat import rules as chat_rules
from backend_stub.chat import shape as chat_shape
from backend_stub.fhir import compartment, index
from backend_stub.fhir.access import Access
from backend_stub.fhir.errors import Forbidden, Unprocessable
from backend_stub.fhir.repository import Repository
from backend_stub.fhir.storage import Stored

Body = dict[str, Any]
EXTENSIONS = "https://digiklinikka.example/fhir/StructureDefinition/"
STAMP = EXTENSIONS + "client-mutation"
OPENED = EXTENSIONS + "opened"
_PATIENT = re.compile(r"(?:^|/)Patient/([^/?#|]+)")
_OWN_CONTACT = frozenset(("telecom", "communication"))
_AUTHORS = {
    "Communication": ("sender",),
    "Task": ("requester",),
    "QuestionnaireResponse": ("author", "source"),
    "Observation": ("performer",),
    "DocumentReference": ("author", "authenticator"),
    "MedicationStatement": ("informationSource",),
    "MedicationRequest": ("requester",),
    "Condition": ("recorder", "asserter"),
    "AllergyIntolerance": ("recorder", "asserter"),
    "Consent": ("performer",),
    "CarePlan": ("author",),
    "Goal": ("expressedBy",),
    "ServiceRequest": ("requester",),
    "Basic": ("author",),
}
_NOT_WRITABLE = frozenset(("AuditEvent", "Provenance", "Group"))
_NOT_DELETABLE = frozenset(("Patient", "Communication", "Binary", "AuditEvent", "Consent", "Appointment"))
_RECORDS = ("Observation", "Condition", "Immunization", "AllergyIntolerance", "DiagnosticReport", "Encounter")
_PLANS = ("MedicationRequest", "MedicationStatement", "DocumentReference", "Procedure", "CarePlan", "Goal")
_OWN_WORK = frozenset((*_RECORDS, *_PLANS))
_OWN_STANDING = frozenset(("active", "on-hold", "revoked"))
"""A resident may pause, leave and go on with whatever plan is theirs."""
_NOT_THERE = "refers to something that is not there"
_UNCHANGEABLE = frozenset(("Binary", "QuestionnaireResponse"))


class ResidentRules:
    """The rules for one resident."""

    def __init__(self, repository: Repository, access: Access) -> None:
        self.repository = repository
        self.patient = access.patient or ""
        self.label = access.label
        self.selves = {f"Patient/{self.patient}"} | ({access.fhir_user} if access.fhir_user else set())

    def check_write(self, before: Body | None, after: Body) -> None:
        """``before`` is None for a create. Raises Forbidden or Unprocessable."""
        type = after["resourceType"]
        if type in _NOT_WRITABLE:
            raise Forbidden(f"residents do not write {type}")
        self.check_place(after)
        self._check_links(before, after)
        changed = changes(before, after) if before else set()
        if type == "Patient":
            self._check_patient(before, changed)
        elif type == "Communication":
            self._check_message(before, after, changed)
        elif type == "Task":
            chat_rules.check(before, after, changed)
        elif type in _UNCHANGEABLE and before and changed and not self._unfinished(before):
            raise Forbidden(f"a {type} that has been sent cannot be changed")
        if before is None:
            self._check_author(after)
        elif type == "CarePlan" and changed == {"status"} and after.get("status") in _OWN_STANDING:
            return
        elif type in _OWN_WORK and changed and not self._made(before):
            raise Forbidden(f"this {type} was recorded by somebody else")

    def check_delete(self, kept: Stored) -> None:
        """Only what the resident made, and no messages or records. Raises Forbidden."""
        if kept.type in _NOT_DELETABLE or self._maker(kept.type, kept.id) != self.label:
            raise Forbidden(f"a resident cannot delete this {kept.type}")

    def _maker(self, type: str, id: str) -> str:
        first = self.repository.storage.one("WHERE type=? AND id=? ORDER BY version LIMIT 1", (type, id))
        return first.by if first else ""

    def _made(self, body: Body) -> bool:
        """Whether the resident wrote it, or is named as the one who did (what came from elsewhere)."""
        if self._maker(body["resourceType"], body["id"]) == self.label:
            return True
        named = [body.get(field) for field in _AUTHORS.get(body["resourceType"], ())]
        flat = [one for value in named for one in (value if isinstance(value, list) else [value])]
        return any(self._named(one) in self.selves for one in flat)

    def check_place(self, after: Body) -> None:
        """The body lies in the own compartment and names nobody else. Raises Forbidden."""
        base_url = self.repository.base_url
        rows = index.rows(after, base_url)
        members = compartment.members(after, rows, base_url, self.repository.members_of)
        if after["resourceType"] == "Subscription":
            members |= {self.patient}
        if members != {self.patient}:
            raise Forbidden("residents write in their own compartment only")
        for reference in references(after):
            named = _PATIENT.search(reference)
            if named and named[1] != self.patient:
                raise Forbidden("a reference names another person")

    def _check_links(self, before: Body | None, after: Body) -> None:
        """Nothing new points into another's life: whoever follows it would mix the two up. Raises Unprocessable.

        A chat's links must be there, as a message's must; for other types what is not there yet may come later.
        """
        old = set(_links(before)) if before else set()
        chat = before is None and chat_shape.is_chat_task(after)
        for link in set(_links(after)) - old:
            target = index.local(link, self.repository.base_url)
            members = self.repository.members_of(*target) if target else frozenset()
            needed = chat and target and target[0] in ("Communication", "Task")
            if (members or needed) and self.patient not in members:
                raise Unprocessable(f"the {after['resourceType']} {_NOT_THERE}", code="not-found")

    def _unfinished(self, before: Body) -> bool:
        """Own answers to a form that have not been sent yet may still be changed."""
        return before.get("status") == "in-progress" and self._made(before)

    def _check_patient(self, before: Body | None, changed: set[str]) -> None:
        if before is None or not changed <= _OWN_CONTACT:
            raise Forbidden("residents change only telecom and communication of their own Patient")

    def _check_author(self, after: Body) -> None:
        for field in _AUTHORS.get(after["resourceType"], ()):
            value = after.get(field)
            for one in value if isinstance(value, list) else [value]:
                if one is not None and self._named(one) not in self.selves:
                    raise Forbidden(f"{field} must be the resident")

    def _check_message(self, before: Body | None, after: Body, changed: set[str]) -> None:
        if before is None:
            self._check_new_message(after)
        elif not changed <= self._allowed_changes(before, after):
            raise Forbidden("a message that has been sent cannot be changed")

    def _check_new_message(self, after: Body) -> None:
        if "sender" not in after:
            raise Forbidden("sender must be the resident")
        if "received" in after or any(one.get("url") == OPENED for one in after.get("extension", ())):
            raise Forbidden("only the receiver says that a message has arrived or was opened")
        for reference in _linked(after):
            target = index.local(reference, self.repository.base_url)
            if not target or self.patient not in self.repository.members_of(*target):
                raise Unprocessable(f"the {after['resourceType']} {_NOT_THERE}", code="not-found")

    def _allowed_changes(self, before: Body, after: Body) -> set[str]:
        mine = self._named(before.get("sender")) in self.selves
        if mine and "payload" not in before and "partOf" not in before:
            return {"status"} if after.get("status") == "completed" else set()
        to_me = any(self._named(one) in self.selves for one in before.get("recipient", ()))
        return {"received"} if to_me and not mine and "received" not in before else set()

    def _named(self, reference: Any) -> str:
        text = reference.get("reference") if isinstance(reference, dict) else None
        target = index.local(text, self.repository.base_url) if isinstance(text, str) else None
        return "/".join(target) if target else ""


def changes(before: Body, after: Body) -> set[str]:
    """Names of the elements that differ; versions and the client's own stamp do not count."""
    old, new = _bare(before), _bare(after)
    return {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}


def references(value: Any) -> Iterator[str]:
    """Every ``reference`` anywhere in a body."""
    if isinstance(value, dict):
        found = value.get("reference")
        if isinstance(found, str):
            yield found
        for part in value.values():
            yield from references(part)
    elif isinstance(value, list):
        for part in value:
            yield from references(part)


def _links(value: Any) -> Iterator[str]:
    """Every ``reference`` and every attachment's ``url`` anywhere in a body."""
    if isinstance(value, dict):
        yield from (one for name in ("reference", "url") if isinstance(one := value.get(name), str))
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in parts:
        yield from _links(part)


def _bare(body: Body) -> Body:
    meta = {
        name: part for name, part in body.get("meta", {}).items() if name not in ("versionId", "lastUpdated")
    }
    kept = [one for one in body.get("extension", ()) if one.get("url") != STAMP]
    return {**body, "meta": meta, "extension": kept}


def _linked(message: Body) -> Iterator[str]:
    for name in ("partOf", "inResponseTo"):
        yield from references(message.get(name, ()))
    for part in message.get("payload", ()):
        url = part.get("contentAttachment", {}).get("url", "")
        if "Binary/" in url:
            yield url
