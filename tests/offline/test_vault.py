"""Sealing: only the same key, the same place and the same content open."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Locked
from app.offline.vault import AesVault, new_key

KEY = bytes(range(32))


@given(st.binary(max_size=3000), st.text(max_size=40), st.booleans())
def test_what_is_sealed_opens_to_the_same(data: bytes, place: str, pack: bool) -> None:
    """Any bytes, any place, packed or not; either form opens with the other setting."""
    sealed = AesVault(KEY, pack).seal(data, place)

    assert AesVault(KEY, not pack).open(sealed, place) == data
    assert len(data) < 16 or data not in sealed


@given(st.binary(min_size=1, max_size=300), st.integers(min_value=0), st.integers(1, 255))
def test_one_changed_byte_is_noticed(data: bytes, where: int, by: int) -> None:
    """Form, nonce or content: nothing can be altered."""
    sealed = bytearray(AesVault(KEY).seal(data, "place"))
    sealed[where % len(sealed)] ^= by

    with pytest.raises(Locked):
        AesVault(KEY).open(bytes(sealed), "place")


def test_another_place_or_another_key_does_not_open() -> None:
    """A row cannot pass for another one, nor an account for another."""
    sealed = AesVault(KEY).seal(b"secret", "me|Communication|1|v1")

    with pytest.raises(Locked):
        AesVault(KEY).open(sealed, "me|Communication|2|v1")
    with pytest.raises(Locked):
        AesVault(new_key()).open(sealed, "me|Communication|1|v1")


@pytest.mark.parametrize("broken", [b"", b"\x01", b"\x02" + bytes(11), bytes(40)])
def test_a_stump_is_locked_not_a_crash(broken: bytes) -> None:
    """Whatever is left of a value."""
    with pytest.raises(Locked):
        AesVault(KEY).open(broken, "place")


def test_a_key_of_another_length_is_no_key() -> None:
    """A cut-off key from the secret storage."""
    with pytest.raises(Locked):
        AesVault(b"short")


def test_the_same_text_never_looks_the_same() -> None:
    """A fresh nonce each time."""
    vault = AesVault(KEY)
    assert len({vault.seal(b"the same", "place") for _ in range(50)}) == 50
