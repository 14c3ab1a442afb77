"""Reading a resource's elements one by one, whatever is really in them: nothing here raises.

Lists of a resident's data hold thousands of resources from many systems; one that is odd must still be listed, and
what is odd in it is shown as it came (``facts``).
"""

import html
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from app.api.wire import EXTENSION, day, moment, short_language, translated
from app.domain.record import Fact, Term

Node = Mapping[str, Any]
NONE: Node = {}
HOME = "fi"
"""The language in which the county's own systems write, unless they say otherwise."""
_ENGLISH = (
    "http://loinc.org",
    "http://snomed.info",
    "http://hl7.org",
    "http://terminology.hl7.org",
    "nlm.nih.gov",
)
_UNSAID = "und"
_HIDDEN = frozenset({"resourceType", "data"})
_REACH = 300  # powers of ten
_PARTIAL = re.compile(r"^\d{4}(-\d{2})?$")


def node(value: Any, *names: str) -> Node:
    """The element of an element of … ``value``; an empty one where there is none."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else NONE


def nodes(value: Any, name: str) -> tuple[Node, ...]:
    """The elements of a list; a single one counts as a list of one, as from other versions of FHIR."""
    found = value.get(name) if isinstance(value, dict) else None
    listed = found if isinstance(found, list) else [found]
    return tuple(one for one in listed if isinstance(one, dict))


def string(value: Any, *names: str) -> str:
    """The text of an element; numbers and truth values as text, anything else as nothing."""
    *way, last = names
    found = node(value, *way).get(last)
    if isinstance(found, bool):
        return str(found).lower()
    return str(found) if isinstance(found, str | int | float) else ""


def number(value: Any, name: str) -> Decimal | None:
    """A finite number such as a computer can reckon with; None for anything else."""
    found = value.get(name) if isinstance(value, dict) else None
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return None
    try:
        made = Decimal(str(found))
    except InvalidOperation:
        return None
    return made if made.is_finite() and abs(made.adjusted()) <= _REACH else None


def extension_of(value: Any, name: str) -> Node:
    """The extension with this url; a bare name means one of our own."""
    url = name if ":" in name else EXTENSION + name
    return next((one for one in nodes(value, "extension") if one.get("url") == url), NONE)


def spoken(value: Any, name: str, language: str) -> str:
    """The text of an element in ``language`` where it is translated."""
    return translated(string(value, name), node(value, f"_{name}"), language)


def reference_id(value: Any, kind: str = "") -> str:
    """The id in a Reference; empty when it is not of ``kind``."""
    parts = string(value, "reference").split("/_history/")[0].split("/")
    if len(parts) < 2 or (kind and parts[-2] != kind):
        return ""
    return parts[-1]


def codes(concept: Node, system: str = "") -> tuple[str, ...]:
    """Codes of a CodeableConcept, of a system when one is named."""
    return tuple(
        string(coding, "code")
        for coding in nodes(concept, "coding")
        if (not system or string(coding, "system") == system) and string(coding, "code")
    )


def when(value: Any) -> tuple[datetime | None, bool, str]:
    """A date, dateTime or instant: its time, whether only the day is known, and it itself where it is partial."""
    raw = value if isinstance(value, str) else ""
    if _PARTIAL.match(raw):
        whole = day(raw + "-01-01"[: 10 - len(raw)] if len(raw) == 4 else raw + "-01")
        return _noon(whole), True, raw
    if "T" not in raw:
        return _noon(day(raw)), True, ""
    return moment(raw), False, ""


def _noon(whole: date | None) -> datetime | None:
    """Noon of a day that is nowhere in Finland another day."""
    if whole is None or not 1900 <= whole.year <= 2200:
        return None
    return datetime(whole.year, whole.month, whole.day, 10, tzinfo=UTC)


def term(concept: Node, language: str, declared: str = "", local: str = "") -> Term:
    """The words of a CodeableConcept for somebody who reads ``language``, and which language they are in.

    ``declared``: the language of the resource; ``local``: the code system whose display is what professionals say.
    """
    short, code = short_language(language), _code(concept, local)
    for holder, name in ((concept, "text"), *((coding, "display") for coding in nodes(concept, "coding"))):
        words = _translation(holder, name, short)
        if words:
            return Term(text=words, code=code)
    words, spoken_in = _original(concept, short_language(declared))
    own = spoken_in == short or not words or (spoken_in == _UNSAID and short == HOME)
    return Term(text=words or code, language="" if own else spoken_in, code=code)


def text_term(holder: Node, name: str, language: str, declared: str = "") -> Term:
    """The same for a plain string element."""
    short = short_language(language)
    words = _translation(holder, name, short)
    if words:
        return Term(text=words)
    original = string(holder, name)
    spoken_in = short_language(declared) or (HOME if node(holder, f"_{name}") else _UNSAID)
    own = not original or spoken_in == short or (spoken_in == _UNSAID and short == HOME)
    return Term(text=original, language="" if own else spoken_in)


def _translation(holder: Node, name: str, short: str) -> str:
    """The element in the language, when it is known to be in it."""
    beside = node(holder, f"_{name}")
    if not beside:
        return ""
    words = translated("", beside, short, fallback=_UNSAID)
    return words or (string(holder, name) if short == HOME and nodes(beside, "extension") else "")


def _original(concept: Node, declared: str) -> tuple[str, str]:
    text, shown = string(concept, "text"), [c for c in nodes(concept, "coding") if string(c, "display")]
    english = next((string(c, "display") for c in shown if _is_english(c)), "")
    if text:
        same = text.casefold() == english.casefold() and english
        guessed = HOME if node(concept, "_text") else "en" if same else _UNSAID
        return text, declared or guessed
    local = next((string(c, "display") for c in shown if not _is_english(c)), "")
    if english and (declared in ("", "en") or not local):
        return english, "en"
    return local, declared or _UNSAID


def _is_english(coding: Node) -> bool:
    system = string(coding, "system")
    return any(known in system for known in _ENGLISH)


def _code(concept: Node, local: str) -> str:
    codings = nodes(concept, "coding")
    own = next(
        (string(c, "display") or string(c, "code") for c in codings if string(c, "system") == local), ""
    )
    return own or next((string(c, "code") for c in codings if string(c, "code")), "")


def facts(resource: Any) -> tuple[Fact, ...]:
    """Every element of a resource as it came, for whoever wants to see everything. Contents of files are left out."""
    return tuple(_facts(resource, ""))


def _facts(value: Any, path: str) -> Iterator[Fact]:
    if isinstance(value, dict):
        for name, part in value.items():
            if name in _HIDDEN and (name != "data" or len(str(part)) > 200):
                continue
            yield from _facts(part, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list):
        for place, part in enumerate(value, start=1):
            yield from _facts(part, f"{path} {place}" if len(value) > 1 else path)
    elif value is not None and value != "":
        yield Fact(path=path, value=_plain(str(value)))


def _plain(value: str) -> str:
    """Narrative without its mark-up."""
    if not value.startswith("<div"):
        return value
    bare = re.sub(r"<[^>]*>", " ", value)
    return re.sub(r"\s+", " ", html.unescape(bare)).strip()
