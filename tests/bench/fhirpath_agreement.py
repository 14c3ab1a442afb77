"""How far two FHIRPath engines agree: ``python -m tests.bench.fhirpath_agreement QUESTIONNAIRES NODE_FOLDER``.

Every expression of the questionnaires in a folder that names no variable but %resource and its like is evaluated on
the form's own response, made up as by ``app.forms.check``, by this app's engine and by npm's fhirpath (installed in
NODE_FOLDER). Prints one JSON line.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.forms import fhirpath
from app.forms.check import load
from app.forms.depends import uses_of
from app.forms.filling import Filling, Known
from app.forms.model import Unreadable
from app.forms.reading import read_form
from app.forms.synthetic import answer_all

SECOND = Path(__file__).with_name("fhirpath_second.mjs")


def expressions(part: Any) -> Iterator[str]:
    """Every FHIRPath expression in a resource."""
    if isinstance(part, dict):
        if part.get("language") == "text/fhirpath" and isinstance(part.get("expression"), str):
            yield part["expression"]
        for one in part.values():
            yield from expressions(one)
    elif isinstance(part, list):
        for one in part:
            yield from expressions(one)


def jobs(folder: Path) -> Iterator[dict[str, Any]]:
    """What both are asked."""
    found = load(folder)
    for _, raw in found.questionnaires:
        texts = [text for text in dict.fromkeys(expressions(raw)) if not uses_of(text).names]
        try:
            filling = Filling(read_form(raw, found.others), Known(sets=found.sets)) if texts else None
        except Unreadable:
            continue
        if filling is None:
            continue
        answer_all(filling, 1)
        response = {"resourceType": "QuestionnaireResponse", "item": filling.weighed_items()}
        yield from ({"text": text, "resource": response, "questionnaire": raw} for text in texts)


def ours(job: dict[str, Any]) -> dict[str, Any]:
    """This app's answer."""
    resource = json.loads(json.dumps(job["resource"]))
    names = dict.fromkeys(("resource", "rootResource", "context"), resource)
    try:
        found = fhirpath.evaluate(
            job["text"], resource, {**names, "questionnaire": job["questionnaire"]}, 5.0, _index(resource)
        )
    except fhirpath.Failed as problem:
        return {"failed": str(problem)[:80]}
    return {"values": [fhirpath.plain(one) for one in found]}


def _index(resource: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    from app.forms.scope import index_of

    return index_of(resource)


def plain(value: Any) -> str:
    """A value so that it can be compared: numbers by their size."""
    if isinstance(value, list):
        return "|".join(map(plain, value))
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return str(Decimal(str(value)).normalize())
    return json.dumps(value, sort_keys=True, default=str)


def main(folder: Path, node: Path) -> None:
    """Ask both and compare."""
    asked = list(jobs(folder))
    command = ["node", str(SECOND), str(node)]
    done = subprocess.run(
        command, input=json.dumps(asked, default=str), capture_output=True, text=True, check=True
    )
    counts = {
        "agree": 0,
        "agree_non_empty": 0,
        "differ": 0,
        "only_ours_fails": 0,
        "only_second_fails": 0,
        "both_fail": 0,
    }
    for job, second in zip(asked, json.loads(done.stdout), strict=True):
        first = ours(job)
        if "failed" in first or "failed" in second:
            both = "failed" in first and "failed" in second
            counts[
                "both_fail" if both else "only_ours_fails" if "failed" in first else "only_second_fails"
            ] += 1
        elif plain(first["values"]) == plain(second["values"]):
            counts["agree"] += 1
            counts["agree_non_empty"] += bool(first["values"])
        else:
            counts["differ"] += 1
            if "--differ" in sys.argv:
                print(job["text"][:100], "|", plain(first["values"])[:80], "|", plain(second["values"])[:80])
    both_gave = counts["agree"] + counts["differ"]
    told = {
        "name": "forms.fhirpath-agreement",
        "value": counts["agree"],
        "unit": "expressions",
        "baseline": both_gave,
    }
    print(json.dumps({**told, "ratio": round(counts["agree"] / max(both_gave, 1), 4), **counts}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
