"""Dates, times, amounts and opening hours the way the resident's language writes them (CLDR through Babel).

Days are those of the county's time zone,
wherever the device is. Plain Finnish has no shortened names of days.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Context, Decimal
from itertools import groupby
from typing import Protocol
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, format_timedelta, get_day_names
from babel.numbers import format_decimal, format_scientific

from app.i18n.catalog import Catalog

_LOCALES = {"fi": "fi_FI", "sv": "sv_FI", "en": "en_GB", "fi_selko": "fi_FI"}
_DAY = {"fi": "ccc d.M.", "sv": "ccc d.M.", "en": "ccc d MMM", "fi_selko": "cccc'na' d.M."}
_DAY_WITH_YEAR = {"fi": "ccc d.M.y", "sv": "ccc d.M.y", "en": "ccc d MMM y", "fi_selko": "cccc'na' d.M.y"}
_DAY_LONG = {"fi": "cccc d. MMMM", "sv": "cccc d MMMM", "en": "cccc d MMMM", "fi_selko": "cccc d. MMMM"}
_DATE = {"fi": "d.M.y", "sv": "d.M.y", "en": "d MMM y", "fi_selko": "d.M.y"}
_TIME = {"fi": "H.mm", "sv": "H.mm", "en": "H:mm", "fi_selko": "H.mm"}
_WEEK = 7
_KILO = 1024
_COUNTABLE = 20  # digits
_AREA_CODES_OF_TWO = ("02", "03", "05", "06", "08", "09")


class Hours(Protocol):
    """A span of opening on some weekdays (0 is Monday); ``closes`` at 0.00 is midnight after the day."""

    @property
    def days(self) -> tuple[int, ...]: ...
    @property
    def opens(self) -> dt.time: ...
    @property
    def closes(self) -> dt.time: ...


def capital(words: str) -> str:
    """With a large first letter, as what begins a line; the rest as it is ("ti 1.12." is "Ti 1.12.")."""
    return words[:1].upper() + words[1:]


@dataclass(frozen=True)
class Formatter:
    """Formats of one session. ``timezone`` is an IANA name; datetimes must carry a time zone."""

    language: str = "fi"
    timezone: str = "Europe/Helsinki"

    def day(self, day: dt.date, today: dt.date | None = None) -> str:
        """ "ke 25.11.", "keskiviikkona 25.11."; with its year where that is not the one of ``today``."""
        patterns = _DAY if today is None or today.year == day.year else _DAY_WITH_YEAR
        return format_date(day, patterns[self._language], self._locale)

    def day_long(self, day: dt.date) -> str:
        """ "keskiviikko 25. marraskuuta"."""
        return format_date(day, _DAY_LONG[self._language], self._locale)

    def date(self, day: dt.date) -> str:
        """ "25.11.2026", as for a birthday."""
        return format_date(day, _DATE[self._language], self._locale)

    def time(self, moment: dt.datetime | dt.time) -> str:
        """ "14.30"; a datetime is turned to the county's time first."""
        clock = self.local(moment).time() if isinstance(moment, dt.datetime) else moment
        return format_time(clock, _TIME[self._language], locale=self._locale)

    def moment(self, moment: dt.datetime, now: dt.datetime | None = None) -> str:
        """ "ke 25.11. klo 14.30"; when ``now`` is given, near days are "tänään", "eilen", "huomenna"."""
        day, today = self.local(moment).date(), self.local(now).date() if now else None
        return self._text("format.moment", day=self._near(day, today), time=self.time(moment))

    def whole_moment(self, moment: dt.datetime) -> str:
        """ "25.11.2026 klo 14.30", for what is kept."""
        day = self.date(self.local(moment).date())
        return self._text("format.moment", day=day, time=self.time(moment))

    def age(self, moment: dt.datetime, now: dt.datetime) -> str:
        """ "5 minuuttia sitten"; a day in words after a week; the future (clocks differ) counts as now."""
        passed = now - moment
        if passed < dt.timedelta(minutes=1):
            return self._text("format.just_now")
        if passed >= dt.timedelta(days=_WEEK):
            return self.day(self.local(moment).date(), self.local(now).date())
        return format_timedelta(-passed, add_direction=True, threshold=1, locale=self._locale)

    def number(self, value: float, decimals: int = 2) -> str:
        """ "1 234,5": at most ``decimals`` decimals, trailing zeros left out; a minus is a minus and no hyphen."""
        if abs(value) >= 10**_COUNTABLE:
            return self.exactly(Decimal(value))
        return _minus(format_decimal(round(value, decimals), locale=self._locale))

    def exactly(self, value: Decimal) -> str:
        """ "5,10": with the decimals it was given with, for they tell how exact it is; "1E30" where nobody could count
        the noughts."""
        if abs(value.adjusted()) > _COUNTABLE:
            return _minus(
                format_scientific(value.normalize(), locale=self._locale, decimal_quantization=False)
            )
        value = Context(prec=_COUNTABLE + 5).plus(value)  # no more digits than can be reckoned with
        exponent = value.as_tuple().exponent
        places = max(0, -exponent) if isinstance(exponent, int) else 0
        pattern = "#,##0" + ("." + "0" * places if places else "")
        return _minus(format_decimal(value, pattern, locale=self._locale))

    def typed(self, value: Decimal) -> str:
        """ "-6,4": as one writes it on a keypad, without what stands between thousands."""
        return f"{value.normalize():f}".replace(".", self._locale.number_symbols["latn"]["decimal"])

    def partial(self, written: str) -> str:
        """A day of which only the month or the year is known: "2019-05" is "toukokuu 2019"."""
        try:
            return format_skeleton("yMMMM", dt.date.fromisoformat(f"{written}-01"), locale=self._locale)
        except ValueError:
            return written

    def money(self, amount: float) -> str:
        """ "56,70": always with two decimals."""
        return _minus(format_decimal(amount, "#,##0.00", locale=self._locale))

    def spoken(self, tag: str) -> str:
        """The name of a language in this one: "so" is "somali"; what is no tag stays as it is."""
        return self._locale.languages.get(tag, tag)

    def size(self, count: int) -> str:
        """Size of a file: "512 tavua", "340 kt", "1,2 Mt" (1 kt is 1024 bytes, as limits are set)."""
        if count < _KILO:
            return self._text("format.size.b", n=count)
        for unit, bytes_in in (("gb", _KILO**3), ("mb", _KILO**2)):
            if count >= bytes_in:
                return self._text(f"format.size.{unit}", number=self.number(count / bytes_in, 1))
        return self._text("format.size.kb", number=self.number(count / _KILO, 0))

    def phone(self, number: str) -> str:
        """A telephone number in readable groups; short ones as they are."""
        return phone(number)

    def hours(self, hours: Iterable[Hours]) -> str:
        """ "ma–to 8–16, pe 8–15"; empty when there are none."""
        return ", ".join(self.hours_lines(hours))

    def hours_lines(self, hours: Iterable[Hours]) -> tuple[str, ...]:
        """One line for each run of days that are alike: ("ma–to 8–16", "pe 8–15")."""
        known = tuple(hours)
        spans = {day: self._spans(known, day) for day in range(_WEEK)}
        runs = [(span, [*days]) for span, days in groupby(range(_WEEK), spans.__getitem__)]
        return tuple(f"{self._days(days)} {span}" for span, days in runs if span)

    def local(self, moment: dt.datetime) -> dt.datetime:
        """``moment`` on the county's clocks."""
        return moment.astimezone(ZoneInfo(self.timezone))

    @property
    def _language(self) -> str:
        return self.language if self.language in _LOCALES else "fi"

    @property
    def _locale(self) -> Locale:
        return Locale.parse(_LOCALES[self._language])

    def _text(self, key: str, **values: object) -> str:
        return Catalog(self._language)(key, **values)

    def _near(self, day: dt.date, today: dt.date | None) -> str:
        names = {-1: "format.yesterday", 0: "format.today", 1: "format.tomorrow"}
        distance = (day - today).days if today else None
        return self._text(names[distance]) if distance in names else self.day(day, today)

    def _days(self, days: list[int]) -> str:
        if len(days) == _WEEK:
            return self._text("format.every_day")
        plain = self._language == "fi_selko"
        names = get_day_names("wide" if plain else "abbreviated", "stand-alone", self._locale)
        if len(days) == 1:
            return names[days[0]]
        return f"{names[days[0]]}–{names[days[-1]]}"

    def _spans(self, hours: tuple[Hours, ...], day: int) -> str:
        spans = sorted({(span.opens, span.closes) for span in hours if day in span.days})
        if (dt.time(0), dt.time(0)) in spans:
            return self._text("format.around_the_clock")
        texts = [f"{self._clock(opens)}–{self._clock(closes, end=True)}" for opens, closes in spans]
        if len(texts) < 2:
            return "".join(texts)
        return self._text("format.and", first=", ".join(texts[:-1]), last=texts[-1])

    def _clock(self, time: dt.time, end: bool = False) -> str:
        """ "8" or "8.30"; English always has minutes (no doubt of am and pm); midnight at the end is 24."""
        hour = "24" if end and time == dt.time(0) else str(time.hour)
        if time.minute or self._language == "en":
            return f"{hour}{_TIME[self._language][1]}{time.minute:02}"
        return hour


def _minus(words: str) -> str:
    """A formatted number with a true minus (U+2212): a hyphen is read as "to", or not at all."""
    return words.replace("-", "\u2212")


def phone(number: str) -> str:
    """A Finnish telephone number in groups: "03 819 2211", "+358 40 831 2345"; short or grouped ones stay."""
    if " " in number.strip():
        return " ".join(number.split())
    digits = "".join(c for c in number if c.isdigit() or c == "+")
    if digits.startswith("+358"):
        code, rest = _split("0" + digits[4:])
        return f"+358 {code[1:]} {rest}"
    if digits.startswith("0") and len(digits) > 6:
        return " ".join(_split(digits))
    return number.strip()


def _split(national: str) -> tuple[str, str]:
    """Area or operator code, and the rest in two groups."""
    two = national.startswith(_AREA_CODES_OF_TWO) and not national.startswith("029")
    code, rest = (national[:2], national[2:]) if two else (national[:3], national[3:])
    middle = len(rest) // 2
    return code, f"{rest[:middle]} {rest[middle:]}" if len(rest) > 4 else rest
