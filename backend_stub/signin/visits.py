"""Browsers on their way through the sign-in pages, and those that have been through."""

import secrets
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime

from backend_stub.signin.request import AuthRequest

MOST = 1000


@dataclass(frozen=True)
class Visit:
    """One authorization request being answered. ``answer``: the redirect, once there is one."""

    id: str
    request: AuthRequest
    language: str
    answer: str = ""


@dataclass(frozen=True)
class Session:
    """A browser that has signed in: what ``prompt=none`` builds on. ``resident``: the roster's key."""

    resident: str
    means: str
    at: datetime


class Visits:
    """The newest thousand of each; older ones are forgotten."""

    def __init__(self) -> None:
        self._visits: OrderedDict[str, Visit] = OrderedDict()
        self._sessions: OrderedDict[str, Session] = OrderedDict()

    def begin(self, request: AuthRequest) -> Visit:
        """A new visit under an unguessable id."""
        visit = Visit(secrets.token_urlsafe(18), request, request.language)
        return self._keep(visit)

    def get(self, id: str) -> Visit | None:
        """The visit, or None when it is unknown or forgotten."""
        return self._visits.get(id)

    def speak(self, visit: Visit, language: str) -> Visit:
        """The same visit in another language."""
        return self._keep(replace(visit, language=language))

    def finish(self, visit: Visit, answer: str) -> Visit:
        """Remember the answer: a second tap on the button gets the same one."""
        return self._keep(replace(visit, answer=answer))

    def sign_in(self, session: Session) -> str:
        """A new browser session; returns the cookie's value."""
        cookie = secrets.token_urlsafe(18)
        self._sessions[cookie] = session
        _trim(self._sessions)
        return cookie

    def session(self, cookie: str) -> Session | None:
        """The session of a cookie."""
        return self._sessions.get(cookie)

    def sign_out(self, cookie: str) -> None:
        """Forget a browser session."""
        self._sessions.pop(cookie, None)

    def forget_all(self) -> None:
        """As after a restart."""
        self._visits.clear()
        self._sessions.clear()

    def _keep(self, visit: Visit) -> Visit:
        self._visits[visit.id] = visit
        _trim(self._visits)
        return visit


def _trim(kept: OrderedDict[str, object] | OrderedDict[str, Visit] | OrderedDict[str, Session]) -> None:
    while len(kept) > MOST:
        kept.popitem(last=False)
