"""One-off: HL7's R4 definitions (FHIR 4.0.1, CC0) to the three small files beside this one. See README.md.

``python -m backend_stub.data.reduce_definitions FOLDER`` where FOLDER holds search-parameters.json, fhir.schema.json,
compartmentdefinition-patient.json, profiles-resources.json, profiles-types.json and valuesets.json.
"""

import json
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from backend_stub.fhir.paths import split_union

HERE = Path(__file__).parent
MAX_CODES = 60  # longer lists (mime types, languages, resource types) are not worth their size
ANY_TARGET = 100  # a parameter that names more target types means any
SKIPPED = {"_content", "_text", "_query", "_id", "_lastUpdated"}
NOT_HL7 = {"Meta.project", "Meta.author", "Meta.account", "Meta.compartment"}  # the copy's own additions
Json = dict[str, Any]
_FLAGS = re.compile(r"^!?~?\*?")


def main(source: Path) -> None:
    """Write the three files."""
    schema = json.loads((source / "fhir.schema.json").read_text())["definitions"]
    bound = Bindings(source / "valuesets.json")
    profiles = [*_resources(source / "profiles-types.json"), *_resources(source / "profiles-resources.json")]
    kept = {profile["name"] for profile in profiles if profile.get("kind") == "resource"} & set(schema)
    compartment = json.loads((source / "compartmentdefinition-patient.json").read_text())
    search = _resources(source / "search-parameters.json")
    _write("structures.json", structures(schema, profiles, kept, bound))
    _write("search-parameters.json", search_parameters(search, kept | {"Resource", "DomainResource"}))
    rules = {rule["code"]: rule["param"] for rule in compartment["resource"] if rule.get("param")}
    _write("compartment-patient.json", rules)


def search_parameters(found: list[Json], kept: set[str]) -> Json:
    """{type: {code: {type, expression, definition, target?}}}; unions are split so each type has its own share."""
    out: dict[str, Json] = defaultdict(dict)
    for parameter in found:
        if parameter["code"] in SKIPPED or parameter["type"] in ("composite", "special"):
            continue
        for base in set(parameter["base"]) & kept:
            share = [part for part in split_union(parameter["expression"]) if re.match(rf"\(*{base}\b", part)]
            if share:
                out[base][parameter["code"]] = _reduced(parameter, " | ".join(share))
    return {base: dict(sorted(out[base].items())) for base in sorted(out)}


def structures(schema: Json, profiles: list[Json], kept: set[str], bound: "Bindings") -> Json:
    """{type: {element: rule}} with rule ``[!][~][*]type[^choice]`` or ``[!][~][*]=code|code``."""
    official = _elements(profiles, bound)
    out: Json = {}
    waiting = sorted(kept)
    while waiting:
        name = waiting.pop()
        if name in out or name not in schema or "properties" not in schema[name]:
            continue
        out[name] = _element_rules(schema[name]["properties"], official.get(name, {}))
        waiting += [_FLAGS.sub("", rule).partition("^")[0] for rule in out[name].values()]
    return {"resources": sorted(kept), "structures": {name: out[name] for name in sorted(out)}}


def _element_rules(properties: Json, official: dict[str, Json]) -> dict[str, str]:
    rules = {}
    for name, value in properties.items():
        element = official.get(name) or official.get(f"{name}[x]")
        if name in ("id", "extension", "modifierExtension") and not element:
            rules[name] = _rule(value)
        elif element and "const" not in value:
            flag = ("!" if element.get("min") and not element["choice"] else "") + (
                "~" if element["summary"] else ""
            )
            rules[name] = flag + _typed(element, value)
            rules[name] += f"^{element['choice']}" if element["choice"] else ""
    required = {
        element["choice"] for element in official.values() if element["choice"] and element.get("min")
    }
    return rules | {f"{choice}[x]": "!" for choice in sorted(required)}


def _typed(element: Json, value: Json) -> str:
    if element["choice"] and element["lower"]:
        return str(element["code"])
    rule = _rule(value)
    if element["codes"] and rule.endswith("code") and "=" not in rule:
        return rule.removesuffix("code") + "=" + "|".join(element["codes"])
    return rule


