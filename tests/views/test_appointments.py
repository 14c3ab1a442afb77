"""Appointments: those to come and those past, cancelling, checking in, offers, gaps (C1, C3, C6 to C9, C13, C14)."""

from app.domain.appointments import State
from tests.views.appointments import known, of
from tests.views.examples import County, first


async def test_the_list_tells_everything_of_each(county: County) -> None:
    """What, when, how long, where or how, who, cost, preparation; and where it stands."""
    visit = await county.signed_in("aino", "/appointments")

    async for _ in visit.languages():
        visit.check("appointments")
        card = visit.name(first(visit, "appointments.card"))
        for words in ("45", "Tiina Rantanen", "13,20"):
            assert words in card or words.replace(",", ".") in card, card
        assert visit.says("appointments.state.booked")
        assert visit.says("appointments.past", n=3)
        assert visit.has("appointments.ticket")


async def test_nothing_there(county: County) -> None:
    """Who has nothing is told so, and can book."""
    visit = await county.signed_in("tuomas", "/appointments")

    async for _ in visit.languages():
        visit.check("appointments")
        assert visit.says("appointments.none")
    assert not visit.has("appointments.past")


async def test_without_a_connection_the_last_known_list_stays(county: County) -> None:
    """Also where to go and how to find in."""
    visit = await county.signed_in("aino", "/appointments")
    await county.offline()
    await visit.go(f"/appointments/{of(visit, 'suun-terveydenhuolto')}")

    visit.check("appointment")
    assert "Esimerkkikatu 3, 15110 Lahti" in visit.texts
    assert "Käynti sisäpihalta, 2. kerros." in visit.texts


async def test_what_is_not_known_is_said_to_be_not_known(county: County) -> None:
    """A server that tells next to nothing."""
    patient = county.patient("tuomas")
    county.platform.repository.create(
        {
            "resourceType": "Appointment",
            "status": "booked",
            "start": "2026-11-25T08:00:00Z",
            "participant": [{"actor": {"reference": f"Patient/{patient}"}, "status": "accepted"}],
        }
    )
    visit = await county.signed_in("tuomas", "/appointments")

    async for _ in visit.languages():
        visit.check("appointments")
        card = " ".join(visit.within("appointments.card"))
        assert visit.t("common.not_known").lower() in card.lower() or "emme tiedä" in card
    await visit.tap("appointments.card")
    visit.check("appointment")


async def test_an_appointment_that_is_not_there(county: County) -> None:
    """An old address, or somebody else's appointment."""
    other = await county.signed_in("raija")
    theirs = of(other, "diabeteshoitaja")
    visit = await county.signed_in("aino", f"/appointments/{theirs}")

    async for _ in visit.languages():
        visit.check("appointment")
        assert visit.says("appointments.not_found")


async def test_cancelling_with_its_rule_and_its_receipt(county: County) -> None:
    visit = await county.signed_in("aino")
    id = of(visit, "suun-terveydenhuolto")
    await visit.go(f"/appointments/{id}/cancel")
    async for _ in visit.languages():
        visit.check("appointment.cancelling")
    assert any("56,7" in words for words in visit.texts)
    visit.choices.choose("language", "fi")
    await visit.settle()
    await visit.choose("appointment.why", "ill")
    await visit.tap("appointment.cancel-now")

    assert county.platform.repository.read("Appointment", id)["status"] == "cancelled"
    assert county.platform.repository.read("Appointment", id)["cancelationReason"]["text"] == "Olen sairaana"
    async for _ in visit.languages():
        visit.check("appointment.cancelling")
        assert visit.says("appointments.cancelled")
    await visit.go("/appointments")
    assert "Suun tarkastus ja hoito" not in " ".join(visit.within("appointments.list"))


async def test_past_the_deadline_there_is_the_telephone(county: County) -> None:
    """No dead button: why not, and what to do instead."""
    visit = await county.signed_in("aino")
    id = of(visit, "suun-terveydenhuolto")
    await visit.go(f"/appointments/{id}")
    await visit.move(days=2, hours=12)

    await visit.go("/")
    await visit.go(f"/appointments/{id}")
    async for _ in visit.languages():
        visit.check("appointment")
        assert visit.says("appointments.change_by_phone")
        assert visit.has("call.suun-terveydenhuolto")
    assert not visit.has("appointment.cancel")
    assert not visit.has("appointment.move")


async def test_cancelling_without_a_connection_says_so_at_once(county: County) -> None:
    visit = await county.signed_in("aino")
    id = of(visit, "suun-terveydenhuolto")
    await county.offline()
    await visit.look_again()
    await visit.go(f"/appointments/{id}/cancel")
    await visit.tap("appointment.cancel-now")

    async for _ in visit.languages():
        visit.check("appointment.cancelling")
        assert visit.says("booking.offline")
        assert visit.has("call.suun-terveydenhuolto")
    assert county.platform.repository.read("Appointment", id)["status"] == "booked"


async def test_a_lost_answer_to_cancelling_is_settled_by_reading(county: County) -> None:
    visit = await county.signed_in("aino")
    id = of(visit, "suun-terveydenhuolto")
    await visit.go(f"/appointments/{id}/cancel")
    await county.fault("drop-after", "/fhir/Appointment/", method="PUT", times=1)
    await visit.tap("appointment.cancel-now")

    assert visit.says("appointments.cancelled")
    assert county.platform.repository.read("Appointment", id)["status"] == "cancelled"


