"""The map of stored data names everything that is stored, and the page that residents' lawyers read is the code's."""

import re

from app.bootstrap.own import scopes
from app.domain.datamap import DATA_MAP
from app.offline import schema
from tests.datamap import FILE, written


def test_every_table_is_on_the_map() -> None:
    """Nothing is stored that is not told."""
    tables = set(re.findall(r"CREATE TABLE (\w+)\(", " ".join(schema.MIGRATIONS)))
    assert tables <= {table for one in DATA_MAP for table in one.tables} | set()


def test_everything_fetched_is_on_the_map() -> None:
    """Every type that a room asks for has a purpose."""
    asked = {scope.type for scope in scopes("someone")}
    assert asked <= {type for one in DATA_MAP for type in one.types}


def test_the_page_is_the_codes() -> None:
    """``python -m tests.datamap`` writes it."""
    assert FILE.read_text("utf-8") == written()
