"""One interaction as plain values: what was asked (``Call``) and what is answered (``Reply``)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl

from backend_stub.fhir import codec
from backend_stub.fhir.errors import BadRequest, WrongMedia
from backend_stub.fhir.storage import Stored

JSON_TYPES = ("application/fhir+json", "application/json", "application/json+fhir", "text/json")
PATCH_TYPE = "application/json-patch+json"
FORM_TYPE = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Call:
    """A request within the FHIR base. ``path``: decoded segments; header names in lower case.

    An entry of a Bundle brings its ``resource`` parsed, and ``assigned`` when its id was settled beforehand.
    ``wants_raw``: a Binary is wanted as what it holds, not as JSON.
    """

    method: str
    path: tuple[str, ...]
    params: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    resource: Any = None
    assigned: str | None = None
    in_bundle: bool = False
    wants_raw: bool = False

    def header(self, name: str) -> str:
        """A header or an empty string."""
        return self.headers.get(name, "")

    def prefer(self, name: str) -> str:
        """The value of one preference, such as ``return`` or ``handling``."""
        for part in self.header("prefer").replace(";", ",").split(","):
            key, _, value = part.partition("=")
            if key.strip() == name:
                return value.strip().strip('"')
        return ""

    @property
    def strict(self) -> bool:
        """Unknown search parameters are to be refused."""
        return self.prefer("handling") == "strict"

    def json(self, *media: str) -> Any:
        """The parsed body. Raises WrongMedia or BadRequest."""
        if self.resource is not None:
            return self.resource
        given = self.header("content-type").partition(";")[0].strip().lower()
        if given not in (media or JSON_TYPES) or not self._is_utf8:
            raise WrongMedia(f"the body must be {' or '.join(media or JSON_TYPES[:2])}, in UTF-8")
        return parse_json(self.body)

    @property
    def _is_utf8(self) -> bool:
        """Whether no other charset is named: FHIR knows UTF-8 alone (R4 json §2.6.2)."""
        _, named, charset = self.header("content-type").lower().partition("charset=")
        return not named or charset.partition(";")[0].strip().strip('"') in ("utf-8", "utf8", "us-ascii")

    def form(self) -> tuple[tuple[str, str], ...]:
        """Parameters of a POSTed search: those of the address and those of the body."""
        if not self.body:
            return self.params
        if self.header("content-type").partition(";")[0].strip().lower() != FORM_TYPE:
            raise WrongMedia(f"the body of a _search must be {FORM_TYPE}")
        return self.params + tuple(parse_query(self.body.decode("utf-8", "replace")))


@dataclass(frozen=True)
class Reply:
    """An answer. ``text``: JSON, may be empty; ``raw``: a Binary's content of the type in ``headers``."""

    status: int
    text: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None


def parse_json(body: bytes) -> Any:
    """Raises BadRequest with the place of the fault, never with the content."""
    try:
        return codec.loads(body.decode("utf-8"))
    except json.JSONDecodeError as problem:
        reason = f"bad JSON at line {problem.lineno} column {problem.colno}: {problem.msg}"
        raise BadRequest(reason, code="structure") from problem
    except UnicodeDecodeError as problem:
        raise BadRequest("the body is not UTF-8", code="structure") from problem
    except (ValueError, RecursionError) as problem:
        reason = "nested too deep" if isinstance(problem, RecursionError) else str(problem)
        raise BadRequest(f"bad JSON: {reason}"[:200], code="structure") from problem


def parse_query(text: str) -> list[tuple[str, str]]:
    """Parameters in order, empty values kept. Raises BadRequest when there are too many."""
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=1000)
    except ValueError as problem:
        raise BadRequest("too many parameters", code="too-costly") from problem


def reply_json(status: int, content: Any, headers: Mapping[str, str] | None = None) -> Reply:
    """An answer with a resource in it."""
    return Reply(status, codec.dumps(content), headers or {})


def version_headers(kept: Stored) -> dict[str, str]:
    """ETag and Last-Modified of a version."""
    return {"ETag": f'W/"{kept.version}"', "Last-Modified": http_date(kept.at)}


def http_date(millis: int) -> str:
    """For the headers Date and Last-Modified."""
    moment = codec.EPOCH.timestamp() + millis // 1000
    return format_datetime(codec.EPOCH.fromtimestamp(moment, codec.EPOCH.tzinfo), usegmt=True)
