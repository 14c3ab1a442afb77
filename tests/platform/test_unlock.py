"""Quick unlock: what a PIN protects, how often it may be tried, and that nothing is ever lost behind it."""

import base64
import itertools
import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from app.api.tokens import STORED_AS
from app.errors import Locked
from app.platform.pins import TRIES, BadPin, check, wait_after
from app.platform.secrets import MemorySecrets
from app.platform.unlock import BY_DEVICE, RECORD, TOKENS, LockedSecrets, Outcome
from tests.headless import NOON

ACCOUNT, SUBJECT, PIN = "a" * 64, "6f1c0d5e-opaque", "2580"


class Device:
    """A device with its clock; ``start``: the app starts anew, with what the device has kept."""

    def __init__(self) -> None:
        self.kept, self.at = MemorySecrets(), NOON

    async def start(self) -> LockedSecrets:
        made = LockedSecrets(self.kept, lambda: self.at, cost=2)
        await made.load()
        return made

    def pass_(self, **by: float) -> None:
        self.at += timedelta(**by)

    async def values(self) -> str:
        return json.dumps(self.kept._kept)


@pytest.fixture
def device() -> Device:
    return Device()


async def locked(device: Device) -> bytes:
    """Switch the lock on for somebody with data; the key of their data."""
    secrets = await device.start()
    key = await secrets.data_key(ACCOUNT)
    await secrets.set(TOKENS, "a token")
    await secrets.switch_on(PIN, ACCOUNT, SUBJECT)
    return key


async def wrong(secrets: LockedSecrets, device: Device, times: int) -> Outcome:
    for _ in range(times):
        while secrets.wait_until:
            device.at = secrets.wait_until
        outcome = await secrets.try_pin("0001")
    return outcome


async def test_without_a_lock_it_is_the_same_place(device: Device) -> None:
    secrets = await device.start()
    await secrets.set("name", "value")

    assert (await secrets.get("name"), secrets.on, secrets.shut) == ("value", False, False)
    assert await secrets.data_key(ACCOUNT) == await device.kept.data_key(ACCOUNT)
    assert TOKENS == STORED_AS, "the tokens are among what is sealed"


async def test_after_a_start_the_pin_opens_and_nothing_else_reads(device: Device) -> None:
    key = await locked(device)
    secrets = await device.start()

    assert secrets.shut
    with pytest.raises(Locked):
        await secrets.data_key(ACCOUNT)
    with pytest.raises(Locked):
        await secrets.get(TOKENS)
    with pytest.raises(Locked):
        await secrets.set(TOKENS, "another")

    assert await secrets.try_pin(PIN) is Outcome.OPEN
    assert await secrets.data_key(ACCOUNT) == key
    assert await secrets.get(TOKENS) == "a token"


async def test_what_is_kept_holds_neither_key_nor_token_nor_pin_nor_subject(device: Device) -> None:
    key = await locked(device)
    kept = await device.values()

    assert base64.b64encode(key).decode() not in kept
    assert all(secret not in kept for secret in ("a token", PIN, SUBJECT))


async def test_a_sealed_value_does_not_pass_for_another(device: Device) -> None:
    await locked(device)
    device.kept._kept[f"key.{ACCOUNT}"] = device.kept._kept[TOKENS]
    secrets = await device.start()
    await secrets.try_pin(PIN)

    with pytest.raises(Locked):
        await secrets.data_key(ACCOUNT)


async def test_waits_grow_and_stay_when_the_app_is_killed(device: Device) -> None:
    await locked(device)
    secrets = await device.start()

    assert await wrong(secrets, device, 2) is Outcome.WRONG
    assert secrets.wait_until is None
    assert await wrong(secrets, device, 1) is Outcome.WRONG
    assert secrets.wait_until == device.at + timedelta(seconds=30)

    again = await device.start()
    assert again.wait_until == device.at + timedelta(seconds=30)
    assert await again.try_pin(PIN) is Outcome.WAIT
    assert again.left == TRIES - 3

    device.pass_(seconds=30)
    assert await again.try_pin(PIN) is Outcome.OPEN
    assert again.left == TRIES


def test_each_wait_is_longer_than_the_one_before() -> None:
    waits = [wait_after(n) for n in range(TRIES)]

    assert waits[:3] == [timedelta(0)] * 3
    assert all(a < b for a, b in itertools.pairwise(waits[2:9]))


async def test_a_failure_is_written_down_before_the_pin_is_tried(device: Device) -> None:
    """Pulling the plug in the middle of a try does not give the try back."""
    await locked(device)
    secrets = await device.start()
    seen: list[int] = []
    keep = device.kept.set

    async def spy(name: str, value: str) -> None:
        if name == RECORD:
            seen.append(json.loads(value)["failures"])
        await keep(name, value)

    device.kept.set = spy  # type: ignore[method-assign]
    await secrets.try_pin(PIN)

    assert seen == [1, 0]


async def test_a_clock_set_back_does_not_lengthen_the_wait(device: Device) -> None:
    await locked(device)
    secrets = await device.start()
    await wrong(secrets, device, 3)
    device.pass_(days=-400)

    assert secrets.wait_until == device.at + timedelta(seconds=30)


async def test_ten_wrong_pins_lock_it_and_a_strong_sign_in_gives_everything_back(device: Device) -> None:
    key = await locked(device)
    secrets = await device.start()
    await wrong(secrets, device, TRIES - 1)
    assert await wrong(secrets, device, 1) is Outcome.SPENT

    device.pass_(days=30)
    secrets = await device.start()
    assert secrets.spent
    assert await secrets.try_pin(PIN) is Outcome.SPENT, "the right one does not help any more"

    await secrets.signed_in(SUBJECT, ACCOUNT)

    assert (secrets.on, secrets.shut) == (False, False)
    assert await secrets.data_key(ACCOUNT) == key


