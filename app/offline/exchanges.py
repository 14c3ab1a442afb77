"""The exact HTTP of syncing with any FHIR R4 server: what is asked, and what an answer means. Pure functions.

Every outcome that is not certain is "unknown" and is settled by reading; nothing here repeats a write.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from app.domain.exchange import Request, Response
from app.offline import codec

JSON = "application/fhir+json"
STAMP = "https://digiklinikka.example/fhir/StructureDefinition/client-mutation"
KEY_SYSTEM = "https://digiklinikka.example/fhir/NamingSystem/intent-key"
READ = (("Accept", JSON), ("Cache-Control", "no-cache"))
LONGEST_WAIT = 3600.0

Resource = dict[str, Any]


@dataclass(frozen=True)
class Scope:
    """What is kept in sync: a type and the search that finds it, e.g. Scope("Communication", (("subject",
    "Patient/x"),))."""

    type: str
    params: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        """A name for the file that says nothing about the person."""
        return sha256(repr((self.type, self.params)).encode()).hexdigest()[:24]


class Meaning(Enum):
    """What an answer to a write means. LOOK: read the server to find out; LATER: busy or unreachable, try
    again."""

    DONE = auto()
    SIGNED_OUT = auto()
    LOOK = auto()
    NO = auto()
    LATER = auto()


def meaning_of_create(response: Response | None) -> Meaning:
    """PUT to a fresh id: 200 says that something was there already, so it is looked at."""
    return _meaning(response, done={201}, look={200, 304, 409, 410, 412})


def meaning_of_update(response: Response | None) -> Meaning:
    """PUT with ``If-Match``."""
    return _meaning(response, done={200, 201}, look={304, 404, 409, 410, 412})


def meaning_of_conditional(response: Response | None) -> Meaning:
    """POST with ``If-None-Exist``: 412 says that several match."""
    return _meaning(response, done={200, 201}, look={304, 412})


def _meaning(response: Response | None, done: set[int], look: set[int]) -> Meaning:
    status = response.status if response else 0
    if status in done:
        return Meaning.DONE
    if status in look:
        return Meaning.LOOK
    if status == 401:
        return Meaning.SIGNED_OUT
    return Meaning.NO if 400 <= status < 500 and status not in (408, 409, 425, 429) else Meaning.LATER


def never_ran(response: Response | None) -> bool:
    """The server turned the request away before looking at it."""
    return response is not None and response.status in (401, 429)


def is_gone(response: Response) -> bool:
    """A FHIR server (not something on the way) said that the resource is not there or not ours to see."""
    return response.status in (403, 404, 410) and _said_by_server(response)


def has_no_history(response: Response) -> bool:
    """A FHIR server said that it does not tell the versions of this. Any other answer than a list says nothing: what
    follows from the current version alone may be wrong."""
    refused = response.status in (400, 403, 404, 410) and _said_by_server(response)
    return refused or response.status in (405, 501)


def _said_by_server(response: Response) -> bool:
    if isinstance(response.body, dict):
        return response.body.get("resourceType") == "OperationOutcome"
    return response.body is None and not response.raw


def read(type: str, id: str, key: str = "") -> Request:
    """The current version."""
    return Request("GET", f"{type}/{id}", headers=READ, key=key)


def history(type: str, id: str, count: int, key: str = "") -> Request:
    """The latest ``count`` versions."""
    return Request("GET", f"{type}/{id}/_history", (("_count", str(count)),), headers=READ, key=key)


def put_create(resource: Resource, key: str) -> Request:
    """Create under the id it was given on the device, unless that id exists."""
    minimal = resource["resourceType"] == "Binary"
    headers = (*_write(key, minimal), ("If-None-Match", "*"))
    path = f"{resource['resourceType']}/{resource['id']}"
    return Request("PUT", path, body=codec.to_bytes(resource), headers=headers, key=key)


def conditional_create(resource: Resource, key: str) -> Request:
    """Create under an id of the server's choice, unless one with our identifier exists."""
    headers = (*_write(key), ("If-None-Exist", f"identifier={KEY_SYSTEM}|{key}"))
    body = codec.to_bytes(_identified(resource, key))
    return Request("POST", resource["resourceType"], body=body, headers=headers, key=key)


def plain_create(resource: Resource, key: str) -> Request:
    """Create with nothing that guards against a second one; only for servers that offer no guard."""
    body = codec.to_bytes({name: value for name, value in resource.items() if name != "id"})
    return Request("POST", resource["resourceType"], body=body, headers=_write(key), key=key)


def find_created(type: str, key: str) -> Request:
    """What a conditional create made."""
    params = (("identifier", f"{KEY_SYSTEM}|{key}"), ("_count", "10"))
    return Request("GET", type, params, headers=READ, key=key)


def update(type: str, id: str, body: bytes, base: str, key: str) -> Request:
    """Replace version ``base`` by exactly these bytes."""
    headers = (*_write(key), ("If-Match", f'W/"{base}"'))
    return Request("PUT", f"{type}/{id}", body=body, headers=headers, key=key)


def search(scope: Scope, since: str, count: int) -> Request:
    """The first page of everything changed since that instant ("" for all), oldest first."""
    after = (("_lastUpdated", f"ge{since}"),) if since else ()
    params = (*scope.params, *after, ("_sort", "_lastUpdated"), ("_count", str(count)))
    return Request("GET", scope.type, params, headers=READ)


