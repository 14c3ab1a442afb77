"""Five years of home measurements for the resident with years of data (rows E11, J1)."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from backend_stub.seed.residents import Resident, Roster, content, stable_id
from backend_stub.seed.words import Resource

WEEKS = 250
_CATEGORIES = "http://terminology.hl7.org/CodeSystem/observation-category"
_GLUCOSE = ("14771-0", "Fasting glucose [Moles/volume] in Serum or Plasma", "mmol/L", 6.9, 0.7)
_WEIGHT = ("29463-7", "Body weight", "kg", 81.0, 1.5)


def measurements(seed: int, roster: Roster, now: datetime) -> Iterator[tuple[datetime, Resource]]:
    """A glucose every week and a weight every fourth, each with its time."""
    who = roster.get(content("years")["resident"])
    chance = random.Random(f"{seed}/measurements")
    for week in range(WEEKS if who else 0):
        for kind in (_GLUCOSE, _WEIGHT)[: 1 + (week % 4 == 0)]:
            taken = (now - timedelta(weeks=week, days=1, minutes=chance.randrange(120))).replace(
                microsecond=0
            )
            value = kind[3] + chance.uniform(-kind[4], kind[4]) + week * 0.004
            if who:
                yield taken, _observation(seed, who, kind, taken, round(value, 1))
        if who and week % 2 == 0:
            yield _pressure(seed, who, now - timedelta(weeks=week, hours=3), chance, week)


def _pressure(
    seed: int, who: Resident, taken: datetime, chance: random.Random, week: int
) -> tuple[datetime, Resource]:
    """Both pressures, slowly falling over the years."""
    at = taken.replace(microsecond=0)
    upper, lower = 134 + week // 20 + chance.randrange(-6, 9), 80 + week // 40 + chance.randrange(-4, 6)
    body = _observation(
        seed, who, ("85354-9", "Blood pressure panel with all children optional", "kg", 0, 0), at, 0
    )
    del body["valueQuantity"]
    return at, body | {"component": [_part("8480-6", "Systolic", upper), _part("8462-4", "Diastolic", lower)]}


def _part(code: str, name: str, value: int) -> Resource:
    unit = {"unit": "mmHg", "system": "http://unitsofmeasure.org", "code": "mm[Hg]"}
    coding = {"system": "http://loinc.org", "code": code, "display": f"{name} blood pressure"}
    return {"code": {"coding": [coding]}, "valueQuantity": {"value": value, **unit}}


def _observation(
    seed: int, who: Resident, kind: tuple[str, str, str, float, float], taken: datetime, value: float
) -> Resource:
    code, display, unit, _, _ = kind
    category = "vital-signs" if unit == "kg" else "laboratory"
    return {
        "resourceType": "Observation",
        "id": stable_id(seed, "measurement", code, taken.isoformat()),
        "status": "final",
        "category": [{"coding": [{"system": _CATEGORIES, "code": category}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": code, "display": display}]},
        "subject": {"reference": who.reference},
        "effectiveDateTime": taken.isoformat(timespec="seconds"),
        "performer": [{"reference": who.reference}],
        "valueQuantity": {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit},
    }