class Bindings:
    """The codes of required bindings, where they can be told by listing them."""

    def __init__(self, file: Path) -> None:
        found = [entry["resource"] for entry in json.loads(file.read_text())["entry"]]
        self.sets = {one["url"]: one for one in found if one["resourceType"] == "ValueSet"}
        self.systems = {one["url"]: one for one in found if one["resourceType"] == "CodeSystem"}

    def codes(self, element: Json) -> list[str]:
        """Of one element; empty when it is not bound or the set cannot be listed."""
        binding = element.get("binding", {})
        if binding.get("strength") != "required" or [one["code"] for one in element["type"]] != ["code"]:
            return []
        url = binding.get("valueSet", "").partition("|")[0]
        includes = self.sets.get(url, {}).get("compose", {}).get("include", [])
        parts = [self._included(one) for one in includes]
        found = [code for part in parts for code in part]
        return found if all(parts) and len(found) <= MAX_CODES else []

    def _included(self, include: Json) -> list[str]:
        if "filter" in include or "valueSet" in include:
            return []
        system = self.systems.get(include.get("system", ""), {})
        return _concepts(include.get("concept") or system.get("concept", []))


def _concepts(concepts: list[Json]) -> list[str]:
    return [code for one in concepts for code in (one["code"], *_concepts(one.get("concept", [])))]


def _rule(value: Json) -> str:
    many = "*" if value.get("type") == "array" else ""
    one = value.get("items", value)
    if "enum" in one:
        return many + "=" + "|".join(one["enum"])
    return many + (one["$ref"].rsplit("/", 1)[1] if "$ref" in one else str(one.get("type", "string")))


def _elements(profiles: list[Json], bound: "Bindings") -> dict[str, dict[str, Json]]:
    """{structure: {element: {min, choice, code, lower, summary, codes}}}, value[x] spread over its types."""
    out: dict[str, dict[str, Json]] = defaultdict(dict)
    owners: dict[str, str] = {}
    for profile in profiles:
        for element in profile["snapshot"]["element"][1:]:
            parent, _, name = element["path"].rpartition(".")
            owner = _owner(parent, owners)
            known = {"min": element.get("min", 0), "choice": "", "code": "", "lower": False}
            known |= {"summary": element.get("isSummary", False), "codes": bound.codes(element)}
            if element["path"] in NOT_HL7:
                continue
            if name.endswith("[x]"):
                out[owner] |= _spread(name.removesuffix("[x]"), element, known)
            else:
                out[owner][name] = known
    return out


def _owner(parent: str, owners: dict[str, str]) -> str:
    """The schema's name of a backbone element: first and last part, numbered when taken (CodeSystem_Property1)."""
    first, *rest = parent.split(".")
    name = f"{first}_{rest[-1][:1].upper()}{rest[-1][1:]}" if rest else first
    if parent not in owners:
        taken = sum(1 for known in owners.values() if known.rstrip("0123456789") == name)
        owners[parent] = f"{name}{taken or ''}"
    return owners[parent]


def _spread(bare: str, element: Json, known: Json) -> dict[str, Json]:
    codes = [type_["code"] for type_ in element.get("type", [])]
    return {
        bare + code[:1].upper() + code[1:]: known | {"choice": bare, "code": code, "lower": code[0].islower()}
        for code in codes
    }


def _reduced(parameter: Json, expression: str) -> Json:
    kept = {"type": parameter["type"], "expression": expression, "definition": parameter["url"]}
    targets = parameter.get("target", [])
    return kept | ({"target": targets} if 0 < len(targets) < ANY_TARGET else {})


def _resources(file: Path) -> list[Json]:
    found = [entry["resource"] for entry in json.loads(file.read_text())["entry"]]
    return [one for one in found if one["resourceType"] in ("SearchParameter", "StructureDefinition")]


def _write(name: str, content: Json) -> None:
    lines = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    (HERE / name).write_text(re.sub(r'(?<=\}),(?="[A-Z])', ",\n", lines) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
