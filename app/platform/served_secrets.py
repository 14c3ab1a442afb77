"""Keys of stored data on a server: derived from one secret of the server and a salt of each account."""

import hashlib
import os
import secrets
from pathlib import Path

from app.errors import DeviceFull, Locked
from app.platform.secrets import KEY_BYTES, MemorySecrets


class ServedSecrets(MemorySecrets):
    """On a server: tokens in memory only; keys of stored data derived, so that drafts survive a restart.

    A key is HKDF-SHA256 of the server's secret (a file of mode 0600 in ``data``) with a salt of the account's
    own. Forgetting a key removes its salt, after which nobody can derive it again.
    """

    def __init__(self, data: Path) -> None:
        super().__init__()
        self._folder = data

    async def data_key(self, account: str) -> bytes:
        """See ``Secrets``."""
        return self._derived(account, self._salt(account))

    async def coming_key(self, account: str, make: bool = False) -> bytes | None:
        """See ``Secrets``. Another salt makes another key."""
        coming = self._coming(account)
        return self._derived(account, coming) if make or coming.exists() else None

    async def change_key(self, account: str) -> None:
        """See ``Secrets``."""
        coming = self._coming(account)
        if coming.exists():
            coming.replace(self._salt(account))

    async def forget_key(self, account: str) -> None:
        """See ``Secrets``."""
        self._coming(account).unlink(missing_ok=True)
        self._salt(account).unlink(missing_ok=True)

    def _derived(self, account: str, salt: Path) -> bytes:
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        info = f"digiklinikka store {account}".encode()
        secret = _own_file(self._folder / "server.key")
        return HKDF(SHA256(), KEY_BYTES, _own_file(salt), info).derive(secret)

    def _coming(self, account: str) -> Path:
        salt = self._salt(account)
        return salt.with_name(f"{salt.name}.next")

    def _salt(self, account: str) -> Path:
        return self._folder / "salts" / hashlib.sha256(account.encode()).hexdigest()


def _own_file(path: Path) -> bytes:
    """32 random bytes in a file that only this user can read; made at first need, by whoever comes first."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _made_whole(path)
        kept = path.read_bytes()
    except OSError:
        raise DeviceFull from None
    if len(kept) != KEY_BYTES:
        raise Locked
    return kept


def _made_whole(path: Path) -> None:
    """Written under another name and linked: nobody ever sees half a key, and the first one made stays."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        _link(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _link(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path)
    except FileExistsError:
        return  # another session was first
