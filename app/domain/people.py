"""The people of the app: the resident, and the professionals who answer."""

from datetime import date

from app.domain.base import Model


class Resident(Model):
    """A person whose matters are dealt with. ``language``: fi, sv or en. Only the id is always known."""

    id: str
    name: str = ""
    first_name: str = ""
    birth_date: date | None = None
    language: str = "fi"
    phone: str = ""
    email: str = ""
    municipality: str = ""

    def age(self, on: date) -> int | None:
        """Whole years on a day; None when the day of birth is not known."""
        if self.birth_date is None:
            return None
        had_birthday = (on.month, on.day) >= (self.birth_date.month, self.birth_date.day)
        return on.year - self.birth_date.year - (not had_birthday)


class Professional(Model):
    """Who answers: name, role and unit as far as the service gives them."""

    id: str
    name: str = ""
    role: str = ""
    unit: str = ""
