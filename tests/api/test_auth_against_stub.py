"""The app's sign-in, client and doorbell against the stub platform, over real sockets."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx
import pytest
from fhir_schema import problems

from app.api import live, messages
from app.api.auth import MemoryPending, Oidc, SignedIn, TokenKeeper
from app.api.fhir import FhirClient
from app.api.people import to_resident, to_staff
from app.api.services import to_services
from app.domain.exchange import Request
from app.domain.messages import MessageState
from app.errors import Refused, SignedOut
from app.platform.loopback import Loopback
from app.platform.transport import http_client
from backend_stub.config import Config
from backend_stub.server import Running, running

BACK = "fi.digiklinikka.app://app/callback"


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def stub() -> Iterator[Running]:
    with running(Config(seed=1, port=0)) as found:
        yield found


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with http_client() as client:
        yield client


async def identify(url: str, resident: str = "aino") -> str:
    """The resident in their own browser: chooses a bank, confirms, and is sent back."""
    async with httpx.AsyncClient(trust_env=False) as browser:
        begun = await browser.get(url)
        visit = httpx.URL(url).join(begun.headers["location"])
        done = await browser.post(
            str(visit.copy_with(query=None)) + "/confirm", data={"resident": resident, "bank": "2"}
        )
    return done.headers["location"]


class Table:
    """The parts of a session as the app puts them together."""

    def __init__(self, http: httpx.AsyncClient, stub: Running) -> None:
        self.base = f"{stub.url}/fhir"
        self.oidc = Oidc(http, self.base, "digiklinikka", MemoryPending(), now)
        self.keeper = TokenKeeper(self.oidc, now)
        self.client = FhirClient(self.base, http, self.keeper.token, self.keeper.renew)

    async def sign_in(self, resident: str = "aino", back: str = BACK) -> SignedIn:
        url = await self.oidc.start("/messages/new", "sv", back)
        done = await self.oidc.finish(await identify(url, resident))
        await self.keeper.start(done.tokens)
        return done


@pytest.fixture
def table(http: httpx.AsyncClient, stub: Running) -> Table:
    return Table(http, stub)


async def test_a_resident_signs_in_and_reads_who_they_are(table: Table) -> None:
    done = await table.sign_in()
    resident = to_resident(await table.client.read("Patient", done.patient))
    assert (done.return_to, resident.first_name, bool(done.account)) == ("/messages/new", "Aino", True)


async def test_the_way_back_over_the_loopback(table: Table) -> None:
    loopback = await Loopback.listen("sv")
    url = await table.oidc.start("/", "sv", loopback.redirect_uri)
    waiting = asyncio.create_task(loopback.answer())
    async with httpx.AsyncClient(trust_env=False) as browser:
        assert "Digiklinikka" in (await browser.get(await identify(url))).text
    assert (await table.oidc.finish(await waiting)).patient


async def test_turning_back_at_the_sign_in_page_is_told(table: Table) -> None:
    url = await table.oidc.start("/", "fi", BACK)
    denied = url.replace("prompt=login", "prompt=none")
    async with httpx.AsyncClient(trust_env=False) as browser:
        answer = (await browser.get(denied)).headers["location"]
    with pytest.raises(Refused) as caught:
        await table.oidc.finish(answer)
    assert caught.value.code == "login_required"


async def test_a_wrong_verifier_gets_nothing(table: Table) -> None:
    callback = await identify(await table.oidc.start("/", "fi", BACK))
    state = dict(httpx.QueryParams(urlsplit(callback).query))["state"]
    start = await table.oidc._pending.take(state)
    assert start is not None
    forged = type(start)(**{**start.__dict__, "verifier": "x" * 64})
    await table.oidc._pending.put(forged)
    with pytest.raises(SignedOut):
        await table.oidc.finish(callback)


async def test_tokens_rotate_and_an_old_one_ends_the_whole_sign_in(table: Table) -> None:
    done = await table.sign_in()
    new = await table.oidc.refresh(done.tokens)
    assert (new.sub, new.patient, new.refresh != done.tokens.refresh) == (done.sub, done.patient, True)
    for old in (done.tokens, new):
        with pytest.raises(SignedOut):
            await table.oidc.refresh(old)


async def test_an_access_token_that_ended_is_renewed_without_anybody_noticing(
    table: Table, stub: Running
) -> None:
    done = await table.sign_in()
    stub.platform.clock.advance(timedelta(minutes=11))
    assert (await table.client.read("Patient", done.patient))["id"] == done.patient
    assert table.keeper.tokens != done.tokens


async def test_after_signing_out_nothing_private_can_be_read(table: Table) -> None:
    done = await table.sign_in()
    await table.keeper.end()
    with pytest.raises(SignedOut):
        await table.client.read("Patient", done.patient)
    with pytest.raises(SignedOut):
        await table.oidc.refresh(done.tokens)
    assert await table.client.search("HealthcareService")


async def test_the_public_directory_is_read_whole_without_a_token(table: Table) -> None:
    found = [await table.client.search(t) for t in ("HealthcareService", "Location", "Organization")]
    services, rejected = to_services(*found, language="sv")
    assert (len(services) >= 15, rejected) == (True, ())
    assert all(s.name and s.comment and s.phone and s.address and s.hours and s.channels for s in services)
    roles = [await table.client.search(t) for t in ("Practitioner", "PractitionerRole", "Organization")]
    assert all(p.name and p.role and p.unit for p in to_staff(*roles).values())


async def test_a_message_with_a_picture_is_sent_once_and_its_thread_read_back(table: Table) -> None:
    done = await table.sign_in()
    ids = {name: str(uuid.uuid4()) for name in ("thread", "message", "file")}
    about = {
        "person_id": done.patient,
        "service_id": "terveysasema",
        "subject": "Kuvan kanssa",
        "sent": now(),
    }
    file = messages.attachment_of(ids["file"], "kuva.png", "image/png", b"abc")
    body = messages.message(
        message_id=ids["message"], thread_id=ids["thread"], text="Hei", attachments=[file], **about
    )
    resources = [
        messages.binary(binary_id=ids["file"], content_type="image/png", data=b"abc", person_id=done.patient),
        messages.header(thread_id=ids["thread"], **about),
        body,
    ]
    for resource in resources:
        assert problems(resource) == []
        assert await statuses(table.client, resource) == [201, 412]
    found = await table.client.search("Communication", (("subject", f"Patient/{done.patient}"),))
    threads, rejected = messages.to_threads(found)
    thread = next(t for t in threads if t.id == ids["thread"])
    assert (rejected, thread.subject, thread.service_id) == ((), "Kuvan kanssa", "terveysasema")
    assert thread.messages[0].state in (MessageState.SENT, MessageState.DELIVERED)
    assert (thread.messages[0].attachments, await table.client.content(ids["file"])) == (
        (file,),
        ("image/png", b"abc"),
    )


async def statuses(client: FhirClient, resource: dict[str, object]) -> list[int]:
    """Of creating it twice."""
    path = f"{resource['resourceType']}/{resource['id']}"
    body = httpx.Response(200, json=resource).content
    request = Request("PUT", path, (), body, (("If-None-Match", "*"),), str(resource["id"]))
    answers = [await client.send(request) for _ in range(2)]
    return [answer.status if answer else 0 for answer in answers]


async def test_the_doorbell_rings_when_something_is_written(table: Table) -> None:
    done = await table.sign_in()
    criteria = f"Communication?subject=Patient/{done.patient}"
    url = live.websocket_url(await table.client.capabilities(), table.base)
    id = await live.ensure_subscription(table.client, criteria, None, str(uuid.uuid4()), now())
    assert await live.ensure_subscription(table.client, criteria, id, str(uuid.uuid4()), now()) == id
    bell = live.connect(str(url), str(await table.keeper.token()), id)
    async with asyncio.timeout(10):
        assert await anext(bell) == id
        about = {"person_id": done.patient, "service_id": "terveysasema", "subject": "Soiko?", "sent": now()}
        await statuses(table.client, messages.header(thread_id=str(uuid.uuid4()), **about))
        assert await anext(bell) == id
    await bell.aclose()  # type: ignore[attr-defined]


async def test_the_doorbell_is_for_those_with_a_token(table: Table) -> None:
    await table.sign_in()
    url = str(live.websocket_url(await table.client.capabilities(), table.base))
    with pytest.raises(SignedOut):
        await anext(live.connect(url, "forged", "any"))
    with pytest.raises(Refused):
        await anext(live.connect(url, str(await table.keeper.token()), str(uuid.uuid4())))
