"""What a pathway's step asks for, bound to it: QuestionnaireResponse.basedOn and Appointment.supportingInformation.

Each names the CarePlan; an extension of that reference says which turn of it, and on which days it lay. An appointment
that professionals made may name the turn's Task instead.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Literal

from app.api.wire import EXTENSION, day, moment
from app.pathways.journey import Asked, Journey, Sent

STEP = EXTENSION + "pathway-turn"
_BOOKED = frozenset({"booked", "arrived", "checked-in", "fulfilled"})
_ANSWERED = frozenset({"completed", "amended"})
_RANK = ("done", "coming", "refused")
_ODD = (AttributeError, TypeError, KeyError, ValueError)
Body = Mapping[str, Any]
Bodies = Iterable[Body]


def link_to(asked: Asked) -> dict[str, Any]:
    """A Reference to the plan that says which turn."""
    parts: list[dict[str, Any]] = [{"url": "key", "valueString": asked.key}]
    if asked.since and asked.until:
        days = {"start": asked.since.isoformat(), "end": asked.until.isoformat()}
        parts.append({"url": "days", "valuePeriod": days})
    return {"extension": [{"url": STEP, "extension": parts}], "reference": f"CarePlan/{asked.plan}"}


def bound(response: dict[str, Any], asked: Asked | None) -> dict[str, Any]:
    """The answers to a form, for the turn that asked for them."""
    return {**response, "basedOn": [link_to(asked)]} if asked else response


def asked_in(body: Body) -> Asked | None:
    """The turn that a QuestionnaireResponse or an Appointment is for."""
    return next(_asked(body), None)


def with_sent(
    journeys: Iterable[Journey],
    answers: Bodies,
    appointments: Bodies,
    ledger: Mapping[str, str],
    receipts: Mapping[str, datetime],
) -> tuple[Journey, ...]:
    """The journeys with what was sent or booked for their turns. ``ledger`` and ``receipts``: of the answers, as for
    messages."""
    known = tuple(journeys)
    tasks = {id: (one.id, key) for one in known for key, id in one.tasks.items()}
    found: dict[str, dict[str, Sent]] = {}
    for asked, sent in (*_of_answers(answers, ledger, receipts), *_of_appointments(appointments, tasks)):
        of_plan = found.setdefault(asked.plan, {})
        of_plan[asked.key] = max((sent, of_plan.get(asked.key, sent)), key=_place)
    return tuple(one.model_copy(update={"sent": found[one.id]}) if one.id in found else one for one in known)


def _place(sent: Sent) -> tuple[int, datetime]:
    """What has arrived says more than what waits, and the latest more than what was before."""
    return -_RANK.index(sent.state), sent.at


def _of_answers(
    answers: Bodies, ledger: Mapping[str, str], receipts: Mapping[str, datetime]
) -> Iterator[tuple[Asked, Sent]]:
    for one in answers:
        id = str(one.get("id", ""))
        at = receipts.get(id) or _updated(one) or moment(str(one.get("authored", "")))
        for asked in _asked(one):
            if one.get("status") in _ANSWERED and at is not None:
                yield asked, _sent("form", id, _standing(ledger.get(id, "")), at, asked)


def _of_appointments(
    appointments: Bodies, tasks: Mapping[str, tuple[str, str]]
) -> Iterator[tuple[Asked, Sent]]:
    for one in appointments:
        at = moment(str(one.get("created", ""))) or _updated(one) or moment(str(one.get("start", "")))
        for asked in _asked(one, tasks):
            if one.get("status") in _BOOKED and at is not None:
                yield asked, _sent("appointment", str(one.get("id", "")), "done", at, asked)


State = Literal["coming", "done", "refused"]


def _sent(kind: Literal["form", "appointment"], id: str, state: State, at: datetime, asked: Asked) -> Sent:
    return Sent(kind=kind, id=id, state=state, at=at, since=asked.since, until=asked.until)


def _standing(ledger: str) -> State:
    return "refused" if ledger == "refused" else "coming" if ledger else "done"


def _asked(body: Body, tasks: Mapping[str, tuple[str, str]] = {}) -> Iterator[Asked]:
    """The turns that a resource is for; links that cannot be read lead nowhere."""
    links = [one for name in ("basedOn", "supportingInformation") for one in _listed(body.get(name))]
    for link in links:
        kind, _, id = str(link.get("reference", "")).rpartition("/")
        if kind.rpartition("/")[2] == "CarePlan" and (asked := _read(id, link)):
            yield asked
        elif kind.rpartition("/")[2] == "Task" and id in tasks:
            yield Asked(plan=tasks[id][0], key=tasks[id][1])


def _read(plan: str, link: Body) -> Asked | None:
    try:
        outer = next(one for one in _listed(link.get("extension")) if one.get("url") == STEP)
        parts = {one["url"]: one for one in outer["extension"]}
        period = parts.get("days", {}).get("valuePeriod", {})
        days = {"since": _day(period.get("start")), "until": _day(period.get("end"))}
        return Asked(plan=plan, key=parts["key"]["valueString"], **days)
    except (*_ODD, StopIteration):
        return None


def _updated(body: Body) -> datetime | None:
    meta = body.get("meta")
    return moment(str(meta.get("lastUpdated", ""))) if isinstance(meta, dict) else None


def _day(value: Any) -> date | None:
    return day(str(value)[:10]) if value else None


def _listed(value: Any) -> list[Body]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
