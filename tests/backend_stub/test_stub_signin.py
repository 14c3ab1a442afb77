"""Sign-in as programs see it: discovery, the question and its mistakes, the pages, the way out."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from backend_stub.app import Platform, build
from backend_stub.config import Config
from tests.backend_stub.signing_in import ROOT, agree, answer, asked, bearer, redeem


@pytest.fixture
def seed() -> None:
    """No data: sign-in needs the roster only."""


async def test_discovery_documents_agree_and_name_what_exists(http: httpx.AsyncClient) -> None:
    smart = (await http.get("/fhir/.well-known/smart-configuration")).json()
    openid = (await http.get("/auth/.well-known/openid-configuration")).json()

    assert smart["issuer"] == openid["issuer"] == f"{ROOT}/auth"
    assert smart["code_challenge_methods_supported"] == ["S256"]
    assert {"launch-standalone", "client-public", "permission-v2"} <= set(smart["capabilities"])
    for name in ("authorization_endpoint", "token_endpoint", "revocation_endpoint", "jwks_uri"):
        assert smart[name] == openid[name]
        path = urlsplit(smart[name]).path
        assert (await http.get(path)).status_code != 404


async def test_a_resident_signs_in(http: httpx.AsyncClient, platform: Platform) -> None:
    """Code, PKCE and nonce, end to end; the tokens tell whose they are."""
    back = answer(await agree(http))
    got = (await redeem(http, back["code"])).json()
    keys = KeySet.import_key_set((await http.get("/auth/jwks")).json())
    claims = jwt.decode(got["id_token"], keys, algorithms=["ES256"]).claims
    aino = platform.seeder.roster.get("aino")

    assert aino is not None
    assert back["state"] == "st&te"
    assert back["iss"] == f"{ROOT}/auth"
    assert (claims["iss"], claims["aud"], claims["nonce"]) == (f"{ROOT}/auth", "digiklinikka", "n-1")
    assert claims["sub"] == aino.sub != aino.patient
    assert claims["iat"] < claims["exp"]
    assert claims["fhirUser"] == f"{ROOT}/fhir/Patient/{aino.patient}"
    assert (got["patient"], got["token_type"], got["expires_in"]) == (aino.patient, "Bearer", 600)
    access = bearer(platform, got["access_token"])
    assert (access.kind, access.patient) == ("resident", aino.patient)
    assert access.may("Communication", "c")
    assert not access.may("Observation", "c")


async def test_the_token_reads_own_data_over_fhir(
    http: httpx.AsyncClient, platform: Platform, tokens: dict[str, Any]
) -> None:
    platform.plant(1)
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    own = await http.get(f"/fhir/Patient/{tokens['patient']}", headers=headers)

    assert own.json()["name"][0]["family"] == "Virtanen"
    assert (await http.get("/fhir/Patient", headers=headers)).json()["total"] == 1


async def test_token_answers_are_never_stored(http: httpx.AsyncClient, code: str) -> None:
    assert (await redeem(http, code)).headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "somebody"},
        {"client_id": None},
        {"redirect_uri": None},
        {"redirect_uri": "https://evil.example/callback"},
        {"redirect_uri": "http://127.0.0.1.evil.example/callback"},
        {"redirect_uri": "http://user@127.0.0.1:1/callback"},
        {"redirect_uri": "http://@127.0.0.1:1/callback"},
        {"redirect_uri": "http://127.0.0.1:1/callback#part"},
        {"redirect_uri": "http://127.0.0.1:1/elsewhere"},
        {"redirect_uri": "http://127.0.0.1:1/x/../callback"},
        {"redirect_uri": "https://127.0.0.1:1/callback"},
        {"redirect_uri": "http://127.0.0.1:port/callback"},
        {"redirect_uri": "fi.digiklinikka.app.evil:/callback"},
        {"redirect_uri": "fi.digiklinikka.app://evil/callback"},
        {"redirect_uri": "javascript:/callback"},
    ],
)
async def test_unknown_client_or_address_is_told_on_a_page_and_never_redirected(
    http: httpx.AsyncClient, changes: dict[str, str | None]
) -> None:
    response = await http.get("/auth/authorize", params=asked(**changes))

    assert response.status_code == 400
    assert "location" not in response.headers
    assert "<h1>" in response.text


@pytest.mark.parametrize(
    "uri",
    [
        "http://127.0.0.1:8550/callback",
        "http://localhost:9/callback",
        "http://[::1]:40000/callback",
        "http://127.0.0.1:8550/digi/callback",
        "fi.digiklinikka.app:/callback",
        "fi.digiklinikka.app://app/callback",
    ],
)
async def test_served_desktop_and_mobile_addresses_are_taken(http: httpx.AsyncClient, uri: str) -> None:
    back = await agree(http, redirect_uri=uri)

    assert back.headers["location"].startswith(f"{uri}?code=")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"scope": "everything"}, "invalid_scope"),
        ({"scope": None}, "invalid_scope"),
        ({"scope": "patient/*."}, "invalid_scope"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"aud": "https://other.example/fhir"}, "invalid_request"),
        ({"prompt": "none"}, "login_required"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"max_age": "9" * 5000, "prompt": "none"}, "login_required"),
        ({"request": "ey"}, "request_not_supported"),
        ({"request_uri": "https://x.example"}, "request_uri_not_supported"),
    ],
)
async def test_other_mistakes_go_back_to_the_client(
    http: httpx.AsyncClient, changes: dict[str, str | None], error: str
) -> None:
    """Error, state and issuer in the redirect (RFC 6749 §4.1.2.1, RFC 9207)."""
    back = answer(await http.get("/auth/authorize", params=asked(**changes)))

    assert back["error"] == error
    assert back["state"] == "st&te"
    assert back["iss"] == f"{ROOT}/auth"
    assert "code" not in back


async def test_a_repeated_parameter_is_refused(http: httpx.AsyncClient) -> None:
    response = await http.get("/auth/authorize", params=[*asked().items(), ("scope", "openid")])

    assert answer(response)["error"] == "invalid_request"


async def test_authorize_takes_a_posted_form(http: httpx.AsyncClient) -> None:
    response = await http.post("/auth/authorize", data=asked())

    assert "/auth/sign-in/" in response.headers["location"]


async def test_no_state_and_no_nonce_come_back_when_none_were_sent(http: httpx.AsyncClient) -> None:
    back = answer(await agree(http, state=None, nonce=None))
    got = (await redeem(http, back["code"])).json()
    keys = KeySet.import_key_set((await http.get("/auth/jwks")).json())

    assert "state" not in back
    assert "nonce" not in jwt.decode(got["id_token"], keys, algorithms=["ES256"]).claims


async def test_prompt_none_answers_silently_once_signed_in(
    http: httpx.AsyncClient, platform: Platform
) -> None:
    await agree(http)
    silent = answer(await http.get("/auth/authorize", params=asked(prompt="none")))
    got = await redeem(http, silent["code"])
    platform.clock.advance(timedelta(minutes=5))
    stale = answer(await http.get("/auth/authorize", params=asked(prompt="none", max_age="60")))

    assert got.status_code == 200
    assert stale["error"] == "login_required"


async def test_end_session_forgets_the_browser_and_returns_only_to_the_client(
    http: httpx.AsyncClient,
) -> None:
    await agree(http)
    there = "http://127.0.0.1:8550/"
    back = await http.get("/auth/end_session", params={"post_logout_redirect_uri": there, "state": "s"})
    foreign = await http.get(
        "/auth/end_session", params={"post_logout_redirect_uri": "https://evil.example/"}
    )

    assert back.headers["location"] == f"{there}?state=s"
    assert foreign.status_code == 200
    assert "location" not in foreign.headers
    assert answer(await http.get("/auth/authorize", params=asked(prompt="none")))["error"] == "login_required"


async def test_a_second_tap_on_confirm_gives_the_same_answer(http: httpx.AsyncClient) -> None:
    begun = await http.get("/auth/authorize", params=asked())
    confirm = f"{urlsplit(begun.headers['location']).path}/confirm"
    taps = [await http.post(confirm, data={"resident": "aino", "bank": "1"}) for _ in range(2)]

    assert taps[0].headers["location"] == taps[1].headers["location"]


@pytest.mark.parametrize(
    ("uri", "taken"),
    [
        ("https://digi.example/callback", True),
        ("https://digi.example/app/callback", True),
        ("https://digi.example/other", False),
        ("https://digi.example.evil.example/callback", False),
        ("http://digi.example/callback", False),
    ],
)
async def test_a_configured_origin_may_host_the_app(uri: str, taken: bool) -> None:
    """The static app on a county's own web server: redirects and CORS both follow the setting."""
    app = build(Config(seed=None, port=8299, origins=("https://digi.example",)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ROOT) as client:
        response = await client.get("/auth/authorize", params=asked(redirect_uri=uri))
        shared = await client.get("/auth/jwks", headers={"Origin": "https://digi.example"})

    assert (response.status_code == 303) == taken
    assert shared.headers["access-control-allow-origin"] == "https://digi.example"


@pytest.mark.parametrize(
    ("config", "base"),
    [
        (Config(), "http://127.0.0.1:8040"),
        (Config(host="::1", port=1), "http://[::1]:1"),
        (Config(host="0.0.0.0", port=1), "http://127.0.0.1:1"),
        (Config(public_url="https://stub.example/"), "https://stub.example"),
    ],
)
def test_addresses_follow_the_settings(config: Config, base: str) -> None:
    assert (config.base_url, config.issuer, config.fhir_base) == (base, f"{base}/auth", f"{base}/fhir")
