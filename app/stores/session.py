"""Who is using the app: sign-in, its end, and what belongs to the person signed in.

    SIGNED_OUT ─ sign_in ─► LEAVING ─► (sign-in page) ─ arrive ─► SIGNED_IN ─ expired ─► ENDED ─ sign_in ─► …
         ▲                                   │ cancelled, refused              │
         └───────────────────────────────────┴──────────── sign_out ◄──────────┘

In ENDED the stored data and the drafts stay where they are and sending waits: the person signs in again and goes on.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import Enum, auto
from typing import TYPE_CHECKING

from app.api.auth import Oidc, SignedIn, TokenKeeper
from app.api.tokens import Tokens, account_of
from app.errors import AppError
from app.platform.ways import Way
from app.stores.base import Action, Status, observable
from app.stores.news import News

if TYPE_CHECKING:  # what only somebody signed in has is imported when they are
    from app.stores.own import Own


class SessionState(Enum):
    """Where the sign-in stands; see the diagram above."""

    SIGNED_OUT = auto()
    LEAVING = auto()
    SIGNED_IN = auto()
    ENDED = auto()


class Parting(Enum):
    """What became of the data on this device when somebody signed out."""

    NONE = auto()
    KEPT = auto()
    ERASED = auto()
    NOT_ERASED = auto()


OpenOwn = Callable[[SignedIn], Awaitable["Own"]]


@observable
class Session:
    """The sign-in of this session. ``own`` is what the person has; None while nobody is signed in.

    ``return_to``: the route that asked for the sign-in, and where it leads when it is done.
    ``exit``: after signing out, the provider's own page of signing out; empty where it has none or is out of reach.
    """

    def __init__(
        self, oidc: Oidc, tokens: TokenKeeper, way: Way, open_own: OpenOwn, language: Callable[[], str]
    ) -> None:
        self._oidc, self._tokens, self._way = oidc, tokens, way
        self._open_own, self._language = open_own, language
        self.state = SessionState.SIGNED_OUT
        self.own: Own | None = None
        self.return_to = ""
        self.news = News.NONE
        self.parting, self.exit = Parting.NONE, ""
        self.sign_in = Action(self._sign_in)
        self.arrive = Action(self._arrive)
        self.sign_out = Action(self._sign_out)
        self.leave_provider = Action(self._leave_provider)
        self._parted: list[Callable[[], None]] = []

    @property
    def problem(self) -> AppError | None:
        """Why the last sign-in did not succeed."""
        return self.arrive.problem or self.sign_in.problem

    def on_parting(self, forget: Callable[[], None]) -> None:
        """Call ``forget`` whenever whoever was signed in is gone: what is theirs outside ``own`` goes too."""
        self._parted.append(forget)

    async def resume(self, fhir_base: str) -> None:
        """At start: go on as the person who was signed in when the app was closed, where the device keeps that."""
        try:
            tokens = await self._tokens.restore()
            if tokens is not None and tokens.sub:
                account = account_of(tokens.issuer, tokens.sub, fhir_base)
                who = SignedIn(tokens, tokens.sub, tokens.patient, tokens.fhir_user, "/", account)
                self.own = await self._open_own(who)
                self.news = self.own.news
                self.state = SessionState.SIGNED_IN
        except AppError as problem:
            self.arrive.problem = problem

    async def set_aside(self) -> None:
        """Close everything as when the app ends; the sign-in stays where the device keeps it, for ``resume``."""
        own = self._part()
        self.state = SessionState.SIGNED_OUT
        self._tokens.set_aside()
        if own is not None:
            await own.close()

    async def practise(self, who: SignedIn) -> None:
        """Begin as a fictional person, at a platform that lives in the app."""
        await self._tokens.start(who.tokens)
        self.own = await self._open_own(who)
        self.state = SessionState.SIGNED_IN

    def read_news(self) -> None:
        """The resident has read what there was to tell about this device."""
        self.news = News.NONE

    def expired(self) -> None:
        """The provider no longer accepts the sign-in: nothing is lost, sending waits."""
        if self.state is SessionState.SIGNED_IN:
            self.state = SessionState.ENDED

    async def _sign_in(self, return_to: str) -> Status:
        self.arrive.reset()
        self.return_to = return_to
        redirect_uri = await self._way.begin()
        url = await self._oidc.start(return_to, self._language(), redirect_uri)
        before, self.state = self.state, SessionState.LEAVING
        try:
            answer = await self._way.go(url)
        finally:
            self.state = before
        if answer is not None:
            await self.arrive.run(answer)
        return Status.DONE

    async def _arrive(self, callback_url: str) -> Status:
        signed_in = await self._oidc.finish(callback_url)
        is_other = await self._let_go(signed_in.sub)
        await self._tokens.start(signed_in.tokens)
        if self.own is None:
            self.own = await self._opened(signed_in)
            self.news = News.OTHER_PERSON if is_other and self.own.news is News.NONE else self.own.news
        self.own.sync.nudge()
        self.return_to = "/" if is_other else signed_in.return_to
        self.state, self.parting, self.exit = SessionState.SIGNED_IN, Parting.NONE, ""
        return Status.DONE

    async def _opened(self, signed_in: SignedIn) -> Own:
        try:
            return await self._open_own(signed_in)
        except AppError:
            await self._tokens.end()  # nobody is signed in, so no token may be left
            self.state = SessionState.SIGNED_OUT
            raise

    async def _let_go(self, sub: str) -> bool:
        """Whether another person was signed in on the same session: what belongs to them is closed."""
        if self.own is None or self.own.sub == sub:
            return False
        own = self._part()
        assert own is not None
        await own.close()
        return True

    async def _sign_out(self, erase: bool) -> Status:
        own = self._part()
        self.state, self.return_to, self.news = SessionState.SIGNED_OUT, "", News.NONE
        tokens = self._tokens.tokens
        try:
            self.parting = await self._put_away(own, erase) if own is not None else Parting.KEPT
        finally:  # whatever became of the data: whoever signs out is signed out
            reached = await self._tokens.end()
        self.exit = await self._exit(tokens) if tokens and reached else ""
        return Status.DONE

    async def _put_away(self, own: Own, erase: bool) -> Parting:
        try:
            await (own.erase() if erase else own.close())
        except AppError:
            return Parting.NOT_ERASED if erase else Parting.KEPT
        return Parting.ERASED if erase else Parting.KEPT

    def _part(self) -> Own | None:
        own, self.own = self.own, None
        for forget in self._parted:
            forget()
        return own

    async def _exit(self, tokens: Tokens) -> str:
        try:
            return await self._oidc.end_session_url(tokens, self._way.home, self._language()) or ""
        except AppError:
            return ""

    async def _leave_provider(self) -> Status:
        url, self.exit = self.exit, ""
        await self._way.part(url)
        return Status.DONE