async def test_windows_opened_beforehand_give_no_more_tries(device: Device) -> None:
    await locked(device)
    windows = [await device.start() for _ in range(4)]
    for secrets in windows[:3]:
        await wrong(secrets, device, 1)
    assert await windows[3].try_pin(PIN) is Outcome.WAIT
    assert windows[3].left == TRIES - 3
    await wrong(windows[3], device, TRIES - 3)
    assert await windows[0].try_pin(PIN) is Outcome.SPENT


async def test_a_forgotten_pin_is_taken_away_by_a_strong_sign_in(device: Device) -> None:
    key = await locked(device)
    secrets = await device.start()

    await secrets.signed_in(SUBJECT, ACCOUNT)

    assert await (await device.start()).data_key(ACCOUNT) == key


async def test_another_persons_sign_in_opens_nothing_and_loses_nothing(device: Device) -> None:
    key = await locked(device)
    secrets = await device.start()
    await secrets.signed_in("somebody-else", "b" * 64)

    assert not secrets.on
    assert await secrets.get(TOKENS) is None
    with pytest.raises(Locked):
        await secrets.data_key(ACCOUNT)
    await secrets.set(TOKENS, "theirs")
    other = await secrets.data_key("b" * 64)
    assert other != key

    back = await device.start()
    await back.signed_in(SUBJECT, ACCOUNT)
    assert await back.data_key(ACCOUNT) == key
    assert await back.data_key("b" * 64) == other


async def test_signing_in_again_while_it_is_open_leaves_the_lock(device: Device) -> None:
    await locked(device)
    secrets = await device.start()
    await secrets.try_pin(PIN)

    await secrets.signed_in(SUBJECT, ACCOUNT)

    assert (await device.start()).shut


async def test_another_pin_and_switching_off(device: Device) -> None:
    key = await locked(device)
    secrets = await device.start()
    with pytest.raises(Locked):
        await secrets.change("9173")
    await secrets.try_pin(PIN)
    await secrets.change("9173")

    secrets = await device.start()
    assert await secrets.try_pin(PIN) is Outcome.WRONG
    assert await secrets.try_pin("9173") is Outcome.OPEN

    await secrets.switch_off()
    plain = await device.start()
    assert not plain.on
    assert await plain.data_key(ACCOUNT) == key
    assert await plain.get(TOKENS) == "a token"


async def test_an_interrupted_switching_on_is_finished_at_the_next_opening(device: Device) -> None:
    key = await locked(device)
    await device.kept.set(f"key.{ACCOUNT}", base64.b64encode(key).decode())  # as if it had not come that far
    secrets = await device.start()

    await secrets.try_pin(PIN)

    assert device.kept._kept[f"key.{ACCOUNT}"].startswith("sealed:")
    assert await secrets.data_key(ACCOUNT) == key


def recognising(answer: bool) -> Callable[[], object]:
    async def recognised() -> bool:
        return answer

    return recognised


async def test_the_devices_own_recognition_opens_only_when_it_was_allowed(device: Device) -> None:
    key = await locked(device)
    secrets = await device.start()
    assert not await secrets.open_by_device(recognising(True))  # type: ignore[arg-type]
    with pytest.raises(Locked):
        await secrets.use_device(True)
    await secrets.try_pin(PIN)
    await secrets.use_device(True)

    secrets = await device.start()
    assert secrets.by_device
    assert not await secrets.open_by_device(recognising(False))  # type: ignore[arg-type]
    assert secrets.shut
    assert await secrets.open_by_device(recognising(True))  # type: ignore[arg-type]
    assert await secrets.data_key(ACCOUNT) == key


async def test_after_too_many_wrong_pins_the_device_does_not_open_it_either(device: Device) -> None:
    await locked(device)
    secrets = await device.start()
    await secrets.try_pin(PIN)
    await secrets.use_device(True)
    secrets = await device.start()
    await wrong(secrets, device, TRIES)

    assert not await secrets.open_by_device(recognising(True))  # type: ignore[arg-type]
    assert await device.kept.get(BY_DEVICE) is None


async def test_erasing_an_account_takes_its_lock_along(device: Device) -> None:
    await locked(device)
    secrets = await device.start()
    await secrets.try_pin(PIN)

    await secrets.forget_key(ACCOUNT)

    assert await device.kept.get(RECORD) is None
    assert await device.kept.get(f"key.{ACCOUNT}") is None


@pytest.mark.parametrize(
    ("pin", "again", "problem"),
    [
        ("2580", "2580", None),
        ("13579753", "13579753", None),
        ("258", "258", BadPin.LENGTH),
        ("123456789", "123456789", BadPin.LENGTH),
        ("25a0", "25a0", BadPin.LENGTH),
        ("٢٥٨٠", "٢٥٨٠", BadPin.LENGTH),
        ("7777", "7777", BadPin.SIMPLE),
        ("1234", "1234", BadPin.SIMPLE),
        ("9876", "9876", BadPin.SIMPLE),
        ("7890", "7890", BadPin.SIMPLE),
        ("2580", "2581", BadPin.DIFFERENT),
    ],
)
def test_which_pins_will_do(pin: str, again: str, problem: BadPin | None) -> None:
    assert check(pin, again) is problem
