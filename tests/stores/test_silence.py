"""A source that does not answer and has no name is remembered for the types that it concerns (rows C14, E5)."""

from app.domain.exchange import Request, Response
from app.stores.silence import Silence
from tests.stores.test_record import Shelf

MISSING = {"resourceType": "OperationOutcome", "issue": [{"severity": "warning", "code": "incomplete"}]}
BASE = "https://platform.example/fhir"


def bundle(*resources: dict[str, object]) -> Response:
    return Response(200, body={"resourceType": "Bundle", "entry": [{"resource": one} for one in resources]})


def test_silence_is_heard_kept_and_over() -> None:
    """It stays over a restart, a failure and a further page say nothing of its end, a whole search does."""
    shelf = Shelf([])
    silence = Silence(shelf.store)
    silence.heard(Request("GET", "Condition"), bundle(MISSING))
    silence.heard(Request("GET", f"{BASE}/Immunization?_page=2"), bundle(MISSING))
    silence.heard(Request("GET", f"{BASE}/Condition?_page=2"), bundle())
    silence.heard(Request("GET", "Condition"), None)
    silence.heard(Request("GET", "Condition"), Response(500, body=MISSING))
    assert silence.types.value == {"Condition", "Immunization"}
    again = Silence(shelf.store)
    assert again.types.value == {"Condition", "Immunization"}
    again.heard(Request("GET", "Condition"), bundle())
    assert again.types.value == {"Immunization"}
