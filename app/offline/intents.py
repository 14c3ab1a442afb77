"""What a resident can want done to a resource, as named pure changes.

``create`` carries the whole resource. Any other name is a ``Rule``: a function of the last confirmed resource
and the intent's arguments that returns the changed resource, or a ``Reject`` with a reason code. A rule is
pure, total (never raises, whatever the resource looks like), idempotent, and touches only the fields it owns;
tests hold it to that.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any
from uuid import uuid4

Resource = dict[str, Any]
CREATE = "create"


def new_id() -> str:
    """A fresh UUID: the key of an intent or the id of a resource made on the device."""
    return str(uuid4())


@dataclass(frozen=True)
class Intent:
    """One thing the resident wants done, exactly once.

    ``args``: for ``create`` the resource (with its ``id``), else the rule's arguments. ``person``:
    "Patient/x", whom it concerns. ``after``: keys that must be accepted first (references to resources being
    created are found without it). ``may_wait`` False: never sent later than asked; it fails in words when
    there is no connection. ``group``: intents put in one call share it.
    """

    name: str
    type: str
    id: str
    args: Mapping[str, Any] = field(repr=False)
    person: str = field(repr=False)
    key: str = field(default_factory=new_id)
    after: tuple[str, ...] = ()
    may_wait: bool = True
    group: str = ""


def create(resource: Resource, person: str, after: tuple[str, ...] = (), may_wait: bool = True) -> Intent:
    """The intent to create ``resource``; it gets an id when it has none."""
    made = {**resource, "id": resource.get("id") or new_id()}
    return Intent(CREATE, made["resourceType"], made["id"], made, person, after=after, may_wait=may_wait)


@dataclass(frozen=True)
class Reject:
    """The change makes no sense (any more). ``code`` is for machines, a screen has words for it."""

    code: str


Change = Callable[[Resource, Mapping[str, Any]], Resource | Reject]


@dataclass(frozen=True)
class Rule:
    """A named change. ``rebase``: when somebody changed the resource meanwhile, apply it to their version
    (True) or refuse it with the code "conflict" and let the resident decide (False)."""

    change: Change
    rebase: bool = True


@dataclass(frozen=True)
class Intents:
    """The rules that are known; immutable, ``with_rule`` returns a larger one."""

    rules: Mapping[str, Rule] = field(default_factory=lambda: MappingProxyType({}))

    def with_rule(self, name: str, change: Change, rebase: bool = True) -> "Intents":
        """The same rules and one more."""
        return replace(self, rules=MappingProxyType({**self.rules, name: Rule(change, rebase)}))

    def apply(self, name: str, args: Mapping[str, Any], resource: Resource) -> Resource | Reject:
        """The changed copy of ``resource``; an unknown name is rejected, it came from a newer app."""
        rule = self.rules.get(name)
        return rule.change(deepcopy(resource), args) if rule else Reject("unknown-intent")

    def rebases(self, name: str) -> bool:
        """Whether the change may be made on a version that the resident has not seen."""
        rule = self.rules.get(name)
        return rule is not None and rule.rebase


def mark_received(resource: Resource, args: Mapping[str, Any]) -> Resource | Reject:
    """Communication: ``received`` = args["at"] (instant), set once; whoever was first stays."""
    if not resource.get("received"):
        resource["received"] = args.get("at", "")
    return resource


CANCELLABLE = (
    "proposed",
    "pending",
    "booked",
    "waitlist",
    "requested",
    "received",
    "accepted",
    "draft",
    "ready",
)


def cancel(resource: Resource, args: Mapping[str, Any]) -> Resource | Reject:
    """Appointment, Task: ``status`` to "cancelled" unless it has already happened or ended."""
    status = resource.get("status")
    if status == "cancelled":
        return resource
    if status not in CANCELLABLE:
        return Reject("too-late")
    return {**resource, "status": "cancelled"}


def complete(resource: Resource, args: Mapping[str, Any]) -> Resource | Reject:
    """Task: ``status`` to "completed", with args["output"] when given; not when it was cancelled."""
    if resource.get("status") in ("cancelled", "rejected", "failed", "entered-in-error"):
        return Reject("too-late")
    output = {"output": args["output"]} if args.get("output") else {}
    return {**resource, "status": "completed", **output}


ANSWERED = (
    "status",
    "questionnaire",
    "_questionnaire",
    "language",
    "authored",
    "author",
    "source",
    "subject",
    "item",
)


def answer(resource: Resource, args: Mapping[str, Any]) -> Resource | Reject:
    """QuestionnaireResponse: an unfinished one gets the answers in ``args``, or (without ``item``) its status only."""
    given = {name: args[name] for name in ANSWERED if name in args}
    if resource.get("status") != "in-progress":
        same = all(resource.get(name) == value for name, value in given.items())
        return resource if same else Reject("too-late")
    kept = {k: v for k, v in resource.items() if k not in ANSWERED} if "item" in given else resource
    return {**kept, **given}


def withdraw(resource: Resource, args: Mapping[str, Any]) -> Resource | Reject:
    """Consent: ``status`` to "inactive", whatever it was: a withdrawal is never lost."""
    return {**resource, "status": "inactive"}


def leave_out(resource: Resource, args: Mapping[str, Any]) -> Resource | Reject:
    """Task: ``status`` to "rejected": the resident does without it and owes no reason."""
    if resource.get("status") in ("cancelled", "completed", "failed", "entered-in-error"):
        return Reject("too-late")
    return {**resource, "status": "rejected"}


def reopen(resource: Resource, args: Mapping[str, Any]) -> Resource | Reject:
    """Task: done or left out by mistake; ``status`` back to "requested"."""
    if resource.get("status") in ("completed", "rejected"):
        return {**resource, "status": "requested"}
    return resource if resource.get("status") == "requested" else Reject("too-late")


def annotate(resource: Resource, args: Mapping[str, Any]) -> Resource | Reject:
    """Task, CarePlan: args["note"] (Annotation) is added once."""
    notes, note = _listed(resource.get("note")), args.get("note")
    return resource if not note or note in notes else {**resource, "note": [*notes, note]}


def journey(resource: Resource, args: Mapping[str, Any]) -> Resource | Reject:
    """CarePlan of the resident's own: args["activity"] (by turn; None takes it away) is merged, args["fields"]
    are replaced (an empty one is taken away); so two devices do not undo each other's ticks."""
    fields = dict(args.get("fields") or {})
    changed = {name: old for name, old in resource.items() if name not in fields}
    changed |= {name: new for name, new in fields.items() if new}  # nothing is not written in R4
    ticked = args.get("activity") or {}
    if not ticked:
        return changed
    kept = [one for one in _listed(resource.get("activity")) if _turn_of(one) not in ticked]
    activity = [*kept, *(one for one in ticked.values() if one)]
    changed.pop("activity", None)
    return {**changed, "activity": activity} if activity else changed


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _turn_of(activity: Any) -> str:
    """The code of an activity of a CarePlan; empty when it has none, whatever it looks like."""
    for name in ("detail", "code", "coding"):
        activity = activity.get(name) if isinstance(activity, dict) else None
    first = activity[0] if isinstance(activity, list) and activity else None
    code = first.get("code") if isinstance(first, dict) else None
    return code if isinstance(code, str) else ""


