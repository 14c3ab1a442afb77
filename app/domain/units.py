"""The few conversions between units that a resident's own results need, each with its source.

No general library fits: between mass and amount of substance one must know the substance, the browser has to load
what is used (Pint with a UCUM grammar takes two seconds to import on a desktop), and a conversion that is not listed
here is better not made: such values are shown apart. Units are UCUM codes, case-sensitive (https://ucum.org).
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from types import MappingProxyType
from typing import NamedTuple

from app.domain.results import Amount, Limits

_PREFIX: Mapping[str, int] = MappingProxyType(
    {"": 0, "k": 3, "d": -1, "c": -2, "m": -3, "u": -6, "n": -9, "p": -12, "f": -15}
)
_BASES = ("g", "mol", "U", "[IU]", "m", "L", "l")
MOLAR_MASS: Mapping[str, Decimal] = MappingProxyType(
    {
        code: Decimal(mass)
        for mass, codes in {
            "180.156": ("14771-0", "14749-6", "15074-8", "14743-9", "2345-7", "1558-6", "2339-0", "41653-7"),
            "386.65": ("14647-2", "2093-3", "14646-4", "2085-9", "22748-8", "13457-7", "2089-1"),
            "113.12": ("14682-9", "2160-0"),
        }.items()
        for code in codes
    }
)
"""Grams per mole (PubChem: D-glucose CID 5793, cholesterol CID 5997, creatinine CID 588), by LOINC code."""
HBA1C = frozenset({"59261-8", "4548-4", "17856-6", "41995-2"})
_IFCC, _OFFSET = Decimal("10.929"), Decimal("2.15")
"""HbA1c: IFCC (mmol/mol) = 10.929 × (NGSP % − 2.15), the IFCC-NGSP master equation (Hoelzel et al. 2004)."""
_SAME: Mapping[str, str] = MappingProxyType(
    {"l/min": "L/min", "/min": "{beats}/min", "mm[Hg]": "mmHg", "Cel": "°C", "m[IU]/L": "mU/L"}
)


HUGE = 20  # digits before the decimal mark


class _Power(NamedTuple):
    base: str
    power: int


_ONE = _Power("", 0)


def same_unit(one: Amount, other: Amount) -> bool:
    """Whether two amounts are in the same unit, by their codes where they have them."""
    return _name(one) == _name(other)


def converted(amount: Amount, like: Amount, analyte: str = "") -> Decimal | None:
    """``amount`` in the unit of ``like``, rounded to what is meaningful; None where that is not known.

    ``analyte``: LOINC code of what is measured.
    """
    one, other = _name(amount), _name(like)
    if analyte in HBA1C and {one, other} == {"%", "mmol/mol"}:
        percent = one == "%"
        value = (amount.value - _OFFSET) * _IFCC if percent else amount.value / _IFCC + _OFFSET
        return _rounded(value, like.value)
    if one == "[lb_av]" and other == "kg":
        return _rounded(amount.value * Decimal("0.45359237"), like.value)
    if one == "[degF]" and other in ("Cel", "°C"):
        return _rounded((amount.value - 32) / Decimal("1.8"), like.value)
    scaled = _scaled(amount.value, one, other, MOLAR_MASS.get(analyte))
    return None if scaled is None else _rounded(scaled, like.value)


def limits_in(limits: Limits, like: Amount, analyte: str = "") -> Limits:
    """The limits in the unit of ``like``, so that they may be drawn beside it; only their words where that is not
    known."""
    own = Amount(value=Decimal(0), unit=limits.unit, code=limits.unit)
    if not limits.unit or limits.unit == like.unit or same_unit(own, like):
        return limits
    ends = (limits.low, limits.high)
    low, high = (None if end is None else converted(_of(own, end), like, analyte) for end in ends)
    if (low is None, high is None) != (limits.low is None, limits.high is None):
        return Limits(text=limits.text)
    return Limits(low=low, high=high, unit=like.code or like.unit, text=limits.text)


def _of(amount: Amount, value: Decimal) -> Amount:
    return amount.model_copy(update={"value": value})


def _name(amount: Amount) -> str:
    name = amount.code or amount.unit
    return _SAME.get(name, name).replace("/l", "/L")


def _scaled(value: Decimal, one: str, other: str, mass: Decimal | None) -> Decimal | None:
    """Between concentrations: the same substance in other prefixes, or mass and amount of substance."""
    first, second = one.split("/"), other.split("/")
    if len(first) != len(second) or len(first) > 2:
        return None
    top, wanted_top = _power(first[0]), _power(second[0])
    bottom, wanted_bottom = (_power(first[1]), _power(second[1])) if len(first) == 2 else (_ONE, _ONE)
    if not (top and wanted_top and bottom and wanted_bottom) or bottom.base != wanted_bottom.base:
        return None
    factor = Decimal(10) ** (top.power - wanted_top.power - bottom.power + wanted_bottom.power)
    base, wanted = top.base, wanted_top.base
    if base == wanted:
        return value * factor
    if mass and {base, wanted} == {"g", "mol"}:
        return value * factor / mass if base == "g" else value * factor * mass
    return None


def _power(unit: str) -> _Power | None:
    for base in _BASES:
        prefix = unit.removesuffix(base)
        if unit.endswith(base) and prefix in _PREFIX:
            return _Power(base.upper() if base == "l" else base, _PREFIX[prefix])
    return None


def _rounded(value: Decimal, like: Decimal) -> Decimal:
    """To as many decimals as the value it stands beside, at least three digits; what is huge stays as it is."""
    if value.adjusted() > HUGE:
        return value
    digits = max(-int(like.as_tuple().exponent), 0) if isinstance(like.as_tuple().exponent, int) else 1
    digits = max(digits, 2 - value.adjusted()) if value else digits
    return value.quantize(Decimal(1).scaleb(-min(digits, 4)), ROUND_HALF_EVEN)
