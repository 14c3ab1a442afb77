"""What all stores of a session share."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from app.config import Region
from app.config import Settings as RunSettings
from app.i18n.catalog import Catalog
from app.keeping import Cabinet
from app.platform.devices import Devices
from app.stores.connection import Connection
from app.stores.settings import Settings

Spawn = Callable[[Coroutine[Any, Any, None]], asyncio.Task[Any]]


@dataclass(frozen=True)
class Parts:
    """What all stores of a session share."""

    run: RunSettings
    region: Region
    choices: Settings
    devices: Devices
    spawn: Spawn
    connection: Connection
    texts: Callable[..., Catalog]
    cabinet: Cabinet

    @property
    def fhir_base(self) -> str:
        """The region's own FHIR server, or that of the platform this run was told."""
        return self.region.fhir_base or self.run.fhir_base


def clock_of(now: Callable[[], datetime], zone: str) -> Callable[[], datetime]:
    """``now`` as the county's clocks show it, wherever the device is: its day is the day there. With a fixed offset, so
    that times are reckoned with as everywhere."""

    def there() -> datetime:
        at = now().astimezone(ZoneInfo(zone))
        return at.astimezone(timezone(at.utcoffset() or timedelta()))

    return there
