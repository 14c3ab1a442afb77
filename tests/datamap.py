"""Writes docs/data-map.md from ``app.domain.datamap``: ``python -m tests.datamap``."""

import sys
from pathlib import Path

from app.domain.datamap import DATA_MAP
from app.i18n.catalog import Catalog

FILE = Path(__file__).parent.parent / "docs" / "data-map.md"


def written() -> str:
    """The page."""
    t = Catalog("en", strict=True)
    head = "# What is stored of a person\nWritten by `python -m tests.datamap`; a test holds it against the code.\n\n"
    rows = ["| what | made of | place | lifetime | purpose |", "|---|---|---|---|---|"]
    for one in DATA_MAP:
        made_of = ", ".join(one.types or one.tables) or "–"
        cells = (
            t(f"me.data.stored.{one.what}"),
            made_of,
            t(f"me.data.place.{one.place.value}"),
            t(f"me.data.lifetime.{one.lifetime.value}"),
            t(f"me.data.why.{one.what}"),
        )
        rows.append(f"| {' | '.join(cells)} |")
    return head + "\n".join(rows) + "\n"


if __name__ == "__main__":
    FILE.write_text(written(), "utf-8")
    sys.stdout.write(f"{FILE}\n")
