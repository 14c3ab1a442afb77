"""The diary: one time for one person, whatever they do and in whatever order (rows C2, C3, C6, C7, C8, C9)."""

import asyncio
from collections import Counter as Count
from datetime import datetime, timedelta

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend_stub.app import Platform, build
from backend_stub.booking import profile
from backend_stub.clock import Clock
from backend_stub.config import Config
from backend_stub.fhir.errors import FhirError
from tests.backend_stub.booking import FHIR, Body, Counter, got, slot_of
from tests.backend_stub.conftest import MONDAY
from tests.fhir_schema import problems

HEALTH_STATION = "terveysasema"


@pytest.fixture
def aino(platform: Platform, http: httpx.AsyncClient) -> Counter:
    """Aino Virtanen."""
    return Counter(platform, http, "aino")


@pytest.fixture
def tuomas(platform: Platform, http: httpx.AsyncClient) -> Counter:
    """Tuomas Rautio, who has nothing yet."""
    return Counter(platform, http, "tuomas")


async def free(who: Counter, place: int = 0) -> str:
    """A free slot of the health station."""
    return slot_of((await who.find(HEALTH_STATION))[place])


async def test_what_is_found_is_free_in_order_and_of_that_service(tuomas: Counter) -> None:
    found = await tuomas.find(HEALTH_STATION)
    starts = [datetime.fromisoformat(one["start"]) for one in found]

    assert len(found) > 20
    assert starts == sorted(starts)
    assert starts[0] > MONDAY
    assert {profile.first(profile.actors(one, "HealthcareService")) for one in found} == {HEALTH_STATION}
    assert {one["status"] for one in found} == {"proposed"}
    assert all(problems(one) == [] for one in found[:5])


async def test_finding_can_be_narrowed(tuomas: Counter) -> None:
    video = await tuomas.find(HEALTH_STATION, **{"appointment-type": "video"})
    doctors = await tuomas.find(HEALTH_STATION, practitioner="Practitioner/jussi")
    tuesday = await tuomas.find(
        HEALTH_STATION, start="2026-11-24T00:00:00+02:00", end="2026-11-25T00:00:00+02:00"
    )

    assert {profile.mode_of(one) for one in video} == {"video"}
    assert {profile.first(profile.actors(one, "Practitioner")) for one in doctors} == {"jussi"}
    assert {one["start"][:10] for one in tuesday} == {"2026-11-24"}


async def test_a_held_time_is_nobody_elses_until_the_hold_ends(
    aino: Counter, tuomas: Counter, platform: Platform
) -> None:
    slot = await free(aino)
    held = got(await aino.ask("hold", aino.wish(slot)))
    refused = await tuomas.ask("hold", tuomas.wish(slot))
    platform.clock.advance(timedelta(minutes=5))
    taken = got(await tuomas.ask("hold", tuomas.wish(slot)))
    late = await aino.ask("book", aino.wish(slot, held["id"]))

    assert (held["status"], refused.status_code, taken["status"], late.status_code) == (
        "pending",
        409,
        "pending",
        409,
    )
    assert refused.json()["issue"][0]["code"] == "not-found"
    assert datetime.fromisoformat(profile.get(held, "expires")["valueDateTime"]) == MONDAY + timedelta(
        minutes=5
    )
    assert problems(held) == []


async def test_booking_what_is_held_tells_everything_a_card_shows(aino: Counter, platform: Platform) -> None:
    slot = await free(aino)
    wish = aino.wish(
        slot, reasonCode=[{"text": "Selkä"}], extension=[{**_ext("question"), "valueString": "Miksi?"}]
    )
    held = got(await aino.ask("hold", wish))
    booked = got(await aino.ask("book", wish | {"id": held["id"]}))

    assert booked["status"] == "booked"
    assert booked["description"]
    assert all(profile.get(booked, name) for name in ("cost", "preparation", "mutability"))
    assert profile.get(booked, "question")["valueString"] == "Miksi?"
    assert booked["reasonCode"][0]["text"] == "Selkä"
    assert not profile.get(booked, "expires")
    assert platform.repository.read("Slot", slot)["status"] == "busy"
    assert problems(booked) == []


