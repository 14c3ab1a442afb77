"""Prescriptions, and requests to renew them (row E4).

active -> (in handling) -> renewed | denied(why); nobody handled it in eight days -> lapsed
"""

from datetime import date, datetime, timedelta
from enum import StrEnum

from app.domain.base import Model

LAPSES_AFTER = timedelta(days=8)
"""A request that nobody has handled ends (Kanta: uusimispyyntö, 8 vuorokautta)."""


class RenewalState(StrEnum):
    """Where a request to renew stands. WAITING, SENDING and REFUSED are the outbox's words: the service does not
    have it yet."""

    WAITING = "waiting"
    SENDING = "sending"
    REFUSED = "refused"
    SENT = "sent"
    HANDLING = "handling"
    RENEWED = "renewed"
    DENIED = "denied"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"

    @property
    def open(self) -> bool:
        """Something may still come of it."""
        return self in OPEN


OPEN = frozenset({RenewalState.WAITING, RenewalState.SENDING, RenewalState.SENT, RenewalState.HANDLING})
_STATES = {
    "on-hold": RenewalState.HANDLING,
    "completed": RenewalState.RENEWED,
    "stopped": RenewalState.DENIED,
    "cancelled": RenewalState.CANCELLED,
    "entered-in-error": RenewalState.CANCELLED,
}


class Renewal(Model):
    """One request. ``lapses``: when it ends if nobody handles it; ``why``: the reason of a denial."""

    id: str
    of: str
    state: RenewalState
    asked: datetime | None = None
    lapses: datetime | None = None
    why: str = ""


class MedicineState(StrEnum):
    """CURRENT: in use; EXPIRED: no longer valid; ENDED: a professional ended it; STATED: said to be used; PAUSED: not
    for now; PLANNED: not begun yet; NOT_TAKEN: not used, or not to be used."""

    CURRENT = "current"
    EXPIRED = "expired"
    ENDED = "ended"
    STATED = "stated"
    PAUSED = "paused"
    PLANNED = "planned"
    NOT_TAKEN = "not-taken"


class Medicine(Model):
    """A prescription, or a medicine said to be in use. ``left`` and ``quantity`` as they are written, with their
    unit. ``untold``: there is a dose that cannot be said whole. ``barrier``: why it cannot be renewed here: elsewhere,
    controlled, visit-needed; empty: it can."""

    purpose: str = ""
    purpose_language: str = ""
    dose: str = ""
    dose_language: str = ""
    untold: bool = False
    prescriber: str = ""
    left: str = ""
    quantity: str = ""
    start: date | None = None
    valid_to: date | None = None
    state: MedicineState = MedicineState.CURRENT
    why_ended: str = ""
    prescription: bool = True
    barrier: str = ""
    renewal: Renewal | None = None

    @property
    def renewable(self) -> bool:
        """Whether a request may be made now."""
        asked = self.renewal is not None and self.renewal.state.open
        known = self.prescription and self.state in (MedicineState.CURRENT, MedicineState.EXPIRED)
        return known and not self.barrier and not asked


def renewal_state(status: str, asked: datetime | None, now: datetime, ledger: str = "") -> RenewalState:
    """Where a request stands: ``ledger`` is the outbox's word while the service does not have it."""
    if ledger in (RenewalState.WAITING, RenewalState.SENDING, RenewalState.REFUSED):
        return RenewalState(ledger)
    state = _STATES.get(status, RenewalState.SENT)
    if state is RenewalState.SENT and asked is not None and now >= asked + LAPSES_AFTER:
        return RenewalState.LAPSED
    return state
