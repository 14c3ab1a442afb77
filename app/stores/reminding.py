"""What residents wish to be reminded of on their pathways: on this device, sealed like all that is theirs."""

from collections.abc import Mapping

from app.offline.drafts import Draft, Drafts
from app.pathways.reminding import Reminders

__all__ = ["KIND", "ReminderBook"]

KIND = "pathway-reminders"


class ReminderBook:
    """One account's wishes, by journey."""

    def __init__(self, drafts: Drafts) -> None:
        self._drafts = drafts

    def read(self) -> dict[str, Reminders]:
        """All of them; what cannot be read is no wish."""
        kept = self._drafts.get(KIND)
        found = kept.body.items() if kept is not None else ()
        read = {str(journey): _read(wish) for journey, wish in found}
        return {journey: wish for journey, wish in read.items() if wish is not None}

    def write(self, wishes: Mapping[str, Reminders]) -> None:
        """Keep them in place of the ones before. Raises ``AppError``."""
        body = {journey: wish.model_dump(mode="json") for journey, wish in wishes.items()}
        if body:
            self._drafts.save(Draft(KIND, KIND, "", body))
        else:
            self._drafts.delete(KIND)


def _read(kept: object) -> Reminders | None:
    try:
        return Reminders.model_validate(kept)
    except ValueError:
        return None
