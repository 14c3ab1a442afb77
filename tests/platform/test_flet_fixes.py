"""Each of Flet's defects is gone, and comes back when its fix is left out."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import flet as ft
import pytest
from flet.controls.context import _context_page
from headless import RecordingClient, Screen

from app.platform.flet_fixes import FIXES, CrossSessionError, TaskBag, Typed, install, watch_faults

Install = Callable[..., None]


@pytest.fixture
def fixes() -> Iterator[Install]:
    """Put the fixes in place, all or without some; Flet is as before afterwards."""
    installed = []

    def put(*without: str, strict: bool = False) -> None:
        installed.append(install(frozenset(without), strict))

    yield put
    for each in installed:
        each.remove()


def every_way(name: str) -> pytest.MarkDecorator:
    """Run a test with all fixes, and once more without ``name``: then the defect must be seen."""
    return pytest.mark.parametrize("without", [(), (name,)], ids=["fixed", f"without {name}"])


@ft.component
def Counter(fails_at: int = -1) -> ft.Control:
    count, set_count = ft.use_state(0)
    if count == fails_at:
        raise ValueError("potilas Aino, kuume 39")
    return ft.Column([ft.Text(f"n={count}"), ft.Button("more", on_click=lambda: set_count(count + 1))])


@every_way("render")
async def test_an_exception_while_drawing_does_not_freeze_the_session(
    fixes: Install, without: tuple[str]
) -> None:
    """The part that failed keeps its old picture; the next change is drawn."""
    fixes(*without)
    screen = Screen(_Sometimes, quiet=True)

    await screen.tap(screen.role("button", "bad"))
    await screen.tap(screen.role("button", "good"))

    assert ("shows 2" in screen.texts) == (not without)
    await screen.close()


@ft.component
def _Sometimes() -> ft.Control:
    count, set_count = ft.use_state(0)
    if count == 1:
        raise ValueError("broken")
    good, bad = (lambda: set_count(2)), (lambda: set_count(1))
    return ft.Column(
        [ft.Text(f"shows {count}"), ft.Button("bad", on_click=bad), ft.Button("good", on_click=good)]
    )


@every_way("gone")
async def test_what_was_taken_off_the_screen_is_drawn_no_more(fixes: Install, without: tuple[str]) -> None:
    """Its neighbour failed while both were taken away, so that it was never told; it must let go by itself."""
    fixes(*without)
    drawn: list[str] = []
    news = _News()
    screen = Screen(_Page, lambda: _Line(news, drawn), quiet=True)
    held = list(screen.session.index.values())
    await screen.tap(screen.role("button"))
    drawn.clear()

    news.text = "later"
    await screen.settle()

    assert (drawn == []) == (not without), held
    await screen.close()


@ft.observable
@dataclass
class _News:
    text: str = ""


class _Clumsy(ft.Container):
    def will_unmount(self) -> None:
        raise ValueError("broken")


@ft.component
def _Page(line: Callable[[], ft.Control]) -> ft.Control:
    full, set_full = ft.use_state(True)
    parts = [line(), _Clumsy()] if full else []
    return ft.Column([ft.Button("empty", on_click=lambda: set_full(False)), *parts])


@ft.component
def _Line(news: _News, drawn: list[str]) -> ft.Control:
    drawn.append(news.text)
    return ft.Text(news.text)


@every_way("handlers")
async def test_an_exception_in_a_handler_stays_inside(fixes: Install, without: tuple[str]) -> None:
    """The screen lives on and is told; the browser is not sent a crash."""
    fixes(*without)
    told: list[str] = []
    screen = Screen(_Failing)
    watch_faults(screen.page, lambda: told.append("fault"))

    await screen.tap(screen.role("button"))

    assert screen.crashed == bool(without)
    assert bool(told) == (not without)
    await screen.close()


@ft.component
def _Failing() -> ft.Control:
    def fail() -> None:
        raise ValueError("potilas Aino, kuume 39")

    return ft.Button("press", on_click=fail)


@every_way("crash")
async def test_no_traceback_reaches_the_browser(fixes: Install, without: tuple[str]) -> None:
    """When Flet reports a crash after all, the resident reads calm words."""
    fixes("handlers", *without)
    screen = Screen(_Failing)

    await screen.tap(screen.role("button"))

    sent = screen.client.messages[-1].body.message
    assert ("Traceback" in sent) == bool(without)
    assert ("112" in sent) == (not without)
    await screen.close()


async def test_what_a_resident_wrote_is_not_in_the_log(
    fixes: Install, caplog: pytest.LogCaptureFixture
) -> None:
    """Failures are logged by class and place."""
    fixes()
    screen = Screen(_Failing)

    with caplog.at_level(logging.DEBUG, logger="app"):
        await screen.tap(screen.role("button"))

    assert "ValueError at test_flet_fixes.py" in caplog.text
    assert "Aino" not in caplog.text
    await screen.close()


@every_way("effects")
async def test_an_exception_in_an_async_effect_is_noticed(fixes: Install, without: tuple[str]) -> None:
    """It is logged and told, not lost."""
    fixes(*without)
    told: list[str] = []
    # asyncio speaks of what nobody noticed when it collects the task: in the midst of whichever test comes later
    asyncio.get_running_loop().set_exception_handler(lambda _, context: None)
    screen = Screen(_FailingEffect)
    watch_faults(screen.page, lambda: told.append("fault"))

    await screen.settle()

    assert bool(told) == (not without)
    await screen.close()


@ft.component
def _FailingEffect() -> ft.Control:
    async def load() -> None:
        raise ValueError("broken")

    ft.use_effect(load, [])
    return ft.Text("x")


@ft.observable
@dataclass
class Shared:
    """What must not be shared."""

    count: int = 0


@ft.component
def _Shows(shared: Shared) -> ft.Control:
    return ft.Text(f"n={shared.count}")


@every_way("sessions")
async def test_a_change_never_goes_to_another_residents_browser(fixes: Install, without: tuple[str]) -> None:
    """What changes in Aino's session is drawn where it is shown, and nothing of Bertta's goes to Aino."""
    fixes(*without)
    shared = Shared()
    bertta = Screen(_Shows, shared)
    aino = Screen(Counter)  # the last one made is at work
    await aino.settle()
    before = len(aino.client.messages)

    _context_page.set(aino.page)
    shared.count = 7
    await aino.settle()
    await bertta.settle()

    assert (len(aino.client.messages) > before) == bool(without)
    assert ("n=7" in bertta.texts) or without
    await aino.close()
    await bertta.close()


async def test_sharing_an_observable_is_an_error_in_tests(fixes: Install) -> None:
    """Strict mode refuses what would be a leak."""
    fixes(strict=True)
    shared = Shared()
    bertta, aino = Screen(_Shows, shared), Screen(Counter)

    _context_page.set(aino.page)
    with pytest.raises(CrossSessionError):
        shared.count = 1
    await aino.close()
    await bertta.close()


@every_way("sessions")
async def test_news_may_come_from_outside_of_any_session(fixes: Install, without: tuple[str]) -> None:
    """A background task without a page may change what a screen shows."""
    fixes(*without)
    shared = Shared()
    screen = Screen(_Shows, shared)
    _context_page.set(None)

    if without:
        with pytest.raises(RuntimeError):
            shared.count = 3
    else:
        shared.count = 3
        await screen.settle()
        assert "n=3" in screen.texts
    await screen.close()


@every_way("disconnected")
async def test_a_change_while_the_browser_is_away_is_drawn_when_it_is_back(
    fixes: Install, without: tuple[str]
) -> None:
    """The answer that came meanwhile is there."""
    fixes(*without)
    shared = Shared()
    screen = Screen(_Shows, shared)
    await screen.settle()

    await screen.session.disconnect(60)
    shared.count = 5
    back = RecordingClient({})
    back.session = screen.session
    screen.session.attach_connection(back)
    await screen.settle()

    assert ("n=5" in screen.texts) == (not without)
    await screen.close()


@every_way("typing")
async def test_a_key_pressed_while_the_one_before_is_drawn_is_not_taken_back(
    fixes: Install, without: tuple[str]
) -> None:
    """The client's next value arrives after the first event and before its drawing: nothing old is sent back."""
    fixes(*without)
    screen = Screen(_Field)
    [field] = screen.find(ft.TextField)
    sent = len(screen.client.messages)

    def key(value: str) -> None:
        screen.session.apply_patch(field._i, {"value": value})
        asyncio.get_running_loop().create_task(screen.session.dispatch_event(field._i, "change", value))

    key("kuu")
    await asyncio.sleep(0)
    key("kuume")
    await screen.settle()

    taken_back = any("'kuu'" in str(message.body) for message in screen.client.messages[sent:])
    assert taken_back == bool(without)
    await screen.close()


