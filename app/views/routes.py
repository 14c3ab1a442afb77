"""The map of all screens. A screen's file is imported when somebody first goes there (``views.<file>``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import flet as ft

from app import views
from app.components import Screen, Ui, UiContext, component, page_theme, text, use_text
from app.platform.window import set_language, set_theme, set_title
from app.stores.practice import Practice
from app.stores.stores import Stores
from app.views.context import StoresContext
from app.views.frame import Draw, screen
from app.views.pictures import signpost
from app.views.support import home_button

if TYPE_CHECKING:  # what only somebody signed in has is imported when they are
    from app.stores.own import Own


@component
def App(ui: Ui, stores: Stores) -> ft.Control:
    """The whole app of one session: the real one, or the one that is played with."""
    return Played(ui, stores, stores.practice) if stores.practice is not None else Dressed(ui, stores)


@component
def Played(ui: Ui, stores: Stores, practice: Practice) -> ft.Control:
    """While somebody practises everything is drawn from the session that is played."""
    if practice.inside is None:
        return Dressed(ui, stores, key="real")
    inner_ui, inner = practice.inside
    return Dressed(inner_ui, inner, key=f"practice-{practice.person}")


@component
def Dressed(ui: Ui, stores: Stores) -> ft.Control:
    """Theme, language and name of the page follow the resident's choices."""
    look, language = ui.look, ui.catalog.language

    def dress() -> None:
        theme = page_theme(look)
        set_theme(theme, theme, "dark" if look.dark else "light")
        set_language(language.partition("_")[0], ("fi", "sv", "en"))
        set_title(stores.region.app_name(language))

    ft.use_effect(dress, [look, language])
    context: Any = UiContext
    return context(ui, lambda: StoresContext(stores, lambda: Routes(stores)))


@component
def Routes(stores: Stores) -> ft.Control:
    """One view at a time: each route stands by itself, so that focus and history are the browser's own."""
    known = ft.use_memo(lambda: routes(stores.tester), [])
    return ft.Router(known, manage_views=True)


def routes(tester: bool) -> list[ft.Route]:
    """Every address of the app; ``tester`` adds the gallery."""
    rooms = [
        *_general(),
        *_ombudsman(),
        *_pathways(),
        *_messages(),
        *_appointments(),
        *_forms(),
        *_record(),
    ]
    gallery = [_route("gallery", "", lambda s, _: views.gallery.Gallery())] if tester else []
    lost = _route(":lost*", "", lambda s, _: NotFound())  # Flet's own not_found would put a view into a view
    return [*rooms, *gallery, lost]


def _general() -> list[ft.Route]:
    """What everybody sees."""
    return [
        ft.Route(index=True, component=screen("home", lambda s, _: views.start.Start(s, s.session))),
        _route("callback", "home", lambda s, _: views.signin.Callback(s, s.session)),
        _route("unlock", "home", lambda s, _: views.unlock.unlock_or_start(s)),
        _route("services", "services", lambda s, _: views.services.ServicesScreen(s)),
        _route(
            "services/:id",
            "services",
            lambda s, parts: views.services.ServiceScreen(s, s.session.own, parts["id"]),
        ),
        _route("feedback", "", lambda s, _: views.feedback.FeedbackScreen(s)),
        _route("calm", "", lambda s, _: views.exit.CalmScreen()),
        _route("practice", "", lambda s, _: views.practice.PracticeScreen(s)),
        _route("first-run", "", lambda s, _: views.first_run.FirstRunScreen(s)),
        _route("accessibility", "", lambda s, _: views.accessibility.AccessibilityScreen(s)),
        _route("terms", "", lambda s, _: views.accessibility.TermsScreen(s)),
        _route("settings", "", lambda s, _: views.settings.SettingsScreen(s, s.session)),
    ]


def _ombudsman() -> list[ft.Route]:
    """Reached before signing in."""
    return [
        _route("ombudsman", "", lambda s, _: views.ombudsman.OmbudsmanScreen(s)),
        _route("ombudsman/chat", "", lambda s, _: views.ombudsman_talk.OmbudsmanTalkScreen(s)),
        _route("ombudsman/letter", "", lambda s, _: views.ombudsman_letter.OmbudsmanLetterScreen(s)),
        _route("ombudsman/answer", "", lambda s, _: views.ombudsman_letter.OmbudsmanAnswerScreen(s)),
        _route("ombudsman/helper", "", lambda s, _: views.ombudsman_helper.OmbudsmanHelperScreen(s)),
        _own("ombudsman/mine", "", lambda s, own, _: views.ombudsman_signed.OmbudsmanSignedScreen(s)),
    ]


def _pathways() -> list[ft.Route]:
    """Open ones need nobody signed in."""
    return [
        _route("pathways", "pathways", lambda s, _: views.pathways.PathwaysScreen(s)),
        _route("pathways/:id", "pathways", lambda s, parts: views.pathway.PathwayScreen(s, parts["id"])),
        _route(
            "pathways/:id/about", "pathways", lambda s, parts: views.pathway_about.AboutScreen(s, parts["id"])
        ),
        _route(
            "pathways/:id/step/:key",
            "pathways",
            lambda s, p: views.pathway_step.StepScreen(s, p["id"], p["key"]),
        ),
    ]


