"""What a provider gives: id tokens that must not be believed, tokens that are renewed and revoked."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from api.fake_provider import BASE, ISSUER, KEYS, NOW, FakeProvider

from app.api import id_token
from app.errors import BadData, SignedOut
from tests.api.signing_in import Clock, came_back, oidc

WRONG: list[dict[str, Any]] = [
    {"iss": "https://evil.example"},
    {"aud": "other"},
    {"aud": ["digiklinikka", "other"]},
    {"aud": ["digiklinikka"], "azp": "other"},
    {"nonce": "other"},
    {"nonce": None},
    {"exp": int(NOW.timestamp()) - 301},
    {"exp": None},
    {"exp": "later"},
    {"sub": None},
]


@pytest.mark.parametrize("claims", WRONG, ids=str)
@pytest.mark.parametrize("algorithm", ["ES256", "RS256"])
async def test_a_wrong_id_token_is_not_believed(
    provider: FakeProvider, clock: Clock, claims: dict[str, Any], algorithm: str
) -> None:
    provider.claims, provider.algorithm = claims, algorithm
    sign_in = oidc(provider, clock)
    with pytest.raises(SignedOut):
        await sign_in.finish(await came_back(provider, sign_in))


@pytest.mark.parametrize(
    "claims", [{"aud": ["digiklinikka", "x"], "azp": "digiklinikka"}, {"exp": int(NOW.timestamp()) - 299}]
)
@pytest.mark.parametrize("algorithm", ["ES256", "RS256"])
async def test_a_right_id_token_is_believed(
    provider: FakeProvider, clock: Clock, claims: dict[str, Any], algorithm: str
) -> None:
    provider.claims, provider.algorithm = claims, algorithm
    sign_in = oidc(provider, clock)
    assert (await sign_in.finish(await came_back(provider, sign_in))).sub == "s-1"


async def test_an_unsigned_or_missing_id_token_is_not_believed(provider: FakeProvider, clock: Clock) -> None:
    sign_in = oidc(provider, clock)
    provider.algorithm = "none"
    with pytest.raises(SignedOut):
        await sign_in.finish(await came_back(provider, sign_in))
    provider.token_answer = {"id_token": None}
    with pytest.raises(SignedOut):
        await sign_in.finish(await came_back(provider, sign_in))


@pytest.mark.parametrize("algorithm", ["ES256", "RS256"])
def test_any_change_of_a_signed_token_is_seen(provider: FakeProvider, algorithm: str) -> None:
    provider.algorithm = algorithm
    token = provider.id_token("n")
    keys = [k.as_dict(private=False) for k in KEYS.values()]
    good = {"issuer": ISSUER, "client_id": "digiklinikka", "nonce": "n", "now": NOW}
    assert id_token.check(token, keys=keys, **good)["sub"] == "s-1"
    head, body, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    forged = base64.urlsafe_b64encode(json.dumps(claims | {"sub": "s-2"}).encode()).decode().rstrip("=")
    for bad in (
        f"{head}.{forged}.{signature}",
        f"{head}.{body}.{signature[:-4]}AAAA",
        f"{head}.{body}.",
        "x",
        "a.b.c",
    ):
        with pytest.raises(SignedOut):
            id_token.check(bad, keys=keys, **good)
    for odd in ([], [{"kty": "EC", "kid": "e1"}, {"kty": "RSA", "kid": "r1", "n": "?", "e": 1}]):
        with pytest.raises(SignedOut):
            id_token.check(token, keys=odd, **good)


async def test_a_wrong_clock_of_the_device_does_not_lock_out_when_the_provider_tells_the_time(
    provider: FakeProvider, clock: Clock
) -> None:
    clock.now = NOW + timedelta(days=400)
    sign_in = oidc(provider, clock)
    callback = await came_back(provider, sign_in)
    provider.date = "Mon, 23 Nov 2026 12:00:01 GMT"
    assert (await sign_in.finish(callback)).tokens.expires_at == clock.now + timedelta(seconds=300)


async def test_a_person_without_a_patient_cannot_sign_in(provider: FakeProvider, clock: Clock) -> None:
    provider.token_answer = {"patient": None, "fhirUser": f"{BASE}/Practitioner/x"}
    sign_in = oidc(provider, clock)
    with pytest.raises(SignedOut):
        await sign_in.finish(await came_back(provider, sign_in))


async def test_a_patient_who_is_the_user_needs_no_context(provider: FakeProvider, clock: Clock) -> None:
    provider.token_answer = {"patient": None}
    sign_in = oidc(provider, clock)
    assert (await sign_in.finish(await came_back(provider, sign_in))).patient == "aino"


async def test_tokens_are_renewed_with_rotation_and_keep_what_is_not_repeated(
    provider: FakeProvider, clock: Clock
) -> None:
    sign_in = oidc(provider, clock)
    first = (await sign_in.finish(await came_back(provider, sign_in))).tokens
    second = await sign_in.refresh(first)
    assert (second.access, second.refresh, second.sub, second.patient) == (
        "access2",
        "refresh2",
        "s-1",
        "aino",
    )
    assert second.id_token == first.id_token
    with pytest.raises(SignedOut):
        await sign_in.refresh(first)


@pytest.mark.parametrize("answer", [{"patient": "other"}, {"id_token": "x.y.z"}, {"id_token": "foreign"}])
async def test_renewed_tokens_of_another_person_are_not_taken(
    provider: FakeProvider, clock: Clock, answer: dict[str, str]
) -> None:
    sign_in = oidc(provider, clock)
    first = (await sign_in.finish(await came_back(provider, sign_in))).tokens
    if answer.get("id_token") == "foreign":
        provider.claims = {"sub": "s-2"}
        answer = {"id_token": provider.id_token("")}
    provider.token_answer = answer
    with pytest.raises(SignedOut):
        await sign_in.refresh(first)


async def test_a_token_that_is_no_bearer_token_is_bad_data(provider: FakeProvider, clock: Clock) -> None:
    sign_in = oidc(provider, clock)
    provider.token_answer = {"token_type": "mac"}
    with pytest.raises(BadData):
        await sign_in.finish(await came_back(provider, sign_in))


async def test_signing_out_revokes_the_whole_sign_in(provider: FakeProvider, clock: Clock) -> None:
    sign_in = oidc(provider, clock)
    done = await sign_in.finish(await came_back(provider, sign_in))
    await sign_in.revoke(done.tokens)
    assert provider.revoked == ["refresh1"]


async def test_nothing_secret_shows_in_a_repr(provider: FakeProvider, clock: Clock) -> None:
    sign_in = oidc(provider, clock)
    shown = repr(await sign_in.finish(await came_back(provider, sign_in)))
    assert not any(secret in shown for secret in ("access1", "refresh1", "s-1", "aino", "eyJ"))
