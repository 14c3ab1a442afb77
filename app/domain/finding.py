"""Finding services by everyday words (A4), and noticing words that may mean an emergency (A3).

Both work offline, on words as people write them: any case, without dots on letters, inflected, misspelt.
Nothing that somebody typed is kept: only the words of services are remembered between calls.
"""

import re
import unicodedata
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from types import MappingProxyType
from typing import NamedTuple, Protocol, TypeVar

_WORD = re.compile(r"\w+")
_FLAG_WORD = re.compile(r"\w+\*?")
_FIELDS = (("name", 4.0), ("search_words", 3.0), ("group", 2.0), ("comment", 1.0))
_EXACT, _BEGINS, _INFLECTED, _WITHIN, _MISSPELT = 1.0, 0.9, 0.7, 0.6, 0.5
_SAY_NOTHING = frozenset(
    re.findall(
        r"\w+",
        "ei en et olen olet minulla minun minua minut sinulla sina mina ovat olla haluan tarvitsen apua "
        "kanssa kun jos "
        "jag mig min mitt mina har inte och att som det den kan ska vill behover for med lite mer mycket "
        "fran nar "
        "the and my mine not can cant cannot don does need want have has with for too much when keep "
        "keeps from before ",
    )
)
"""Plain words that stand beside what is looked for in any matter."""
_SHORT = 2  # letters of words that say nothing beside longer ones: "en", "on", "i"
_STEM = 4  # letters that two forms of a word must share at their beginning
_SHARED = 0.6  # and their share of the longer form
_NO_MATCH = 0.0
_KEY = 2  # letters by which flags are looked up
_CLEARLY_WORSE = 0.6  # of the best fit; what fits less is left out


class Findable(Hashable, Protocol):
    """What a service is found by. Immutable and hashable."""

    @property
    def name(self) -> str: ...
    @property
    def search_words(self) -> tuple[str, ...]: ...
    @property
    def group(self) -> str: ...
    @property
    def comment(self) -> str: ...


F = TypeVar("F", bound=Findable)


def search(services: Iterable[F], query: str, flags: Iterable[str] = ()) -> tuple[F, ...]:
    """The services that fit ``query``, best first; all of them, in their order, when it has no words.

    Of several words the services fitting the most win. A service's name counts more than its search words,
    and these more than its group and description. Where the query has one of ``flags`` (as for ``red_flags``), halves
    of words say nothing: chest pain is no matter of the breast's nurse. Those that are there for what was flagged come
    first, then what fits its other words as they stand; there may well be none.
    """
    found = tuple(_flagged(query, flags))
    return (
        _in_haste(tuple(services), query, found) if found else _fitting(tuple(services), words(query), _fit)
    )


def _fitting(listed: tuple[F, ...], typed: Sequence[str], fit: Callable[[str, str], float]) -> tuple[F, ...]:
    long = [word for word in typed if len(word) > _SHORT] or typed
    wanted = [word for word in long if word not in _SAY_NOTHING] or long
    if not wanted:
        return listed
    scored = [(service, _score(service, wanted, fit)) for service in listed]
    most = max((score.fitting for _, score in scored), default=0)
    fitting = [(service, score) for service, score in scored if score.fitting == most > 0]
    best = max((score.fit for _, score in fitting), default=0)
    found = [(service, score) for service, score in fitting if score.fit >= _CLEARLY_WORSE * best]
    return tuple(service for service, _ in sorted(found, key=lambda pair: -pair[1].weight))


def _in_haste(listed: tuple[F, ...], query: str, found: Sequence["_Flag"]) -> tuple[F, ...]:
    """For a query with words that may mean an emergency."""
    meant = tuple(service for service in listed if _is_for(service, found))
    others = tuple(service for service in listed if service not in meant)
    rest = query
    for flag in reversed(found):
        rest = rest[: flag.start] + " " + rest[flag.end :]
    typed = words(rest)
    return (*meant, *(_fitting(others, typed, _fit_whole) if typed else ()))


def _is_for(service: Findable, found: Iterable["_Flag"]) -> bool:
    """Whether a service names the very thing that was flagged."""
    told = (words(one) for one in (service.name, *service.search_words))
    patterns = {flag.pattern for flag in found}
    return any(_follows(one[at : at + len(p)], p) for one in told for p in patterns for at in range(len(one)))


def red_flags(text: str, flags: Iterable[str]) -> tuple[str, ...]:
    """The parts of ``text`` that match one of ``flags``, as they were written, in their order, each once.

    A flag is a word or a few words in a row; words of at least five letters match their inflected forms too
    (``rintakipu`` finds "rintakipua"), and ``*`` at the end of a word lets it go on in any way. Only for a
    calm question: a match never stops anybody from sending.
    """
    return tuple(dict.fromkeys(text[flag.start : flag.end] for flag in _flagged(text, flags)))


class _Flag(NamedTuple):
    """A flag in a text: which one, and from where to where."""

    pattern: tuple[str, ...]
    start: int
    end: int


