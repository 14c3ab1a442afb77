"""Names that pathways have on the wire."""

from typing import Any

__all__ = ["CANONICAL", "TRANSLATION", "TURN", "Resource"]

Resource = dict[str, Any]
CANONICAL = "https://digiklinikka.example/fhir/PlanDefinition/"
"""The canonical address of a pathway is this and its id."""

TURN = "https://digiklinikka.example/fhir/pathway-turn"
"""System of the keys of turns: in ``Task.identifier`` and in codes of ``CarePlan.activity``."""

TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"
