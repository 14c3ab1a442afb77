"""Sign-in from start to finish, and every answer that must not be believed."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from api.fake_provider import BASE, NOW, FakeProvider

from app.api.auth import MemoryPending, StoredPending
from app.api.pending import PendingStore
from app.errors import AppError, BadData, Offline, Refused, ServiceDown, SignedOut
from tests.api.signing_in import WAYS, Clock, came_back, oidc
from tests.remembered import Names

HTML = httpx.Response(200, headers={"content-type": "text/html"}, text="<html>Kirjaudu verkkoon</html>")


@pytest.mark.parametrize("way", WAYS)
async def test_a_resident_signs_in_and_returns_to_where_they_were(
    provider: FakeProvider, clock: Clock, way: str
) -> None:
    sign_in = oidc(provider, clock)
    done = await sign_in.finish(await came_back(provider, sign_in, "/messages/new?to=x", way))
    assert (done.sub, done.patient, done.return_to) == ("s-1", "aino", "/messages/new?to=x")
    assert (done.tokens.access, done.tokens.refresh) == ("access1", "refresh1")
    assert done.tokens.expires_at == NOW + timedelta(seconds=300)
    assert (len(done.account), done.account.isalnum()) == (64, True)


async def test_the_callback_may_arrive_as_a_route_of_the_app(provider: FakeProvider, clock: Clock) -> None:
    sign_in = oidc(provider, clock)
    answer = urlsplit(await came_back(provider, sign_in))
    assert (await sign_in.finish(f"/callback?{answer.query}")).patient == "aino"


async def test_the_question_is_that_of_a_public_client_with_pkce(
    provider: FakeProvider, clock: Clock
) -> None:
    url = await oidc(provider, clock).start("/", "fi_selko", WAYS[2])
    asked = {k: v[0] for k, v in parse_qs(urlsplit(url).query).items()}
    fixed = {
        "response_type": "code",
        "client_id": "digiklinikka",
        "redirect_uri": WAYS[2],
        "aud": BASE,
        "code_challenge_method": "S256",
        "ui_locales": "fi",
    }
    assert fixed.items() <= asked.items()
    assert {"openid", "fhirUser", "offline_access", "launch/patient"} <= set(asked["scope"].split())
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 32


async def test_every_start_is_different(provider: FakeProvider, clock: Clock) -> None:
    sign_in = oidc(provider, clock)
    queries = [parse_qs(urlsplit(await sign_in.start("/", "fi", WAYS[0])).query) for _ in range(2)]
    for name in ("state", "nonce", "code_challenge"):
        assert queries[0][name] != queries[1][name]


async def test_a_start_survives_a_reload_of_the_page(provider: FakeProvider, clock: Clock) -> None:
    storage = Names()
    callback = await came_back(provider, oidc(provider, clock, StoredPending(storage)))
    after_reload = oidc(provider, clock, StoredPending(storage))
    assert (await after_reload.finish(callback)).return_to == "/messages/new"
    assert storage.kept == {}


@pytest.mark.parametrize("stored", [False, True])
async def test_an_answer_counts_once_and_for_ten_minutes(
    provider: FakeProvider, clock: Clock, stored: bool
) -> None:
    sign_in = oidc(provider, clock, StoredPending(Names()) if stored else MemoryPending())
    callback = await came_back(provider, sign_in)
    await sign_in.finish(callback)
    late = await came_back(provider, sign_in)
    clock.now += timedelta(minutes=10, seconds=1)
    for url in (callback, late):
        with pytest.raises(SignedOut):
            await sign_in.finish(url)


@pytest.mark.parametrize("pending", [MemoryPending(), StoredPending(Names())])
async def test_many_starts_do_not_pile_up_and_the_last_ones_count(
    provider: FakeProvider, clock: Clock, pending: PendingStore
) -> None:
    sign_in = oidc(provider, clock, pending)
    callbacks = [await came_back(provider, sign_in) for _ in range(8)]
    with pytest.raises(SignedOut):
        await sign_in.finish(callbacks[0])
    assert (await sign_in.finish(callbacks[4])).patient == "aino"
    assert (await sign_in.finish(callbacks[7])).patient == "aino"


async def test_damaged_storage_is_no_start(provider: FakeProvider, clock: Clock) -> None:
    storage = Names()
    storage.kept["sign-in"] = '[{"state": 1}]'
    sign_in = oidc(provider, clock, StoredPending(storage))
    with pytest.raises(SignedOut):
        await sign_in.finish("/callback?code=c&state=1")
    assert (await sign_in.finish(await came_back(provider, sign_in))).patient == "aino"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "javascript:1", "/\\evil.example", ""]
)
async def test_the_way_back_never_leads_out_of_the_app(
    provider: FakeProvider, clock: Clock, elsewhere: str
) -> None:
    sign_in = oidc(provider, clock)
    assert (await sign_in.finish(await came_back(provider, sign_in, elsewhere))).return_to == "/"


@pytest.mark.parametrize(
    "redirect",
    [{"iss": "https://evil.example"}, {"iss": ""}, {"state": "forged"}, {"state": ""}, {"code": ""}],
)
async def test_a_forged_answer_is_not_believed(
    provider: FakeProvider, clock: Clock, redirect: dict[str, str]
) -> None:
    provider.redirect = redirect
    sign_in = oidc(provider, clock)
    with pytest.raises(SignedOut):
        await sign_in.finish(await came_back(provider, sign_in))
    assert not [r for r in provider.asked if r.url.path == "/auth/token"]


async def test_a_provider_that_never_names_itself_is_accepted(provider: FakeProvider, clock: Clock) -> None:
    provider.smart |= {"authorization_response_iss_parameter_supported": False}
    provider.redirect = {"iss": ""}
    sign_in = oidc(provider, clock)
    assert (await sign_in.finish(await came_back(provider, sign_in))).patient == "aino"


@pytest.mark.parametrize(
    ("error", "raised"),
    [("access_denied", Refused), ("login_required", Refused), ("temporarily_unavailable", ServiceDown)],
)
async def test_the_providers_no_is_told(
    provider: FakeProvider, clock: Clock, error: str, raised: type[AppError]
) -> None:
    provider.redirect = {"code": "", "error": error}
    sign_in = oidc(provider, clock)
    with pytest.raises(raised) as caught:
        await sign_in.finish(await came_back(provider, sign_in))
    assert getattr(caught.value, "code", error) == error


@pytest.mark.parametrize("path", ["/r4/.well-known/smart-configuration", "/auth/token", "/auth/jwks"])
@pytest.mark.parametrize(
    ("answer", "raised"),
    [
        (httpx.ConnectError("x"), Offline),
        (HTML, Offline),
        (httpx.Response(302, headers={"location": "https://portal.example"}), Offline),
        (httpx.Response(503, headers={"retry-after": "3"}), ServiceDown),
        (httpx.Response(200, json=[]), BadData),
        (httpx.Response(200, content=b'{"acc'), BadData),
    ],
    ids=["no connection", "portal", "redirect", "down", "list", "truncated"],
)
async def test_a_failing_connection_is_told_and_the_answer_may_be_tried_again(
    provider: FakeProvider, clock: Clock, path: str, answer: Any, raised: type[AppError]
) -> None:
    pending = MemoryPending()
    callback = await came_back(provider, oidc(provider, clock, pending))
    provider.broken[path] = answer
    if raised is BadData and "smart" in path:
        provider.openid = None  # else the other document is used
        raised = Refused
    with pytest.raises(raised):
        await oidc(provider, clock, pending).finish(callback)
    if raised in (Offline, ServiceDown):
        provider.broken.clear()
        assert (await oidc(provider, clock, pending).finish(callback)).patient == "aino"


async def test_a_platform_without_smart_discovery_may_use_openids(
    provider: FakeProvider, clock: Clock
) -> None:
    provider.broken["/r4/.well-known/smart-configuration"] = httpx.Response(404)
    sign_in = oidc(provider, clock)
    done = await sign_in.finish(await came_back(provider, sign_in))
    assert (await sign_in.end_session_url(done.tokens, "https://app.example/")) is not None


async def test_discovery_is_asked_once(provider: FakeProvider, clock: Clock) -> None:
    sign_in = oidc(provider, clock)
    for _ in range(3):
        await sign_in.start("/", "fi", WAYS[0])
    asked = [r.url.path for r in provider.asked if "/.well-known/" in r.url.path]
    assert asked == [
        "/r4/.well-known/smart-configuration",
        "/auth/.well-known/openid-configuration",
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"issuer": ""},
        {"token_endpoint": None},
        {"authorization_endpoint": "http://login.example/authorize"},
        {"token_endpoint": "http://login.example/token"},
        {"revocation_endpoint": "ftp://login.example"},
    ],
)
async def test_a_platform_behind_tls_never_leads_to_a_page_without(
    provider: FakeProvider, clock: Clock, change: dict[str, Any]
) -> None:
    provider.smart |= change
    provider.openid = None
    with pytest.raises(BadData):
        await oidc(provider, clock).start("/", "fi", WAYS[0])


async def test_another_issuers_document_adds_nothing(provider: FakeProvider, clock: Clock) -> None:
    provider.openid = {"issuer": "https://evil.example", "end_session_endpoint": "https://evil.example/end"}
    sign_in = oidc(provider, clock)
    done = await sign_in.finish(await came_back(provider, sign_in))
    assert await sign_in.end_session_url(done.tokens) is None


async def test_the_browser_can_be_sent_to_end_the_session(provider: FakeProvider, clock: Clock) -> None:
    sign_in = oidc(provider, clock)
    done = await sign_in.finish(await came_back(provider, sign_in))
    url = await sign_in.end_session_url(done.tokens, "https://app.example/", "sv")
    asked = {k: v[0] for k, v in parse_qs(urlsplit(url or "").query).items()}
    assert (asked["post_logout_redirect_uri"], asked["ui_locales"]) == ("https://app.example/", "sv")
    assert asked["id_token_hint"] == done.tokens.id_token
