"""What is on its way: what happens next, and what one can do (rows J2, F8, I5)."""

from decimal import Decimal

from app.domain.measurements import MeasureKind
from app.domain.record import Entry, Kind
from app.stores.own import Own
from tests.views.examples import County, Visit

REFUSED = "Vastaanottajaa ei ole"


async def sent(county: County, subject: str = "Selkä") -> Visit:
    """Aino has written to the health station nurse and looks at the outbox."""
    screen = await county.signed_in("aino")
    await screen.write_to(screen.stores.services.name("terveysasema"), subject)
    await screen.tap("messages.send")
    await screen.go("/outbox")
    return screen


async def waiting(county: County) -> Visit:
    """The same without a connection."""
    screen = await county.signed_in("aino")
    await county.offline()
    await screen.write_to(screen.stores.services.name("terveysasema"))
    await screen.tap("messages.send")
    await screen.go("/outbox")
    return screen


async def refused(county: County) -> Visit:
    """The same, and the platform does not take it."""
    await county.fault("status", "/fhir/Communication/", method="PUT", status=422, text=REFUSED)
    return await sent(county)


def at_clinic(county: County, subject: str = "Selkä") -> int:
    """How many messages with this subject the clinic has."""
    return sum(
        len(thread.messages) for thread in county.platform.clinic.threads() if thread.subject == subject
    )


async def test_everything_is_sent(county: County) -> None:
    """Nothing waits."""
    screen = await sent(county)

    async for _ in screen.languages():
        screen.check("outbox")
        assert screen.says("outbox.empty")
        assert not screen.has("outbox.item")


async def test_waiting(county: County) -> None:
    """What it is, since when, what happens next, the other channel."""
    screen = await waiting(county)

    async for _ in screen.languages():
        screen.check("outbox")
        assert screen.says("outbox.item.message", subject="Selkä")
        assert screen.says("ledger.waiting")
        number = screen.ui.format.phone(county.region.phones.exchange.number)
        assert screen.says("outbox.call_instead", number=number)
        moment = screen.ui.format.moment(county.clock(), county.clock())
        assert screen.says("outbox.item.put_at", moment=moment)


async def test_it_goes_by_itself_when_the_connection_is_back(county: County) -> None:
    """Exactly once."""
    screen = await waiting(county)
    await county.offline(False)

    await screen.move(minutes=5)
    await screen.move(seconds=2)

    assert screen.has("outbox.empty")
    assert at_clinic(county) == 1


async def test_trying_at_once(county: County) -> None:
    """The button does not wait for the back-off."""
    screen = await waiting(county)
    await county.offline(False)

    await screen.tap("outbox.retry")
    await screen.move(seconds=2)

    assert screen.has("outbox.empty")
    assert at_clinic(county) == 1


async def test_sending(county: County) -> None:
    """While it is under way it cannot be edited or thrown away."""
    screen = await county.signed_in("aino")
    await screen.write_to(screen.stores.services.name("terveysasema"))
    free = county.wire.hold("/fhir/Communication/")
    await screen.tap("messages.send")

    await screen.go("/outbox")

    async for _ in screen.languages():
        screen.check("outbox")
        assert screen.says("outbox.next.sending")
        assert not {"outbox.edit", "outbox.retry", "outbox.discard"} & set(screen.identifiers)
    free()
    await screen.settle()
    assert screen.has("outbox.empty")


async def test_between_tries(county: County) -> None:
    """It was tried, nobody knows whether it arrived: that is found out before it is sent again."""
    await county.fault("drop-after", "/fhir/Communication/", method="PUT", times=1)
    screen = await county.signed_in("aino")
    await screen.write_to(screen.stores.services.name("terveysasema"))
    await county.fault("status", "/fhir/Communication/", method="GET", status=503, retry_after=60, times=1)
    await screen.tap("messages.send")

    await screen.go("/outbox")

    async for _ in screen.languages():
        screen.check("outbox")
        assert screen.says("ledger.waiting")
        assert screen.says("outbox.next.checking")
        assert not screen.has("outbox.edit")
    await screen.tap("outbox.retry")
    for _ in range(3):
        await screen.move(minutes=2)
    assert screen.has("outbox.empty")
    assert at_clinic(county) == 1


