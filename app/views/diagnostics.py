"""Technical details for the support: what the app and its connection are like, and nothing of anybody (row L6)."""

import flet as ft

from app.components import button, component, row, stack, text, use_look, use_text
from app.stores.stores import Stores


def diagnostics(stores: Stores, platform: str, width: float) -> str:
    """A line for each fact. No name, no account, no content, no times of use."""
    own, settings = stores.session.own, stores.settings
    problem = stores.connection.problem
    lines = (
        ("version", stores.version),
        ("region", stores.region.id),
        ("platform", platform),
        ("width", f"{width:.0f}"),
        ("language", settings.language),
        ("text size", settings.text_size),
        ("brightness", settings.brightness),
        ("high contrast", settings.high_contrast),
        ("online", stores.connection.online),
        ("problem", type(problem).__name__ if problem else "none"),
        ("signed in", own is not None),
        ("state of the sign-in", stores.session.state.name),
        ("waiting to be sent", stores.connection.waiting),
        ("drafts", len(own.drafts.all()) if own else 0),
        ("keeps data", stores.device.keeps),
        ("services known", len(stores.services.all.value or ())),
    )
    return "\n".join(f"{name}: {value}" for name, value in lines)


@component
def DiagnosticsCopy(stores: Stores) -> ft.Control:
    """The button; what was copied is shown, so that one knows what one gives away."""
    t, page = use_text(), ft.context.page
    shown, show = ft.use_state("")
    platform = f"{page.platform.value if page.platform else ''}{' web' if page.web else ''}"
    facts = diagnostics(stores, platform, (page.width or 0) / use_look().scale)
    copy = button(
        "support.copy",
        t("feedback.diagnostics"),
        lambda: show(facts),
        "secondary",
        ft.Icons.COPY_OUTLINED,
        action=ft.CopyToClipboard(facts),
    )
    after = [text(t("feedback.diagnostics.done"), "muted"), text(shown, "small", id="support.copied")]
    return stack(
        [row([copy]), text(t("feedback.diagnostics.hint"), "small"), *(after if shown else [])], gap="s"
    )
