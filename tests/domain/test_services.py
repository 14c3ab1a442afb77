"""Services: who may write, when they are open, finding them, and words of emergency (features A3, A4, A5)."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.services import (
    ALWAYS,
    Availability,
    Channel,
    Closed,
    ClosedReason,
    Closure,
    Eligibility,
    NeedsReferral,
    NotForPerson,
    Open,
    OpeningHours,
    Requirement,
    Service,
    WhyNot,
    availability,
    by_town,
    grouped,
    hours_state,
    in_order,
    red_flags,
    search,
)

HELSINKI = ZoneInfo("Europe/Helsinki")
WEEKDAYS = (OpeningHours(days=(0, 1, 2, 3, 4), opens=time(8), closes=time(16)),)


def at(day: str, clock: str = "12:00") -> datetime:
    """A moment on Finnish clocks."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=HELSINKI)


def clinic(**changes: object) -> Service:
    """A health station that is open on weekdays from 8 to 16 and takes messages at any time."""
    values = {
        "id": "clinic",
        "name": "Terveysasema",
        "hours": WEEKDAYS,
        "channels": (Channel.MESSAGE, Channel.PHONE),
    }
    return Service(**{**values, **changes})  # type: ignore[arg-type]


def rule(requirement: Requirement, **values: object) -> tuple[Eligibility, ...]:
    """One requirement of a service."""
    return (Eligibility(requirement=requirement, comment="Näin on.", **values),)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("now", "until"),
    [(at("2026-11-25", "08:00"), "2026-11-25T16:00"), (at("2026-11-25", "15:29"), "2026-11-25T16:00")],
)
def test_open_says_until_when(now: datetime, until: str) -> None:
    """Open from the first minute on, with the end in sight."""
    state = hours_state(clinic(), now)

    assert state == Open(until=datetime.fromisoformat(until).replace(tzinfo=HELSINKI))


def test_last_half_hour_is_closing_soon() -> None:
    """Thirty minutes before closing it is said (A5)."""
    state = hours_state(clinic(), at("2026-11-25", "15:30"))

    assert isinstance(state, Open)
    assert state.closing_soon


@pytest.mark.parametrize(
    ("now", "reason", "opens"),
    [
        (at("2026-11-25", "07:59"), ClosedReason.NOT_YET, at("2026-11-25", "08:00")),
        (at("2026-11-25", "16:00"), ClosedReason.OVER, at("2026-11-26", "08:00")),
        (at("2026-11-27", "18:00"), ClosedReason.OVER, at("2026-11-30", "08:00")),
        (at("2026-11-28"), ClosedReason.WEEKEND, at("2026-11-30", "08:00")),
        (at("2026-12-24"), ClosedReason.HOLIDAY, at("2026-12-28", "08:00")),
        (at("2028-12-06"), ClosedReason.HOLIDAY, at("2028-12-07", "08:00")),
    ],
)
def test_closed_says_why_and_when_it_opens(now: datetime, reason: ClosedReason, opens: datetime) -> None:
    """Before and after hours, weekends and holidays differ."""
    assert hours_state(clinic(), now) == Closed(reason=reason, opens=opens)


def test_day_without_hours() -> None:
    """A service of Tuesdays is closed on a Wednesday for no holiday."""
    tuesdays = clinic(hours=(OpeningHours(days=(1,), opens=time(9), closes=time(11)),))

    assert hours_state(tuesdays, at("2026-11-25")) == Closed(
        reason=ClosedReason.DAY_OFF, opens=at("2026-12-01", "09:00")
    )


def test_break_in_the_middle_of_a_day() -> None:
    """In a lunch break it opens again today."""
    hours = (
        OpeningHours(days=(2,), opens=time(8), closes=time(11)),
        OpeningHours(days=(2,), opens=time(12), closes=time(16)),
    )

    state = hours_state(clinic(hours=hours), at("2026-11-25", "11:30"))

    assert state == Closed(reason=ClosedReason.NOT_YET, opens=at("2026-11-25", "12:00"))


def test_unknown_hours_are_told_as_unknown() -> None:
    """No hours are not the same as always closed."""
    assert hours_state(clinic(hours=()), at("2026-11-25")) == Closed(reason=ClosedReason.UNKNOWN)


def test_around_the_clock_has_no_end() -> None:
    """Also at midnight, on a holiday and when clocks are changed."""
    always = clinic(hours=ALWAYS)

    for now in (at("2026-11-25", "00:00"), at("2026-12-25"), at("2026-10-25", "03:30")):
        assert hours_state(always, now) == Open()


