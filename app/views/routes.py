"""The map of all screens."""

from collections.abc import Callable, Mapping
from typing import Any

import flet as ft

from app.components import Screen, Ui, UiContext, component, page_theme, text, use_text
from app.platform.window import set_language, set_theme, set_title
from app.stores.own import Own
from app.stores.practice import Practice
from app.stores.stores import Stores
from app.views.accessibility import AccessibilityScreen, TermsScreen
from app.views.appointment import AppointmentScreen
from app.views.appointments import AppointmentsScreen
from app.views.cancel import CancelScreen
from app.views.chat import ChatScreen
from app.views.chat_room import ChatRoomScreen
from app.views.chat_start import ChatStartScreen
from app.views.compose import ComposeScreen
from app.views.confirm import ConfirmScreen
from app.views.context import StoresContext
from app.views.copying import CopyScreen
from app.views.entry import EntryScreen
from app.views.exit import CalmScreen
from app.views.feedback import FeedbackScreen
from app.views.find_service import FindServiceScreen
from app.views.find_time import FindTimeScreen
from app.views.first_run import FirstRunScreen
from app.views.forms import AnswerScreen, FormsScreen
from app.views.forms_fill import FillScreen
from app.views.frame import Draw, screen
from app.views.gallery import Gallery
from app.views.home import Start
from app.views.log import LogScreen
from app.views.me import ChangeScreen, MeScreen, MyNeedsScreen
from app.views.measure import AddScreen
from app.views.measure_summary import SummaryScreen
from app.views.measurements import MeasurementsScreen, MeasureScreen
from app.views.messages import MessagesScreen
from app.views.needs import NeedsScreen
from app.views.ombudsman import OmbudsmanScreen
from app.views.ombudsman_helper import OmbudsmanHelperScreen
from app.views.ombudsman_letter import OmbudsmanAnswerScreen, OmbudsmanLetterScreen
from app.views.ombudsman_signed import OmbudsmanSignedScreen
from app.views.ombudsman_talk import OmbudsmanTalkScreen
from app.views.outbox import OutboxScreen
from app.views.pathway import PathwayScreen
from app.views.pathway_about import AboutScreen
from app.views.pathway_step import StepScreen
from app.views.pathways import PathwaysScreen
from app.views.permissions import PermissionsScreen
from app.views.practice import PracticeScreen
from app.views.recipients import RecipientsScreen
from app.views.record import KindScreen, RecordScreen
from app.views.services import ServiceScreen, ServicesScreen
from app.views.settings import SettingsScreen
from app.views.signin import Callback
from app.views.support import home_button
from app.views.thread import ThreadScreen
from app.views.unlock import unlock_or_start
from app.views.video import VideoScreen


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
    gallery = [_route("gallery", "", lambda s, _: Gallery())] if tester else []
    lost = _route(":lost*", "", lambda s, _: NotFound())  # Flet's own not_found would put a view into a view
    return [*rooms, *gallery, lost]


def _general() -> list[ft.Route]:
    """What everybody sees."""
    return [
        ft.Route(index=True, component=screen("home", lambda s, _: Start(s, s.session))),
        _route("callback", "home", lambda s, _: Callback(s, s.session)),
        _route("unlock", "home", lambda s, _: unlock_or_start(s)),
        _route("services", "services", lambda s, _: ServicesScreen(s)),
        _route("services/:id", "services", lambda s, parts: ServiceScreen(s, s.session.own, parts["id"])),
        _route("feedback", "", lambda s, _: FeedbackScreen(s)),
        _route("calm", "", lambda s, _: CalmScreen()),
        _route("practice", "", lambda s, _: PracticeScreen(s)),
        _route("first-run", "", lambda s, _: FirstRunScreen(s)),
        _route("accessibility", "", lambda s, _: AccessibilityScreen(s)),
        _route("terms", "", lambda s, _: TermsScreen(s)),
        _route("settings", "", lambda s, _: SettingsScreen(s, s.session)),
    ]


def _ombudsman() -> list[ft.Route]:
    """Reached before signing in."""
    return [
        _route("ombudsman", "", lambda s, _: OmbudsmanScreen(s)),
        _route("ombudsman/chat", "", lambda s, _: OmbudsmanTalkScreen(s)),
        _route("ombudsman/letter", "", lambda s, _: OmbudsmanLetterScreen(s)),
        _route("ombudsman/answer", "", lambda s, _: OmbudsmanAnswerScreen(s)),
        _route("ombudsman/helper", "", lambda s, _: OmbudsmanHelperScreen(s)),
        _own("ombudsman/mine", "", lambda s, own, _: OmbudsmanSignedScreen(s)),
    ]