def _messages() -> list[ft.Route]:
    """Messages, chats and what is on its way."""
    return [
        _own("messages", "messages", lambda s, own, _: views.messages.MessagesScreen(s, own)),
        _own("messages/new", "messages", lambda s, own, _: views.recipients.RecipientsScreen(s, own)),
        _own(
            "messages/draft/:key",
            "messages",
            lambda s, own, parts: views.compose.ComposeScreen(s, own, parts["key"]),
        ),
        _own(
            "messages/thread/:id",
            "messages",
            lambda s, own, parts: views.thread.ThreadScreen(s, own, parts["id"]),
        ),
        _own("chat", "messages", lambda s, own, _: views.chat.ChatScreen(s, own)),
        _own(
            "chat/new/:id",
            "messages",
            lambda s, own, parts: views.chat_start.ChatStartScreen(s, own, parts["id"]),
        ),
        _own(
            "chat/continue/:id",
            "messages",
            lambda s, own, parts: views.chat_start.ChatStartScreen(s, own, "", parts["id"]),
        ),
        _own(
            "chat/:id", "messages", lambda s, own, parts: views.chat_room.ChatRoomScreen(s, own, parts["id"])
        ),
        _own("outbox", "messages", lambda s, own, _: views.outbox.OutboxScreen(s, own)),
    ]


def _appointments() -> list[ft.Route]:
    """Appointments; fixed words before what varies."""
    return [
        _own("appointments", "appointments", lambda s, own, _: views.appointments.AppointmentsScreen(s, own)),
        _own(
            "appointments/find",
            "appointments",
            lambda s, own, _: views.find_service.FindServiceScreen(s, own),
        ),
        _own(
            "appointments/find/:id",
            "appointments",
            lambda s, own, parts: views.find_time.FindTimeScreen(s, own, parts["id"]),
        ),
        _own("appointments/confirm", "appointments", lambda s, own, _: views.confirm.ConfirmScreen(s, own)),
        _own("appointments/needs", "appointments", lambda s, own, _: views.me.MyNeedsScreen(s, own, True)),
        _own(
            "appointments/:id/move",
            "appointments",
            lambda s, own, parts: views.find_time.FindTimeScreen(s, own, "", parts["id"]),
        ),
        _own(
            "appointments/:id/cancel",
            "appointments",
            lambda s, own, parts: views.cancel.CancelScreen(s, own, parts["id"]),
        ),
        _own(
            "appointments/:id/video",
            "appointments",
            lambda s, own, parts: views.video.VideoScreen(s, own, parts["id"]),
        ),
        _own(
            "appointments/:id",
            "appointments",
            lambda s, own, parts: views.appointment.AppointmentScreen(s, own, parts["id"]),
        ),
    ]


def _forms() -> list[ft.Route]:
    """Forms."""
    return [
        _own("forms", "forms", lambda s, own, _: views.forms.FormsScreen(s, own)),
        _own(
            "forms/fill/:id", "forms", lambda s, own, parts: views.forms_fill.FillScreen(s, own, parts["id"])
        ),
        _own(
            "forms/answer/:id", "forms", lambda s, own, parts: views.forms.AnswerScreen(s, own, parts["id"])
        ),
    ]


def _record() -> list[ft.Route]:
    """Own data."""
    return [
        _own("record", "record", lambda s, own, _: views.record.RecordScreen(s, own)),
        _own("record/:kind", "record", lambda s, own, parts: views.record.KindScreen(s, own, parts["kind"])),
        _own(
            "record/entry/:type/:id",
            "record",
            lambda s, own, parts: views.entry.EntryScreen(s, own, parts["type"], parts["id"]),
        ),
        _own("measurements", "record", lambda s, own, _: views.measurements.MeasurementsScreen(s, own)),
        _own("measurements/summary", "record", lambda s, own, _: views.measure_summary.SummaryScreen(s, own)),
        _own(
            "measurements/:kind",
            "record",
            lambda s, own, parts: views.measurements.MeasureScreen(s, own, parts["kind"]),
        ),
        _own(
            "measurements/:kind/add",
            "record",
            lambda s, own, parts: views.measure.AddScreen(s, own, parts["kind"]),
        ),
        _own(
            "measurements/:kind/edit/:id",
            "record",
            lambda s, own, parts: views.measure.AddScreen(s, own, parts["kind"], parts["id"]),
        ),
        _own("me", "record", lambda s, own, _: views.me.MeScreen(s, own)),
        _own(
            "me/change/:system",
            "record",
            lambda s, own, parts: views.me.ChangeScreen(s, own, parts["system"]),
        ),
        _own("me/needs", "record", lambda s, own, _: views.me.MyNeedsScreen(s, own)),
        _own("me/permissions", "record", lambda s, own, _: views.permissions.PermissionsScreen(s, own)),
        _own("me/data", "record", lambda s, own, _: views.copying.CopyScreen(s, own, s.session)),
        _own("me/log", "record", lambda s, own, _: views.log.LogScreen(s, own)),
    ]


def _route(path: str, room: str, draw: Draw) -> ft.Route:
    return ft.Route(path=path, component=screen(room, draw))


def _own(path: str, room: str, draw: Callable[[Stores, Own, Mapping[str, str]], ft.Control]) -> ft.Route:
    """A screen for somebody signed in."""

    def with_own(stores: Stores, parts: Mapping[str, str]) -> ft.Control:
        assert stores.session.own is not None, "the frame draws it for somebody signed in only"
        return draw(stores, stores.session.own, parts)

    return ft.Route(path=path, component=screen(room, with_own, own=True))


@component
def NotFound() -> ft.Control:
    """An address that leads nowhere."""
    t = use_text()
    return Screen(
        "not-found",
        t("errors.not_found.title"),
        [
            signpost(),
            text(t("errors.not_found.next")),
            home_button(),
            text(t("welcome.call_instead"), "muted"),
        ],
    )