async def test_refused_with_its_reason(county: County) -> None:
    """Not sent, why, and what one can do; nothing is lost."""
    screen = await refused(county)

    async for _ in screen.languages():
        screen.check("outbox")
        assert screen.says("ledger.not_sent")
        assert screen.says("outbox.next.refused")
        assert {"outbox.edit", "outbox.retry", "outbox.discard"} <= set(screen.identifiers)
        assert screen.says("outbox.reason", reason=REFUSED)


async def test_refused_and_edited(county: County) -> None:
    """Back to the composer with everything in it; sent, it arrives once."""
    screen = await refused(county)
    await county.tester("DELETE", "faults")

    await screen.tap("outbox.edit")

    async for _ in screen.languages():
        screen.check("messages.compose")
        assert screen.control("messages.subject").value == "Selkä"
        assert screen.control("messages.body").value == "Selkä on kipeä."
    await screen.type("messages.body", "Selkä on kipeä, ja jalka puutuu.")
    await screen.tap("messages.send")
    assert at_clinic(county) == 1
    assert screen.says("ledger.sent")


async def test_refused_and_tried_again(county: County) -> None:
    """When the platform has come to its senses."""
    screen = await refused(county)
    await county.tester("DELETE", "faults")

    await screen.tap("outbox.retry")

    assert screen.has("outbox.empty")
    assert at_clinic(county) == 1


async def test_throwing_away_asks_first(county: County) -> None:
    """What would be lost is said; keeping is the first choice."""
    screen = await refused(county)

    await screen.tap("outbox.discard")
    async for _ in screen.languages():
        screen.check("outbox")
        assert screen.says("outbox.discard_ask")
    await screen.tap("outbox.keep")
    assert screen.has("outbox.item")
    await screen.tap("outbox.discard")
    await screen.tap("outbox.discard-sure")

    screen.check("outbox")
    assert screen.has("outbox.empty")
    assert not screen.has("outbox.discard-dialog")
    assert at_clinic(county) == 0


async def test_too_late_to_edit(county: County) -> None:
    """It left while the button was pressed: it is not taken back, and nothing is sent twice."""
    screen = await waiting(county)
    free = county.wire.hold("/fhir/Communication/00000000-0000-4000-8000-000000000001")
    await county.offline(False)
    own = screen.own
    item = own.outbox.items.value[0]  # type: ignore[index]
    own.outbox.retry(item)
    await screen.settle()
    await screen.move(seconds=2)

    assert own.outbox.edit(item) is None
    free()
    await screen.move(seconds=2)
    assert at_clinic(county) == 1


async def test_waiting_for_a_sign_in(county: County) -> None:
    """The sign-in has ended: what waits says so, and goes when one signs in again."""
    screen = await county.signed_in("aino")
    await screen.write_to(screen.stores.services.name("terveysasema"))
    await county.tester("POST", "sign-out")
    await screen.tap("messages.send")
    await screen.go("/outbox")

    async for _ in screen.languages():
        screen.check("outbox")
        assert screen.has("signed-out-banner")
        assert screen.says("outbox.next.waiting_sign_in")
    await screen.sign_in("aino")
    await screen.move(seconds=5)

    screen.check("outbox")
    assert screen.has("outbox.empty")
    assert at_clinic(county) == 1


async def test_what_is_late_is_told_by_name_on_every_screen(county: County) -> None:
    """More than ten minutes with a network: said on other screens, and on Home; never while one is offline."""
    screen = await waiting(county)
    await screen.go("/messages")
    await screen.move(minutes=11)
    assert not screen.has("late-banner")
    await county.fault("status", "/fhir/Communication/", method="GET", status=429, retry_after=300)
    await county.fault("status", "/fhir/Communication/", method="PUT", status=429, retry_after=300)
    await county.offline(False)
    await screen.move(minutes=6)

    async for _ in screen.languages():
        screen.check("messages")
        assert screen.says("outbox.late_waiting", n=1)
        assert screen.says("outbox.item.message", subject="Selkä")
    await screen.go("/")
    assert screen.has("home.outbox.warning")
    assert not screen.has("late-banner")
    await county.tester("DELETE", "faults")
    await screen.tap("home.outbox.warning")
    await screen.tap("outbox.retry")
    await screen.move(seconds=5)
    assert screen.has("outbox.empty")
    await screen.go("/messages")
    assert not screen.has("late-banner")


