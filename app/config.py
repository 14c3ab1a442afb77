"""Settings of this run, and the region profile: everything that belongs to one county and not to the app.

Both are read once, at start, and validated; a mistake is told in words (ConfigError) and nothing starts.
"""

import argparse
import ipaddress
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    RootModel,
    StrictBool,
    StrictInt,
    ValidationError,
    model_validator,
)

from app.domain.attachments import Limits
from app.domain.calendar import HELSINKI
from app.mistakes import lines_of

REGIONS = Path(__file__).parent.parent / "assets" / "regions"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
PALETTES = ("light", "dark", "high-contrast-light", "high-contrast-dark")
PLAIN_FINNISH = "fi_selko"
Language = Literal["fi", "sv", "en", "fi_selko", "se"]


class ConfigError(Exception):
    """The settings or a region profile are wrong; the text says where and what, one line for each mistake."""


class Strict(BaseModel):
    """A part of the configuration: frozen, and a misspelt name in it is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


def _web_address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"must be an address that begins with https:// or http://, not {url!r}")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError(f"must be https, because health data goes through it: {url!r}")
    return url.rstrip("/")


def _web_address_or_none(url: str) -> str:
    return _web_address(url) if url else ""


def _timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # not there; no such name; a folder of them
        raise ValueError(f"must be a time zone such as Europe/Helsinki, not {name!r}") from None
    return name


def _phone(number: str) -> str:
    if not number or set(number) - set("+0123456789 "):
        raise ValueError(f"must be a telephone number of digits, not {number!r}")
    return number


def _listed(value: Any) -> Any:
    return (
        tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value
    )


def _networks(addresses: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_network(address) for address in addresses)


def _network(address: str) -> str:
    try:
        return str(ipaddress.ip_network(address)) if "/" in address else str(ipaddress.ip_address(address))
    except ValueError:
        raise ValueError(f"must be addresses such as 10.1.2.3 or 10.0.0.0/8, not {address!r}") from None


WebAddress = Annotated[str, AfterValidator(_web_address)]
MaybeAddress = Annotated[str, AfterValidator(_web_address_or_none)]
Timezone = Annotated[str, AfterValidator(_timezone)]
Number = Annotated[str, AfterValidator(_phone)]
Networks = Annotated[tuple[str, ...], BeforeValidator(_listed), AfterValidator(_networks)]
Folder = Annotated[Path, AfterValidator(Path.expanduser)]
Colour = Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]


class Words(RootModel[str | dict[str, str]]):
    """A text in the region's languages, or one text for all of them. Call it with a language.

    Plain Finnish is Finnish unless it is given.
    """

    model_config = ConfigDict(frozen=True, defer_build=True)

    def __call__(self, language: str) -> str:
        """The text in ``language``; the first one there is when it is missing."""
        if isinstance(self.root, str):
            return self.root
        base = "fi" if language == PLAIN_FINNISH else language
        return self.root.get(language) or self.root.get(base) or next(iter(self.root.values()), "")

    def missing(self, languages: Sequence[str]) -> tuple[str, ...]:
        """The languages without a text."""
        if isinstance(self.root, str):
            return ()
        return tuple(code for code in languages if code != PLAIN_FINNISH and not self.root.get(code))


class Flags(RootModel[dict[str, tuple[str, ...]]]):
    """Words that may mean an emergency (A3), by language; see ``domain.finding.red_flags``."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    def __call__(self, language: str) -> tuple[str, ...]:
        """The words of ``language`` first, then the others': people write in the language they think in."""
        own = self.root.get("fi" if language == PLAIN_FINNISH else language, ())
        return tuple(dict.fromkeys((*own, *(word for words in self.root.values() for word in words))))


class Phone(Strict):
    """A telephone that answers at certain hours. ``hours_text``: these in words."""

    number: Number
    name: Words
    hours_text: Words


class Phones(Strict):
    """Whom to call. ``emergency`` and ``medical_helpline`` stand on every screen."""

    emergency: Number = "112"
    medical_helpline: Number = "116117"
    exchange: Phone
    social_emergency: Phone
    technical_support: Phone


class Link(Strict):
    """Something held elsewhere (A12): what it is called, what is there, whose it is."""

    id: Identifier
    label: Words
    hint: Words = Words("")
    source: Words = Words("")
    url: Words


class Promises(Strict):
    """What is promised where a service promises nothing itself."""

    message_days: StrictInt = Field(default=3, ge=0, le=30)
    callback_hours: StrictInt | None = Field(default=None, ge=1, le=72)


