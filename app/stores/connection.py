"""Whether the platform can be reached, and how many things wait to be sent to it."""

from app.errors import AppError, Offline, ServiceDown
from app.stores.base import observable


@observable
class Connection:
    """What the last exchanges with the platform told. ``waiting``: things in the outbox that are not sent yet."""

    def __init__(self) -> None:
        self.online = True
        self.waiting = 0
        self.problem: AppError | None = None

    def tell(self, online: bool, problem: AppError | None = None) -> None:
        """An exchange has ended: it reached the platform or not."""
        self.problem = problem
        self.online = online and not isinstance(problem, Offline | ServiceDown)
