"""Servers that help the two browsers of a video visit through firewalls (STUN, TURN).

A TURN server takes a name and a password that end by themselves (draft-uberti-behave-turn-rest-00, as in coturn's
``use-auth-secret``): nobody who saw them can use the server later, and it learns nobody's name.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

GOOD_FOR = timedelta(hours=4)


class Ice:
    """``addresses`` as RTCIceServer has them; ``secret``: shared with the TURN server. Raises ValueError for an
    address that is neither stun nor turn, and for turn without a secret."""

    def __init__(self, addresses: Sequence[str], secret: str, now: Callable[[], datetime]) -> None:
        self._stun = [one for one in addresses if one.startswith(("stun:", "stuns:"))]
        self._turn = [one for one in addresses if one.startswith(("turn:", "turns:"))]
        if len(self._stun) + len(self._turn) != len(addresses):
            raise ValueError("addresses for video visits begin with stun:, stuns:, turn: or turns:")
        if self._turn and not secret:
            raise ValueError("a TURN server needs its secret")
        self._secret, self._now = secret.encode(), now

    def servers(self) -> list[dict[str, Any]]:
        """What a browser is told who has come in: RTCConfiguration.iceServers."""
        stun = [{"urls": self._stun}] if self._stun else []
        return [*stun, *([self._relay()] if self._turn else [])]

    def _relay(self) -> dict[str, Any]:
        until = int((self._now() + GOOD_FOR).timestamp())
        name = f"{until}:{secrets.token_urlsafe(6)}"
        password = hmac.new(self._secret, name.encode(), hashlib.sha1).digest()
        return {"urls": self._turn, "username": name, "credential": base64.b64encode(password).decode()}
