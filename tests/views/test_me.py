"""Contact details, needs, permissions and who has looked, on the screen (rows E8 to E10)."""

from typing import Any

from tests import fhir_schema
from tests.views.examples import County
from tests.views.test_record import tap_first


def patient(county: County, who: str) -> dict[str, object]:
    """The resident's Patient as the platform has it."""
    return next(one for one in county.all("Patient") if one["id"] == county.patient(who))


async def test_details(county: County) -> None:
    """What is known, what can be changed, and where the official part comes from."""
    screen = await county.signed_in("aino", "/me")
    async for _ in screen.languages():
        screen.check("me")
        assert screen.says("me.official.source")
        assert "Esimerkkikatu 12 B 7, 15140 Lahti" in screen.text
        assert not screen.has("me.still")


async def test_somebody_whose_address_is_secret(county: County) -> None:
    """It is not shown, and that it is not is said."""
    screen = await county.signed_in("noora", "/me")
    async for _ in screen.languages():
        screen.check("me")
        assert screen.says("me.address.restricted")


async def test_after_six_months_it_is_asked(county: County) -> None:
    """On Home and in the details; one tap confirms, and it is sent."""
    screen = await county.signed_in("raija", "/me")
    async for _ in screen.languages():
        screen.check("me")
        assert screen.says("me.still.title")
    await screen.tap("me.still-mine")
    await screen.settle()
    assert not screen.has("me.still")
    assert "2026-11-23" in str(patient(county, "raija")["telecom"])
    assert fhir_schema.problems(patient(county, "raija")) == []


async def test_a_new_number_needs_its_code(county: County) -> None:
    """Nothing changes before the code that came there; a wrong one is told in words."""
    screen = await county.signed_in("aino", "/me/change/phone")
    await screen.type("me.change.value", "12")
    await screen.tap("me.change.send")
    assert screen.says("me.change.phone.wrong")
    await screen.type("me.change.value", "0100 000 777")
    await screen.tap("me.change.send")
    await screen.settle()
    screen.check("me.change")
    assert screen.has("me.code-sent")
    code = (await county.tester("GET", "codes"))["codes"][0]["code"]
    await screen.type("me.change.code", "000000" if code != "000000" else "111111")
    await screen.tap("me.change.confirm")
    await screen.settle()
    assert screen.says("me.change.refused")
    assert "777" not in str(patient(county, "aino")["telecom"])
    await screen.type("me.change.code", code)
    await screen.tap("me.change.confirm")
    await screen.settle()
    screen.check("me.change")
    assert screen.has("me.changed")
    assert "777" in str(patient(county, "aino")["telecom"])
    assert fhir_schema.problems(patient(county, "aino")) == []


async def test_changing_a_number_offline_is_told_at_once(county: County) -> None:
    """It cannot wait: says what happened, that the old one is in use, and another way."""
    screen = await county.signed_in("aino", "/me/change/email")
    await county.offline()
    await screen.type("me.change.value", "aino@uusi.example")
    await screen.tap("me.change.send")
    await screen.settle()
    async for _ in screen.languages():
        screen.check("me.change")
        assert screen.says("me.change.not_changed")


async def test_needs_are_kept_and_sent(county: County) -> None:
    """Language, interpreter and other needs become part of the Patient."""
    screen = await county.signed_in("aino", "/me/needs")
    async for _ in screen.languages():
        screen.check("me.needs")
    await screen.choose("me.needs.interpreter", True)
    await screen.choose("me.need.hearing", True)
    await screen.tap("me.needs.save")
    await screen.settle()
    assert screen.says("me.needs.done")
    saved = str(patient(county, "aino")["communication"])
    assert "hearing" in saved
    assert "patient-interpreterRequired" in saved
    assert fhir_schema.problems(patient(county, "aino")) == []


async def test_permissions_tell_their_effect_first(county: County) -> None:
    """Given, previewed, withdrawn: all on the platform as valid R4."""
    screen = await county.signed_in("raija", "/me/permissions")
    async for _ in screen.languages():
        screen.check("me.permissions")
        assert screen.says("me.permissions.given")
    await screen.tap("me.permission.feedback")
    assert screen.says("me.permission.feedback.off")
    await screen.tap("me.permission.save")
    await screen.settle()
    await screen.tap("me.permission.research")
    await screen.tap("me.permission.save")
    await screen.settle()
    assert screen.says("me.permissions.done")
    await county.offline()
    await screen.tap("me.permission.research")
    await screen.tap("me.permission.save")
    assert screen.says("me.permissions.saved")
    await county.offline(False)
    await screen.tap("me.permission.research")
    await screen.tap("me.permission.save")
    await screen.settle()
    mine = [one for one in county.all("Consent") if county.patient("raija") in str(one)]
    assert "inactive" in {one["status"] for one in mine if "feedback" in str(one)}
    assert any("research" in str(one) and one["status"] == "active" for one in mine)
    assert [problem for one in mine for problem in fhir_schema.problems(one)] == []


async def test_results_wait_for_a_comment_when_the_resident_says_so(county: County) -> None:
    """The choice works on the results at once, also without a connection."""
    screen = await county.signed_in("emma", "/record/results")
    assert not screen.says("record.state.uncommented")
    await screen.go("/me/permissions")
    await county.offline()
    await screen.tap("me.permission.result-release")
    await screen.tap("me.permission.save")
    await screen.settle()
    await screen.go("/record/results")
    assert screen.says("record.state.uncommented")


