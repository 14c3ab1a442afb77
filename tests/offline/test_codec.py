"""JSON there and back, whatever a server may have sent."""

import json

from hypothesis import given
from hypothesis import strategies as st

from app.offline import codec

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


def storable(value: object) -> bool:
    """Half of a surrogate pair is no text that can be kept."""
    return not any("\ud800" <= letter <= "\udfff" for letter in json.dumps(value, ensure_ascii=False))


@given(st.lists(VALUES.filter(storable), max_size=5))
def test_many_values_are_what_they_were(values: list[object]) -> None:
    """Parsed together or one by one; also numbers too large for a machine word."""
    bodies = [codec.to_bytes(value) for value in values]

    assert codec.from_many(bodies) == values == [codec.from_bytes(body) for body in bodies]


def test_half_a_character_does_not_stop_anything() -> None:
    """A server may send it, JSON allows it, and no file and no socket takes it."""
    assert codec.from_bytes(codec.to_bytes({"text": "a\ud83d b"})) == {"text": "a? b"}


def test_what_is_nested_very_deep_is_still_read() -> None:
    """Deeper than the quick parser goes."""
    deep = b"[" * 400 + b"]" * 400

    assert codec.from_many([deep]) == [json.loads(deep)]
