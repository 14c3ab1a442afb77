"""What the ombudsman's platform keeps: talks and letters, apart from everything else, without who wrote them.

No network address, no device and no account is ever kept. Of a one-time code only the hash is kept, of a talk's key
too. Signed-in letters are kept here as well, under the account, and never in a patient's compartment.
"""

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from backend_stub.clock import Clock

Body = dict[str, Any]
KINDS = ("talk", "letter", "signed")
KEPT = timedelta(days=30)  # after the last message
SCHEMA = """CREATE TABLE IF NOT EXISTS matter(id TEXT PRIMARY KEY, body TEXT);
CREATE TABLE IF NOT EXISTS salt(value BLOB)"""


@dataclass
class Matter:
    """One talk or letter. ``proof``: hash of the key or code that leads back to it, for signed ones the account.

    ``messages``: ``{"id", "mine", "text", "at"}``, in order; ``mine``: the resident's. ``who``: the ombudsman's name.
    """

    id: str
    kind: str
    proof: str
    about: str
    language: str
    at: str
    status: str = "waiting"
    who: str = ""
    messages: list[Body] = field(default_factory=list)


class Box:
    """All matters. ``path`` None: in memory."""

    def __init__(self, clock: Clock, path: str | None = None) -> None:
        self._clock = clock
        self._db = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None)
        self._db.executescript(SCHEMA)
        self._salt = self._kept_salt()
        self._matters = {
            row[0]: Matter(**json.loads(row[1])) for row in self._db.execute("SELECT * FROM matter")
        }
        self.pulse = 0

    def reset(self) -> None:
        """Forget everything."""
        self._db.execute("DELETE FROM matter")
        self._matters.clear()

    def all(self, kind: str = "") -> list[Matter]:
        """Those that wait longest first; what is older than its days is gone."""
        self._forget_old()
        found = [one for one in self._matters.values() if kind in ("", one.kind)]
        return sorted(found, key=lambda one: (one.status == "ended", one.at))

    def get(self, id: str) -> Matter | None:
        """One of them."""
        return self._matters.get(id)

    def begin_talk(self, about: str, language: str) -> tuple[Matter, str]:
        """A new talk and the key to it, which is told once and never kept."""
        key = secrets.token_urlsafe(32)
        return self._begin("talk", self.hash_of(key), about, language), key

    def write_letter(self, code: str, about: str, language: str) -> Matter:
        """The letter under a code; the same code again is the same letter."""
        proof = self.hash_of(code)
        return self.by_proof("letter", proof) or self._begin("letter", proof, about, language)

    def write_signed(self, id: str, account: str, about: str, language: str) -> Matter:
        """A letter of somebody signed in; the same id again is the same letter."""
        proof = f"account:{account}"
        kept = self._matters.get(id)
        return kept if kept and kept.proof == proof else self._begin("signed", proof, about, language, id)

    def by_proof(self, kind: str, proof: str) -> Matter | None:
        """The matter that a key or code leads to."""
        found = (one for one in self._matters.values() if one.kind == kind)
        return next((one for one in found if secrets.compare_digest(one.proof, proof)), None)

    def of_account(self, account: str) -> Iterator[Matter]:
        """Signed letters of one account."""
        return (one for one in self.all("signed") if one.proof == f"account:{account}")

    def add(self, matter: Matter, id: str, text: str, *, mine: bool, who: str = "") -> None:
        """One message; the same id again changes nothing."""
        if any(message["id"] == id for message in matter.messages):
            return
        message = {"id": id, "mine": mine, "text": text, "at": self._now(), "who": "" if mine else who}
        matter.messages.append(message)
        if not mine:
            matter.who = who
            matter.status = "talk" if matter.kind == "talk" else "answered"
        elif matter.kind != "talk":
            matter.status = "waiting"
        self.keep(matter)

    def end(self, matter: Matter) -> None:
        """Nothing can be added any more."""
        matter.status = "ended"
        self.keep(matter)

    def erase(self, matter: Matter) -> None:
        """As if it had never been."""
        self._matters.pop(matter.id, None)
        self._db.execute("DELETE FROM matter WHERE id=?", (matter.id,))
        self.pulse += 1

    def keep(self, matter: Matter) -> None:
        """Write it down."""
        self._matters[matter.id] = matter
        body = json.dumps(asdict(matter), ensure_ascii=False)
        self._db.execute("INSERT OR REPLACE INTO matter VALUES(?,?)", (matter.id, body))
        self.pulse += 1

    def place(self, matter: Matter) -> int:
        """How many talks wait before this one, and itself."""
        waiting = [one for one in self.all("talk") if one.status == "waiting"]
        return next((n for n, one in enumerate(waiting, 1) if one.id == matter.id), 0)

    def hash_of(self, secret: str) -> str:
        """What is kept of a key or code: slow to guess, and salted."""
        return hashlib.scrypt(secret.encode(), salt=self._salt, n=2**10, r=8, p=1, dklen=32).hex()

    def _begin(self, kind: str, proof: str, about: str, language: str, id: str = "") -> Matter:
        matter = Matter(id or secrets.token_hex(16), kind, proof, about, language, self._now())
        self.keep(matter)
        return matter

    def _forget_old(self) -> None:
        limit = self._clock.now() - KEPT
        for matter in list(self._matters.values()):
            last = matter.messages[-1]["at"] if matter.messages else matter.at
            if datetime.fromisoformat(last) < limit:
                self.erase(matter)

    def _kept_salt(self) -> bytes:
        rows = self._db.execute("SELECT value FROM salt").fetchall()
        if rows:
            return bytes(rows[0][0])
        salt = secrets.token_bytes(16)
        self._db.execute("INSERT INTO salt VALUES(?)", (salt,))
        return salt

    def _now(self) -> str:
        return self._clock.now().isoformat(timespec="seconds")
