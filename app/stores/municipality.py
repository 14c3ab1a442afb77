"""The municipality that somebody who is not signed in has chosen; it is kept on this device and told to nobody."""

from app.config import Region
from app.stores.settings import Settings

KEY = "municipality"


def chosen_municipality(region: Region, choices: Settings) -> str:
    """Its name in addresses; empty when none was chosen, or it is none of this county's."""
    name = choices.remembered(KEY)
    return name if name in {one("fi") for one in region.municipalities} else ""