def _flagged(text: str, flags: Iterable[str]) -> Iterator[_Flag]:
    """The flags in a text, in their order."""
    found = list(_WORD.finditer(text))
    plain = [plainly(match.group()) for match in found]
    patterns = _patterns(tuple(flags))
    for at, word in enumerate(plain):
        fitting = (p for p in patterns.get(word[:_KEY], ()) if _follows(plain[at : at + len(p)], p))
        longest = max(fitting, key=len, default=())
        if longest:
            yield _Flag(longest, found[at].start(), found[at + len(longest) - 1].end())


def words(text: str) -> tuple[str, ...]:
    """The words of a text, ready to be compared."""
    return tuple(_WORD.findall(plainly(text)))


def plainly(text: str) -> str:
    """Lower case, without dots and accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in parts if not unicodedata.combining(c))


class _Score(NamedTuple):
    """How many words fit, how well in all, and the same by the weight of where they were found."""

    fitting: int
    fit: float
    weight: float


def _score(service: Findable, wanted: Sequence[str], fit: Callable[[str, str], float]) -> _Score:
    fits = [[(fit(word, text), weight) for text, weight in _texts(service)] for word in wanted]
    best = [max((fit for fit, _ in of_word), default=0) for of_word in fits]
    weights = [max((fit * weight for fit, weight in of_word), default=0) for of_word in fits]
    return _Score(sum(1 for fit in best if fit), sum(best), sum(weights))


@lru_cache(maxsize=1024)
def _texts(service: Findable) -> tuple[tuple[str, float], ...]:
    """Every word by which a service can be found, with the greatest weight it has."""
    fields = [(getattr(service, name), weight) for name, weight in reversed(_FIELDS)]
    texts = [(value if isinstance(value, str) else " ".join(value), weight) for value, weight in fields]
    return tuple({word: weight for text, weight in texts for word in words(text)}.items())


def _fit(wanted: str, word: str) -> float:
    """How well a typed word fits a word of a service, 0 to 1."""
    if wanted == word:
        return _EXACT
    if word.startswith(wanted) and len(wanted) > 1:
        return _BEGINS
    if len(wanted) < _STEM or len(word) < _STEM:
        return _NO_MATCH
    if word.startswith(wanted[:_STEM]) and _one_stem(wanted, word):
        return _INFLECTED
    if wanted in word:
        return _WITHIN
    return _MISSPELT if wanted.endswith(word) or _slipped(wanted, word) else _NO_MATCH


def _fit_whole(wanted: str, word: str) -> float:
    """The same without guessing: the word itself, or its beginning."""
    return _fit(wanted, word) if word.startswith(wanted) else _NO_MATCH


def _one_stem(a: str, b: str) -> bool:
    """Whether two words look like forms of one: "rokotuksen" and "rokotus", "selkäkipu" and "selkä"."""
    shared = _shared(a, b)
    shorter, longer = sorted((len(a), len(b)))
    return shared >= max(shorter - 1, _STEM) or shared >= _SHARED * longer


def _shared(a: str, b: str) -> int:
    """How many letters two words share at their beginning."""
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def _slipped(wanted: str, word: str) -> bool:
    """Whether ``wanted`` is ``word``, or its beginning, with one slip of the finger."""
    if wanted[0] not in word[:2] and word[0] not in wanted[:2]:
        return False
    size = len(wanted)
    return any(_one_slip(wanted, beginning) for beginning in {word, word[:size], word[: size + 1]})


def _one_slip(a: str, b: str) -> bool:
    """Whether one letter added, left out, changed, or two neighbours swapped make one of the other."""
    if abs(len(a) - len(b)) > 1:
        return False
    start = _shared(a, b)
    rest_a, rest_b = a[start:], b[start:]
    swapped = rest_a[:2] == rest_b[1::-1] and rest_a[2:] == rest_b[2:] and len(rest_a) > 1
    return swapped or rest_a[1:] == rest_b[1:] or rest_a[1:] == rest_b or rest_a == rest_b[1:]


_Pattern = tuple[str, ...]


@lru_cache(maxsize=64)
def _patterns(flags: tuple[str, ...]) -> Mapping[str, tuple[_Pattern, ...]]:
    """Flags as plain words, by the first letters of their first word."""
    patterns = sorted(tuple(_FLAG_WORD.findall(plainly(flag))) for flag in flags)
    keyed = groupby((p for p in patterns if p), key=lambda p: p[0].removesuffix("*")[:_KEY])
    return MappingProxyType({key: tuple(group) for key, group in keyed})


def _follows(plain: Sequence[str], pattern: _Pattern) -> bool:
    """Whether the words of a text are those of a flag."""
    return len(plain) == len(pattern) and all(map(_is_flag, plain, pattern))


def _is_flag(word: str, flag: str) -> bool:
    stem = flag.removesuffix("*")
    goes_on = flag.endswith("*") or len(stem) > _STEM
    return word == stem or (goes_on and word.startswith(stem))
