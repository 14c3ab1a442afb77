"""Tokens as programs see them: codes, refresh rotation, revocation, and every misuse we know of."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from backend_stub.app import Platform
from backend_stub.fhir.errors import Unauthorised
from tests.backend_stub.signing_in import SCOPE, agree, answer, bearer, challenge, redeem, refresh


@pytest.fixture
def seed() -> None:
    """No data: sign-in needs the roster only."""


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_verifier": "w" * 64}, "invalid_grant"),
        ({"code_verifier": challenge()}, "invalid_grant"),
        ({"code_verifier": "v" * 42}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_request"),
        ({"redirect_uri": "http://127.0.0.1:51235/callback"}, "invalid_grant"),
        ({"redirect_uri": ""}, "invalid_request"),
        ({"code": "guess"}, "invalid_grant"),
        ({"client_id": "somebody"}, "invalid_client"),
        ({"client_secret": "hush"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": ""}, "invalid_request"),
    ],
)
async def test_a_code_is_worth_nothing_in_wrong_hands(
    http: httpx.AsyncClient, code: str, changes: dict[str, str], error: str
) -> None:
    response = await redeem(http, code, **changes)

    assert response.status_code == (401 if error == "invalid_client" else 400)
    assert response.json()["error"] == error


async def test_a_wrong_verifier_burns_the_code(http: httpx.AsyncClient, code: str) -> None:
    await redeem(http, code, code_verifier="w" * 64)

    assert (await redeem(http, code)).json()["error"] == "invalid_grant"


async def test_a_code_used_twice_revokes_what_it_gave(
    http: httpx.AsyncClient, platform: Platform, code: str
) -> None:
    first = (await redeem(http, code)).json()
    second = await redeem(http, code)

    assert second.json()["error"] == "invalid_grant"
    with pytest.raises(Unauthorised):
        bearer(platform, first["access_token"])
    assert (await refresh(http, first["refresh_token"])).json()["error"] == "invalid_grant"


async def test_a_code_lives_a_minute(http: httpx.AsyncClient, platform: Platform, code: str) -> None:
    platform.clock.advance(timedelta(seconds=61))

    assert (await redeem(http, code)).json()["error"] == "invalid_grant"


async def test_an_access_token_expires_by_the_clock(
    http: httpx.AsyncClient, platform: Platform, tokens: dict[str, Any]
) -> None:
    platform.plant(1)
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    before = await http.get(f"/fhir/Patient/{tokens['patient']}", headers=headers)
    platform.clock.advance(timedelta(seconds=601))
    after = await http.get(f"/fhir/Patient/{tokens['patient']}", headers=headers)

    assert (before.status_code, after.status_code) == (200, 401)
    assert "Bearer" in after.headers["www-authenticate"]


async def test_refresh_rotates(http: httpx.AsyncClient, platform: Platform, tokens: dict[str, Any]) -> None:
    renewed = (await refresh(http, tokens["refresh_token"])).json()

    assert renewed["refresh_token"] != tokens["refresh_token"]
    assert renewed["patient"] == tokens["patient"]
    assert bearer(platform, renewed["access_token"]).patient == tokens["patient"]


async def test_a_refresh_token_used_twice_ends_the_whole_family(
    http: httpx.AsyncClient, platform: Platform, tokens: dict[str, Any]
) -> None:
    renewed = (await refresh(http, tokens["refresh_token"])).json()
    stolen = await refresh(http, tokens["refresh_token"])

    assert stolen.json()["error"] == "invalid_grant"
    assert (await refresh(http, renewed["refresh_token"])).json()["error"] == "invalid_grant"
    with pytest.raises(Unauthorised):
        bearer(platform, renewed["access_token"])


async def test_another_sign_in_survives_the_fall_of_the_first(
    http: httpx.AsyncClient, platform: Platform, tokens: dict[str, Any]
) -> None:
    other = (await redeem(http, answer(await agree(http))["code"])).json()
    await refresh(http, tokens["refresh_token"])
    await refresh(http, tokens["refresh_token"])

    assert bearer(platform, other["access_token"]).patient == tokens["patient"]


async def test_refresh_may_narrow_scopes_but_never_widen_them(
    http: httpx.AsyncClient, platform: Platform, tokens: dict[str, Any]
) -> None:
    wide = await refresh(http, tokens["refresh_token"], scope="patient/*.cruds")
    narrow = (await refresh(http, tokens["refresh_token"], scope="patient/*.rs")).json()

    assert wide.json()["error"] == "invalid_scope"
    assert narrow["scope"] == "patient/*.rs"
    assert not bearer(platform, narrow["access_token"]).may("Communication", "c")
    assert (await refresh(http, narrow["refresh_token"])).json()["scope"] == SCOPE


async def test_no_refresh_token_without_offline_access(http: httpx.AsyncClient) -> None:
    code = answer(await agree(http, scope="openid patient/*.rs"))["code"]

    assert "refresh_token" not in (await redeem(http, code)).json()


async def test_an_expired_refresh_token_is_refused(
    http: httpx.AsyncClient, platform: Platform, tokens: dict[str, Any]
) -> None:
    platform.clock.advance(timedelta(days=15))

    assert (await refresh(http, tokens["refresh_token"])).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("which", ["refresh_token", "access_token"])
async def test_revocation_ends_the_sign_in(
    http: httpx.AsyncClient, platform: Platform, tokens: dict[str, Any], which: str
) -> None:
    form = {"client_id": "digiklinikka", "token": tokens[which]}
    response = await http.post("/auth/revoke", data=form)

    assert response.status_code == 200
    with pytest.raises(Unauthorised):
        bearer(platform, tokens["access_token"])
    assert (await refresh(http, tokens["refresh_token"])).status_code == 400


async def test_revoking_an_unknown_token_is_no_news(http: httpx.AsyncClient) -> None:
    """RFC 7009 §2.2."""
    assert (
        await http.post("/auth/revoke", data={"client_id": "digiklinikka", "token": "x"})
    ).status_code == 200


@pytest.mark.parametrize("header", ["Bearer guess", "Bearer ", "Basic YTpi", "nonsense"])
async def test_bad_authorization_headers_are_401_and_never_anonymous(
    http: httpx.AsyncClient, header: str
) -> None:
    response = await http.get("/fhir/HealthcareService", headers={"Authorization": header})

    assert response.status_code == 401
    assert response.json()["resourceType"] == "OperationOutcome"


async def test_a_json_body_is_no_token_request(http: httpx.AsyncClient) -> None:
    response = await http.post("/auth/token", json={"grant_type": "authorization_code"})

    assert response.json()["error"] == "invalid_request"
