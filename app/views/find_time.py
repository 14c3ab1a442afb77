"""Find a time: wishes, a list and a week, and what is nearest when one was lost (rows C2, C6)."""

from collections.abc import Callable
from datetime import date, timedelta

import flet as ft

from app.components import (
    Screen,
    button,
    card_button,
    component,
    disclosure,
    heading,
    loading,
    notice,
    radio_group,
    resource_view,
    row,
    select,
    stack,
    text,
    use_format,
    use_text,
)
from app.components.theme import SPACE
from app.domain.appointments import Appointment, Mode
from app.domain.booking import FreeTime, PartOfDay, by_day
from app.domain.services import Service
from app.i18n.format import capital
from app.pathways.journey import Asked
from app.platform.window import go
from app.stores.base import Action, Resource, Status
from app.stores.booking import Booking
from app.stores.own import Own
from app.stores.services import Services
from app.stores.stores import Stores
from app.views.appointment_card import MODE_ICONS, title, when, when_free, where, who
from app.views.booking_problem import problem_notice
from app.views.confirm import moving_notice
from app.views.doubt import Doubt
from app.views.find_service import may_book, why_not
from app.views.pathway_sent import asked_here
from app.views.promises import called_back
from app.views.support import cards, keyed, nothing, phone_now

FIRST = 12
"""So many times of the list are shown until more are asked for."""


@component
def FindTimeScreen(stores: Stores, own: Own, service_id: str, moving: str = "") -> ft.Control:
    """``/appointments/find/<service>?plan=…&turn=…``, and ``/appointments/<id>/move``."""
    t = use_text()
    old = own.appointments.get(moving) if moving else None
    wanted = old.service_id if old else service_id
    service = stores.services.service(wanted)
    back = f"/appointments/{moving}" if moving else "/appointments/find"
    title = t("booking.move_title") if moving else (service.name if service else t("booking.title"))
    return Screen(
        "booking",
        title,
        [
            FindTime(
                own,
                own.booking,
                stores.services,
                stores.services.all,
                own.appointments.requests,
                wanted,
                old,
                None if moving else asked_here(stores),
            )
        ],
        back=back,
        wide=True,
    )


@component
def FindTime(
    own: Own,
    booking: Booking,
    services: Services,
    all: Resource[tuple[Service, ...]],
    requests: Resource[object],
    service_id: str,
    old: Appointment | None,
    asked: Asked | None,
) -> ft.Control:
    """Everything below the title; who may not book is told how to get there."""
    t = use_text()

    known = services.service(service_id)
    may = old is not None or known is None or may_book(services, own, known)

    def begin() -> None:
        booking.begin(service_id, old, asked)

    async def look() -> None:
        if may:
            await booking.times.load()

    ft.use_effect(begin, [service_id, old.id if old else "", asked])
    ft.use_effect(look, [service_id, t.language, may])
    if known is not None and not may:
        return why_not(services, own, known)
    if booking.service_id != service_id:
        return loading("booking.times")
    return stack(
        [
            Doubt(booking, booking.settle),
            *moving_notice(old),
            Lost(booking, booking.hold, services, known),
            Wishes(booking, booking.times),
            Times(booking, booking.times, booking.hold, known),
            *([_by_phone(known)] if known is not None and known.phone else []),
        ],
        gap="l",
    )


def _by_phone(service: Service) -> ft.Control:
    """Digital is never the only way (row L4)."""
    lines = [line for line in (use_text()("booking.by_phone"), called_back(service)) if line]
    return stack([*(text(line, "muted") for line in lines), row([phone_now(service)])], gap="xs")


@component
def Lost(
    booking: Booking, hold: Action[[FreeTime]], services: Services, service: Service | None
) -> ft.Control:
    """That somebody else was given the time, and what is nearest to it; or why it did not succeed."""
    t = use_text()
    if booking.clash is not None:
        lines = [title(booking.clash, services), when(booking.clash), t("booking.clash_hint")]
        return notice("warning", t("booking.clash"), lines, id="booking.clash")
    if booking.lost is None:
        return problem_notice(hold.problem, service) if hold.problem else nothing()
    near = booking.nearest()
    hint = t("booking.lost_nearest") if near else t("booking.lost_none")
    told = notice("warning", t("booking.lost"), [when_free(booking.lost), hint], id="booking.lost")
    return stack([told, *[time_card(booking, hold, time, id="booking.nearest") for time in near]], gap="s")


