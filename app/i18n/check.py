"""``python -m app.i18n.check``: are the catalogues whole, and does the code ask for texts that exist?

Mistakes: a key, a plural form or a placeholder that one catalogue has and another lacks (plain Finnish may
leave placeholders out), an empty or fuzzy text, a placeholder that is more than a name, a ``t("…")`` in code
without a text, plain Finnish that repeats a long Finnish text or has a sentence of more than 15 words.
Remarks: sentences of plain Finnish longer than 12 words, and texts that nothing in the code names.
"""

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from string import Formatter

from app.i18n.catalog import FALLBACK, LANGUAGES, LOCALES, Forms, files, read

PLAIN = "fi_selko"
CODE = Path(__file__).parent.parent
LONG_TEXT = LONG_SENTENCE = 12
TOO_LONG_SENTENCE = 15
_KEY = re.compile(r'^msgid "(.+)"$', re.MULTILINE)
_COMPOSED = re.compile(r"[a-z_]+\\\.")  # a pattern that begins with the name of a room
_SENTENCE_END = re.compile(r"[.!?…:]\s|\n")

Catalogues = Mapping[str, Mapping[str, Forms]]


def main(code: Path = CODE, locales: Path = LOCALES) -> int:
    """Print what is found; 1 when there are mistakes."""
    catalogues = {language: read(language) for language in LANGUAGES}
    wanted = Wanted(code)
    mistakes = [*check(catalogues), *fuzzy(locales), *twice(locales), *wanted.missing(catalogues[FALLBACK])]
    remarks = [*long_sentences(catalogues[PLAIN], LONG_SENTENCE), *wanted.unused(catalogues[FALLBACK])]
    lines = [*(f"remark: {line}" for line in remarks), *(f"MISTAKE: {line}" for line in mistakes)]
    sys.stdout.write("\n".join([*lines, _summary(catalogues, mistakes, remarks), ""]))
    return 1 if mistakes else 0


def check(catalogues: Catalogues) -> Iterator[str]:
    """Mistakes within the catalogues."""
    base = catalogues[FALLBACK]
    for language, texts in catalogues.items():
        for key in sorted(base.keys() ^ texts.keys()):
            yield f"{language}: {'lacks' if key in base else 'has, but fi lacks,'} {key}"
        for key in sorted(base.keys() & texts.keys()):
            yield from (
                f"{language}: {key}: {problem}" for problem in _problems(base[key], texts[key], language)
            )
    yield from plain_repeats(base, catalogues[PLAIN])
    yield from long_sentences(catalogues[PLAIN], TOO_LONG_SENTENCE)


def _problems(base: Forms, forms: Forms, language: str) -> Iterator[str]:
    """What is wrong with one text in comparison with the Finnish one."""
    if len(forms) != len(base):
        yield f"{len(forms)} plural forms, Finnish has {len(base)}"
    elif any(not form.strip() for form in forms):
        yield "is empty"
    else:
        yield from _odd_placeholders(base, forms, language)


def _odd_placeholders(base: Forms, forms: Forms, language: str) -> Iterator[str]:
    try:
        ours, theirs = placeholders(forms), placeholders(base)
    except ValueError as error:
        yield str(error)
        return
    if ours - theirs or (theirs - ours and language != PLAIN):
        yield f"has placeholders {sorted(ours)}, Finnish has {sorted(theirs)}"


def placeholders(forms: Forms) -> set[str]:
    """Names in braces. Raises ValueError for one that is no plain name. A plural may leave ``n`` out."""
    names = {
        name for form in forms for _, name, spec, _ in Formatter().parse(form) if name is not None or spec
    }
    odd = sorted(str(name) for name in names if not str(name).isidentifier())
    if odd:
        raise ValueError(f"placeholders must be plain names, not {odd}")
    return {str(name) for name in names} - {"n"} if len(forms) > 1 else {str(name) for name in names}


def fuzzy(locales: Path) -> Iterator[str]:
    """Texts marked as doubtful, which the app would show all the same."""
    for path in sorted(locales.rglob("*.po")):
        if re.search(r"^#,.*\bfuzzy\b", path.read_text("utf-8"), re.MULTILINE):
            yield f"{path.parent.parent.name}: has fuzzy texts"


