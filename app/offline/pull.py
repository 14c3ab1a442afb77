"""Fetching what changed: pages by time with an overlap, never by offset; and a sweep that finds what time
cannot show.

The cursor moves in the same transaction as the page it stands for, so a kill at any moment loses nothing.
Only the server's own times are compared with each other.
"""

from collections.abc import Container, Generator
from dataclasses import dataclass, field
from typing import Any

from app.domain.exchange import Request, Response
from app.errors import AppError, BadData, Offline, Refused, ServiceDown, SignedOut
from app.offline import codec, exchanges
from app.offline.exchanges import Scope
from app.offline.records import Known, Resource
from app.offline.store import Store
from app.offline.talk import Talk

Steps = Generator[Request, Response | None, Any]
OVERLAP = 240 * 1_000_000
"""Microseconds re-read before the cursor: slow commits (120 s), clock drift, index lag, coarse timestamps."""
PAGE, LARGEST_PAGE, LISTING = 250, 2000, 1000
PAGES = 10_000
SUSPICIOUS = 3


@dataclass(frozen=True)
class Page:
    """One answer to a search: what can be stored, how many entries were odd, and whether there is more."""

    whole: tuple[Resource, ...]
    odd: int
    more: bool

    @property
    def last(self) -> int:
        """The newest server's time on the page, -1 when it is empty."""
        return max((codec.micros(item["meta"]["lastUpdated"]) for item in self.whole), default=-1)

    @property
    def rises(self) -> bool:
        """Whether the page goes beyond the instant it began with, so that the next one may begin at its
        last."""
        return bool(self.whole) and codec.micros(self.whole[0]["meta"]["lastUpdated"]) < self.last

    @property
    def in_order(self) -> bool:
        """Whether the server sorted as it was asked to."""
        times = [codec.micros(item["meta"]["lastUpdated"]) for item in self.whole]
        return times == sorted(times)


