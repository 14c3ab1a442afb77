"""In what order a person's records stand."""

from datetime import UTC, datetime

from app.domain.medicines import Medicine, MedicineState
from app.domain.record import Allergy, Diagnosis, Entry, Kind, current_first


def entry(id: str, kind: Kind, about: object) -> Entry:
    return Entry.model_validate(
        {"id": id, "type": "Basic", "kind": kind, "about": about, "at": datetime(2026, 1, 1, tzinfo=UTC)}
    )


def test_what_holds_comes_before_what_is_over() -> None:
    """An old illness that has passed does not stand above the one that is treated; the rest keeps its order."""
    listed = [
        entry("passed", Kind.DIAGNOSIS, Diagnosis(active=False)),
        entry("treated", Kind.DIAGNOSIS, Diagnosis()),
        entry("outgrown", Kind.ALLERGY, Allergy(active=False)),
        entry("ended", Kind.MEDICINE, Medicine(state=MedicineState.ENDED)),
        entry("expired", Kind.MEDICINE, Medicine(state=MedicineState.EXPIRED)),
        entry("used", Kind.MEDICINE, Medicine(state=MedicineState.CURRENT)),
    ]
    ordered = ["treated", "expired", "used", "passed", "outgrown", "ended"]
    assert [one.id for one in current_first(listed)] == ordered
