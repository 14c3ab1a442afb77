"""What checking a pathway finds."""

from typing import NamedTuple

__all__ = ["Mistake"]


class Mistake(NamedTuple):
    """``code``: structure, link, translation, contact, reading, blame, outcome, dead-end or picture.

    ``remark``: worth a look, but no reason to refuse the pathway.
    """

    code: str
    file: str
    place: str
    what: str
    remark: bool = False

    def __str__(self) -> str:
        kind = "remark" if self.remark else "mistake"
        where = f"{self.file}: {self.place}" if self.place else self.file
        return f"{kind} [{self.code}] {where}: {self.what}"