@dataclass
class Pull:
    """The fetching side of the engine.

    ``odd``: entries that did not parse and were set aside. ``wanted``: scopes that need a sweep. ``doubts``:
    scopes that suddenly look empty: the next round looks again, and reads each one, before anything is forgotten.
    """

    store: Store
    talk: Talk
    odd: int = 0
    wanted: set[Scope] = field(default_factory=set)
    doubts: set[Scope] = field(default_factory=set)

    def pull(self, scope: Scope) -> Steps:
        """Fetch what changed in the scope; returns the AppError that stopped it, or None."""
        cursor = self._cursor(scope)
        count, first = PAGE, -1
        after = codec.instant(cursor - OVERLAP) if cursor >= 0 else ""
        unsure: set[str] = set()
        partial = False
        for _ in range(PAGES):
            response = yield from self.talk.ask(exchanges.search(scope, after, count))
            if problem := _problem(response, "searchset"):
                return problem
            assert response is not None
            first = first if first >= 0 else exchanges.server_time(response)
            page = self._page(scope, response, count)
            if page.more and (not page.in_order or (not page.rises and self._full(page, count))):
                return (yield from self._page_by_page(scope, page, response))
            unsure |= self._unsure(scope, page)
            partial = partial or exchanges.is_partial(response.body)
            # what a silent source keeps back is older than now when it comes: the cursor waits for it
            self._keep(scope, page, -1 if partial else _moved(cursor, first, page))
            if not page.more:
                return (yield from self._finish(scope, unsure))
            if page.rises:
                after, count = _last_instant(page), PAGE
            else:
                count *= 2
        return BadData()

    def sweep(self, scope: Scope, sure: bool = False) -> Steps:
        """Compare ids and versions of everything in the scope with what is known; each difference is read
        before it is believed. Returns the AppError that stopped it, or None. ``sure``: an
        emptiness is believed at once."""
        listed: dict[str, str] = {}
        ask: Request | None = exchanges.listing(scope, LISTING)
        while ask is not None:
            response = yield from self.talk.ask(ask)
            if problem := _problem(response, "searchset"):
                return problem
            assert response is not None
            if exchanges.is_partial(response.body):
                return None  # what is not listed may still be there
            before = len(listed)
            listed |= _versions(scope, response)
            ask = _next_listing(scope, response) if len(listed) > before else None
        known = self.store.records.known(scope.type)
        suspicious = not listed and _ours(known, scope) >= SUSPICIOUS
        if suspicious and not sure and scope not in self.doubts:
            self.doubts.add(scope)  # nothing is forgotten yet: the next round looks again
            return None
        problem = yield from self._confirm(scope, _suspects(known, listed, scope), listed)
        if problem is None:
            self._swept(scope)
        return problem

    def _finish(self, scope: Scope, unsure: set[str]) -> Steps:
        problem = yield from self._confirm(scope, sorted(unsure), unsure)
        if problem is None:
            self._done(scope)
        return problem

    def _unsure(self, scope: Scope, page: Page) -> set[str]:
        """Another version with the very same time: a listing cannot tell which is newer, a read can."""
        known = self.store.records.known(scope.type)
        return {
            body["id"]
            for body in page.whole
            if (have := known.get(body["id"]))
            and have.updated == codec.micros(body["meta"]["lastUpdated"])
            and have.version != body["meta"]["versionId"]
        }

    def _confirm(self, scope: Scope, suspects: list[str], listed: Container[str]) -> Steps:
        """A listing is only a suspicion; a read is the proof."""
        for own in suspects:
            response = yield from self.talk.ask(exchanges.read(scope.type, own))
            body = exchanges.found(response, scope.type, own)
            if body is not None:
                self._store([body], scope.key if own in listed else "", read=True)
            elif response is not None and exchanges.is_gone(response):
                with self.store.writing(durable=False):
                    self.store.records.bury(scope.type, own)
            elif isinstance(problem := _problem(response, "searchset"), Offline | SignedOut | ServiceDown):
                return problem
            else:
                self.odd += 1
        return None

    def _page_by_page(self, scope: Scope, page: Page, response: Response) -> Steps:
        """The server does not sort, or a page full of one instant does not fit: follow its links, then
        sweep."""
        for _ in range(PAGES):
            self._keep(scope, page, -1)
            ask = exchanges.next_page(scope, response.body) if page.more else None
            if ask is None:
                break
            answer = yield from self.talk.ask(ask)
            if problem := _problem(answer, "searchset"):
                return problem
            assert answer is not None
            response, page = answer, self._page(scope, answer, LARGEST_PAGE)
        self.wanted.add(scope)
        self._done(scope)
        return None

    def _full(self, page: Page, count: int) -> bool:
        """One instant fills the page and a larger one would not help."""
        return len(page.whole) < count or count >= LARGEST_PAGE

    def _page(self, scope: Scope, response: Response, count: int) -> Page:
        """``count``: how many were asked for. Some servers link to no next page: a full one, or a larger total, tell
        as well that there is more."""
        listed = [item for item in exchanges.entries(response.body) if _mode(item) in ("", "match")]
        bodies = [item.get("resource") for item in listed]
        whole = [body for body in bodies if codec.is_resource(body, scope.type)]
        self.odd += len(bodies) - len(whole)
        more = exchanges.has_next(response) or len(listed) >= count or exchanges.total(response) > len(listed)
        return Page(tuple(whole), len(bodies) - len(whole), more)

    def _keep(self, scope: Scope, page: Page, cursor: int) -> None:
        """The page and the cursor, together; nothing is written when nothing is new."""
        news = self._news(scope, page)
        if not news and cursor in (-1, self._cursor(scope)):
            return
        with self.store.writing(durable=False) as db:
            self.store.records.put(news, scope.key)
            if cursor >= 0:
                sql = """INSERT INTO scope(key,type,since) VALUES(?,?,?)
                    ON CONFLICT(key) DO UPDATE SET since=excluded.since"""
                db.write(sql, (scope.key, scope.type, cursor))

    def _news(self, scope: Scope, page: Page) -> list[Resource]:
        """What is not known yet, and what is known but was not yet counted to this scope."""
        known = self.store.records.known(scope.type)
        news = []
        for body in page.whole:
            have = known.get(body["id"])
            if have is None or have.updated < codec.micros(body["meta"]["lastUpdated"]):
                news.append(body)
            elif not have.scope and not have.gone:
                self._move(scope, body["id"])
        return news

    def _move(self, scope: Scope, id: str) -> None:
        with self.store.writing(durable=False):
            self.store.records.move(scope.type, id, scope.key)

    def _store(self, bodies: list[Resource], scope_key: str, read: bool) -> None:
        with self.store.writing(durable=False):
            self.store.records.put(bodies, scope_key, read)

    def _cursor(self, scope: Scope) -> int:
        rows = self.store.db.rows("SELECT since FROM scope WHERE key=?", (scope.key,))
        return rows[0][0] if rows else -1

    def _done(self, scope: Scope) -> None:
        self.store.pulled(scope.key, scope.type, self.talk.clock())

    def _swept(self, scope: Scope) -> None:
        sql = """INSERT INTO scope(key,type,swept_at) VALUES(?,?,?)
            ON CONFLICT(key) DO UPDATE SET swept_at=excluded.swept_at"""
        with self.store.writing(durable=False) as db:
            db.write(sql, (scope.key, scope.type, self.talk.clock()))
        self.wanted.discard(scope)
        self.doubts.discard(scope)


