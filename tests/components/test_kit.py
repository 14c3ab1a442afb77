"""The kit in the hands of a resident: names, states, values."""

from datetime import date, time

import flet as ft
import pytest
from headless import NOON, Screen

from app.components import (
    Destination,
    action_notice,
    button,
    card_button,
    checkbox,
    component,
    date_field,
    dialog,
    heading,
    parse_date,
    parse_time,
    radio_group,
    resource_view,
    select,
    shell,
    stepper,
    text,
    text_field,
    time_field,
    use_width,
)
from app.components.layout import joined, large, unbroken, whole
from app.components.theme import make_look, word_width
from app.errors import Offline, Refused, ServiceDown
from app.i18n.catalog import LANGUAGES
from app.stores.base import Action, Known, Resource, Status
from app.views.gallery import PARTS, Gallery

TOWNS = [("lahti", "Lahti"), ("asikkala", "Asikkala")]


@component
def Form() -> ft.Control:
    name, set_name = ft.use_state("")
    town, set_town = ft.use_state("")
    way, set_way = ft.use_state("")
    agreed, agree = ft.use_state(False)
    sent, set_sent = ft.use_state(0)
    missing = "" if name else "Kirjoita nimesi"
    return ft.Column(
        [
            text_field("form.name", "Nimi", name, set_name, required=True, error=missing, max_length=30),
            select("form.town", "Kunta", TOWNS, town, set_town),
            radio_group("form.way", "Tapa", [("call", "Puhelu"), ("message", "Viesti")], way, set_way),
            checkbox("form.agree", "Hyväksyn", agreed, agree),
            button(
                "form.send", "Lähetä", lambda: set_sent(sent + 1), disabled_because=missing and "Nimi puuttuu"
            ),
            text(f"{name} {town} {way} {agreed} {sent}", id="form.all"),
        ]
    )


async def test_what_is_written_and_chosen_is_kept() -> None:
    """Inputs report their values and show them."""
    screen = Screen(Form)

    await screen.type("form.name", "Aino")
    await screen.choose("form.town", "lahti")
    await screen.choose("form.way", "message")
    await screen.choose("form.agree", True)
    await screen.tap("form.send")

    assert screen.within("form.all") == ["Aino lahti message True 1"]
    assert "Lahti" in screen.name(screen.control("form.town"))


async def test_a_disabled_button_says_why() -> None:
    """The reason stands in the page; the button cannot be pressed."""
    screen = Screen(Form)

    assert screen.control("form.send").disabled
    assert "Nimi puuttuu" in screen.texts
    with pytest.raises(AssertionError, match="disabled"):
        await screen.tap("form.send")


async def test_a_field_is_named_by_label_requirement_and_error() -> None:
    """Required is told in words; the error is part of what a screen reader says."""
    screen = Screen(Form)
    field = screen.control("form.name")

    assert screen.name(field) == "Nimi (pakollinen) Kirjoita nimesi"
    assert field is screen.label("Nimi")


async def test_the_room_that_is_left_is_said_aloud_near_the_end() -> None:
    """Counting aloud from the beginning would only disturb."""
    screen = Screen(Form)
    await screen.type("form.name", "A")
    before = list(screen.announcements)

    await screen.type("form.name", "A" * 25)

    assert "29 merkkiä jäljellä" not in before
    assert "5 merkkiä jäljellä" in screen.announcements


@component
def Times() -> ft.Control:
    day, set_day = ft.use_state(date(2026, 12, 24))
    clock, set_clock = ft.use_state(None)
    count, set_count = ft.use_state(1)
    return ft.Column(
        [
            date_field("t.day", "Päivä", day, set_day),
            time_field("t.clock", "Kello", clock, set_clock),
            stepper("t.count", "Määrä", count, set_count, 1, 2),
            text(f"{day} {clock} {count}", id="t.all"),
        ]
    )


async def test_dates_and_times_are_written_as_people_write_them() -> None:
    """What is not yet a date is None, and stays in the field as it was written."""
    screen = Screen(Times)
    assert screen.control("t.day").value == "24.12.2026"

    await screen.type("t.day", "6.1.")
    await screen.type("t.clock", "14.30")

    assert screen.within("t.all") == ["None 14:30:00 1"]
    assert screen.control("t.day").value == "6.1."
    await screen.type("t.day", "6.1.2027")
    assert screen.within("t.all") == ["2027-01-06 14:30:00 1"]


async def test_a_wrong_date_is_explained_when_the_field_is_left() -> None:
    """Not while it is being written."""
    screen = Screen(Times)
    await screen.type("t.day", "31.2.2026")
    assert "ei tunnistettu" not in screen.text

    await screen.fire(screen.control("t.day"), "blur")

    assert "24.12.2026" in screen.name(screen.control("t.day"))


async def test_a_day_is_picked_from_the_calendar() -> None:
    """The calendar opens on the day that is written; what is picked is written."""
    screen = Screen(Times)
    await screen.tap("t.day.pick")
    calendar = screen.role("dialog")
    assert calendar.value == date(2026, 12, 24)

    await screen.choose(calendar, date(2026, 12, 31))

    assert screen.control("t.day").value == "31.12.2026"


