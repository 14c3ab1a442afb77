"""Every way in which an exchange can end becomes an answer, None or an ``AppError``."""

import asyncio
import gzip
import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from app.api.fhir import FhirClient
from app.domain.exchange import Request
from app.errors import AppError, BadData, Conflict, Offline, Refused, ServiceDown, SignedOut

BASE = "https://fhir.example/r4"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
RESOURCE = {"resourceType": "Patient", "id": "a"}
FHIR = {"content-type": "application/fhir+json; charset=utf-8"}
HTML = {"content-type": "text/html"}
GET = Request("GET", "Patient/a")
PUT = Request("PUT", "Patient/a", body=b"{}", key="k-1")

Answer = httpx.Response | Exception


class Server:
    """Gives prepared answers in turn (the last one for ever) and remembers what it was asked."""

    def __init__(self, *answers: Answer | Callable[[httpx.Request], httpx.Response]) -> None:
        self.answers, self.asked = list(answers), []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else answer(request)


def client(server: Any, **more: Any) -> FhirClient:
    http = httpx.AsyncClient(transport=httpx.MockTransport(server))
    return FhirClient(BASE, http, clock=lambda: NOW, **more)


def fhir(status: int = 200, body: Any = RESOURCE, **headers: str) -> httpx.Response:
    return httpx.Response(status, headers=FHIR | headers, content=json.dumps(body).encode())


def outcome(severity: str = "error", **issue: Any) -> dict[str, Any]:
    return {
        "resourceType": "OperationOutcome",
        "issue": [{"severity": severity, "code": "invariant"} | issue],
    }


BROKEN: list[tuple[str, Answer, type[AppError]]] = [
    ("no connection", httpx.ConnectError("x"), Offline),
    ("slow to connect", httpx.ConnectTimeout("x"), Offline),
    ("no free connection", httpx.PoolTimeout("x"), Offline),
    ("broken while sending", httpx.WriteError("x"), Offline),
    ("broken while reading", httpx.ReadError("x"), Offline),
    ("hung up", httpx.RemoteProtocolError("x"), Offline),
    ("system error", OSError("x"), Offline),
    ("no answer in time", httpx.ReadTimeout("x"), ServiceDown),
    ("portal page", httpx.Response(200, headers=HTML, text="<html>Tervetuloa</html>"), Offline),
    ("portal says not found", httpx.Response(404, headers=HTML, text="<html>404</html>"), Offline),
    ("portal redirects", httpx.Response(302, headers={"location": "https://portal.example/"}), Offline),
    ("portal asks to sign in", httpx.Response(511, headers=HTML, text="<html>"), Offline),
    ("browser was led elsewhere", httpx.Response(200, headers=FHIR, json=RESOURCE), Offline),
    ("truncated", httpx.Response(200, headers=FHIR, content=b'{"resourceType": "Pat'), BadData),
    ("not JSON", httpx.Response(200, headers={"content-type": "text/plain"}, text="{}"), BadData),
    ("no type", httpx.Response(200, content=b"{}"), BadData),
    ("other JSON", httpx.Response(200, json={"hello": 1}), BadData),
    ("a list", httpx.Response(200, json=[RESOURCE]), BadData),
    ("too deep", httpx.Response(200, headers=FHIR, content=b"[" * 200_000), BadData),
    ("not UTF-8", httpx.Response(200, headers=FHIR, content=b'{"resourceType": "\xff"}'), BadData),
    ("nothing", httpx.Response(200), BadData),
]
BROKEN[12][1].extensions["final_url"] = "https://portal.example/welcome"  # type: ignore[union-attr]


