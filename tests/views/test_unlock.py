"""Quick unlock on a device of the resident's own (row H2), on the screens; and the end of an unused served session."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import flet as ft
import pytest

from app.platform.devices import Devices
from app.platform.secrets import MemorySecrets
from app.stores.session import SessionState
from tests.views.examples import County, Visit, Walk

PIN, OTHER = "2580", "9173"


class Finger:
    """What the device recognises; ``there``: whether it was taught anything, ``known``: this finger."""

    def __init__(self) -> None:
        self.there, self.known, self.reasons = True, True, list[str]()

    async def available(self) -> bool:
        return self.there

    async def confirm(self, reason: str) -> bool:
        self.reasons.append(reason)
        return self.known


class Phone(County):
    """The same world on a phone: what is kept stays there between starts of the app."""

    def __init__(self, data: Path) -> None:
        super().__init__(data)
        self.secrets, self.finger = MemorySecrets(), Finger()

    def devices(self, way: Walk) -> Devices:
        return replace(super().devices(way), keeps=True, recognition=self.finger, pin_cost=2)


@pytest.fixture
async def phone(tmp_path: Path) -> AsyncIterator[Phone]:
    made = Phone(tmp_path)
    yield made
    await made.close()


async def press(visit: Visit, id: str) -> None:
    """A tap whose work may leave for a thread: the slow key of a PIN."""
    await visit.tap(id)
    await visit.until(lambda: visit.stores.unlock is not None and not busy(visit))
    await visit.settle()


def busy(visit: Visit) -> bool:
    unlock = visit.stores.unlock
    assert unlock is not None
    actions = (unlock.enter, unlock.switch_on, unlock.change, unlock.switch_off, unlock.recognise)
    return any(action.status.name == "RUNNING" for action in actions)


async def with_pin(phone: Phone) -> Visit:
    """Aino signs in and takes a PIN into use."""
    aino = await phone.signed_in("aino", "/settings")
    await aino.type("unlock.new", PIN)
    await aino.type("unlock.again", PIN)
    await press(aino, "unlock.switch-on")
    return aino


async def enter(visit: Visit, pin: str) -> None:
    await visit.type("unlock.pin", pin)
    await press(visit, "unlock.open")


async def test_settings_take_a_pin_into_use_and_say_what_is_wrong_with_one(phone: Phone) -> None:
    aino = await phone.signed_in("aino", "/settings")

    for pin, again, words in (
        ("12", "12", "4–8 numeroa"),
        ("1234", "1234", "liian helppo"),
        (PIN, OTHER, "eivät ole samat"),
    ):
        await aino.type("unlock.new", pin)
        await aino.type("unlock.again", again)
        await press(aino, "unlock.switch-on")
        assert any(words in said for said in aino.within("settings.unlock")), words

    await aino.type("unlock.again", PIN)
    await press(aino, "unlock.switch-on")
    assert aino.has("unlock.on")


async def test_the_next_start_asks_for_the_pin_and_shows_nothing_before(phone: Phone) -> None:
    await (await with_pin(phone)).close()

    aino = await phone.open("/messages")
    assert aino.has("unlock")
    assert aino.stores.session.own is None
    assert "Aino" not in aino.text

    await enter(aino, PIN)

    assert aino.stores.session.state is SessionState.SIGNED_IN
    assert aino.route == "/"
    assert aino.has("home")


async def test_the_pin_opens_the_data_without_a_connection(phone: Phone) -> None:
    await (await with_pin(phone)).close()
    await phone.offline()

    aino = await phone.open()
    await enter(aino, PIN)

    assert aino.has("home")


async def test_the_field_hides_digits_may_be_pasted_into_and_enter_opens(phone: Phone) -> None:
    await (await with_pin(phone)).close()
    aino = await phone.open()

    field = aino.control("unlock.pin")
    assert field.password
    assert field.enable_interactive_selection is not False
    assert field.keyboard_type is ft.KeyboardType.NUMBER

    await aino.type("unlock.pin", PIN)
    await aino.submit("unlock.pin")
    await aino.until(lambda: aino.stores.session.own is not None)


async def test_a_wrong_pin_says_how_many_are_left_and_then_when(phone: Phone) -> None:
    await (await with_pin(phone)).close()
    aino = await phone.open()

    await enter(aino, "0001")
    assert "Voit yrittää vielä 9 kertaa." in aino.text
    await enter(aino, "0001")
    await enter(aino, "0001")
    assert "Yritä uudelleen kello 12.00" in aino.text

    await enter(aino, PIN)
    assert aino.has("unlock"), "not before its time"
    phone.clock.move(seconds=31)
    await enter(aino, PIN)
    assert aino.has("home")


async def test_after_ten_wrong_pins_signing_in_brings_everything_back(phone: Phone) -> None:
    first = await with_pin(phone)
    composer = first.own.messages.composer(first.own.messages.start("nurse"))
    assert composer is not None
    composer.write("text", "Kesken jäänyt")
    composer.save()
    await first.close()
    aino = await phone.open()
    for _ in range(10):
        phone.clock.move(hours=2)
        await enter(aino, "0001")

    assert aino.has("unlock.spent")
    assert not aino.has("unlock.pin")
    await aino.sign_in("aino")

    assert [draft.body["text"] for draft in aino.own.drafts.all()] == ["Kesken jäänyt"]
    assert aino.stores.unlock is not None
    assert not aino.stores.unlock.on


async def test_the_pin_is_changed_and_taken_away_with_the_old_one_only(phone: Phone) -> None:
    aino = await with_pin(phone)
    await aino.type("unlock.old", "0001")
    await aino.type("unlock.new", OTHER)
    await aino.type("unlock.again", OTHER)
    await press(aino, "unlock.change")
    assert "Väärä PIN-koodi" in aino.text

    await aino.type("unlock.old", PIN)
    await press(aino, "unlock.change")
    await aino.tap("unlock.ask-off")
    await aino.type("unlock.off-pin", OTHER)
    await press(aino, "unlock.switch-off")

    assert aino.has("unlock.switch-on")
    await aino.close()
    assert (await phone.open()).has("home")


async def test_the_devices_own_recognition_opens_when_it_was_allowed(phone: Phone) -> None:
    aino = await with_pin(phone)
    await aino.choose("unlock.use-device", True)
    await aino.settle()
    assert phone.finger.reasons == ["Avaa omat tietosi"]
    await aino.close()

    aino = await phone.open()
    phone.finger.known = False
    await press(aino, "unlock.device")
    assert aino.has("unlock")
    phone.finger.known = True
    await press(aino, "unlock.device")
    assert aino.stores.session.own is not None


async def test_a_device_that_recognises_nobody_is_not_offered(phone: Phone) -> None:
    phone.finger.there = False
    aino = await with_pin(phone)

    assert not aino.has("unlock.use-device")


async def test_it_shuts_after_five_minutes_in_the_background(phone: Phone) -> None:
    """Not after four; what was being written is there when it is opened again."""
    aino = await with_pin(phone)
    assert aino.stores.unlock is not None
    for minutes, shut in ((4, False), (5, True)):
        await aino.write_to(aino.stores.services.name("terveysasema"), f"Selkä {minutes}")
        aino.stores.unlock.away()
        phone.clock.move(minutes=minutes)
        await aino.stores.unlock.back()
        await aino.settle()
        assert aino.stores.unlock.shut is shut

    assert aino.has("unlock")
    assert "Selkä" not in aino.text
    await enter(aino, PIN)
    await aino.go("/messages")
    assert "Selkä 5" in aino.texts


async def test_a_clock_set_back_in_the_background_shuts_it(phone: Phone) -> None:
    """It cannot be used to stay inside."""
    aino = await with_pin(phone)
    assert aino.stores.unlock is not None
    aino.stores.unlock.away()
    phone.clock.move(minutes=-30)
    await aino.stores.unlock.back()
    await aino.go("/")

    assert aino.stores.session.own is None
    assert aino.has("unlock")


@pytest.mark.parametrize("language", ["fi", "sv", "en", "fi_selko"])
async def test_every_language_has_its_words(phone: Phone, language: str) -> None:
    await (await with_pin(phone)).close()
    aino = await phone.open("/unlock", language=language)
    await enter(aino, "0001")

    assert aino.has("unlock")
    assert len(aino.headings) >= 2


async def test_a_served_session_has_no_lock(county: County) -> None:
    aino = await county.signed_in("aino", "/settings")

    assert aino.stores.unlock is None
    assert not aino.has("settings.unlock")
    assert (await county.open("/unlock")).has("welcome")
