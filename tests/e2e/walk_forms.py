"""The forms' screens as stops of the walk (see ``walk``)."""

from tests.e2e.walk import Stop, Walker, at, choose, sign_in, visit

SCALE, CHOICES, TABLES = (
    "/forms/fill/sleepiness-scale",
    "/forms/fill/service-needs",
    "/forms/fill/family-care-expenses",
)


def _open(walker: Walker, path: str) -> None:
    """By way of the list, so that one form is never taken for another."""
    visit(walker.person, "/forms", "forms")
    visit(walker.person, path, "forms.form")


def whole(path: str) -> object:
    """Begin a form, many questions on a page."""

    def go(walker: Walker) -> None:
        _open(walker, path)
        choose(walker.person, "forms.style", 1)
        walker.person.press("forms.start")
        walker.person.sees("forms.questions")

    return go


def _one(walker: Walker) -> None:
    _open(walker, SCALE)
    walker.person.press("forms.start")
    walker.person.sees("forms.questions")


def _mistakes(walker: Walker) -> None:
    walker.person.press("forms.next")
    walker.person.sees("forms.review")
    walker.person.press("forms.send")
    walker.person.sees("forms.mistakes")


def _answered(walker: Walker) -> None:
    _open(walker, "/forms/fill/pathway-feedback")
    choose(walker.person, "forms.style", 1)
    walker.person.press("forms.start")
    choose(walker.person, "forms.item:clear", 0)
    walker.person.write("forms.item:helped", "8")
    walker.person.press("forms.next")
    walker.person.sees("forms.review")
    walker.person.press("forms.send")
    walker.person.sees("forms.receipt")


FORMS = (
    Stop("forms", lambda w: (sign_in(w, "aino"), at("/forms", "forms")(w)), main=True),
    Stop("form-begin", at("/forms/fill/surgery-preinfo", "forms.form"), main=True),
    Stop("form-one", _one, main=True),
    Stop("form-whole", whole(CHOICES), main=True),  # type: ignore[arg-type]
    Stop("form-tables", whole(TABLES)),  # type: ignore[arg-type]
    Stop("form-mistakes", _mistakes, main=True),
    Stop("form-answered", _answered),
)