@pytest.mark.parametrize(("answer", "error"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
async def test_what_is_no_answer_is_an_unknown_outcome(answer: Answer, error: type[AppError]) -> None:
    server = Server(answer)
    assert await client(server).send(GET) is None
    with pytest.raises(error):
        await client(server).read("Patient", "a")
    assert len(server.asked) == 2


@pytest.mark.parametrize("answer", [b[1] for b in BROKEN], ids=[b[0] for b in BROKEN])
async def test_a_write_is_never_repeated(answer: Answer) -> None:
    server = Server(answer)
    await client(server).send(PUT)
    assert len(server.asked) == 1


STATUSES: list[tuple[int, type[AppError]]] = [
    (400, Refused),
    (401, SignedOut),
    (403, Refused),
    (404, Refused),
    (408, ServiceDown),
    (409, Conflict),
    (410, Refused),
    (412, Conflict),
    (413, Refused),
    (422, Refused),
    (429, ServiceDown),
    (500, ServiceDown),
    (501, ServiceDown),
    (503, ServiceDown),
]


@pytest.mark.parametrize(("status", "error"), STATUSES)
async def test_a_status_is_an_answer_for_sync_and_an_error_for_a_screen(
    status: int, error: type[AppError]
) -> None:
    server = Server(fhir(status, outcome(diagnostics="Ei käy")))
    response = await client(server).send(PUT)
    assert response is not None
    assert (response.status, response.body["resourceType"]) == (status, "OperationOutcome")
    with pytest.raises(error):
        await client(server).ask(PUT)


@pytest.mark.parametrize("status", [401, 413, 429, 500, 502, 503])
async def test_a_gateways_page_counts_where_the_status_says_enough(status: int) -> None:
    response = await client(Server(httpx.Response(status, headers=HTML, text="<html>"))).send(PUT)
    assert response is not None
    assert (response.status, response.body) == (status, None)


async def test_a_refusal_carries_the_servers_words() -> None:
    body = outcome("information") | {
        "issue": [{"severity": "error", "code": "required", "details": {"text": "Puuttuu"}}]
    }
    with pytest.raises(Refused) as caught:
        await client(Server(fhir(422, body))).ask(PUT)
    assert (caught.value.status, caught.value.reason, caught.value.code) == (422, "Puuttuu", "required")
    assert "Puuttuu" not in str(caught.value)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        ("Mon, 23 Nov 2026 12:00:30 GMT", 30.0),
        ("Mon, 23 Nov 2026 11:00:00 GMT", 0.0),
        ("999999", 3600.0),
        ("soon", None),
        ("-5", None),
    ],
)
async def test_retry_after_is_told_in_seconds(header: str, seconds: float | None) -> None:
    server = Server(fhir(503, outcome(), **{"retry-after": header}))
    with pytest.raises(ServiceDown) as caught:
        await client(server).ask(PUT)
    assert caught.value.retry_after == seconds
    response = await client(server).send(PUT)
    assert response is not None
    assert response.headers.get("retry-after") == (None if seconds is None else str(seconds))


async def test_a_retry_date_is_measured_by_the_servers_clock() -> None:
    date = {"date": "Sun, 22 Nov 2026 12:00:00 GMT", "retry-after": "Sun, 22 Nov 2026 12:00:20 GMT"}
    with pytest.raises(ServiceDown) as caught:
        await client(Server(fhir(503, outcome(), **date))).ask(PUT)
    assert caught.value.retry_after == 20.0


async def test_an_error_outcome_with_status_200_is_no_success() -> None:
    server = Server(fhir(200, outcome()))
    assert await client(server).send(PUT) is None
    with pytest.raises(Refused):
        await client(server).ask(GET)


async def test_advice_after_a_write_is_a_success_without_a_resource() -> None:
    response = await client(Server(fhir(201, outcome("information"), etag='W/"1"'))).send(PUT)
    assert response is not None
    assert (response.status, response.body, response.headers["etag"]) == (201, None, 'W/"1"')


async def test_success_without_a_body_is_one_for_a_write_only() -> None:
    response = await client(Server(httpx.Response(204))).send(Request("DELETE", "Patient/a"))
    assert response is not None
    assert response.status == 204
    not_modified = await client(Server(httpx.Response(304))).send(GET)
    assert not_modified is not None
    assert not_modified.status == 304


async def test_a_huge_body_is_bounded_also_when_compressed() -> None:
    bomb = gzip.compress(b'{"resourceType": "' + b"0" * 3_000_000 + b'"}')
    headers = FHIR | {"content-encoding": "gzip"}
    server = Server(lambda _: httpx.Response(200, headers=headers, stream=httpx.ByteStream(bomb)))
    with pytest.raises(BadData):
        await client(server, max_bytes=1_000_000).read("Patient", "a")
    assert await client(server, max_bytes=1_000_000).send(GET) is None


