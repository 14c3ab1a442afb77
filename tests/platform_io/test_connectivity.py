"""Whether there is a connection, as far as anybody can tell."""

from types import SimpleNamespace

import flet as ft
import pytest

from app.platform import connectivity
from app.platform.connectivity import Exchanges


@pytest.fixture
def heard() -> list[bool]:
    return []


@pytest.fixture
def exchanges(heard: list[bool]) -> Exchanges:
    made = Exchanges()
    made.watch(heard.append)
    return made


def test_it_is_online_until_something_tells_otherwise(exchanges: Exchanges) -> None:
    assert exchanges.online


def test_changes_are_told_once(exchanges: Exchanges, heard: list[bool]) -> None:
    for reached in (True, False, False, True, True):
        exchanges.tell(reached)
    assert (heard, exchanges.online) == ([False, True], True)


def test_a_device_without_a_network_is_offline_and_with_one_again_worth_a_try(
    exchanges: Exchanges, heard: list[bool]
) -> None:
    exchanges.device(False)
    exchanges.device(True)
    exchanges.tell(False)
    exchanges.device(True)
    assert heard == [False, True, False, True]


def test_an_answer_corrects_a_device_that_is_wrong(exchanges: Exchanges) -> None:
    exchanges.device(False)
    exchanges.tell(True)
    assert exchanges.online


def test_who_stops_listening_hears_no_more(exchanges: Exchanges, heard: list[bool]) -> None:
    stop = exchanges.watch(lambda online: heard.append(not online))
    stop()
    stop()
    exchanges.tell(False)
    assert heard == [False]


def test_the_device_itself_is_followed(
    exchanges: Exchanges, heard: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connectivity.ft, "Connectivity", SimpleNamespace)
    service = connectivity.follow(exchanges)
    for kinds in ([ft.ConnectivityType.NONE], [ft.ConnectivityType.WIFI, ft.ConnectivityType.VPN], []):
        service.on_change(SimpleNamespace(connectivity=kinds))  # type: ignore[misc, arg-type]
    assert heard == [False, True, False]
