"""The score of answers: the sum of ordinalValue and itemWeight of what was chosen."""

from dataclasses import dataclass
from decimal import Decimal

from app.forms.filling import Filling
from app.forms.nodes import Node
from app.forms.options import same_option


@dataclass(frozen=True)
class Score:
    """``total`` of ``most``, over ``answered`` of ``questions`` that give points."""

    total: Decimal
    most: Decimal
    answered: int
    questions: int


def score(filling: Filling) -> Score | None:
    """The score of a form; None when nothing in it gives points."""
    scored = [
        node for node in filling.questions if any(o.score is not None for o in filling.options(node) or ())
    ]
    if not scored:
        return None
    points = [_points(filling, node) for node in scored]
    given = [one for one in points if one is not None]
    return Score(
        sum(given, Decimal(0)),
        sum((_most(filling, node) for node in scored), Decimal(0)),
        len(given),
        len(scored),
    )


def _points(filling: Filling, node: Node) -> Decimal | None:
    chosen = [o for v in node.values for o in filling.options(node) or () if same_option(o.value, v)]
    given = [o.score for o in chosen if o.score is not None]
    return sum(given, Decimal(0)) if given else None


def _most(filling: Filling, node: Node) -> Decimal:
    scores = [o.score for o in filling.options(node) or () if o.score is not None]
    return sum((s for s in scores if s > 0), Decimal(0)) if node.item.repeats else max(scores)
