"""Doing something once for a burst of reasons."""

import asyncio
from collections.abc import Callable


def once_soon(do: Callable[[], None]) -> Callable[[], None]:
    """``do`` in the loop's next turn, once for however many calls until then: a burst of commits is one redraw."""
    waiting = [False]

    def run() -> None:
        waiting[0] = False
        do()

    def soon() -> None:
        if not waiting[0]:
            waiting[0] = True
            asyncio.get_running_loop().call_soon(run)

    return soon
