"""Small questions about records that the store of a person's records asks."""

from collections.abc import Collection, Iterable
from typing import Any

from app.api.measurements import to_reading
from app.api.nodes import Node, node, nodes, reference_id
from app.api.record import is_note, is_renewal
from app.domain.record import Entry
from app.domain.results import Result


def unchanged(before: tuple[Any, ...], now: tuple[Any, ...]) -> bool:
    """The same large things, and equal small ones (the last of each)."""
    *large, small = now
    return (
        len(before) == len(now)
        and before[-1] == small
        and all(a is b for a, b in zip(before, large, strict=False))
    )


def results_of(panel: Node) -> Iterable[str]:
    return [reference_id(one, "Observation") for one in nodes(panel, "result")]


def renewed_by(request: Node) -> Iterable[str]:
    return [reference_id(node(request, "priorPrescription"))] if is_renewal(request) else []


def stands_alone(type: str, resource: Node, inside: set[str], alone: Collection[str]) -> bool:
    if type == "Observation":
        return str(resource.get("id")) not in inside
    if type == "MedicationRequest":
        return not is_renewal(resource)
    return type != "DocumentReference" or not is_note(resource) or resource.get("id") in alone


def at_home(entry: Entry, resource: Node) -> bool:
    """What the resident measured has a room of its own, as far as it is of a kind that is known there."""
    return isinstance(entry.about, Result) and entry.about.home and to_reading(resource) is not None


_SAYING = ("value", "_value", "component", "interpretation", "note", "text")


def without_values(observation: Node) -> Node:
    """An Observation without the elements that tell its result."""
    return {name: part for name, part in observation.items() if not name.startswith(_SAYING)}
