"""A pathway's own settings: who sees what, pause, leave, remove, export, share the content (rows G7, G8)."""

import flet as ft

from app.components import (
    Screen,
    button,
    component,
    notice,
    row,
    section,
    text,
    use_format,
    use_text,
    use_ui,
)
from app.i18n.catalog import Catalog
from app.i18n.format import Formatter
from app.pathways.journey import Goal, Journey
from app.pathways.library import Pathway
from app.platform.files import save_file
from app.platform.window import go, origin
from app.stores.base import Resource
from app.stores.journeys import Journeys
from app.stores.measurements import Readings
from app.stores.stores import Stores
from app.views.pathway_entries import measured
from app.views.pathway_goals import said
from app.views.pathway_parts import help_sections, kept, who_sees
from app.views.pathway_reminders import PathwayReminders
from app.views.support import missing, nothing, sure_dialog, told

__all__ = ["AboutScreen", "exported"]


@component
def AboutScreen(stores: Stores, id: str) -> ft.Control:
    """``/pathways/<id>/about``."""
    journeys, own = stores.pathways.journeys, stores.session.own
    if own is not None:
        own.measurements.look()
    readings = own.measurements.readings if own is not None else None
    return AboutPage(stores, journeys, journeys.all, stores.pathways.all, readings, id)


@component
def AboutPage(
    stores: Stores,
    journeys: Journeys,
    own: Resource[tuple[Journey, ...]],
    pathways: Resource[tuple[Pathway, ...]],
    readings: Resource[Readings] | None,
    id: str,
) -> ft.Control:
    """What can be done with the pathway as a whole."""
    t = use_text()
    pathway, journey = stores.pathways.get(id), journeys.on(id)
    if pathway is None:
        words = missing(t("errors.not_found.what"))
        return Screen("pathway.about", t("pathways.title"), words, back="/pathways")
    going = journey is not None and journey.state == "active"
    parts = [_sees(stores, pathway), *(_own(journeys, journey) if journey else []), Share(stores, pathway)]
    return Screen(
        "pathway.about",
        t("pathways.about", title=pathway.texts.title),
        [
            *parts,
            *([PathwayReminders(stores, pathway, journeys, journey)] if going and journey else []),
            *([Export(pathway, journey, (readings.value or ()) if readings else ())] if journey else []),
            *([Remove(journeys, journey)] if journey and not journey.by_team else []),
            *help_sections(stores, pathway),
        ],
        back=f"/pathways/{id}",
    )


def _sees(stores: Stores, pathway: Pathway) -> ft.Control:
    t = use_text()
    where = f"pathways.where_{kept(stores)}"
    return section(
        t("pathways.who_sees"),
        [
            told(ft.Icons.VISIBILITY_OUTLINED, text(who_sees(stores, pathway))),
            told(ft.Icons.DEVICES_OUTLINED, text(t(where))),
        ],
    )


def _own(journeys: Journeys, journey: Journey) -> list[ft.Control]:
    """Pause, go on, leave. No reason is asked."""
    t = use_text()
    ways = []
    if journey.state != "active":
        go_on = button(
            "pathway.resume", t("pathways.resume"), lambda: journeys.set_state(journey, "active"), "secondary"
        )
        ways.append(go_on)
    if journey.state == "active":
        ways.append(
            button(
                "pathway.pause",
                t("pathways.pause"),
                lambda: journeys.set_state(journey, "paused"),
                "secondary",
                ft.Icons.PAUSE,
            )
        )
    if journey.state != "left":
        ways.append(
            button(
                "pathway.leave",
                t("pathways.leave"),
                lambda: journeys.set_state(journey, "left"),
                "secondary",
                ft.Icons.LOGOUT,
            )
        )
    hint = t("pathways.leave_team") if journey.by_team else t("pathways.leave_hint")
    state = notice("info", t(f"pathways.is_{journey.state}"), id="pathway.state")
    return [section(t("pathways.pause_or_leave"), [state, text(hint, "muted"), row(ways)])]


