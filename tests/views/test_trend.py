"""Values over time that are not as one would wish: few, vague, in other units, without a day (row E2)."""

from collections.abc import Iterable
from itertools import count
from typing import Any

import flet as ft

from tests.views.examples import County, Visit

_NUMBERS = count(1)


def value(number: float, unit: str = "mmol/L", comparator: str = "") -> dict[str, Any]:
    quantity = {"value": number, **({"unit": unit, "code": unit} if unit else {})}
    return {"valueQuantity": {**quantity, **({"comparator": comparator} if comparator else {})}}


def limits(low: float, high: float, unit: str = "mmol/L") -> dict[str, Any]:
    return {"referenceRange": [{"low": {"value": low, "code": unit}, "high": {"value": high, "code": unit}}]}


def result(name: str, day: str, **told: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": f"nasty-{next(_NUMBERS)}",
        "meta": {"versionId": "1", "lastUpdated": "2026-11-01T10:00:00Z"},
        "status": "final",
        "category": [{"coding": [{"code": "laboratory"}]}],
        "code": {"text": name},
        **({"effectiveDateTime": day} if day else {}),
        **told,
    }


async def over_time(screen: Visit, results: Iterable[dict[str, Any]]) -> None:
    """The results of one test on this device, and the page of the last one."""
    found, store = list(results), screen.own.store
    with store.writing("Observation", durable=False):
        store.records.put(found, read=True)
    await screen.go(f"/record/entry/Observation/{found[-1]['id']}")
    screen.check("record.result")


async def test_nothing_of_the_same_test_is_left_out(county: County) -> None:
    """Words, cancelled ones and those without a day stand beside the picture, which says what is corrected."""
    screen = await county.signed_in("tuomas")
    await over_time(
        screen,
        [
            result("Sekalainen", "2024-01-10", valueString="ei mitattavissa"),
            result("Sekalainen", "", **value(8)),
            result("Sekalainen", "2024-06-10", status="cancelled", **value(99)),
            result("Sekalainen", "2025-01-10", status="corrected", **value(9)),
            result("Sekalainen", "2026-01-10", **value(7)),
        ],
    )
    async for _ in screen.languages():
        screen.check("record.result")
        assert screen.says("record.trend.falling", n=1)
        assert screen.says("record.trend.beside")
        assert screen.says("record.trend.beside_why")
        assert screen.says("record.state.corrected")
        assert screen.identifiers.count("record.entry") == 3
        (table,) = screen.find(ft.DataTable)
        assert len(table.rows) == 2


async def test_results_in_words_stand_beside_each_other(county: County) -> None:
    """Of a test that has no number there is no picture, but every time is there."""
    screen = await county.signed_in("tuomas")
    days = ("2024-01-10", "2025-01-10", "2026-01-10")
    await over_time(screen, [result("Viljely", day, valueString="ei kasvua") for day in days])
    assert screen.says("record.trend.beside")
    assert not screen.says("record.trend.beside_why")
    assert not screen.has("record.trend")
    assert screen.identifiers.count("record.entry") == 2


async def test_limits_are_never_in_a_wrong_unit(county: County) -> None:
    """Told in their own, drawn in that of the values; that they changed is said."""
    screen = await county.signed_in("tuomas")
    before = result("Raja", "2025-01-10", **value(4, "mg/L"), **limits(0, 3, "mg/L"))
    newest = result("Raja", "2026-01-10", **value(6, "mg/L"), **limits(0, 10_000, "ug/L"))
    await over_time(screen, [before, newest])
    assert screen.says("record.limits", limits="0–10\xa0000 ug/L")
    assert not any("000 mg/L" in words for words in screen.texts)
    assert screen.says("record.trend.limits_changed")
    assert any("0–3 mg/L" in words for words in screen.texts)


async def test_limits_are_in_the_unit_as_people_write_it(county: County) -> None:
    """What the band of the picture stands for is told as the values are, not by the code of the unit."""
    screen = await county.signed_in("tuomas")
    quantities = [{"value": number, "unit": "µmol/l", "code": "umol/L"} for number in (80, 96)]
    days = ("2025-01-10", "2026-01-10")
    told = zip(days, quantities, strict=True)
    usual = limits(50, 90, "umol/L")
    await over_time(screen, [result("Krea", day, valueQuantity=one, **usual) for day, one in told])
    assert screen.texts.count("Tavallinen: 50–90 µmol/l") == 2
    assert not any("umol" in words for words in screen.texts)


