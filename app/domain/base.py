"""What every model shares."""

from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """An immutable fact. Unknown fields are ignored. Its validator is built at its first use: a short start."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


LONG_AGO = datetime.min.replace(tzinfo=UTC)
"""Where what has no time stands in an order by time."""
