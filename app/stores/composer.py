"""One message being written: its words and files, saved as a draft as they come (rows A7, A8).

A draft is on disk at most ``SAVE_AFTER`` seconds after a key and on every leave; a file at once.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from app.domain.attachments import AttachmentProblem, Limits, Prepared, problem_of
from app.errors import AppError
from app.offline.drafts import Draft, DraftFile, Drafts
from app.stores.base import observable

KIND = "message"
SAVE_AFTER = 1.0
MAX_SUBJECT, MAX_BODY = 120, 8000


class Missing(StrEnum):
    """What a message cannot be sent without."""

    RECIPIENT = "recipient"
    SUBJECT = "subject"
    BODY = "body"
    TOO_LONG = "too-long"


class BadFile(NamedTuple):
    """A file that was not added, and why. The message is as it was."""

    name: str
    size: int
    problem: AttachmentProblem


Prepare = Callable[[str, bytes], Awaitable[Prepared | AttachmentProblem]]
Later = Callable[[float, Callable[[], None]], Callable[[], None]]


@observable
class Composer:
    """The fields of one draft. ``thread_id`` is empty for a new conversation; ``plan_id``: the plan of a
    pathway that it belongs to."""

    def __init__(
        self,
        draft: Draft,
        drafts: Drafts,
        limits: Limits,
        prepare: Prepare,
        now: Callable[[], datetime],
        later: Later,
    ) -> None:
        self._drafts, self._limits, self._prepare, self._now, self._later = (
            drafts,
            limits,
            prepare,
            now,
            later,
        )
        self._cancel: Callable[[], None] | None = None
        self.key, self.kind, self.person = draft.key, draft.kind, draft.person
        self.service_id = str(draft.body.get("service_id", ""))
        self.thread_id = str(draft.body.get("thread_id", ""))
        self.plan_id = str(draft.body.get("plan_id", ""))
        self.subject = str(draft.body.get("subject", ""))
        self.text = str(draft.body.get("text", ""))
        self.files: tuple[DraftFile, ...] = tuple(file for file in draft.files if file.data)
        lost = (file for file in draft.files if not file.data)
        unreadable = AttachmentProblem.UNREADABLE
        self.bad_files: tuple[BadFile, ...] = tuple(BadFile(f.name, f.size, unreadable) for f in lost)
        self.checking = False
        self.saved_at: datetime | None = draft.saved_at if self.has_content else None
        self.save_problem: AppError | None = None
        self.tried = False

    @property
    def has_content(self) -> bool:
        """Something that would be a pity to lose."""
        return bool(self.subject.strip() or self.text.strip() or self.files)

    @property
    def missing(self) -> tuple[Missing, ...]:
        """What must be mended before it can be sent."""
        needs_subject = not self.thread_id and not self.subject.strip()
        checks = (
            (not self.service_id, Missing.RECIPIENT),
            (needs_subject, Missing.SUBJECT),
            (not self.text.strip() and not self.files, Missing.BODY),
            (len(self.text) > MAX_BODY, Missing.TOO_LONG),
        )
        return tuple(what for is_missing, what in checks if is_missing)

    def write(self, name: str, value: str) -> None:
        """The resident changed ``subject``, ``text`` or ``service_id``: show it at once, save it soon."""
        setattr(self, name, value)
        if self._cancel is None:
            self._cancel = self._later(SAVE_AFTER, self.save)

    def save(self) -> None:
        """Put the draft on disk now; a full device is told and nothing on the screen is lost."""
        self.settle()
        try:
            self._drafts.save(self.draft())
        except AppError as problem:
            self.save_problem = problem
        else:
            self._drafts.when_kept(self._kept)

    def _kept(self, problem: AppError | None) -> None:
        """It is on disk, or cannot be; a browser that keeps nothing says neither."""
        self.save_problem = problem
        if problem is None:
            self.saved_at = self._now()

    def settle(self) -> None:
        """No save is to come any more."""
        if self._cancel is not None:
            self._cancel()
            self._cancel = None

    def leave(self) -> None:
        """The screen is left: keep what has content, forget what has none."""
        if self.has_content:
            if self._cancel is not None:
                self.save()
        else:
            self.delete()

    def delete(self) -> None:
        """The draft is not wanted any more."""
        self.settle()
        self._drafts.delete(self.key)

    def draft(self) -> Draft:
        """What is kept on disk."""
        body = {name: getattr(self, name) for name in ("service_id", "thread_id", "subject", "text")}
        body |= {"plan_id": self.plan_id} if self.plan_id else {}
        return Draft(self.key, self.kind, self.person, body, self.files)

    async def add_file(self, name: str, data: bytes) -> None:
        """Make a picked file ready and add it, or say why not; the message and its other files stay as they were."""
        self.checking = True
        try:
            made = await self._prepare(name, data)
        finally:
            self.checking = False
        problem = made if isinstance(made, AttachmentProblem) else self._problem(made)
        if problem is not None:
            self.bad_files = (*self.bad_files, BadFile(name, len(data), problem))
            return
        assert isinstance(made, Prepared)
        self.files = (*self.files, DraftFile(made.name, made.content_type, len(made.data), made.data))
        self.save()

    def replace_file(self, place: int, data: bytes) -> None:
        """Another content for a file, e.g. a picture with a part of it blurred; saved at once."""
        old = self.files[place]
        new = DraftFile(old.name, old.content_type, len(data), data)
        self.files = (*self.files[:place], new, *self.files[place + 1 :])
        self.save()

    def remove_file(self, place: int) -> None:
        """Take a file out: first those that are part of the message, then those that were not added."""
        if place < len(self.files):
            self.files = self.files[:place] + self.files[place + 1 :]
            self.save()
        else:
            rest = place - len(self.files)
            self.bad_files = self.bad_files[:rest] + self.bad_files[rest + 1 :]

    def _problem(self, made: Prepared) -> AttachmentProblem | None:
        return problem_of(self._limits, made.content_type, len(made.data), (file.size for file in self.files))