def listing(scope: Scope, count: int, since: str = "") -> Request:
    """Ids and versions of everything in the scope changed since that instant ("" for all), oldest first."""
    after = (("_lastUpdated", f"ge{since}"),) if since else ()
    whole = (("_elements", "id,meta"), ("_sort", "_lastUpdated"), ("_count", str(count)))
    return Request("GET", scope.type, (*scope.params, *after, *whole), headers=READ)


def next_page(scope: Scope, bundle: Mapping[str, Any]) -> Request | None:
    """The server's next link, asked from our own base whatever host it names."""
    for link in _dicts(bundle, "link"):
        if link.get("relation") == "next" and isinstance(link.get("url"), str):
            parts = urlsplit(link["url"])
            path = scope.type if parts.path.rstrip("/").endswith(f"/{scope.type}") or not parts.path else ""
            return Request("GET", path, tuple(parse_qsl(parts.query, keep_blank_values=True)), headers=READ)
    return None


def is_bundle(response: Response, *types: str) -> bool:
    """Whether the answer is a Bundle of one of these types."""
    body = response.body
    return (
        response.status == 200
        and isinstance(body, dict)
        and body.get("resourceType") == "Bundle"
        and (body.get("type") in types)
    )


def has_next(response: Response) -> bool:
    """Whether a Bundle says that there is more."""
    return any(link.get("relation") == "next" for link in _dicts(response.body, "link"))


def total(response: Response) -> int:
    """How many match in all, -1 when the Bundle does not say."""
    told = response.body.get("total") if isinstance(response.body, dict) else None
    return told if isinstance(told, int) else -1


def found(response: Response | None, type: str, id: str | None = None) -> Resource | None:
    """The stored resource that the answer carries, if it carries one of that type (and id)."""
    if response is None or response.status not in (200, 201):
        return None
    return response.body if codec.is_resource(response.body, type, id) else None


def entries(bundle: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The entries that have the shape of one; what is odd is left out."""
    return _dicts(bundle, "entry")


def is_partial(bundle: Mapping[str, Any] | None) -> bool:
    """The server says that a source it asks did not answer: what is not listed may still be there (issue type
    ``incomplete``)."""
    told = [item.get("resource") for item in entries(bundle or {})]
    outcomes = [
        one for one in told if isinstance(one, dict) and one.get("resourceType") == "OperationOutcome"
    ]
    return any(issue.get("code") == "incomplete" for one in outcomes for issue in _dicts(one, "issue"))


def stamped(resource: Resource, key: str) -> Resource:
    """The resource with our one mutation stamp set to this key."""
    others = [item for item in _dicts(resource, "extension") if item.get("url") != STAMP]
    return {**resource, "extension": [*others, {"url": STAMP, "valueId": key}]}


def has_stamp(resource: Resource, key: str) -> bool:
    """Whether that intent made this version (or it was kept by later ones)."""
    return {"url": STAMP, "valueId": key} in _dicts(resource, "extension")


def stamp_of(resource: Resource) -> str:
    """The key of the intent, of whichever device, that changed the resource last; "" when none ever did."""
    stamps = (item.get("valueId") for item in _dicts(resource, "extension") if item.get("url") == STAMP)
    return str(next(stamps, ""))


def server_time(response: Response | None) -> int:
    """The server's clock, microseconds since 1970; -1 when it did not tell."""
    if response is None:
        return -1
    body = response.body if isinstance(response.body, dict) else {}
    if isinstance(body.get("timestamp"), str) and (at := codec.micros(body["timestamp"])) >= 0:
        return at
    return codec.http_micros(response.headers.get("date", ""))


def retry_after(response: Response | None) -> float | None:
    """Seconds the server asked to wait, at most an hour; None when it did not ask."""
    asked = response.headers.get("retry-after", "") if response else ""
    if asked.isdigit():
        return min(float(asked), LONGEST_WAIT)
    until, now = codec.http_micros(asked), server_time(response)
    return min(max((until - now) / 1e6, 0.0), LONGEST_WAIT) if until >= 0 and now >= 0 else None


def said_no(response: Response) -> tuple[str, str]:
    """FHIR's issue code and the server's words, from an OperationOutcome."""
    issue = next(iter(_dicts(response.body, "issue")), {})
    details = issue.get("details")
    text = details.get("text") if isinstance(details, dict) else None
    return str(issue.get("code", "")), str(text or issue.get("diagnostics") or "")


def _dicts(body: Any, name: str) -> list[dict[str, Any]]:
    """The objects in a list of a body, whatever the body is."""
    items = body.get(name) if isinstance(body, dict) else None
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _write(key: str, minimal: bool = False) -> tuple[tuple[str, str], ...]:
    wanted = "return=minimal" if minimal else "return=representation"
    return (("Accept", JSON), ("Content-Type", JSON), ("Prefer", wanted), ("Idempotency-Key", f'"{key}"'))


def _identified(resource: Resource, key: str) -> Resource:
    """The body of a conditional create: our identifier on it, no id."""
    own = {"system": KEY_SYSTEM, "value": key}
    body = {name: value for name, value in resource.items() if name != "id"}
    single = resource["resourceType"] in SINGLE_IDENTIFIER
    return {**body, "identifier": own if single else [*resource.get("identifier", []), own]}


SINGLE_IDENTIFIER = frozenset({"QuestionnaireResponse", "Composition", "Bundle", "CapabilityStatement"})
NO_IDENTIFIER = frozenset(
    {"Binary", "AuditEvent", "Provenance", "Parameters", "Subscription", "OperationOutcome"}
)
