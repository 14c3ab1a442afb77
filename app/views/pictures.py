"""Pictures for people who would rather look than read: drawn in the colours of the look, so they fit every palette.

They are decoration: everything they tell is also said in words beside them, and screen readers pass them by.
"""

import flet as ft

from app.components import Colours, use_look

_LAKE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 240">
<rect width="720" height="240" fill="{ground}"/>
<circle cx="452" cy="78" r="36" fill="{sun}" fill-opacity="0.55"/>
<path d="M0 140 C70 96 150 92 236 124 C310 82 400 76 478 118 C560 84 650 92 720 128 V240 H0 Z" fill="{hill}"
 fill-opacity="0.20"/>
<path d="M0 158 C110 124 200 146 300 156 C384 132 500 124 604 152 C650 144 690 146 720 152 V240 H0 Z"
 fill="{hill}"
 fill-opacity="0.36"/>
<rect y="166" width="720" height="74" fill="{water}"/>
<path d="M0 166 H720 V240 H0 Z" fill="{hill}" fill-opacity="0.14"/>
<g stroke="{hill}" stroke-opacity="0.38" stroke-width="3" stroke-linecap="round" fill="none">
<path d="M250 188 H330"/><path d="M420 184 H476"/><path d="M300 208 H360"/><path d="M520 206 H600"/>
<path d="M214 226 H280"/><path d="M452 224 H530"/></g>
<path d="M0 178 C60 164 140 170 200 240 H0 Z" fill="{hill}" fill-opacity="0.62"/>
<g fill="{leaf}" fill-opacity="0.86"><ellipse cx="58" cy="72" rx="34" ry="52"/>
<ellipse cx="112" cy="88" rx="30" ry="46"/>
<ellipse cx="86" cy="110" rx="30" ry="34"/></g>
<g fill="{bark}"><rect x="54" y="66" width="9" height="128" rx="4"/>
<rect x="109" y="84" width="8" height="106" rx="4"/></g>
<g fill="{ink}" fill-opacity="0.75"><rect x="54" y="98" width="5" height="3"/>
<rect x="58" y="128" width="5" height="3"/>
<rect x="54" y="156" width="5" height="3"/><rect x="109" y="116" width="4" height="3"/>
<rect x="113" y="146" width="4" height="3"/></g>
<path d="M498 26 H668 A18 18 0 0 1 686 44 V92 A18 18 0 0 1 668 110 H540 L512 132 V110 H498 A18 18 0 0 1 480
 92 V44
 A18 18 0 0 1 498 26 Z" fill="{card}"/>
<g fill="{line}"><rect x="504" y="50" width="120" height="9" rx="4.5"/>
<rect x="504" y="72" width="86" height="9" rx="4.5"/></g>
<path d="M566 134 H650 A16 16 0 0 1 666 150 V172 A16 16 0 0 1 650 188 H646 V206 L624 188 H566 A16 16 0 0 1
 550 172 V150
 A16 16 0 0 1 566 134 Z" fill="{hill}"/>
<path d="M590 162 L602 173 L626 150" stroke="{on_hill}" stroke-width="7" stroke-linecap="round"
 stroke-linejoin="round"
 fill="none"/></svg>"""

_LETTER = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 120">
<ellipse cx="100" cy="106" rx="78" ry="9" fill="{ground}"/>
<rect x="42" y="26" width="116" height="76" rx="12" fill="{card}" stroke="{hill}" stroke-width="4"/>
<path d="M46 36 L100 74 L154 36" fill="none" stroke="{hill}" stroke-width="4" stroke-linecap="round"
 stroke-linejoin="round"/>
<path d="M150 22 C150 8 166 2 180 4 C180 18 168 28 152 26 M146 36 C150 28 158 20 168 14" fill="{leaf}"
 fill-opacity="0.9"
 stroke="{leaf}" stroke-width="3" stroke-linecap="round"/></svg>"""

_CURVE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 120">
<ellipse cx="100" cy="108" rx="78" ry="8" fill="{ground}"/>
<rect x="42" y="18" width="116" height="84" rx="12" fill="{card}" stroke="{hill}" stroke-width="4"/>
<g stroke="{line}" stroke-width="2"><path d="M56 44 H144"/><path d="M56 64 H144"/><path d="M56 84 H144"/></g>
<path d="M58 82 L84 60 L112 70 L142 38" fill="none" stroke="{hill}" stroke-width="4" stroke-linecap="round"
 stroke-linejoin="round"/>
<g fill="{leaf}"><circle cx="58" cy="82" r="6"/><circle cx="84" cy="60" r="6"/><circle cx="112" cy="70" r="6"/>
<circle cx="142" cy="38" r="6"/></g></svg>"""

_SIGNPOST = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 240">
<rect width="720" height="240" fill="{ground}"/>
<path d="M0 200 C140 168 300 176 420 194 C540 210 640 196 720 184 V240 H0 Z" fill="{hill}" fill-opacity="0.25"/>
<rect x="352" y="40" width="16" height="176" rx="6" fill="{hill}"/>
<path d="M368 56 H540 L566 80 L540 104 H368 Z" fill="{card}" stroke="{hill}" stroke-width="4"/>
<path d="M352 112 H190 L164 136 L190 160 H352 Z" fill="{card}" stroke="{hill}" stroke-width="4"/>
<g fill="none" stroke="{hill}" stroke-width="6" stroke-linecap="round" stroke-linejoin="round">
<path d="M424 80 H496"/><path d="M222 136 H300"/></g>
<g fill="{leaf}" fill-opacity="0.86"><ellipse cx="96" cy="132" rx="34" ry="54"/>
<ellipse cx="632" cy="128" rx="38" ry="58"/></g>
<g fill="{bark}"><rect x="91" y="136" width="10" height="76" rx="4"/>
<rect x="627" y="134" width="10" height="76" rx="4"/></g>
</svg>"""


def lake() -> ft.Control:
    """The first screen's picture: a lake between birches, a message and its answer."""
    return _picture(_LAKE, 3)


def letter() -> ft.Control:
    """A letter, for places where there is none yet."""
    return _small(_LETTER)


def curve() -> ft.Control:
    """Values over time, for places where there are none yet."""
    return _small(_CURVE)


def signpost() -> ft.Control:
    """Ways to go: digital, telephone, in person."""
    return _picture(_SIGNPOST, 3)


def _small(drawing: str) -> ft.Control:
    return ft.Row([ft.Container(_picture(drawing, 5 / 3), width=150)], wrap=True)


def _picture(drawing: str, shape: float) -> ft.Control:
    """``shape``: width by height."""
    painted = drawing.format(**_paints(use_look().colours))
    image = ft.Image(painted, fit=ft.BoxFit.COVER, exclude_from_semantics=True, border_radius=16)
    return ft.Container(image, aspect_ratio=shape, border_radius=16)


def _paints(colours: Colours) -> dict[str, str]:
    return {
        "ground": colours.primary_soft,
        "sun": colours.warning,
        "hill": colours.primary,
        "on_hill": colours.on_primary,
        "water": colours.surface,
        "leaf": colours.success,
        "bark": colours.background,
        "ink": colours.text,
        "card": colours.surface,
        "line": colours.outline,
    }
