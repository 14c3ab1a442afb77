"""Home measurements on the screen: written, doubted, repeated, changed, deleted, summed up, offline (row E11)."""

from typing import Any

import pytest

from app.domain.measurements import MeasureKind, number
from tests import fhir_schema
from tests.views.examples import County, Visit


def made(county: County, who: str = "aino") -> list[dict[str, Any]]:
    """What the platform has of a resident's own measurements."""
    me = f"Patient/{county.patient(who)}"
    return [
        one for one in county.all("Observation") if any(p.get("reference") == me for p in one["performer"])
    ]


async def write(screen: Visit, kind: str, *values: str) -> None:
    """From anywhere to a value in the form."""
    await screen.go(f"/measurements/{kind}/add")
    names = ["systolic", "diastolic"] if len(values) == 2 else ["value"]
    for name, value in zip(names, values, strict=True):
        await screen.type(f"measurements.{name}", value)


async def test_overview(county: County) -> None:
    """What is measured stands first, with its newest value; in four languages."""
    screen = await county.signed_in("raija", "/measurements")
    async for _ in screen.languages():
        screen.check("measurements")
        assert screen.has("measurements.kind.waist")
        assert screen.identifiers.index("measurements.kind.glucose") < screen.identifiers.index(
            "measurements.kind.pulse"
        )


@pytest.mark.parametrize("kind", ["glucose", "blood-pressure"])
async def test_one_kind_over_time(county: County, kind: str) -> None:
    """Chart, sentence and table for each number; every reading a page at a time."""
    screen = await county.signed_in("raija", f"/measurements/{kind}")
    async for _ in screen.languages():
        screen.check("measurement")
        assert screen.identifiers.count("record.trend") == (2 if kind == "blood-pressure" else 1)
        assert screen.has("measurements.more")
        assert screen.says("measurements.newest")


@pytest.mark.parametrize("kind", list(MeasureKind))
async def test_every_kind_is_sent_as_valid_r4(county: County, kind: MeasureKind) -> None:
    """LOINC and UCUM, within the resident's own compartment, exactly once."""
    screen = await county.signed_in("aino")
    values = {
        "blood-pressure": ("128", "82"),
        "glucose": ("6,4",),
        "temperature": ("37,2",),
        "oxygen": ("97",),
    }
    await write(
        screen,
        kind.value,
        *values.get(
            kind.value,
            {"weight": ("64,5",), "waist": ("84",)}.get(
                kind.value, ("7",) if kind in (MeasureKind.PAIN, MeasureKind.SLEEP) else ("72",)
            ),
        ),
    )
    screen.check("measurements.form")
    await screen.tap("measurements.save")
    await screen.settle()
    screen.check("measurements.form")
    assert screen.has("measurements.saved")
    sent = made(county)
    assert len(sent) == 1
    assert fhir_schema.problems(sent[0]) == []
    codes = str(sent[0])
    assert "http://loinc.org" in codes
    assert "http://unitsofmeasure.org" in codes


async def test_what_is_unusual_is_asked_about_and_kept(county: County) -> None:
    """Asks once, names why, and never blocks."""
    screen = await county.signed_in("aino")
    await write(screen, "blood-pressure", "82", "128")
    await screen.tap("measurements.save")
    async for _ in screen.languages():
        screen.check("measurements.form")
        assert screen.says("measurements.doubt.swapped")
    assert made(county) == []
    await screen.tap("measurements.save")
    await screen.settle()
    assert len(made(county)) == 1


async def test_what_is_not_a_number_is_told(county: County) -> None:
    """Beside the field, in words."""
    screen = await county.signed_in("aino")
    await write(screen, "weight", "kuusi")
    await screen.tap("measurements.save")
    async for _ in screen.languages():
        screen.check("measurements.form")
        assert screen.says("measurements.not_a_number")


@pytest.mark.parametrize(
    ("words", "sent", "shown"),
    [
        ("100000", 100_000, "100 000 kg"),
        ("1 000 000 000", 1_000_000_000, "1 000 000 000 kg"),
        ("0", 0, "0 kg"),
        ("-12,5", -12.5, "\u221212,5 kg"),
        ("\u221212.5", -12.5, "\u221212,5 kg"),
        ("9" * 40, 10**40, "1E40 kg"),
        ("0,0000001", 1e-7, "0,0000001 kg"),
        ("612,12345678901234567", 612.123456789012, "612,123456789012 kg"),
    ],
)
async def test_any_number_is_asked_about_and_kept(
    county: County, words: str, sent: float, shown: str
) -> None:
    """The question says the number as it would be kept; it is sent as valid R4 and shown as it was kept."""
    screen = await county.signed_in("aino")
    await write(screen, "weight", words)
    await screen.tap("measurements.save")
    screen.check("measurements.form")
    assert any(f"Onko arvo todella {shown}?" in told for told in screen.texts)
    assert made(county) == []
    await screen.tap("measurements.save")
    await screen.settle()
    (kept,) = made(county)
    assert kept["valueQuantity"]["value"] == pytest.approx(sent, rel=1e-15)
    assert fhir_schema.problems(kept) == []
    await screen.go("/measurements/weight")
    screen.check("measurement")
    assert any(shown in told for told in screen.texts)
    await screen.tap("measurements.edit")
    typed = number(str(screen.control("measurements.value").value))
    assert typed is not None
    assert float(typed) == pytest.approx(sent, rel=1e-15)