async def test_refused_is_told_by_name_on_every_screen(county: County) -> None:
    """At once."""
    screen = await refused(county)
    await screen.go("/messages")

    async for _ in screen.languages():
        screen.check("messages")
        assert screen.says("outbox.late_refused", n=1)
        assert screen.says("outbox.item.message", subject="Selkä")
    await screen.tap("banner.outbox")
    screen.check("outbox")


async def test_everything_at_once(county: County) -> None:
    """Where several wait, one button tries them all."""
    screen = await waiting(county)
    await screen.write_to(screen.stores.services.name("fysioterapia"), "Polvi")
    await screen.tap("messages.send")
    await screen.go("/outbox")
    await county.offline(False)

    async for _ in screen.languages():
        screen.check("outbox")
        assert screen.identifiers.count("outbox.item") == 2
    await screen.tap("outbox.retry-all")
    await screen.move(seconds=5)

    assert screen.has("outbox.empty")
    assert (at_clinic(county), at_clinic(county, "Polvi")) == (1, 1)


async def test_everything_that_waits_is_told_apart(county: County) -> None:
    """By what the resident knows it by: the medicine, the value and its time, the permission, the talk …"""
    screen = await county.signed_in("raija")
    own, at = screen.own, county.clock()
    own.measurements.look()
    medicines = [one for one in _entries(own, Kind.MEDICINE) if getattr(one.about, "renewable", False)][:2]
    known = own.measurements.last(MeasureKind.WEIGHT)
    thread = (own.messages.threads.value or ())[0]
    assert known is not None
    await county.offline()
    for one in medicines:
        await own.record.renew.run(one)
    for value in ("128", "-5"):
        await own.measurements.save.run(MeasureKind.PULSE, (Decimal(value),), at)
    await own.measurements.change.run(known, (Decimal("81.5"),), at, "82 kg")
    for consent in (own.me.consents.value or ())[:2]:
        await own.me.answer.run(consent, not consent.given)
    needs = own.me.details.value.needs  # type: ignore[union-attr]
    await own.me.save_needs.run(needs.model_copy(update={"interpreter": True}))
    await own.messages.send.run(own.messages.composer(own.messages.reply_to(thread, "Vielä yksi asia.")))
    await screen.go("/outbox")

    async for _ in screen.languages():
        screen.check("outbox")
        words = [one for one in screen.texts if one]
        names = [words[place - 1] for place, one in enumerate(words) if one == screen.t("ledger.waiting")]
        assert len(set(names)) == len(names) == 9
    assert [one.title.text in "".join(screen.texts) for one in medicines] == [True, True]
    moment = screen.ui.format
    assert screen.says("outbox.item.message", subject=thread.subject)
    when = f"{moment.date(moment.local(at).date())} {moment.time(at)}"
    assert f"Oma mittaus: Syke \u22125 /min, {when}" in screen.texts
    assert any("Mittauksen korjaus: Paino 81,5 kg" in words for words in screen.texts)


def _entries(own: Own, kind: Kind) -> tuple[Entry, ...]:
    listing = own.record.listing(kind)
    listing.refresh()
    return tuple(own.record.entry(one.type, one.id) for one in listing.value.entries)  # type: ignore[union-attr,misc]


async def test_what_is_told_on_every_screen_names_no_medicine_and_no_value(county: County) -> None:
    """Somebody may sit beside: which one it is stands in the outbox."""
    screen = await county.signed_in("aino")
    await county.offline()
    await screen.own.measurements.save.run(MeasureKind.PULSE, (Decimal(128),), county.clock())
    await county.fault("status", "/fhir/", status=503)
    await county.offline(False)
    await screen.go("/messages")
    await screen.move(minutes=12)
    assert screen.has("late-banner")
    assert screen.t("outbox.item.measurement") in screen.texts
    assert not any("128" in words for words in screen.texts)
