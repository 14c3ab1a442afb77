"""One result, and results taken together (rows E1 to E3)."""

import flet as ft

from app.components import (
    Screen,
    Sem,
    button,
    component,
    notice,
    section,
    stack,
    text,
    use_format,
    use_text,
    use_ui,
)
from app.components.layout import joined, large, panel, plain
from app.domain.record import Entry
from app.domain.results import Flag, Panel, Part, Result, ResultState
from app.platform.window import go
from app.stores.own import Own
from app.stores.stores import Stores
from app.views.ask import ask_about
from app.views.explain import Explained
from app.views.facts import AllFacts
from app.views.paper import files
from app.views.parts import Pages, line, pairs, ruled, with_language
from app.views.record import entry_card
from app.views.record_words import (
    FLAGS,
    amount_of,
    day_of,
    flag_badge,
    limits_of,
    name_of,
    state_badge,
    value_of,
    when_of,
)
from app.views.support import cards, facing, keyed
from app.views.trend import TrendView


def result_screen(stores: Stores, own: Own, entry: Entry) -> ft.Control:
    """One result: its value, whether it is usual, over time, and how to ask."""
    t, about = use_text(), entry.about
    assert isinstance(about, Result)
    known: list[ft.Control] = [Value(entry), _told(own, entry, about)]
    if about.notes:
        known.append(section(t("record.result.notes"), [text(note) for note in about.notes]))
    more = [*_over_time(own, entry, about), *_inside(own, entry)]
    more += [ask_about(stores, own, entry), AllFacts(own, entry)]
    return Screen("record.result", name_of(entry), [facing(known, more)], back="/record/results", wide=True)


def _over_time(own: Own, entry: Entry, about: Result) -> list[ft.Control]:
    """The same measurement at other times: what may be drawn, and the rest in words; nothing is left out."""
    t, (trend, rest) = use_text(), own.record.over_time(entry)
    parts: list[ft.Control] = []
    if trend.points and about.state.shown and about.amount is not None:
        parts.append(section(t("record.trend.title"), [TrendView(trend, name_of(entry))]))
    if rest:
        others = Pages("record.trend.beside.more", rest, lambda one: entry_card(own, one), "record.more")
        why = text(t("record.trend.beside_why"), "muted") if about.amount is not None else None
        listed = stack([one for one in (why, others) if one is not None], gap="s")
        parts.append(section(t("record.trend.beside"), [listed], id="record.trend.beside"))
    return [keyed(entry.key, stack(parts, gap="l"))] if parts else []


def _inside(own: Own, entry: Entry) -> list[ft.Control]:
    """The way to the results taken together with it."""
    t, together = use_text(), own.record.panel_of(entry.id)
    if together is None:
        return []
    return [section(t("record.result.together"), [entry_card(own, together), *_answers(own, together)])]


@component
def Value(entry: Entry) -> ft.Control:
    """What the result says, large; or why it does not say anything yet (row E3)."""
    t, about = use_text(), entry.about
    assert isinstance(about, Result)
    if not about.state.shown or not about.value_known:
        return Unseen(entry)
    mark = state_badge(about.state)
    limits = limits_of(about.limits, about.amount)
    words: list[ft.Control] = [
        Sem(
            identifier="record.value",
            container=True,
            content=_said(about),
        )
    ]
    shown = flag_badge(about.flag)
    words += [one for one in (shown, mark) if one]
    words.append(line(t(f"record.flag.{about.flag.value}.meaning") if about.flag.abnormal else ""))
    words.append(line(t("record.limits", limits=limits) if limits else "", "muted"))
    words.append(line(t(f"record.state.{about.state.value}.meaning") if about.state in TOLD else "", "muted"))
    if about.parts:
        words.append(ruled([_part(part) for part in about.parts]))
    return panel(stack(words, gap="s"))


SHORT = 24  # letters of an outcome that is shown large
TOLD = frozenset({ResultState.PRELIMINARY, ResultState.CORRECTED, ResultState.WRONG, ResultState.CANCELLED})


def _said(about: Result) -> ft.Text:
    """A value large; words that are more than a word or two as a heading."""
    words = joined(amount_of(about.amount)) if about.amount else value_of(about) if not about.parts else ""
    return large(words, "display" if len(words) <= SHORT else "title")


@component
def Unseen(entry: Entry) -> ft.Control:
    """Why there is no value: held back, waiting for a comment, cancelled, not ready, or simply none."""
    t, about = use_text(), entry.about
    assert isinstance(about, Result)
    if about.state is ResultState.WITHHELD:
        return _withheld(about)
    key = about.state.value if about.state in TOLD or about.state is ResultState.PENDING else "none"
    why = t(f"record.unseen.{key}")
    return notice("info", why, list(about.notes), live=False, id="record.unseen")


