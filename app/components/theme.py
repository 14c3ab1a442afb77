"""The look of a session: colours by role, one type scale, one spacing scale, one radius scale.

Everything a component draws comes from a :class:`Look`; no component names a colour. docs/design.md tells the why.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache

import flet as ft

from app.components.palette import PALETTE

FONT = "Atkinson"
FONT_BOLD = "Atkinson Bold"
FONT_SYMBOLS = "Symbols"  # arrows, ticks, µ and ≤, which the typeface has not
FONTS = {
    FONT: "fonts/AtkinsonHyperlegibleNext-Regular.ttf",
    FONT_BOLD: "fonts/AtkinsonHyperlegibleNext-SemiBold.ttf",
    FONT_SYMBOLS: "fonts/Symbols.ttf",
}
"""Family name -> file under assets, for ``page.fonts``. Self-hosted; licence: assets/fonts/OFL.txt."""
TYPE = {"small": 14, "body": 16, "lead": 18, "title": 22, "heading": 28, "display": 34}
SPACE = {"xs": 4, "s": 8, "sm": 12, "m": 16, "l": 24, "xl": 32, "xxl": 48}
RADIUS = {"s": 6, "m": 10, "l": 16, "full": 999}
TARGET = (
    48  # the least height and width of anything that can be touched, in logical pixels (WCAG 2.5.8 asks 24)
)
CONTENT_WIDTH = 720  # of what is read or filled in, in logical pixels
PAGE_WIDTH = 1080  # of a screen with two columns; narrower ones begin at the same edge
ROOMY = 1.25  # the largest text, as a multiple, at which things still fit side by side
WIDE = 700  # from this window width on there is a navigation rail instead of a bottom bar


@dataclass(frozen=True)
class Colours:
    """One palette: ``#rrggbb`` for every role. ``on_x``: text and icons upon ``x``; ``x_soft``: a quiet ground."""

    primary: str
    on_primary: str
    primary_soft: str
    on_primary_soft: str
    background: str
    surface: str
    surface_raised: str
    text: str
    text_muted: str
    outline: str
    outline_soft: str
    focus: str
    link: str
    success: str
    success_soft: str
    on_success_soft: str
    warning: str
    warning_soft: str
    on_warning_soft: str
    error: str
    on_error: str
    error_soft: str
    on_error_soft: str
    info: str
    info_soft: str
    on_info_soft: str
    emergency: str
    on_emergency: str


ROLES = tuple(field.name for field in fields(Colours))
PALETTES = ("light", "dark", "high-contrast-light", "high-contrast-dark")

_GROUNDS = ("background", "surface", "surface_raised")
_STATES = ("success", "warning", "error", "info")
TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    *((text, ground) for ground in _GROUNDS for text in ("text", "text_muted", "link", "error", "emergency")),
    *(("primary", ground) for ground in _GROUNDS),
    ("on_primary", "primary"),
    ("on_primary_soft", "primary_soft"),
    *((f"on_{state}_soft", f"{state}_soft") for state in _STATES),
    *((ink, f"{state}_soft") for state in (*_STATES, "primary") for ink in ("text", "text_muted", "primary")),
    ("surface", "text"),
    ("on_error", "error"),
    ("on_emergency", "emergency"),
)
"""Text upon ground, every pair the components use: at least 4.5:1, in high contrast 7:1 (WCAG 1.4.3, 1.4.6)."""

GRAPHIC_PAIRS: tuple[tuple[str, str], ...] = (
    *((mark, ground) for ground in _GROUNDS for mark in ("outline", "focus", *_STATES)),
    *((state, f"{state}_soft") for state in _STATES),
    *((mark, "primary_soft") for mark in ("primary", "outline", "focus")),
    ("on_primary", "primary"),
)
"""Borders, icons and the focus ring upon ground: at least 3:1 (WCAG 1.4.11)."""