async def test_checking_in_is_there_in_its_time_only(county: County) -> None:
    """Repeated taps are harmless; then where to sit."""
    visit = await county.signed_in("daniel")
    id = of(visit, "terveysasema")
    await visit.go(f"/appointments/{id}")
    async for _ in visit.languages():
        visit.check("appointment")
        assert visit.says("appointments.arriving")
    await visit.tap("appointment.check-in")
    visit.check("appointment")
    assert visit.says("appointments.checked_in")
    await visit.own.appointments.check_in.run(id)
    assert county.platform.repository.read("Appointment", id)["status"] == "checked-in"


async def test_too_early_it_says_from_when(county: County) -> None:
    visit = await county.signed_in("aino")
    await visit.go(f"/appointments/{of(visit, 'suun-terveydenhuolto')}")

    assert not visit.has("appointment.check-in")
    assert any("Voit ilmoittautua tässä" in words for words in visit.texts)


async def test_the_waiting_list_keeps_the_time(county: County) -> None:
    visit = await county.signed_in("aino")
    id = of(visit, "suun-terveydenhuolto")
    await visit.go(f"/appointments/{id}")
    await visit.tap("appointment.wait")
    async for _ in visit.languages():
        visit.check("appointment")
        assert visit.says("appointments.waiting")
    assert county.platform.repository.read("Appointment", id)["status"] == "booked"
    await visit.tap("appointment.stop-waiting")
    assert not visit.has("appointment.waiting")


async def test_an_offer_is_taken_before_the_old_one_is_let_go(county: County) -> None:
    visit = await county.signed_in("raija", "/appointments")
    old = of(visit, "diabeteshoitaja")
    async for _ in visit.languages():
        visit.check("appointments")
        assert visit.has("appointments.offer")
    await visit.tap("appointments.accept")

    statuses = {one["id"]: one["status"] for one in county.all("Appointment")}
    assert statuses[old] == "cancelled"
    assert [one.state for one in visit.own.appointments.upcoming()] == [State.BOOKED]
    assert not visit.has("appointments.offer")


async def test_an_offer_that_is_left(county: County) -> None:
    visit = await county.signed_in("raija", "/appointments")
    old = of(visit, "diabeteshoitaja")
    await visit.tap("appointments.decline")

    assert not visit.has("appointments.offer")
    assert visit.own.appointments.waits_for(old) is not None
    assert county.platform.repository.read("Appointment", old)["status"] == "booked"


async def test_an_offer_ends(county: County) -> None:
    """After its time it is not shown any more; nothing else has changed."""
    visit = await county.signed_in("raija", "/appointments")
    await visit.move(hours=32)
    await visit.go("/")
    await visit.go("/appointments")

    assert not visit.has("appointments.offer")


async def test_a_referral_shows_where_it_is(county: County) -> None:
    visit = await county.signed_in("mikko", "/appointments")

    async for _ in visit.languages():
        visit.check("appointments")
        assert visit.says("appointments.step.now", step=visit.t("appointments.step.queued"))
        assert visit.says("appointments.step.next", step=visit.t("appointments.step.offered"))


async def test_a_source_that_fails_is_a_named_gap(county: County) -> None:
    """The list is never shown as whole then; there is the telephone (row C14)."""
    source = county.platform.repository.read("Endpoint", "suu")
    county.platform.repository.update("Endpoint", "suu", source | {"status": "error"})
    visit = await county.signed_in("aino", "/appointments")

    async for language in visit.languages():
        visit.check("appointments")
        name = {"sv": "Munhälsovårdens tidsbokning", "en": "Booking of oral health care"}.get(
            language, "Suun terveydenhuollon ajanvaraus"
        )
        assert visit.says("appointments.gap", name=name)
        assert visit.has("appointments.gap-call")
        assert not any("Suun tarkastus" in words for words in visit.texts)
    county.platform.repository.update("Endpoint", "suu", source)
    await visit.look_again()
    assert not visit.has("appointments.gap")
    assert any(one.service_id == "suun-terveydenhuolto" for one in known(visit))


async def test_what_a_failing_source_told_before_stays(county: County) -> None:
    """Known appointments are not forgotten while their source is silent, and what changed there meanwhile comes."""
    visit = await county.signed_in("aino", "/appointments")
    before = {one.id for one in known(visit)}
    source = county.platform.repository.read("Endpoint", "suu")
    county.platform.repository.update("Endpoint", "suu", source | {"status": "error"})
    tooth = of(visit, "suun-terveydenhuolto")
    body = county.platform.repository.read("Appointment", tooth)
    county.platform.repository.update("Appointment", tooth, body | {"description": "Hammaskiven poisto"})
    await visit.move(days=1)
    await visit.look_again()
    assert {one.id for one in known(visit)} == before
    assert visit.has("appointments.gap")
    county.platform.repository.update("Endpoint", "suu", source)
    await visit.move(minutes=30)
    await visit.look_again()
    assert any(one.what == "Hammaskiven poisto" for one in known(visit))