@component
def Wishes(booking: Booking, times: Resource[tuple[FreeTime, ...]]) -> ft.Control:
    """Place, professional, language, part of day, way to meet: only what there is to choose from."""
    t = use_text()
    opened, toggle = ft.use_state((ft.context.page.width or 0) >= ROOMY or booking.filters.count > 0)
    if not times.value:
        return nothing()
    count = booking.filters.count
    label = t("booking.wishes", n=count) if count else t("booking.no_wishes")
    placed = ft.ResponsiveRow(
        [ft.Container(one, col={"xs": 12, "sm": 6}) for one in _wishes(booking, times.value)],
        spacing=SPACE["m"],
        run_spacing=SPACE["m"],
    )
    return disclosure("booking.wishes", label, opened, lambda: toggle(not opened), [placed])


def _wishes(booking: Booking, known: tuple[FreeTime, ...]) -> list[ft.Control]:
    """A field for each wish that makes a difference among the times that are ``known``."""
    t, wishes = use_text(), booking.filters
    modes = [
        (mode.value, t(f"appointments.mode.{mode.value}")) for mode in sorted({one.mode for one in known})
    ]
    people = {(one.who.id, who(one.who)) for one in known if one.who.name}
    places = {(one.place.id, one.place.name) for one in known if one.place.name}
    spoken = sorted({language for one in known for language in one.languages} & {"fi", "sv", "en"})
    offered: list[tuple[str, list[tuple[str, str]], object]] = [
        ("mode", modes, wishes.mode),
        ("who", sorted(people, key=lambda pair: pair[1]), wishes.who),
        ("place", sorted(places), wishes.place),
        ("language", [(code, t(f"booking.language.{code}")) for code in spoken], wishes.language),
        ("part", [(part.value, t(f"booking.part.{part.value}")) for part in PartOfDay], wishes.part),
    ]
    return [_choice(name, options, value, booking) for name, options, value in offered if len(options) > 1]


def _choice(name: str, options: list[tuple[str, str]], value: object, booking: Booking) -> ft.Control:
    t = use_text()

    def choose(key: str) -> None:
        booking.filter(**{name: (None if name in ("mode", "part") else "") if key == ANY else key})

    every = [(ANY, t("booking.any")), *options]
    return select(f"booking.{name}", t(f"booking.{name}"), every, str(value) if value else ANY, choose)


ANY = "any"
ROOMY = 700  # logical pixels of width from which the wishes are open at once


@component
def Times(
    booking: Booking, times: Resource[tuple[FreeTime, ...]], hold: Action[[FreeTime]], service: Service | None
) -> ft.Control:
    """The free times as a list or as a week; both say the same."""
    t = use_text()
    ways = [("list", t("booking.as_list")), ("week", t("booking.as_week"))]

    def show(way: str) -> None:
        booking.as_week = way == "week"

    def ready(_: object) -> ft.Control:
        found = booking.fitting()
        if not found:
            return _none(booking, service)
        shown = Week(booking, times, hold) if booking.as_week else List(booking, times, hold)
        count = text(t("booking.found", n=len(found)), "strong", id="booking.count")
        return stack([count, shown])

    switch = radio_group(
        "booking.view", t("booking.view"), ways, "week" if booking.as_week else "list", show, beside=True
    )
    return stack([switch, resource_view(times, ready, empty=_none(booking, service), id="booking.times")])


def _none(booking: Booking, service: Service | None) -> ft.Control:
    t = use_text()

    def clear() -> None:
        booking.filter(mode=None, place="", who="", language="", part=None)

    narrowed = (
        [button("booking.clear", t("booking.clear"), clear, "secondary")] if booking.filters.count else []
    )
    calls = [phone_now(service)] if service and service.phone else []
    key = "booking.none_fit" if booking.filters.count else "booking.none_free"
    promised = called_back(service) if calls and service else ""
    lines = [line for line in (t("booking.none_hint"), promised) if line]
    return notice("info", t(key), lines, [*narrowed, *calls], id="booking.none", live=False)