@ft.component
def _Field() -> ft.Control:
    words, set_words = ft.use_state("")
    return ft.TextField(
        value=words, on_change=lambda e: set_words(e.control.value), data=Typed(set_words), key="field"
    )


@every_way("tasks")
async def test_tasks_end_with_their_session(fixes: Install, without: tuple[str]) -> None:
    """Nothing goes on for a resident who has left."""
    fixes(*without)
    screen = Screen(Counter)
    forever = TaskBag(screen.page).create(asyncio.Event().wait())

    await screen.close()
    await asyncio.sleep(0)

    assert forever.cancelled() == (not without)
    forever.cancel()


async def test_a_second_install_changes_nothing(fixes: Install) -> None:
    """The fixes do not pile up."""
    fixes()
    owner, method = FIXES["render"][0].owner, FIXES["render"][0].method
    once = getattr(owner, method)

    install().remove()
    fixes()

    assert getattr(owner, method) is once


@every_way("keys")
async def test_two_controls_with_one_key_do_not_stop_the_drawing(fixes: Install, without: tuple[str]) -> None:
    """A mistake of ours in a list costs the list its identity, never the screen."""
    fixes(*without)
    screen = Screen(_Doubled, quiet=True)

    await screen.tap(screen.role("button", "change"))

    assert ([text for text in screen.texts if text in "acdef"] == list("afdaa")) == (not without)
    await screen.close()


@ft.component
def _Doubled() -> ft.Control:
    keys, set_keys = ft.use_state("cae")
    rows = [ft.Container(ft.Text(key), key=key) for key in keys]
    return ft.Column([ft.Button("change", on_click=lambda: set_keys("afdaa")), ft.Column(rows)])


@every_way("answers")
async def test_an_answer_for_a_control_that_has_gone_is_no_fault(fixes: Install, without: tuple[str]) -> None:
    """A browser may answer late: what asked may be off the screen by then."""
    fixes(*without)
    screen = Screen(Counter)

    late = lambda: screen.session.handle_invoke_method_results(987654321, "late", True, None)  # noqa: E731
    if without:
        with pytest.raises(RuntimeError):
            late()
    else:
        late()
    await screen.close()