async def test_who_has_looked_and_asking_about_it(county: County) -> None:
    """Unit, role and time; asking begins a message with what it is about."""
    screen = await county.signed_in("raija", "/me/log")
    async for _ in screen.languages():
        screen.check("me.log")
    await tap_first(screen, screen.t("me.log.ask"))
    screen.check("messages.compose")
    assert screen.control("messages.body").value


async def test_log_not_allowed_is_not_called_empty(county: County) -> None:
    """A right that is missing is told as such."""
    screen = await county.open("/me/log")
    await county.fault("status", "/fhir/AuditEvent", status=403)
    await screen.sign_in("raija")
    screen.check("me.log")
    assert screen.says("kit.not-allowed.title")
    assert not screen.says("me.log.empty")
    await screen.go("/record/diagnoses")
    assert not screen.has("record.list.problem")


async def test_nobody_has_looked(county: County) -> None:
    """Said in words."""
    screen = await county.signed_in("tuomas", "/me/log")
    async for _ in screen.languages():
        screen.check("me.log")
        assert screen.says("me.log.empty")


async def test_a_copy_of_everything_and_a_receipt(county: County) -> None:
    """An R4 Bundle that validates, a readable PDF, what is stored where; removal gives a receipt and ends the visit."""
    import json

    from app.platform.pdf_text import pages

    screen = await county.open(answers={"save_file": ""})
    await screen.sign_in("raija")
    begun = screen.own.messages.start(
        "terveysasema", subject="Keskeneräinen", text="Minulla on vielä kysyttävää"
    )
    screen.own.messages.composer(begun).save()  # type: ignore[union-attr]
    await screen.go("/me/data")
    async for _ in screen.languages():
        screen.check("me.data")
        levels = [level for level, _ in screen.headings]
        assert levels.count(3) == 6  # where things lie and for how long, each once
    screen.choices.choose("language", "fi")
    await screen.settle()
    await screen.tap("me.data.json")
    await screen.tap("me.data.pdf")
    await screen.tap("me.data.remove")
    assert screen.has("me.data.remove-dialog")
    await screen.choose("me.data.sure", True)
    await screen.tap("me.data.remove-sure")
    await screen.settle()
    saved = {
        args["file_name"]: args["src_bytes"] for name, args in screen.client.calls if name == "save_file"
    }
    copy = json.loads(saved["omat-tiedot.json"])
    assert fhir_schema.problems(copy) == []
    assert {"Observation", "MedicationRequest", "Patient"} <= {
        e["resource"]["resourceType"] for e in copy["entry"]
    }
    drafts = [e["resource"] for e in copy["entry"] if e["resource"].get("status") == "preparation"]
    assert "Minulla on vielä kysyttävää" in str(drafts)
    words = " ".join("\n".join(pages(saved["omat-tiedot.pdf"])).split())
    for told in (
        "Raija Korhonen",
        "Metformiini",
        "Pitkäaikaissokeri",
        "mmol/mol",
        "µmol/l",
        "10⁹/l",
        "Verenpaine",
        "Kaisa Aalto",
        "1 tabletti aamulla ja 1 tabletti illalla",
        "Tyypin 2 diabetes",
        "7,3 mmol/l · Korkea",
        "Minulla on vielä kysyttävää",
    ):
        assert told in words, told
    for part in ("appointments.title", "messages.title", "me.permissions.title", "me.log.title"):
        assert screen.t(part) in words, part
    assert "Kuitti" in saved["poistokuitti.txt"].decode()
    assert "Metformiini" not in saved["poistokuitti.txt"].decode()
    assert screen.has("welcome")


ODD: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("Condition", "record.wrong", {"verificationStatus": {"coding": [{"code": "entered-in-error"}]}}),
    ("Immunization", "record.vaccination.not_given", {"status": "not-done"}),
    ("MedicationRequest", "record.medicine.not-taken", {"doNotPerform": True}),
    (
        "AllergyIntolerance",
        "record.diagnosis.refuted",
        {"verificationStatus": {"coding": [{"code": "refuted"}]}},
    ),
    ("Procedure", "record.undone.not-done", {"status": "not-done"}),
)
"""Of each kind something that is not so, and the text that says it."""


def odd(type: str, body: dict[str, Any], person: str) -> dict[str, Any]:
    """A resource that turns round what its name says."""
    name = {"Immunization": "vaccineCode", "MedicationRequest": "medicationCodeableConcept"}.get(type, "code")
    owner = "patient" if type in ("Immunization", "AllergyIntolerance") else "subject"
    plain = {"MedicationRequest": {"status": "active", "intent": "order"}}.get(type, {})
    more = {"occurrenceDateTime": "2026-01-02"} if type == "Immunization" else {}
    about = {name: {"text": f"Outo{type}"}, owner: {"reference": f"Patient/{person}"}}
    return {"resourceType": type, **about, **plain, **more, **body}


async def test_a_copy_says_what_is_not_so(county: County) -> None:
    """On paper too: entered in error, not given, not to be taken, refuted, not done."""
    from app.platform.pdf_text import pages

    screen = await county.open(answers={"save_file": ""})
    for type, _, body in ODD:
        county.platform.repository.create(odd(type, body, county.patient("veikko")))
    await screen.sign_in("veikko")
    await screen.go("/me/data")
    await screen.tap("me.data.pdf")
    (copy,) = [args["src_bytes"] for name, args in screen.client.calls if name == "save_file"]
    words = " ".join("\n".join(pages(copy)).split())
    for type, told, _ in ODD:
        after = words.partition(f"Outo{type}")[2][:60]
        assert screen.t(told).replace("\u00a0", " ") in after, after
