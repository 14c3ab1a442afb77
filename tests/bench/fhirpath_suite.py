"""How much of the official FHIRPath suite holds: ``python -m tests.bench.fhirpath_suite FOLDER``.

FOLDER is a checkout of FHIR/fhir-test-cases (``r4/fhirpath/tests-fhir-r4.xml`` and the examples in JSON). Tests whose
input is there in XML only are counted as not run. Prints one JSON line, and with ``--failed`` the names of those that
fail, with why.
"""

import json
import sys
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from app.forms import fhirpath

SECONDS = 5.0


def inputs(folder: Path) -> dict[str, Any]:
    """Resources by the name of their file without its ending."""
    found = [*sorted((folder / "r4").glob("*.json")), *sorted((folder / "r4" / "examples").glob("*.json"))]
    return {path.stem: json.loads(path.read_text("utf-8")) for path in found}


def same(wanted: list[tuple[str, str]], got: list[Any]) -> bool:
    """Whether the values are those that are wanted (type, text), in order."""
    return len(wanted) == len(got) and all(_same(*one, value) for one, value in zip(wanted, got, strict=True))


def _same(type: str, text: str, value: Any) -> bool:
    if type == "boolean":
        return value is (text == "true")
    if type in ("integer", "decimal"):
        try:
            return Decimal(str(value)) == Decimal(text)
        except InvalidOperation:
            return False
    if type == "Quantity":
        number, _, unit = text.partition(" ")
        given = value if isinstance(value, dict) else {}
        return str(given.get("value")) == number and str(given.get("unit")).strip("'") == unit.strip("'")
    return str(value).lstrip("@").removeprefix("T") == text.lstrip("@").removeprefix("T")


def outcome(test: ElementTree.Element, resources: dict[str, Any]) -> str:
    """ "passed", "not run", or why it failed."""
    expression = test.find("expression")
    assert expression is not None
    name = (test.get("inputfile") or "patient-example").rpartition(".")[0]
    if name not in resources:
        return "not run"
    invalid = expression.get("invalid") or ""
    resource = json.loads(json.dumps(resources[name]))
    names = {
        "resource": resource,
        "context": resource,
        "rootResource": resource,
        "ucum": "http://unitsofmeasure.org",
    }
    given = ("sct", "loinc", "vs-administrative-gender", "ext-patient-birthTime")
    names |= {name: fhirpath.well_known(name) for name in given}
    try:
        got = [
            fhirpath.plain(one) for one in fhirpath.evaluate(expression.text or "", resource, names, SECONDS)
        ]
    except fhirpath.Failed as problem:
        return "passed" if invalid else f"error: {problem}"
    if invalid:
        return "should have been refused"
    wanted = [(one.get("type") or "string", one.text or "") for one in test.findall("output")]
    if test.get("predicate") == "true":
        got = [bool(got) if not (len(got) == 1 and isinstance(got[0], bool)) else got[0]]
    return "passed" if same(wanted, got) else f"gives {got!r:.100}"


def main(folder: Path, told: bool) -> None:
    """Run them all."""
    resources = inputs(folder)
    tree = ElementTree.parse(folder / "r4" / "fhirpath" / "tests-fhir-r4.xml")
    outcomes = {str(test.get("name")): outcome(test, resources) for test in tree.iter("test")}
    run = {name: what for name, what in outcomes.items() if what != "not run"}
    passed = sum(what == "passed" for what in run.values())
    figures = {
        "name": "forms.fhirpath-suite",
        "value": passed,
        "baseline": len(run),
        "not_run": len(outcomes) - len(run),
    }
    print(json.dumps({**figures, "unit": "tests", "ratio": round(passed / len(run), 3)}))
    for name, what in run.items() if told else ():
        if what != "passed":
            print(name, what)


if __name__ == "__main__":
    main(Path(sys.argv[1]), "--failed" in sys.argv)