class Pathways(Strict):
    """How the county takes up shared pathways (docs/pathways.md).

    ``shown``: ids in the order of the catalogue, none: all; ``services``: a pathway's word for a service -> its id in
    the county's directory; ``phones``: ``<pathway>.<contact>`` -> number; ``confirmed``: what the unit has decided, by
    ``<pathway>.<step>.<confirm>``.
    """

    shown: tuple[Identifier, ...] = ()
    services: dict[str, Identifier] = Field(default_factory=dict)
    phones: dict[str, Number] = Field(default_factory=dict)
    confirmed: dict[str, Words] = Field(default_factory=dict)

    def service(self, name: str | None) -> str:
        """The county's id of a service that a pathway names."""
        return self.services.get(name, name) if name else ""


class Region(Strict):
    """One county's profile, ``assets/regions/<id>.json``.

    ``colours``: the four PALETTES, each with the roles of the look; ``texts``: the county's own wordings of
    the app's texts, by language and key; ``features``: switched on where true; ``fhir_base``: empty where the
    settings tell it. ``municipalities``: each by the name it has in addresses (``municipality``).
    """

    id: Identifier
    name: Words
    short_name: Words
    app_name: Words = Words("Digiklinikka")
    languages: tuple[Language, ...] = Field(min_length=1)
    timezone: Timezone = HELSINKI
    colours: dict[str, dict[str, Colour]]
    phones: Phones
    elsewhere: tuple[Link, ...] = ()
    links: tuple[Link, ...] = ()
    promises: Promises = Promises()
    attachments: Limits = Limits()
    features: dict[str, StrictBool] = Field(default_factory=dict)
    red_flags: Flags = Flags({})
    texts: dict[str, dict[str, str]] = Field(default_factory=dict)
    municipalities: tuple[Words, ...] = ()
    address: Words = Words("")
    fhir_base: MaybeAddress = ""
    terminology_servers: tuple[WebAddress, ...] = ()
    pathways: Pathways = Pathways()

    def link(self, id: str) -> Link | None:
        """One of ``links``: privacy, accessibility, feedback, terms, website."""
        return next((link for link in self.links if link.id == id), None)

    def municipality(self, name: str, language: str) -> str:
        """What a municipality is called in ``language``; an unknown one is called by its name."""
        return next((one(language) for one in self.municipalities if one("fi") == name), name)

    def has(self, feature: str) -> bool:
        """Whether a feature is switched on here."""
        return self.features.get(feature, False)

    def overrides(self, language: str) -> Mapping[str, str]:
        """The county's own wordings in ``language``, for ``i18n.Catalog``."""
        return self.texts.get(language, {})

    @model_validator(mode="after")
    def _languages_are_complete(self) -> Self:
        missing = [f"{where} has no text in {', '.join(gaps)}" for where, gaps in _gaps(self, self.languages)]
        if missing:
            raise ValueError("; ".join(missing))
        return self

    @model_validator(mode="after")
    def _palettes_are_alike(self) -> Self:
        if set(self.colours) != set(PALETTES):
            raise ValueError(f"colours must have exactly these palettes: {', '.join(PALETTES)}")
        roles = set(self.colours[PALETTES[0]])
        odd = [
            f"{name}: {', '.join(sorted(roles ^ set(own)))}"
            for name, own in self.colours.items()
            if roles ^ set(own)
        ]
        if odd:
            raise ValueError(f"colours must have the same roles in every palette; check {'; '.join(odd)}")
        return self


class Settings(Strict):
    """How this run of the app was started.

    ``web``: served to browsers at ``host``:``port``, otherwise a window of its own. ``public_url``: where
    browsers reach it, when that is another address. ``practice``: fictional person, no platform. ``tester``:
    tools and galleries for testers are shown. ``data_dir``: where a device keeps its encrypted store. ``proxy``: whose
    X-Forwarded headers are believed when served; ``idle_minutes``: when a session in a browser that nobody uses ends.
    ``pathways``: another folder of pathways than the app's own.
    """

    web: bool = False
    host: str = "127.0.0.1"
    port: int = Field(default=8550, ge=0, le=65535)
    public_url: MaybeAddress = ""
    platform_url: WebAddress = "http://127.0.0.1:8040"
    region: str = "paijat-hame"
    practice: bool = False
    tester: bool = False
    data_dir: Folder = Field(default=Path("~/.local/share/digiklinikka"), validate_default=True)
    proxy: Networks = ()
    idle_minutes: int = Field(default=20, ge=5, le=240)
    pathways: Folder | None = None

    @property
    def fhir_base(self) -> str:
        """Base of the platform's FHIR server."""
        return f"{self.platform_url}/fhir"


