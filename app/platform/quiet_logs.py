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
    "websockets",
)


def keep_quiet() -> None:
    """From now on they tell of warnings and errors only. Call it once they are imported: some set their own level."""
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
