"""The clinic's side of chats: queue, assistant, taking, answering, ending; and what residents may not write."""

from typing import Any

import httpx
import pytest
from fhir_schema import problems

from app.api.chat import to_chats
from app.domain.chat import BOT_TURNS, Answer, Chat, Stage
from backend_stub.app import Platform
from backend_stub.chat import shape
from backend_stub.chat.desk import ChatDesk
from backend_stub.fhir.errors import Conflict
from tests.backend_stub.chatting import join, later, say


def seen(platform: Platform, id: str) -> Chat:
    """The chat as the app reads it."""
    parsed = to_chats(platform.repository.all("Task"), platform.repository.all("Communication"))
    assert not parsed.rejected
    return next(chat for chat in parsed.chats if chat.id == id)


def bots(platform: Platform, id: str) -> list[str]:
    chat = seen(platform, id)
    return [m.text for m in chat.thread.messages if m.id in chat.bot_messages]


def test_who_waits_has_a_place_a_range_and_the_time_of_it(platform: Platform) -> None:
    first, second = join(platform, "aino"), join(platform, "tuomas")
    later(platform, 3)
    place = seen(platform, second).place

    assert seen(platform, first).place.number == 1  # type: ignore[union-attr]
    assert place is not None
    assert (place.number, place.passed) == (2, None)
    assert 0 < place.low < place.high
    assert (platform.clock.now() - place.updated).total_seconds() < 5


def test_the_order_is_the_platforms_whatever_the_residents_clocks_say(platform: Platform) -> None:
    """A clock in the past gains nothing, also after a restart."""
    first = join(platform, "aino")
    second = join(platform, "tuomas")
    task = platform.chat.task(second)
    platform.repository.update("Task", second, {**task, "authoredOn": "2020-01-01T00:00:00Z"})
    again = ChatDesk(platform.repository, platform.clock)

    assert [one["id"] for one in platform.chat.tasks("requested")] == [first, second]
    assert [one["id"] for one in again.tasks("requested")] == [first, second]


def test_the_queue_of_one_service_is_not_that_of_another(platform: Platform) -> None:
    join(platform, "aino")
    other = join(platform, "tuomas", "suun-terveydenhuolto")
    later(platform, 3)

    assert seen(platform, other).place.number == 1  # type: ignore[union-attr]


def test_greater_need_goes_first_and_the_others_are_told(platform: Platform) -> None:
    first = join(platform, "aino")
    later(platform, 3)
    urgent = join(platform, "tuomas")
    platform.chat.urgent(urgent)
    later(platform, 3)
    assert seen(platform, first).place.number == 2  # type: ignore[union-attr]
    taken = platform.chat.next("terveysasema", "kaisa")
    later(platform, 3)
    place = seen(platform, first).place

    assert taken["id"] == urgent
    assert place is not None
    assert place.number == 1
    assert place.passed is not None


def test_the_assistant_says_what_it_is_and_takes_three_turns_at_most(platform: Platform) -> None:
    chat = join(platform, "aino")
    later(platform, 2)
    assert bots(platform, chat)[0].startswith("Hei! Olen automaattinen avustaja, en ihminen.")
    for number in range(5):
        say(platform, chat, f"Vastaus {number}")
        later(platform, 2)

    assert len(bots(platform, chat)) == BOT_TURNS
    assert not seen(platform, chat).bot
    assert seen(platform, chat).stage is Stage.QUEUE


def test_the_assistant_asks_nothing_that_was_told(platform: Platform) -> None:
    """Not what a question before the chat told, and nothing at all when the same matter goes on."""
    told = [Answer(question="Hur länge har det pågått?", answer="Några dagar")]
    chat = join(platform, "aino", asked=told)
    platform.chat.close(join(platform, "tuomas"), [])
    again = join(platform, "tuomas", continues=platform.chat.tasks("completed")[0]["id"])
    for number in range(4):
        later(platform, 2)
        say(platform, chat, f"Vastaus {number}")
        say(platform, again, f"Vastaus {number}")

    assert len(bots(platform, chat)) == BOT_TURNS - 1
    assert not any("Milloin asia alkoi?" in text for text in bots(platform, chat))
    assert len(bots(platform, again)) == 1
    assert "Hän näkee aiemman keskustelun" in bots(platform, again)[0]
    assert bots(platform, again)[0].endswith("hätätilanteessa 112.")


def test_the_assistant_is_silent_once_a_human_being_is_there(platform: Platform) -> None:
    chat = join(platform, "aino")
    platform.chat.take(chat)
    later(platform, 5)
    say(platform, chat, "Hei")
    later(platform, 5)

    assert bots(platform, chat) == []


