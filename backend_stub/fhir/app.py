"""The FHIR server on HTTP: Starlette routes around ``dispatch``, one guard, and the websocket.

Mount it: ``Mount("/fhir", routes=fhir_routes(...))`` leaves ``/fhir`` itself (transactions!) to a redirect, so rather
``routes = [*smart_discovery, *fhir_routes(repository, authenticate, config, prefix="/fhir")]``: routes named before
it, such as ``/fhir/.well-known/smart-configuration``, come first. Run uvicorn with ``date_header=False``: answers carry
the Date of the repository's clock.
"""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.routing import BaseRoute

from backend_stub.fhir.access import Access
from backend_stub.fhir.repository import Repository

Authenticate = Callable[[Headers], Access]
"""Token (``Authorization: Bearer …``) to Access; no header gives ANONYMOUS; a bad token raises errors.Unauthorised.
It is asked again during a websocket's life, so an expired or revoked token ends it."""


@dataclass(frozen=True)
class FhirConfig:
    """``base_url``: public address of the FHIR base, no slash at the end; ``issuer``: OIDC issuer with /authorize etc."""

    base_url: str
    issuer: str
    max_body: int = 12 * 1024 * 1024
    authorize_url: str = ""
    token_url: str = ""
    revoke_url: str = ""


def fhir_routes(
    repository: Repository, authenticate: Authenticate, config: FhirConfig, prefix: str = ""
) -> list[BaseRoute]:
    """Every route of the server under ``prefix``."""
    return []
