"""Quick unlock as the screens see it (row H2): whether it is shut, what may be tried, what became of it."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from app.errors import Locked
from app.platform.pins import BadPin, check
from app.platform.recognition import Recognition
from app.platform.unlock import LockedSecrets, Outcome
from app.stores.base import Action, Status, observable

LONGEST_AWAY = timedelta(minutes=5)
"""So long the app may be at the back without asking again who holds the device."""


@observable
class Unlock:
    """One device's lock. ``person``: account and the provider's name of who is signed in; ``resume``: go on as them.

    ``outcome`` is that of the last try, ``bad_pin`` what is wrong with a new PIN.
    """

    def __init__(
        self,
        secrets: LockedSecrets,
        recognition: Recognition | None,
        person: Callable[[], tuple[str, str] | None],
        resume: Callable[[], Awaitable[None]],
        set_aside: Callable[[], Awaitable[None]],
        now: Callable[[], datetime],
    ) -> None:
        self._secrets, self._recognition = secrets, recognition
        self._person, self._resume, self._set_aside = person, resume, set_aside
        self._now = now
        self._away_since: datetime | None = None
        self.outcome: Outcome | None = None
        self.bad_pin: BadPin | None = None
        self.recognises = False
        self.enter = Action(self._enter)
        self.recognise = Action(self._recognise)
        self.switch_on = Action(self._switch_on)
        self.change = Action(self._change)
        self.switch_off = Action(self._switch_off)
        self.use_device = Action(self._use_device)
        self.refresh()
        secrets.watch(self.refresh)

    def refresh(self) -> None:
        """See how it stands now."""
        lock = self._secrets
        self.on, self.shut, self.spent = lock.on, lock.shut, lock.spent
        self.left, self.by_device = lock.left, lock.by_device
        self.wait_until: datetime | None = lock.wait_until

    def away(self) -> None:
        """The app went to the back."""
        self._away_since = self._away_since or self._now()

    async def back(self) -> None:
        """It is in front again. After ``LONGEST_AWAY``, or by a clock that was set back, the lock shuts."""
        since, self._away_since = self._away_since, None
        if since is None or not self.on or self.shut or timedelta() <= self._now() - since < LONGEST_AWAY:
            return
        await self._set_aside()
        self._secrets.shut_again()
        self.refresh()

    async def look(self) -> None:
        """See whether the device can recognise anybody."""
        self.recognises = self._recognition is not None and await self._recognition.available()

    async def _enter(self, pin: str) -> Status:
        self.outcome = await self._secrets.try_pin(pin)
        return await self._entered(self.outcome is Outcome.OPEN)

    async def _recognise(self, reason: str) -> Status:
        recognition = self._recognition
        if recognition is None:
            return Status.IDLE
        return await self._entered(await self._secrets.open_by_device(lambda: recognition.confirm(reason)))

    async def _entered(self, opened: bool) -> Status:
        if opened:
            await self._resume()
        self.refresh()
        return Status.DONE if opened else Status.IDLE

    async def _switch_on(self, pin: str, again: str) -> Status:
        self.bad_pin = check(pin, again)
        if self.bad_pin is not None:
            return Status.IDLE
        person = self._person()
        if person is None:
            raise Locked
        await self._secrets.switch_on(pin, *person)
        self.refresh()
        return Status.DONE

    async def _change(self, old: str, pin: str, again: str) -> Status:
        """The old one counts as a try: somebody else may hold the open device."""
        self.bad_pin = check(pin, again)
        if self.bad_pin is not None:
            return Status.IDLE
        self.outcome = await self._secrets.try_pin(old)
        if self.outcome is Outcome.OPEN:
            await self._secrets.change(pin)
        self.refresh()
        return Status.DONE if self.outcome is Outcome.OPEN else Status.IDLE

    async def _switch_off(self, pin: str) -> Status:
        self.outcome = await self._secrets.try_pin(pin)
        if self.outcome is Outcome.OPEN:
            await self._secrets.switch_off()
        self.refresh()
        return Status.DONE if self.outcome is Outcome.OPEN else Status.IDLE

    async def _use_device(self, wanted: bool, reason: str) -> Status:
        """Allowed only by somebody whom the device recognises."""
        if wanted and not (self._recognition and await self._recognition.confirm(reason)):
            return Status.IDLE
        await self._secrets.use_device(wanted)
        self.refresh()
        return Status.DONE