def test_open_past_midnight() -> None:
    """An evening service is still open after midnight, by the hours of the day before."""
    evening = clinic(hours=(OpeningHours(days=(4,), opens=time(18), closes=time(2)),))

    state = hours_state(evening, at("2026-11-28", "01:00"))

    assert state == Open(until=at("2026-11-28", "02:00"))


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-25", 24)])
def test_days_when_clocks_are_changed(day: str, hours: int) -> None:
    """A whole day open has 23 hours in March and 25 in October."""
    weekday = datetime.fromisoformat(day).weekday()
    state = hours_state(clinic(hours=(OpeningHours(days=(weekday,)),)), at(day, "00:00"))

    assert isinstance(state, Open)
    assert state.until is not None
    assert (state.until - at(day, "00:00").astimezone(UTC)).total_seconds() == hours * 3600


def test_closure_wins_over_hours() -> None:
    """A notice closes it, says why and when it opens: at the first opening hour after it."""
    shut = Closure(starts=at("2026-11-24", "00:00"), ends=at("2026-11-28", "00:00"), reason="Muutto")

    state = hours_state(clinic(closures=(shut,)), at("2026-11-25"))

    assert state == Closed(reason=ClosedReason.NOTICE, opens=at("2026-11-30", "08:00"), notice="Muutto")


def test_closure_ends_the_day_early() -> None:
    """An afternoon's closure moves the end."""
    shut = Closure(starts=at("2026-11-25", "13:00"), ends=at("2026-11-25", "14:00"), reason="Koulutus")

    assert hours_state(clinic(closures=(shut,)), at("2026-11-25", "12:45")) == Open(
        until=at("2026-11-25", "13:00"), closing_soon=True
    )


def test_closure_without_an_end() -> None:
    """Closed for good does not open."""
    shut = Closure(starts=at("2026-01-01"), reason="Lopetettu")

    assert hours_state(clinic(closures=(shut,)), at("2026-11-25")) == Closed(
        reason=ClosedReason.NOTICE, notice="Lopetettu"
    )


@given(st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1)).map(lambda m: m.replace(tzinfo=UTC)))
def test_state_agrees_with_what_it_promises(now: datetime) -> None:
    """It is open at the moment it says it opens, and closed at the moment it says it is open until."""
    state = hours_state(clinic(), now)
    if isinstance(state, Open):
        assert state.until is not None
        assert now < state.until
        assert isinstance(hours_state(clinic(), state.until), Closed)
    else:
        assert state.opens is not None
        assert state.opens > now
        assert isinstance(hours_state(clinic(), state.opens), Open)


def test_messages_are_taken_at_night() -> None:
    """Writing needs no opening hours, unless the service says so."""
    night = at("2026-11-25", "23:00")

    assert availability(clinic(), night) == Open()
    assert isinstance(availability(clinic(message_hours=True), night), Closed)
    assert isinstance(availability(clinic(channels=(Channel.PHONE,)), night), Closed)


def test_closure_stops_messages_too() -> None:
    """A service that is away is not written to; the reason is its own."""
    shut = Closure(starts=at("2026-11-24"), ends=at("2026-11-26"), reason="Järjestelmän päivitys")

    state = availability(clinic(closures=(shut,)), at("2026-11-25"))

    assert state == Closed(reason=ClosedReason.NOTICE, opens=at("2026-11-26"), notice="Järjestelmän päivitys")


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (12, NotForPerson(why=WhyNot.TOO_YOUNG, comment="Näin on.", age=13)),
        (13, Open()),
        (22, Open()),
        (23, NotForPerson(why=WhyNot.TOO_OLD, comment="Näin on.", age=22)),
        (None, Open()),
    ],
)
def test_age_limits_are_inclusive(age: int | None, expected: Availability) -> None:
    """A youth clinic is for 13 to 22; an unknown age excludes nobody."""
    youth = clinic(eligibility=rule(Requirement.AGE, low=13, high=22))

    assert availability(youth, at("2026-11-25"), age) == expected


def test_referral_and_clients() -> None:
    """Both are said in the service's words, and neither is asked of its clients."""
    special = clinic(eligibility=rule(Requirement.REFERRAL))
    own = clinic(eligibility=rule(Requirement.CLIENT))
    now = at("2026-11-25")

    assert availability(special, now) == NeedsReferral(comment="Näin on.")
    assert availability(own, now) == NotForPerson(why=WhyNot.CLIENT_ONLY, comment="Näin on.")
    assert availability(special, now, client_of=["clinic"]) == Open()
    assert availability(own, now, client_of=["clinic"]) == Open()


def test_by_town_parts_here_around_and_elsewhere() -> None:
    """Nothing is hidden: what is for others stands last."""
    local = Service(id="a", town="Sysmä")
    central = Service(id="b", town="Lahti")
    visiting = Service(
        id="c", town="Heinola", eligibility=rule(Requirement.MUNICIPALITY, places=("Hartola",))
    )

    assert by_town((visiting, central, local), "Sysmä") == ((local,), (central,), (visiting,))
    assert by_town((visiting, central), "Hartola") == ((), (visiting, central), ())
    assert by_town((visiting,), "").elsewhere == ()