async def test_asked_twice_it_is_one_appointment(aino: Counter) -> None:
    slot, before = await free(aino), len(await aino.own(status="booked"))
    wish = aino.wish(slot)
    answers = [await aino.ask("book", wish) for _ in range(3)]

    assert {one.status_code for one in answers} == {200}
    assert len(await aino.own(status="booked")) == before + 1


async def test_two_devices_and_two_people_at_once(aino: Counter, tuomas: Counter) -> None:
    slot = await free(aino)
    wishes = [(who, who.wish(slot)) for who in (aino, tuomas, aino, tuomas)]
    answers = await asyncio.gather(*(who.ask("book", wish) for who, wish in wishes))

    assert Count(one.status_code for one in answers) == {200: 1, 409: 3}


async def test_nobody_books_for_somebody_else(aino: Counter, tuomas: Counter) -> None:
    wish = aino.wish(
        await free(aino),
        participant=[{"actor": {"reference": f"Patient/{tuomas.patient}"}, "status": "accepted"}],
    )

    assert (await aino.ask("hold", wish)).status_code == 403
    assert (await aino.ask("book", wish)).status_code == 403
    assert (await aino.put(wish)).status_code == 403


async def test_an_id_of_somebody_else_is_of_no_use(aino: Counter, tuomas: Counter) -> None:
    booked = got(await aino.ask("book", aino.wish(await free(aino))))
    stolen = await tuomas.ask("book", tuomas.wish(await free(tuomas), booked["id"]))

    assert stolen.status_code == 403
    assert (
        await tuomas.http.get(f"{FHIR}/Appointment/{booked['id']}", headers=tuomas.headers)
    ).status_code == 404


async def test_a_person_is_in_one_place_at_a_time(platform: Platform, tuomas: Counter) -> None:
    free = platform.diary.find([one["id"] for one in platform.repository.all("Schedule")])
    open_to_all = ("terveysasema", "fysioterapia", "mielenterveys-ja-paihteet", "suun-terveydenhuolto")
    known = [one for one in free if profile.first(profile.actors(one, "HealthcareService")) in open_to_all]
    pairs = (
        (a, b) for a in known for b in known if a["slot"] != b["slot"] and a["start"] <= b["start"] < a["end"]
    )
    one, other = next(pairs)
    got(await tuomas.ask("book", tuomas.wish(slot_of(one))))
    refused = await tuomas.ask("book", tuomas.wish(slot_of(other)))

    assert (refused.status_code, refused.json()["issue"][0]["code"]) == (409, "duplicate")
    assert platform.repository.read("Slot", slot_of(other))["status"] == "free"


async def test_what_needs_a_ticket_is_refused_in_the_services_words(
    platform: Platform, http: httpx.AsyncClient, tuomas: Counter
) -> None:
    petri = Counter(platform, http, "petri")
    slot = slot_of((await tuomas.find("unihoitaja"))[0])
    refused = await tuomas.ask("hold", tuomas.wish(slot))
    booked = got(await petri.ask("book", petri.wish(slot)))

    assert refused.status_code == 422
    assert "lähe" in refused.json()["issue"][0]["diagnostics"].lower()
    request = platform.repository.read("ServiceRequest", booked["basedOn"][0]["reference"].split("/")[1])
    assert request["status"] == "completed"
    assert (await petri.ask("book", petri.wish(slot, booked["id"]))).status_code == 200


async def test_moving_lets_the_old_one_go_only_with_the_new(aino: Counter, platform: Platform) -> None:
    slots = [slot_of(one) for one in await aino.find(HEALTH_STATION)]
    old = got(await aino.ask("book", aino.wish(slots[0])))
    mark = {**_ext("replaces"), "valueReference": {"reference": f"Appointment/{old['id']}"}}
    got(
        await Counter(platform, aino.http, "tuomas").ask(
            "hold", Counter(platform, aino.http, "tuomas").wish(slots[1])
        )
    )
    lost = await aino.ask("book", aino.wish(slots[1], extension=[mark]))
    assert lost.status_code == 409
    assert platform.repository.read("Appointment", old["id"])["status"] == "booked"

    got(await aino.ask("book", aino.wish(slots[2], extension=[mark])))
    assert platform.repository.read("Appointment", old["id"])["status"] == "cancelled"
    assert platform.repository.read("Slot", slots[0])["status"] == "free"


