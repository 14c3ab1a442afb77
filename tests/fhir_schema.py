"""Is a resource valid FHIR R4? HL7's own JSON schema (data/fhir.schema.json.gz) plus what it cannot say.

The gz holds HL7's R4 schema without descriptions, and under ``required`` and ``codes`` the mandatory elements
and the required code bindings per path, taken from the R4 StructureDefinitions: the schema leaves out both.
"""

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

_FILE = Path(__file__).parent / "data" / "fhir.schema.json.gz"


@cache
def _schema() -> dict[str, Any]:
    return json.loads(gzip.decompress(_FILE.read_bytes()))


@cache
def _validator(resource_type: str) -> Any:
    schema = _schema()
    top = {"$schema": schema["$schema"], "definitions": schema["definitions"]}
    return jsonschema_rs.validator_for({**top, "$ref": f"#/definitions/{resource_type}"})


def problems(resource: dict[str, Any]) -> list[str]:
    """Everything wrong with ``resource`` as R4; empty when it is valid."""
    kind = resource.get("resourceType", "")
    if kind not in _schema()["definitions"]:
        return [f"not an R4 resource type: {kind!r}"]
    found = [
        f"{'/'.join(map(str, e.instance_path))}: {e.message[:200]}"
        for e in _validator(kind).iter_errors(resource)
    ]
    return found + _empties(resource, kind) + _missing(resource, kind) + _uncoded(resource, kind)


def _empties(value: Any, path: str) -> list[str]:
    if value in ("", [], {}) or value is None:
        return [f"{path}: empty"]
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    return [found for key, child in children for found in _empties(child, f"{path}.{key}")]


def _missing(element: Any, path: str) -> list[str]:
    if isinstance(element, list):
        return [found for item in element for found in _missing(item, path)]
    if not isinstance(element, dict):
        return []
    absent = [f"{path}: no {name}" for name in _schema()["required"].get(path, ()) if not _has(element, name)]
    return absent + [found for key, child in element.items() for found in _missing(child, f"{path}.{key}")]


def _uncoded(value: Any, path: str) -> list[str]:
    if isinstance(value, str):
        codes = _schema()["codes"].get(path)
        return [f"{path}: {value!r} is not one of {codes}"] if codes and value not in codes else []
    if isinstance(value, list):
        return [found for item in value for found in _uncoded(item, path)]
    children = value.items() if isinstance(value, dict) else ()
    return [found for key, child in children for found in _uncoded(child, f"{path}.{key}")]


def _has(element: dict[str, Any], name: str) -> bool:
    if name.endswith("[x]"):
        return sum(key.startswith(name[:-3]) for key in element) == 1
    return name in element or f"_{name}" in element