def _withheld(about: Result) -> ft.Control:
    """From when on it is shown and why not before; once that day has come without it, whom to ask."""
    t, day = use_text(), day_of(about.release)
    why, then = t("record.withheld.why"), t("record.withheld.then")
    if about.release and about.release <= use_format().local(use_ui().now()).date():
        lines, title = [why, t("record.withheld.late_then")], t("record.withheld.late", day=day)
        return notice("warning", title, lines, live=False, id="record.withheld")
    sooner = t("record.withheld.sooner")
    title = t("record.withheld.from", day=day) if day else t("record.withheld.title")
    return notice("info", title, [why, sooner, then], live=False, id="record.withheld")


def _part(part: Part) -> ft.Control:
    """One of several values, or one result of a panel: name, value, limits and whether it is usual, as one thing."""
    t = use_text()
    value, limits = value_of(part), limits_of(part.limits, part.amount)
    odd = t(f"record.flag.{part.flag.value}") if part.flag in FLAGS else ""
    name = with_language(part.name, part.name_language)
    said = ", ".join(
        one for one in (name, value, odd, t("record.limits", limits=limits) if limits else "") if one
    )
    mark = flag_badge(part.flag) if part.flag is not Flag.NORMAL else None
    words = [plain(name, "label"), *([plain(t("record.limits", limits=limits), "small")] if limits else [])]
    right = [plain(value), *([mark] if mark else [])]
    shown = ft.ResponsiveRow(
        [
            ft.Container(stack(words, gap="xs"), col={"xs": 12, "sm": 7}),
            ft.Container(stack(right, gap="xs"), col={"xs": 12, "sm": 5}),
        ],
        spacing=12,
        run_spacing=4,
    )
    return Sem(container=True, label=said, exclude_semantics=True, content=shown)


def _told(own: Own, entry: Entry, about: Result) -> ft.Control:
    t, formats = use_text(), use_format()
    taken = formats.moment(entry.at) if entry.at and not entry.day_only else when_of(entry)
    if entry.at and not entry.day_only:
        taken = f"{formats.date(formats.local(entry.at).date())} {formats.time(entry.at)}"
    told = [
        (t("record.result.taken"), taken),
        (t("record.unit"), entry.unit),
        (t("record.who"), entry.who),
        (t("record.result.code"), about.code if about.code != about.name else ""),
    ]
    parts: list[ft.Control] = [pairs(told)]
    if about.state is ResultState.UNCOMMENTED:
        parts.insert(0, Uncommented(own, entry))
    return stack(parts)


@component
def Uncommented(own: Own, entry: Entry) -> ft.Control:
    """The resident chose to wait; and may change their mind for this one."""
    t = use_text()
    show = button(
        "record.reveal", t("record.uncommented.show"), lambda: own.record.reveal(entry), "secondary"
    )
    lines = [t("record.uncommented.why")]
    change = button(
        "record.to-choice", t("record.uncommented.change"), lambda: go("/me/permissions"), "quiet"
    )
    return notice(
        "info", t("record.uncommented.title"), lines, [show, change], live=False, id="record.uncommented"
    )


def panel_screen(stores: Stores, own: Own, entry: Entry) -> ft.Control:
    """Results taken together, and what a professional says of them."""
    t, about = use_text(), entry.about
    assert isinstance(about, Panel)
    parts: list[ft.Control] = [_comment(about)] if about.comment else []
    parts.append(pairs([(t("record.result.taken"), when_of(entry)), (t("record.unit"), entry.unit)]))
    members = own.record.members(about)
    shown = [cards([_member(own, entry, one) for one in members])] if members else []
    missing = len(about.results) - len(members)
    if missing:
        shown.append(text(t("record.panel.missing", n=missing), "muted"))
    if not about.results:
        shown.append(text(t("record.panel.none"), "muted"))
    parts.append(section(t("record.panel.results"), [stack(shown, gap="s")]))
    parts += _answers(own, entry)
    parts += [ask_about(stores, own, entry), AllFacts(own, entry)]
    return Screen("record.panel", name_of(entry), parts, back="/record/results", wide=True)


def _member(own: Own, together: Entry, entry: Entry) -> ft.Control:
    """One result of a panel: day and unit are those of the panel, so that the value and what is usual have the room."""
    t, about = use_text(), entry.about
    limits = limits_of(about.limits, about.amount) if isinstance(about, Result) and about.state.shown else ""
    alike = (when_of(entry), entry.unit) == (when_of(together), together.unit)
    lines = [t("record.limits", limits=limits)] if limits else []
    return entry_card(own, entry, lines=lines if alike else None)


def _answers(own: Own, entry: Entry) -> list[ft.Control]:
    """The answer as the laboratory wrote it; not before the comment that the resident chose to wait for."""
    about = entry.about
    assert isinstance(about, Panel)
    if not about.files:
        return []
    if own.record.waits_for_comment(entry):
        return [Uncommented(own, entry)]
    return files(own, entry, about.files)


def _comment(about: Panel) -> ft.Control:
    t = use_text()
    by = (
        t("record.panel.comment_by", name=about.comment_by) if about.comment_by else t("record.panel.comment")
    )
    words = with_language(about.comment, about.comment_language)
    return section(by, [panel(Explained(words), ground="primary_soft", edge="primary_soft")])
