"""The gallery on its own: ``python -m uvicorn gallery_app:app --app-dir tests --port 8301``.

The address chooses: ``/?part=buttons&lang=sv&dark=1&contrast=1&scale=1.5&frame=1``.
"""

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import flet as ft

from app.components import (
    FONTS,
    Destination,
    Ui,
    UiContext,
    component,
    emergency_line,
    make_look,
    page_theme,
    shell,
    use_text,
)
from app.i18n.catalog import Catalog
from app.i18n.format import Formatter
from app.platform.flet_fixes import install
from app.platform.served import asgi
from app.views.gallery import Gallery

ROOT = Path(__file__).parent.parent


def main(page: ft.Page) -> None:
    """One session of the gallery."""
    asked = {key: values[0] for key, values in parse_qs(urlsplit(page.route).query).items()}
    language = asked.get("lang", "fi")
    look = make_look(
        scale=float(asked.get("scale", 1)),
        contrast="contrast" in asked,
        dark="dark" in asked,
        calm="calm" in asked,
    )
    page.title = "Mallikirja"
    page.fonts = FONTS
    page.theme = page.dark_theme = page_theme(look)
    page.bgcolor = look.colours.background
    page.padding = 0
    tags = {"fi": ("fi", "FI"), "fi_selko": ("fi", "FI"), "sv": ("sv", "FI"), "en": ("en", "GB")}
    locale = ft.Locale(*tags[language])
    page.locale_configuration = ft.LocaleConfiguration(supported_locales=[locale], current_locale=locale)
    ui = Ui(Catalog(language), look, Formatter(language), lambda: datetime.now(UTC))
    page.render(lambda: UiContext(ui, lambda: Framed(asked.get("part", "texts"))))


@component
def Framed(part: str) -> ft.Control:
    """The gallery in the app's frame."""
    t = use_text()
    selected, select = ft.use_state("home")
    places = (
        Destination("home", t("nav.home"), ft.Icons.HOME_OUTLINED, ft.Icons.HOME),
        Destination("messages", t("nav.messages"), ft.Icons.MAIL_OUTLINE, ft.Icons.MAIL, count=2),
        Destination("services", t("nav.services"), ft.Icons.SEARCH),
    )
    phones = (("112", t("kit.emergency.112")), ("116117", t("kit.emergency.116117")))
    return shell(places, selected, select, lambda: Gallery(part), emergency=lambda: emergency_line(phones))


install()
app = asgi(main, ROOT / "assets", title="Mallikirja")
