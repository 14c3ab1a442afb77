"""A short sound, where the client can play one (flet-audio: phones, desktops, browsers after a first press)."""

import asyncio
from importlib.util import find_spec

from app.platform.window import CLIENT_ANSWERS_WITHIN

TURN = "sounds/turn.wav"  # in assets; two soft notes, a second


def can_sound() -> bool:
    """Whether sounds can be played here."""
    return find_spec("flet_audio") is not None


async def play(sound: str = TURN) -> bool:
    """Play it once; False when the client did not. Call it from a handler or a task of the session."""
    from flet_audio import Audio, ReleaseMode

    player = Audio(src=sound, release_mode=ReleaseMode.STOP)
    try:
        await asyncio.wait_for(player.play(), CLIENT_ANSWERS_WITHIN)
    except (TimeoutError, RuntimeError):
        return False  # a browser may be told to play nothing; the turn is announced in words in any case
    return True
