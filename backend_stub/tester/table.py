"""The tester's controls as a table: the routes, /tester/docs and /tester/openapi.json all come from it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

Answer = Any
Handler = Callable[[Request, dict[str, Any]], Awaitable[Answer]]


@dataclass(frozen=True)
class Control:
    """One control. ``body``: an example of what is sent (None: nothing), ``answer``: an example of what comes back."""

    method: str
    path: str
    what: str
    handler: Handler
    body: dict[str, Any] | None = None
    answer: Any = None
    group: str = ""


def openapi(controls: list[Control], base_url: str) -> dict[str, Any]:
    """An OpenAPI 3.1 description with the table's own examples."""
    paths: dict[str, dict[str, Any]] = {}
    for control in controls:
        paths.setdefault(control.path, {})[control.method.lower()] = _operation(control)
    about = {
        "title": "Digiklinikka stub: tester's controls",
        "version": "1",
        "description": "Local use only.",
    }
    return {"openapi": "3.1.0", "info": about, "servers": [{"url": base_url}], "paths": paths}


def _operation(control: Control) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "summary": control.what,
        "tags": [control.group],
        "responses": {"200": {"description": "done", "content": _json(control.answer)}},
    }
    names = [part[1:-1] for part in control.path.split("/") if part.startswith("{")]
    if names:
        operation["parameters"] = [_parameter(name) for name in names]
    if control.body is not None:
        operation["requestBody"] = {"content": _json(control.body)}
    return operation


def _parameter(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _json(example: Any) -> dict[str, Any]:
    return {"application/json": {"schema": {}, "example": example}}
