"""What the lists of a person are made of: a change of something else costs them nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.offline.store import Store
from tests.views.examples import County, Visit


@contextmanager
def spied(store: Store) -> Iterator[set[str]]:
    """The types that are read of the store meanwhile."""
    read: set[str] = set()
    plain = {name: getattr(store, name) for name in ("all", "get", "newest", "record")}

    def spy(name: str) -> None:
        def reading(type: str, *args: object, **more: object) -> object:
            read.add(type)
            return plain[name](type, *args, **more)

        setattr(store, name, reading)

    for name in plain:
        spy(name)
    yield read
    for name, method in plain.items():
        setattr(store, name, method)


async def looked_around(county: County) -> Visit:
    """Aino has been in every room, so that every list is there."""
    screen = await county.signed_in("aino")
    for route in ("/messages", "/appointments", "/forms", "/pathways", "/record", "/record/all", "/"):
        await screen.go(route)
    return screen


async def test_lists_name_every_type_they_are_made_of(county: County) -> None:
    """Otherwise a list would not be read again when that type changes."""
    screen = await looked_around(county)
    own = screen.own

    assert len(own.fetched()) >= 5
    for resource in own.fetched():
        with spied(own.store) as read:
            resource.refresh()
        assert not resource.types or read <= resource.types, (
            f"{resource.types} also reads {read - resource.types}"
        )


async def test_saving_a_draft_reads_no_records(county: County) -> None:
    """While somebody writes, nothing else is done over and over."""
    screen = await looked_around(county)
    own = screen.own
    with spied(own.store) as read:
        own.refresh({"drafts"})

    assert not read & {"Communication", "Appointment", "Observation", "Condition", "AuditEvent", "CarePlan"}


async def test_a_round_that_brought_nothing_only_makes_the_age_new(county: County) -> None:
    """Nothing is read; every list says that it has just been fetched."""
    screen = await looked_around(county)
    own = screen.own
    before = own.messages.threads.as_of
    with spied(own.store) as read:
        await screen.move(minutes=2)

    assert own.messages.threads.as_of != before
    assert own.messages.threads.as_of == own.store.confirmed_at("Communication")
    assert not read & {"Communication", "Appointment", "Observation", "Condition", "AuditEvent", "CarePlan"}