async def test_cancelling_by_the_rules(aino: Counter, platform: Platform) -> None:
    booked = got(await aino.ask("book", aino.wish(await free(aino))))
    gone = booked | {"status": "cancelled", "cancelationReason": {"text": "Este"}}
    stale = await aino.put(gone, **{"If-Match": 'W/"99"'})
    done = await aino.put(gone, **{"If-Match": 'W/"1"'})

    assert (stale.status_code, done.status_code) == (412, 200)
    assert platform.repository.read("Slot", slot_of(booked))["status"] == "free"


async def test_past_the_deadline_it_is_refused(aino: Counter, platform: Platform) -> None:
    doctor = (await aino.find(HEALTH_STATION, practitioner="jussi"))[0]
    booked = got(await aino.ask("book", aino.wish(slot_of(doctor))))
    limit = profile.part(profile.get(booked, "mutability"), "notAfter")
    platform.clock.set(datetime.fromisoformat(limit) + timedelta(minutes=1))
    again = Counter(platform, aino.http, "aino")
    refused = await again.put(booked | {"status": "cancelled"})

    assert refused.status_code == 422
    assert platform.repository.read("Appointment", booked["id"])["status"] == "booked"


@pytest.mark.parametrize("status", ["fulfilled", "noshow", "arrived"])
async def test_residents_do_not_say_what_the_clinic_says(aino: Counter, status: str) -> None:
    booked = got(await aino.ask("book", aino.wish(await free(aino))))

    assert (await aino.put(booked | {"status": status})).status_code == 409


async def test_residents_change_nothing_else(aino: Counter) -> None:
    booked = got(await aino.ask("book", aino.wish(await free(aino))))
    later = booked | {"start": "2026-12-01T10:00:00+02:00"}
    cheaper = profile.without(booked, "cost")

    assert (await aino.put(later)).status_code == 403
    assert (await aino.put(cheaper)).status_code == 403
    deleted = await aino.http.delete(f"{FHIR}/Appointment/{booked['id']}", headers=aino.headers)
    assert deleted.status_code == 403


async def test_checking_in_within_its_window_and_again(platform: Platform, http: httpx.AsyncClient) -> None:
    daniel = Counter(platform, http, "daniel")
    soon = next(one for one in await daniel.own(status="booked") if profile.mode_of(one) == "in-person")
    here = soon | {"status": "checked-in"}
    first, again = await daniel.put(here), await daniel.put(here)

    assert (first.status_code, again.status_code) == (200, 200)


async def test_checking_in_too_early(aino: Counter) -> None:
    booked = got(await aino.ask("book", aino.wish(await free(aino, 5))))

    assert (await aino.put(booked | {"status": "checked-in"})).status_code == 422


async def test_plain_fhir_books_as_the_operations_do(
    aino: Counter, tuomas: Counter, platform: Platform
) -> None:
    slot = await free(aino)
    created = await aino.put(
        aino.wish(slot, "11111111-1111-4111-8111-111111111111"), **{"If-None-Match": "*"}
    )
    other = await tuomas.put(tuomas.wish(slot))

    assert (created.status_code, other.status_code) == (201, 409)
    assert created.json()["description"]
    assert platform.repository.read("Slot", slot)["status"] == "busy"


async def test_an_offer_is_accepted_or_left(platform: Platform, http: httpx.AsyncClient) -> None:
    raija = Counter(platform, http, "raija")
    offer = next(one for one in await raija.own(status="pending"))
    old = profile.get(offer, "replaces")["valueReference"]["reference"].split("/")[1]
    booked = got(await raija.ask("book", raija.wish(slot_of(offer), offer["id"])))

    assert booked["status"] == "booked"
    assert platform.repository.read("Appointment", old)["status"] == "cancelled"
    assert await raija.own(status="waitlist") == []


