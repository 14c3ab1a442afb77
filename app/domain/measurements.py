"""Home measurements: what can be measured, what is plausible, and how they are summed up (row E11)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from app.domain.base import Model
from app.domain.numbers import carried, written
from app.domain.results import Amount
from app.domain.trends import Measured, Trend, trend


class MeasureKind(StrEnum):
    """What a resident measures at home."""

    BLOOD_PRESSURE = "blood-pressure"
    PULSE = "pulse"
    WEIGHT = "weight"
    GLUCOSE = "glucose"
    TEMPERATURE = "temperature"
    OXYGEN = "oxygen"
    PEAK_FLOW = "peak-flow"
    PAIN = "pain"
    SLEEP = "sleep"
    WAIST = "waist"


class Field(Model):
    """One number to be written. ``low`` to ``high``: values beyond are asked about, never refused."""

    name: str
    code: str
    display: str
    low: Decimal
    high: Decimal


class Spec(Model):
    """How one kind is written down: LOINC ``code`` and ``display``, unit as shown and in UCUM, one or two fields.

    ``others``: further codes under which the same comes from elsewhere.
    """

    kind: MeasureKind
    code: str
    display: str
    unit: str
    ucum: str
    fields: tuple[Field, ...]
    category: str = "vital-signs"
    decimals: int = 0
    others: tuple[str, ...] = ()


def _one(
    kind: MeasureKind, code: str, display: str, unit: str, ucum: str, low: str, high: str, **more: object
) -> Spec:
    field = Field(name="value", code=code, display=display, low=Decimal(low), high=Decimal(high))
    return Spec.model_validate(
        {
            "kind": kind,
            "code": code,
            "display": display,
            "unit": unit,
            "ucum": ucum,
            "fields": (field,),
            **more,
        }
    )


_SYSTOLIC = Field(
    name="systolic", code="8480-6", display="Systolic blood pressure", low=Decimal(70), high=Decimal(220)
)
_DIASTOLIC = Field(
    name="diastolic", code="8462-4", display="Diastolic blood pressure", low=Decimal(40), high=Decimal(130)
)
_K = MeasureKind
SPECS: Mapping[MeasureKind, Spec] = MappingProxyType(
    {
        spec.kind: spec
        for spec in (
            Spec(
                kind=_K.BLOOD_PRESSURE,
                code="85354-9",
                display="Blood pressure panel with all children optional",
                unit="mmHg",
                ucum="mm[Hg]",
                fields=(_SYSTOLIC, _DIASTOLIC),
            ),
            _one(_K.PULSE, "8867-4", "Heart rate", "/min", "/min", "35", "180"),
            _one(_K.WEIGHT, "29463-7", "Body weight", "kg", "kg", "2", "250", decimals=1),
            _one(
                _K.GLUCOSE,
                "14743-9",
                "Glucose [Moles/volume] in Capillary blood by Glucometer",
                "mmol/l",
                "mmol/L",
                "2.5",
                "25",
                decimals=1,
                category="laboratory",
                others=("14771-0", "15074-8", "14749-6"),
            ),
            _one(_K.TEMPERATURE, "8310-5", "Body temperature", "°C", "Cel", "34", "41.5", decimals=1),
            _one(
                _K.OXYGEN,
                "59408-5",
                "Oxygen saturation in Arterial blood by Pulse oximetry",
                "%",
                "%",
                "80",
                "100",
                others=("2708-6",),
            ),
            _one(
                _K.PEAK_FLOW,
                "19935-6",
                "Maximum expiratory gas flow Respiratory system airway by Peak flow meter",
                "l/min",
                "L/min",
                "60",
                "850",
            ),
            _one(
                _K.PAIN,
                "72514-3",
                "Pain severity - 0-10 verbal numeric rating [Score] - Reported",
                "/ 10",
                "{score}",
                "0",
                "10",
                category="survey",
            ),
            _one(_K.SLEEP, "93832-4", "Sleep duration", "h", "h", "1", "16", decimals=1, category="activity"),
            _one(
                _K.WAIST,
                "8280-0",
                "Waist Circumference at umbilicus by Tape measure",
                "cm",
                "cm",
                "40",
                "180",
            ),
        )
    }
)
BY_CODE: Mapping[str, MeasureKind] = MappingProxyType(
    {code: spec.kind for spec in SPECS.values() for code in (spec.code, *spec.others)}
)


class Earlier(Model):
    """What a reading said before it was changed."""

    at: datetime | None = None
    text: str = ""


class Reading(Model):
    """One measurement. ``values`` as many as its kind has fields. ``waiting``: not with the service yet; ``refused``:
    the service did not take it; ``deleted``: taken back by the resident; ``earlier``: what it said before."""

    id: str
    kind: MeasureKind
    values: tuple[Decimal, ...]
    at: datetime
    waiting: bool = False
    refused: bool = False
    deleted: bool = False
    earlier: tuple[Earlier, ...] = ()


class Summary(Model):
    """One field of a kind over a time: how many, and lowest, middle and highest value."""

    kind: MeasureKind
    field: str
    unit: str
    count: int
    low: Decimal
    middle: Decimal
    high: Decimal


class Doubt(StrEnum):
    """Why a value is asked about before it is kept."""

    UNUSUAL = "unusual"
    SWAPPED = "swapped"
    FUTURE = "future"
    FAR = "far"
    ROUNDED = "rounded"


def number(words: str) -> Decimal | None:
    """The number that is written, as it can be kept; None for what is none, or too big for a computer."""
    made = written(words)
    return carried(made) if made is not None else None


def too_big(words: str) -> bool:
    """A number, but of more than three hundred digits."""
    return written(words) is not None and number(words) is None


def rounded(words: str) -> bool:
    """It has more digits than can be kept."""
    return written(words) != number(words)


def doubts(
    spec: Spec, values: Sequence[Decimal], at: datetime, now: datetime, last: Reading | None
) -> tuple[Doubt, ...]:
    """What should be asked about; nothing of it forbids."""
    found: list[Doubt] = []
    if any(not field.low <= value <= field.high for field, value in zip(spec.fields, values, strict=True)):
        found.append(Doubt.UNUSUAL)
    if len(values) == 2 and values[1] >= values[0]:
        found.append(Doubt.SWAPPED)
    if at > now:
        found.append(Doubt.FUTURE)
    if (
        last
        and not found
        and _far(values[0], last.values[0])
        and spec.kind in (MeasureKind.WEIGHT, MeasureKind.WAIST)
    ):
        found.append(Doubt.FAR)
    return tuple(found)


def _far(value: Decimal, before: Decimal) -> bool:
    return before > 0 and abs(value - before) > before * Decimal("0.1")


def valid(readings: Iterable[Reading], kind: MeasureKind) -> tuple[Reading, ...]:
    """Those of a kind that count, newest first."""
    found = (one for one in readings if one.kind is kind and not one.deleted)
    return tuple(sorted(found, key=lambda one: (one.at, one.id), reverse=True))


def trend_of(readings: Iterable[Reading], kind: MeasureKind, place: int) -> Trend:
    """The trend of one field of a kind."""
    spec = SPECS[kind]
    return trend(
        Measured(
            at=one.at, amount=Amount(value=one.values[place], unit=spec.unit, code=spec.ucum), key=one.id
        )
        for one in valid(readings, kind)
        if len(one.values) > place
    )


def summaries(readings: Iterable[Reading], since: datetime) -> tuple[Summary, ...]:
    """Every field of every kind measured since then."""
    listed = [one for one in readings if one.at >= since]
    made = (_summary(listed, spec, place) for spec in SPECS.values() for place in range(len(spec.fields)))
    return tuple(one for one in made if one is not None)


def _summary(listed: Sequence[Reading], spec: Spec, place: int) -> Summary | None:
    values = sorted(one.values[place] for one in valid(listed, spec.kind) if len(one.values) > place)
    if not values:
        return None
    return Summary(
        kind=spec.kind,
        field=spec.fields[place].name,
        unit=spec.unit,
        count=len(values),
        low=values[0],
        middle=median(values),
        high=values[-1],
    )


def median(ordered: Sequence[Decimal]) -> Decimal:
    """The middle of some ordered values; between the two middle ones when their number is even."""
    half = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[half]
    return (ordered[half - 1] + ordered[half]) / 2
