"""Controls of people: who there is, and tokens without the sign-in pages."""

from typing import TYPE_CHECKING, Any

from starlette.requests import Request

from backend_stub.seed.residents import Resident
from backend_stub.signin.provider import RESIDENT_SCOPES
from backend_stub.tester import read
from backend_stub.tester.table import Control

if TYPE_CHECKING:
    from backend_stub.app import Platform

Body = dict[str, Any]
_SHOWN = {
    "key": "aino",
    "name": "Aino Virtanen",
    "age": 38,
    "born": "1988-03-14",
    "language": "fi",
    "identity": "140388-9881",
    "patient": "eab5af2d-0e2a-502f-9270-26226d4b19f5",
    "can_sign_in": True,
    "story": {"fi": "Työssäkäyvä äiti …", "sv": "Yrkesarbetande mamma …", "en": "A working mother …"},
}
_TOKEN = {
    "access_token": "…",
    "token_type": "Bearer",
    "expires_in": 600,
    "refresh_token": "…",
    "patient": "eab5af2d-0e2a-502f-9270-26226d4b19f5",
    "scope": "openid fhirUser offline_access launch/patient patient/*.cruds",
}


_RENEWALS = ("on-hold", "completed", "stopped")


class People:
    """Residents and their tokens."""

    def __init__(self, platform: "Platform") -> None:
        self._platform = platform

    def controls(self) -> list[Control]:
        """Their rows of the table."""
        return [
            Control(
                "GET",
                "/tester/residents",
                "The test residents.",
                self.residents,
                None,
                {"residents": [_SHOWN]},
                "People",
            ),
            Control(
                "GET",
                "/tester/codes",
                "The codes sent to new telephone numbers and e-mail addresses that nobody has given yet.",
                self.codes,
                None,
                {"codes": [{"patient": "…", "to": "0100 000 999", "code": "123456"}]},
                "People",
            ),
            Control(
                "POST",
                "/tester/renewal",
                "A professional handles a resident's open requests to renew: on-hold (in handling), completed (renewed)"
                " or stopped (denied, with why).",
                self.renewal,
                {"resident": "aino", "to": "completed"},
                {"changed": 1},
                "People",
            ),
            *self._sign_in(),
        ]

    def _sign_in(self) -> list[Control]:
        return [
            Control(
                "POST",
                "/tester/token",
                "A token without the sign-in pages: for a resident (key, Patient id, identity code; scope narrows it),"
                ' or for "system", which sees everything.',
                self.token,
                {"resident": "aino"},
                _TOKEN,
                "People",
            ),
            Control(
                "POST",
                "/tester/sign-out",
                "Revoke every token and forget every browser, as after a restart.",
                self.sign_out,
                None,
                {"signed_out": True},
                "People",
            ),
        ]

    async def residents(self, _request: Request, _body: Body) -> Body:
        """GET /tester/residents"""
        return {"residents": [_resident(one) for one in self._platform.seeder.roster]}

    async def codes(self, _request: Request, _body: Body) -> Body:
        """GET /tester/codes"""
        sent = self._platform.contacts.sent
        return {"codes": [{"patient": id, "to": one.value, "code": one.code} for id, one in sent.items()]}

    async def renewal(self, _request: Request, body: Body) -> Body:
        """POST /tester/renewal"""
        read.only(body, {"resident", "to", "why"})
        repository = self._platform.repository
        who, to = self._platform.seeder.roster.get(str(body.get("resident", ""))), body.get("to", "on-hold")
        if who is None:
            raise read.Wrong(f"no resident {body.get('resident')!r}; see /tester/residents", 404)
        if to not in _RENEWALS or not isinstance(body.get("why", ""), str):
            raise read.Wrong(f"to must be one of {', '.join(_RENEWALS)}; why a text")
        asked = [one for one in repository.all("MedicationRequest") if one["intent"] == "proposal"]
        mine = [one for one in asked if who.reference in str(one) and one["status"] in ("active", "on-hold")]
        for one in mine:
            why = {"statusReason": {"text": body["why"]}} if "why" in body else {}
            repository.update("MedicationRequest", one["id"], one | {"status": to} | why, by="clinic")
        return {"changed": len(mine)}

    async def token(self, _request: Request, body: Body) -> Body:
        """POST /tester/token"""
        read.only(body, {"resident", "scope"})
        wanted, provider = str(body.get("resident", "")), self._platform.provider
        scopes = tuple(str(body.get("scope", "")).split())
        if wanted == "system":
            return _shown(provider.system_tokens(), "", scopes)
        one = self._platform.seeder.roster.get(wanted) if wanted else None
        if one is None:
            raise read.Wrong(f"no resident {wanted!r}; see /tester/residents, or say system", 404)
        return _shown(
            provider.resident_tokens(one, scopes or RESIDENT_SCOPES), one.patient, scopes or RESIDENT_SCOPES
        )

    async def sign_out(self, _request: Request, _body: Body) -> Body:
        """POST /tester/sign-out"""
        self._platform.provider.sign_everybody_out()
        return {"signed_out": True}


def _shown(tokens: Any, patient: str, scopes: tuple[str, ...]) -> Body:
    return {
        "access_token": tokens.access,
        "token_type": "Bearer",
        "expires_in": tokens.seconds,
        "refresh_token": tokens.refresh,
        "patient": patient,
        "scope": " ".join(scopes),
    }


def _resident(one: Resident) -> Body:
    return {
        "key": one.key,
        "name": one.name,
        "age": one.age,
        "born": one.born.isoformat(),
        "language": one.language,
        "identity": one.identity,
        "patient": one.patient,
        "can_sign_in": one.can_sign_in,
        "story": one.story,
    }
