"""Pathways without signing in, on the way, and brought along at sign-in (rows G1 to G8, S30)."""

from collections.abc import Callable
from dataclasses import replace

from app.stores.settings import MemoryPreferences
from app.stores.settings import Settings as Choices
from tests.remembered import Names
from tests.views.examples import County, Visit
from tests.views.on_pathways import begin, own_plans, step


async def test_the_catalogue_is_read_without_signing_in_in_every_language(county: County) -> None:
    guest = await county.open("/pathways")
    async for _ in guest.languages():
        guest.check("pathways")
        assert guest.has("pathways.card")
    guest.choices.choose("language", "fi")
    await guest.type("pathways.search", "unettomuus")
    await guest.tap("pathways.card")
    guest.check("pathway")
    assert guest.route == "/pathways/sleep"
    await guest.go("/pathways")
    await guest.type("pathways.search", "kvanttifysiikka")
    assert guest.has("pathways.none")


async def test_a_guest_begins_ticks_measures_and_writes_and_finds_all_of_it_again(county: County) -> None:
    guest = await county.open("/pathways/sleep")
    assert guest.has("pathway.urgent")
    assert guest.has("pathway.contacts")
    await begin(guest)
    guest.check("pathway")
    assert guest.has("pathway.today")
    await step(guest, "sleep-diary~1")
    guest.check("pathway.step-screen")
    await guest.type("pathway.measure.value", "hyvin")
    await guest.tap("pathway.measure.save")
    assert guest.says("pathways.measure.missing")
    await guest.type("pathway.measure.value", "4,5")
    await guest.tap("pathway.measure.save")
    assert guest.has("pathway.instruction")
    assert any(words.startswith("4,5") for words in guest.texts)
    await guest.type("pathway.note", "Heräsin kolmelta.")
    await guest.tap("pathway.note.save")
    await guest.tap("pathway.done")
    assert guest.has("pathway.marked")
    guest.check()
    await guest.go("/pathways")
    await step(guest, "sleep-diary~1")
    assert "Heräsin kolmelta." in guest.texts
    await guest.tap("pathway.undo")
    assert guest.has("pathway.done")
    assert own_plans(county) == []


async def test_an_odd_value_is_asked_about_and_never_refused(county: County) -> None:
    """As at home measurements; another odd value is asked about again."""
    unit = "tuntia"
    guest = await county.open("/pathways/sleep")
    await begin(guest)
    await step(guest, "sleep-diary~1")

    for odd in ("99", "250"):
        await guest.type("pathway.measure.value", odd)
        assert not guest.has("pathway.measure.doubt")
        await guest.tap("pathway.measure.save")
        guest.check("pathway.step-screen")
        assert guest.says("measurements.doubt.title", value=f"{odd} {unit}")
    assert not any(words == f"250 {unit}" for words in guest.texts)
    await guest.tap("pathway.measure.save")

    assert not guest.has("pathway.measure.doubt")
    assert any(words == f"250 {unit}" for words in guest.texts)


async def test_a_checklist_is_kept_and_a_step_is_left_out_without_a_reason(county: County) -> None:
    guest = await county.open()
    await begin(guest)
    await step(guest, "own-rhythm")
    await guest.choose("pathway.tick.1", True)
    await guest.tap("pathway.skip")
    await guest.go("/pathways/sleep")
    await step(guest, "own-rhythm")
    assert guest.control("pathway.tick.1").value is True
    assert guest.control("pathway.tick.0").value is False
    assert guest.says("pathways.marked.skipped", day="tänään") or guest.has("pathway.marked")


async def test_what_a_guest_began_is_brought_along_and_is_then_on_the_platform(county: County) -> None:
    visit = await county.open()
    await begin(visit)
    await step(visit, "why-sleep")
    await visit.type("pathway.note", "Muista valo.")
    await visit.tap("pathway.note.save")
    await visit.tap("pathway.done")
    await visit.go("/")
    await visit.sign_in("aino")
    assert visit.has("pathways.here")
    await visit.tap("pathways.bring")
    assert not visit.has("pathways.here")
    assert visit.stores.pathways.guest.known == ()
    await visit.look_again()
    (plan,) = own_plans(county)
    assert plan["status"] == "active"
    assert plan["subject"]["reference"] == f"Patient/{county.patient('aino')}"
    assert plan["note"][0]["text"] == "Muista valo."
    assert plan["activity"][0]["detail"]["status"] == "completed"
    await step(visit, "calm-evening")
    await visit.tap("pathway.done")
    await visit.look_again()
    (plan,) = own_plans(county)
    assert len(plan["activity"]) == 2
    other = await county.signed_in("aino")
    await other.go("/pathways/sleep/step/why-sleep")
    assert "Muista valo." in other.texts


