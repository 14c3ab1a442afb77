"""One-time codes and the decision helper (rows B2, B4)."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.ombudsman import ALPHABET, QUESTIONS, SECRET, Path, new_code, read_code, spelled, step


def code(seed: int = 1) -> str:
    return new_code(random.Random(seed).randrange)


def test_a_code_has_more_than_ninety_bits() -> None:
    assert len(ALPHABET) ** SECRET > 2**90
    assert re.fullmatch(r"(\w{5}-){3}\w{5}", code())


@given(seed=st.integers(0, 10_000), spaces=st.sampled_from(["", " ", "-", " - "]), low=st.booleans())
def test_a_code_is_read_however_it_is_written(seed: int, spaces: str, low: bool) -> None:
    made = code(seed)
    written = spaces.join(made.replace("-", ""))
    assert read_code(written.lower() if low else written) == made


@given(seed=st.integers(0, 10_000), place=st.integers(0, SECRET - 1), other=st.integers(1, len(ALPHABET) - 1))
def test_one_wrong_character_is_noticed_before_anything_is_sent(seed: int, place: int, other: int) -> None:
    """But for the one pair of characters that the check takes for the same."""
    plain = code(seed).replace("-", "")
    changed = ALPHABET[(ALPHABET.index(plain[place]) + other) % len(ALPHABET)]
    if {plain[place], changed} != {"0", "Z"}:
        assert read_code(plain[:place] + changed + plain[place + 1 :]) is None


@pytest.mark.parametrize("text", ["", "ABC", "!" * 20, "ÄÄÄÄÄ-ÄÄÄÄÄ-ÄÄÄÄÄ-ÄÄÄÄÄ", "x" * 500])
def test_what_cannot_be_a_code_is_none(text: str) -> None:
    assert read_code(text) is None


def test_letters_that_look_like_digits_are_taken_for_them() -> None:
    made = next(c for seed in range(200) if "0" in (c := code(seed)) and "1" in c)
    assert read_code(made.replace("0", "O").replace("1", "l")) == made


def test_a_code_is_said_character_by_character() -> None:
    assert spelled("AB1-2CD") == "A B 1. 2 C D"


def test_every_way_through_the_helper_ends_within_five_questions() -> None:
    """And every place a matter may belong to is reached."""
    ends: list[tuple[int, Path]] = []

    def walk(answers: tuple[str, ...]) -> None:
        question, path = step(answers)
        if path is not None:
            ends.append((len(answers), path))
            return
        for choice in QUESTIONS[question]:
            walk((*answers, choice.id))

    walk(())
    assert {path for _, path in ends} == set(Path)
    assert all(2 <= length <= 5 for length, _ in ends)


@given(answers=st.lists(st.text(max_size=8), max_size=6))
def test_answers_that_no_question_has_lead_back_to_a_question(answers: list[str]) -> None:
    question, path = step(tuple(answers))
    assert (question in QUESTIONS) != (path is not None)
