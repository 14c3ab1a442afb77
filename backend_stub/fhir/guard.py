"""Enforces access: every handler asks here before it reads or writes.

What the caller may not know of is answered as if it did not exist (404), so ids of others cannot be probed.
"""

from typing import Any

from backend_stub.fhir.access import PUBLIC_TYPES, Access
from backend_stub.fhir.errors import Forbidden, Gone, NotFound, Unauthorised
from backend_stub.fhir.repository import Repository
from backend_stub.fhir.resident_rules import ResidentRules
from backend_stub.fhir.search_terms import Where
from backend_stub.fhir.storage import Stored

_VERBS = {"c": "create", "r": "read", "u": "update", "d": "delete", "s": "search"}


class Guard:
    """What one caller may do in one repository."""

    def __init__(self, repository: Repository, access: Access) -> None:
        self.repository, self.access = repository, access

    def require(self, type: str, *actions: str) -> None:
        """Kind and scopes must allow one of the actions (c r u d s). Raises Unauthorised or Forbidden."""
        if any(self.access.may(type, action) for action in actions):
            return
        if self.access.kind == "anonymous":
            raise Unauthorised("this needs a token")
        wanted = " or ".join(_VERBS[action] for action in actions)
        raise Forbidden(f"the token's scopes do not allow to {wanted} {type}")

    def sees(self, kept: Stored) -> bool:
        """Whether this version may be shown."""
        if self.access.sees_all or kept.type in PUBLIC_TYPES:
            return True
        return bool(self.access.patient) and self.access.patient in self.repository.storage.members(kept.seq)

    def newest(self, type: str, id: str) -> Stored | None:
        """The newest version, a deletion too. None if it never was; raises NotFound if it is another's."""
        kept = self.repository.storage.newest(type, id)
        if kept and not self.sees(kept):
            raise NotFound(f"no {type} with this id")
        return kept

    def read(self, type: str, id: str) -> Stored:
        """The living newest version. Raises NotFound or Gone."""
        kept = self.newest(type, id)
        if not kept:
            raise NotFound(f"no {type} with this id")
        if kept.deleted:
            raise Gone(f"this {type} has been deleted")
        return kept

    def versions(self) -> Where:
        """The condition on ``version v`` that hides what is not the caller's."""
        if self.access.sees_all:
            return Where("1")
        public = [type for type in PUBLIC_TYPES if self.access.may(type, "s")]
        marks = ",".join("?" * len(public))
        own = "v.seq IN (SELECT seq FROM member WHERE patient=?)"
        return Where(f"(v.type IN ({marks}) OR {own})", (*public, self.access.patient or ""))

    def check_place(self, after: dict[str, Any]) -> None:
        """The body must lie where the caller may write; asked before the id is looked up, so it cannot probe for it."""
        if not self.access.sees_all:
            ResidentRules(self.repository, self.access).check_place(after)

    def check_write(self, before: dict[str, Any] | None, after: dict[str, Any]) -> None:
        """Rules of a resident's writing. Raises Forbidden or Unprocessable."""
        if not self.access.sees_all:
            ResidentRules(self.repository, self.access).check_write(before, after)

    def check_delete(self, kept: Stored) -> None:
        """Rules of a resident's deleting. Raises Forbidden."""
        if not self.access.sees_all:
            ResidentRules(self.repository, self.access).check_delete(kept)
