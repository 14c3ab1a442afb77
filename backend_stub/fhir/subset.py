"""Parts of resources: ``_summary`` and ``_elements`` (R4 search §3.1.1.5.8), tagged SUBSETTED."""

from collections.abc import Set
from typing import Any

from backend_stub.fhir import codec
from backend_stub.fhir.definitions import structure

_TAG = {"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED"}
_ALWAYS = frozenset(("resourceType", "id", "meta"))


def subset(text: str, summary: str, elements: tuple[str, ...]) -> str:
    """The JSON text with what was asked for; as it is when nothing was."""
    if summary not in ("true", "text", "data") and not elements:
        return text
    body = codec.loads(text)
    kept = _kept(body, summary, elements)
    part = {name: value for name, value in body.items() if name.removeprefix("_") in kept}
    meta = part.get("meta", {})
    part["meta"] = {**meta, "tag": [*meta.get("tag", ()), _TAG]}
    return codec.dumps(part)


def _kept(body: dict[str, Any], summary: str, elements: tuple[str, ...]) -> Set[str]:
    rules = structure(body["resourceType"])
    required = {name for name, rule in rules.items() if rule.required}
    if summary == "data":
        return set(body) - {"text"}
    if summary == "text":
        return _ALWAYS | required | {"text"}
    if summary == "true":
        return _ALWAYS | required | {name for name, rule in rules.items() if rule.summary}
    wanted = {one.removeprefix(f"{body['resourceType']}.") for one in elements}
    spread = {name for name, rule in rules.items() if rule.choice and rule.choice in wanted}
    return _ALWAYS | required | wanted | spread
