"""The resident's particulars, permissions, and who has looked (rows E8 to E10)."""

from collections.abc import Awaitable, Callable, Collection
from datetime import datetime
from typing import Any

from app.api import me as wire
from app.domain.exchange import Request, Response
from app.domain.me import Consent, Contact, Details, Look, Needs, Permission, current
from app.domain.preparing import NOTE, notes_from
from app.errors import DeviceFull
from app.offline import codec
from app.offline.intents import CREATE, Intent
from app.offline.outbox import Outbox
from app.offline.store import Store
from app.stores.base import Action, Known, Resource, Status
from app.stores.writes import Writes

FHIR = "application/fhir+json"


class Me:
    """One person's own particulars. Changing a telephone number or e-mail address needs the service at once: it sends
    a code there (``ask_code``), and the code changes it (``give_code``)."""

    def __init__(
        self,
        *,
        person_id: str,
        store: Store,
        outbox: Outbox,
        nudge: Callable[[], None],
        now: Callable[[], datetime],
        new_key: Callable[[], str],
        language: Callable[[], str],
        fetch: Callable[[Collection[str]], Callable[[], Awaitable[None]]],
        send: Callable[[Request], Awaitable[Response]],
    ) -> None:
        self._person_id, self._store, self._outbox = person_id, store, outbox
        self._nudge, self._now, self._new_key, self._language = nudge, now, new_key, language
        self._send, self._moved = send, False
        self._writes = Writes(store, outbox, self.refresh, nudge)
        self.details: Resource[Details] = Resource(self._read_details, fetch(("Patient",)), ("Patient",))
        self.consents: Resource[tuple[Consent, ...]] = Resource(
            self._read_consents, fetch(("Consent",)), ("Consent",)
        )
        self.log: Resource[tuple[Look, ...]] = Resource(
            self._read_log, fetch(("AuditEvent",)), ("AuditEvent",)
        )
        self.ask_code = Action(self._ask_code)
        self.give_code = Action(self._give_code)
        self.still_mine = Action(self._still_mine)
        self.save_needs = Action(self._save_needs)
        self.answer = Action(self._answer)

    def refresh(self) -> None:
        """Something on the device changed."""
        for resource in self.fetched():
            resource.refresh()
        self._move_kept_needs()

    def save_all(self) -> None:
        """Nothing is written here that is not in the outbox already."""

    def fetched(self) -> tuple[Resource[Any], ...]:
        """What comes from the network."""
        return (self.details, self.consents, self.log)

    def waits_for_comment(self) -> bool:
        """Whether the resident wants to see results only with a professional's comment."""
        known = self.consents.value or ()
        return any(one.given for one in known if one.permission is Permission.RESULT_RELEASE)

    def consent(self, id: str) -> Consent | None:
        """What was answered under this id, also when another answer has taken its place."""
        resource = self._store.get("Consent", id)
        return next(iter(wire.to_consents((resource,))), None) if resource else None

    def doubtful(self) -> tuple[Contact, ...]:
        """Telephone number and e-mail address to ask about."""
        known = self.details.value
        return known.doubtful(self._now().date()) if known else ()

    async def _ask_code(self, system: str, value: str) -> Status:
        """Let the service send a code to a new number or address. Raises Offline …: it cannot wait."""
        await self._operate("$send-contact-code", wire.parameters(system=system, value=value))
        return Status.DONE

    async def _give_code(self, code: str) -> Status:
        """The code that came there; the service then knows that it is the resident's."""
        await self._operate("$confirm-contact", wire.parameters(code=code))
        self._nudge()
        return Status.DONE

    async def _still_mine(self, contacts: tuple[Contact, ...]) -> Status:
        today = self._now().date()
        return await self._writes.put(
            *(self._on_patient("confirm_contact", wire.confirm(contact, today)) for contact in contacts)
        )

    async def _save_needs(self, needs: Needs) -> Status:
        return await self._writes.put(self._needs(needs, self._new_key()))

    def _needs(self, needs: Needs, key: str) -> Intent:
        patient = self._store.get("Patient", self._person_id)
        args = {"communication": wire.communication(needs, patient)}
        return Intent("set_needs", "Patient", self._person_id, args, self._person, key=key)

    def _move_kept_needs(self) -> None:
        """What earlier versions kept for bookings on the device alone becomes part of the particulars, once."""
        if self._moved or self.details.value is None:
            return
        self._moved = True
        notes = notes_from(self._store.recall(NOTE) or {})
        if not notes.to_move:
            return
        needs = self.details.value.needs.with_kept(notes.needs)
        try:
            self._outbox.put(self._needs(needs, f"{self._person_id}-needs-kept"))
        except DeviceFull:  # they stay where they are until there is room
            return
        self._store.remember(NOTE, notes.model_copy(update={"needs": {}}).model_dump(mode="json"))
        self._nudge()

    async def _answer(self, consent: Consent, given: bool) -> Status:
        """Permit, or withdraw what was permitted."""
        if consent.id and consent.given and not given:
            key = f"{consent.id}-withdraw"
            return await self._writes.put(
                Intent("withdraw", "Consent", consent.id, {}, self._person, key=key)
            )
        key = self._new_key()
        body = wire.consent(
            id=key,
            permission=consent.permission,
            given=given,
            person_id=self._person_id,
            at=self._now(),
        )
        return await self._writes.put(Intent(CREATE, "Consent", key, body, self._person, key=key))

    def _on_patient(self, name: str, args: dict[str, Any]) -> Intent:
        return Intent(name, "Patient", self._person_id, args, self._person, key=self._new_key())

    async def _operate(self, name: str, body: dict[str, Any]) -> None:
        path = f"Patient/{self._person_id}/{name}"
        headers = (("Content-Type", FHIR), ("Accept", FHIR))
        await self._send(Request("POST", path, body=codec.to_bytes(body), headers=headers))

    @property
    def _person(self) -> str:
        return f"Patient/{self._person_id}"

    def _read_details(self) -> Known[Details] | None:
        patient = self._store.get("Patient", self._person_id)
        if patient is None:
            return None
        details = wire.to_details(patient, self._language())
        pending = self._pending("Patient", self._person_id)
        return Known(details.model_copy(update={"pending": pending}), self._store.confirmed_at("Patient"))

    def _pending(self, type: str, id: str) -> bool:
        """Whether something of it is not with the service yet."""
        entry = self._outbox.state_of(type, id)
        return entry is not None and entry.open

    def _read_consents(self) -> Known[tuple[Consent, ...]] | None:
        as_of = self._store.confirmed_at("Consent")
        known = wire.to_consents(self._store.all("Consent"))
        return None if as_of is None and not known else Known(current(map(self._marked, known)), as_of)

    def _marked(self, consent: Consent) -> Consent:
        return consent.model_copy(update={"pending": self._pending("Consent", consent.id)})

    def _read_log(self) -> Known[tuple[Look, ...]] | None:
        as_of = self._store.confirmed_at("AuditEvent")
        looks = [wire.to_look(one, self._language()) for one in self._store.all("AuditEvent")]
        ordered = tuple(sorted(looks, key=lambda look: (str(look.at), look.id), reverse=True))
        return None if as_of is None and not ordered else Known(ordered, as_of)
