"""One conversation: every state of a message, promises kept and broken, reading, going on (rows A2, A6, A9, A10)."""

from datetime import UTC, date, datetime

import pytest

from tests.views.examples import County, Visit

COUGH = "Pitkittynyt yskä"
AT_CLINIC = "professional/threads"


async def open_thread(screen: Visit, subject: str) -> None:
    await screen.go(f"/messages/thread/{screen.county.thread_id(subject)}")


async def written(county: County) -> Visit:
    """Aino has sent a message to the health station nurse."""
    screen = await county.signed_in("aino")
    await screen.write_to(screen.stores.services.name("terveysasema"))
    await screen.tap("messages.send")
    return screen


async def check_state(screen: Visit, state: str) -> None:
    async for _ in screen.languages():
        screen.check("messages.conversation")
        assert screen.within("messages.state")[0] == screen.t(f"ledger.{state}")
        assert screen.says(f"ledger.{state}.what")


async def test_from_sent_to_answered(county: County) -> None:
    """Sent with a receipt, delivered, opened, answered: each by its own word, in this order."""
    screen = await written(county)
    await check_state(screen, "sent")
    await screen.tap("messages.receipt")
    number = screen.own.messages.threads.value[0].messages[-1].id.partition("-")[0].upper()  # type: ignore[index]
    assert screen.says("messages.receipt.number", id=number)

    await screen.move(seconds=30)
    county.platform.clinic.step()
    await screen.look_again()
    await check_state(screen, "delivered")

    await county.tester("POST", f"{AT_CLINIC}/{county.thread_id('Selkä')}/open", {})
    await screen.look_again()
    await check_state(screen, "opened")

    await county.tester("POST", f"{AT_CLINIC}/{county.thread_id('Selkä')}/answer", {"text": "Lepää hetki."})
    await screen.look_again()
    await check_state(screen, "answered")
    assert "Lepää hetki." in screen.texts
    assert screen.says("messages.thread.reply")
    assert not screen.has("messages.promise")


async def test_waiting(county: County) -> None:
    """Without a connection it waits, and nothing says that it was sent."""
    screen = await county.signed_in("aino")
    await county.offline()
    await screen.write_to(screen.stores.services.name("terveysasema"))

    await screen.tap("messages.send")

    await check_state(screen, "waiting")
    assert not screen.has("messages.receipt")
    assert not screen.says("ledger.sent")
    await screen.tap("messages.to-outbox")
    screen.check("outbox")


async def test_sending(county: County) -> None:
    """While it is on its way."""
    screen = await county.signed_in("aino")
    await screen.write_to(screen.stores.services.name("terveysasema"))
    free = county.wire.hold("/fhir/Communication/")

    await screen.tap("messages.send")

    await check_state(screen, "sending")
    free()
    await screen.settle()
    await check_state(screen, "sent")


async def test_refused(county: County) -> None:
    """Said as it is; the text is kept."""
    screen = await county.signed_in("aino")
    await county.fault("status", "/fhir/Communication/", method="PUT", status=422)
    await screen.write_to(screen.stores.services.name("terveysasema"))

    await screen.tap("messages.send")

    await check_state(screen, "not_sent")
    assert "Selkä on kipeä." in screen.texts


async def test_an_answer_lost_on_the_way_is_not_a_second_message(county: County) -> None:
    """The platform took it, its answer never came: one message, and a receipt."""
    screen = await county.signed_in("aino")
    await screen.write_to(screen.stores.services.name("terveysasema"))
    await county.fault("drop-after", "/fhir/Communication/", method="PUT", times=2)

    await screen.tap("messages.send")
    for _ in range(3):
        await screen.move(minutes=1)

    await check_state(screen, "sent")
    assert len([c for c in county.all("Communication") if c.get("topic", {}).get("text") == "Selkä"]) == 2


async def test_late_answers_are_told_with_what_to_do(county: County) -> None:
    """After the promised day: sorry, call, or write a reminder that is begun already."""
    screen = await county.signed_in("daniel")

    await open_thread(screen, "Registering as a new resident")

    async for _ in screen.languages():
        screen.check("messages.conversation")
        assert screen.says("messages.promise.overdue_title")
        assert screen.says("messages.promise.overdue", day=screen.ui.format.day(date(2026, 11, 19)))
        assert screen.has("call.terveysasema")
    await screen.tap("messages.remind")
    screen.check("messages.compose")
    assert screen.control("messages.body").value.startswith(
        screen.t("messages.compose.remind_text", day="|").split("|")[0]
    )


