"""A source that does not answer and has no name is remembered for the types that it concerns (rows C14, E5)."""

from collections.abc import Mapping

import pytest

from app.domain.exchange import Request, Response
from app.offline.engine import Scope
from app.offline.exchanges import next_page
from app.stores.silence import Silence
from tests.stores.test_record import Shelf

MISSING = {"resourceType": "OperationOutcome", "issue": [{"severity": "warning", "code": "incomplete"}]}


def bundle(*resources: Mapping[str, object], more: str = "") -> Response:
    link = [{"relation": "next", "url": f"https://platform.example/fhir{more}"}] if more else []
    entries = [{"resource": one} for one in resources]
    return Response(200, body={"resourceType": "Bundle", "entry": entries, "link": link})


def further(scope: Scope, before: Response) -> Request:
    """The next page, asked as the engine asks for it."""
    asked = next_page(scope, before.body)
    assert asked is not None
    return asked


def test_silence_is_heard_kept_and_over() -> None:
    """It stays over a restart and a failure; a whole search ends it."""
    shelf = Shelf([])
    silence = Silence(shelf.store)
    silence.heard(Request("GET", "Condition"), bundle(MISSING))
    silence.heard(Request("GET", "Immunization"), bundle(MISSING))
    silence.heard(Request("GET", "Condition"), None)
    silence.heard(Request("GET", "Condition"), Response(500, body=MISSING))
    assert silence.types.value == {"Condition", "Immunization"}
    again = Silence(shelf.store)
    assert again.types.value == {"Condition", "Immunization"}
    again.heard(Request("GET", "Condition"), bundle())
    assert again.types.value == {"Immunization"}


@pytest.mark.parametrize("more", ["/Condition?_page=2", "?_getpages=abc"])
def test_a_further_page_belongs_to_its_search(more: str) -> None:
    """It says nothing of the end of a silence, and what it remarks counts for the type that was searched."""
    scope, silence = Scope("Condition"), Silence(Shelf([]).store)
    first = bundle(MISSING, more=more)
    silence.heard(Request("GET", "Condition"), first)
    silence.heard(further(scope, first), bundle())
    assert silence.types.value == {"Condition"}
    whole = bundle(more=more)
    silence.heard(Request("GET", "Condition"), whole)
    assert silence.types.value == set()
    silence.heard(further(scope, whole), bundle(MISSING))
    assert silence.types.value == {"Condition"}
