"""How this person wants the app: language, size of text, contrast, light or dark (rows K1, K2, K4, K5)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, get_args

from app.platform.preferences import MemoryPreferences, Preferences
from app.stores.base import observable

__all__ = ["SCALES", "Brightness", "MemoryPreferences", "Preferences", "Settings", "TextSize"]

TextSize = Literal["normal", "large", "larger", "largest"]
Brightness = Literal["system", "light", "dark"]
SCALES: Mapping[str, float] = {"normal": 1.0, "large": 1.25, "larger": 1.5, "largest": 2.0}


@observable
class Settings:
    """The choices, each kept at once when it changes. Bad or unknown stored values are ignored.

    ``languages``: the region's, the first of them unless the device has been told another (``asked``: tags such as
    sv-FI, the dearest first).
    """

    def __init__(
        self,
        preferences: Preferences,
        languages: tuple[str, ...],
        device_dark: bool = False,
        asked: Sequence[str] = (),
    ) -> None:
        self._preferences = self.preferences = preferences
        self._listeners: list[Callable[[], None]] = []
        self.languages, self.device_dark = languages, device_dark
        self.language = self._chosen("language", (*_spoken(asked, languages), *languages))
        self.text_size = self._chosen("text_size", get_args(TextSize))
        self.brightness = self._chosen("brightness", get_args(Brightness))
        self.high_contrast = self._chosen("high_contrast", ("no", "yes")) == "yes"

    @property
    def scale(self) -> float:
        """What every size of text is multiplied by."""
        return SCALES[self.text_size]

    @property
    def dark(self) -> bool:
        """Whether the dark palette is wanted: chosen, or the device's own way."""
        return self.brightness == "dark" or (self.brightness == "system" and self.device_dark)

    def choose(self, name: str, value: str) -> None:
        """Set ``language``, ``text_size``, ``brightness`` or ``high_contrast`` (``yes``/``no``), and keep it."""
        setattr(self, name, value == "yes" if name == "high_contrast" else value)
        self._preferences.set(name, value)
        self._tell()

    def remember(self, name: str, value: str) -> None:
        """Keep a small fact of this device, such as that the first screens were seen. No health data."""
        self._preferences.set(name, value)
        self._tell()

    @property
    def lasting(self) -> bool:
        """Whether choices are found at the next visit."""
        return self._preferences.lasting

    def remembered(self, name: str) -> str:
        """What was kept under ``name``; empty when nothing was."""
        return self._preferences.get(name) or ""

    def device_is(self, dark: bool) -> None:
        """The device went dark or light."""
        self.device_dark = dark
        self._tell()

    def watch(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` after each change, as long as the session lives."""
        self._listeners.append(listener)

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()

    def _chosen(self, name: str, allowed: tuple[str, ...]) -> str:
        value = self._preferences.get(name)
        return value if value in allowed else allowed[0]


def _spoken(asked: Sequence[str], languages: tuple[str, ...]) -> tuple[str, ...]:
    """Those of ``languages`` that a device asks for by these tags."""
    codes = [tag.partition("-")[0].lower() for tag in asked]
    return tuple(code for code in codes if code in languages)
