"""Forms in the harder cases: no connection, two devices, mistakes, known facts, other languages."""

from collections.abc import Callable

import pytest

from tests.views.examples import County, Visit

PREINFO = "/forms/fill/surgery-preinfo"


async def whole(screen: Visit, route: str) -> None:
    """Open a form, many questions on a page."""
    await screen.go(route)
    await screen.choose("forms.style", "whole")
    await screen.tap("forms.start")


def sent(county: County, resident: str, form: str) -> list[dict]:  # type: ignore[type-arg]
    """The answers of a resident at the platform."""
    me = f"Patient/{county.patient(resident)}"
    all = county.all("QuestionnaireResponse")
    return [one for one in all if one["subject"]["reference"] == me and form in one["questionnaire"]]


async def test_known_facts_are_filled_in_named_and_can_be_changed(county: County) -> None:
    """Row F6: name, day of birth and telephone, from the resident's own details."""
    screen = await county.signed_in("aino")
    await whole(screen, PREINFO)
    name = screen.control("forms.item:name")
    assert name.value == "Aino Virtanen"
    assert screen.says("forms.source.patient")
    await screen.type("forms.item:name", "Aino-Maria Virtanen")
    assert screen.control("forms.item:name").value == "Aino-Maria Virtanen"
    assert screen.control("forms.item:phone").value


async def test_mistakes_are_told_with_links_and_at_their_place(county: County) -> None:
    """Row F5: what is wrong stops going on; what is missing is told before sending, with a way there."""
    screen = await county.signed_in("aino")
    await whole(screen, PREINFO)
    await screen.type("forms.item:height", "17a")
    await screen.tap("forms.next")
    assert screen.has("forms.mistakes")
    assert screen.says("forms.wrong.not-number")
    await screen.type("forms.item:height", "170")
    while screen.has("forms.next"):
        await screen.tap("forms.next")
    await screen.tap("forms.send")
    async for _ in screen.languages():
        screen.check("forms.review")
        assert screen.identifiers.count("forms.mistake") > 3
    await screen.tap(_first(screen))
    screen.check("forms.questions")
    assert screen.says("forms.wrong.required")


def _first(screen: Visit) -> object:
    nodes = [c for c in screen.find() if getattr(c, "identifier", "") == "forms.mistake"]
    return next(c for c in screen.walk(nodes[0]) if getattr(c, "on_click", None))


async def test_calculated_values_follow(county: County) -> None:
    """The body mass index, said aloud when it changes."""
    screen = await county.signed_in("aino")
    await whole(screen, PREINFO)
    await screen.type("forms.item:height", "170")
    await screen.type("forms.item:weight", "65")
    assert "22,5" in screen.texts


async def test_without_a_connection_it_waits_and_is_sent_once(county: County) -> None:
    """Row F8: not sent is said in words, on Home too; then it has a receipt."""
    screen = await county.signed_in("aino")
    await screen.go("/forms")
    await county.offline()
    await whole(screen, "/forms/fill/pathway-feedback")
    await screen.choose("forms.item:clear", "0")
    await screen.type("forms.item:helped", "8")
    await screen.tap("forms.next")
    await screen.tap("forms.send")
    assert screen.says("ledger.waiting")
    assert screen.has("forms.to-outbox")
    assert not screen.has("forms.mend")  # it may have arrived
    assert sent(county, "aino", "pathway-feedback") == []
    await county.offline(False)
    await screen.move(minutes=10)
    await screen.look_again()
    assert screen.says("ledger.sent")
    assert len(sent(county, "aino", "pathway-feedback")) == 1


async def test_a_draft_is_gone_on_with_after_leaving(county: County) -> None:
    """Row F2: each answer is kept; the list shows what was begun."""
    screen = await county.signed_in("aino")
    await whole(screen, "/forms/fill/feedback")
    await screen.type("forms.item:good", "Ystävällinen palvelu")
    await screen.go("/forms")
    screen.check("forms")
    await screen.tap("forms.draft")
    await screen.tap("forms.start")
    assert screen.control("forms.item:good").value == "Ystävällinen palvelu"