async def served(county: County, names: Names, route: str = "/") -> Visit:
    """A session of a browser that a server serves: it remembers a name and nothing else."""
    visit = Visit(county, Choices(MemoryPreferences(), county.region.languages), route, None, 400)
    visit.devices = replace(visit.devices, pending=names)  # type: ignore[arg-type]
    county.visits.append(visit)
    await visit.begin(False)
    await visit.settle()
    return visit


async def test_one_browser_finds_its_own_guest_again_and_another_finds_nothing(county: County) -> None:
    """Also after the trip to the sign-in page, which ends the session of a served browser."""
    mine, other = Names(), Names()
    first = await served(county, mine)
    await begin(first)
    await step(first, "why-sleep")
    await first.tap("pathway.done")
    again = await served(county, mine, "/pathways")
    assert again.has("pathways.journey")
    stranger = await served(county, other, "/pathways")
    assert not stranger.has("pathways.journey")
    await again.go("/")
    await again.sign_in("tuomas")
    assert again.has("pathways.here")
    await again.tap("pathways.bring")
    assert again.own.pathways.on("sleep") is not None


async def test_it_can_be_left_on_the_device_or_removed_from_it(county: County) -> None:
    visit = await county.open()
    await begin(visit)
    await visit.go("/")
    await visit.sign_in("aino")
    await visit.tap("pathways.leave-behind")
    assert visit.stores.pathways.guest.known == ()
    await visit.look_again()
    assert own_plans(county) == []


async def test_todays_steps_are_on_home(county: County) -> None:
    aino = await county.signed_in("aino")
    assert not aino.has("home.pathways-today")
    await begin(aino)
    await aino.go("/")
    assert aino.has("home.pathways-today")
    aino.check("home")


async def test_pausing_leaving_going_on_and_removing(county: County) -> None:
    aino = await county.signed_in("aino")
    await begin(aino)
    await aino.go("/pathways/sleep/about")
    aino.check("pathway.about")
    await aino.tap("pathway.pause")
    assert aino.says("pathways.is_paused")
    await aino.go("/")
    assert not aino.has("home.pathways-today")
    await aino.go("/pathways/sleep")
    await aino.tap("pathway.resume")
    await aino.go("/pathways/sleep/about")
    await aino.tap("pathway.leave")
    assert aino.says("pathways.is_left")
    await aino.tap("pathway.remove")
    await aino.tap("pathway.remove-sure")
    await aino.look_again()
    (plan,) = own_plans(county)
    assert plan["status"] == "entered-in-error"
    assert "note" not in plan
    assert not aino.has("pathways.journey")


async def test_a_form_a_message_and_a_booking_need_a_sign_in_and_say_so_with_a_telephone(
    county: County,
) -> None:
    guest = await county.open("/pathways/sleep/step/get-help")
    guest.check("pathway.step-screen")
    assert guest.has("pathway.guest")
    assert guest.has("pathway.call.helpline")
    aino = await county.signed_in("aino", "/pathways/sleep/step/get-help")
    assert aino.has("pathway.book")


async def test_questions_become_a_message_to_the_team(county: County) -> None:
    aino = await county.signed_in("aino")
    await begin(aino)
    await step(aino, "questions")
    await aino.type("pathway.question", "Auttaisiko valohoito?")
    await aino.tap("pathway.question.save")
    await aino.tap("pathway.questions.send")
    assert aino.control("messages.body").value == "- Auttaisiko valohoito?"


async def test_an_unknown_pathway_and_an_unknown_step_are_no_dead_ends(county: County) -> None:
    guest = await county.open("/pathways/moon")
    guest.check("pathway")
    await guest.go("/pathways/sleep/step/moon")
    guest.check("pathway.step-screen")
    assert guest.has("to-home")


async def test_every_screen_in_every_language(county: County) -> None:
    guest = await county.open()
    await begin(guest)
    for route in ("", "/about", "/step/same-morning", "/step/rest-exercise", "/step/sleep-diary~1"):
        await guest.go(f"/pathways/sleep{route}")
        async for _ in guest.languages():
            guest.check()


async def test_a_county_with_other_pathways(make_county: Callable[..., County]) -> None:
    """Tunturila: its own choice and order, another telephone, and what its unit has confirmed."""
    guest = await make_county("tunturila").open("/pathways", language="fi")
    assert [one.id for one in guest.stores.pathways.find("")] == ["moving-more", "sleep", "surgery"]
    assert "Tunturiklinikka · Tunturila" in guest.texts
    assert guest.texts.count("Digiklinikka") == 0
    assert not guest.has("home.chat")
    await guest.go("/pathways/sleep")
    assert any("016 000 4000" in words for words in guest.texts)
    await guest.go("/pathways/sleep/step/rest-exercise")
    assert "Tunturilan oma harjoitus on tekstinä alla." in guest.texts
    assert not guest.says("pathways.confirm")
