"""The live hint: the platform rings when something changed, and the sync looks (architecture: a doorbell, never a feed)."""

from app.api.auth import TokenKeeper
from app.api.fhir import FhirClient
from app.offline.engine import Scope
from app.offline.sync import Sync


async def listen(client: FhirClient, tokens: TokenKeeper, scope: Scope, sync: Sync) -> None:
    """Until the session ends."""
