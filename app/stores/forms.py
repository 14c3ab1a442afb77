"""A resident's forms: the catalogue, those that were sent, filling in, sending, what was answered (rows F1 to F8)."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

from app.api import forms as wire
from app.api.messages import binary
from app.api.wire import moment
from app.domain.attachments import Attachment
from app.domain.forms import Answered, FormCard, SentForm, SentState, in_order, same_form
from app.domain.messages import MessageState
from app.errors import Conflict
from app.forms.filling import Filling
from app.forms.given import Json, part_at
from app.forms.model import Form, Unreadable
from app.forms.nodes import Node
from app.forms.reading import read_form
from app.offline.drafts import Draft, DraftFile, Drafts
from app.offline.intents import Intent
from app.offline.outbox import Entry, EntryState, Outbox
from app.offline.store import Store
from app.pathways.journey import Asked
from app.stores.base import Action, Resource, Status
from app.stores.base import Known as Read
from app.stores.filler import KIND, Filler, Later, Prepare, Way
from app.stores.forms_back import draft_of, is_answer
from app.stores.forms_known import Ask, KnownFacts, Sources
from app.stores.forms_needs import needs_of
from app.stores.sending import LEDGER, Sending, standing

EDITABLE = (EntryState.WAITING, EntryState.REFUSED)
TASKS, ANSWERS = "Task", "QuestionnaireResponse"


@dataclass(frozen=True, eq=False)
class Parts:
    """What the room works with; see ``bootstrap.shared``. ``source``: who answers, when it is not the person."""

    person_id: str
    store: Store
    public: Store
    outbox: Outbox
    drafts: Drafts
    prepare: Prepare
    nudge: Callable[[], None]
    now: Callable[[], datetime]
    later: Later
    new_key: Callable[[], str]
    language: Callable[[], str]
    fetch: Callable[[], Awaitable[None]]
    ask: Ask
    zone: tzinfo = UTC
    source: str = ""
    terminology_servers: tuple[str, ...] = ()


class Forms:
    """Everything about the forms of one person. Reads come from the device; writes go through the outbox."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._person = f"Patient/{parts.person_id}"
        self._sending = Sending(parts.person_id, parts.new_key)
        self._fillers: dict[str, Filler] = {}
        self._read: dict[str, tuple[str, Form | Unreadable]] = {}
        self._facts = KnownFacts(
            Sources(parts.person_id, parts.store, parts.ask, parts.now, parts.zone, parts.terminology_servers)
        )
        self.catalogue: Resource[tuple[FormCard, ...]] = Resource(self._read_catalogue)
        self.sent: Resource[tuple[SentForm, ...]] = Resource(self._read_sent, parts.fetch, types=(TASKS,))
        self.answers: Resource[tuple[Answered, ...]] = Resource(
            self._read_answers, parts.fetch, types=(ANSWERS,)
        )
        self.drafts: Resource[tuple[Draft, ...]] = Resource(self._read_drafts)
        self.send = Action(self._send)

    def refresh(self) -> None:
        """Something on the device changed."""
        for resource in (self.catalogue, self.sent, self.answers, self.drafts):
            resource.refresh()

    def fetched(self) -> tuple[Resource[Any], ...]:
        """What comes from the network."""
        return self.sent, self.answers

    def save_all(self) -> None:
        """Put every form that is being filled in on disk."""
        for filler in self._fillers.values():
            if filler.has_content:
                filler.save()

    # --- what there is ---------------------------------------------------------------------------------------------

    def questionnaire(self, named: str) -> Json | None:
        """The Questionnaire with this id or canonical, when it is known here."""
        for one in self._parts.public.all("Questionnaire"):
            if named == one.get("id") or same_form(named, wire.canonical_of(one)):
                return one
        return None

    def card(self, named: str) -> FormCard | None:
        """What is told of a form before it is opened."""
        raw = self.questionnaire(named)
        return wire.to_card(raw, self._parts.language()) if raw else None

    def form(self, named: str) -> Form | Unreadable | None:
        """The form, why it cannot be shown, or None when it is not known here."""
        raw = self.questionnaire(named)
        if raw is None:
            return None
        stamp = str(part_at(raw, "meta").get("versionId", "")) + str(raw.get("version", ""))
        kept = self._read.get(str(raw.get("id")))
        if kept is None or kept[0] != stamp:
            others = {wire.canonical_of(one): one for one in self._parts.public.all("Questionnaire")}
            kept = (stamp, _form(raw, others))
            self._read[str(raw.get("id"))] = kept
        return kept[1]

    def sent_form(self, task_id: str) -> SentForm | None:
        """The form that the Task called ``task_id`` asks for."""
        return next((one for one in self.sent.value or () if one.id == task_id), None)

    def to_do(self) -> tuple[SentForm, ...]:
        """What was sent and is not done, the most urgent first."""
        return tuple(one for one in self.sent.value or () if one.state is SentState.TO_DO)

    def is_asked(self, form_id: str) -> bool:
        """Whether a professional has sent this form and it is not done."""
        raw = self.questionnaire(form_id)
        return raw is not None and bool(self._task_of(raw))

    def answered(self, id: str) -> Answered | None:
        """One answer."""
        return next((one for one in self.answers.value or () if one.id == id), None)

    def form_of(self, id: str) -> FormCard | None:
        """The form that is answered there, also while it is not finished."""
        response = self._parts.store.get(ANSWERS, id)
        return self.card(str(response.get("questionnaire", ""))) if response else None

    def answer_of(self, id: str) -> Filling | None:
        """An answer with its form, to be read again; None when one of them is not known here."""
        response = self._parts.store.get(ANSWERS, id)
        form = self.form(str(response.get("questionnaire", ""))) if response else None
        if response is None or not isinstance(form, Form):
            return None
        return Filling(form, self._facts.of(form), response, self._parts.language())

    def files_in(self, node: Node) -> tuple[Attachment, ...]:
        """The files that were sent as answers to a question."""
        return tuple(file for value in node.values if (file := wire.to_file(value)).id)

    # --- filling in ------------------------------------------------------------------------------------------------

    def open(self, form_id: str, task_id: str = "", asked: Asked | None = None) -> Filler | None:
        """The form being filled in: gone on with when it was begun before, else begun. ``asked``: the step of a pathway
        that asks for it now."""
        form = self.form(form_id)
        if not isinstance(form, Form):
            return None
        if not task_id and self._draft_for(form_id, "") is None:
            task_id = self._task_of(form.raw)  # who finds it in the catalogue answers what was asked
        for filler in self._fillers.values():
            if filler.form_id == form_id and filler.task_id == task_id:
                filler.asked = asked or filler.asked
                return filler
        draft = self._draft_for(form_id, task_id) or Draft(
            self._parts.new_key(), KIND, self._person, {"form": form_id, "task": task_id}
        )
        filler = self._filler(form, draft)
        filler.asked = asked or filler.asked
        self._fillers[filler.key] = filler
        return filler

    def again(self, answer_id: str) -> str:
        """Answer once more, beginning with what was answered before: the id of the form to open."""
        answered = self.answered(answer_id)
        raw = self.questionnaire(answered.canonical) if answered else None
        if raw is None or self._parts.store.get(ANSWERS, answer_id) is None:
            return ""
        body = {"form": raw["id"], "task": "", "reuse": answer_id}
        self._parts.drafts.save(Draft(self._parts.new_key(), KIND, self._person, body))
        self.drafts.refresh()
        return str(raw["id"])

    def earlier(self, filler: Filler) -> Answered | None:
        """The last answer to the same form, to be offered for use while nothing has been answered yet (row F6)."""
        canonical = wire.canonical_of(filler.filling.form.raw)
        done = (
            one for one in self.answers.value or () if not one.unfinished and one.state is MessageState.SENT
        )
        found = (one for one in done if same_form(one.canonical, canonical))
        return None if filler.has_content else next(found, None)

    def reuse(self, filler: Filler, answered: Answered) -> None:
        """Begin with what was answered then: each answer says so, and can be changed."""
        response = self._parts.store.get(ANSWERS, answered.id)
        if response is not None:
            filler.reuse(response)

    def can_take_back(self, answer_id: str) -> bool:
        """Whether these answers, not accepted yet, may become a draft again."""
        return None not in self._to_mend(answer_id)

    def _to_mend(self, answer_id: str) -> tuple[Entry | None, Json | None]:
        """The entry that was refused or has not left, and its form."""
        entry = self._parts.outbox.state_of(ANSWERS, answer_id)
        if entry is None or entry.state not in EDITABLE or not is_answer(ANSWERS, entry.args):
            return None, None
        return entry, self.questionnaire(str(entry.args.get("questionnaire", "")))

    def take_back(self, answer_id: str) -> Draft | None:
        """What was refused or has not left becomes a draft again; None when it may have left, or its form is gone."""
        entry, raw = self._to_mend(answer_id)
        if entry is None or raw is None:
            return None
        made: list[Draft] = []

        def save(intents: tuple[Intent, ...]) -> Draft:
            made.append(draft_of(intents, str(raw["id"]), self._parts.new_key))
            return made[0]

        try:
            self._parts.outbox.edit(entry.key, save)
        except Conflict:
            return None
        self.refresh()
        return made[0]

    def leave(self, filler: Filler) -> None:
        """The screen is left; what became of its sending is not the next one's."""
        if self.send.status is not Status.RUNNING:
            self.send.reset()
        if self._fillers.get(filler.key) is filler:
            filler.leave()
            del self._fillers[filler.key]
            self.drafts.refresh()

    def delete(self, filler: Filler) -> None:
        """Throw away what was begun, also the copy on the server."""
        self._fillers.pop(filler.key, None)
        filler.settle()
        self._parts.drafts.delete(filler.key)
        if filler.online:
            self._parts.outbox.put(self._update(filler, {"status": "stopped"}))
            self._parts.nudge()
        self.drafts.refresh()

    def keep_online(self, filler: Filler) -> None:
        """Keep what is unfinished on the server too, to be gone on with on another device."""
        body = self._response(filler, "in-progress")
        first = not filler.online
        filler.online = True
        filler.save()
        self._parts.outbox.put(self._sending.create(body) if first else self._update(filler, body))
        self._parts.nudge()

    def _filler(self, form: Form, draft: Draft) -> Filler:
        parts, response = self._parts, draft.body.get("response")
        language = str(draft.body.get("language") or "") or parts.language()
        filling = Filling(
            form, self._facts.of(form), response if isinstance(response, dict) else None, language
        )
        if response is not None:
            filling.calculator.begin_again()
        filler = Filler(
            filling, draft, Way(parts.drafts, parts.prepare, parts.now, parts.later, parts.new_key)
        )
        if before := parts.store.get(ANSWERS, str(draft.body.get("reuse", ""))):
            filler.reuse(before)
        return filler

    def _draft_for(self, form_id: str, task_id: str) -> Draft | None:
        """What was begun here or on another device, whichever was changed last."""
        begun = [
            d
            for d in self.drafts.value or ()
            if d.body.get("form") == form_id and d.body.get("task") == task_id
        ]
        return begun[0] if begun else None

    async def fetch_known(self, form_id: str) -> bool:
        """Ask the server for the value sets and the searches that the form needs; whether any came."""
        form = self.form(form_id)
        return await self._facts.fetch(form) if isinstance(form, Form) else False

    # --- sending ---------------------------------------------------------------------------------------------------

    async def _send(self, filler: Filler) -> Status:
        """Put the answers into the outbox, durably, and let the draft go; nothing is lost in between."""
        filler.settle()
        self._parts.outbox.put(*self._intents(filler), draft=filler.key)
        await self._parts.store.kept()
        self._fillers.pop(filler.key, None)
        self.refresh()
        self._parts.nudge()
        return Status.WAITING

    def _intents(self, filler: Filler) -> tuple[Intent, ...]:
        """Files first, then the answers, then the Task that asked for them."""
        files = [self._sending.create(self._binary(file)) for file in filler.kept_files()]
        body = self._response(filler, "completed")
        after = tuple(intent.key for intent in files)
        answer = self._update(filler, body, after) if filler.online else self._sending.create(body, after)
        parts, raw = self._parts, filler.filling.form.raw
        needs = needs_of(raw, body, parts.store, parts.person_id, parts.new_key, answer.key)
        return (*files, answer, *self._done(filler, answer.key), *needs)

    def _done(self, filler: Filler, after: str) -> tuple[Intent, ...]:
        task = self.sent_form(filler.task_id)
        if task is None or task.state is not SentState.TO_DO:
            return ()
        arguments = {"output": wire.output_of(filler.key)}
        key = self._parts.new_key()
        return (Intent("complete", TASKS, filler.task_id, arguments, self._person, key, after=(after,)),)

    def _response(self, filler: Filler, status: str) -> dict[str, Any]:
        filling = filler.filling
        plan = self._parts.outbox.entry(filler.asked.plan) if filler.asked else None
        if plan is not None and plan.state is EntryState.REFUSED:
            filler.asked = None  # what was refused would drag the answers along
        made = filler.response(status, self._parts.source or self._person)
        return wire.titled(made, filling.form.title.say(filling.chain))

    def _binary(self, file: DraftFile) -> dict[str, Any]:
        return binary(
            binary_id=file.name,
            content_type=file.content_type,
            data=file.data,
            person_id=self._parts.person_id,
        )

    def _update(self, filler: Filler, body: dict[str, Any], after: tuple[str, ...] = ()) -> Intent:
        return Intent("answer", ANSWERS, filler.key, body, self._person, self._parts.new_key(), after=after)

    # --- reading ---------------------------------------------------------------------------------------------------

    def _read_catalogue(self) -> Read[tuple[FormCard, ...]] | None:
        public, language = self._parts.public, self._parts.language()
        as_of = public.confirmed_at("Questionnaire")
        cards = [wire.to_card(one, language) for one in public.all("Questionnaire")]
        found = tuple(sorted((card for card in cards if card.open), key=lambda card: card.title.casefold()))
        return None if as_of is None and not found else Read(found, as_of)

    def _read_sent(self) -> Read[tuple[SentForm, ...]] | None:
        store = self._parts.store
        as_of = store.confirmed_at(TASKS)
        found = in_order(wire.to_sent(store.all(TASKS), self._parts.language()))
        return None if as_of is None and not found else Read(found, as_of)

    def _read_answers(self) -> Read[tuple[Answered, ...]] | None:
        store, entries = self._parts.store, self._parts.outbox.entries()
        as_of = store.confirmed_at(ANSWERS)
        mine = [entry for entry in entries if entry.type == ANSWERS]
        ledger = {entry.id: standing(entry) for entry in mine if entry.state in LEDGER}
        taken = {e.id: at for e in mine if e.receipt and (at := moment(e.receipt.at))}
        found = wire.to_answered(store.all(ANSWERS), ledger, taken)
        return None if as_of is None and not found else Read(found, as_of)

    def _read_drafts(self) -> Read[tuple[Draft, ...]]:
        """What was begun here, and what was begun elsewhere and kept on the server."""
        own = [draft for draft in self._parts.drafts.all(KIND) if draft.person == self._person]
        here = {draft.key for draft in own}
        away = [
            r
            for r in self._parts.store.all(ANSWERS)
            if r.get("status") == "in-progress" and r["id"] not in here
        ]
        found = [*own, *(draft for one in away if (draft := self._away(one)))]
        return Read(tuple(found), None)

    def _away(self, response: Mapping[str, Any]) -> Draft | None:
        raw = self.questionnaire(str(response.get("questionnaire", "")))
        if raw is None:
            return None
        card = wire.to_card(raw, self._parts.language())
        body = {
            "form": raw["id"],
            "task": self._task_of(raw),
            "response": dict(response),
            "online": True,
            "title": card.title,
        }
        return Draft(
            str(response["id"]), KIND, self._person, body, saved_at=moment(str(response.get("authored", "")))
        )

    def _task_of(self, raw: Json) -> str:
        """The Task that asks for this form, when one does."""
        canonical = wire.canonical_of(raw)
        return next((one.id for one in self.to_do() if same_form(one.canonical, canonical)), "")


def _form(raw: Json, others: Mapping[str, Json]) -> Form | Unreadable:
    try:
        return read_form(raw, others)
    except Unreadable as problem:
        return problem
