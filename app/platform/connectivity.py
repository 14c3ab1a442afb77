"""Whether there is a connection, as far as the device and the last exchanges tell."""

from collections.abc import Callable
from typing import Any, Protocol

import flet as ft

Listener = Callable[[bool], None]


class Connectivity(Protocol):
    """``online`` now, and whoever ``watch``es hears of changes."""

    @property
    def online(self) -> bool:
        """Whether a request is likely to succeed."""
        ...

    def tell(self, reached: bool) -> None:
        """An exchange has ended: it reached the platform, or not."""
        ...

    def watch(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` at every change; returns how to stop that."""
        ...


class Exchanges:
    """What exchanges tell: one that reached the platform proves a connection, one that did not its absence.

    ``device`` (see ``follow``) may say that there is no network at all; that it has one proves nothing but is
    worth a try, so it puts the doubt aside.
    """

    def __init__(self) -> None:
        self._network = self._reached = True
        self._listeners: list[Listener] = []

    @property
    def online(self) -> bool:
        """See ``Connectivity``."""
        return self._network and self._reached

    def tell(self, reached: bool) -> None:
        """See ``Connectivity``. Reaching the platform also corrects a device that is wrong about its
        network."""
        self._change(self._network or reached, reached)

    def device(self, network: bool) -> None:
        """The device has or has not a network."""
        self._change(network, self._reached or network)

    def watch(self, listener: Listener) -> Callable[[], None]:
        """See ``Connectivity``."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def _change(self, network: bool, reached: bool) -> None:
        before = self.online
        self._network, self._reached = network, reached
        if self.online != before:
            for listener in tuple(self._listeners):
                listener(self.online)


def follow(exchanges: Exchanges) -> ft.Connectivity:
    """The device's own word, where the app runs on the device (not in a served session: the server has
    another).

    Keep what is returned: the device tells as long as it lives.
    """

    def changed(event: Any) -> None:
        exchanges.device(any(kind is not ft.ConnectivityType.NONE for kind in event.connectivity))

    return ft.Connectivity(on_change=changed)
