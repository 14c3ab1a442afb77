"""Quick unlock (row H2): what this device keeps of a person opens with a PIN, or with what the device recognises.

    secrets ── sealed with the lock's key ── wrapped twice:  by scrypt(PIN)            every day
                                                             by HKDF(subject's name)   after a strong sign-in

The subject's name is told by the provider to whoever signs in strongly, and stands nowhere on the device but inside
of what is sealed: so ten wrong PINs lock the data without losing it. Failures are written down before a PIN is tried,
and stay written down when the app is killed. Never in served mode: there nothing is kept.
"""

import asyncio
import base64
import json
import secrets as random
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import Enum, auto
from hashlib import sha256

from app.errors import Locked
from app.platform.pins import COST, TRIES, pin_key, subject_key, unwrap, wait_after, wrap
from app.platform.secrets import KEY_BYTES, Keeping, Secrets, coming_name

RECORD, BY_DEVICE, TOKENS = "unlock", "unlock.device", "tokens"
_SEALED = "sealed:"


class Outcome(Enum):
    """What became of a try."""

    OPEN = auto()
    WRONG = auto()
    WAIT = auto()
    SPENT = auto()


@dataclass(frozen=True)
class Record:
    """What is kept of a lock. ``by_pin``, ``by_subject``: its key, wrapped; ``wait_until``: seconds since 1970."""

    account: str
    salt: str
    cost: int
    by_pin: str
    by_subject: str
    failures: int = 0
    wait_until: float = 0.0

    @property
    def spent(self) -> bool:
        """Whether only a strong sign-in opens it."""
        return self.failures >= TRIES


