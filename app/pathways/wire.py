"""Names that pathways have on the wire."""

from typing import Any

__all__ = ["AIM", "CANONICAL", "GOAL", "TRANSLATION", "TURN", "Resource"]

Resource = dict[str, Any]
CANONICAL = "https://digiklinikka.example/fhir/PlanDefinition/"
"""The canonical address of a pathway is this and its id."""

TURN = "https://digiklinikka.example/fhir/pathway-turn"
"""System of the keys of turns: in ``Task.identifier`` and in codes of ``CarePlan.activity``."""

GOAL = "https://digiklinikka.example/fhir/pathway-goal"
"""System of ``Goal.identifier``: which of the pathway's goals it is."""

AIM = "aim"
"""Id of the only goal of a pathway that names none: its aim in a sentence."""

TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"
