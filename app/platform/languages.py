"""The languages that a resident has chosen for their device or browser, before they have chosen any in the app."""

import importlib

import flet as ft

_ASKED = "app.languages"
_LONGEST = 500  # characters of a header; browsers send some dozens


def languages_for(page: ft.Page) -> tuple[str, ...]:
    """Tags such as fi, sv-FI, the dearest first: of the browser, wherever Python runs; () on other devices."""
    if page.web and page.pyodide:
        return tuple(str(importlib.import_module("flet_js").languages).split(","))
    asked: tuple[str, ...] = page.session.store.get(_ASKED) or ()
    return asked


def ask_for(page: ft.Page, header: str) -> None:
    """Keep with the session of ``page`` what its browser asked for (Accept-Language, RFC 9110 12.5.4)."""
    page.session.store.set(_ASKED, in_order(header))


def in_order(header: str) -> tuple[str, ...]:
    """The tags of an Accept-Language ``header``, the dearest first. What cannot be read is left out."""
    weighed = [_weighed(part) for part in header[:_LONGEST].split(",")]
    wanted = [(weight, tag) for weight, tag in weighed if tag and tag != "*" and 0 < weight <= 1]
    return tuple(tag for _, tag in sorted(wanted, key=lambda one: -one[0]))


def _weighed(part: str) -> tuple[float, str]:
    tag, _, weight = part.partition(";")
    try:
        return float(weight.replace(" ", "").removeprefix("q=") or 1), tag.strip()
    except ValueError:
        return 0.0, ""