class LockedSecrets(Keeping):
    """``inner`` with a lock that can be switched on. While it is shut, what was sealed raises ``Locked``.

    ``now``: the clock of the device, for the waits. ``cost``: of scrypt, a power of two.
    """

    def __init__(self, inner: Secrets, now: Callable[[], datetime], cost: int = COST) -> None:
        self._inner, self._now, self._cost = inner, now, cost
        self._key: bytes | None = None
        self._record: Record | None = None
        self.by_device = False
        self._changed: Callable[[], None] = lambda: None

    def watch(self, changed: Callable[[], None]) -> None:
        """Call ``changed`` when a sign-in or an erased account changed how it stands."""
        self._changed = changed

    async def load(self) -> None:
        """At start: see whether there is a lock."""
        self.by_device = await self._latest() is not None and await self._inner.get(BY_DEVICE) is not None

    # --- how it stands ---------------------------------------------------------------------------------------------

    @property
    def on(self) -> bool:
        """Whether there is a lock."""
        return self._record is not None

    @property
    def shut(self) -> bool:
        """Whether there is a lock that has not been opened in this run."""
        return self._record is not None and self._key is None

    @property
    def spent(self) -> bool:
        """Whether only a strong sign-in helps."""
        return self._record is not None and self._record.spent

    @property
    def left(self) -> int:
        """How many more PINs may be tried."""
        return TRIES - self._record.failures if self._record else TRIES

    @property
    def wait_until(self) -> datetime | None:
        """Until when no PIN may be tried. A clock that was set back does not make it longer than it was."""
        if self._record is None:
            return None
        now = self._now()
        until = datetime.fromtimestamp(self._record.wait_until, now.tzinfo)
        until = min(until, now + wait_after(self._record.failures))
        return until if until > now else None

    # --- switching on and off --------------------------------------------------------------------------------------

    async def switch_on(self, pin: str, account: str, subject: str) -> None:
        """From now on the PIN is needed at every start. ``subject``: the provider's name for the person."""
        key = random.token_bytes(KEY_BYTES)
        salt = base64.b64encode(random.token_bytes(16)).decode()
        wrapped = wrap(subject_key(subject, salt), key)
        record = Record(account, salt, self._cost, await self._by_pin(pin, salt, key), wrapped)
        await self._keep(record)
        self._key = key
        await self._seal_all()

    async def change(self, pin: str) -> None:
        """Another PIN. Only while it is open."""
        key, record = self._key, self._record
        if key is None or record is None:
            raise Locked
        salt = record.salt
        await self._keep(replace(record, by_pin=await self._by_pin(pin, salt, key), cost=self._cost))

    async def switch_off(self) -> None:
        """No lock any more. Only while it is open. What was sealed is opened first: nothing is lost on the way."""
        if self._key is None or self._record is None:
            raise Locked
        for name in self._names(self._record):
            if (value := await self.get(name)) is not None:
                await self._inner.set(name, value)
        await self._inner.delete(BY_DEVICE)
        await self._inner.delete(RECORD)
        self._record, self._key, self.by_device = None, None, False

    def shut_again(self) -> None:
        """As after a new start: what was sealed cannot be read until it is opened. Nothing without a lock."""
        self._key = None

    async def use_device(self, wanted: bool) -> None:
        """Whether what the device recognises (a face, a finger) may open it too. Only while it is open."""
        if self._key is None:
            raise Locked
        if wanted:
            await self._inner.set(BY_DEVICE, base64.b64encode(self._key).decode())
        else:
            await self._inner.delete(BY_DEVICE)
        self.by_device = wanted

    # --- opening ---------------------------------------------------------------------------------------------------

    async def try_pin(self, pin: str) -> Outcome:
        """Try a PIN. The failure is written down first and taken back when there was none."""
        record = await self._latest()
        if record is None or record.spent:
            return Outcome.SPENT if record else Outcome.OPEN
        if self.wait_until is not None:
            return Outcome.WAIT
        failures = record.failures + 1
        until = self._now() + wait_after(failures)
        await self._keep(replace(record, failures=failures, wait_until=until.timestamp()))
        key = unwrap(await asyncio.to_thread(pin_key, pin, record.salt, record.cost), record.by_pin)
        if key is None:
            if self.spent:
                await self._inner.delete(BY_DEVICE)
                self.by_device = False
            return Outcome.SPENT if self.spent else Outcome.WRONG
        await self._opened(key)
        return Outcome.OPEN

    async def open_by_device(self, recognised: Callable[[], Awaitable[bool]]) -> bool:
        """Open it if the device recognises the person. Not after too many wrong PINs."""
        if not self.by_device or self.spent or not await recognised():
            return False
        kept = await self._inner.get(BY_DEVICE)
        if kept is None:
            return False
        await self._opened(base64.b64decode(kept))
        return True

    async def signed_in(self, subject: str, account: str) -> None:
        """Somebody has signed in strongly. A lock of theirs that was shut is taken away, with nothing lost;
        somebody else's is put aside until they come again."""
        if self.shut and self._record is not None:
            key = unwrap(subject_key(subject, self._record.salt), self._record.by_subject)
            if key is None:
                await self._putaside(self._record)
            else:
                self._key = key
                await self.switch_off()
        elif self._record is not None and self._record.account != account:
            await self._putaside(self._record)
        if self._record is None:
            await self._take_back(subject, account)
        self._changed()

    async def _putaside(self, record: Record) -> None:
        await self._inner.set(aside(record.account), json.dumps(asdict(record)))
        await self._inner.delete(BY_DEVICE)
        await self._inner.delete(TOKENS)
        await self._inner.delete(RECORD)
        self._record, self._key, self.by_device = None, None, False

    async def _take_back(self, subject: str, account: str) -> None:
        kept = await self._inner.get(aside(account))
        if kept is None:
            return
        self._record = Record(**json.loads(kept))
        self._key = unwrap(subject_key(subject, self._record.salt), self._record.by_subject)
        if self._key is None:
            self._record = None
            return
        await self.switch_off()
        await self._inner.delete(aside(account))

    # --- as any other place for secrets ----------------------------------------------------------------------------

    async def get(self, name: str) -> str | None:
        """See ``Secrets``."""
        kept = await self._inner.get(name)
        if kept is None or not kept.startswith(_SEALED):
            return kept
        if self._key is None:
            raise Locked
        opened = unwrap(self._key, kept.removeprefix(_SEALED), name)
        if opened is None:
            raise Locked
        return opened.decode()

    async def set(self, name: str, value: str) -> None:
        """See ``Secrets``. Nothing is kept unsealed while there is a lock."""
        if self._record is None:
            return await self._inner.set(name, value)
        if self._key is None:
            raise Locked
        return await self._inner.set(name, _SEALED + wrap(self._key, value.encode(), name))

    async def delete(self, name: str) -> None:
        """See ``Secrets``."""
        await self._inner.delete(name)

    async def data_key(self, account: str) -> bytes:
        """See ``Secrets``. Without a lock it is the inner place's own business."""
        if self._record is None:
            return await self._inner.data_key(account)
        return await super().data_key(account)

    async def coming_key(self, account: str, make: bool = False) -> bytes | None:
        """See ``Secrets``."""
        if self._record is None:
            return await self._inner.coming_key(account, make)
        return await super().coming_key(account, make)

    async def change_key(self, account: str) -> None:
        """See ``Secrets``."""
        if self._record is None:
            await self._inner.change_key(account)
        else:
            await super().change_key(account)

    async def forget_key(self, account: str) -> None:
        """See ``Secrets``. The lock of an account goes with its data."""
        await self._inner.forget_key(account)
        await self._inner.delete(aside(account))
        if self._record is not None and self._record.account == account:
            await self._inner.delete(BY_DEVICE)
            await self._inner.delete(RECORD)
            self._record, self._key, self.by_device = None, None, False
            self._changed()

    # --- inside ----------------------------------------------------------------------------------------------------

    async def _latest(self) -> Record | None:
        """As it is kept now: another window of the app may have counted tries too."""
        kept = await self._inner.get(RECORD)
        self._record = Record(**json.loads(kept)) if kept else None
        return self._record

    async def _opened(self, key: bytes) -> None:
        assert self._record is not None
        self._key = key
        await self._keep(replace(self._record, failures=0, wait_until=0.0))
        await self._seal_all()

    async def _seal_all(self) -> None:
        """What is not sealed yet, because switching on was interrupted."""
        assert self._record is not None
        for name in self._names(self._record):
            kept = await self._inner.get(name)
            if kept is not None and not kept.startswith(_SEALED):
                await self.set(name, kept)

    def _names(self, record: Record) -> tuple[str, ...]:
        return (TOKENS, f"key.{record.account}", coming_name(record.account))

    async def _keep(self, record: Record) -> None:
        await self._inner.set(RECORD, json.dumps(asdict(record)))
        self._record = record

    async def _by_pin(self, pin: str, salt: str, key: bytes) -> str:
        return wrap(await asyncio.to_thread(pin_key, pin, salt, self._cost), key)


def aside(account: str) -> str:
    return f"unlock.of.{sha256(account.encode()).hexdigest()[:32]}"
