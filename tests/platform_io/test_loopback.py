"""The desktop's way back, over a real socket."""

import asyncio
import contextlib
from urllib.parse import urlsplit

import httpx
import pytest

from app.errors import SignedOut
from app.platform.loopback import Loopback


async def get(url: str, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as http:
        return await http.get(url, headers=headers)


@pytest.mark.parametrize(
    ("language", "lang", "title"),
    [
        ("fi", "fi", "Voit palata Digiklinikkaan"),
        ("fi_selko", "fi", "Voit palata Digiklinikkaan"),
        ("sv", "sv", "Du kan gå tillbaka till Digiklinikka"),
        ("en", "en", "You can go back to Digiklinikka"),
        ("xx", "fi", "Voit palata Digiklinikkaan"),
    ],
)
async def test_the_browser_comes_back_and_sees_a_page_in_its_language(
    language: str, lang: str, title: str
) -> None:
    loopback = await Loopback.listen(language)
    waiting = asyncio.create_task(loopback.answer())
    response = await get(f"{loopback.redirect_uri}?code=c%20d&state=s")
    assert await waiting == f"{loopback.redirect_uri}?code=c%20d&state=s"
    assert (response.status_code, f'lang="{lang}"' in response.text, title in response.text) == (
        200,
        True,
        True,
    )
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert (response.headers["cache-control"], "c%20d" in response.text) == ("no-store", False)


async def test_the_address_is_of_this_machine_and_new_every_time() -> None:
    first, second = await Loopback.listen(), await Loopback.listen()
    assert first.redirect_uri != second.redirect_uri
    assert urlsplit(first.redirect_uri).hostname == "127.0.0.1"
    assert urlsplit(first.redirect_uri).path == "/callback"
    first.close()
    second.close()


async def test_anything_that_is_no_answer_is_turned_away_and_waited_past() -> None:
    loopback = await Loopback.listen()
    base = loopback.redirect_uri.removesuffix("/callback")
    for path in (
        "/favicon.ico",
        "/callback",
        "/callback?code=c",
        "/callback?state=s",
        "/callback/x?code=c&state=s",
    ):
        assert (await get(base + path)).status_code == 404
    assert (await get(f"{loopback.redirect_uri}?code=c&state=s", Host="evil.example")).status_code == 404
    async with httpx.AsyncClient(trust_env=False) as http:
        assert (await http.post(f"{loopback.redirect_uri}?code=c&state=s")).status_code == 404
    waiting = asyncio.create_task(loopback.answer())
    await get(f"{loopback.redirect_uri}?error=access_denied&state=s")
    assert (await waiting).endswith("?error=access_denied&state=s")


async def test_noise_on_the_socket_disturbs_nothing() -> None:
    loopback = await Loopback.listen()
    port = urlsplit(loopback.redirect_uri).port
    for noise in (b"\x16\x03\x01" * 10, b"GET\r\n\r\n", b"A" * 40_000 + b"\r\n\r\n", b""):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(noise)
        writer.write_eof()
        with contextlib.suppress(ConnectionResetError):
            await reader.read()
        writer.close()
    waiting = asyncio.create_task(loopback.answer())
    await get(f"{loopback.redirect_uri}?code=c&state=s")
    assert "code=c" in await waiting


async def test_only_the_first_answer_counts_and_then_nobody_listens() -> None:
    loopback = await Loopback.listen()
    await get(f"{loopback.redirect_uri}?code=first&state=s")
    await get(f"{loopback.redirect_uri}?code=later&state=s")
    assert "code=first" in await loopback.answer()
    with pytest.raises(httpx.ConnectError):
        await get(loopback.redirect_uri)


async def test_nobody_comes_in_time() -> None:
    loopback = await Loopback.listen()
    with pytest.raises(SignedOut):
        await loopback.answer(timeout=0.01)
    with pytest.raises(httpx.ConnectError):
        await get(loopback.redirect_uri)


async def test_the_resident_gives_up() -> None:
    loopback = await Loopback.listen()
    waiting = asyncio.create_task(loopback.answer())
    await asyncio.sleep(0)
    loopback.cancel()
    with pytest.raises(SignedOut):
        await waiting
    (await Loopback.listen()).cancel()
