"""``PlanDefinition/<id>/$apply`` (R4): makes and keeps a resident's CarePlan with its Tasks, and answers it.

Parameters: ``subject`` (string or Reference, Patient/x), ``practitioner`` (string), and for each date a ``date`` with
parts ``anchor`` (string) and ``day`` (date). Only professionals may.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from backend_stub.fhir.context import Operation, Request
from backend_stub.fhir.errors import BadRequest, Forbidden, Unauthorised
from backend_stub.fhir.exchange import Reply, reply_json
from backend_stub.pathways.plans import Plans

DEFAULT_PROFESSIONAL = "kaisa"


def operations(plans: Plans) -> tuple[Operation, ...]:
    """For ``FhirConfig.operations``."""

    def apply(request: Request) -> Reply:
        if request.access.kind == "anonymous":
            raise Unauthorised("this needs a token")
        if not request.access.sees_all:
            raise Forbidden("a pathway is begun by a professional")
        body = request.call.json()
        subject, by = _word(body, "subject"), _word(body, "practitioner")
        if not subject.startswith("Patient/"):
            raise BadRequest("subject must be Patient/<id>")
        days = dict(_days(body))
        who = by.removeprefix("Practitioner/") or DEFAULT_PROFESSIONAL
        return reply_json(200, plans.apply(request.id, subject, days, who))

    definition = "http://hl7.org/fhir/OperationDefinition/PlanDefinition-apply"
    return (Operation("apply", "instance", ("PlanDefinition",), apply, False, definition),)


def _parameters(body: Any) -> list[dict[str, Any]]:
    found = body.get("parameter") if isinstance(body, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _word(body: Any, name: str) -> str:
    for one in _parameters(body):
        if one.get("name") == name:
            reference = one.get("valueReference") or {}
            return str(one.get("valueString") or reference.get("reference") or "")
    return ""


def _days(body: Any) -> Iterator[tuple[str, date]]:
    for one in _parameters(body):
        if one.get("name") == "date":
            parts = {part.get("name"): part for part in one.get("part", ()) if isinstance(part, dict)}
            try:
                day = date.fromisoformat(str(parts["day"]["valueDate"]))
                yield str(parts["anchor"]["valueString"]), day
            except (KeyError, ValueError, TypeError):
                raise BadRequest("a date has the parts anchor (valueString) and day (valueDate)") from None
