"""R4 Subscription resources: criteria searches rung on a websocket (R4 subscription §2.46)."""

from typing import Any
from urllib.parse import parse_qsl

from backend_stub.fhir.access import SYSTEM
from backend_stub.fhir.definitions import resource_types
from backend_stub.fhir.errors import BadRequest, Unprocessable
from backend_stub.fhir.search_query import Parser, Query

Body = dict[str, Any]


def prepared(body: Body, base_url: str, websocket: bool = True) -> Body:
    """A body as it is stored: a requested Subscription becomes active. Raises Unprocessable if it cannot be served."""
    if body["resourceType"] != "Subscription":
        return body
    if not websocket or body.get("channel", {}).get("type") != "websocket":
        raise Unprocessable("only the channel websocket is served" if websocket else "no channel is served")
    parse_criteria(str(body.get("criteria", "")), base_url)
    return {**body, "status": "active"} if body.get("status") == "requested" else body


def parse_criteria(criteria: str, base_url: str) -> Query:
    """The search in a Subscription. Raises Unprocessable when it is none."""
    type, _, text = criteria.partition("?")
    if type not in resource_types():
        raise Unprocessable("criteria must be a search such as Communication?subject=Patient/a")
    params = criteria_params(text)
    try:
        query = Parser(SYSTEM, base_url).parse(type, params)
    except BadRequest as problem:
        raise Unprocessable(f"criteria: {problem.diagnostics}") from problem
    if query.ignored or query.includes:
        raise Unprocessable("criteria names a parameter that is not known")
    return query


def criteria_params(text: str) -> list[tuple[str, str]]:
    """Search parameters of a criteria's query part."""
    return parse_qsl(text, keep_blank_values=True)
