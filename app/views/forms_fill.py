"""Filling in a form: what it is, its questions, looking it over, sending (rows F2 to F6)."""

from urllib.parse import parse_qs, urlsplit

import flet as ft

from app.components import (
    Screen,
    button,
    component,
    dialog,
    heading,
    link_button,
    notice,
    radio_group,
    row,
    select,
    stack,
    text,
    use_format,
    use_look,
    use_text,
    use_ui,
)
from app.components.base import Handler, Sem, silent
from app.components.layout import panel, plain
from app.forms.model import Unreadable
from app.platform.window import go, here
from app.stores.filler import Filler
from app.stores.filler_parts import Keeping, Stage
from app.stores.own import Own
from app.stores.stores import Stores
from app.views.forms_dress import blocks
from app.views.forms_item import draw_node
from app.views.forms_review import Review
from app.views.forms_words import problem_words, sender_of
from app.views.own_device import memory_only
from app.views.pathway_sent import asked_here
from app.views.support import keyed, not_for_urgent, nothing, told

MOST_NOTES = 30
LANGUAGES = {"fi": "Suomi", "sv": "Svenska", "en": "English", "fi-x-selko": "Selkosuomi"}
APP_TAGS = {"fi-x-selko": "fi_selko"}


@component
def FillScreen(stores: Stores, own: Own, form_id: str) -> ft.Control:
    """``/forms/fill/<questionnaire id>?task=…&back=…&plan=…&turn=…``."""
    asked = parse_qs(urlsplit(here()).query)
    task, back = asked.get("task", [""])[0], asked.get("back", ["/forms"])[0]
    came, set_came = ft.use_state(0)
    step = asked_here(stores) or stores.pathways.asking(form_id)
    filler = ft.use_memo(lambda: own.forms.open(form_id, task, step), [form_id, task, came])

    async def fetch() -> None:
        if await own.forms.fetch_known(form_id) and filler is not None and not filler.has_content:
            own.forms.leave(filler)
            set_came(came + 1)

    ft.use_effect(fetch, [form_id])
    if filler is None:
        return _no_form(stores, own, form_id)
    if not (stores.region.has("forms") or filler.task_id or filler.saved_at):
        return _not_offered(stores)
    return Fill(stores, own, filler, back if back.startswith("/") else "/forms", key=filler.key)


def _no_form(stores: Stores, own: Own, form_id: str) -> ft.Control:
    """It is not known here, or cannot be shown: why, and another way."""
    t = use_text()
    found = own.forms.form(form_id)
    code = found.code if isinstance(found, Unreadable) else "unknown"
    number = use_format().phone(stores.region.phones.exchange.number)
    lines = [
        t(f"forms.cannot.{'large' if code.startswith('too') else code}"),
        t("forms.cannot.instead", number=number),
    ]
    return Screen(
        "forms.form", t("forms.cannot.title"), [notice("info", t("forms.cannot.title"), lines)], back="/forms"
    )


def _not_offered(stores: Stores) -> ft.Control:
    """The county has no forms that one fills in of one's own accord, and nobody has sent this one."""
    t = use_text()
    ways = [
        link_button("forms.call", *_exchange(stores)),
        button("forms.to-list", t("forms.title"), _to_list, "secondary"),
    ]
    told = notice("info", t("forms.off"), [t("forms.off_hint")], ways, live=False, id="forms.off")
    return Screen("forms.form", t("forms.form"), [told], back="/forms")


def _exchange(stores: Stores) -> tuple[str, str]:
    number = stores.region.phones.exchange.number
    return use_text()("common.call", number=use_format().phone(number)), f"tel:{number.replace(' ', '')}"


def _to_list() -> None:
    go("/forms")


@component
def Fill(stores: Stores, own: Own, filler: Filler, back: str) -> ft.Control:
    """The frame: leaving saves what was answered."""
    ft.use_effect(lambda: None, [], lambda: own.forms.leave(filler))
    title = filler.filling.form.title.say(filler.filling.chain) or use_text()("forms.form")
    if filler.stage is Stage.START:
        return Screen("forms.form", title, [Beginning(stores, own, filler)], back=back)
    if filler.stage is Stage.REVIEW:
        return Screen("forms.review", title, [Review(stores, own, filler, back, key="review")], back=None)
    return Questions(stores, own, filler, title, key="questions")


# --- the beginning -------------------------------------------------------------------------------------------------


