"""A resident's own data on the screen, in all its states (rows E1 to E7, E12, C13)."""

import stat
from pathlib import Path

import flet as ft
import pytest

from app.api.record import TYPES
from app.domain.exchange import Request, Response
from app.platform.files import SHOWN_HERE
from tests.api.test_record import real
from tests.views.examples import LANGUAGES, County, Visit


async def opened(county: County, who: str, kind: str, words: str, language: str = "") -> Visit:
    """Signed in, in the list of a kind, and into the entry whose name begins with ``words``."""
    screen = await county.signed_in(who, f"/record/{kind}", language)
    await tap_first(screen, words)
    return screen


async def tap_first(screen: Visit, words: str) -> None:
    """Press the first thing whose name begins with ``words``."""
    buttons = [one for one in screen.find() if getattr(one, "on_click", None)]
    names = screen.names(buttons)
    await screen.tap(next(one for one, name in zip(buttons, names, strict=True) if name.startswith(words)))


async def test_overview(county: County) -> None:
    """A card for each kind with how much there is, one's own, the timeline, and what is not here."""
    screen = await county.signed_in("raija", "/record")

    async for _ in screen.languages():
        screen.check("record")
        assert screen.has("record.kind.results")
        assert screen.has("record.completeness")
        assert screen.identifiers.count("record.entry") == 40
        assert screen.has("record.more")


async def test_offline_everything_is_still_there(county: County) -> None:
    """Old data stays, with its age; search works."""
    screen = await county.signed_in("raija", "/record")
    await county.offline()
    await screen.move(days=2)

    screen.check("record")
    assert screen.has("offline-banner")
    assert screen.says("common.stale")
    await screen.type("record.search", "metformiini")
    assert screen.identifiers.count("record.entry") == 1
    await screen.type("record.search", "olematon")
    assert screen.says("record.found_none")
    await screen.tap("record.clear")
    assert screen.identifiers.count("record.entry") == 40


async def test_results_of_a_panel_are_found(county: County) -> None:
    """They stand within the panel, and a search finds each; another list begins without the search."""
    screen = await county.signed_in("raija", "/record/results")
    await screen.type("record.search", "pitkäaikaissokeri")
    assert screen.identifiers.count("record.entry") > 2
    assert any(words.startswith("Pitkäaikaissokeri") for words in screen.texts)
    await screen.go("/record/vaccinations")
    assert screen.control("record.search").value == ""
    assert screen.identifiers.count("record.entry") > 2


async def test_result_with_trend(county: County) -> None:
    """Value, limits, flag in words, the trend in one unit, and the table that says the same."""
    screen = await opened(county, "raija", "results", "Diabeteksen seuranta")
    screen.check("record.panel")
    assert "Tavallinen: 20–42 mmol/mol" in screen.texts
    await screen.press("Pitkäaikaissokeri")

    async for language in screen.languages():
        screen.check("record.result")
        assert screen.has("record.value")
        assert screen.says("record.flag.high")
        assert screen.says("record.trend.mark.odd")
        assert "mmol/mol" in screen.texts  # what the upright axis is in
        assert screen.has("record.trend.converted")
        assert screen.says("record.trend.converted", unit="mmol/mol")
        assert language
    await screen.tap("record.trend.table")
    (table,) = screen.find(ft.DataTable)
    assert len(table.columns) == 2
    assert len(table.rows) > 3
    assert any("mmol/mol" in words for words in screen.texts)
    assert any("%" in words for words in screen.texts)


async def test_withheld_and_cancelled(county: County) -> None:
    """When it will be shown and why not yet; a cancelled one says so."""
    screen = await opened(county, "aino", "results", "Irtosolunäyte")
    async for _ in screen.languages():
        screen.check("record.result")
        assert screen.has("record.withheld")
        assert screen.says("record.withheld.why")
        assert screen.says("record.withheld.sooner")
        assert not screen.has("record.value")
    await screen.go("/record/results")
    await screen.press("Väsymyksen selvittely")
    await screen.press("Natrium")
    assert screen.says("record.unseen.cancelled")
    assert not screen.has("record.trend")


async def test_withheld_is_shown_when_it_may_be(county: County) -> None:
    """On the day told it comes by itself; a device that it did not reach says so and whom to ask."""
    screen = await opened(county, "aino", "results", "Irtosolunäyte")
    await county.offline()
    await screen.move(days=9)
    await screen.go("/record/results")
    await tap_first(screen, "Irtosolunäyte")
    async for _ in screen.languages():
        screen.check("record.result")
        assert screen.says("record.withheld.late_then")
    await county.offline(False)
    county.platform.clinic.step()
    await screen.look_again()
    screen.check("record.result")
    assert not screen.has("record.withheld")
    assert any("Normaali" in words or "Normal" in words for words in screen.texts)


