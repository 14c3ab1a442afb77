"""A short sound, where the client can play one (flet-audio: phones, desktops, browsers after a first press)."""

import asyncio
from importlib.util import find_spec

from app.platform.window import CLIENT_ANSWERS_WITHIN

TURN = "sounds/turn.wav"  # in assets; two soft notes, a second
LASTS = 5.0  # seconds after which it has surely been heard


def can_sound() -> bool:
    """Whether sounds can be played here."""
    return find_spec("flet_audio") is not None


async def play(sound: str = TURN) -> bool:
    """Play it once; False when the client did not in time: a browser may be told to play nothing.

    Call it from a handler or a task of the session.
    """
    from flet_audio import Audio, ReleaseMode

    player = Audio(src=sound, release_mode=ReleaseMode.STOP)
    # Never cancelled and never let go early: the sound ends with its control.
    playing = asyncio.ensure_future(player.play())
    playing.add_done_callback(lambda _: asyncio.get_running_loop().call_later(LASTS, lambda: player))
    done, _ = await asyncio.wait({playing}, timeout=CLIENT_ANSWERS_WITHIN)
    return bool(done) and playing.exception() is None