async def test_a_stepper_stays_within_its_bounds() -> None:
    """Nothing happens beyond the last step; the new amount is said aloud."""
    screen = Screen(Times)
    for _ in range(3):
        await screen.tap("t.count.more")

    assert screen.within("t.all")[0].endswith(" 2")
    assert "2" in screen.announcements


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("24.12.2026", date(2026, 12, 24)),
        ("1/2/2027", date(2027, 2, 1)),
        ("2026-12-24", date(2026, 12, 24)),
        ("24 12 2026", date(2026, 12, 24)),
        ("31.2.2026", None),
        ("24.12.", None),
        ("24.12.26", None),
        ("", None),
    ],
)
def test_written_dates(words: str, day: date | None) -> None:
    """Day first, as in Finland, or ISO."""
    assert parse_date(words) == day


@pytest.mark.parametrize(
    ("words", "clock"),
    [
        ("9.30", time(9, 30)),
        ("14:05", time(14, 5)),
        ("0930", time(9, 30)),
        ("9", time(9)),
        ("25.00", None),
        ("", None),
    ],
)
def test_written_times(words: str, clock: time | None) -> None:
    """With a point, a colon or nothing between."""
    assert parse_time(words) == clock


@component
def Shown(resource: Resource[tuple[str, ...]]) -> ft.Control:
    return resource_view(resource, lambda v: text(", ".join(v)), text("Ei viestejä"), "list")


async def answer(value: tuple[str, ...] | None, problem: Exception | None = None) -> Screen:
    """A screen of a Resource that knows ``value`` and then cannot be fetched because of ``problem``."""

    async def fetch() -> None:
        if problem:
            raise problem

    resource = Resource(lambda: None if value is None else Known(value, NOON), fetch)
    screen = Screen(Shown, resource)
    if problem:
        await resource.load()
    await screen.settle()
    return screen


async def test_the_four_states_of_data_are_told_apart() -> None:
    """Loading, nothing, not allowed, failed: each in its own words."""
    loading, nothing = await answer(None), await answer(())
    forbidden, failed = await answer(None, Refused(403)), await answer(None, ServiceDown())

    assert "Haetaan" in loading.text
    assert "Ei viestejä" in nothing.texts
    assert "oikeutta" in forbidden.text
    assert forbidden.has("list.problem")
    assert "häiriö" in failed.text
    assert failed.has("list.problem.retry")
    refused, old = await answer(None, Refused(404)), await answer(("Hei",), Refused(400))
    assert "häiriö" in refused.text
    assert "häiriö" in old.text
    assert "Tarkista tiedot" not in refused.text + old.text  # reading gave nothing to check


async def test_old_data_stays_in_sight_with_its_age() -> None:
    """No connection hides nothing."""
    screen = await answer(("Hei",), Offline())

    assert "Hei" in screen.texts
    assert any(line.startswith("Haettu") for line in screen.texts)


@component
def Doing(action: Action) -> ft.Control:
    return action_notice(action, done="Lähetetty") or text("-")


async def test_what_became_of_an_action() -> None:
    """Done, waiting and failed are said; a failure says that what was written is safe."""

    async def finish(status: Status) -> Status:
        return status

    action = Action(finish)
    screen = Screen(Doing, action)
    assert not screen.has("notice")

    for status in (Status.DONE, Status.WAITING, Status.FAILED):
        await action.run(status)
        await screen.settle()

        assert screen.has("notice")
    assert "tallessa" in screen.text
    assert "Lähetetty" in screen.announcements


@component
def Frame() -> ft.Control:
    here, go = ft.use_state("home")
    places = [
        Destination("home", "Koti", ft.Icons.HOME),
        Destination("mail", "Viestit", ft.Icons.MAIL, count=2),
    ]
    return shell(places, here, go, lambda: text(here, id="here"))


async def test_the_frame_leads_from_room_to_room_on_any_width() -> None:
    """A bar below on phones, a rail beside on wide windows; what was chosen stays chosen."""
    screen = Screen(Frame, width=390)
    await screen.tap("mail")
    assert screen.within("here") == ["mail"]

    await screen.resize(1280)

    assert screen.within("here") == ["mail"]
    assert screen.part("mail").selected
    assert "2" in screen.within("mail")


@component
def Writing() -> ft.Control:
    words, write = ft.use_state("")
    return text_field("w", "Viesti", words, write)


@component
def Framed(offline: bool) -> ft.Control:
    away, set_away = ft.use_state(offline)
    places = [Destination("home", "Koti", ft.Icons.HOME), Destination("mail", "Viestit", ft.Icons.MAIL)]
    return shell(
        places,
        "home",
        set_away,
        Writing,
        header=lambda: button("toggle", "Verkko", lambda: set_away(not away)),
        banner=lambda: text("Ei verkkoa", id="away") if away else None,
    )


