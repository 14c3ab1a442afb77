"""Quick unlock put together (row H2): which devices have it, and what a strong sign-in means for it."""

from dataclasses import replace

from app.api.auth import Oidc, SignedIn
from app.config import Settings
from app.platform.devices import Devices
from app.platform.unlock import LockedSecrets
from app.stores.session import Session
from app.stores.unlock import Unlock


async def with_lock(run: Settings, devices: Devices) -> Devices:
    """The device with its lock before its secrets, where sign-ins are kept on a device of the resident's own.

    Not in served mode, where nothing is kept, and not in a browser, whose page cannot keep a PIN's key from a script.
    """
    if run.web or not devices.keeps or devices.places is not None:
        return devices
    lock = LockedSecrets(devices.secrets, devices.now, devices.pin_cost)
    await lock.load()
    return replace(devices, secrets=lock)


def lock_of(devices: Devices) -> LockedSecrets | None:
    """The lock of ``with_lock``, if it has one."""
    return devices.secrets if isinstance(devices.secrets, LockedSecrets) else None


def unlock_of(devices: Devices, session: Session, fhir_base: str) -> Unlock | None:
    """What the screens see of it."""
    lock = lock_of(devices)
    if lock is None:
        return None

    def person() -> tuple[str, str] | None:
        return (session.own.store.account, session.own.sub) if session.own is not None else None

    async def resume() -> None:
        await session.resume(fhir_base)

    return Unlock(lock, devices.recognition, person, resume, session.set_aside, devices.now)


class StrongSignIn(Oidc):
    """Tells the lock who has signed in, before anything of theirs is kept."""

    lock: LockedSecrets | None = None

    async def finish(self, callback_url: str) -> SignedIn:
        """See ``Oidc``."""
        signed_in = await super().finish(callback_url)
        if self.lock is not None:
            await self.lock.signed_in(signed_in.sub, signed_in.account)
        return signed_in
