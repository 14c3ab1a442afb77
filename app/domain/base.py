"""What every model shares."""

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """An immutable fact. Unknown fields are ignored. Its validator is built when it is first used: start-up is short."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)
