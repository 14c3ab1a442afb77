"""Everything that the app holds of a person as one open file: a FHIR R4 Bundle (rows E1, M6)."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from app.api.wire import instant


def bundle(resources: Iterable[Mapping[str, Any]], base_url: str, at: datetime) -> dict[str, Any]:
    """A Bundle of type collection; each entry under its address at the service. ``at`` is aware."""
    entries = [
        {
            "fullUrl": f"{base_url.rstrip('/')}/{one.get('resourceType')}/{one.get('id')}",
            "resource": dict(one),
        }
        for one in resources
    ]
    made = {"resourceType": "Bundle", "type": "collection", "timestamp": instant(at)}
    return {**made, "entry": entries} if entries else made


def written(resource: Mapping[str, Any]) -> bytes:
    """As a file that people can open and read."""
    return json.dumps(resource, ensure_ascii=False, indent=1).encode()
