"""Items read one by one: what they ask, how they are drawn, what stands beside them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from app.forms import parts
from app.forms.given import HL7, SDC, Json, code_of, extension, extension_words, flag_at, parts_at, words_at
from app.forms.known import CONTROLS, EHELSE, SUBLABEL, strange
from app.forms.limits import bad_limits, read_limits
from app.forms.model import MAX_ITEMS, QUESTIONS, TYPES, Item, Note, Unreadable
from app.forms.options import flag, read_options
from app.forms.words import Words, words_of

_HELP = frozenset({"help", "flyover"})
_BESIDE = frozenset({"prompt", "unit", "lower", "upper"})
_FOLDED = frozenset({"true", "default-closed", "default-open"})
MOST_PARTS = 10  # forms within forms


class Reader:
    """Reads the items of one form; ``notes`` and ``seen`` (linkIds) grow on the way."""

    def __init__(self, others: Mapping[str, Json], url: str = "") -> None:
        self.others, self.notes, self.seen = others, list[Note](), Counter[str]()
        self._open = [url] if url else []

    def items(self, raws: list[Json]) -> tuple[Item, ...]:
        """Those of one level."""
        return tuple(item for raw in raws for item in self._item(raw))

    def _item(self, raw: Json) -> tuple[Item, ...]:
        canonical = parts.sub_questionnaire(raw)
        if not canonical:
            return (self._read(raw),)
        other = self.others.get(canonical) or self.others.get(canonical.split("|")[0])
        bare = canonical.split("|")[0]
        if other is None or bare in self._open or len(self._open) >= MOST_PARTS:
            self.notes.append(Note("sub-questionnaire", words_at(raw, "linkId"), canonical[:200]))
            return (self._read(raw),)
        self._open.append(bare)
        inner = self.items([_prefixed(one, _prefix_of(raw)) for one in parts_at(other, "item")])
        self._open.pop()
        return inner

    def _read(self, raw: Json) -> Item:
        link_id = words_at(raw, "linkId")
        key = self._key(link_id)
        type, control = self._type(raw, link_id), self._control(raw, link_id)
        self._note_strange(raw, link_id)
        inner, beside, help = self._children(raw, type)
        unit, units = parts.read_units(raw)
        return Item(
            key=key,
            link_id=link_id,
            type=type,
            words=words_of(raw, "text"),
            prefix=words_of(raw, "prefix"),
            short=parts.entry_words(raw, f"{SDC}shortText"),
            help=(*help, *([sub] if (sub := _dressed(parts.entry_words(raw, SUBLABEL))) else [])),
            beside=beside,
            control=control,
            category=parts.category_of(raw),
            entry_format=parts.entry_words(raw, f"{HL7}entryFormat"),
            error_words=parts.entry_words(raw, f"{EHELSE}validationtext"),
            more_label=parts.entry_words(raw, f"{EHELSE}repeatstext"),
            open_label=parts.entry_words(raw, f"{SDC}openLabel"),
            required=flag_at(raw, "required"),
            repeats=flag_at(raw, "repeats") or flag(raw, f"{HL7}questionnaire-answerRepeats"),
            read_only=flag_at(raw, "readOnly"),
            hidden=flag(raw, f"{HL7}questionnaire-hidden"),
            collapsible=_collapsible(raw),
            horizontal=extension(raw, f"{HL7}questionnaire-choiceOrientation") == "horizontal",
            unit=unit,
            units=units,
            slider_step=parts.slider_step(raw),
            support_link=extension_words(raw, f"{HL7}questionnaire-supportLink"),
            media=parts.media_of(raw, f"{SDC}itemMedia", f"{HL7}questionnaire-itemMedia"),
            limits=read_limits(raw),
            conditions=tuple(parts.read_conditions(raw)),
            any_condition=words_at(raw, "enableBehavior") != "all",
            options=read_options(raw),
            value_set=_value_set(raw),
            initial=parts.read_initial(raw),
            expressions=self._expressions(raw, link_id),
            variables=parts.read_variables(raw),
            toggles=parts.read_toggles(raw),
            constraints=parts.read_constraints(raw),
            code=tuple(parts_at(raw, "code")),
            link_period=extension(raw, f"{SDC}observationLinkPeriod") is not None,
            children=inner,
            raw=raw,
        )

    def _key(self, link_id: str) -> str:
        self.seen[link_id] += 1
        if self.seen.total() > MAX_ITEMS:
            raise Unreadable("too-many-items")
        times = self.seen[link_id]
        return link_id if times == 1 and link_id else f"{link_id}~{times}"

    def _type(self, raw: Json, link_id: str) -> str:
        type = words_at(raw, "type")
        chosen = parts.chosen_type(raw)
        if chosen or type in TYPES:
            return chosen or type
        if type in ("question", ""):
            guessed = "string" if not parts_at(raw, "item") else "group"
            self.notes.append(Note("type", link_id, type or "missing"))
            return guessed
        self.notes.append(Note("type", link_id, type[:80]))
        return "unknown"

    def _control(self, raw: Json, link_id: str) -> str:
        codes = code_of(extension(raw, f"{HL7}questionnaire-itemControl"))
        known = [code for code in codes if code in CONTROLS]
        self.notes += [Note("item-control", link_id, code[:80]) for code in codes if code not in CONTROLS]
        return known[0] if known else ""

    def _note_strange(self, raw: Json, link_id: str) -> None:
        self.notes += strange(raw, link_id)
        if bad := parts.bad_conditions(raw):
            self.notes.append(Note("condition", link_id, str(bad)))
        if not link_id:
            self.notes.append(Note("no-link-id"))
        self.notes += [Note(code, link_id, detail) for code, detail in bad_limits(raw)]
        foreign = (one for one in parts.read_variables(raw) if not parts.is_run("initialExpression", one))
        self.notes += [Note("expression-language", link_id, one.language[:80]) for one in foreign]
        media = parts.media_of(raw, f"{SDC}itemMedia", f"{HL7}questionnaire-itemMedia")
        if media and not media.startswith("data:"):
            self.notes.append(Note("media", link_id, media[:120]))

    def _expressions(self, raw: Json, link_id: str) -> Mapping[str, Any]:
        found = parts.read_expressions(raw)
        strange = {name: one for name, one in found.items() if not parts.is_run(name, one)}
        self.notes += [Note("expression-language", link_id, one.language[:80]) for one in strange.values()]
        return MappingProxyType({name: one for name, one in found.items() if name not in strange})

    def _children(
        self, raw: Json, type: str
    ) -> tuple[tuple[Item, ...], Mapping[str, Words], tuple[Words, ...]]:
        """Items inside, and the displays that only stand beside this one (without a condition of their own)."""
        inner, beside, help = list[Json](), dict[str, Words](), list[Words]()
        for child in parts_at(raw, "item"):
            role = self._role(child, type)
            if role in _HELP:
                help.append(words_of(child, "text"))
            elif role:
                beside[role] = words_of(child, "text")
            else:
                inner.append(child)
                continue
            self.seen[words_at(child, "linkId")] += 1
        return self.items(inner), MappingProxyType(beside), tuple(help)

    def _role(self, child: Json, parent: str) -> str:
        codes = code_of(extension(child, f"{HL7}questionnaire-itemControl"))
        role = next((code for code in codes if code in _HELP | _BESIDE), "")
        simple = (
            "enableWhen" not in child and not parts.read_expressions(child) and not parts_at(child, "item")
        )
        if not simple or (role in _BESIDE and parent not in QUESTIONS):
            return ""
        return role if words_at(child, "type") in ("display", "text", "string") else ""


def _dressed(words: Words) -> Words:
    """A text that is markdown by its definition."""
    return replace(words, markdown=words.own) if words else words


def _collapsible(raw: Json) -> str:
    found = extension(raw, f"{SDC}collapsible")
    return found if isinstance(found, str) and found in _FOLDED else "true" if found is True else ""


def _value_set(raw: Json) -> str:
    found = raw.get("answerValueSet") or raw.get("options")  # as STU3 calls it
    if isinstance(found, dict):
        return words_at(found, "reference")
    return found if isinstance(found, str) else ""


def _prefix_of(raw: Json) -> str:
    """What a modular form puts before the linkIds of a part of it."""
    named = (one for one in parts.read_variables(raw) if one.name == "linkIdPrefix")
    return next((one.text.strip("'\"") for one in named), "")


def _prefixed(raw: Json, prefix: str) -> Json:
    if not prefix:
        return raw
    made = {**raw, "linkId": prefix + words_at(raw, "linkId")}
    if "item" in raw:
        made["item"] = [_prefixed(one, prefix) for one in parts_at(raw, "item")]
    if "enableWhen" in raw:
        made["enableWhen"] = [
            {**one, "question": prefix + words_at(one, "question")} for one in parts_at(raw, "enableWhen")
        ]
    return made