OURS = "https://digiklinikka.example/fhir/"


def chat_leave(resource: Resource, args: Mapping[str, Any]) -> Resource | Reject:
    """Task of a chat: whoever waits is "cancelled", a talk is "completed"; one that has ended stays as it is."""
    after = {"requested": "cancelled", "in-progress": "completed"}
    return {**resource, "status": after.get(resource.get("status", ""), resource.get("status"))}


def chat_mark(resource: Resource, args: Mapping[str, Any]) -> Resource | Reject:
    """Task of a chat: the resident's own mark args["name"] ("seen", "bot", "video-answer") with args["value"]
    ({"valueId": …}), in the place of the one before."""
    url = f"{OURS}StructureDefinition/chat-{args.get('name', '')}"
    extensions = resource.get("extension")
    others = [e for e in extensions if _url(e) != url] if isinstance(extensions, list) else []
    value = args.get("value")
    return {**resource, "extension": [*others, {"url": url, **(value if isinstance(value, dict) else {})}]}


def chat_tell(resource: Resource, args: Mapping[str, Any]) -> Resource | Reject:
    """Task of a chat: the resident's word args["name"] ("solved", "returned") is args["code"]; the last one
    counts."""
    coding = {"system": f"{OURS}CodeSystem/chat-output", "code": args.get("name", "")}
    told = {"type": {"coding": [coding]}, "valueCode": args.get("code", "")}
    output = resource.get("output")
    others = [o for o in output if not _is_of(o, coding)] if isinstance(output, list) else []
    return {**resource, "output": [*others, told]}


