"""The committed nginx configuration of the static client, run as it is before a site and something like a platform."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest

from tests.e2e.places import ROOT, free_port, wait_until_up
from web import page

KINDS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
FILES = {
    "index.html": b"<base href='/'>the page",
    "settings.json": b"{}",
    "app-0123456789ab/page.mjs": b"export default 1",
    "app-0123456789ab/page.mjs.gz": b"\x1f\x8bnot really",
    "python-0123456789ab/pyodide.asm.wasm": b"\0asm",
    "fonts/A.ttf": b"letters",
}

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not here: apt-get install nginx-light")


class Platform(BaseHTTPRequestHandler):
    """Says which address it was asked for."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"platform {self.path}".encode())

    def log_message(self, *args: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where nginx serves the site."""
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    for name, data in FILES.items():
        (folder / "site" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "site" / name).write_bytes(data)
    platform = ThreadingHTTPServer(("127.0.0.1", 0), partial(Platform))
    Thread(target=platform.serve_forever, daemon=True).start()
    (folder / "nginx.conf").write_text(for_the_test(folder, port, platform.server_address[1]), "utf-8")
    command = [NGINX or "", "-c", str(folder / "nginx.conf"), "-p", str(folder)]
    running = subprocess.Popen(command)
    wait_until_up(f"http://127.0.0.1:{port}/", process=running)
    yield f"http://127.0.0.1:{port}"
    running.terminate()
    running.wait(15)
    platform.shutdown()


def for_the_test(folder: Path, port: int, platform: int) -> str:
    """Its addresses, its TLS and its folder replaced; nothing else."""
    text = (ROOT / "deploy/nginx/static.conf").read_text("utf-8")
    text = re.sub(r".*(ssl_certificate|server_name).*# \(test\).*\n", "", text)
    for old, new in (
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{port};"),
        ("root /var/www/digiklinikka;", f"root {folder / 'site'};"),
        ("http://127.0.0.1:8040", f"http://127.0.0.1:{platform}"),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    places = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in KINDS)
    head = f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log; events {{}}"
    return f"{head} http {{ {places}\n{text}\n}}"


@pytest.mark.parametrize("path", ["/", "/messages/draft/a1", "/pathways/sleep/step/sleep-diary~1"])
def test_every_screen_is_the_page(address: str, path: str) -> None:
    answer = httpx.get(address + path)
    assert (answer.status_code, answer.text) == (200, "<base href='/'>the page")
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-cache"


def test_the_policy_is_the_one_of_the_build(address: str) -> None:
    """On every answer, for the worker takes it from its own file."""
    for path in ("/", "/app-0123456789ab/page.mjs", "/settings.json"):
        headers = httpx.get(address + path, headers={"accept-encoding": ""}).headers
        assert headers["content-security-policy"] == page.policy()
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/app-0123456789ab/page.mjs", "text/javascript"),
        ("/python-0123456789ab/pyodide.asm.wasm", "application/wasm"),
        ("/fonts/A.ttf", "font/ttf"),
        ("/settings.json", "application/json"),
    ],
)
def test_files_have_the_types_and_the_age_that_browsers_need(address: str, path: str, kind: str) -> None:
    answer = httpx.get(address + path, headers={"accept-encoding": ""})
    assert answer.headers["content-type"] == kind
    assert ("immutable" in answer.headers["cache-control"]) == ("-0123456789ab/" in path)


def test_compressed_files_are_those_of_the_build(address: str) -> None:
    with httpx.stream(
        "GET", f"{address}/app-0123456789ab/page.mjs", headers={"accept-encoding": "gzip"}
    ) as answer:
        assert answer.headers["content-encoding"] == "gzip"
        assert b"".join(answer.iter_raw()) == FILES["app-0123456789ab/page.mjs.gz"]


def test_a_missing_file_is_missing_and_the_platform_is_the_platform(address: str) -> None:
    assert httpx.get(f"{address}/app-ffffffffffff/page.mjs").status_code == 404
    for path in ("/fhir/metadata", "/auth/authorize?x=1", "/console/who"):
        assert httpx.get(address + path).text == f"platform {path}"
    assert httpx.get(f"{address}/consoles").text == "<base href='/'>the page"
