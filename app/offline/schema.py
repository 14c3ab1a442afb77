"""The tables, one script per schema version. A released script is never edited: add the next one.

Plain text in the file: resource types, opaque ids and versions, times of the server, states and counts.
Everything that says anything about a person is sealed.
"""

VERSION_1 = """
CREATE TABLE record(
  n INTEGER PRIMARY KEY, type TEXT NOT NULL, id TEXT NOT NULL, version TEXT NOT NULL,
  updated INTEGER NOT NULL, gone INTEGER NOT NULL DEFAULT 0, scope TEXT NOT NULL DEFAULT '', body BLOB);
CREATE UNIQUE INDEX record_id ON record(type, id);
CREATE INDEX record_updated ON record(type, updated);
CREATE TABLE outbox(
  seq INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, type TEXT NOT NULL, id TEXT NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('waiting', 'sending', 'accepted', 'refused', 'discarded')),
  intent BLOB NOT NULL, base TEXT NOT NULL DEFAULT '', sent BLOB, looked INTEGER NOT NULL DEFAULT -1,
  attempts INTEGER NOT NULL DEFAULT 0, next_try REAL NOT NULL DEFAULT 0, put_at REAL NOT NULL,
  done_at INTEGER NOT NULL DEFAULT -1, outcome BLOB);
CREATE TABLE alias(type TEXT NOT NULL, local TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY(type, local));
CREATE TABLE scope(key TEXT PRIMARY KEY, type TEXT NOT NULL, since INTEGER NOT NULL DEFAULT -1,
  pulled_at REAL, swept_at REAL);
CREATE TABLE draft(key TEXT PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE draft_file(id TEXT PRIMARY KEY, draft TEXT NOT NULL, body BLOB NOT NULL);
CREATE INDEX draft_file_of ON draft_file(draft);
CREATE TABLE note(key TEXT PRIMARY KEY, body BLOB NOT NULL);
"""

VERSION_2 = "ALTER TABLE outbox ADD COLUMN tried_at REAL NOT NULL DEFAULT 0"

MIGRATIONS: tuple[str, ...] = (VERSION_1, VERSION_2)
PRECIOUS = ("outbox", "alias", "draft", "draft_file", "note")
"""What exists nowhere else; saved first from a damaged file. Records and scopes are fetched anew."""
