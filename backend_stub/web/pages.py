"""Server-rendered pages: one look, strict policy, nothing from elsewhere, no script needed."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from backend_stub.clock import FINLAND
from backend_stub.web.texts import LANGUAGES

STATIC = str(files("backend_stub.web").joinpath("static"))
FONTS = str(Path(__file__).parents[2] / "assets" / "fonts")
"""The app's own typeface."""
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self';"
    " base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
_DAYS = {
    "fi": ("ma", "ti", "ke", "to", "pe", "la", "su"),
    "sv": ("mån", "tis", "ons", "tors", "fre", "lör", "sön"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}


class Pages:
    """Renders templates of ``web/templates``."""

    def show(
        self,
        template: str,
        *,
        language: str = "fi",
        status: int = 200,
        form_targets: Iterable[str] = (),
        **values: object,
    ) -> HTMLResponse:
        """The page, with its security headers. ``form_targets``: what forms may lead to besides this server."""
        html = _templates().get_template(template).render(language=language, **values)
        return HTMLResponse(html, status, _headers(language, form_targets))


@cache
def _templates() -> Environment:
    """Compiled once, however many platforms a process has."""
    folder = str(files("backend_stub.web").joinpath("templates"))
    made = Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    made.globals["languages"] = LANGUAGES
    made.filters.update(moment=moment, day=day)
    return made


def moment(value: str | datetime, language: str = "fi") -> str:
    """A FHIR instant or datetime as Finnish wall time: ``ke 25.11.2026 klo 14.30``."""
    local = _local(value)
    if language == "en":
        return f"{_weekday(local, language)} {local.day} {local:%b %Y}, {local:%H:%M}"
    return f"{day(local, language)} {'klo' if language == 'fi' else 'kl.'} {local.hour}.{local:%M}"


def day(value: str | datetime, language: str = "fi") -> str:
    """A date on a Finnish wall: ``ke 25.11.2026``."""
    local = _local(value)
    if language == "en":
        return f"{_weekday(local, language)} {local.day} {local:%b %Y}"
    return f"{_weekday(local, language)} {local.day}.{local.month}.{local.year}"


def _local(value: str | datetime) -> datetime:
    told = datetime.fromisoformat(value) if isinstance(value, str) else value
    return told.astimezone(FINLAND)


def _weekday(local: datetime, language: str) -> str:
    return _DAYS[language][local.weekday()]


def _headers(language: str, form_targets: Iterable[str]) -> dict[str, str]:
    return {
        "Content-Security-Policy": " ".join((_POLICY, *form_targets)),
        "Content-Language": language,
        "Cache-Control": "no-store",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
