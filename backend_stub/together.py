"""``make run``: the stub platform and the app together, and one address to open.

Ports come from APP_PORT (8550) and PLATFORM_PORT (8040). Both listen on this machine only. Ctrl-C stops both.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from types import FrameType

READY_WITHIN = 60.0
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""Asks this machine itself, whatever proxy the environment names for others."""


def main() -> int:
    """Start both, say where they are, wait. 0: stopped by the tester, 1: one of them failed, 2: a port is taken."""
    app_port, platform_port = _port("APP_PORT", 8550), _port("PLATFORM_PORT", 8040)
    if app_port == platform_port:
        print(f"APP_PORT and PLATFORM_PORT are both {app_port}: the app and the platform need one each.")
        return 2
    for name, port in (("PLATFORM_PORT", platform_port), ("APP_PORT", app_port)):
        if _taken(port):
            print(f"Port {port} is taken by another program. Choose a free one: {name}=<number> make run")
            return 2
    platform = f"http://127.0.0.1:{platform_port}"
    processes = [
        _start("backend_stub", "--port", str(platform_port), "--quiet"),
        _start("app", "--web", "--port", str(app_port), "--platform", platform, "--tester"),
    ]
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return _serve(processes, f"http://127.0.0.1:{app_port}", platform)
    except KeyboardInterrupt:
        return 0
    finally:
        _stop(processes)


def _serve(processes: Sequence[subprocess.Popen[bytes]], app: str, platform: str) -> int:
    for address in (f"{platform}/fhir/metadata", app):
        if not _wait(address, processes):
            print("It did not start. The lines above say why.")
            return 1
    print(_greeting(app, platform, _residents(platform)), flush=True)
    while all(process.poll() is None for process in processes):
        time.sleep(0.5)
    return 1


def _residents(platform: str) -> list[str]:
    """One line for each test resident who can sign in."""
    with _OPENER.open(f"{platform}/tester/residents", timeout=10) as answer:
        known = json.load(answer)["residents"]
    return [f"{r['name']}, {r['age']}: {r['story']['fi']}" for r in known if r["can_sign_in"]]


def _greeting(app: str, platform: str, residents: Sequence[str]) -> str:
    listed = "\n".join(f"                  {line}" for line in residents)
    return f"""
  Open            {app}

  Residents       choose one on the sign-in page
{listed}

  Professional    {platform}/console   open messages and answer them
  Tester's tools  {platform}/tester/docs   faults, clock, reset

  Everything is fictitious and stays on this machine. Ctrl-C stops."""


def _port(variable: str, default: int) -> int:
    text = os.environ.get(variable, "") or str(default)
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise SystemExit(f"{variable} must be a port number, not {text!r}.")
    return int(text)


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _start(module: str, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", module, *arguments])


def _wait(address: str, processes: Sequence[subprocess.Popen[bytes]]) -> bool:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until and all(process.poll() is None for process in processes):
        try:
            with _OPENER.open(address, timeout=2):
                return True
        except OSError:
            time.sleep(0.1)
    return False


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _stop(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


if __name__ == "__main__":
    raise SystemExit(main())
