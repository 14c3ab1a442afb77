"""The operations every server has; later ones are handed in by ``FhirConfig.operations``."""

from backend_stub.fhir import searching
from backend_stub.fhir.context import Operation, Request
from backend_stub.fhir.definitions import resource_types
from backend_stub.fhir.errors import FhirError, Unauthorised, outcome
from backend_stub.fhir.exchange import Reply, reply_json
from backend_stub.fhir.expanding import expand
from backend_stub.fhir.validate import check

_HL7 = "http://hl7.org/fhir/OperationDefinition/"


def _validate(request: Request) -> Reply:
    """POST [type]/$validate: an OperationOutcome that says what is wrong with the body, and stores nothing."""
    if request.access.kind == "anonymous":
        raise Unauthorised("this needs a token")
    body = request.call.json()
    if isinstance(body, dict) and body.get("resourceType") == "Parameters" and request.type != "Parameters":
        inside = [one.get("resource") for one in body.get("parameter", ()) if one.get("name") == "resource"]
        body = inside[0] if inside else body
    try:
        check(body, request.type)
    except FhirError as problem:
        return reply_json(200, problem.outcome())
    return reply_json(200, outcome("informational", "valid as far as this server checks", "information"))


OWN_OPERATIONS = (
    Operation(
        "everything", "instance", ("Patient",), searching.everything, True, _HL7 + "Patient-everything"
    ),
    Operation("expand", "type", ("ValueSet",), expand, True, _HL7 + "ValueSet-expand"),
    Operation(
        "validate", "type", tuple(sorted(resource_types())), _validate, False, _HL7 + "Resource-validate"
    ),
)
