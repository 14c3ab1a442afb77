"""All stores of one session, as the screens get them."""

from dataclasses import dataclass, field

from app.config import Region
from app.stores.connection import Connection
from app.stores.counts import Counts
from app.stores.device import OwnDevice
from app.stores.idle import Idle
from app.stores.ombudsman import Ombudsman
from app.stores.pathways import Pathways
from app.stores.practice import Practice
from app.stores.services import Services
from app.stores.session import Session
from app.stores.settings import Settings
from app.stores.unlock import Unlock


@dataclass(frozen=True, eq=False)
class Stores:
    """One set per session. What belongs to a person is in ``session.own``."""

    region: Region
    settings: Settings
    session: Session
    services: Services
    pathways: Pathways
    ombudsman: Ombudsman
    counts: Counts
    connection: Connection
    version: str
    tester: bool = False
    idle: Idle | None = None
    unlock: Unlock | None = None
    device: OwnDevice = field(default_factory=OwnDevice)
    practice: Practice | None = None
