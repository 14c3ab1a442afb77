"""The accessible building blocks. Screens are made of these and of nothing else.

Every name here is a plain function that returns a control (call it during a render), unless it is a type.
"""

from app.components.attachments import FileRow, attachment_picker
from app.components.base import Sem, component, identified, on, on_value
from app.components.buttons import (
    back_button,
    button,
    card,
    card_button,
    disclosure,
    icon_button,
    link_button,
    tile,
)
from app.components.context import (
    Ui,
    UiContext,
    use_cramped,
    use_format,
    use_look,
    use_narrow,
    use_text,
    use_ui,
    use_width,
)
from app.components.conversation import Following, talk_screen, use_following
from app.components.dates import date_field, parse_date, parse_time, stepper, time_field
from app.components.errors import broken_panel, error_panel, of_reading
from app.components.feedback import badge, dialog, emergency_line, notice, offline_banner
from app.components.fields import checkbox, radio_group, text_field
from app.components.layout import Screen, announcer, heading, row, section, stack, text
from app.components.resources import action_notice, age_line, loading, resource_view
from app.components.select import select
from app.components.shell import Destination, shell
from app.components.theme import FONTS, ROLES, Colours, Look, contrast_ratio, make_look, page_theme

__all__ = [
    "FONTS",
    "ROLES",
    "Colours",
    "Destination",
    "FileRow",
    "Following",
    "Look",
    "Screen",
    "Sem",
    "Ui",
    "UiContext",
    "action_notice",
    "age_line",
    "announcer",
    "attachment_picker",
    "back_button",
    "badge",
    "broken_panel",
    "button",
    "card",
    "card_button",
    "checkbox",
    "component",
    "contrast_ratio",
    "date_field",
    "dialog",
    "disclosure",
    "emergency_line",
    "error_panel",
    "heading",
    "icon_button",
    "identified",
    "link_button",
    "loading",
    "make_look",
    "notice",
    "of_reading",
    "offline_banner",
    "on",
    "on_value",
    "page_theme",
    "parse_date",
    "parse_time",
    "radio_group",
    "resource_view",
    "row",
    "section",
    "select",
    "shell",
    "stack",
    "stepper",
    "talk_screen",
    "text",
    "text_field",
    "tile",
    "time_field",
    "use_cramped",
    "use_following",
    "use_format",
    "use_look",
    "use_narrow",
    "use_text",
    "use_ui",
    "use_width",
]
