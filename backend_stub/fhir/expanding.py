"""ValueSet/$expand: the concepts of a value set that is kept here (what forms ask for)."""

from typing import Any

from backend_stub.fhir.context import Request
from backend_stub.fhir.errors import NotFound
from backend_stub.fhir.exchange import Reply, reply_json

Json = dict[str, Any]


def expand(request: Request) -> Reply:
    """GET [base]/ValueSet/$expand?url=…&filter=…&count=…: what it lists itself; filters of code systems are not run."""
    asked = dict(request.call.params)
    url = asked.get("url", "").partition("|")[0]
    found = [one for one in request.repository.all("ValueSet") if url and one.get("url") == url]
    if not found:
        raise NotFound("no such value set")
    wanted = asked.get("filter", "").casefold()
    concepts = [one for one in _concepts(found[0]) if wanted in one.get("display", "").casefold()]
    count = int(asked["count"][:9]) if asked.get("count", "").isdecimal() else len(concepts)
    expansion = {
        "timestamp": found[0]["meta"]["lastUpdated"],
        "total": len(concepts),
        "contains": concepts[:count],
    }
    return reply_json(200, {**found[0], "expansion": expansion})


def _concepts(value_set: Json) -> list[Json]:
    if "expansion" in value_set:
        return list(value_set["expansion"].get("contains", ()))
    includes = value_set.get("compose", {}).get("include", ())
    return [{"system": one.get("system", ""), **each} for one in includes for each in one.get("concept", ())]
