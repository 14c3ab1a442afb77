"""What a tester with a ruler and a screen reader would notice: names, sizes, headings, focus, as scripts."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tests.e2e.driver import IS_CUT, Person

LEAST = 44  # pixels: the least height and width of what is pressed

_HELPERS = """
const host = document.querySelector('flt-semantics-host') || document.body;
const pressed = 'button, input, textarea, select, a[href], [role=button], [role=radio], [role=checkbox], [role=tab]';
const seen = e => e.getClientRects().length > 0 && !e.closest('[aria-hidden="true"]');
const words = e => (e.ariaLabel || e.textContent || e.labels?.[0]?.textContent || '').trim();
const name = 'flt-semantics-identifier';
const id = e => e.getAttribute(name) || e.id || e.closest(`[${name}]`)?.getAttribute(name) || e.tagName;
"""


def _script(body: str) -> str:
    return f"() => {{ {IS_CUT} {_HELPERS} {body} }}"


NAMELESS = _script("return [...host.querySelectorAll(pressed)].filter(seen).filter(e => !words(e)).map(id)")
SMALL = _script(
    f"""return [...host.querySelectorAll(pressed)].filter(seen).map(e => [e, e.getBoundingClientRect()])
  .filter(([e, b]) => b.width && Math.min(b.height, b.width) < {LEAST} - 0.5 && !e.matches('h1 a, p a'))
  .filter(([e, b]) => !cut(e, b))
  .map(([e, b]) => `${{id(e)}} ${{words(e).slice(0, 30)}}: ${{b.width.toFixed(0)}} x ${{b.height.toFixed(0)}}`)"""
)
HEADINGS = _script(
    "return [...host.querySelectorAll('h1,h2,h3,h4,h5,h6')].filter(seen).map(e => [+e.tagName[1], words(e)])"
)
OUTSIDE = _script(
    """return [...host.querySelectorAll('[role], span, h1, h2, h3, input, textarea')].filter(seen)
  .map(e => [e, e.getBoundingClientRect()])
  .filter(([, b]) => b.width && (b.right > innerWidth + 1 || b.left < -1))
  .map(([e, b]) => `${words(e).slice(0, 50)}: ${b.left.toFixed(0)} to ${b.right.toFixed(0)}`)"""
)
FOCUS = _script(
    """const e = document.activeElement, style = getComputedStyle(e);
  return {id: id(e), words: words(e).slice(0, 60), tag: e.tagName, role: e.getAttribute('role') || '',
    top: e.getBoundingClientRect().top, bottom: e.getBoundingClientRect().bottom,
    ring: style.outlineStyle === 'solid' && parseFloat(style.outlineWidth) >= 2}"""
)
ROOT_FONT = """(() => { const enlarge = () => {
  if (document.documentElement) document.documentElement.style.fontSize = '32px' };
  new MutationObserver(enlarge).observe(document, {childList: true}); enlarge(); })()"""
LISTEN = """() => { window.announced = []; new MutationObserver(() => {
  const said = [...document.querySelectorAll('flt-announcement-host *, [aria-live]')].map(e => e.textContent.trim());
  for (const words of said) if (words && !announced.includes(words)) announced.push(words);
}).observe(document.documentElement, {childList: true, subtree: true, characterData: true}) }"""


@dataclass(frozen=True)
class Focus:
    """Where the keyboard is. ``id``: the name for machines, or the tag; ``ring``: the focus can be seen."""

    id: str
    words: str
    tag: str
    role: str
    top: float
    bottom: float
    ring: bool


def focus(person: Person) -> Focus:
    """What has the focus now."""
    return Focus(**person.page.evaluate(FOCUS))


def headings(person: Person) -> list[tuple[int, str]]:
    """Level and words of every heading, in order."""
    return [(level, words) for level, words in person.page.evaluate(HEADINGS)]


def heading_faults(found: list[tuple[int, str]]) -> list[str]:
    """One h1, first, and no level skipped."""
    levels = [level for level, _ in found]
    skipped = [f"h{b} after h{a}" for a, b in pairwise(levels) if b > a + 1]
    return ([] if levels.count(1) == 1 and levels[0] == 1 else [f"h1: {levels}"]) + skipped


def faults(person: Person) -> dict[str, Any]:
    """Everything that is wrong with the screen as it is: empty when nothing is."""
    page = person.page
    dialog = page.locator("[role=alertdialog], [role=dialog]").count() > 0
    found = {
        "axe": person.violations(),
        "nameless": page.evaluate(NAMELESS),
        "small": page.evaluate(SMALL),
        "outside": page.evaluate(OUTSIDE),
        "sideways": [] if len(set(person.widest())) == 1 else [person.widest()],
        "headings": [] if dialog else heading_faults(headings(person)),
        "title": [] if page.title().strip() else ["no title"],
    }
    return {what: wrong for what, wrong in found.items() if wrong}
