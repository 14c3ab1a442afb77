"""Runs searches: matches in order, and what ``_include`` and ``_revinclude`` bring along. Nothing here knows HTTP."""

from collections.abc import Iterable, Sequence

from backend_stub.fhir.access import PUBLIC_TYPES, Access
from backend_stub.fhir.errors import BadRequest
from backend_stub.fhir.search_query import Include, Parser, Query
from backend_stub.fhir.search_terms import Where
from backend_stub.fhir.storage import Storage, Stored

MAX_INCLUDED = 2000
CHUNK = 500
_COLUMNS = "v.seq, v.type, v.id, v.version, v.at, v.deleted, v.by, v.body"


class Finder:
    """Searches within what ``access`` may see."""

    def __init__(self, storage: Storage, base_url: str, access: Access) -> None:
        self.storage, self.access = storage, access
        self.parser = Parser(access, base_url)

    def find(self, type: str, params: Sequence[tuple[str, str]]) -> list[Stored]:
        """All matches; unknown parameters raise BadRequest, since dropping one would widen the answer."""
        query = self.parser.parse(type, params)
        if query.ignored:
            raise BadRequest(f"unknown search parameter: {', '.join(query.ignored)}", code="not-supported")
        return self.load(self.rows(query))

    def rows(self, query: Query, extra: Where | None = None) -> list[int]:
        """Row numbers of all matches in the asked order, ties by age of the resource."""
        hidden = self.parser.visible(query.type)
        parts = [hidden, query.condition, extra or Where("1")]
        sql = f"SELECT c.n FROM current c WHERE c.type=? AND c.deleted=0 AND {' AND '.join(part.sql for part in parts)}"
        order = ", ".join([*(way for way, _ in query.order), "c.n"])
        values = [one for part in parts for one in part.values] + [
            one for _, more in query.order for one in more
        ]
        return [row[0] for row in self.storage.db.execute(f"{sql} ORDER BY {order}", (query.type, *values))]

    def load(self, rows: Sequence[int]) -> list[Stored]:
        """The newest versions of these rows in this order; what is deleted or hidden by now is left out."""
        found: dict[int, Stored] = {}
        for start in range(0, len(rows), CHUNK):
            part = rows[start : start + CHUNK]
            sql = (
                f"SELECT c.n, {_COLUMNS} FROM current c JOIN version v ON v.seq=c.seq"
                f" WHERE c.deleted=0 AND c.n IN ({','.join('?' * len(part))}) AND {self._visible_any()}"
            )
            for n, *columns in self.storage.db.execute(sql, (*part, *self._visible_values())):
                found[n] = Stored(*columns)
        return [found[n] for n in rows if n in found]

    def includes(self, query: Query, matches: Sequence[Stored]) -> list[Stored]:
        """Resources brought along, each once and none that is a match itself."""
        seen = {(one.type, one.id) for one in matches}
        brought: list[Stored] = []
        wave = list(matches)
        first = True
        while wave and len(brought) < MAX_INCLUDED:
            asked = [one for one in query.includes if first or one.repeat]
            new = [one for include in asked for one in self._bring(include, wave)]
            wave = []
            for one in new:
                if (one.type, one.id) not in seen and self.access.may(one.type, "r"):
                    seen.add((one.type, one.id))
                    wave.append(one)
            brought += wave
            first = False
        return brought[:MAX_INCLUDED]

    def _bring(self, include: Include, wave: Iterable[Stored]) -> list[Stored]:
        keys = [(one.type, one.id) for one in wave if include.reverse or include.source in ("*", one.type)]
        found: list[Stored] = []
        for start in range(0, len(keys), CHUNK):
            found += self._linked(include, keys[start : start + CHUNK])
        return found

    def _linked(self, include: Include, keys: list[tuple[str, str]]) -> list[Stored]:
        here, there = ("t", "s") if include.reverse else ("s", "t")
        key, values = (
            ("", ()) if include.code == "*" else ("r.param=? AND ", (f"{include.source}.{include.code}",))
        )
        target = "AND t.type=? " if include.target else ""
        marks = ",".join(["(?,?)"] * len(keys))
        sql = (
            f"SELECT DISTINCT c.n FROM ref r JOIN current s ON s.n=r.n JOIN current t ON t.type=r.type AND t.id=r.id"
            f" JOIN current c ON c.n={there}.n WHERE {key}({here}.type, {here}.id) IN (VALUES {marks})"
            f" AND s.deleted=0 AND t.deleted=0 {target}ORDER BY c.n LIMIT {MAX_INCLUDED}"
        )
        flat = [part for pair in keys for part in pair]
        rows = self.storage.db.execute(sql, (*values, *flat, *((include.target,) if include.target else ())))
        return self.load([row[0] for row in rows])

    def _visible_any(self) -> str:
        if self.access.sees_all:
            return "1"
        marks = ",".join("?" * len(PUBLIC_TYPES))
        return f"(c.type IN ({marks}) OR c.seq IN (SELECT seq FROM member WHERE patient=?))"

    def _visible_values(self) -> tuple[str, ...]:
        return () if self.access.sees_all else (*sorted(PUBLIC_TYPES), self.access.patient or "")