def _moved(cursor: int, first: int, page: Page) -> int:
    """Where the cursor may stand after this page: not beyond what was seen, except that an old overlap is let
    go.

    ``first``: the server's time at the first page. A clock that stepped back takes the cursor with it.
    """
    if not page.whole:
        return first if 0 <= first < cursor - OVERLAP else -1
    seen = max(cursor, page.last)
    if page.more or first < 0:
        return seen
    return min(first, max(seen, first - OVERLAP))


def _last_instant(page: Page) -> str:
    """The server's own words for the newest time on the page."""
    newest = max(page.whole, key=lambda item: codec.micros(item["meta"]["lastUpdated"]))
    return newest["meta"]["lastUpdated"]


def _versions(scope: Scope, response: Response) -> dict[str, str]:
    """Id -> version of everything listed; without a version it counts as different."""
    listed = {}
    for item in exchanges.entries(response.body):
        body = item.get("resource")
        if (
            isinstance(body, dict)
            and body.get("resourceType") == scope.type
            and isinstance(body.get("id"), str)
        ):
            meta = body.get("meta") if isinstance(body.get("meta"), dict) else {}
            listed[body["id"]] = str((meta or {}).get("versionId", ""))
    return listed


def _next_listing(scope: Scope, response: Response) -> Request | None:
    """The server's next link; where there is more and none, everything from the last instant on."""
    linked = exchanges.next_page(scope, response.body)
    count = len(exchanges.entries(response.body))
    if linked or (count < LISTING and exchanges.total(response) <= count):
        return linked
    bodies = [item.get("resource") for item in exchanges.entries(response.body)]
    times = [body["meta"]["lastUpdated"] for body in bodies if codec.is_resource(body, scope.type)]
    return exchanges.listing(scope, LISTING, max(times, key=codec.micros)) if times else None


def _ours(known: dict[str, Known], scope: Scope) -> int:
    return sum(not row.gone and row.scope == scope.key for row in known.values())


def _suspects(known: dict[str, Known], listed: dict[str, str], scope: Scope) -> list[str]:
    """What is known but not listed, and what is listed in another version than the known one."""
    missing = {
        own for own, row in known.items() if not row.gone and row.scope in ("", scope.key)
    } - listed.keys()
    other = {own for own, version in listed.items() if own not in known or known[own].version != version}
    back = {own for own in listed if own in known and known[own].gone}
    return sorted(missing | other | back)


def _mode(entry: dict[str, Any]) -> str:
    search = entry.get("search")
    return str(search.get("mode", "")) if isinstance(search, dict) else ""


def _problem(response: Response | None, *bundles: str) -> AppError | None:
    """Why an answer cannot be used; None when it can."""
    if response is None:
        return Offline()
    if response.status == 401:
        return SignedOut()
    if response.status in (408, 425, 429) or response.status >= 500:
        return ServiceDown(exchanges.retry_after(response))
    if response.status >= 400:
        code, text = exchanges.said_no(response)
        return Refused(response.status, text, code)
    return None if exchanges.is_bundle(response, *bundles) else BadData()