async def test_no_number_is_too_large_or_too_small(county: County) -> None:
    """A slip of a keyboard breaks neither the page nor the list."""
    screen = await county.signed_in("tuomas")
    await over_time(
        screen, [result("Suuri", "2025-01-10", **value(1e30)), result("Suuri", "2026", **value(-1e30))]
    )
    assert screen.has("record.trend")
    assert "2026" in screen.texts
    await over_time(screen, [result("Pieni", f"202{n}-05", **value(n * 1e-7, "")) for n in (3, 4, 5)])
    assert "0,0000005" in screen.texts
    assert "toukokuu 2025" in screen.texts
    assert not any(words.endswith(" .") for words in screen.texts)
    await screen.go("/record/results")
    screen.check("record.results")
    assert screen.identifiers.count("record.entry") == 5


async def test_times_are_told_where_days_are_the_same(county: County) -> None:
    """And values without a unit are named as such."""
    screen = await county.signed_in("tuomas")
    taken = [result("Tiheä", f"2026-11-20T08:{n}0:00+02:00", **value(5 + n % 2)) for n in range(3)]
    bare = [result("Tiheä", f"2026-11-1{n}", **value(5, "")) for n in range(2)]
    await over_time(screen, [*bare, *taken])
    assert "20.11.2026 8.20" in screen.texts
    assert screen.says("record.trend.no_unit")


async def test_what_was_measured_elsewhere_at_home_is_somewhere(county: County) -> None:
    """Of a kind that home measurements do not know, such as a sensor's glucose: among the results, never nowhere."""
    screen = await county.signed_in("tuomas")
    me = {"performer": [{"reference": f"Patient/{county.patient('tuomas')}"}]}
    codes = {"14745-4": "Anturin glukoosi", "29463-7": "Paino"}
    made = [
        result(name, "2026-11-20", **me, **value(10, "kg"))
        | {"code": {"text": name, "coding": [{"system": "http://loinc.org", "code": code}]}}
        for code, name in codes.items()
    ]
    await over_time(screen, made[::-1])
    await screen.go("/record/results")
    assert "Anturin glukoosi" in screen.texts
    assert "Paino" not in screen.texts


async def test_truth_and_times_are_said_in_words(county: County) -> None:
    """Neither "true" nor the way machines write days reaches a resident; negative values have a true minus."""
    screen = await county.signed_in("tuomas")
    await over_time(
        screen,
        [
            result("Laskettu", "2026-01-10", valueBoolean=False),
            result("Laskettu", "2026-02-10", valuePeriod={"start": "2026-05", "end": "2026-06-01"}),
            result("Laskettu", "2026-03-10", valueInteger=-3),
            result("Laskettu", "2026-04-10", valueDateTime="2026-11-05T08:00:00+02:00"),
        ],
    )
    told = {words.strip() for words in screen.texts}
    assert "5.11.2026 klo 8.00" in told
    assert {"toukokuu 2026 – 1.6.2026", "Ei", "\u22123"} <= told
    assert "2026-11-05" not in " ".join(told)


async def test_a_negative_value_has_a_true_minus_everywhere(county: County) -> None:
    """In the value, the table, the axis and what a screen reader hears of the chart."""
    screen = await county.signed_in("tuomas")
    days = ("2024-01-10", "2025-01-10", "2026-01-10")
    amounts = (1.5, -2.5, -3.5)
    await over_time(
        screen, [result("Emäsylimäärä", day, **value(n)) for day, n in zip(days, amounts, strict=True)]
    )
    assert sum("\u22123,5" in words for words in screen.texts) >= 2
    assert not any("-3,5" in words or "-2,5" in words for words in screen.texts)
    labels = [
        control.label for control in screen.walk() if isinstance(control, ft.Semantics) and control.image
    ]
    assert any("\u22123,5" in str(label) for label in labels)