async def test_an_offer_that_is_declined_keeps_the_place_on_the_list(
    platform: Platform, http: httpx.AsyncClient
) -> None:
    raija = Counter(platform, http, "raija")
    offer = next(one for one in await raija.own(status="pending"))
    done = await raija.put(offer | {"status": "cancelled"})

    assert done.status_code == 200
    assert len(await raija.own(status="waitlist")) == 1
    assert platform.repository.read("Slot", slot_of(offer))["status"] == "free"


async def test_capability_lists_the_operations(http: httpx.AsyncClient) -> None:
    rest = (await http.get(f"{FHIR}/metadata")).json()["rest"][0]
    names = {
        op["name"] for one in rest["resource"] if one["type"] == "Appointment" for op in one["operation"]
    }

    assert {"find", "hold", "book"} <= names


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["hold", "book", "rebook", "cancel", "move", "wait"]),
        st.integers(0, 1),
        st.integers(0, 3),
        st.integers(0, 5),
    ),
    max_size=25,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_no_order_of_steps_double_books_or_loses(steps: list[tuple[str, int, int, int]]) -> None:
    """Two residents with three devices each on four slots: each slot has at most one living appointment, a slot is busy
    exactly when somebody has it, and what was answered "booked" stays until it is cancelled or moved."""
    world = _World()
    for name, who, slot, device in steps:
        world.do(name, who, slot, device)
        world.check()


class _World:
    def __init__(self) -> None:
        self.platform = build(Config(seed=1, port=8299), Clock(MONDAY.timestamp)).state.platform
        self.diary, self.repository = self.platform.diary, self.platform.repository
        people = [self.platform.seeder.roster.get(key) for key in ("tuomas", "aino")]
        self.patients = [one.patient for one in people if one]
        schedules = [one["id"] for one in self.repository.all("Schedule") if one["id"] == "kaisa-vastaanotto"]
        self.slots = [slot_of(one) for one in self.diary.find(schedules)[:4]]
        self.wishes: dict[tuple[int, int, int], Body] = {}
        self.booked: set[str] = set()

    def do(self, name: str, who: int, slot: int, device: int) -> None:
        patient, key = self.patients[who], (who, slot, device)
        try:
            if name == "wait":
                self.platform.clock.advance(timedelta(minutes=2))
                self.diary.expire()
            elif name == "hold":
                self.wishes[key] = self.diary.hold(self._wish(key, patient), patient, "me")
            elif name == "book":
                self.booked.add(self.diary.book(self._wish(key, patient), patient, "me")["id"])
            elif self.booked:
                self._again(name, sorted(self.booked)[device % len(self.booked)], slot)
        except FhirError:
            pass

    def _again(self, name: str, id: str, slot: int) -> None:
        old = self.repository.read("Appointment", id)
        patient = profile.patient_of(old)
        if name == "rebook":
            assert self.diary.book(old, patient, "me")["id"] == id
        elif name == "cancel":
            self.diary.cancel(old, "me")
            self.booked.discard(id)
        else:
            mark = {**_ext("replaces"), "valueReference": {"reference": f"Appointment/{id}"}}
            wish = self._wish((9, slot, len(self.wishes)), patient) | {"extension": [mark]}
            self.booked.add(self.diary.book(wish, patient, "me")["id"])
            self.booked.discard(id)

    def check(self) -> None:
        living = [one for one in self.repository.all("Appointment") if one["status"] in profile.LIVING]
        taken = Count(slot for one in living for slot in profile.slots_of(one))
        for slot in self.slots:
            assert taken[slot] <= 1
            status = self.repository.read("Slot", slot)["status"]
            assert (status != "free") == bool(taken[slot]), status
        for id in self.booked:
            assert self.repository.read("Appointment", id)["status"] == "booked"

    def _wish(self, key: tuple[int, int, int], patient: str) -> Body:
        known = self.wishes.get(key)
        id = known["id"] if known else self.repository.new_id()
        me = {"actor": {"reference": f"Patient/{patient}"}, "status": "accepted"}
        slot = {"reference": f"Slot/{self.slots[key[1]]}"}
        return {
            "resourceType": "Appointment",
            "id": id,
            "status": "booked",
            "slot": [slot],
            "participant": [me],
        }


def _ext(name: str) -> Body:
    return {"url": f"https://digiklinikka.example/fhir/StructureDefinition/{name}"}
