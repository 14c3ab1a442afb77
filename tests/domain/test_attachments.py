"""What may go with a message."""

import pytest

from app.domain.attachments import MEGABYTE, AttachmentProblem, Limits, problem_of

LIMITS = Limits()


@pytest.mark.parametrize(
    ("content_type", "size", "others", "problem"),
    [
        ("image/jpeg", 1, (), None),
        ("application/pdf", 6 * MEGABYTE, (), None),
        ("image/png", 6 * MEGABYTE, (4 * MEGABYTE,), None),
        ("image/jpeg", 0, (), AttachmentProblem.EMPTY),
        ("video/mp4", 10, (), AttachmentProblem.WRONG_TYPE),
        ("image/jpeg", 6 * MEGABYTE + 1, (), AttachmentProblem.TOO_LARGE),
        ("image/jpeg", 1, (1, 1, 1, 1), AttachmentProblem.TOO_MANY),
        ("image/jpeg", 5 * MEGABYTE, (3 * MEGABYTE, 3 * MEGABYTE), AttachmentProblem.TOTAL_TOO_LARGE),
    ],
)
def test_a_file_is_held_against_the_limits(
    content_type: str, size: int, others: tuple[int, ...], problem: AttachmentProblem | None
) -> None:
    assert problem_of(LIMITS, content_type, size, others) is problem


def test_a_region_sets_its_own_limits() -> None:
    strict = Limits.model_validate({"count": 1, "types": ["application/pdf"]})
    assert problem_of(strict, "image/jpeg", 1) is AttachmentProblem.WRONG_TYPE
    assert problem_of(strict, "application/pdf", 1, (1,)) is AttachmentProblem.TOO_MANY
