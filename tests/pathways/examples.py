"""Small pathways for tests."""

from typing import Any

from app.pathways.model import Structure


def step(id: str, kind: str = "read", **more: Any) -> dict[str, Any]:
    """A step as in a file."""
    return {"id": id, "kind": kind, **more}


def pathway(*steps: dict[str, Any], anchors: tuple[dict[str, Any], ...] = (), **more: Any) -> Structure:
    """A pathway of one stage; ``more`` replaces parts of it."""
    told = {
        "id": "example",
        "version": "1.0.0",
        "languages": ["fi"],
        "access": "open",
        "readers": "self",
        "sector": "TESA",
        "reviewed": "2026-11-01",
        "anchors": list(anchors),
        "contacts": [{"id": "team", "service": "health-centre"}],
        "urgent": [{"id": "emergency"}],
        "stages": [{"id": "first", "steps": list(steps)}],
    }
    return Structure.model_validate({**told, **more})