async def test_waiting_for_a_comment_is_the_residents_choice(county: County) -> None:
    """Without a comment a result is hidden until the resident asks for it."""
    screen = await county.signed_in("sanna", "/record/results")
    entry = next(e for e in screen.own.record.listing().value.entries if e.type == "DiagnosticReport")  # type: ignore[union-attr]
    await screen.go(f"/record/entry/DiagnosticReport/{entry.id}")
    screen.check("record.panel")
    assert screen.says("record.state.uncommented")
    await screen.press("Hemoglobiini")
    screen.check("record.result")
    assert not screen.has("record.value")
    await screen.tap("record.reveal")
    assert screen.has("record.value")


@pytest.mark.parametrize(
    ("who", "kind", "name", "id"),
    [
        ("raija", "vaccinations", "Koronarokote", "record.entry"),
        ("emma", "vaccinations", "Influenssarokote", "record.entry"),
        ("raija", "diagnoses", "Alaselän kipu", "record.entry"),
        ("raija", "allergies", "Penisilliini", "record.entry"),
        ("raija", "visits", "Hoitajan vastaanotto", "record.entry"),
        ("mikko", "referrals", "Lähete polven", "record.entry"),
        ("veikko", "referrals", "Lähete silmälääkärille", "record.entry"),
        ("antti", "decisions", "Päätös täydentävästä", "record.paper"),
    ],
)
async def test_every_kind_has_its_page(county: County, who: str, kind: str, name: str, id: str) -> None:
    """In four languages, with everything that is stored behind a button."""
    screen = await opened(county, who, kind, name)

    async for _ in screen.languages():
        screen.check(id)
        assert screen.has("record.ask")
    await screen.tap("record.facts")
    screen.check(id)


async def test_hard_words_are_explained(county: County) -> None:
    """The text stays as it was written; a word opens its explanation."""
    screen = await opened(county, "kerstin", "visits", "Läkarmottagning", "sv")
    screen.check("record.entry")
    assert any("abduktion begränsad" in words for words in screen.texts)
    await screen.press("abduktion")
    assert screen.has("record.explanation")


async def test_asking_and_correcting_begin_a_message(county: County) -> None:
    """To the unit that made it, with what it is about."""
    screen = await opened(county, "raija", "visits", "Hoitajan vastaanotto")
    await screen.tap("record.mistake")
    screen.check("messages.compose")
    assert "Hoitajan vastaanotto" in screen.control("messages.subject").value


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_language_without_translation_is_told(county: County, language: str) -> None:
    """A note in Swedish says so to whoever reads in another language."""
    name = {"sv": "Läkarmottagning", "en": "Doctor's appointment"}.get(language, "Lääkärin vastaanotto")
    screen = await opened(county, "kerstin", "visits", name, language)
    told = screen.says("record.visit.language", language=screen.t("record.language.sv"))
    assert told is (language != "sv")


async def test_the_answer_of_a_laboratory_opens_from_the_result(county: County) -> None:
    """From the panel and from each of its results; as text here, as pages by the browser, from nobody's address."""
    screen = await opened(county, "aino", "results", "Väsymyksen selvittely")
    screen.check("record.panel")
    assert screen.has("record.open-file")
    await screen.press("Rautavarasto")
    screen.check("record.result")
    await screen.tap("record.open-file")
    await screen.settle()
    assert any("rautavarastot ovat vähissä" in words for words in screen.texts)
    await screen.tap("record.file.view")
    opened_at = [args["url"] for name, args in screen.client.calls if name == "launch_url"]
    assert opened_at[-1].startswith("data:application/pdf;base64,")


def copies(folder: Path) -> list[tuple[str, int]]:
    """The readable copies of documents there: address and rights."""
    found = folder.glob(f"{SHOWN_HERE}*/*")
    return [(file.as_uri(), stat.S_IMODE(file.stat().st_mode)) for file in found]


