"""Something in the app failed unexpectedly: the resident is told calmly, and nothing they wrote is lost."""

from app.stores.base import observable


@observable
class Faults:
    """``seen``: there is one that the resident has not closed yet."""

    def __init__(self) -> None:
        self.seen = False

    def tell(self) -> None:
        """One happened."""
        self.seen = True

    def close(self) -> None:
        """The resident has read about it."""
        self.seen = False
