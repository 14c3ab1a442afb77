"""The pages a resident sees while signing in: means of identification, person, what is passed on."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from backend_stub.clock import Clock
from backend_stub.config import Config
from backend_stub.seed.residents import Resident, Roster
from backend_stub.signin import clients
from backend_stub.signin.exchange import SESSION_COOKIE
from backend_stub.signin.grants import Grant, Grants
from backend_stub.signin.request import (
    LANGUAGES,
    AuthRequest,
    Denied,
    Target,
    Unusable,
    answer_url,
    language,
    parse,
    target,
)
from backend_stub.signin.visits import Session, Visit, Visits
from backend_stub.web.pages import Pages
from backend_stub.web.texts import Say, Texts

_KINDS = {"Mobiilivarmenne": "mobile", "Kansalaisvarmenne": "card"}


@dataclass(frozen=True)
class Bank:
    """A made-up means of identification; ``number`` counts from 1."""

    number: int
    name: str
    kind: str


class Door:
    """Handlers of /auth/authorize and /auth/sign-in/…"""

    def __init__(
        self,
        config: Config,
        clock: Clock,
        grants: Grants,
        visits: Visits,
        roster: Callable[[], Roster],
        pages: Pages,
        texts: Texts,
    ) -> None:
        self._config, self._clock, self._grants, self._visits = config, clock, grants, visits
        self._roster, self._pages, self._texts = roster, pages, texts

    async def authorize(self, request: Request) -> Response:
        """GET or POST. Shows a page when it may not redirect, else the sign-in page or an error to the client."""
        params = await _params(request)
        try:
            to = target(params, self._config.origins)
        except Unusable as unusable:
            return self._unusable(unusable, dict(params).get("ui_locales", ""))
        try:
            return self._admit(parse(params, to, self._config), request)
        except Denied as denied:
            return self._deny(to, denied.error, denied.description)

    async def banks(self, request: Request) -> Response:
        """The choice of bank."""
        visit = self._visit(request)
        if visit is None:
            return self._gone(request)
        return self._page(
            "signin/banks.html", visit, "bank.title", "", banks=_banks(self._texts.of(visit.language))
        )

    async def people(self, request: Request) -> Response:
        """The list of test residents; ``q`` searches it."""
        visit = self._visit(request)
        if visit is None:
            return self._gone(request)
        bank, sought = (
            self._bank(request.query_params.get("bank", ""), visit),
            request.query_params.get("q", "").strip(),
        )
        people = list(_found(self._roster(), sought, visit.language))
        place = f"/people?bank={bank.number}"
        return self._page(
            "signin/people.html", visit, "person.title", place, bank=bank, people=people, sought=sought
        )

    async def confirm(self, request: Request) -> Response:
        """GET shows what is passed on; POST passes it on."""
        visit = self._visit(request)
        if visit is None:
            return self._gone(request)
        given = request.query_params if request.method == "GET" else await request.form()
        one, bank = (
            self._roster().get(str(given.get("resident", ""))),
            self._bank(str(given.get("bank", "")), visit),
        )
        if one is None or not one.can_sign_in:
            return RedirectResponse(f"/auth/sign-in/{visit.id}/people?bank={bank.number}", 303)
        if request.method == "POST":
            return self._pass_on(visit, one, bank)
        place = f"/confirm?bank={bank.number}&resident={one.key}"
        rights = _rights(visit.request.scopes)
        return self._page(
            "signin/confirm.html", visit, "confirm.title", place, one=one, bank=bank, rights=rights
        )

    async def cancel(self, request: Request) -> Response:
        """ "Keskeytä": the client hears access_denied."""
        visit = self._visits.get(request.path_params["visit"])
        if visit is None:
            return self._gone(request)
        return self._deny(visit.request.target, "access_denied", "the resident cancelled")

    def down(self, request: Request, status: int) -> Response:
        """What a person sees when a tester makes a page fail: what happened, and the way back where there is one."""
        to, spoken = self._way_back(request)
        say = self._texts.of(spoken)
        return self._pages.show(
            "signin/message.html",
            language=spoken,
            status=status,
            t=say,
            title=say("down.title"),
            lines=[say("down.text"), say("down.advice")],
            back=to and answer_url(to, self._config.issuer, error="temporarily_unavailable"),
        )

    def _way_back(self, request: Request) -> tuple[Target | None, str]:
        """Where the page that fails would have led back to, and its language."""
        visit = self._visits.get(request.url.path.removeprefix("/auth/sign-in/").partition("/")[0])
        if visit is not None:
            return visit.request.target, visit.language
        params = request.query_params
        try:
            to = target(params.multi_items(), self._config.origins)
        except Unusable:
            to = None
        return to, language(params.get("ui_locales", ""))

    def _admit(self, asked: AuthRequest, request: Request) -> Response:
        if "none" in asked.prompt:
            return self._silently(asked, request.cookies.get(SESSION_COOKIE, ""))
        visit = self._visits.begin(asked)
        hinted = self._roster().get(asked.hint)
        step = f"/confirm?resident={hinted.key}" if hinted else ""
        return RedirectResponse(f"/auth/sign-in/{visit.id}{step}", 303)

    def _silently(self, asked: AuthRequest, cookie: str) -> Response:
        session = self._visits.session(cookie)
        one = session and self._roster().get(session.resident)
        if not session or not one or self._is_old(session, asked.max_age):
            raise Denied("login_required", "nobody is signed in")
        return RedirectResponse(self._answer(asked, one, session), 303)

    def _is_old(self, session: Session, max_age: int | None) -> bool:
        return max_age is not None and (self._clock.now() - session.at).total_seconds() > max_age

    def _pass_on(self, visit: Visit, one: Resident, bank: Bank) -> Response:
        session = Session(one.key, bank.name, self._clock.now())
        if not visit.answer:
            visit = self._visits.finish(visit, self._answer(visit.request, one, session))
        response = RedirectResponse(visit.answer, 303)
        cookie = self._visits.sign_in(session)
        response.set_cookie(SESSION_COOKIE, cookie, path="/auth", httponly=True, samesite="lax")
        return response

    def _answer(self, asked: AuthRequest, one: Resident, session: Session) -> str:
        grant = Grant(one.sub, one.patient, asked.scopes, session.at, asked.nonce, session.means)
        code = self._grants.code(grant, asked.target.redirect_uri, asked.challenge)
        return answer_url(asked.target, self._config.issuer, code=code)

    def _deny(self, to: Target, error: str, description: str) -> Response:
        return RedirectResponse(
            answer_url(to, self._config.issuer, error=error, error_description=description), 303
        )

    def _visit(self, request: Request) -> Visit | None:
        visit = self._visits.get(request.path_params["visit"])
        wanted = request.query_params.get("lang", "")
        return self._visits.speak(visit, wanted) if visit and wanted in LANGUAGES else visit

    def _bank(self, number: str, visit: Visit) -> Bank:
        banks = _banks(self._texts.of(visit.language))
        return next((bank for bank in banks if str(bank.number) == number), banks[0])

    def _page(self, template: str, visit: Visit, title: str, place: str, **values: Any) -> Response:
        say = self._texts.of(visit.language)
        joint = "&" if "?" in place else "?"
        return self._pages.show(
            template,
            language=visit.language,
            form_targets=[clients.form_target(visit.request.target.redirect_uri)],
            t=say,
            title=say(title),
            visit=visit.id,
            switch=f"/auth/sign-in/{visit.id}{place}{joint}",
            **values,
        )

    def _unusable(self, unusable: Unusable, locales: str) -> Response:
        spoken = language(locales)
        say = self._texts.of(spoken)
        lines = [say(f"unusable.{unusable.field}"), say("unusable.advice")]
        return self._pages.show(
            "signin/message.html",
            language=spoken,
            status=400,
            t=say,
            title=say("unusable.title"),
            lines=lines,
            code=unusable.field,
        )

    def _gone(self, request: Request) -> Response:
        wanted = request.query_params.get("lang", "fi")
        spoken = wanted if wanted in LANGUAGES else "fi"
        say = self._texts.of(spoken)
        return self._pages.show(
            "signin/message.html",
            language=spoken,
            status=410,
            t=say,
            title=say("gone.title"),
            lines=[say("gone.text")],
        )


async def _params(request: Request) -> list[tuple[str, str]]:
    given = request.query_params if request.method == "GET" else await request.form()
    return [(name, str(value)) for name, value in given.multi_items()]


def _banks(say: Say) -> list[Bank]:
    names = json.loads(files("backend_stub.signin").joinpath("banks.json").read_text("utf-8"))
    return [
        Bank(n, _bank_name(name, say), say(_KINDS.get(name, "netbank"))) for n, name in enumerate(names, 1)
    ]


def _bank_name(name: str, say: Say) -> str:
    return say(_KINDS[name]) if name in _KINDS else name


def _found(roster: Iterable[Resident], sought: str, spoken: str) -> Iterable[Resident]:
    for one in roster:
        text = " ".join((one.name, one.identity, one.story[spoken], one.city)).casefold()
        if all(word in text for word in sought.casefold().split()):
            yield one


def _rights(scopes: tuple[str, ...]) -> list[str]:
    rights = ["read"] if any(scope.startswith("patient/") for scope in scopes) else []
    writes = any(
        set("cud") & set(scope.rsplit(".", 1)[-1]) for scope in scopes if scope.startswith("patient/")
    )
    rights += ["write"] if writes else []
    return rights + (["stay"] if "offline_access" in scopes else [])
