"""Who is told what a round of syncing met."""

from app.bootstrap.syncing import pass_on, problem_of
from app.errors import Offline, Refused, ServiceDown
from app.offline.sync import SyncStatus
from app.stores.base import Known, Resource

NO = Refused(403, "", "forbidden")


def made_of(*types: str, value: int | None = 1) -> Resource[int]:
    return Resource(lambda: None if value is None else Known(value, None), types=types)


def test_only_what_is_made_of_a_failing_type_is_told() -> None:
    """A log that may not be seen does not make the messages unseen."""
    status = SyncStatus("problem", problem=NO, failing={"AuditEvent": NO})
    log, messages, whole = made_of("AuditEvent"), made_of("Communication"), made_of()
    pass_on(status, log, messages, whole)
    assert (log.problem, messages.problem, whole.problem) == (NO, None, NO)


def test_what_concerns_everybody_is_everybodys() -> None:
    """Without a connection nothing can be fetched; it is a problem of a list only while nothing is known."""
    status = SyncStatus("offline", problem=Offline())
    known, unknown = made_of("Communication"), made_of("AuditEvent", value=None)
    pass_on(status, known, unknown)
    assert known.problem is None
    assert isinstance(unknown.problem, Offline)
    down = SyncStatus("problem", problem=ServiceDown(), failing={"Task": ServiceDown()})
    assert problem_of(down, {"Communication"}) is None
