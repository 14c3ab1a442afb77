"""What is kept stays kept, apart and private; what is lost is said."""

import asyncio
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import flet as ft
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringError, PasswordDeleteError

from app.errors import AppError, DeviceFull, Locked
from app.platform import client_storage
from app.platform import secrets as keys
from app.platform.client_storage import ClientStorage, SecureStorageSecrets, secure_storage
from app.platform.secrets import KeyringSecrets, MemorySecrets, Secrets
from app.platform.served_secrets import ServedSecrets


class Keychain(KeyringBackend):
    """A keychain in memory that, like that of Windows, refuses long values."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def _open(self) -> dict[tuple[str, str], str]:
        if self.locked:
            raise KeyringError
        return self.kept

    def get_password(self, service: str, username: str) -> str | None:
        return self._open().get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if len(password.encode("utf-16-le")) > 2560:
            raise KeyringError
        self._open()[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self._open().pop((service, username), None) is None:
            raise PasswordDeleteError


class Phone:
    """Flet's storage services as far as they are used; ``error`` is what the client reports."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.error: Exception | None = None

    def _open(self) -> dict[str, str]:
        if self.error:
            raise self.error
        return self.kept

    async def get(self, key: str) -> str | None:
        return self._open().get(key)

    async def set(self, key: str, value: str) -> None:
        self._open()[key] = value

    async def remove(self, key: str) -> None:
        self._open().pop(key, None)


def make(kind: str, folder: Path) -> Secrets:
    if kind == "keyring":
        return KeyringSecrets(Keychain())
    if kind == "phone":
        return SecureStorageSecrets(Phone())
    return ServedSecrets(folder) if kind == "served" else MemorySecrets()


@pytest.fixture(params=["memory", "keyring", "phone", "served"])
def safe(request: pytest.FixtureRequest, tmp_path: Path) -> Secrets:
    return make(request.param, tmp_path)


@pytest.mark.parametrize("value", ["", "a", "|", "å" * 999, "x" * 1000, "y" * 1001, "z|z" * 5000])
async def test_what_is_kept_comes_back(safe: Secrets, value: str) -> None:
    await safe.set("tokens", value)
    assert await safe.get("tokens") == value


async def test_the_last_value_counts_and_nothing_is_left_of_a_longer_one(safe: Secrets) -> None:
    for value in ("x" * 5000, "short"):
        await safe.set("tokens", value)
    assert await safe.get("tokens") == "short"
    await safe.delete("tokens")
    await safe.delete("tokens")
    assert await safe.get("tokens") is None
    assert getattr(getattr(safe, "_backend", None), "kept", {}) == {}


class KilledError(BaseException):
    """The process is gone."""


class Mortal(Keychain):
    """A keychain whose process is killed after so many changes."""

    left = 10**9

    def _change(self) -> None:
        if self.left == 0:
            raise KilledError
        self.left -= 1

    def set_password(self, service: str, username: str, password: str) -> None:
        self._change()
        super().set_password(service, username, password)

    def delete_password(self, service: str, username: str) -> None:
        self._change()
        super().delete_password(service, username)


@pytest.mark.parametrize("sizes", [(300, 300), (5000, 300), (300, 5000), (5000, 4000), (4000, 5000)])
async def test_who_is_killed_while_keeping_a_value_has_the_old_one_or_the_new_one(
    sizes: tuple[int, int],
) -> None:
    """The lock's record wraps the key of all that is stored: without it everything would be lost."""
    old, new = "o" * sizes[0], "n" * sizes[1]
    for changes in range(20):
        chain = Mortal()
        safe = KeyringSecrets(chain)
        await safe.set("unlock", old)
        chain.left = changes
        done = False
        try:
            await safe.set("unlock", new)
            done = True
        except KilledError:
            pass
        chain.left = 10**9
        assert await safe.get("unlock") in ((new,) if done else (old, new)), f"killed after {changes}"
        await safe.set("unlock", "short")
        await safe.delete("unlock")
        assert chain.kept == {}
    assert done


async def test_each_account_has_a_key_of_its_own_that_stays(safe: Secrets) -> None:
    aino, ville = await safe.data_key("aino"), await safe.data_key("ville")
    assert (len(aino), len(ville)) == (32, 32)
    assert aino != ville
    assert await safe.data_key("aino") == aino


async def test_a_forgotten_key_never_comes_back(safe: Secrets) -> None:
    before, other = await safe.data_key("aino"), await safe.data_key("ville")
    await safe.forget_key("aino")
    await safe.forget_key("aino")
    assert await safe.data_key("aino") != before
    assert await safe.data_key("ville") == other


@pytest.mark.parametrize("damaged", ["", "?", "YWJj"])
async def test_a_damaged_key_is_locked_and_never_replaced(damaged: str) -> None:
    for kind in ("memory", "keyring", "phone"):
        safe = make(kind, Path())
        await safe.set("key.aino", damaged)
        with pytest.raises(Locked):
            await safe.data_key("aino")
        assert await safe.get("key.aino") == damaged


