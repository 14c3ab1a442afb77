"""A new key for an account: everything in its file is opened with the old one and sealed with the new, in one go.

    the new key is kept beside the old one ─► all is sealed anew, one transaction ─► the new one takes its place

Killed anywhere, the file opens with exactly one of the two; whoever opens it tries both (``app/keeping.py``).
"""

from app.errors import Conflict, Locked
from app.offline.database import Database
from app.offline.store import Store
from app.offline.vault import Vault

SINCE = "key"
SEALED = (
    ("record", "body", "type||'|'||id||'|'||version"),
    ("outbox", "intent", "'outbox|'||key||'|intent'"),
    ("outbox", "sent", "'outbox|'||key||'|sent'"),
    ("outbox", "outcome", "'outbox|'||key||'|outcome'"),
    ("draft", "body", "'draft|'||key||'|'"),
    ("draft_file", "body", "'draft|'||id||'|'"),
    ("note", "body", "'note|'||key||'|'"),
)
"""Every sealed column, and what its values are bound to behind the account."""
LASTS = 90 * 86_400.0
"""Seconds after which a key is replaced."""


def is_due(store: Store) -> bool:
    """Whether the key is old enough to be replaced; one whose age is not known (or negative, by a clock that was set)
    begins to be counted now."""
    since, now = store.recall(SINCE), store.now()
    if since is None or since["since"] > now:
        store.remember(SINCE, {"since": now})
        return False
    return now - since["since"] >= LASTS


def rotate(store: Store, vault: Vault) -> bool:
    """Seal everything in the store with ``vault`` from now on. False: another window has the file open, so nothing was
    done. Raises ``DeviceFull``; then the old key is still the right one.
    """
    try:
        store.db.leave_others_out()
    except Conflict:
        return False
    try:
        with store.writing(durable=True) as db:
            for table, column, place in SEALED:
                _reseal(db, store, vault, table, column, place)
    except BaseException:
        store.db.let_others_in()
        raise
    store.seal_with(vault)
    store.remember(SINCE, {"since": store.now()})
    store.db.let_others_in()
    return True


def _reseal(db: Database, store: Store, vault: Vault, table: str, column: str, place: str) -> None:
    """One row after the other, as files may be large; what no longer opens stays as it is and is dealt with as ever."""
    for row, bound_to in db.rows(f"SELECT rowid, {place} FROM {table} WHERE {column} IS NOT NULL"):
        ((sealed,),) = db.rows(f"SELECT {column} FROM {table} WHERE rowid=?", (row,))
        where = f"{store.account}|{bound_to}"
        try:
            plain = store.vault.open(sealed, where)
        except Locked:
            continue
        db.write(f"UPDATE {table} SET {column}=? WHERE rowid=?", (vault.seal(plain, where), row))