async def test_what_is_being_written_survives_a_banner_and_a_turned_phone() -> None:
    """The frame changes around the screen; the screen stays the same one."""
    screen = Screen(Framed, False, width=390)
    await screen.type("w", "Viesti kesken")
    field = screen.control("w")

    await screen.tap("toggle")
    assert screen.has("away")
    await screen.resize(844, 390)

    assert screen.control("w").value == "Viesti kesken"
    assert screen.control("w")._i == field._i  # the same field in the client: the focus stays too


async def test_what_asks_for_the_width_follows_the_window() -> None:
    """The browser tells that the frame has another size before the page knows its own."""
    shown = component(lambda: text(f"{use_width():.0f}", id="width"))
    screen = Screen(lambda: shell([], "", lambda _: None, shown), width=1280)
    assert screen.within("width") == ["1280"]

    await screen.reframe(390)

    assert screen.page.width == 1280
    assert screen.within("width") == ["390"]


@component
def Asking() -> ft.Control:
    asking, ask = ft.use_state(False)
    close = lambda: ask(False)  # noqa: E731
    question = dialog("q", "Poistetaanko?", [text("Ei voi perua.")], [button("q.no", "Ei", close)], close)
    ft.use_dialog(question if asking else None)
    return button("ask", "Poista", lambda: ask(True))


async def test_a_dialog_opens_and_closes() -> None:
    """Its words are in sight only while it is open."""
    screen = Screen(Asking)
    await screen.tap("ask")
    assert screen.has("q")

    await screen.tap("q.no")

    assert not screen.has("q")


async def test_a_dialog_without_room_scrolls_with_its_buttons() -> None:
    """On a small phone with large text its buttons come after its words, not over them."""
    screen = Screen(Asking, width=320, look=make_look(scale=2.0))
    await screen.tap("ask")
    (asked,) = screen.find(ft.AlertDialog)
    assert asked.scrollable
    assert not asked.actions
    assert screen.within("q")[-1] == "Ei"

    await screen.tap("q.no")

    assert not screen.has("q")


@pytest.mark.parametrize(("width", "scale"), [(320, 1.0), (320, 2.0), (390, 1.0), (390, 2.0), (1280, 2.0)])
@pytest.mark.parametrize("words", ["Undersökningsresultat", joined("81,6 mmol/mol"), "Kontaktuppgifter"])
async def test_no_word_is_broken(words: str, width: float, scale: float) -> None:
    """What one came to see, the name of a card and that of a screen stay whole in what room there is."""
    looks = make_look(scale=scale)
    shown = component(lambda: ft.Column([large(words), whole(words), heading(words)]))
    screen = Screen(shown, width=width, look=looks)
    for drawn, beside in zip(
        screen.find(ft.Text), (64, 64 if scale == 2 and width < 400 else 0, 32), strict=True
    ):
        assert drawn.style.size >= looks.size("small")
        if beside and drawn.style.size > looks.size("body"):
            assert word_width(words) * drawn.style.size <= max(width - beside, 0)


async def test_a_card_is_one_button_named_by_all_its_lines() -> None:
    """A screen reader says the card in one go."""
    pressed: list[bool] = []
    screen = Screen(component(lambda: card_button("card", "Lahti", ["Auki"], lambda: pressed.append(True))))

    await screen.tap("card")

    assert pressed == [True]
    assert screen.name(screen.control("card")) == "Lahti Auki"


async def test_buttons_that_look_alike_are_told_apart_by_ear() -> None:
    """The eye reads the short label beside its card, the ear a name that begins with it (WCAG 2.5.3)."""
    screen = Screen(component(lambda: button("on", "Ota käyttöön", None, said="Ota käyttöön: Kyselyt")))

    assert screen.role("button", "Ota käyttöön: Kyselyt")
    assert [one.value for one in screen.find(ft.Text)] == ["Ota käyttöön"]


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("Avautuu ma 30.11. klo 8.00", "Avautuu ma~30.11. klo~8.00"),
        ("Öppnar mån 30.11. kl. 8.00, 45 min", "Öppnar mån~30.11. kl.~8.00, 45~min"),
        ("Maksu on 56,70 €.", "Maksu on 56,70~€."),
        ("Soita 03 819 11", "Soita 03~819~11"),
        ("Ota 2 tablettia 3 kertaa", "Ota 2 tablettia 3 kertaa"),
    ],
)
def test_a_number_stays_on_the_line_of_what_it_is_of(words: str, kept: str) -> None:
    assert unbroken(words) == kept.replace("~", "\u00a0")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", PARTS)
async def test_the_gallery_in_every_language(part: str, language: str) -> None:
    """Every part can be drawn, and no text is missing (a missing one raises)."""
    screen = Screen(Gallery, part, locale=language)
    await screen.settle()

    assert screen.headings[0][0] == 1
    assert screen.has(f"gallery.{part}")
    assert not screen.crashed
    assert "kit." not in screen.text
