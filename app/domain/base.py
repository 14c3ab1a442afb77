"""What every model shares."""

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """An immutable fact. Unknown fields are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")