async def test_what_is_unfinished_is_gone_on_with_on_another_device(make_county) -> None:  # type: ignore[no-untyped-def]
    """Saved on the server as in-progress; the other device sends it; nobody could read it before."""
    county = make_county()
    first = await county.signed_in("aino")
    await whole(first, "/forms/fill/feedback")
    await first.choose("forms.item:about", "1")
    await first.tap("forms.later")
    await first.look_again()
    assert [one["status"] for one in sent(county, "aino", "feedback")] == ["in-progress"]
    first.own.drafts.delete(first.own.forms.drafts.value[0].key)
    first.own.forms.refresh()
    await first.go("/forms")
    await first.tap("forms.draft")
    await first.choose("forms.style", "whole")
    await first.tap("forms.start")
    await first.type("forms.item:recommend", "9")
    await first.tap("forms.next")
    await first.tap("forms.send")
    await first.look_again()
    assert [one["status"] for one in sent(county, "aino", "feedback")] == ["completed"]


async def test_a_sent_form_is_done_when_it_is_answered(county: County) -> None:
    """The Task has the answer; Home says nothing of it any more."""
    screen = await county.signed_in("kerstin", language="fi")
    assert screen.has("home.forms")
    await screen.tap("home.forms")
    await screen.choose("forms.style", "whole")
    await screen.tap("forms.start")
    await screen.choose("forms.item:about", "0")
    await screen.type("forms.item:recommend", "10")
    await screen.tap("forms.next")
    await screen.tap("forms.send")
    await screen.look_again()
    task = next(t for t in county.all("Task") if t["for"]["reference"].endswith(county.patient("kerstin")))
    assert task["status"] == "completed"
    answer = sent(county, "kerstin", "feedback")[0]["id"]
    assert task["output"][0]["valueReference"]["reference"] == f"QuestionnaireResponse/{answer}"
    await screen.go("/")
    assert not screen.has("home.forms")


async def feedback(screen: Visit) -> None:
    """Answer the feedback and send it."""
    await whole(screen, "/forms/fill/feedback")
    await screen.choose("forms.item:about", "1")
    await screen.type("forms.item:recommend", "9")
    await screen.type("forms.item:good", "Ystävällinen palvelu")
    await screen.tap("forms.next")
    await screen.tap("forms.send")
    await screen.look_again()


async def test_refused_answers_are_mended_and_sent_again(county: County) -> None:
    """Row F8: the reason, everything answered in a draft again, changed, sent, received once."""
    await county.fault("status", "/fhir/QuestionnaireResponse/", method="PUT", status=422, text="Ei kelpaa")
    screen = await county.signed_in("aino")
    await feedback(screen)
    await county.tester("DELETE", "faults")
    async for _ in screen.languages():
        assert screen.says("ledger.not_sent")
        assert screen.has("forms.mend")
    await screen.go("/outbox")
    async for _ in screen.languages():
        screen.check("outbox")
        assert screen.says("forms.refused")
    await screen.tap("outbox.edit")
    screen.check("forms.form")
    await screen.choose("forms.style", "whole")
    await screen.tap("forms.start")
    assert screen.control("forms.item:good").value == "Ystävällinen palvelu"
    await screen.type("forms.item:recommend", "8")
    await screen.tap("forms.next")
    await screen.tap("forms.send")
    await screen.look_again()
    assert screen.says("ledger.sent")
    (answer,) = sent(county, "aino", "feedback")
    given = {one["linkId"]: one["answer"][0] for one in answer["item"]}
    assert (given["recommend"], given["good"]) == (
        {"valueInteger": 8},
        {"valueString": "Ystävällinen palvelu"},
    )
    await screen.go("/forms")
    assert not screen.has("forms.draft")


async def test_refused_answers_to_what_was_asked_are_mended_where_they_stand(county: County) -> None:
    """A form that a professional sent is still to be done, and is done once it was sent again."""
    await county.fault("status", "/fhir/QuestionnaireResponse/", method="PUT", status=422)
    screen = await county.signed_in("kerstin", language="fi")
    await screen.tap("home.forms")
    await screen.choose("forms.style", "whole")
    await screen.tap("forms.start")
    await screen.choose("forms.item:about", "0")
    await screen.type("forms.item:recommend", "10")
    await screen.tap("forms.next")
    await screen.tap("forms.send")
    await county.tester("DELETE", "faults")
    await screen.look_again()
    await screen.tap("forms.mend")
    screen.check("forms.form")
    assert screen.own.outbox.waiting() == 0
    await screen.tap("forms.start")
    while screen.has("forms.next"):
        await screen.tap("forms.next")
    await screen.tap("forms.send")
    await screen.look_again()
    assert len(sent(county, "kerstin", "feedback")) == 1
    (task,) = (t for t in county.all("Task") if t["for"]["reference"].endswith(county.patient("kerstin")))
    assert task["status"] == "completed"