async def test_closed(county: County) -> None:
    """It has ended: why one cannot reply, and a new message instead."""
    screen = await county.signed_in("aino")

    await open_thread(screen, "Paikasta lohkesi pala")

    async for _ in screen.languages():
        screen.check("messages.conversation")
        assert screen.says("messages.thread.closed_undated")
        assert not screen.has("messages.reply")
    await screen.tap("messages.start-new")
    screen.check("messages.compose")
    assert screen.has("messages.subject")


@pytest.mark.parametrize("address", ["none", "other"])
async def test_not_found(county: County, address: str) -> None:
    """A thread that is not there, and one of somebody else, look the same."""
    screen = await county.signed_in("aino")

    await screen.go(
        f"/messages/thread/{'none' if address == 'none' else county.thread_id('Ateriapalvelu kotiin')}"
    )

    async for _ in screen.languages():
        screen.check("messages.conversation")
        assert screen.says("messages.thread.not_found")


async def test_what_was_read_is_told_exactly_once(county: County) -> None:
    """New on this visit stays marked as new; the clinic is told once, and again opening tells nothing."""
    screen = await county.signed_in("veikko")
    assert screen.has("nav.messages")

    await open_thread(screen, "Ateriapalvelu kotiin")
    async for _ in screen.languages():
        screen.check("messages.conversation")
        assert screen.has("messages.new-answer")
    await screen.go("/")
    await open_thread(screen, "Ateriapalvelu kotiin")
    await screen.look_again()

    assert not screen.has("messages.new-answer")
    told = [r for r in county.wire.seen if r.method in ("PUT", "PATCH") and "/Communication/" in r.url.path]
    assert len(told) == 1
    thread = county.platform.clinic.thread(county.thread_id("Ateriapalvelu kotiin"))
    assert all(m.received for m in thread.messages if m.is_ours)
    assert "1" not in screen.within("nav.messages")


async def test_reading_without_a_connection_is_told_later(county: County) -> None:
    """It waits like everything else."""
    screen = await county.signed_in("veikko")
    await county.offline()
    await open_thread(screen, "Ateriapalvelu kotiin")
    await screen.go("/outbox")
    async for _ in screen.languages():
        screen.check("outbox")
        assert screen.says("outbox.item.mark_received")

    await county.offline(False)
    await screen.move(minutes=10)
    await screen.move(seconds=2)

    assert screen.has("outbox.empty")


async def test_a_reply_goes_into_its_thread(county: County) -> None:
    """Without asking for a subject again; the second message follows the first."""
    screen = await county.signed_in("aino")
    await open_thread(screen, COUGH)

    await screen.tap("messages.reply")
    async for _ in screen.languages():
        screen.check("messages.compose")
        assert screen.says("messages.compose.title_reply")
        assert not screen.has("messages.subject")
    await screen.type("messages.body", "Kuume nousi.")
    await screen.tap("messages.send")

    screen.check("messages.conversation")
    thread = county.platform.clinic.thread(county.thread_id(COUGH))
    assert [message.text for message in thread.messages][-1] == "Kuume nousi."
    assert screen.route.endswith(thread.id)


async def test_going_on_with_a_reply_that_was_begun(county: County) -> None:
    """The draft in the same thread, not a second one."""
    screen = await county.signed_in("aino")
    await open_thread(screen, COUGH)
    await screen.tap("messages.reply")
    await screen.type("messages.body", "Kesken")
    await open_thread(screen, COUGH)

    await screen.tap("messages.reply")

    assert screen.control("messages.body").value == "Kesken"


MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (MONDAY, date(2026, 11, 26)),
        (datetime(2026, 11, 23, 13, 59, tzinfo=UTC), date(2026, 11, 26)),
        (datetime(2026, 11, 23, 14, 0, tzinfo=UTC), date(2026, 11, 27)),  # 16.00 in Finland
        (datetime(2026, 11, 27, 14, 30, tzinfo=UTC), date(2026, 12, 3)),  # Friday evening
        (datetime(2026, 11, 28, 10, tzinfo=UTC), date(2026, 12, 3)),  # Saturday
        (datetime(2026, 12, 4, 15, tzinfo=UTC), date(2026, 12, 10)),  # before Independence Day, a Sunday
        (datetime(2026, 12, 22, 10, tzinfo=UTC), date(2026, 12, 29)),  # Christmas Eve and Day in between
        (
            datetime(2026, 3, 27, 13, 30, tzinfo=UTC),
            date(2026, 4, 1),
        ),  # the last Friday of winter time, 15.30
    ],
)
async def test_the_promised_day_before_and_after_sending(make_county, at: datetime, day: date) -> None:  # type: ignore[no-untyped-def]
    """The same day on both sides of the button, also over weekends, holidays and from 16.00 on."""
    screen = await make_county(at=at).signed_in("tuomas")
    await screen.write_to(screen.stores.services.name("terveysasema"))
    before = screen.within("messages.promise")
    assert before == [screen.t("messages.promise.before", day=screen.ui.format.day(day))]

    await screen.tap("messages.send")

    after = screen.within("messages.promise")
    assert screen.t("messages.promise.before", day=screen.ui.format.day(day)) in after
    await screen.go("/")
    assert screen.says("messages.promise.before", day=screen.ui.format.day(day))


async def test_today_is_the_day(county: County) -> None:
    """On the promised day it says today."""
    screen = await written(county)

    await screen.move(days=3)
    await screen.go("/")
    await open_thread(screen, "Selkä")

    async for _ in screen.languages():
        assert screen.says("messages.promise.today")


async def test_taken_along(county: County) -> None:
    """As text and as PDF, with who wrote what and when, and what has not been sent yet; nothing leaves the device."""
    screen = await county.signed_in("aino")
    await open_thread(screen, COUGH)
    asked = len(county.wire.seen)
    thread = screen.own.messages.thread(county.thread_id(COUGH))
    assert thread is not None
    async for _ in screen.languages():
        screen.check("messages.conversation")
        assert screen.says("take_along.hint")

    await screen.tap("export.messages.as-text")
    await screen.tap("export.messages.as-pdf")

    text, pdf = (args for name, args in screen.client.calls if name == "save_file")
    words = text["src_bytes"].decode()
    assert [message.text for message in thread.messages if message.text not in words] == []
    assert COUGH in words
    assert screen.t("messages.thread.you") in words
    first = thread.messages[0].at
    assert first is not None
    assert screen.ui.format.whole_moment(first) in words
    assert text["file_name"].endswith(".txt")
    assert pdf["src_bytes"].startswith(b"%PDF")
    assert len(county.wire.seen) == asked


async def test_out_of_the_list_and_back(county: County) -> None:
    """Hidden it is not deleted: shown when asked for, found by the search, brought back by hand or by a new message."""
    screen = await county.signed_in("aino", "/messages")
    id = county.thread_id(COUGH)
    await open_thread(screen, COUGH)
    await screen.tap("messages.hide")
    assert screen.route == "/messages"
    assert COUGH not in screen.texts
    async for _ in screen.languages():
        screen.check("messages")
        assert screen.says("hide.show_hidden", n=1)
    await screen.tap("messages.show-hidden")
    assert COUGH in screen.texts
    await screen.type("messages.search", COUGH.partition(" ")[0])
    assert COUGH in screen.texts
    assert any(screen.t("hide.mark") in words for words in screen.texts)
    await screen.type("messages.search", "")

    again = await county.signed_in("aino", f"/messages/thread/{id}")  # the device remembers
    async for _ in again.languages():
        again.check("messages.conversation")
        assert again.has("messages.hidden")
    await again.tap("messages.show")
    assert not again.has("messages.hidden")
    await again.tap("messages.hide")
    await county.tester("POST", f"{AT_CLINIC}/{id}/answer", {"text": "Onko yskä helpottanut?"})
    await again.look_again()
    assert COUGH in again.texts
    assert not again.has("messages.show-hidden")
