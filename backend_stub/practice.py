"""``python -m backend_stub.practice`` writes what the app's practice mode is played with: ``assets/practice``.

People and data are those of the seed, on a Monday; the app moves all days to its own present. ``common.json`` is what
everybody may read, ``<person>.json`` what is that person's own.
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from backend_stub.app import Platform
from backend_stub.clock import Clock
from backend_stub.config import Config

FOLDER = Path(__file__).parent.parent / "assets" / "practice"
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
PEOPLE = ("emma", "raija", "petri")
COMMON = ("Organization", "Location", "HealthcareService", "Practitioner", "PractitionerRole")
FORMS = (
    "feedback",
    "wellbeing-check",
    "mood-check",
    "nicotine-dependence",
    "sleepiness-scale",
    "maternity-mood",
)
SLOTS = 6  # free times of each schedule
NOT_PLAYED = frozenset(("AuditEvent", "Binary", "DocumentReference", "Basic", "Subscription"))
Resource = dict[str, Any]


def main() -> None:
    """Write the files."""
    platform = Platform(Config(port=8040, seed=1), Clock(MONDAY.timestamp))
    FOLDER.mkdir(exist_ok=True)
    _write("common", [*_all(platform, COMMON), *_times(platform), *_forms(platform)])
    for who in PEOPLE:
        one = platform.seeder.roster.get(who)
        assert one is not None
        found = [*_own(platform, one.patient)]
        _write(who, found)
    platform.repository.close()


def _all(platform: Platform, types: Iterable[str]) -> Iterable[Resource]:
    return (body for type in types for body in platform.repository.all(type))


def _times(platform: Platform) -> Iterable[Resource]:
    left: dict[str, int] = {}
    yield from platform.repository.all("Schedule")
    for slot in platform.repository.all("Slot"):
        schedule = slot["schedule"]["reference"]
        if slot["status"] == "free" and slot["start"] > MONDAY.isoformat() and left.get(schedule, 0) < SLOTS:
            left[schedule] = left.get(schedule, 0) + 1
            yield slot


def _forms(platform: Platform) -> Iterable[Resource]:
    return (one for one in platform.repository.all("Questionnaire") if one["id"] in FORMS)


def _own(platform: Platform, patient: str) -> Iterable[Resource]:
    for type in platform.repository.types():
        if type in NOT_PLAYED:
            continue
        for body in platform.repository.all(type):
            if patient in platform.repository.members_of(type, body["id"]):
                yield body


def _write(name: str, bodies: Iterable[Resource]) -> None:
    text = json.dumps({"on": MONDAY.date().isoformat(), "resources": list(bodies)}, ensure_ascii=False)
    (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
