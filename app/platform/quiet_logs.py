"""Loggers of libraries that write what is on the screen or on the wire when they are talkative.

Whatever level the process's log is set to: screens, addresses and frames carry health data and never reach it.
"""

import logging

TALKATIVE = (
    "flet",
    "flet_components",
    "flet_controls",
    "flet_object_patch",
    "flet_transport",
    "flet_web",
    "flet_web.fastapi",
    "httpcore",
    "httpx",
    "uvicorn.access",
    "uvicorn.asgi",
    "websockets",
)
FRAMES = "uvicorn.error"
"""Says at INFO that the server runs, at DEBUG what is in every frame."""


def keep_quiet() -> None:
    """From now on they tell of warnings and errors only. Call it once they are imported: some set their own level."""
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    frames = logging.getLogger(FRAMES)
    frames.setLevel(max(logging.INFO, frames.level))
    frames.addFilter(_no_addresses)


def _no_addresses(record: logging.LogRecord) -> bool:
    """The one line at INFO with an address in it: that of a socket, with what stands after its question mark."""
    return "WebSocket" not in record.msg if isinstance(record.msg, str) else True