@component
def Beginning(stores: Stores, own: Own, filler: Filler) -> ft.Control:
    """What the form is for, who reads it, how long it takes; how it is to be shown."""
    t, form = use_text(), filler.filling.form
    asking, ask = ft.use_state(False)
    ft.use_dialog(_delete_dialog(own, filler, lambda: ask(False)) if asking else None)
    begun = filler.saved_at is not None
    start = button(
        "forms.start",
        t("forms.continue") if begun else t("forms.start"),
        filler.begin,
        icon=ft.Icons.ARROW_FORWARD,
    )
    away = button("forms.delete", t("forms.delete"), lambda: ask(True), "quiet", ft.Icons.DELETE_OUTLINE)
    return stack(
        [
            *_facts(stores, own, filler),
            blocks(form.description.blocks(filler.filling.chain)),
            not_for_urgent(stores.region),
            *_earlier(own, filler),
            *_language(filler),
            _style(filler),
            text(t("forms.saved-as-you-go"), "muted"),
            *(_notes(filler) if stores.tester else []),
            memory_only(stores.device),
            row([start, *([away] if begun else [])]),
        ]
    )


def _facts(stores: Stores, own: Own, filler: Filler) -> list[ft.Control]:
    t, formats = use_text(), use_format()
    card, task = own.forms.card(filler.form_id), own.forms.sent_form(filler.task_id)
    reader = (task.reader if task else "") or (card.reader if card else "")
    minutes = (task.minutes if task else None) or (card.minutes if card else None)
    facts: list[tuple[ft.IconData, str]] = []
    if task is not None and (sender := sender_of(stores.services, task)):
        facts.append((ft.Icons.PERSON_OUTLINED, t("forms.from", sender=sender)))
    if task is not None and task.purpose:
        facts.append((ft.Icons.INFO_OUTLINE, task.purpose))
    if task is not None and task.due:
        late = task.is_late(use_ui().now().date())
        facts.append(
            (ft.Icons.EVENT_OUTLINED, t("forms.due-late" if late else "forms.due", day=formats.day(task.due)))
        )
    if minutes:
        facts.append((ft.Icons.SCHEDULE, t("forms.minutes", n=minutes)))
    if reader:
        facts.append((ft.Icons.VISIBILITY_OUTLINED, t("forms.reader", reader=reader)))
    return (
        [stack([told(mark, text(words)) for mark, words in facts], gap="sm", id="forms.facts")]
        if facts
        else []
    )


def _language(filler: Filler) -> list[ft.Control]:
    """The form in another language than the app's, when it has it."""
    tags = [tag for tag in filler.filling.form.languages if tag in LANGUAGES]
    here = filler.filling.shown_language
    if len(tags) < 2:
        return (
            [text(use_text()("forms.only-language", language=LANGUAGES[tags[0]]), "muted")]
            if tags and tags[0] not in filler.filling.chain
            else []
        )
    options = [(tag, LANGUAGES[tag]) for tag in tags]
    return [
        select(
            "forms.language",
            use_text()("forms.language"),
            options,
            here,
            lambda tag: filler.speak(APP_TAGS.get(tag, tag)),
        )
    ]


def _earlier(own: Own, filler: Filler) -> list[ft.Control]:
    """The answers of the last time: offered, never taken without being asked; then said to be there (row F6)."""
    t, formats = use_text(), use_format()
    if filler.earlier:
        return [
            notice("info", t("forms.reuse.done"), [t("forms.reuse.check")], id="forms.reused", live=False)
        ]
    answered = own.forms.earlier(filler)
    if answered is None:
        return []
    when = answered.authored or answered.receipt_at
    words = t("forms.reuse.day", day=formats.day(when.date())) if when else t("forms.reuse.some-day")

    def use() -> None:
        own.forms.reuse(filler, answered)

    press = button("forms.reuse", t("forms.reuse"), use, "secondary", ft.Icons.HISTORY)
    return [panel(stack([text(words), row([press])], gap="s"))]


def _other_language(filler: Filler) -> list[ft.Control]:
    """The languages once more, below the questions: answers stay as they are."""
    tags = [tag for tag in filler.filling.form.languages if tag in LANGUAGES]
    return _language(filler) if len(tags) > 1 else []


def _notes(filler: Filler) -> list[ft.Control]:
    """For testers: what of the form is not honoured."""
    told = [
        " ".join(part for part in vars(note).values() if part) for note in filler.filling.notes[:MOST_NOTES]
    ]
    words = use_text()("forms.notes", n=len(told))
    return [notice("info", words, told, id="forms.notes", live=False)] if told else []


