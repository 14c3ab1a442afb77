"""HealthcareServices to services."""

from datetime import UTC, datetime, time
from typing import Any

from api.examples import C, E
from fhir_schema import problems

from app.api.services import to_services
from app.domain.services import Channel, Nature, OpeningHours, Requirement, Sector, Service

TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"


def said(name: str, fi: str, sv: str) -> dict[str, Any]:
    parts = [{"url": "lang", "valueCode": "sv"}, {"url": "content", "valueString": sv}]
    return {name: fi, f"_{name}": {"extension": [{"url": TRANSLATION, "extension": parts}]}}


def coded(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": f"{C}{system}", "code": code}]}


def age(low: int, high: int) -> dict[str, Any]:
    return {"url": f"{E}eligible-age", "valueRange": {"low": {"value": low}, "high": {"value": high}}}


PLACE = {
    "resourceType": "Location",
    "id": "lahti",
    **said("description", "Ovi A", "Dörr A"),
    "address": {"line": ["Keskussairaalankatu 7"], "postalCode": "15850", "city": "Lahti"},
}
PROVIDER = {"resourceType": "Organization", "id": "tesa", **said("name", "Terveyspalvelut", "Hälsotjänster")}
SERVICE = {
    "resourceType": "HealthcareService",
    "id": "suu",
    **said("name", "Suun terveys", "Munhälsa"),
    **said("comment", "Hampaat ja suu", "Tänder och mun"),
    "providedBy": {"reference": "Organization/tesa"},
    "category": [coded("sector", "TESA")],
    "type": [said("text", "Hampaat", "Tänder")],
    "characteristic": [coded("channel", "message"), coded("channel", "hologram"), coded("channel", "phone")],
    "telecom": [{"system": "email", "value": "x"}, {"system": "phone", "value": "03 000 0110"}],
    "location": [{"reference": "Location/lahti"}],
    "availableTime": [
        {"daysOfWeek": ["mon", "fri"], "availableStartTime": "07:45:00", "availableEndTime": "15:00:00"},
        {"daysOfWeek": ["sat"], "allDay": True},
    ],
    "notAvailable": [
        {**said("description", "Muutto", "Flytt"), "during": {"start": "2026-11-23", "end": "2026-11-24"}},
        {"description": "Huolto", "during": {"start": "2026-12-01T10:00:00Z"}},
    ],
    "eligibility": [
        {
            "code": coded("eligibility", "age"),
            "extension": [age(7, 17)],
            **said("comment", "Lapsille", "För barn"),
        },
        {"code": coded("eligibility", "referral-required")},
        {"code": coded("eligibility", "horoscope")},
    ],
    "extension": [
        {"url": f"{E}reply-promise", "valueInteger": 3},
        {"url": f"{E}callback-promise", "valueInteger": 24},
        {"url": f"{E}nature", "valueCode": "complex"},
        {"url": f"{E}message-hours", "valueBoolean": True},
        {"url": f"{E}search-words", **said("valueString", "hammas, särky", "tand , värk, hammas")},
    ],
}


def read(language: str = "fi", **more: Any) -> Service:
    services, rejected = to_services([SERVICE | more], [PLACE], [PROVIDER], language=language)
    assert rejected == ()
    return services[0]


def test_the_examples_are_r4() -> None:
    assert [problems(r) for r in (SERVICE, PLACE, PROVIDER)] == [[], [], []]


def test_a_service_is_read_whole() -> None:
    service = read()
    assert (service.name, service.comment, service.group, service.provider) == (
        "Suun terveys",
        "Hampaat ja suu",
        "Hampaat",
        "Terveyspalvelut",
    )
    assert (service.sector, service.nature, service.channels) == (
        Sector.TESA,
        Nature.COMPLEX,
        (Channel.MESSAGE, Channel.PHONE),
    )
    assert (service.phone, service.address, service.entrance) == (
        "03 000 0110",
        "Keskussairaalankatu 7, 15850 Lahti",
        "Ovi A",
    )
    assert (service.promise_days, service.callback_hours, service.message_hours) == (3, 24, True)
    assert service.hours == (
        OpeningHours(days=(0, 4), opens=time(7, 45), closes=time(15)),
        OpeningHours(days=(5,)),
    )


def test_every_text_is_in_the_language_asked_for() -> None:
    service = read("sv")
    assert (service.name, service.comment, service.group, service.provider, service.entrance) == (
        "Munhälsa",
        "Tänder och mun",
        "Tänder",
        "Hälsotjänster",
        "Dörr A",
    )
    assert (service.closures[0].reason, service.eligibility[0].comment) == ("Flytt", "För barn")
    assert read("en").name == "Suun terveys"


def test_words_of_all_languages_find_a_service_the_own_ones_first() -> None:
    assert read("sv").search_words == ("tand", "värk", "hammas", "särky")
    assert read("fi_selko").search_words == ("hammas", "särky", "tand", "värk")


def test_a_closure_by_days_lasts_to_the_end_of_its_last_day_by_local_clocks() -> None:
    by_days, by_time = read().closures
    assert by_days.starts == datetime(2026, 11, 22, 22, tzinfo=UTC)
    assert by_days.ends == datetime(2026, 11, 24, 22, tzinfo=UTC)
    assert (by_time.starts, by_time.ends) == (datetime(2026, 12, 1, 10, tzinfo=UTC), None)


def test_requirements_are_read_and_unknown_ones_passed_over() -> None:
    rules = read().eligibility
    assert [(r.requirement, r.low, r.high) for r in rules] == [
        (Requirement.AGE, 7, 17),
        (Requirement.REFERRAL, None, None),
    ]


def test_a_bare_service_is_still_one() -> None:
    services, _ = to_services([{"resourceType": "HealthcareService", "id": "x"}])
    assert services == (Service(id="x"),)


def test_odd_hours_are_left_out_and_missing_days_mean_every_day() -> None:
    odd = [{"daysOfWeek": ["mon"], "availableStartTime": "8", "availableEndTime": "soon"}]
    assert read(availableTime=odd).hours == ()
    daily = [{"availableStartTime": "08:00:00", "availableEndTime": "09:00:00"}]
    assert read(availableTime=daily).hours[0].days == tuple(range(7))


def test_ended_services_are_left_out_and_unreadable_ones_set_aside() -> None:
    services, rejected = to_services([SERVICE | {"active": False}, SERVICE | {"name": 1}, SERVICE], ["odd"])
    assert [s.id for s in services] == ["suu"]
    assert [(r.type, r.id) for r in rejected] == [("HealthcareService", "suu"), ("Location", "")]
