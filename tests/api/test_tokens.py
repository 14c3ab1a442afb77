"""Keeping tokens fresh: one renewal at a time, early enough, and what happens when it is refused."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from app.api.tokens import TokenKeeper, Tokens, account_of
from app.errors import AppError, DeviceFull, Locked, Offline, ServiceDown, SignedOut

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def tokens(n: int = 1, seconds: int = 300) -> Tokens:
    return Tokens(f"access{n}", NOW + timedelta(seconds=seconds), f"refresh{n}", sub="s", patient="aino")


class Provider:
    """Renews, waits for ``go`` first, and raises ``problem`` if it has one."""

    def __init__(self) -> None:
        self.renewals, self.revoked = [], []
        self.problem: AppError | None = None
        self.go = asyncio.Event()
        self.go.set()

    async def refresh(self, old: Tokens) -> Tokens:
        self.renewals.append(old.refresh)
        await self.go.wait()
        if self.problem:
            raise self.problem
        return tokens(len(self.renewals) + 1, 1200)

    async def revoke(self, old: Tokens) -> None:
        self.revoked.append(old.refresh)
        if self.problem:
            raise self.problem


class Secrets:
    """A keychain, which may be full."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.full = False

    async def get(self, name: str) -> str | None:
        return self.kept.get(name)

    async def set(self, name: str, value: str) -> None:
        if self.full:
            raise DeviceFull
        self.kept[name] = value

    async def delete(self, name: str) -> None:
        self.kept.pop(name, None)