@component
def List(booking: Booking, times: Resource[tuple[FreeTime, ...]], hold: Action[[FreeTime]]) -> ft.Control:
    """Each time as a card under its day."""
    t, formats = use_text(), use_format()
    shown, show = ft.use_state(FIRST)
    found = booking.fitting()
    days: list[ft.Control] = []
    for day, of_day in by_day(found[:shown]).items():
        made = [time_card(booking, hold, time) for time in of_day]
        days.append(stack([heading(capital(formats.day_long(day)), 2), cards(made)], gap="s"))
    if len(found) > shown:
        more = button(
            "booking.more", t("booking.more", n=len(found) - shown), lambda: show(shown + FIRST), "secondary"
        )
        days.append(row([more]))
    return stack(days)


def time_card(
    booking: Booking, hold: Action[[FreeTime]], time: FreeTime, id: str = "booking.slot"
) -> ft.Control:
    """A free time to press: when, how long, with whom, where or how."""
    clock = use_format().time(time.starts) if id == "booking.slot" else when_free(time)
    t = use_text()
    place = f"{t('appointments.minutes', n=time.minutes)} · {where(time)}"
    lines = [part for part in (who(time.who), place) if part]
    return keyed(time.id, card_button(id, clock, lines, lambda: take(hold, time), icon=MODE_ICONS[time.mode]))


async def take(hold: Action[[FreeTime]], time: FreeTime) -> None:
    """Hold the time, then ask for a confirmation."""
    await hold.run(time)
    if hold.status is Status.DONE:
        go("/appointments/confirm")


@component
def Week(booking: Booking, times: Resource[tuple[FreeTime, ...]], hold: Action[[FreeTime]]) -> ft.Control:
    """One week, a column for each day with times, and the way to the weeks around it."""
    t, formats = use_text(), use_format()
    monday = booking.shown_week()
    days = by_day(booking.fitting())
    first, last = min(days, default=monday), max(days, default=monday)
    this = [day for day in (monday + timedelta(days=n) for n in range(7)) if day.weekday() < 5 or day in days]

    def turn(weeks: int) -> None:
        booking.week = monday + timedelta(weeks=weeks)

    name = heading(
        t("booking.week", n=monday.isocalendar().week, first=formats.day(monday), last=formats.day(this[-1])),
        2,
        id="booking.week",
    )
    columns: list[ft.Control] = [
        ft.Container(_day(hold, day, days.get(day, ())), col={"xs": 12, "sm": 6, "md": 4, "lg": 2.4})
        for day in this
    ]
    return stack(
        [
            name,
            _turns(turn, first >= monday, last < monday + timedelta(days=7)),
            ft.ResponsiveRow(columns, spacing=12, run_spacing=16),
        ]
    )


def _turns(turn: Callable[[int], None], is_first: bool, is_last: bool) -> ft.Control:
    """To the week before and after, as far as there are times."""
    t, left, right = use_text(), ft.Icons.CHEVRON_LEFT, ft.Icons.CHEVRON_RIGHT
    no_earlier, no_later = _no_more(is_first), _no_more(is_last)
    before = button(
        "booking.week-before",
        t("booking.week_before"),
        lambda: turn(-1),
        "quiet",
        left,
        disabled_because=no_earlier,
    )
    after = button(
        "booking.week-after",
        t("booking.week_after"),
        lambda: turn(1),
        "quiet",
        right,
        disabled_because=no_later,
    )
    placed: list[ft.Control] = [ft.Container(one, col={"xs": 12, "sm": 6}) for one in (before, after)]
    return ft.ResponsiveRow(placed, spacing=SPACE["s"], run_spacing=0)


def _no_more(is_end: bool) -> str:
    return use_text()("booking.no_more_weeks") if is_end else ""


def _day(hold: Action[[FreeTime]], day: date, times: tuple[FreeTime, ...]) -> ft.Control:
    t, formats = use_text(), use_format()
    head = heading(capital(formats.day(day)), 3)
    if not times:
        return stack([head, text(t("booking.day_full"), "small")], gap="xs")
    return stack([head, *[_small(hold, time) for time in times]], gap="s")


def _small(hold: Action[[FreeTime]], time: FreeTime) -> ft.Control:
    """A time of a week: when, with whom, and how one meets when it is not a visit."""
    t = use_text()
    how = t(f"appointments.short.{time.mode.value}") if time.mode is not Mode.IN_PERSON else ""
    words = " · ".join(part for part in (use_format().time(time.starts), time.who.name, how) if part)
    return keyed(time.id, button("booking.slot", words, lambda: take(hold, time), "secondary", expand=True))
