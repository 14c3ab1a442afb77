"""What the screens of one session share: its stores."""

from typing import Any

import flet as ft

from app.stores.stores import Stores

StoresContext: Any = ft.create_context(None)


def use_stores() -> Stores:
    """The session's stores."""
    stores: Stores = ft.use_context(StoresContext)
    return stores