def _pathways() -> list[ft.Route]:
    """Open ones need nobody signed in."""
    return [
        _route("pathways", "pathways", lambda s, _: PathwaysScreen(s)),
        _route("pathways/:id", "pathways", lambda s, parts: PathwayScreen(s, parts["id"])),
        _route("pathways/:id/about", "pathways", lambda s, parts: AboutScreen(s, parts["id"])),
        _route("pathways/:id/step/:key", "pathways", lambda s, p: StepScreen(s, p["id"], p["key"])),
    ]


def _messages() -> list[ft.Route]:
    """Messages, chats and what is on its way."""
    return [
        _own("messages", "messages", lambda s, own, _: MessagesScreen(s, own)),
        _own("messages/new", "messages", lambda s, own, _: RecipientsScreen(s, own)),
        _own("messages/draft/:key", "messages", lambda s, own, parts: ComposeScreen(s, own, parts["key"])),
        _own("messages/thread/:id", "messages", lambda s, own, parts: ThreadScreen(s, own, parts["id"])),
        _own("chat", "messages", lambda s, own, _: ChatScreen(s, own)),
        _own("chat/new/:id", "messages", lambda s, own, parts: ChatStartScreen(s, own, parts["id"])),
        _own("chat/continue/:id", "messages", lambda s, own, parts: ChatStartScreen(s, own, "", parts["id"])),
        _own("chat/:id", "messages", lambda s, own, parts: ChatRoomScreen(s, own, parts["id"])),
        _own("outbox", "messages", lambda s, own, _: OutboxScreen(s, own)),
    ]


def _appointments() -> list[ft.Route]:
    """Appointments; fixed words before what varies."""
    return [
        _own("appointments", "appointments", lambda s, own, _: AppointmentsScreen(s, own)),
        _own("appointments/find", "appointments", lambda s, own, _: FindServiceScreen(s, own)),
        _own(
            "appointments/find/:id", "appointments", lambda s, own, parts: FindTimeScreen(s, own, parts["id"])
        ),
        _own("appointments/confirm", "appointments", lambda s, own, _: ConfirmScreen(s, own)),
        _own("appointments/needs", "appointments", lambda s, own, _: NeedsScreen(own)),
        _own(
            "appointments/:id/move",
            "appointments",
            lambda s, own, parts: FindTimeScreen(s, own, "", parts["id"]),
        ),
        _own(
            "appointments/:id/cancel", "appointments", lambda s, own, parts: CancelScreen(s, own, parts["id"])
        ),
        _own(
            "appointments/:id/video", "appointments", lambda s, own, parts: VideoScreen(s, own, parts["id"])
        ),
        _own(
            "appointments/:id", "appointments", lambda s, own, parts: AppointmentScreen(s, own, parts["id"])
        ),
    ]


def _forms() -> list[ft.Route]:
    """Forms."""
    return [
        _own("forms", "forms", lambda s, own, _: FormsScreen(s, own)),
        _own("forms/fill/:id", "forms", lambda s, own, parts: FillScreen(s, own, parts["id"])),
        _own("forms/answer/:id", "forms", lambda s, own, parts: AnswerScreen(s, own, parts["id"])),
    ]


def _record() -> list[ft.Route]:
    """Own data."""
    return [
        _own("record", "record", lambda s, own, _: RecordScreen(s, own)),
        _own("record/:kind", "record", lambda s, own, parts: KindScreen(s, own, parts["kind"])),
        _own(
            "record/entry/:type/:id",
            "record",
            lambda s, own, parts: EntryScreen(s, own, parts["type"], parts["id"]),
        ),
        _own("measurements", "record", lambda s, own, _: MeasurementsScreen(s, own)),
        _own("measurements/summary", "record", lambda s, own, _: SummaryScreen(s, own)),
        _own("measurements/:kind", "record", lambda s, own, parts: MeasureScreen(s, own, parts["kind"])),
        _own("measurements/:kind/add", "record", lambda s, own, parts: AddScreen(s, own, parts["kind"])),
        _own(
            "measurements/:kind/edit/:id",
            "record",
            lambda s, own, parts: AddScreen(s, own, parts["kind"], parts["id"]),
        ),
        _own("me", "record", lambda s, own, _: MeScreen(s, own)),
        _own("me/change/:system", "record", lambda s, own, parts: ChangeScreen(s, own, parts["system"])),
        _own("me/needs", "record", lambda s, own, _: MyNeedsScreen(s, own)),
        _own("me/permissions", "record", lambda s, own, _: PermissionsScreen(s, own)),
        _own("me/data", "record", lambda s, own, _: CopyScreen(s, own, s.session)),
        _own("me/log", "record", lambda s, own, _: LogScreen(s, own)),
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
    return Screen("not-found", t("errors.not_found.title"), [text(t("errors.not_found.next")), home_button()])
