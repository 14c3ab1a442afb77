"""Names of people as shown."""

from typing import Any


def name_of(person: dict[str, Any]) -> str:
    """Given and family name of a Patient or Practitioner; an empty string where there is none."""
    names = person.get("name")
    first = names[0] if isinstance(names, list) and names else {}
    return " ".join([*first.get("given", ()), first.get("family", "")]).strip()