async def test_a_document_opened_at_a_computer_is_gone_after_signing_out(
    county: County, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Its readable copy, for the computer's own program, does not outlive the sign-in."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    screen = await opened(county, "aino", "results", "Väsymyksen selvittely")
    screen.page.web = False
    await screen.tap("record.open-file")
    await screen.settle()
    await screen.tap("record.file.view")
    assert copies(tmp_path) == [(screen.client.calls[-1][1]["url"], 0o600)]
    await screen.stores.session.sign_out.run(False)
    assert copies(tmp_path) == []


async def test_renewal_from_asking_to_taking_back(county: County) -> None:
    """Asked, sent with its lapse, taken back; the platform has it as valid R4."""
    screen = await opened(county, "aino", "medicines", "Salbutamoli")
    screen.check("record.medicine")
    await screen.tap("record.renew")
    assert screen.has("record.renew-dialog")
    await screen.tap("record.renew.send")
    await screen.settle()
    screen.check("record.medicine")
    assert screen.says("record.renewal.sent")
    mine = [
        m for m in county.all("MedicationRequest") if m["intent"] == "proposal" and m["status"] == "active"
    ]
    assert county.patient("aino") in str(mine)
    await screen.tap("record.revoke")
    await screen.settle()
    assert screen.says("record.renewal.cancelled")


async def test_a_renewal_without_a_connection_waits_on_every_screen(county: County) -> None:
    """Once it has been tried in vain it is not "being sent": it waits, here as in the outbox."""
    screen = await opened(county, "aino", "medicines", "Salbutamoli")
    await county.offline()
    await screen.tap("record.renew")
    await screen.tap("record.renew.send")
    await screen.settle()
    assert screen.says("record.renewal.waiting")
    assert not screen.says("record.renewal.sending")


@pytest.mark.parametrize(
    ("who", "name", "key"),
    [
        ("raija", "Atorvastatiini", "record.renewal.handling"),
        ("raija", "Ramipriili", "record.renewal.lapsed"),
        ("aino", "Loratadiini", "record.renewal.denied"),
        ("veikko", "Latanoprosti", "record.renewal.renewed"),
        ("aino", "Desogestreeli", "record.barrier.elsewhere"),
        ("raija", "Tramadoli", "record.barrier.controlled"),
    ],
)
async def test_every_state_of_a_renewal(county: County, who: str, name: str, key: str) -> None:
    """Each in words, in four languages."""
    screen = await opened(county, who, "medicines", name)
    async for _ in screen.languages():
        screen.check("record.medicine")
        assert screen.says(key)
        if screen.has("record.renew"):
            assert screen.says("record.renew.again") is not key.endswith("renewed")


async def test_documents_open_inside_and_stay(county: County) -> None:
    """Size before, the text of a PDF after, and without a connection the next time."""
    screen = await opened(county, "raija", "documents", "Yhteenveto vuosikontrollista")
    screen.check("record.paper")
    assert screen.says("record.paper.fetched_when_opened")
    await screen.tap("record.open-file")
    await screen.settle()
    screen.check("record.paper")
    assert any("Tavoite alle 53" in words for words in screen.texts)
    await county.offline()
    await screen.go("/record/documents")
    await screen.press("Yhteenveto vuosikontrollista")
    assert screen.says("record.paper.on_device")
    await screen.tap("record.open-file")
    assert any("Tavoite alle 53" in words for words in screen.texts)


async def test_resources_of_other_systems_open(county: County) -> None:
    """HL7's examples, Synthea's people and others, as whole pages: none fails, each has a name and all that it holds
    behind a button, and every one stands in a list."""
    screen = await county.signed_in("tuomas")
    store, found = screen.own.store, real()[::7]
    for number, body in enumerate(found):
        body |= {"id": f"real-{number}", "meta": {"versionId": "1", "lastUpdated": "2026-11-01T10:00:00Z"}}
    with store.writing(*{body["resourceType"] for body in found}, durable=False):
        store.records.put(found, read=True)
    await screen.own.record.complete()
    for body in found:
        await screen.go(f"/record/entry/{body['resourceType']}/{body['id']}")
        screen.check()
        assert screen.has("record.facts"), body
    listed = {entry.id for entry in screen.own.record.listing().value.entries}  # type: ignore[union-attr]
    own = {type for types in TYPES.values() for type in types}
    meant = [body for body in found if body["resourceType"] in own and body.get("intent") != "proposal"]
    assert len(meant) > 10
    assert [body["resourceType"] for body in meant if body["id"] not in listed] == []


def searched(type: str, *issues: str) -> tuple[Request, Response]:
    """A search of a type and its answer, with what the server remarked."""
    told = [{"resourceType": "OperationOutcome", "issue": [{"code": code}]} for code in issues]
    entries = [{"resource": one, "search": {"mode": "outcome"}} for one in told]
    return Request("GET", type), Response(200, body={"resourceType": "Bundle", "entry": entries})


async def test_something_is_missing_even_when_nobody_says_whose(county: County) -> None:
    """A source is silent without a name: the lists that it concerns say so, until a search is whole again."""
    screen = await county.signed_in("raija", "/record/vaccinations")
    assert not screen.has("record.incomplete")
    for type in ("Immunization", "Appointment"):
        screen.own.silence.heard(*searched(type, "incomplete"))
    async for _ in screen.languages():
        screen.check("record.vaccinations")
        assert screen.says("record.incomplete")
    for address, id in (("/record", "record.incomplete"), ("/appointments", "appointments.gap")):
        await screen.go(address)
        screen.check()
        assert screen.has(id), address
    await screen.go("/record/diagnoses")
    assert not screen.has("record.incomplete")
    await screen.look_again()
    await screen.go("/record/vaccinations")
    assert not screen.has("record.incomplete")