async def test_the_answers_of_the_last_time_are_offered(county: County) -> None:
    """Row F6: never taken without being asked, each with its day, changed like any other; kept over a pause."""
    screen = await county.signed_in("aino")
    await feedback(screen)
    await screen.go("/forms/fill/feedback")
    async for _ in screen.languages():
        screen.check("forms.form")
        assert screen.has("forms.reuse")
    day = screen.ui.format.day(county.clock().date())
    await screen.tap("forms.reuse")
    assert screen.says("forms.reuse.check")
    await screen.choose("forms.style", "whole")
    await screen.tap("forms.start")
    assert screen.control("forms.item:good").value == "Ystävällinen palvelu"
    assert screen.says("forms.source.earlier", day=day)
    await screen.type("forms.item:good", "Nopea")
    await screen.go("/forms")
    await screen.tap("forms.draft")
    assert not screen.has("forms.reuse")
    await screen.tap("forms.start")
    assert screen.control("forms.item:good").value == "Nopea"
    filler = screen.own.forms.open("feedback")
    marked = [n.item.link_id for n in filler.filling.tree.walk() if n.source == "earlier"]
    assert marked == ["about", "recommend"]


async def test_answer_again_begins_with_what_was_answered(county: County) -> None:
    """Row F7."""
    screen = await county.signed_in("raija", "/forms")
    await screen.tap("forms.answer")
    screen.check("forms.answered")
    assert "Usein" in screen.texts
    await screen.tap("forms.again")
    await screen.choose("forms.style", "whole")
    await screen.tap("forms.start")
    assert "10" in screen.texts  # the score of the answers before


async def test_options_of_the_server_are_searched(county: County) -> None:
    """43 languages: a few letters find one."""
    screen = await county.signed_in("aino")
    await whole(screen, "/forms/fill/interpreter-needs")
    await screen.type("forms.item:language", "soma")
    await screen.press("somali")
    assert screen.has("forms.item:language.remove.0")


@pytest.mark.parametrize("form", ["not-there", "x" * 200])
async def test_a_form_that_is_not_there(county: County, form: str) -> None:
    """It is said, with another way."""
    screen = await county.signed_in("aino", f"/forms/fill/{form}")
    screen.check("forms.form")
    assert screen.says("forms.cannot.title")


async def test_another_language_while_filling(county: County) -> None:
    """The questions change, the answers stay."""
    screen = await county.signed_in("aino")
    await whole(screen, "/forms/fill/feedback")
    await screen.type("forms.item:good", "Ystävällinen palvelu")
    finnish = set(screen.texts)
    screen.control("forms.language")
    screen.own.forms.open("feedback").speak("sv")
    await screen.settle()
    assert screen.control("forms.item:good").value == "Ystävällinen palvelu"
    assert len(set(screen.texts) - finnish) > 3


async def test_every_form_in_every_language_one_by_one(county: County) -> None:
    """Each of our own can be walked through; nothing is raw, nameless or without a name for machines."""
    screen = await county.signed_in("tuomas")
    for form in ("service-needs", "informal-care-support", "mood-check"):
        await screen.go(f"/forms/fill/{form}")
        async for _ in screen.languages():
            screen.check("forms.form")
        await screen.choose("forms.style", "whole")
        await screen.tap("forms.start")
        async for _ in screen.languages():
            screen.check("forms.questions")


WEIGHT = "Observation?patient=somebody-else&code=http://loinc.org|29463-7&_sort=-date&_count=1"