async def test_a_locked_keychain_is_told() -> None:
    chain = Keychain()
    safe = KeyringSecrets(chain)
    await safe.set("tokens", "x" * 3000)
    del chain.kept["digiklinikka", "tokens.1"]
    with pytest.raises(Locked):
        await safe.get("tokens")
    chain.locked = True
    for doing in (safe.get("tokens"), safe.delete("tokens"), safe.data_key("aino")):
        with pytest.raises(Locked):
            await doing


@pytest.mark.parametrize("kind", [SecureStorageSecrets, ClientStorage])
async def test_a_client_that_fails_or_never_answers_is_told(
    kind: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = Phone()
    phone.error = RuntimeError("Session closed")
    for doing, problem in ((kind(phone).get("x"), Locked), (kind(phone).set("x", "y"), DeviceFull)):
        with pytest.raises(problem):
            await doing
    monkeypatch.setattr(client_storage, "CLIENT_ANSWERS_WITHIN", 0.01)
    monkeypatch.setattr(phone, "get", lambda key: asyncio.Event().wait())
    with pytest.raises(AppError):
        await kind(phone).get("x")


async def test_plain_storage_of_the_client_keeps_texts_only() -> None:
    phone = Phone()
    storage = ClientStorage(phone)
    await storage.set("sign-in", "[]")
    assert await storage.get("sign-in") == "[]"
    phone.kept["odd"] = 1  # type: ignore[assignment]
    assert await storage.get("odd") is None
    await storage.delete("sign-in")
    assert await storage.get("sign-in") is None


async def test_keys_of_a_server_outlive_it_and_tokens_do_not(tmp_path: Path) -> None:
    before = ServedSecrets(tmp_path)
    key = await before.data_key("aino")
    await before.set("tokens", "t")
    after = ServedSecrets(tmp_path)
    assert (await after.data_key("aino"), await after.get("tokens")) == (key, None)
    assert await ServedSecrets(tmp_path / "other").data_key("aino") != key


async def test_only_the_servers_own_user_can_read_its_secret(tmp_path: Path) -> None:
    await ServedSecrets(tmp_path / "data").data_key("aino")
    files = [Path(folder) / name for folder, _, names in os.walk(tmp_path / "data") for name in names]
    assert len(files) == 2
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert "aino" not in str(files)


def test_sessions_that_start_at_once_agree_on_the_key(tmp_path: Path) -> None:
    def ask(_: int) -> bytes:
        return asyncio.run(ServedSecrets(tmp_path).data_key("aino"))

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, range(32)))) == 1


async def test_a_server_whose_secret_is_damaged_or_unwritable_says_so(tmp_path: Path) -> None:
    (tmp_path / "server.key").write_bytes(b"short")
    with pytest.raises(Locked):
        await ServedSecrets(tmp_path).data_key("aino")
    (tmp_path / "file").write_text("")
    with pytest.raises(DeviceFull):
        await ServedSecrets(tmp_path / "file").data_key("aino")


@pytest.mark.parametrize(
    ("web", "pyodide", "platform", "keychain", "kind"),
    [
        (True, False, ft.PagePlatform.ANDROID, True, ServedSecrets),
        (True, True, ft.PagePlatform.LINUX, True, MemorySecrets),
        (False, False, ft.PagePlatform.ANDROID, False, SecureStorageSecrets),
        (False, False, ft.PagePlatform.IOS, False, SecureStorageSecrets),
        (False, False, ft.PagePlatform.WINDOWS, True, KeyringSecrets),
        (False, False, ft.PagePlatform.LINUX, False, ServedSecrets),
    ],
)
def test_each_client_has_its_place(
    web: bool,
    pyodide: bool,
    platform: ft.PagePlatform,
    keychain: bool,
    kind: type,
    tmp_path: Path,
    monkeypatch: Any,
) -> None:
    monkeypatch.setattr(keys, "has_keychain", lambda: keychain)
    monkeypatch.setattr(client_storage, "secure_storage", Phone)
    page: Any = SimpleNamespace(web=web, pyodide=pyodide, platform=platform)
    assert type(keys.choose(page, tmp_path)) is kind


def test_the_phones_storage_never_wipes_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    import flet_secure_storage

    given: dict[str, Any] = {}
    monkeypatch.setattr(flet_secure_storage, "SecureStorage", lambda **options: given.update(options))
    secure_storage()
    assert given["android_options"].reset_on_error is False
    assert given["ios_options"].accessibility.value.endswith("this_device"), "no key moves with a backup"


async def test_a_key_is_replaced_in_two_steps(safe: Secrets) -> None:
    """The coming one is kept before it is used; killed in between, both are there."""
    old = await safe.data_key("a")
    assert await safe.coming_key("a") is None
    coming = await safe.coming_key("a", make=True)
    assert coming is not None
    assert coming != old
    assert (await safe.data_key("a"), await safe.coming_key("a")) == (old, coming)

    await safe.change_key("a")
    assert (await safe.data_key("a"), await safe.coming_key("a")) == (coming, None)
    await safe.change_key("a")
    assert await safe.data_key("a") == coming


async def test_forgetting_a_key_forgets_the_coming_one(safe: Secrets) -> None:
    await safe.data_key("a")
    coming = await safe.coming_key("a", make=True)
    await safe.forget_key("a")

    assert await safe.coming_key("a") is None
    assert await safe.data_key("a") != coming
