"""Parts of JSON that may be anything: each function gives what it promises, or nothing."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

Json = dict[str, Any]
HL7 = "http://hl7.org/fhir/StructureDefinition/"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
LONGEST = 20_000  # characters of one text
_HIDDEN = dict.fromkeys(
    [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0xFEFF, 0x2028, 0x2029]
    + [code for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"]
)
OURS = "https://digiklinikka.example/fhir/StructureDefinition/"


def words_at(part: Any, name: str) -> str:
    """The string called ``name``, else nothing."""
    found = part.get(name) if isinstance(part, dict) else None
    return found if isinstance(found, str) else ""


def part_at(part: Any, name: str) -> Json:
    """The object called ``name``, else an empty one."""
    found = part.get(name) if isinstance(part, dict) else None
    return found if isinstance(found, dict) else {}


def parts_at(part: Any, name: str) -> list[Json]:
    """The objects in the list called ``name``."""
    found = part.get(name) if isinstance(part, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def flag_at(part: Any, name: str) -> bool:
    """Whether ``name`` is true."""
    return isinstance(part, dict) and part.get(name) is True


def whole_at(part: Any, name: str) -> int | None:
    """The whole number called ``name``."""
    found = part.get(name) if isinstance(part, dict) else None
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def number(value: Any) -> Decimal | None:
    """``value`` as a number when it is one (also in a string)."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        made = Decimal(str(value))
    except InvalidOperation:
        return None
    return made if made.is_finite() else None


def value_of(part: Any) -> tuple[str, Any]:
    """The ``value[x]`` of an extension or answer: its name ("valueCode") and what it is; ("", None) without one."""
    if isinstance(part, dict):
        for name, value in part.items():
            if isinstance(name, str) and name.startswith("value") and value is not None:
                return name, value
    return "", None


def extensions(part: Any, *urls: str) -> Iterator[Json]:
    """The extensions of ``part`` whose url is one of ``urls``."""
    for one in parts_at(part, "extension"):
        if one.get("url") in urls:
            yield one


def extension(part: Any, *urls: str) -> Any:
    """The value of the first extension with one of ``urls``; None without it."""
    return next((value_of(one)[1] for one in extensions(part, *urls)), None)


def extension_words(part: Any, *urls: str) -> str:
    """The same, when it is a string."""
    found = extension(part, *urls)
    return found if isinstance(found, str) else ""


def code_of(concept: Any) -> tuple[str, ...]:
    """The codes of a CodeableConcept or of a Coding."""
    if not isinstance(concept, dict):
        return ()
    codings = [concept, *parts_at(concept, "coding")]
    return tuple(code for coding in codings if (code := words_at(coding, "code")))


def clean(text: str) -> str:
    """Without control characters and marks that turn the direction of writing; not longer than ``LONGEST``."""
    return text.translate(_HIDDEN)[:LONGEST].strip()