@pytest.mark.parametrize(
    ("municipality", "places", "open"),
    [("Lahti", ("Lahti",), True), ("Espoo", ("Lahti",), False), ("", ("Lahti",), True), ("Espoo", (), True)],
)
def test_municipality(municipality: str, places: tuple[str, ...], open: bool) -> None:
    """Only somebody known to live elsewhere is told that it is for others."""
    local = clinic(eligibility=rule(Requirement.MUNICIPALITY, places=places))
    state = availability(local, at("2026-11-25"), municipality=municipality)

    assert isinstance(state, Open) is open


CATALOGUE = (
    Service(
        id="tooth",
        name="Suun terveydenhuolto",
        group="Terveys",
        search_words=("hammas", "hampaat", "hammaslääkäri"),
    ),
    Service(id="jab", name="Rokotukset", group="Terveys", comment="Matkailijan ja lasten rokotukset"),
    Service(id="baby", name="Neuvola", group="Lapset ja perheet", search_words=("vauva", "raskaus")),
    Service(id="money", name="Toimeentulotuki", group="Sosiaali", search_words=("raha", "vuokra")),
)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("hammas", "tooth"),
        ("HAMMAS", "tooth"),
        ("hamas", "tooth"),  # a letter left out
        ("hammaslaakari", "tooth"),  # without dots
        ("lääkäri", "tooth"),  # inside of a compound
        ("rokotuksen", "jab"),  # inflected
        ("rok", "jab"),  # being typed
        ("neuvolaan", "baby"),
        ("neuovla", "baby"),  # two letters swapped
        ("raskaana", "baby"),
        ("toimentulo", "money"),
        ("raha loppui", "money"),
        ("hammassärky", "tooth"),  # a compound of a known word
        ("en saa rokotusta", "jab"),  # small words say nothing
        ("lasten rokotus", "jab"),
    ],
)
def test_everyday_words_find_the_service(query: str, first: str) -> None:
    """Words as people write them, not as an organisation names itself."""
    assert search(CATALOGUE, query)[0].id == first


def test_search_without_words_lists_everything() -> None:
    """An empty field, or one of signs only, hides nothing."""
    assert search(CATALOGUE, "  ?! ") == CATALOGUE


def test_search_may_find_nothing() -> None:
    """A word that fits nowhere does not find the least bad."""
    assert search(CATALOGUE, "helikopteri") == ()


def test_what_fits_clearly_worse_is_left_out() -> None:
    """An exact word hides services that only look a little like it."""
    services = (Service(id="a", name="Selkä"), Service(id="b", name="Velkaneuvonta", search_words=("velka",)))

    assert [s.id for s in search(services, "selkä")] == ["a"]


def test_name_counts_more_than_description() -> None:
    """Of two that fit, the one called so comes first."""
    services = (Service(id="a", name="Neuvonta", comment="Myös neuvola"), Service(id="b", name="Neuvola"))

    assert [s.id for s in search(services, "neuvola")] == ["b", "a"]


def test_lists_show_recent_then_open_first() -> None:
    """Recents first, then open, closed, referral, not for you; by name within each."""
    names = {"z": Open(), "a": Open(), "c": Closed(reason=ClosedReason.OVER), "r": NeedsReferral()}
    states = [(Service(id=id, name=id), state) for id, state in names.items()]
    states.append((Service(id="n", name="n"), NotForPerson(why=WhyNot.TOO_OLD)))

    assert [s.id for s in in_order(reversed(states))] == ["a", "z", "c", "r", "n"]
    assert [s.id for s in in_order(states, recent=["c", "z"])] == ["c", "z", "a", "r", "n"]


def test_groups_keep_their_order() -> None:
    """Everyday headings as they come, each once."""
    assert [(g.name, len(g.services)) for g in grouped(CATALOGUE)] == [
        ("Terveys", 2),
        ("Lapset ja perheet", 1),
        ("Sosiaali", 1),
    ]


FLAGS = ("rintakipu", "en saa henk*", "itsemurh*", "can't breathe")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Minulla on RINTAKIPUA, ja en saa henkeä.", ("RINTAKIPUA", "en saa henkeä")),
        ("Ajattelen itsemurhaa. Itsemurhaa!", ("itsemurhaa", "Itsemurhaa")),
        ("He can't breathe", ("can't breathe",)),
        ("Rinta on kipea", ()),
        ("En saa nukuttua", ()),
        ("", ()),
    ],
)
def test_red_flags_are_found_as_they_were_written(text: str, found: tuple[str, ...]) -> None:
    """A calm question can show the resident's own words."""
    assert red_flags(text, FLAGS) == found


@given(st.text(max_size=200), st.lists(st.text(max_size=20), max_size=5))
def test_any_text_can_be_looked_through(text: str, flags: list[str]) -> None:
    """Nothing that is typed makes the composer fail."""
    assert all(part in text for part in red_flags(text, flags))
    assert isinstance(search(CATALOGUE, text), tuple)
