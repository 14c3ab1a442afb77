"""What is sent or booked for a step of a pathway marks it done, and only as long as the service has it (row G4)."""

from typing import Any

from app.pathways.progress import State
from tests.views.examples import County, Visit, first
from tests.views.on_pathways import begin, step

TURN = "pathway-turn"


async def send_mood_check(visit: Visit) -> None:
    """From the step to the receipt."""
    await step(visit, "check", "coping-mood")
    await visit.tap("pathway.form")
    await visit.choose("forms.style", "whole")
    await visit.tap("forms.start")
    for box in [one for one in visit.identifiers if one.startswith("forms.item:")]:
        await visit.choose(box, "0")
    await visit.tap("forms.next")
    await visit.tap("forms.send")


def answers(county: County, who: str) -> list[dict[str, Any]]:
    mine = f"Patient/{county.patient(who)}"
    found = county.all("QuestionnaireResponse")
    return [one for one in found if one["subject"]["reference"] == mine and "basedOn" in one]


async def test_a_form_is_on_its_way_then_done_also_on_another_device(county: County) -> None:
    visit = await county.signed_in("aino")
    await begin(visit, "coping-mood")
    await visit.look_again()
    await county.offline()
    await send_mood_check(visit)
    await step(visit, "check", "coping-mood")
    async for _ in visit.languages():
        visit.check("pathway.step-screen")
        assert visit.says("pathways.sent.form.coming")
        assert visit.has("pathway.done")
    await visit.go("/pathways/coping-mood")
    assert visit.says("pathways.state.coming")
    assert not [one for one in visit.stores.pathways.tasks_today() if one[2].step == "check"]
    await county.offline(False)
    await visit.move(minutes=10)
    await visit.look_again()

    (sent,) = answers(county, "aino")
    journey = visit.own.pathways.on("coping-mood")
    assert journey is not None
    assert sent["basedOn"][0]["reference"] == f"CarePlan/{journey.id}"
    assert sent["basedOn"][0]["extension"][0]["url"].endswith(TURN)
    assert journey.marks == {}
    other = await county.signed_in("aino")
    await step(other, "check", "coping-mood")
    async for _ in other.languages():
        other.check("pathway.step-screen")
    formats, now = other.ui.format, county.clock()
    assert other.says("pathways.sent.form.done", day=formats.day(formats.local(now).date()))
    assert not other.has("pathway.done")
    await other.tap("pathway.sent.answer")
    other.check("forms.answered")


async def test_a_form_that_was_refused_leaves_the_step_open_and_leads_to_the_outbox(county: County) -> None:
    visit = await county.signed_in("aino")
    await begin(visit, "coping-mood")
    await visit.look_again()
    await county.fault("status", "/fhir/QuestionnaireResponse", method="PUT", status=422)
    await send_mood_check(visit)
    await visit.look_again()
    await step(visit, "check", "coping-mood")
    visit.check("pathway.step-screen")
    assert visit.says("pathways.sent.form.refused")
    assert [one for one in visit.stores.pathways.tasks_today() if one[2].step == "check"]
    await visit.tap("pathway.done")
    assert visit.has("pathway.marked")
    await visit.tap("pathway.sent.outbox")
    assert visit.route == "/outbox"


async def test_the_same_form_from_the_catalogue_is_for_the_step_that_asks_for_it_today(
    county: County,
) -> None:
    visit = await county.signed_in("aino")
    await begin(visit, "coping-mood")
    asked = visit.stores.pathways.asking("mood-check")
    assert asked is not None
    assert asked.key == "check"
    assert visit.stores.pathways.asking("feedback") is None
    filler = visit.own.forms.open("mood-check", asked=asked)
    assert filler is not None
    filler.save()
    visit.own.forms.leave(filler)
    gone_on = visit.own.forms.open("mood-check")
    assert gone_on is not None
    assert gone_on.asked == asked


async def test_a_booked_time_marks_its_step_and_a_cancelled_one_opens_it_again(county: County) -> None:
    visit = await county.signed_in("tuomas")
    await begin(visit, "tobacco")
    await visit.look_again()
    await step(visit, "get-support", "tobacco")
    await visit.tap("pathway.book")
    await visit.tap(first(visit, "booking.slot"))
    await visit.tap("booking.other")
    await visit.tap(first(visit, "booking.slot"))
    await visit.tap("booking.confirm")
    visit.check("booking.done")
    await visit.tap("booking.to-pathway")
    assert visit.route == "/pathways/tobacco"
    await step(visit, "get-support", "tobacco")
    visit.check("pathway.step-screen")
    assert visit.says("pathways.sent.appointment.done")

    journey = visit.own.pathways.on("tobacco")
    assert journey is not None
    id = journey.sent["get-support"].id
    kept = county.platform.repository.read("Appointment", id)
    assert kept["supportingInformation"][0]["reference"] == f"CarePlan/{journey.id}"
    await visit.tap("pathway.sent.appointment")
    await visit.go(f"/appointments/{id}/move")
    await visit.tap(first(visit, "booking.slot"))
    await visit.tap("booking.confirm")
    await visit.look_again()
    moved = visit.own.pathways.on("tobacco")
    assert moved is not None
    assert moved.sent["get-support"].id != id
    await visit.own.appointments.cancel.run(moved.sent["get-support"].id, "")
    await step(visit, "get-support", "tobacco")
    assert not visit.has("pathway.sent")
    assert visit.has("pathway.done")


async def test_a_time_booked_elsewhere_for_another_matter_marks_nothing(county: County) -> None:
    visit = await county.signed_in("tuomas")
    await begin(visit, "tobacco")
    await visit.go("/appointments/find/terveysasema")
    await visit.tap(first(visit, "booking.slot"))
    await visit.tap("booking.confirm")
    assert not visit.has("booking.to-pathway")
    journey = visit.own.pathways.on("tobacco")
    assert journey is not None
    assert journey.sent == {}


async def test_the_team_sees_what_was_sent_and_the_step_keeps_its_days(county: County) -> None:
    emma = await county.signed_in("emma", "/pathways/pregnancy")
    journey = emma.own.pathways.on("pregnancy")
    assert journey is not None
    turn = next(one for one in journey.turns if one.step == "mood")
    asked = emma.stores.pathways.asked(journey.id, turn.key)
    assert asked is not None
    filler = emma.own.forms.open("maternity-mood", asked=asked)
    assert filler is not None
    await emma.own.forms.send.run(filler)
    await emma.look_again()
    answer = answers(county, "emma")[0]
    assert answer["basedOn"][0]["reference"] == f"CarePlan/{journey.id}"
    plans = county.platform.plans
    assert plans.sent(journey.id)[turn.key]["id"] == answer["id"]
    due = journey.days["due-date"][0]
    plans.move(journey.id, "due-date", due.replace(day=1) if due.day > 1 else due.replace(day=20), "kaisa")
    await emma.look_again()
    after = emma.own.pathways.on("pregnancy")
    assert after is not None
    assert next(one for one in after.turns if one.key == turn.key) == turn
    assert after.sent[turn.key].state == State.DONE