@component
def Share(stores: Stores, pathway: Pathway) -> ft.Control:
    """The address of the content; nothing of one's own is in it."""
    t = use_text()
    copied, set_copied = ft.use_state(False)
    site = stores.region.link("app")
    root = origin() or (site.url(t.language) if site else "")
    if not root:
        return nothing()
    address = f"{root}/pathways/{pathway.id}"
    press = button(
        "pathway.share",
        t("pathways.copy"),
        lambda: set_copied(True),
        "secondary",
        ft.Icons.LINK,
        action=ft.CopyToClipboard(address),
    )
    said = [notice("success", t("pathways.copied"), id="pathway.copied")] if copied else []
    return section(
        t("pathways.share"),
        [
            text(t("pathways.share_hint"), "muted"),
            text(address),
            row([press]),
            *said,
        ],
    )


@component
def Export(pathway: Pathway, journey: Journey, readings: Readings) -> ft.Control:
    """All that was written, as a text file of one's own, with what was measured at home since it began."""
    t, formats = use_text(), use_format()
    ui = use_ui()

    async def save() -> None:
        steps = [step for step in pathway.structure.steps if step.measure]
        home = [one for step in steps for one in measured(journey, step, readings, formats.timezone)]
        known = {one.id for one in home}
        entries = sorted(
            [*(one for one in journey.entries if one.id not in known), *home], key=lambda one: one.at
        )
        whole = journey.model_copy(update={"entries": tuple(entries)})
        words = exported(ui.catalog, formats, pathway, whole)
        await save_file(f"{pathway.id}.txt", words.encode())

    return section(
        t("pathways.export"),
        [
            text(t("pathways.export_hint"), "muted"),
            row([button("pathway.export", t("pathways.export_save"), save, "secondary", ft.Icons.DOWNLOAD)]),
        ],
    )


def exported(t: Catalog, formats: Formatter, pathway: Pathway, journey: Journey) -> str:
    """The journey in words: its dates and goals, what was done or left out, what was written."""
    steps, title = pathway.texts.steps, pathway.texts.title
    lines = [title, "=" * len(title), ""]
    for anchor, days in journey.days.items():
        words = pathway.texts.anchors.get(anchor)
        label = words.label if words else t("pathways.started")
        lines.append(f"{label}: {', '.join(formats.date(day) for day in days)}")
    lines += [_aim(t, pathway, goal) for goal in journey.goals]
    told = [(key, mark.at, f"pathways.marked.{mark.state}") for key, mark in journey.marks.items()]
    told += [
        (key, sent.at, f"pathways.sent.{sent.kind}_{'saved' if sent.state == 'done' else 'coming'}")
        for key, sent in journey.sent.items()
        if sent.state != "refused"
    ]
    for key, at, said_as in told:
        step = steps.get(key.partition("@")[0].partition("~")[0])
        day = formats.date(formats.local(at).date())
        lines.append(f"{step.title if step else key}: {t(said_as, day=day)}")
    for entry in journey.entries:
        at, step = formats.local(entry.at), steps.get(entry.step)
        values = "/".join(formats.number(one) for one in (entry.value, entry.second) if one is not None)
        what = entry.text or values
        lines.append(f"{formats.date(at.date())} {formats.time(at)} {step.title if step else ''}: {what}")
    return "\n".join(lines) + "\n"


def _aim(t: Catalog, pathway: Pathway, goal: Goal) -> str:
    marks = [t("pathways.goals.by_team")] * (not goal.own) + [t("pathways.goals.reached")] * goal.reached
    more = f" ({', '.join(marks)})" if marks else ""
    return f"{t('pathways.goals.words')}: {said(pathway, goal)}{more}"


@component
def Remove(journeys: Journeys, journey: Journey) -> ft.Control:
    """Remove it with everything that was written."""
    t = use_text()
    asking, ask = ft.use_state(False)

    def sure() -> None:
        ask(False)
        journeys.erase(journey)
        go("/pathways")

    question = sure_dialog(
        "pathway.remove-dialog",
        t("pathways.remove_title"),
        [text(t("pathways.remove_ask"))],
        sure,
        lambda: ask(False),
        keep="pathway.remove-stay",
        sure="pathway.remove-sure",
        label=t("pathways.remove_sure"),
    )
    ft.use_dialog(question if asking else None)
    press = button(
        "pathway.remove", t("pathways.remove_all"), lambda: ask(True), "quiet", ft.Icons.DELETE_OUTLINE
    )
    return section(t("pathways.remove_section"), [text(t("pathways.remove_hint"), "muted"), row([press])])
