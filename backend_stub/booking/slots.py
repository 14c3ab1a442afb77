"""Free slots, by one query along the time: a county has tens of thousands of them.

The indexes are named, for SQLite would otherwise look up each slot among all that are free.
"""

import json
from collections.abc import Sequence
from datetime import datetime

from backend_stub.fhir.codec import to_millis
from backend_stub.fhir.storage import Storage
from backend_stub.seed.words import Resource

MOST = 400
_SQL = """SELECT v.body FROM date d
  CROSS JOIN ref r INDEXED BY ref_n ON r.n=d.n AND r.param='Slot.schedule' AND r.id IN ({schedules})
  CROSS JOIN token t INDEXED BY token_n ON t.n=d.n AND t.param='Slot.status' AND t.code='free'
  CROSS JOIN current c ON c.n=d.n AND c.deleted=0 CROSS JOIN version v ON v.seq=c.seq
  WHERE d.param='Slot.start' AND d.low > ? AND d.low < ? {modes} ORDER BY d.low, d.high, d.n LIMIT ?"""
_MODES = """AND EXISTS (SELECT 1 FROM token m INDEXED BY token_n
  WHERE m.n=d.n AND m.param='Slot.appointment-type' AND m.code IN ({}))"""
_FOREVER = 2**62


def free_slots(
    storage: Storage,
    schedules: Sequence[str],
    after: datetime,
    before: datetime | None = None,
    modes: Sequence[str] = (),
) -> list[Resource]:
    """Free slots of some schedules that begin after and before these moments, the earliest first."""
    sql = _SQL.format(schedules=_marks(schedules), modes=_MODES.format(_marks(modes)) if modes else "")
    until = to_millis(before) if before else _FOREVER
    values = (*schedules, to_millis(after), until, *modes, MOST)
    return [json.loads(row[0]) for row in storage.db.execute(sql, values)]


def _marks(values: Sequence[str]) -> str:
    return ",".join("?" * len(values))
