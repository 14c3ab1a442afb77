"""JSON Patch (RFC 6902) with limits: few operations, and no growing beyond the size of a body."""

import copy
from typing import Any

import jsonpatch
import jsonpointer

from backend_stub.fhir import codec
from backend_stub.fhir.errors import BadRequest, TooLarge, Unprocessable

MAX_OPERATIONS = 200
_NEEDS = {
    "add": ("value",),
    "replace": ("value",),
    "test": ("value",),
    "remove": (),
    "move": ("from",),
    "copy": ("from",),
}


def apply(operations: Any, body: dict[str, Any], max_bytes: int) -> dict[str, Any]:
    """The patched body; ``body`` stays as it is. Raises BadRequest, TooLarge or Unprocessable."""
    _check(operations)
    patched: Any = copy.deepcopy(body)
    for at, operation in enumerate(operations):
        try:
            patched = jsonpatch.JsonPatch([operation]).apply(patched, in_place=True)
        except (
            jsonpatch.JsonPatchException,
            jsonpointer.JsonPointerException,
            TypeError,
            KeyError,
            IndexError,
            ValueError,
        ) as problem:
            kind = (
                "the test does not hold"
                if isinstance(problem, jsonpatch.JsonPatchTestFailed)
                else "does not fit"
            )
            raise Unprocessable(f"patch operation {at} ({operation['op']}): {kind}") from problem
        if operation["op"] == "copy" and len(codec.dumps(patched)) > max_bytes:
            raise TooLarge("the patch makes the resource too long")
    if not isinstance(patched, dict):
        raise Unprocessable("the patch leaves no resource")
    return patched


def _check(operations: Any) -> None:
    if not isinstance(operations, list) or not operations:
        raise BadRequest("a JSON Patch is a list of operations", code="structure")
    if len(operations) > MAX_OPERATIONS:
        raise BadRequest(f"more than {MAX_OPERATIONS} patch operations", code="too-costly")
    for at, one in enumerate(operations):
        needs = _NEEDS.get(str(one.get("op"))) if isinstance(one, dict) else None
        if needs is None or not isinstance(one.get("path"), str) or any(name not in one for name in needs):
            raise BadRequest(f"patch operation {at} is malformed", code="structure")
        if "from" in needs and not isinstance(one["from"], str):
            raise BadRequest(f"patch operation {at} is malformed", code="structure")
