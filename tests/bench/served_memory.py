"""What a session of the served app costs in memory, beside a bare Flet session of one page with a button.

``python -m tests.bench.served_memory`` prints a JSON line {name, value, unit, baseline, ratio}. Each server is
a process of its own; sessions are opened over real sockets as Flet's page does, all stay connected, and the growth of
the process's resident memory is divided by their number. The first ones are not counted: they warm what all share.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import msgpack
from websockets.asyncio.client import ClientConnection, connect

from tests.e2e.places import ROOT, free_port, wait_until_up

WARM, COUNTED = 10, 60
BARE = """
import sys
from pathlib import Path
import flet as ft, uvicorn
from app.platform.served import asgi
def main(page):
    page.add(ft.Button("Hei"))
uvicorn.run(asgi(main, Path("assets")), port=int(sys.argv[1]), log_level="warning", ws="websockets-sansio")
"""


def resident(process: subprocess.Popen[bytes]) -> float:
    """Resident memory in kB."""
    status = Path(f"/proc/{process.pid}/status").read_text("utf-8")
    return float(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))


async def visit(port: int) -> ClientConnection:
    """Open a session and wait until its first screen has been sent."""
    socket = await connect(
        f"ws://127.0.0.1:{port}/ws",
        origin=f"http://127.0.0.1:{port}",
        max_size=None,  # type: ignore[arg-type]
    )
    page = {"route": "/", "web": True, "platform": "linux", "width": 400, "height": 800}
    await socket.send(b"\x00" + msgpack.packb([1, {"session_id": None, "page_name": "", "page": page}]))
    while True:
        try:
            await asyncio.wait_for(socket.recv(), 1.0)
        except TimeoutError:
            return socket


async def growth(port: int, process: subprocess.Popen[bytes]) -> float:
    """kB of resident memory for each of the counted sessions."""
    await asyncio.gather(*(visit(port) for _ in range(WARM)))
    before = resident(process)
    open_ = [await asyncio.gather(*(visit(port) for _ in range(10))) for _ in range(COUNTED // 10)]
    after = resident(process)
    for sockets in open_:
        for socket in sockets:
            await socket.close()
    return (after - before) / COUNTED


def measured(arguments: list[str], port: int, **environment: str) -> float:
    """Start a server, fill it, stop it."""
    process = subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), **environment}
    )
    try:
        wait_until_up(f"http://127.0.0.1:{port}")
        return asyncio.run(growth(port, process))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(15)


def main() -> None:
    """Print the figure."""
    ours, bare, platform = free_port(), free_port(), free_port()
    with tempfile.TemporaryDirectory() as data:
        baseline = measured(["-c", BARE, str(bare)], bare)
        arguments = ["-m", "app", "--web", "--port", str(ours), "--data", data]
        value = measured([*arguments, "--platform", f"http://127.0.0.1:{platform}"], ours)
    line = {
        "name": "memory of a served session",
        "value": round(value / 1024, 2),
        "unit": "MB",
        "baseline": round(baseline / 1024, 2),
        "ratio": round(value / baseline, 2),
    }
    sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