class Table:
    """A keeper with everything around it."""

    def __init__(self) -> None:
        self.now, self.provider, self.secrets = NOW, Provider(), Secrets()
        self.keeper = TokenKeeper(self.provider, lambda: self.now, self.secrets)
        self.ended = 0
        self.unwatch = self.keeper.watch(self._end)

    def _end(self) -> None:
        self.ended += 1

    def pass_time(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
async def table() -> Table:
    made = Table()
    await made.keeper.start(tokens())
    return made


async def test_nobody_signed_in_has_no_token() -> None:
    assert await Table().keeper.token() is None
    assert not await Table().keeper.renew()


async def test_a_token_is_used_until_shortly_before_its_end(table: Table) -> None:
    table.pass_time(250)
    assert await table.keeper.token() == "access1"
    table.pass_time(10)
    assert await table.keeper.token() == "access2"
    assert table.provider.renewals == ["refresh1"]


async def test_however_many_ask_there_is_one_renewal(table: Table) -> None:
    table.pass_time(299)
    table.provider.go.clear()
    asking = [asyncio.create_task(table.keeper.token()) for _ in range(20)]
    renewing = [asyncio.create_task(table.keeper.renew()) for _ in range(5)]
    await asyncio.sleep(0)
    table.provider.go.set()
    assert set(await asyncio.gather(*asking)) == {"access2"}
    assert all(await asyncio.gather(*renewing))
    assert table.provider.renewals == ["refresh1"]


async def test_a_renewal_goes_on_when_who_asked_goes_away(table: Table) -> None:
    table.pass_time(299)
    table.provider.go.clear()
    asking = asyncio.create_task(table.keeper.token())
    await asyncio.sleep(0)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    table.provider.go.set()
    assert await table.keeper.token() == "access2"
    assert table.provider.renewals == ["refresh1"]


async def test_after_a_401_a_new_token_is_fetched_even_early(table: Table) -> None:
    assert await table.keeper.renew()
    assert await table.keeper.token() == "access2"


async def test_a_refused_renewal_ends_the_sign_in_and_is_told_once(table: Table) -> None:
    table.provider.problem = SignedOut()
    assert not await table.keeper.renew()
    assert not await table.keeper.renew()
    assert (table.ended, await table.keeper.token(), table.secrets.kept) == (1, None, {})


async def test_a_sign_in_that_cannot_be_renewed_ends_with_its_token(table: Table) -> None:
    await table.keeper.start(Tokens("only", NOW + timedelta(seconds=10)))
    table.pass_time(20)
    assert await table.keeper.token() == "only"
    assert not await table.keeper.renew()
    assert table.ended == 1


@pytest.mark.parametrize("problem", [Offline(), ServiceDown()])
async def test_a_provider_out_of_reach_ends_nothing(table: Table, problem: AppError) -> None:
    table.provider.problem = problem
    table.pass_time(280)
    assert await table.keeper.token() == "access1"
    table.pass_time(30)
    with pytest.raises(type(problem)):
        await table.keeper.token()
    assert not await table.keeper.renew()
    table.provider.problem = None
    assert (await table.keeper.token(), table.ended) == ("access5", 0)


async def test_who_no_longer_watches_is_not_told(table: Table) -> None:
    table.unwatch()
    table.unwatch()
    table.provider.problem = SignedOut()
    await table.keeper.renew()
    assert table.ended == 0


async def test_tokens_outlive_the_app_where_there_is_a_keychain(table: Table) -> None:
    await table.keeper.renew()
    again = TokenKeeper(table.provider, lambda: NOW, table.secrets)
    restored = await again.restore()
    assert restored == table.keeper.tokens
    assert await again.token() == "access2"


@pytest.mark.parametrize("stored", ["", "{}", "[1]", '{"access": "a", "expires_at": "x"}', "not json"])
async def test_damaged_tokens_are_none(table: Table, stored: str) -> None:
    table.secrets.kept["tokens"] = stored
    assert await table.keeper.restore() is None
    assert await table.keeper.token() is None


async def test_a_full_keychain_does_not_stop_a_sign_in(table: Table) -> None:
    table.secrets.full = True
    assert await table.keeper.renew()
    assert await table.keeper.token() == "access2"


async def test_signing_out_forgets_and_revokes_even_when_offline(table: Table) -> None:
    table.provider.problem = Offline()
    await table.keeper.end()
    assert (await table.keeper.token(), table.secrets.kept, table.provider.revoked) == (
        None,
        {},
        ["refresh1"],
    )
    assert table.ended == 0


async def test_a_renewal_that_ends_after_sign_out_signs_nobody_in(table: Table) -> None:
    table.provider.go.clear()
    renewing = asyncio.create_task(table.keeper.renew())
    await asyncio.sleep(0)
    await table.keeper.end()
    table.provider.go.set()
    await renewing
    assert (await table.keeper.token(), table.secrets.kept) == (None, {})
    assert table.provider.revoked == ["refresh1", "refresh2"]


def test_an_account_is_of_one_person_at_one_platform() -> None:
    names = {
        account_of(i, s, b)
        for i in ("https://a", "https://b")
        for s in ("1", "2")
        for b in ("https://f/", "https://f", "https://g")
    }
    assert len(names) == 8


class SlowSecrets(Secrets):
    """A keychain that takes its time to keep something (a phone's, asked through its client)."""

    def __init__(self) -> None:
        super().__init__()
        self.open = asyncio.Event()
        self.open.set()

    async def set(self, name: str, value: str) -> None:
        await self.open.wait()
        await super().set(name, value)


async def test_tokens_that_are_still_being_kept_at_sign_out_are_forgotten_too(table: Table) -> None:
    """Else the app would open the person's data at its next start, without anybody having signed in."""
    slow = SlowSecrets()
    keeper = TokenKeeper(table.provider, lambda: NOW, slow)
    await keeper.start(tokens())
    slow.open.clear()
    renewing = asyncio.create_task(keeper.renew())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    ending = asyncio.create_task(keeper.end())
    await asyncio.sleep(0)
    slow.open.set()
    await asyncio.gather(renewing, ending)
    assert slow.kept == {}


async def test_a_renewal_that_ends_after_the_app_was_locked_is_kept_for_its_opening(table: Table) -> None:
    """The provider has forgotten the token before it: without the new one the sign-in would be over."""
    table.provider.go.clear()
    renewing = asyncio.create_task(table.keeper.renew())
    await asyncio.sleep(0)
    table.keeper.set_aside()
    table.provider.go.set()
    await renewing
    assert table.provider.revoked == []
    restored = await table.keeper.restore()
    assert restored is not None
    assert restored.refresh == "refresh2"


async def test_two_windows_of_the_app_never_use_a_token_twice(table: Table) -> None:
    """A provider takes that for a theft, and ends the sign-in in both."""
    other = TokenKeeper(table.provider, lambda: NOW, table.secrets)
    await other.restore()
    assert await other.renew()
    assert await table.keeper.renew()
    assert table.provider.renewals == ["refresh1"]
    assert await table.keeper.token() == "access2"
    assert await table.keeper.renew()
    assert table.provider.renewals == ["refresh1", "refresh2"]


class Stuck(Secrets):
    """A keychain that lets nothing be removed for now."""

    async def delete(self, name: str) -> None:
        raise Locked


async def test_tokens_that_cannot_be_removed_at_sign_out_open_nothing_later(table: Table) -> None:
    stuck = Stuck()
    keeper = TokenKeeper(table.provider, lambda: NOW, stuck)
    await keeper.start(tokens())
    await keeper.end()
    assert await TokenKeeper(table.provider, lambda: NOW, stuck).restore() is None
