"""A Questionnaire as a ``Form``: lenient in. Nothing in it can stop the rest from being read.

``read_form`` raises ``Unreadable`` only for what is no questionnaire, or too deep or large to be one.
"""

from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType

from app.forms.given import HL7, SDC, Json, extension, extensions, parts_at, value_of, words_at
from app.forms.items import Reader
from app.forms.known import strange
from app.forms.model import MAX_DEPTH, MAX_ITEMS, Form, Note, Unreadable
from app.forms.parts import QUERY, read_constraints, read_variables
from app.forms.words import tag_of, words_of

Others = Mapping[str, Json]
NO_OTHERS: Others = MappingProxyType({})


def read_form(raw: object, others: Others = NO_OTHERS) -> Form:
    """The form that ``raw``, a Questionnaire, is. ``others``: questionnaires that may be part of it, by canonical."""
    if not isinstance(raw, dict) or raw.get("resourceType") != "Questionnaire":
        raise Unreadable("not-a-questionnaire")
    measure(raw)
    if not parts_at(raw, "item"):
        raise Unreadable("no-items")
    contained = tuple(parts_at(raw, "contained"))
    inside = {
        f"#{words_at(one, 'id')}": one for one in contained if one.get("resourceType") == "Questionnaire"
    }
    reader = Reader({**others, **inside}, words_at(raw, "url"))
    items = reader.items(parts_at(raw, "item"))
    return Form(
        id=words_at(raw, "id"),
        url=words_at(raw, "url"),
        version=words_at(raw, "version"),
        language=tag_of(words_at(raw, "language")) if words_at(raw, "language") else "",
        title=words_of(raw, "title") or words_of(raw, "name"),
        description=words_of(raw, "description"),
        purpose=words_of(raw, "purpose"),
        items=items,
        notes=(*strange(raw, ""), *_foreign(raw), *_doubles(reader.seen), *reader.notes),
        variables=read_variables(raw),
        constraints=read_constraints(raw),
        launch=tuple(_launch(raw)),
        contained=contained,
        raw=raw,
    )


def measure(raw: Json) -> None:
    """Raises ``Unreadable`` when the items are too many or too deep; asks without recursion."""
    count, level, depth = 0, parts_at(raw, "item"), 0
    while level:
        count, depth = count + len(level), depth + 1
        if depth > MAX_DEPTH:
            raise Unreadable("too-deep")
        if count > MAX_ITEMS:
            raise Unreadable("too-many-items")
        level = [child for item in level for child in parts_at(item, "item")]


def _doubles(seen: Counter[str]) -> list[Note]:
    return [Note("duplicate-link-id", link_id) for link_id, times in seen.items() if times > 1]


def _foreign(raw: Json) -> list[Note]:
    """Variables in a language that is not evaluated."""
    known = ("text/fhirpath", QUERY)
    strange = (one for one in read_variables(raw) if one.language not in known)
    return [Note("expression-language", "", one.language[:80]) for one in strange]


def _launch(raw: Json) -> list[str]:
    found = []
    for one in extensions(raw, f"{SDC}launchContext", f"{HL7}questionnaire-launchContext"):
        name = extension(one, "name")
        code = words_at(name, "code") if isinstance(name, dict) else name
        if isinstance(code, str) and code:
            found.append(code)
    return found


def terminology_servers(raw: Json) -> tuple[str, ...]:
    """The servers that the form, or an item of it, prefers for its value sets, without a last slash."""
    found, waiting = list[str](), [raw]
    while waiting:
        part = waiting.pop(0)
        given = (value_of(one)[1] for one in extensions(part, *_PREFERRED))
        found += [one.rstrip("/") for one in given if isinstance(one, str)]
        waiting += parts_at(part, "item")
    return tuple(dict.fromkeys(found))


_PREFERRED = (
    f"{SDC}preferredTerminologyServer",
    f"{HL7}preferredTerminologyServer",
    f"{HL7}terminology-server",
)