def _url(extension: Any) -> Any:
    return extension.get("url") if isinstance(extension, dict) else None


def _is_of(output: Any, coding: Resource) -> bool:
    kind = output.get("type") if isinstance(output, dict) else None
    codings = kind.get("coding") if isinstance(kind, dict) else None
    return isinstance(codings, list) and coding in codings


def amend(resource: Resource, args: Mapping[str, Any]) -> Resource | Reject:
    """Observation of the resident's own: the elements in args["set"] take the place of its values, and args["note"]
    (an Annotation that tells what was there before) is added once. Not when it was deleted meanwhile."""
    if resource.get("status") == "entered-in-error":
        return Reject("too-late")
    kept = {name: part for name, part in resource.items() if name not in args.get("drop", ())}
    notes = _listed(resource.get("note"))
    note = args.get("note")
    added = {"note": [*notes, note]} if note and note not in notes else {}
    return {**kept, **args.get("set", {}), **added, "status": "amended"}


def retract(resource: Resource, args: Mapping[str, Any]) -> Resource | Reject:
    """Observation of the resident's own: entered in error. What it said stays in its history."""
    return {**resource, "status": "entered-in-error"}


def revoke(resource: Resource, args: Mapping[str, Any]) -> Resource | Reject:
    """MedicationRequest (a proposal): ``status`` to "cancelled" unless it has been handled."""
    if resource.get("status") == "cancelled":
        return resource
    return {**resource, "status": "cancelled"} if resource.get("status") == "active" else Reject("too-late")


def confirm_contact(resource: Resource, args: Mapping[str, Any]) -> Resource | Reject:
    """Patient: every telecom of args["system"] with args["value"] is still the resident's, on args["day"]."""
    telecom = [_confirmed(one, args) for one in _listed(resource.get("telecom"))]
    return {**resource, "telecom": telecom} if telecom else Reject("gone")


def set_needs(resource: Resource, args: Mapping[str, Any]) -> Resource | Reject:
    """Patient: ``communication`` (language, interpreter and other needs) becomes args["communication"]."""
    return {**resource, "communication": args.get("communication", [])}


def _confirmed(contact: Any, args: Mapping[str, Any]) -> Any:
    if not isinstance(contact, dict) or contact.get("value") != args.get("value"):
        return contact
    if contact.get("system") != args.get("system"):
        return contact
    others = [one for one in _listed(contact.get("extension")) if not _is(one, args.get("url"))]
    return {**contact, "extension": [*others, {"url": args.get("url"), "valueDate": args.get("day")}]}


def _is(extension: Any, url: Any) -> bool:
    return isinstance(extension, dict) and extension.get("url") == url


BUILT_IN = Intents(
    MappingProxyType(
        {
            "chat_leave": Rule(chat_leave),
            "chat_mark": Rule(chat_mark),
            "chat_tell": Rule(chat_tell),
            "amend": Rule(amend, rebase=False),
            "retract": Rule(retract),
            "revoke": Rule(revoke),
            "confirm_contact": Rule(confirm_contact),
            "set_needs": Rule(set_needs),
            "mark_received": Rule(mark_received),
            "cancel": Rule(cancel),
            "complete": Rule(complete),
            "withdraw": Rule(withdraw),
            "answer": Rule(answer),
            "leave_out": Rule(leave_out),
            "reopen": Rule(reopen),
            "annotate": Rule(annotate),
            "journey": Rule(journey),
        }
    )
)