def test_delivered_and_read_are_marks_of_the_chat_and_messages_never_change(platform: Platform) -> None:
    chat = join(platform, "aino")
    mine = say(platform, chat, "Vielä yksi asia")
    assert seen(platform, chat).delivered == mine
    platform.chat.take(chat)
    platform.chat.read(chat)
    platform.chat.answer(chat, "Hei, olen Kaisa.")

    found = seen(platform, chat)
    assert found.read == mine
    assert [found.state_of(m).value for m in found.thread.messages if m.mine] == ["opened", "opened"]
    versions = {b["meta"]["versionId"] for b in platform.chat.messages(chat)}
    assert versions == {"1"}


def test_typing_ends_with_the_answer(platform: Platform) -> None:
    chat = join(platform, "aino")
    platform.chat.take(chat)
    platform.chat.type(chat)
    assert seen(platform, chat).is_typing(platform.clock.now())
    platform.chat.answer(chat, "Hei!")

    assert not seen(platform, chat).is_typing(platform.clock.now())


def test_ending_leaves_what_was_agreed_a_code_and_days_to_go_on(platform: Platform) -> None:
    chat = join(platform, "aino")
    platform.chat.take(chat)
    platform.chat.close(chat, ["Lepää kolme päivää.", " ", "Soita, jos kuume nousee."])
    found = seen(platform, chat)

    assert found.stage is Stage.ENDED
    assert found.agreed == ("Lepää kolme päivää.", "Soita, jos kuume nousee.")
    assert platform.chat.by_code(found.code)["id"] == chat  # type: ignore[index]
    assert found.can_continue(platform.clock.local().date())
    assert problems(platform.chat.task(chat)) == []
    with pytest.raises(Conflict):
        platform.chat.answer(chat, "Vielä")


def test_a_chat_can_be_taken_once(platform: Platform) -> None:
    chat = join(platform, "aino")
    platform.chat.take(chat, "kaisa")
    with pytest.raises(Conflict):
        platform.chat.take(chat, "jussi")


def test_a_restart_keeps_queue_and_turns_of_the_assistant(platform: Platform) -> None:
    chat = join(platform, "aino")
    later(platform, 2)
    again = ChatDesk(platform.repository, platform.clock)
    again.step()

    assert again.book.bot_turns(chat) == 1
    assert [task["id"] for task in again.tasks("requested")] == [chat]


def test_what_is_written_to_the_resident_is_valid_r4(platform: Platform) -> None:
    chat = join(platform, "aino")
    later(platform, 3)
    platform.chat.take(chat)
    platform.chat.type(chat)
    written = platform.chat.answer(chat, "Hei")

    assert problems(written) == []
    assert problems(platform.chat.task(chat)) == []


def test_chats_are_not_among_the_letters_of_the_clinic(platform: Platform) -> None:
    before = len(platform.clinic.threads())
    join(platform, "aino")

    assert len(platform.clinic.threads()) == before


@pytest.mark.parametrize(
    "forged",
    [
        {"status": "in-progress"},
        {"priority": "urgent"},
        {"owner": {"reference": "Practitioner/kaisa"}},
        {"extension": [{"url": "https://digiklinikka.example/fhir/StructureDefinition/chat-queue"}]},
        {"output": [{"type": {"text": "agreed"}, "valueString": "Saan reseptin."}]},
    ],
)
async def test_a_resident_cannot_forge_the_clinics_part(
    platform: Platform, http: httpx.AsyncClient, forged: dict[str, Any]
) -> None:
    chat = join(platform, "aino")
    task = platform.chat.task(chat)
    aino = platform.seeder.roster.get("aino")
    assert aino is not None
    token = platform.provider.resident_tokens(aino).access
    answer = await http.put(
        f"/fhir/Task/{chat}",
        json={**task, **forged},
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/fhir+json"},
    )

    assert answer.status_code == 403, answer.text


async def test_typing_is_told_and_not_stored(platform: Platform, http: httpx.AsyncClient) -> None:
    chat = join(platform, "aino")
    versions = len(platform.repository.history("Task", chat))
    aino, tuomas = (platform.seeder.roster.get(key) for key in ("aino", "tuomas"))
    assert aino is not None
    assert tuomas is not None

    async def types(who: Any) -> int:
        token = platform.provider.resident_tokens(who).access
        told = await http.post(f"/fhir/Task/{chat}/$typing", headers={"Authorization": f"Bearer {token}"})
        return told.status_code

    assert await types(tuomas) == 404
    assert not platform.chat.resident_types(chat)
    assert await types(aino) == 204
    assert platform.chat.resident_types(chat)
    assert len(platform.repository.history("Task", chat)) == versions


