"""Several accounts on one device: each has its own file and its own key, and signing out never loses work
silently."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from app.offline import salvage
from app.offline.store import Store, device_clock
from app.offline.vault import AesVault

SUFFIX = ".db"
ID = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Account:
    """Who is signed in where. ``sub`` is the provider's opaque subject, never an identity code."""

    issuer: str
    sub: str
    base_url: str

    @property
    def id(self) -> str:
        """The same account always has the same id; nothing can be read from it."""
        return sha256("|".join((self.issuer, self.sub, self.base_url.rstrip("/"))).encode()).hexdigest()


@dataclass(frozen=True)
class Pending:
    """What signing out with "erase" would lose. ``waiting``: not (surely) sent, ``refused``: to be decided
    on."""

    waiting: int = 0
    refused: int = 0
    drafts: int = 0

    @property
    def total(self) -> int:
        """All of it."""
        return self.waiting + self.refused + self.drafts


class AccountFiles:
    """The stores of this device, one file per account in ``folder``; the keys are kept elsewhere by the
    caller."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def open(self, account: Account | str, key: bytes, clock: Callable[[], datetime] = device_clock) -> Store:
        """The account's store; raises ``Locked`` when the key is not its own, ``DeviceFull``."""
        self._folder.mkdir(parents=True, exist_ok=True)
        return Store.open(self._path(account), AesVault(key), _id(account), clock)

    def list(self) -> tuple[str, ...]:
        """The ids of all accounts with a file here."""
        found = self._folder.glob("*" + SUFFIX) if self._folder.exists() else ()
        return tuple(sorted(path.stem for path in found if ID.fullmatch(path.stem)))

    def pending_count(self, account: Account | str) -> Pending:
        """What would be lost by ``erase``; needs no key, so it also works for a store that no longer
        opens."""
        path = self._path(account)
        if not path.exists():
            return Pending()
        try:
            with closing(sqlite3.connect(str(path))) as db:
                states = dict(db.execute("SELECT state, count(*) FROM outbox GROUP BY state").fetchall())
                drafts = db.execute("SELECT count(*) FROM draft").fetchone()[0]
        except sqlite3.DatabaseError:
            return Pending()
        return Pending(states.get("waiting", 0) + states.get("sending", 0), states.get("refused", 0), drafts)

    def erase(self, account: Account | str) -> None:
        """Remove the account's file and everything beside it. Close its store first and destroy its key."""
        salvage.remove(self._path(account))

    def set_aside(self, account: Account | str) -> None:
        """The key is lost: keep the locked file under another name and let the account start anew."""
        if self._path(account).exists():
            salvage.set_aside(self._path(account))

    def _path(self, account: Account | str) -> Path:
        return self._folder / (_id(account) + SUFFIX)


def _id(account: Account | str) -> str:
    return account if isinstance(account, str) else account.id
