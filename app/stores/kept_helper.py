"""The helper of who is signed in: its answers and texts survive a reload and a killed app (row B4)."""

from collections.abc import Callable
from datetime import datetime

from app.errors import AppError
from app.offline.drafts import Draft, Drafts
from app.stores.base import Resource, observable
from app.stores.composer import SAVE_AFTER, Later
from app.stores.helper import Helper

KIND = "ombudsman-helper"


@observable
class Kept(Helper):
    """On the device among the drafts of one person, sealed as all of theirs; never sent, never searched."""

    keeps = True

    def __init__(self, person_id: str, drafts: Drafts, now: Callable[[], datetime], later: Later) -> None:
        super().__init__()
        self._drafts, self._now, self._later = drafts, now, later
        self._person, self._key = f"Patient/{person_id}", f"{KIND}:{person_id}"
        self._cancel: Callable[[], None] | None = None
        kept = drafts.get(self._key)
        if kept is not None:
            self.answers = tuple(kept.body.get("answers", ()))
            self.texts = dict(kept.body.get("texts", {}))
            self.saved_at = kept.saved_at

    def refresh(self) -> None:
        """Nothing else changes it."""

    def fetched(self) -> tuple[Resource[object], ...]:
        """Nothing of it comes from the network."""
        return ()

    def save_all(self) -> None:
        """Put it on disk now, when something has not been put there yet."""
        if self._settle():
            self._save()

    def forget(self) -> None:
        """Not on the disk either."""
        self._settle()
        super().forget()
        self._drafts.delete(self._key)

    def _changed(self) -> None:
        if self._cancel is None:
            self._cancel = self._later(SAVE_AFTER, self.save_all)

    def _settle(self) -> bool:
        """No save is to come any more; whether one was."""
        cancel, self._cancel = self._cancel, None
        if cancel is not None:
            cancel()
        return cancel is not None

    def _save(self) -> None:
        body = {"answers": list(self.answers), "texts": self.texts}
        try:
            self._drafts.save(Draft(self._key, KIND, self._person, body))
        except AppError as problem:
            self.save_problem = problem
        else:
            self._drafts.when_kept(self._told)

    def _told(self, problem: AppError | None) -> None:
        """It is on disk, or cannot be; a browser that keeps nothing says neither."""
        self.save_problem = problem
        if problem is None:
            self.saved_at = self._now()