async def test_the_console_takes_answers_and_ends(platform: Platform, http: httpx.AsyncClient) -> None:
    chat = join(platform, "aino")
    page = (await http.get("/console/chats")).text
    assert "Jonossa" in page
    token = page.split('name="token" value="')[1].split('"')[0]

    async def press(path: str, **form: str) -> httpx.Response:
        return await http.post(f"/console/{path}", data={"token": token, **form})

    assert (await press("chats/next")).headers["location"].startswith(f"/console/chat/{chat}")
    drafted = await press(f"chat/{chat}/answer", text="Hei", phrase="0")
    assert "Hei! Luen ensin, mitä olet kirjoittanut" in drafted.text
    assert "huomenna" not in drafted.text
    assert (await press(f"chat/{chat}/answer", text="")).status_code == 409
    await press(f"chat/{chat}/answer", text="Hei, olen Kaisa.")
    await press(f"chat/{chat}/close", agreed="Lepää.\nSoita, jos pahenee.")
    code = seen(platform, chat).code
    found = await http.get("/console/chats", params={"code": code.replace("-", " ")})

    assert found.headers["location"] == f"/console/chat/{chat}"
    assert "Soita, jos pahenee." in (await http.get(f"/console/chat/{chat}")).text
    assert (await http.post(f"/console/chat/{chat}/take", data={"token": "x"})).status_code == 403


async def test_a_video_visit_that_was_agreed_to_is_one_link_away(
    platform: Platform, http: httpx.AsyncClient
) -> None:
    """A visit by video with the service of the chat, so that it can be joined and, if need be, telephoned."""
    chat = join(platform, "aino")
    platform.chat.take(chat, "kaisa")
    task = platform.chat.offer_video(chat, "kaisa")
    visit = shape.extension(task, "chat-video")["valueId"]
    agreed = shape.extended(task, chat_video_answer={"valueBoolean": True})
    platform.repository.update("Task", chat, agreed, by="aino")

    page = (await http.get(f"/console/chat/{chat}")).text
    assert f'href="/console/diary/{visit}"' in page
    shown = await http.get(f"/console/diary/{visit}")
    assert shown.status_code == 200
    assert "Aino Virtanen" in shown.text
    assert platform.repository.read("Appointment", visit)["appointmentType"]["coding"][0]["code"] == "video"


async def test_the_testers_controls_drive_a_chat(platform: Platform, http: httpx.AsyncClient) -> None:
    chat = join(platform, "aino")
    await http.post("/tester/chats/latest/answer", json={"text": "Hei"})
    await http.post("/tester/chats/step")
    told = (await http.post(f"/tester/chats/{chat}/close", json={"agreed": ["Lepää."]})).json()

    assert told["agreed"] == ["Lepää."]
    assert [one["from"] for one in told["messages"]] == ["resident", "professional"]
    assert (await http.get("/tester/chats")).json()["chats"][0]["status"] == "completed"


async def test_photos_are_shown_to_whoever_has_taken_the_talk(
    platform: Platform, http: httpx.AsyncClient
) -> None:
    """In place on the page, to the professional of the chat alone; others see how many there are."""
    chat = join(platform, "aino")
    say(platform, chat, "Tältä se näyttää.", b"picture")
    binary = platform.chat.messages(chat)[-1]["payload"][1]["contentAttachment"]["url"].split("/")[1]
    place = f"/console/chat/{chat}/attachment/{binary}"

    http.cookies.set("console-who", "kaisa")
    assert place not in (await http.get(f"/console/chat/{chat}")).text
    assert (await http.get(place)).status_code == 403
    platform.chat.take(chat, "kaisa")
    assert f'<img src="{place}" alt="iho.jpg">' in (await http.get(f"/console/chat/{chat}")).text
    shown = await http.get(place)
    assert (shown.content, shown.headers["content-type"]) == (b"picture", "image/jpeg")
    assert shown.headers["cache-control"] == "no-store"
    assert (await http.get(f"/console/chat/{chat}/attachment/other")).status_code == 404
    platform.chat.close(chat, ["Rasvaa."])
    later_one = join(platform, "aino", continues=chat)
    platform.chat.take(later_one, "leena")
    http.cookies.set("console-who", "leena")
    assert place in (await http.get(f"/console/chat/{later_one}")).text
    assert (await http.get(place)).status_code == 200
    http.cookies.set("console-who", "jussi")
    assert (await http.get(place)).status_code == 403
