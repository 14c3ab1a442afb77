"""A wire between the app's server and the platform that notes every byte which the server sends."""

import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Sent:
    """One request as it stood on the wire: ``line`` of ``wire`` (which connection), its headers by name, its body."""

    wire: int
    line: str
    headers: dict[str, str]
    body: str

    @property
    def everything(self) -> str:
        """All of it as one text."""
        return f"{self.line}\n{self.headers}\n{self.body}"


@dataclass
class Wiretap:
    """Listens on ``port`` and hands everything on to ``target``, a port of this machine, and back."""

    port: int
    target: int
    wires: list[bytearray] = field(default_factory=list)

    def __enter__(self) -> "Wiretap":
        self._door = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._door.close()

    def sent(self) -> list[Sent]:
        """The requests that no browser sent; of a wire that became a websocket only the one that made it so."""
        found = [one for number, wire in enumerate(self.wires) for one in _requests(number, bytes(wire))]
        return [one for one in found if not one.headers.get("user-agent", "").startswith("Mozilla")]

    def _serve(self) -> None:
        with suppress(OSError):  # the door is closed
            while True:
                near, _ = self._door.accept()
                far = socket.create_connection(("127.0.0.1", self.target))
                self.wires.append(noted := bytearray())
                threading.Thread(target=_carry, args=(near, far, noted), daemon=True).start()
                threading.Thread(target=_carry, args=(far, near, bytearray()), daemon=True).start()


def _carry(source: socket.socket, target: socket.socket, noted: bytearray) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            noted += data
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def _requests(wire: int, data: bytes) -> list[Sent]:
    """HTTP/1.1 requests one after the other, bodies by their Content-Length."""
    found = []
    while b"\r\n\r\n" in data:
        head, _, rest = data.partition(b"\r\n\r\n")
        line, *fields = head.decode("latin-1").split("\r\n")
        pairs = (one.partition(":") for one in fields)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        assert "transfer-encoding" not in headers, line
        size = int(headers.get("content-length", 0))
        found.append(Sent(wire, line, headers, rest[:size].decode("utf-8", "replace")))
        if "upgrade" in headers:
            break
        data = rest[size:]
    return found