def _asks_for_weight() -> dict:  # type: ignore[type-arg]
    """A form that searches the record for the last weight, and names a server of a stranger."""
    search = {"name": "W", "language": "application/x-fhir-query", "expression": WEIGHT}
    value = {"language": "text/fhirpath", "expression": "%W.entry.resource.value.value"}
    hl7, sdc = "http://hl7.org/fhir/StructureDefinition", "http://hl7.org/fhir/uv/sdc/StructureDefinition"
    first = {"url": f"{sdc}/sdc-questionnaire-initialExpression", "valueExpression": value}
    server = {"url": f"{hl7}/preferredTerminologyServer", "valueUrl": "https://terminology.example"}
    return {
        "resourceType": "Questionnaire",
        "id": "asks-for-weight",
        "url": "https://elsewhere.example/Questionnaire/asks-for-weight",
        "title": "Paino",
        "status": "active",
        "extension": [{"url": f"{hl7}/variable", "valueExpression": search}, server],
        "item": [
            {"linkId": "kg", "type": "decimal", "text": "Paino", "extension": [first]},
            {"linkId": "set", "type": "choice", "text": "Luokka", "answerValueSet": "https://x.example/set"},
        ],
    }


def _weight(patient: str, value: float, day: str) -> dict:  # type: ignore[type-arg]
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7"}]},
        "subject": {"reference": f"Patient/{patient}"},
        "effectiveDateTime": day,
        "valueQuantity": {"value": value, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"},
    }


async def test_a_form_searches_ones_own_record_and_nobody_elses(county: County) -> None:
    """Whatever patient the form names; the value says where it is from; only the county's server is asked."""
    county.platform.repository.create(_asks_for_weight())
    for resident, value in (("aino", 64.5), ("raija", 99.0)):
        county.platform.repository.create(_weight(county.patient(resident), value, "2031-01-01"))
    screen = await county.signed_in("aino")
    await whole(screen, "/forms/fill/asks-for-weight")
    assert screen.control("forms.item:kg").value == "64,5"
    assert screen.says("forms.source.record")
    asked = {r.url.path.rpartition("/fhir/")[2]: dict(r.url.params) for r in county.wire.seen}
    assert asked["Observation"]["patient"] == county.patient("aino")
    assert asked["ValueSet/$expand"] == {"url": "https://x.example/set", "count": "1000"}
    assert {r.url.host for r in county.wire.seen} == {county.wire.seen[0].url.host}


async def test_the_need_of_an_interpreter_has_one_place(county: County) -> None:
    """What a form says of it is in the particulars afterwards, and the next form begins with it."""
    screen = await county.signed_in("aino")
    await whole(screen, "/forms/fill/interpreter-needs")
    await screen.type("forms.item:language", "soran")
    await screen.press("kurdi (sorani)")
    await screen.choose("forms.item:way", "3")
    while screen.has("forms.next"):
        await screen.tap("forms.next")
    await screen.tap("forms.send")
    await screen.go("/me")
    assert screen.says("common.yes")
    assert any("sorani" in words for words in screen.texts)
    (patient,) = [one for one in county.all("Patient") if one["id"] == county.patient("aino")]
    preferred = patient["communication"][0]
    assert preferred["language"]["coding"][0]["code"] == "ckb"
    assert preferred["extension"] == [
        {"url": "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired", "valueBoolean": True}
    ]
    await screen.go("/me/needs")
    screen.check("me.needs")
    await whole(screen, "/forms/fill/interpreter-needs")
    assert any("sorani" in words for words in screen.texts)


async def test_a_county_without_forms_offers_none_and_hides_none_that_was_sent(
    make_county: Callable[..., County],
) -> None:
    """Tunturila has no forms of its own; what a professional sends is the resident's to answer all the same."""
    aino = await make_county("tunturila").signed_in("aino")
    assert not aino.has("home.fill-form")
    assert aino.has("home.forms")
    await aino.go("/forms")
    async for _ in aino.languages():
        aino.check("forms")
        assert aino.has("forms.task")
        assert aino.has("forms.only-sent")
        assert not aino.has("forms.card")
    await aino.go("/forms/fill/surgery-preinfo")
    assert aino.has("forms.start")
    await aino.go("/forms/fill/feedback")
    async for _ in aino.languages():
        aino.check("forms.form")
        assert aino.has("forms.off")
        assert not aino.has("forms.start")
    await aino.go("/pathways/surgery/step/preinfo")
    assert aino.has("pathway.form")
    await aino.go("/pathways/surgery/step/followup")
    async for _ in aino.languages():
        aino.check("pathway.step-screen")
        assert aino.has("pathway.form-off")
        assert not aino.has("pathway.form")
