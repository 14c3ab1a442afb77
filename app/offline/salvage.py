"""A damaged file is set aside, never deleted; what exists nowhere else is saved from it first."""

import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.offline.database import Database
from app.offline.schema import PRECIOUS

ENDINGS = ("", "-wal", "-shm", "-journal")
DAMAGED = ".damaged"


@dataclass(frozen=True)
class Salvage:
    """What was saved from a damaged file, or lost with a locked one: rows of the outbox (a message with a file has
    several) and drafts."""

    outbox: int
    drafts: int


def set_aside(path: Path) -> Path:
    """Rename the file and its companions; returns the new name of the main file."""
    number = 1
    while (aside := path.with_name(f"{path.name}{DAMAGED}{number}")).exists():
        number += 1
    for ending in ENDINGS:
        part = path.with_name(path.name + ending)
        if part.exists():
            part.rename(aside.with_name(aside.name + ending))
    return aside


def remove(path: Path) -> None:
    """Unlink the file, its companions and what was set aside of it. One that another window has open cannot be removed
    on every system: it stays, and the rest goes."""
    for part in (
        *path.parent.glob(path.name + DAMAGED + "*"),
        *(path.with_name(path.name + e) for e in ENDINGS),
    ):
        with suppress(OSError):
            part.unlink()


def save_from(damaged: Path, into: Database) -> Salvage:
    """Copy every readable row of the precious tables into the fresh database, in one durable transaction."""
    saved: dict[str, int] = {}
    with into.writing("outbox", "drafts", durable=True):
        for table in PRECIOUS:
            columns = [row[1] for row in into.rows(f"PRAGMA table_info({table})")]
            had = {row[1] for row in _until_broken(damaged, f"PRAGMA table_info({table})")}
            columns = [name for name in columns if name in had]
            sql = f"INSERT OR IGNORE INTO {table}({','.join(columns)}) VALUES({','.join('?' * len(columns))})"
            saved[table] = sum(into.write(sql, row) for row in _readable(damaged, table, columns))
    return Salvage(saved["outbox"], saved["draft"])


def adopt(other: Database, into: Database) -> Salvage:
    """Copy what only ``other`` (a whole database of the same account) has of the precious tables, and close it.

    The outbox's order is kept, behind what is there: its rows get new numbers.
    """
    other.prepare()
    saved: dict[str, int] = {}
    with into.writing("outbox", "drafts", durable=True):
        for table in PRECIOUS:
            columns = [row[1] for row in into.rows(f"PRAGMA table_info({table})") if row[1] != "seq"]
            names, marks = ",".join(columns), ",".join("?" * len(columns))
            sql = f"INSERT OR IGNORE INTO {table}({names}) VALUES({marks})"
            rows = other.rows(f"SELECT {names} FROM {table} ORDER BY rowid")
            saved[table] = sum(into.write(sql, row) for row in rows)
    other.close()
    return Salvage(saved["outbox"], saved["draft"])


def _readable(damaged: Path, table: str, columns: list[str]) -> list[tuple[Any, ...]]:
    """All rows that can still be read, from both ends and through each index that leads to them."""
    found: dict[Any, tuple[Any, ...]] = {}
    if not columns:
        return []
    for order in ("", " ORDER BY rowid DESC", f" ORDER BY {columns[0]}", f" ORDER BY {columns[1]} DESC"):
        for row in _until_broken(damaged, f"SELECT {','.join(columns)} FROM {table}{order}"):
            found.setdefault(row[:2], row)
    return list(found.values())


def _until_broken(damaged: Path, sql: str) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    try:
        with closing(sqlite3.connect(str(damaged))) as db:
            for row in db.execute(sql):
                rows.append(row)
    except sqlite3.DatabaseError:
        return rows
    return rows