async def test_what_no_computer_holds_is_told(county: County) -> None:
    """It is a number: not said to be none."""
    screen = await county.signed_in("aino")
    await write(screen, "weight", "9" * 400)
    await screen.tap("measurements.save")
    async for _ in screen.languages():
        screen.check("measurements.form")
        assert screen.says("measurements.too_big")
        assert not screen.says("measurements.not_a_number")
    assert made(county) == []


async def test_each_doubt_is_asked_about(county: County) -> None:
    """Also one that comes up after another was answered; a year that no system knows is told."""
    screen = await county.signed_in("aino")
    await write(screen, "weight", "500")
    await screen.tap("measurements.save")
    assert screen.says("measurements.doubt.unusual")
    await screen.type("measurements.day", "1.1.2202")
    await screen.tap("measurements.save")
    assert screen.says("measurements.day_wrong")
    await screen.type("measurements.day", "1.12.2099")
    await screen.tap("measurements.save")
    assert screen.says("measurements.doubt.future")
    assert made(county) == []
    await write(screen, "weight", "70")
    await screen.type("measurements.day", "1.12.2099")
    await screen.tap("measurements.save")
    async for _ in screen.languages():
        screen.check("measurements.form")
        assert screen.says("measurements.doubt.title_time")


async def test_the_same_as_last_time(county: County) -> None:
    """One tap writes it; days back are possible."""
    screen = await county.signed_in("raija", "/measurements/weight/add")
    await screen.tap("measurements.repeat")
    assert screen.control("measurements.value").value
    await screen.type("measurements.day", "1.11.2026")
    await screen.tap("measurements.save")
    await screen.settle()
    assert any(one["effectiveDateTime"].startswith("2026-11-01") for one in made(county, "raija"))


async def test_offline_then_changed_and_deleted_with_history(county: County) -> None:
    """Kept without a connection, sent later; a change keeps what was there; a deletion is no disappearance."""
    screen = await county.signed_in("aino")
    await county.offline()
    await write(screen, "weight", "64,5")
    await screen.tap("measurements.save")
    await screen.settle()
    await screen.go("/measurements/weight")
    screen.check("measurement")
    assert screen.says("measurements.waiting")
    await county.offline(False)
    await screen.move(minutes=10)
    await screen.look_again()
    assert not screen.says("measurements.waiting")

    await screen.tap("measurements.edit")
    screen.check("measurements.form")
    await screen.type("measurements.value", "63,5")
    await screen.tap("measurements.save")
    await screen.look_again()
    await screen.go("/measurements/weight")
    assert any("64,5 kg" in words for words in screen.texts)
    changed = made(county)[0]
    assert (changed["status"], changed["valueQuantity"]["value"]) == ("amended", 63.5)
    assert "64,5 kg" in changed["note"][0]["text"]
    assert fhir_schema.problems(changed) == []

    await screen.tap("measurements.delete")
    await screen.tap("measurements.delete-sure")
    await screen.look_again()
    assert screen.has("measurements.deleted")
    assert made(county)[0]["status"] == "entered-in-error"


async def test_summary_as_pdf_and_table(county: County) -> None:
    """Lowest, middle and highest; the files hold the same."""
    from app.platform.pdf_text import pages

    screen = await county.open(answers={"save_file": ""})
    await screen.sign_in("raija")
    await screen.go("/measurements/summary")
    async for _ in screen.languages():
        screen.check("measurements.summary")
        assert screen.has("measurements.pdf")
    screen.choices.choose("language", "fi")
    await screen.settle()
    await screen.tap("measurements.csv")
    await screen.tap("measurements.pdf")
    saved = {
        args["file_name"]: args["src_bytes"] for name, args in screen.client.calls if name == "save_file"
    }
    table = saved["mittaukset.csv"].decode("utf-8-sig")
    assert "14771-0" not in table
    assert "14743-9" in table
    words = "\n".join(pages(saved["mittaukset.pdf"]))
    assert "Verensokeri" in words
    assert "Raija Korhonen" in words


async def test_nothing_measured(county: County) -> None:
    """Said in words, and one tap from the first."""
    screen = await county.signed_in("tuomas", "/measurements")
    async for _ in screen.languages():
        screen.check("measurements")
        assert screen.says("measurements.none_yet")
    await screen.tap("measurements.kind.pulse")
    screen.check("measurements.form")


async def test_nothing_is_said_to_be_saved_that_was_not(county: County) -> None:
    """By the browser's own ways from one form to the next: it begins anew."""
    screen = await county.signed_in("aino", "/measurements/weight/add")
    await screen.type("measurements.value", "71,5")
    await screen.tap("measurements.save")
    assert screen.has("measurements.saved")
    await screen.go("/measurements/temperature/add")
    screen.check("measurements.form")
    assert not screen.has("measurements.saved")
    assert screen.control("measurements.value").value == ""
