"""The accessibility statement with feedback and its promise, and the terms in ten lines (rows K7, H6, S36)."""

from collections.abc import Callable

import flet as ft

from app.components import (
    Screen,
    button,
    component,
    link_button,
    row,
    section,
    stack,
    text,
    use_format,
    use_text,
)
from app.config import Region
from app.platform.window import go
from app.stores.stores import Stores
from app.views.support import told

TERMS = (
    ft.Icons.VOLUNTEER_ACTIVISM_OUTLINED,
    ft.Icons.EMERGENCY_OUTLINED,
    ft.Icons.KEY_OUTLINED,
    ft.Icons.FOLDER_OUTLINED,
    ft.Icons.LOCK_OUTLINE,
    ft.Icons.MEDICAL_INFORMATION_OUTLINED,
    ft.Icons.LOGOUT,
    ft.Icons.CAMPAIGN_OUTLINED,
)
"""A picture for each line ``terms.line<n>``; at most ten."""


@component
def AccessibilityScreen(stores: Stores) -> ft.Control:
    """``/accessibility``, after the law on digital services (306/2019) and EN 301 549."""
    t, region = use_text(), stores.region
    statement = region.link("accessibility")
    county = (
        [link_button("accessibility.county", t("a11y.county"), statement.url(t.language))]
        if statement
        else []
    )
    lead = t("a11y.lead", app=region.app_name(t.language), region=region.name(t.language))
    return Screen(
        "accessibility",
        t("a11y.title"),
        [
            text(lead, "lead"),
            section(t("a11y.status"), [text(t("a11y.status_text"))]),
            section(t("a11y.can"), _lines("a11y.can_list", ft.Icons.CHECK)),
            section(t("a11y.gaps"), _lines("a11y.gaps_list", ft.Icons.INFO_OUTLINE)),
            section(
                t("a11y.tell"), [text(t("a11y.promise"), "strong"), _tell(region)], id="accessibility.tell"
            ),
            section(t("a11y.authority"), [text(t("a11y.authority_text"))]),
            row(county),
            text(t("a11y.reviewed"), "small"),
        ],
        back="/settings",
    )


def _lines(key: str, mark: ft.IconData) -> list[ft.Control]:
    """The lines of a text, each with a mark."""
    return [told(mark, text(line)) for line in use_text()(key).split("\n")]


def _tell(region: Region) -> ft.Control:
    """The ways to say what does not work: in writing, where the county has a page for it, and by telephone."""
    t, number, feedback = use_text(), region.phones.technical_support.number, region.link("feedback")
    words = t("common.call", number=use_format().phone(number))
    call = link_button("accessibility.call", words, f"tel:{number.replace(' ', '')}", ft.Icons.PHONE)
    if feedback is None:
        return row([call])
    url = feedback.url(t.language)
    return row([link_button("accessibility.feedback", t("a11y.feedback"), url, kind="secondary"), call])


@component
def TermsScreen(stores: Stores) -> ft.Control:
    """``/terms``."""
    t = use_text()
    lines = [told(mark, text(t(f"terms.line{number}"))) for number, mark in enumerate(TERMS, 1)]
    privacy = stores.region.link("privacy")
    more = [link_button("terms.privacy", t("terms.privacy"), privacy.url(t.language))] if privacy else []
    return Screen(
        "terms",
        t("terms.title"),
        [text(t("terms.lead", region=stores.region.name(t.language)), "lead"), stack(lines), row(more)],
        back="/settings",
    )


def about_links() -> ft.Control:
    """In the settings: the statement, the terms, the first screens again, practising."""
    t = use_text()
    places = (
        ("settings.accessibility", "a11y.title", "/accessibility", ft.Icons.ACCESSIBILITY_NEW),
        ("settings.terms", "terms.title", "/terms", ft.Icons.GAVEL),
        ("settings.first-run", "firstrun.again", "/first-run", ft.Icons.SLIDESHOW),
        ("settings.practice", "practice.title", "/practice", ft.Icons.SCHOOL_OUTLINED),
    )
    made = [button(id, t(words), _to(address), "quiet", mark) for id, words, address, mark in places]
    return section(t("settings.about"), [stack(made, gap="xs")])


def _to(address: str) -> Callable[[], None]:
    return lambda: go(address)