def twice(locales: Path) -> Iterator[str]:
    """Texts that stand in two files of one catalogue, or twice in one."""
    for language in LANGUAGES:
        keys = [key for path in files(language, locales) for key in _KEY.findall(path.read_text("utf-8"))]
        yield from (f"{language}: {key} is there twice" for key, count in Counter(keys).items() if count > 1)


def plain_repeats(finnish: Mapping[str, Forms], plain: Mapping[str, Forms]) -> Iterator[str]:
    """Long Finnish texts that plain Finnish has not put more simply."""
    for key in sorted(finnish.keys() & plain.keys()):
        if finnish[key] == plain[key] and max(len(form.split()) for form in finnish[key]) > LONG_TEXT:
            yield f"{PLAIN}: {key}: repeats a Finnish text of more than {LONG_TEXT} words"


def long_sentences(texts: Mapping[str, Forms], limit: int) -> Iterator[str]:
    """Sentences of more than ``limit`` words."""
    for key, forms in sorted(texts.items()):
        for sentence in chain.from_iterable(_SENTENCE_END.split(form) for form in forms):
            if len(sentence.split()) > limit:
                yield f"{PLAIN}: {key}: {len(sentence.split())} words in a sentence: {sentence}"


class Wanted:
    """The keys that code asks for: ``t("a.b")``, ``t(f"a.{x}")`` as patterns, and all other literals."""

    def __init__(self, code: Path) -> None:
        self.keys: dict[str, str] = {}
        self.patterns: dict[str, str] = {}
        self.literals: set[str] = set()
        self.composed: set[str] = set()
        for path in sorted(code.rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                self._look(node, path.relative_to(code).as_posix())

    def missing(self, texts: Iterable[str]) -> Iterator[str]:
        """Keys and patterns that no text fits."""
        known = set(texts)
        for key, where in self.keys.items():
            if key not in known:
                yield f"{where}: there is no text {key}"
        for pattern, where in self.patterns.items():
            if not any(re.fullmatch(pattern, key) for key in known):
                yield f"{where}: no text fits {pattern}"

    def unused(self, texts: Iterable[str]) -> Iterator[str]:
        """Texts that no literal and no pattern of the code names, in one line."""
        named = self.literals | self.keys.keys()
        fits = re.compile("|".join([*self.patterns, *self.composed, "(?!)"]))
        left = sorted(key for key in texts if key not in named and not fits.fullmatch(key))
        if left:
            yield f"{len(left)} texts that the code does not name: {', '.join(left)}"

    def _look(self, node: ast.AST, where: str) -> None:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            self.literals.add(node.value)
        if isinstance(node, ast.JoinedStr) and _COMPOSED.match(_pattern(node)):
            self.composed.add(_pattern(node))
        asks = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "t"
        if isinstance(node, ast.Call) and asks and node.args:
            for part in _choices(node.args[0]):
                self._note(part, f"{where}:{node.lineno}")

    def _note(self, part: ast.expr, where: str) -> None:
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            self.keys.setdefault(part.value, where)
        elif isinstance(part, ast.JoinedStr):
            self.patterns.setdefault(_pattern(part), where)


def _choices(node: ast.expr) -> Iterator[ast.expr]:
    """The branches of ``a if b else c``, or the expression itself."""
    if isinstance(node, ast.IfExp):
        yield from _choices(node.body)
        yield from _choices(node.orelse)
    else:
        yield node


def _pattern(node: ast.JoinedStr) -> str:
    """An f-string as a regular expression, its values being anything."""
    return "".join(re.escape(str(p.value)) if isinstance(p, ast.Constant) else ".+" for p in node.values)


def _summary(catalogues: Catalogues, mistakes: list[str], remarks: list[str]) -> str:
    count = len(catalogues[FALLBACK])
    return f"{count} texts in {len(catalogues)} languages: {len(mistakes)} mistakes, {len(remarks)} remarks"


if __name__ == "__main__":
    raise SystemExit(main())
