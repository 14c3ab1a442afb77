"""Nothing to see, not allowed, not loaded and loading differ on every list of own data and appointments (row E12)."""

from app.api.record import TYPES
from app.domain.record import Kind
from tests.views.examples import County, Visit

KINDS = {f"/record/{kind.value}": ("record.list", f"record.empty.{kind.value}") for kind in Kind}
LISTS = {
    **KINDS,
    "/record": ("record.list", "record.empty.all"),
    "/me/log": ("me.log.list", "me.log.empty"),
    "/me/permissions": ("me.permissions.list", ""),
    "/measurements": ("measurements.list", ""),
    "/measurements/blood-pressure": ("measurements.list", "measurements.empty"),
    "/appointments": ("appointments.list", "appointments.none"),
    "/me": ("me.details", ""),
}
"""Address, name of the list, and what it says when there is nothing. Permissions, details and the kinds of measurements
are never nothing."""
ROWS = (
    "record.entry",
    "appointments.card",
    "me.log.ask",
    "me.permission.research",
    "me.change.phone",
    "measurements.edit",
    "measurements.kind.weight",
)
OTHERS = ("AuditEvent", "Consent", "Patient", "Appointment")
FHIR = sorted({type for types in TYPES.values() for type in types} | set(OTHERS))


def rows(screen: Visit) -> bool:
    """Whether there is anything in the list."""
    return any(screen.has(id) for id in ROWS)


def empty(screen: Visit, key: str) -> bool:
    """Whether it says that there is nothing."""
    return bool(key) and screen.says(key)


def test_every_kind_is_here() -> None:
    """A new kind must be tested too."""
    assert set(TYPES) == set(Kind)


async def test_nothing_there(county: County) -> None:
    """Said in words, with why it can be so and where else to look."""
    screen = await county.signed_in("tuomas")
    for address, (list, key) in LISTS.items():
        if not key:
            continue
        await screen.go(address)
        screen.check()
        assert empty(screen, key), address
        assert not rows(screen), address
        assert not screen.has(f"{list}.problem")
        assert not screen.has(f"{list}.loading")
        if address in KINDS:
            assert screen.says("record.empty.elsewhere")


async def test_not_allowed(county: County) -> None:
    """No right to see: said so, never called empty, and nothing to try again."""
    screen = await county.open()
    await county.fault("status", f"/fhir/({'|'.join(FHIR)})", status=403)
    await screen.sign_in("raija")
    for address, (list, key) in LISTS.items():
        await screen.go(address)
        screen.check()
        assert screen.says("kit.not-allowed.title"), (address, screen.texts)
        assert not screen.has(f"{list}.retry")
        assert not empty(screen, key), address
        assert not rows(screen), address


async def test_loading(county: County) -> None:
    """While it is fetched for the first time nothing is called empty, missing or failed."""
    screen = await county.open()
    free = county.wire.hold(*(f"/fhir/{type}" for type in FHIR))
    await screen.sign_in("raija")
    for address, (list, key) in LISTS.items():
        await screen.go(address)
        screen.check()
        assert screen.has(f"{list}.loading"), (address, screen.identifiers)
        assert not empty(screen, key), address
        assert not screen.has(f"{list}.problem")
    free()
    await screen.look_again()
    assert screen.has("me.change.phone")


async def test_could_not_be_fetched(county: County) -> None:
    """Said so with a way to try again, never called empty; when it works, it is there."""
    screen = await county.open()
    await county.fault("status", f"/fhir/({'|'.join(FHIR)})", status=500)
    await screen.sign_in("raija")
    for address, (list, key) in LISTS.items():
        await screen.go(address)
        screen.check()
        assert screen.has(f"{list}.problem"), (address, screen.texts)
        assert not screen.says("kit.not-allowed.title")
        assert not empty(screen, key), address
    await county.tester("DELETE", "faults")
    await screen.go("/record/vaccinations")
    await screen.look_again()
    assert screen.has("record.entry")
    assert not screen.has("record.list.problem")


async def test_last_known_with_its_age(county: County) -> None:
    """What was fetched before stays, with how old it is and that it could not be fetched lately: in the list where only
    that is concerned, else in the banner of the whole service."""
    screen = await county.signed_in("raija")
    await county.fault("status", f"/fhir/({'|'.join(FHIR)})", status=500)
    await screen.move(days=2)
    await screen.look_again()
    for address, (list, key) in LISTS.items():
        await screen.go(address)
        screen.check()
        assert rows(screen) or empty(screen, key), address
        assert screen.has(f"{list}.problem") or screen.has("offline-banner"), (address, screen.texts)
        assert screen.says("common.stale"), address