@dataclass(frozen=True)
class Look:
    """How one resident wants to see the app. ``scale`` multiplies every text size (1.0 to 2.0)."""

    colours: Colours
    scale: float = 1.0
    contrast: bool = False
    dark: bool = False
    calm: bool = False  # no animation

    def size(self, name: str) -> float:
        """The text size called ``name`` (see TYPE) in logical pixels."""
        return TYPE[name] * self.scale

    def style(self, name: str, *, bold: bool = False, colour: str = "text") -> ft.TextStyle:
        """A text style: size ``name``, in the colour of role ``colour``."""
        return ft.TextStyle(
            size=self.size(name),
            height=1.25 if TYPE[name] >= TYPE["title"] else 1.45,
            font_family=FONT_BOLD if bold else FONT,
            color=getattr(self.colours, colour),
            letter_spacing=0,
            font_family_fallback=[FONT_SYMBOLS, "Roboto"],
        )

    @property
    def border(self) -> float:
        """The width of borders in logical pixels: thicker in high contrast."""
        return 2 if self.contrast else 1


def make_look(
    colours: Mapping[str, Mapping[str, str]] = PALETTE,
    scale: float = 1.0,
    contrast: bool = False,
    dark: bool = False,
    calm: bool = False,
) -> Look:
    """The look for a region's ``colours`` (palette name -> role -> ``#rrggbb``) and a resident's choices.

    Raises TypeError when a role is missing or unknown.
    """
    name = ("high-contrast-" if contrast else "") + ("dark" if dark else "light")
    return Look(Colours(**colours[name]), scale, contrast, dark, calm)


@lru_cache(maxsize=16)
def page_theme(look: Look) -> ft.Theme:
    """Flet's theme for ``look``: set it as ``page.theme`` and ``page.dark_theme`` both."""
    return ft.Theme(
        use_material3=True,
        font_family=FONT,
        color_scheme=_scheme(look.colours),
        scaffold_bgcolor=look.colours.background,
        focus_color=look.colours.primary_soft,
        visual_density=ft.VisualDensity.STANDARD,
        text_theme=_text_theme(look),
        page_transitions=_transitions(),
    )


def _scheme(c: Colours) -> ft.ColorScheme:
    return ft.ColorScheme(
        primary=c.primary,
        on_primary=c.on_primary,
        primary_container=c.primary_soft,
        on_primary_container=c.on_primary_soft,
        secondary=c.primary,
        on_secondary=c.on_primary,
        secondary_container=c.primary_soft,
        on_secondary_container=c.on_primary_soft,
        error=c.error,
        on_error=c.on_error,
        error_container=c.error_soft,
        on_error_container=c.on_error_soft,
        surface=c.surface,
        on_surface=c.text,
        on_surface_variant=c.text_muted,
        outline=c.outline,
        outline_variant=c.outline_soft,
        surface_tint=c.surface,
        surface_container=c.surface_raised,
        surface_container_high=c.surface,
        surface_container_highest=c.surface_raised,
        surface_container_low=c.surface,
        surface_container_lowest=c.surface,
    )


def _text_theme(look: Look) -> ft.TextTheme:
    body, small, title = look.style("body"), look.style("small"), look.style("title", bold=True)
    return ft.TextTheme(
        body_large=body,
        body_medium=body,
        body_small=small,
        label_large=look.style("body", bold=True),
        label_medium=small,
        label_small=small,
        title_large=title,
        title_medium=look.style("lead", bold=True),
        headline_small=title,
        headline_medium=look.style("heading", bold=True),
    )


def _transitions() -> ft.PageTransitionsTheme:
    none = ft.PageTransitionTheme.NONE
    return ft.PageTransitionsTheme(android=none, ios=none, linux=none, macos=none, windows=none)


_LETTERS = {**dict.fromkeys("ijltfrI", 0.34), **dict.fromkeys("mwMW", 0.86)}
_LETTER = 0.57


def word_width(label: str) -> float:
    """How wide the longest word of ``label`` is in the bold letters of the typeface, as a multiple of their size.
    What a space without a break joins is one word."""
    words = re.split(r"[ \n-]+", label)
    return max(sum(_LETTERS.get(letter, _LETTER) for letter in word) for word in words)


def contrast_ratio(one: str, other: str) -> float:
    """The WCAG contrast ratio of two ``#rrggbb`` colours: 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