async def test_damaged_compression_is_bad_data() -> None:
    headers = FHIR | {"content-encoding": "gzip"}
    server = Server(lambda _: httpx.Response(200, headers=headers, stream=httpx.ByteStream(b"x")))
    with pytest.raises(BadData):
        await client(server).read("Patient", "a")


async def test_an_exchange_that_trickles_for_ever_ends() -> None:
    async def never(_: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    with pytest.raises(ServiceDown):
        await client(never, max_seconds=0.01).ask(GET)


async def test_a_request_says_who_asks_for_what_and_as_which_intent() -> None:
    async def token() -> str:
        return "t1"

    server = Server(fhir())
    params = (("_lastUpdated", "ge2026-11-23T10:00:00+02:00"), ("subject", "Patient/a"))
    await client(server, token=token).send(Request("GET", "Communication", params))
    await client(server, token=token).send(
        Request("PUT", "Patient/a", (), b"{}", (("If-Match", 'W/"1"'),), "k-1")
    )
    read, write = server.asked
    assert (
        str(read.url)
        == f"{BASE}/Communication?_lastUpdated=ge2026-11-23T10%3A00%3A00%2B02%3A00&subject=Patient%2Fa"
    )
    assert (read.headers["authorization"], read.headers["accept"]) == ("Bearer t1", "application/fhir+json")
    assert "x-request-id" not in read.headers
    wanted = {
        "x-request-id": "k-1",
        "if-match": 'W/"1"',
        "content-type": "application/fhir+json",
        "prefer": "return=representation",
    }
    assert wanted.items() <= dict(write.headers).items()
    assert write.content == b"{}"


async def test_nobody_signed_in_asks_without_a_token() -> None:
    server = Server(fhir())
    await client(server).send(GET)
    assert "authorization" not in server.asked[0].headers


async def test_headers_of_the_request_win() -> None:
    server = Server(fhir())
    await client(server).send(Request("PUT", "Binary/b", (), b"{}", (("prefer", "return=minimal"),)))
    assert server.asked[0].headers.get_list("prefer") == ["return=minimal"]


class Keeper:
    """Tokens that can be renewed once."""

    def __init__(self, *, renewable: bool) -> None:
        self.current, self.renewable, self.renewals = "old", renewable, 0

    async def token(self) -> str:
        return self.current

    async def renew(self) -> bool:
        self.renewals += 1
        self.current = "new" if self.renewable else "old"
        return self.renewable


def picky(request: httpx.Request) -> httpx.Response:
    return fhir() if request.headers["authorization"] == "Bearer new" else fhir(401, outcome())


async def test_after_401_the_request_is_sent_once_more_with_a_renewed_token() -> None:
    keeper, server = Keeper(renewable=True), Server(picky)
    response = await client(server, token=keeper.token, on_unauthorised=keeper.renew).send(PUT)
    assert response is not None
    assert (response.status, len(server.asked), keeper.renewals) == (200, 2, 1)


async def test_a_token_that_someone_else_renewed_meanwhile_is_used() -> None:
    keeper = Keeper(renewable=False)

    def elsewhere(request: httpx.Request) -> httpx.Response:
        keeper.current = "new"
        return picky(request)

    response = await client(elsewhere, token=keeper.token, on_unauthorised=keeper.renew).send(PUT)
    assert response is not None
    assert (response.status, keeper.renewals) == (200, 0)


async def test_without_a_new_token_the_401_stands() -> None:
    keeper, server = Keeper(renewable=False), Server(picky)
    response = await client(server, token=keeper.token, on_unauthorised=keeper.renew).send(PUT)
    assert response is not None
    assert (response.status, len(server.asked)) == (401, 1)


@pytest.mark.parametrize(("problem", "status"), [(SignedOut(), 401), (Offline(), None)])
async def test_a_token_that_cannot_be_had_is_no_crash(problem: AppError, status: int | None) -> None:
    async def token() -> str:
        raise problem

    server = Server(fhir())
    response = await client(server, token=token).send(PUT)
    assert (response and response.status, server.asked) == (status, [])


def bundle(*resources: Any, next: str = "") -> httpx.Response:
    link = [{"relation": "self", "url": BASE}, *([{"relation": "next", "url": next}] if next else [])]
    entries = [{"resource": r} for r in resources]
    return fhir(200, {"resourceType": "Bundle", "type": "searchset", "link": link, "entry": entries})


async def test_a_search_gathers_all_pages_and_passes_over_odd_entries() -> None:
    pages = (
        bundle(RESOURCE, outcome(), None, next=f"{BASE}?page=2"),
        bundle({"id": "?"}, RESOURCE | {"id": "b"}),
    )
    server = Server(*pages)
    found = await client(server).search("Patient", (("name", "Aino"),))
    assert [r["id"] for r in found] == ["a", "b"]
    assert [str(r.url) for r in server.asked] == [f"{BASE}/Patient?name=Aino", f"{BASE}?page=2"]


@pytest.mark.parametrize(
    "url", ["https://evil.example/r4/Patient", "http://fhir.example/r4/x", "https://fhir.example/r4x"]
)
async def test_a_next_link_to_another_server_never_gets_the_token(url: str) -> None:
    server = Server(bundle(next=url))
    with pytest.raises(BadData):
        await client(server).search("Patient")
    assert len(server.asked) == 1


async def test_a_search_that_never_ends_is_ended() -> None:
    server = Server(lambda _: bundle(RESOURCE, next="Patient?page=again"))
    with pytest.raises(BadData):
        await client(server).search("Patient")
    assert str(server.asked[-1].url) == f"{BASE}/Patient?page=again"


async def test_another_resource_than_the_one_asked_for_is_bad_data() -> None:
    for other in (RESOURCE | {"id": "b"}, {"resourceType": "Group", "id": "a"}):
        with pytest.raises(BadData):
            await client(Server(fhir(200, other))).read("Patient", "a")
    with pytest.raises(BadData):
        await client(Server(fhir())).search("Patient")
    with pytest.raises(BadData):
        await client(Server(fhir())).capabilities()


async def test_the_file_in_a_binary_is_decoded() -> None:
    binary = {"resourceType": "Binary", "id": "b", "contentType": "image/png", "data": "YWJj"}
    assert await client(Server(fhir(200, binary))).content("b") == ("image/png", b"abc")
    with pytest.raises(BadData):
        await client(Server(fhir(200, binary | {"data": "?"}))).content("b")


@pytest.mark.parametrize("path", ["/etc", "../x", "Patient/../../x"])
async def test_a_path_cannot_leave_the_server(path: str) -> None:
    with pytest.raises(BadData):
        await client(Server(fhir())).ask(Request("GET", path))


async def test_the_log_has_no_ids_tokens_or_bodies(caplog: pytest.LogCaptureFixture) -> None:
    async def token() -> str:
        return "secret-token"

    with caplog.at_level(logging.DEBUG, logger="digiklinikka"):
        await client(Server(fhir(200, RESOURCE | {"x": "salaisuus"})), token=token).send(
            Request("GET", "Patient/id-77", (("name", "Aino"),))
        )
    messages = [r.getMessage() for r in caplog.records if r.name.startswith("digiklinikka")]
    assert len(messages) == 1
    assert messages[0].startswith("GET Patient 200 ")
    assert not any(word in messages[0] for word in ("id-77", "Aino", "secret", "salaisuus"))


async def test_when_they_are_gone_what_is_under_way_ends_and_nothing_more_is_asked() -> None:
    """Whoever waited is told before ``close`` returns: what they do next finds nothing closed under it."""
    asked: list[httpx.Request] = []

    async def never(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        await asyncio.Event().wait()
        raise AssertionError

    leaving, told = client(never), list[str]()

    async def wait() -> None:
        try:
            await leaving.ask(GET)
        except SignedOut:
            told.append("gone")

    waiting = asyncio.create_task(wait())
    sending = asyncio.create_task(leaving.send(PUT))
    for _ in range(20):
        await asyncio.sleep(0)
    assert len(asked) == 2

    await leaving.close()

    assert told == ["gone"]
    answer = await sending
    assert answer is not None
    assert answer.status == 401
    with pytest.raises(SignedOut):
        await leaving.ask(GET)
    await waiting
    assert len(asked) == 2
