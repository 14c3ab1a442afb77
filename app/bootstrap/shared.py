"""What a room's store is made of."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from app.api.auth import SignedIn
from app.api.fhir import FhirClient
from app.bootstrap.parts import Spawn
from app.config import Region
from app.i18n.catalog import Catalog
from app.offline.drafts import Drafts
from app.offline.outbox import Outbox
from app.offline.store import Store
from app.offline.sync import Sync
from app.platform.devices import Devices
from app.stores.connection import Connection
from app.stores.silence import Silence


@dataclass(frozen=True, eq=False)
class Shared:
    """Everything the rooms of one person share.

    ``public`` holds what everybody may read, ``store`` the person's own records; ``fetch`` is one round of
    syncing and raises what stopped it; ``client`` is for what cannot wait in the outbox. ``devices`` has the
    clock, keys and timers; ``spawn`` starts a task that ends with the session; ``texts`` are those of the language
    now.
    """

    who: SignedIn
    region: Region
    devices: Devices
    connection: Connection
    language: Callable[[], str]
    public: Store
    store: Store
    outbox: Outbox
    drafts: Drafts
    sync: Sync
    client: FhirClient
    silence: Silence
    spawn: Spawn
    fetch: Callable[[], Awaitable[None]]
    texts: Callable[[], Catalog]

    @property
    def person_id(self) -> str:
        """The id of the Patient whose data these are."""
        return self.who.patient
