"""Who is asking, and what their SMART scopes allow."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

_CATALOGUE = (
    "HealthcareService",
    "Organization",
    "Location",
    "Practitioner",
    "PractitionerRole",
    "Schedule",
    "Slot",
    "Endpoint",
)
_DEFINITIONS = ("Questionnaire", "PlanDefinition", "ActivityDefinition", "ValueSet", "CodeSystem")
PUBLIC_TYPES = frozenset((*_CATALOGUE, *_DEFINITIONS))
_SCOPE = re.compile(r"^(patient|user|system)/(\*|[A-Z][A-Za-z]+)\.(read|write|\*|c?r?u?d?s?)$")
_V1 = {"read": "rs", "write": "cud", "*": "cruds"}
_LEVELS = {"resident": ("patient",), "professional": ("user",), "system": ("system", "user")}


@dataclass(frozen=True)
class Access:
    """The caller. ``patient``: id of the resident's own Patient; ``scopes``: as granted, SMART v1 or v2.

    ``fhir_user``: relative reference of who acts when that is not the patient (RelatedPerson/…).
    A professional or system without any scope is trusted wholly; a resident without a scope may nothing.
    """

    kind: Literal["anonymous", "resident", "professional", "system"]
    patient: str | None = None
    sub: str | None = None
    scopes: tuple[str, ...] = ()
    fhir_user: str = ""

    def may(self, type: str, action: str) -> bool:
        """Do kind and scopes allow this action (one of c r u d s) on this type at all?"""
        if action in "rs" and type in PUBLIC_TYPES:
            return True
        if self.kind == "anonymous" or (self.kind == "resident" and not self.patient):
            return False
        if self.kind != "resident" and not self.scopes:
            return True
        return action in self._granted.get("*", "") or action in self._granted.get(type, "")

    @property
    def sees_all(self) -> bool:
        """True where no compartment limits the view."""
        return self.kind in ("professional", "system")

    @property
    def label(self) -> str:
        """Short name of the caller for the version's author column."""
        return self.sub or self.kind

    @cached_property
    def _granted(self) -> dict[str, str]:
        granted: dict[str, str] = {}
        for scope in self.scopes:
            found = _SCOPE.match(scope)
            if found and found[1] in _LEVELS.get(self.kind, ()):
                granted[found[2]] = granted.get(found[2], "") + _V1.get(found[3], found[3])
        return granted


ANONYMOUS = Access("anonymous")
SYSTEM = Access("system")
