"""The rooms of appointments and of booking: one list, one counter."""

from app.api.booking import Counter
from app.bootstrap.shared import Shared
from app.bootstrap.syncing import fetch_of
from app.offline.engine import Scope
from app.stores.appointments import Appointments
from app.stores.booking import Booking


def scopes(patient: str) -> tuple[Scope, ...]:
    """What the rooms read of the person's own data."""
    return (
        Scope("Appointment", (("patient", f"Patient/{patient}"),)),
        Scope("Endpoint"),
        Scope("ServiceRequest", (("subject", f"Patient/{patient}"),)),
    )


def rooms(shared: Shared) -> tuple[Appointments, Booking]:
    """Their stores."""
    devices = shared.devices
    counter = Counter(shared.client, shared.person_id)
    appointments = Appointments(
        person_id=shared.person_id,
        store=shared.store,
        public=shared.public,
        counter=counter,
        online=lambda: shared.connection.online,
        now=devices.now,
        new_key=devices.new_key,
        language=shared.language,
        fetch=fetch_of(shared.sync, "Appointment", "ServiceRequest"),
        nudge=shared.sync.nudge,
    )
    booking = Booking(
        store=shared.store,
        counter=counter,
        appointments=appointments,
        online=lambda: shared.connection.online,
        now=devices.now,
        new_key=devices.new_key,
        later=devices.later,
    )
    return appointments, booking
