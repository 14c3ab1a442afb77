"""The room of the ombudsman: apart from everything a person has."""

import secrets

from app.api.auth import TokenKeeper
from app.api.ombudsman import OmbudsmanClient
from app.bootstrap.parts import Parts
from app.stores.ombudsman import Ombudsman


def room(parts: Parts, tokens: TokenKeeper) -> Ombudsman:
    """Its store, one for each session. The platform is beside the FHIR server."""
    devices, base = parts.devices, f"{parts.fhir_base.rstrip('/').rpartition('/')[0]}/ombudsman"
    return Ombudsman(
        make=lambda: OmbudsmanClient(base, devices.private()),
        language=lambda: parts.choices.language,
        new_key=devices.new_key,
        chance=secrets.randbelow,
        sleep=devices.sleep,
        spawn=parts.spawn,
        token=tokens.token,
    )