_VARIABLES: Mapping[str, str] = {
    "host": "APP_HOST",
    "port": "APP_PORT",
    "public_url": "APP_URL",
    "platform_url": "PLATFORM_URL",
    "region": "APP_REGION",
    "practice": "APP_PRACTICE",
    "tester": "APP_TESTER",
    "data_dir": "APP_DATA",
    "proxy": "APP_PROXY",
    "idle_minutes": "APP_IDLE_MINUTES",
    "pathways": "APP_PATHWAYS",
}
_OPTIONS: Mapping[str, str] = {"platform_url": "--platform", "data_dir": "--data"}


def read_settings(arguments: Sequence[str] = (), environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from the command line, which wins, and environment variables. Raises ConfigError."""
    env = environment or {}
    values: dict[str, Any] = {name: env[var] for name, var in _VARIABLES.items() if env.get(var)}
    if "platform_url" not in values and env.get("PLATFORM_PORT"):
        values["platform_url"] = f"http://127.0.0.1:{env['PLATFORM_PORT']}"
    if "data_dir" not in values and env.get("FLET_APP_STORAGE_DATA"):
        values["data_dir"] = env["FLET_APP_STORAGE_DATA"]
    values |= {k: v for k, v in vars(_parser().parse_args(arguments)).items() if v is not None}
    try:
        return Settings(**values)
    except ValidationError as error:
        raise ConfigError("\n".join(_lines(error, _setting_name))) from None


def load_region(name: str, folder: Path = REGIONS) -> Region:
    """The profile called ``name``, or of the file ``name`` when that ends in .json. Raises ConfigError."""
    path = Path(name) if name.endswith(".json") else folder / f"{name}.json"
    try:
        profile = json.loads(path.read_text("utf-8-sig"))  # editors of some systems begin a file with a mark
    except (FileNotFoundError, IsADirectoryError):
        known = ", ".join(sorted(file.stem for file in folder.glob("*.json"))) or "none"
        raise ConfigError(f"There is no region {name!r}. Regions in {folder}: {known}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: must be saved as UTF-8") from None
    except ValueError as error:
        raise ConfigError(f"{path}: not valid JSON: {error}") from None
    try:
        return Region.model_validate(profile)
    except ValidationError as error:
        raise ConfigError(
            "\n".join(f"{path.name}: {line}" for line in _lines(error, given=profile))
        ) from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m app", argument_default=None)
    switch = argparse.BooleanOptionalAction
    parser.add_argument("--web", action="store_true", default=None, help="serve to browsers")
    parser.add_argument("--host", help="network address to serve at (127.0.0.1)")
    parser.add_argument("--port", help="port to serve at (8550)")
    parser.add_argument("--public-url", help="where browsers reach the app, if elsewhere")
    parser.add_argument("--platform", dest="platform_url", help="root address of the platform")
    parser.add_argument("--region", help="name of a region profile, or its file")
    parser.add_argument("--practice", action=switch, help="practise with a fictional person")
    parser.add_argument("--tester", action=switch, help="show what testers need")
    parser.add_argument("--data", dest="data_dir", help="folder for the encrypted store")
    parser.add_argument(
        "--proxy", help="addresses of proxies whose forwarded headers are believed, by commas"
    )
    parser.add_argument("--pathways", help="folder of pathways to show in place of the app's own")
    parser.add_argument("--idle-minutes", help="a served session that nobody uses ends after so long (20)")
    return parser


def _setting_name(place: str) -> str:
    option = _OPTIONS.get(place, "--" + place.replace("_", "-"))
    return f"{option} (or {_VARIABLES[place]})" if place in _VARIABLES else option


def _lines(error: ValidationError, name: Any = str, given: Any = None) -> Iterator[str]:
    """One line for each mistake: where, and what to do."""
    for place, words in lines_of(error, given):
        yield f"{name(place)}: {words}" if place else words


def _gaps(part: Any, languages: Sequence[str], where: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every text of a profile that lacks a language, and where it is."""
    if isinstance(part, Words):
        if gaps := part.missing(languages):
            yield where, gaps
    elif isinstance(part, tuple):
        for at, item in enumerate(part):
            yield from _gaps(item, languages, f"{where}.{getattr(item, 'id', at)}")
    elif isinstance(part, dict):
        for name, item in part.items():
            yield from _gaps(item, languages, f"{where}.{name}")
    elif isinstance(part, Strict):
        for name in type(part).model_fields:
            yield from _gaps(getattr(part, name), languages, f"{where}.{name}".lstrip("."))
