"""The walk through a person's own data: what was recorded, measured at home, and the particulars."""

import re
from collections.abc import Callable

from tests.e2e import walk
from tests.e2e.driver import ADOPTION
from tests.e2e.walk import Stop, Walker, at, visit


def _named(words: str, identifier: str) -> Callable[[Walker], None]:
    """Press the first card whose name begins with ``words``."""

    def go(walker: Walker) -> None:
        card = walker.person.page.get_by_role("button", name=re.compile(f"^{words}")).first
        card.focus()
        walker.person.page.wait_for_timeout(ADOPTION)
        card.press("Enter")
        walker.person.sees(identifier)

    return go


def _list(kind: str) -> Callable[[Walker], None]:
    return at(f"/record/{kind}", f"record.{kind}")


def _doubted(walker: Walker) -> None:
    visit(walker.person, "/measurements/blood-pressure/add", "measurements.form")
    walker.person.write("measurements.systolic", "82")
    walker.person.write("measurements.diastolic", "128")
    walker.person.press("measurements.save")
    walker.person.sees("measurements.doubt")


def _preview(walker: Walker) -> None:
    visit(walker.person, "/me/permissions", "me.permissions")
    walker.person.sees("me.permission.feedback")
    walker.person.press("me.permission.feedback")
    walker.person.sees("me.permission-dialog")


def _closed(walker: Walker) -> None:
    walker.person.page.keyboard.press("Escape")
    walker.person.misses("me.permission-dialog")
    visit(walker.person, "/me/log", "me.log")


RECORD = (
    Stop("record-home", lambda w: walk.sign_in(w, "raija")),
    Stop("record", at("/record", "record"), main=True),
    Stop("record-results", _list("results"), main=True),
    Stop("record-panel", _named("Diabeteksen seuranta", "record.panel")),
    Stop("record-result", _named("Pitkäaikaissokeri", "record.trend"), main=True),
    Stop("record-medicines", _list("medicines"), main=True),
    Stop("record-medicine", _named("Atorvastatiini", "record.medicine"), main=True),
    Stop("record-visits", _list("visits")),
    Stop("record-visit", _named("Lääkärin vastaanotto", "record.entry"), main=True),
    Stop("record-documents", _list("documents")),
    Stop("record-paper", _named("Yhteenveto vuosikontrollista", "record.paper")),
    Stop("measurements", at("/measurements", "measurements"), main=True),
    Stop("measurement", at("/measurements/blood-pressure", "record.trend"), main=True),
    Stop("measure-doubt", _doubted, main=True),
    Stop("measure-summary", at("/measurements/summary", "measurements.csv")),
    Stop("me", at("/me", "me.details"), main=True),
    Stop("me-change", at("/me/change/phone", "me.change")),
    Stop("me-needs", at("/me/needs", "me.needs")),
    Stop("me-permission", _preview, main=True),
    Stop("me-log", _closed, main=True),
    Stop("me-data", at("/me/data", "me.data.json")),
)
