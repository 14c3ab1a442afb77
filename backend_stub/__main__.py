"""``python -m backend_stub``: the stub platform alone."""

import argparse
import os
import sqlite3
import sys
from collections.abc import Sequence

from backend_stub.config import DEFAULT_PORT, MEMORY, Config
from backend_stub.server import PortTaken, serve


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted. 0: stopped by the tester, 2: the port is taken or an argument is wrong."""
    try:
        parser = _parser()
    except argparse.ArgumentTypeError as problem:
        print(f"PLATFORM_PORT: {problem}, not {os.environ['PLATFORM_PORT']!r}.")
        return 2
    given = parser.parse_args(arguments)
    config = Config(
        host=given.host,
        port=given.port,
        database=given.database,
        seed=given.seed,
        tester=not given.no_tester,
        public_url=given.base_url,
        origins=tuple(given.origin),
        access_seconds=given.access_seconds,
        ice=tuple(given.ice) or tuple(os.environ.get("PLATFORM_ICE", "").split()),
        turn_secret=os.environ.get("PLATFORM_TURN_SECRET", ""),
    )
    try:
        serve(config, _say_ready, quiet=given.quiet)
    except PortTaken:
        print(
            f"Port {config.port} on {config.host} is taken by another program. Choose a free one with --port."
        )
        return 2
    except sqlite3.DatabaseError as problem:
        print(f"The database {config.database} cannot be used: {problem}. Choose another --database.")
        return 2
    except KeyboardInterrupt:
        return 0
    return 0


def _say_ready(config: Config) -> None:
    print(
        f"Stub platform ready: {config.base_url} (FHIR {config.fhir_base}, console {config.base_url}/console)"
    )
    if not config.is_loopback:
        print(
            "Other machines can reach it, and it has no protection of its own: never put real data into it."
        )
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "backend_stub", description="Digiklinikka's platform for testers; all fictitious."
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    add(
        "--port",
        type=_port,
        default=_port_of_environment(),
        help="default: PLATFORM_PORT or 8040; 0 finds a free one",
    )
    add("--database", default=MEMORY, help="SQLite file to keep everything in (default: memory)")
    add("--seed", type=int, default=1, help="which fictitious data to start with")
    add("--base-url", default="", help="public address when it differs from http://host:port")
    add("--origin", action="append", default=[], help="origin of a browser app elsewhere; may be repeated")
    add(
        "--ice",
        action="append",
        default=[],
        help="stun: or turn: address for video visits; may be repeated (PLATFORM_ICE; PLATFORM_TURN_SECRET for turn:)",
    )
    add("--access-seconds", type=int, default=600, help="life of an access token")
    add("--quiet", action="store_true", help="no line per request")
    add("--no-tester", action="store_true", help="without /tester and its faults")
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text[:9]) > 65535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return int(text)


def _port_of_environment() -> int:
    text = os.environ.get("PLATFORM_PORT", "")
    return _port(text) if text else DEFAULT_PORT


if __name__ == "__main__":
    raise SystemExit(main())