def _style(filler: Filler) -> ft.Control:
    t = use_text()
    options = [("one", t("forms.style.one")), ("whole", t("forms.style.whole"))]
    return radio_group(
        "forms.style",
        t("forms.style"),
        options,
        "one" if filler.one_by_one else "whole",
        lambda value: filler.choose_style(value == "one"),
    )


def _delete_dialog(own: Own, filler: Filler, close: Handler) -> ft.AlertDialog:
    t = use_text()

    def delete() -> None:
        own.forms.delete(filler)
        go("/forms")

    return dialog(
        "forms.delete-dialog",
        t("forms.delete-title"),
        [text(t("forms.delete-ask"))],
        [
            button("forms.keep", t("forms.keep"), close, "secondary", autofocus=True),
            button("forms.delete-sure", t("common.delete"), delete, "danger"),
        ],
        close,
    )


# --- the questions -------------------------------------------------------------------------------------------------


@component
def Questions(stores: Stores, own: Own, filler: Filler, title: str) -> ft.Control:
    """One step: where one is in words, its questions, and the way on."""
    t, steps = use_text(), filler.steps()
    if not steps:
        return Screen(
            "forms.questions", title, [notice("info", t("forms.nothing-to-ask")), Way(own, filler)], back=None
        )
    step = steps[filler.place]
    progress = t(
        "forms.progress.question" if filler.one_by_one else "forms.progress.part",
        n=filler.place + 1,
        all=len(steps),
    )
    head = [heading(step.title, 2)] if step.title else []
    said = Sem(
        identifier="forms.progress", live_region=True, container=True, content=plain(progress, "small")
    )
    far = [said, _bar((filler.place + 1) / len(steps))] if len(steps) > 1 else []
    where = stack([*far, Mistakes(filler)], gap="s")
    inner = [
        keyed("progress", where),
        *(keyed(f"head:{part}", one) for part, one in enumerate(head)),
        *(draw_node(filler, node, 3 if head else 2) for node in step.nodes),
        keyed("way", Way(own, filler)),
    ]
    # A step is a page of its own: the next one begins at its top.
    return ft.Container(Screen("forms.questions", title, inner), key=f"step:{step.key}", expand=True)


def _bar(share: float) -> ft.Control:
    """How much of the form is behind, for the eye; the words above it say the same."""
    look = use_look()
    colours = look.colours
    return silent(
        ft.ProgressBar(
            value=share, bar_height=6, border_radius=3, color=colours.primary, bgcolor=colours.primary_soft
        )
    )


@component
def Mistakes(filler: Filler) -> ft.Control:
    """What is wrong in this step, once it was tried to go on."""
    t = use_text()
    wrong = [issue for issue in filler.mistakes_here() if filler.told(issue.node)]
    if not wrong:
        return nothing()
    return notice(
        "error",
        t("forms.check-here"),
        [problem_words(filler.filling, issue) for issue in wrong],
        id="forms.mistakes",
    )


@component
def Way(own: Own, filler: Filler) -> ft.Control:
    """On, back, and away for now."""
    t = use_text()
    last = filler.place + 1 >= len(filler.steps())
    on = button(
        "forms.next",
        t("forms.to-review") if last else t("forms.next"),
        filler.go_on,
        icon=ft.Icons.ARROW_FORWARD,
    )
    back = button("forms.back", t("forms.back"), filler.go_back, "secondary", ft.Icons.ARROW_BACK)
    later = button(
        "forms.later", t("forms.later"), lambda: _away(own, filler), "quiet", ft.Icons.BOOKMARK_BORDER
    )
    return stack([row([on, back]), row([later]), Saved(filler.keeping), *_other_language(filler)], gap="sm")


@component
def Saved(keeping: Keeping) -> ft.Control:
    """When the answers were saved, or that they could not be."""
    t, formats = use_text(), use_format()
    if keeping.problem is not None:
        return notice("error", t("forms.not-saved"), [t("errors.device_full.next")], id="forms.not-saved")
    if keeping.saved_at is None:
        return nothing()
    return text(t("forms.saved", time=formats.time(keeping.saved_at)), "small", id="forms.saved")


def _away(own: Own, filler: Filler) -> None:
    """Leave it for now; it can be gone on with here and on another device."""
    own.forms.keep_online(filler)
    go("/forms")
