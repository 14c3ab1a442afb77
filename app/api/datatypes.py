"""The data types of FHIR R4 that the app reads: every element optional, unknown ones kept (see ``wire``)."""

# ruff: noqa: N815 - elements bear the names that FHIR gives them

from pydantic import BaseModel, ConfigDict


class Element(BaseModel):
    """Any element: keeps what it does not know."""

    model_config = ConfigDict(extra="allow", defer_build=True, frozen=True)
    id: str | None = None
    extension: "tuple[Extension, ...]" = ()


class Coding(Element):
    system: str = ""
    code: str = ""
    display: str = ""


class CodeableConcept(Element):
    coding: tuple[Coding, ...] = ()
    text: str = ""


class Reference(Element):
    reference: str = ""
    display: str = ""


class Period(Element):
    start: str = ""
    end: str = ""


class Quantity(Element):
    value: float | None = None
    code: str = ""


class Range(Element):
    low: Quantity | None = None
    high: Quantity | None = None


class Extension(Element):
    url: str = ""
    valueString: str | None = None
    valueCode: str | None = None
    valueBoolean: bool | None = None
    valueInteger: int | None = None
    valueDateTime: str | None = None
    valueId: str | None = None
    valueUri: str | None = None
    valueUrl: str | None = None
    valueDate: str | None = None
    valueReference: Reference | None = None
    valueMoney: Quantity | None = None
    valueRange: Range | None = None


class Meta(Element):
    versionId: str = ""
    lastUpdated: str = ""


class ContactPoint(Element):
    system: str = ""
    value: str = ""
    use: str = ""
    rank: int | None = None


class HumanName(Element):
    use: str = ""
    text: str = ""
    family: str = ""
    given: tuple[str | None, ...] = ()


class Address(Element):
    use: str = ""
    text: str = ""
    line: tuple[str | None, ...] = ()
    city: str = ""
    postalCode: str = ""


class Attachment(Element):
    contentType: str = ""
    url: str = ""
    title: str = ""
    size: int = 0
    hash: str = ""
