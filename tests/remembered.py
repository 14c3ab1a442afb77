"""Storages in memory."""


class Names:
    """What one browser remembers for its sessions: a storage with names."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    async def get(self, name: str) -> str | None:
        return self.kept.get(name)

    async def set(self, name: str, value: str) -> None:
        self.kept[name] = value

    async def delete(self, name: str) -> None:
        self.kept.pop(name, None)
