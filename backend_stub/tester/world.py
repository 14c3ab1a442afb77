"""Controls of the world: data, clock, faults."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from starlette.requests import Request

from backend_stub.faults import Fault
from backend_stub.fhir.temper import TEMPERS
from backend_stub.tester import read
from backend_stub.tester.table import Control

if TYPE_CHECKING:
    from backend_stub.app import Platform

Body = dict[str, Any]
_CLOCK = {"now": "2026-11-23T08:00:00+00:00", "local": "2026-11-23T10:00:00+02:00", "offset_seconds": 0.0}
_FAULT = {
    "kind": "status",
    "method": "PUT",
    "path": "^/fhir/Communication",
    "times": 1,
    "status": 503,
    "retry_after": 2,
}
_KEPT = {
    "id": "f1",
    **_FAULT,
    "resident": "",
    "probability": 1.0,
    "seed": 1,
    "seconds": 1.0,
    "text": "",
    "hits": 0,
}


class World:
    """Reset and seed, time, and what goes wrong."""

    def __init__(self, platform: "Platform") -> None:
        self._platform = platform
        self._backup: bytes | None = None

    def controls(self) -> list[Control]:
        """Their rows of the table."""
        return [*self._data(), *self._time(), *self._faults(), *self._tempers()]

    def _data(self) -> list[Control]:
        made = {"seed": 1, "residents": 16, "resources": {"Patient": 16, "Communication": 114}}
        return [
            Control(
                "POST",
                "/tester/reset",
                "Everything as freshly started: data, clock, faults, autopilot; everybody is signed out.",
                self.reset,
                {"seed": 1},
                made,
                "Data",
            ),
            Control(
                "POST",
                "/tester/seed",
                "New data of a seed, relative to the platform's clock. Sign-ins, clock and faults stay.",
                self.seed,
                {"seed": 2},
                made,
                "Data",
            ),
            Control(
                "POST", "/tester/backup", "Keep a copy of all resources.", self.backup, None, made, "Data"
            ),
            Control(
                "POST",
                "/tester/restore",
                "Back to the copy, as after a disaster: what was written since is gone. Sign-ins and clock stay.",
                self.restore,
                None,
                made,
                "Data",
            ),
        ]

    def _time(self) -> list[Control]:
        about = "Moves expiry, promises, opening hours, autopilot."
        return [
            Control("GET", "/tester/clock", "The platform's time.", self.clock, None, _CLOCK, "Clock"),
            Control(
                "PUT",
                "/tester/clock",
                f"Set it; without a zone it is Finnish time. It runs on from there. {about}",
                self.set_clock,
                {"now": "2026-11-25T14:30:00"},
                _CLOCK,
                "Clock",
            ),
            Control(
                "POST",
                "/tester/clock/advance",
                'Move it on by seconds, minutes, hours, days, or {"by": "3d"}.',
                self.advance,
                {"days": 3},
                _CLOCK,
                "Clock",
            ),
            Control("DELETE", "/tester/clock", "Back to real time.", self.reset_clock, None, _CLOCK, "Clock"),
        ]

    def _faults(self) -> list[Control]:
        listed = {"offline": False, "faults": [_KEPT]}
        empty = {"offline": False, "faults": []}
        return [
            Control("GET", "/tester/faults", "What is set, in order.", self.faults, None, listed, "Faults"),
            Control(
                "POST",
                "/tester/faults",
                "Set one. Only kind is needed. path: regular expression on the path; resident: key; times:"
                " absent for ever; seconds: of delay or slow; probability and seed: repeatable chance.",
                self.add,
                _FAULT,
                _KEPT,
                "Faults",
            ),
            Control("DELETE", "/tester/faults", "Undo all and go online.", self.clear, None, empty, "Faults"),
            Control(
                "POST", "/tester/faults/undo", "Undo the one set last.", self.undo, None, empty, "Faults"
            ),
            Control("DELETE", "/tester/faults/{id}", "Undo one.", self.remove, None, empty, "Faults"),
            Control(
                "PUT",
                "/tester/offline",
                "Cut all connections of /fhir, /auth and the websocket, open ones too, and refuse new ones; or stop.",
                self.offline,
                {"offline": True},
                {"offline": True, "faults": []},
                "Faults",
            ),
        ]

    def _tempers(self) -> list[Control]:
        shown = {"temper": "hapi", "known": sorted(TEMPERS)}
        about = "Behave as a known kind of FHIR server does (client ids, history, paging, search lag, …)."
        return [
            Control(
                "GET", "/tester/temper", "Which server it behaves like.", self.temper, None, shown, "Temper"
            ),
            Control("PUT", "/tester/temper", about, self.set_temper, {"temper": "hapi"}, shown, "Temper"),
        ]

    async def temper(self, _request: Request, _body: Body) -> Body:
        """GET /tester/temper"""
        return {"temper": self._platform.temper.name, "known": sorted(TEMPERS)}

    async def set_temper(self, request: Request, body: Body) -> Body:
        """PUT /tester/temper"""
        read.only(body, {"temper"})
        if body.get("temper") not in TEMPERS:
            raise read.Wrong(f"temper must be one of {', '.join(sorted(TEMPERS))}")
        self._platform.temper = TEMPERS[body["temper"]]
        return await self.temper(request, body)

    async def reset(self, _request: Request, body: Body) -> Body:
        """POST /tester/reset"""
        seed = self._seed(body)
        self._platform.reset(seed)
        return self._planted(seed)

    async def seed(self, _request: Request, body: Body) -> Body:
        """POST /tester/seed"""
        seed = self._seed(body)
        self._platform.plant(seed)
        return self._planted(seed)

    async def backup(self, _request: Request, body: Body) -> Body:
        """POST /tester/backup"""
        read.only(body, ())
        self._backup = self._platform.repository.image()
        return self._planted(self._platform.config.seed or 1)

    async def restore(self, _request: Request, body: Body) -> Body:
        """POST /tester/restore"""
        read.only(body, ())
        if self._backup is None:
            raise read.Wrong("there is no copy: POST /tester/backup first", 409)
        self._platform.repository.load(self._backup)
        return self._planted(self._platform.config.seed or 1)

    async def clock(self, _request: Request, _body: Body) -> Body:
        """GET /tester/clock"""
        clock = self._platform.clock
        return {
            "now": clock.now().isoformat(),
            "local": clock.local().isoformat(),
            "offset_seconds": clock.offset.total_seconds(),
        }

    async def set_clock(self, request: Request, body: Body) -> Body:
        """PUT /tester/clock"""
        read.only(body, {"now"})
        self._platform.clock.set(read.moment(body.get("now")))
        self._platform.clinic.step()
        return await self.clock(request, body)

    async def advance(self, request: Request, body: Body) -> Body:
        """POST /tester/clock/advance"""
        by = read.amount(body)
        read.reachable(self._platform.clock.now(), by)
        self._platform.clock.advance(by)
        self._platform.clinic.step()
        return await self.clock(request, body)

    async def reset_clock(self, request: Request, body: Body) -> Body:
        """DELETE /tester/clock"""
        self._platform.clock.reset()
        return await self.clock(request, body)

    async def faults(self, _request: Request, _body: Body) -> Body:
        """GET /tester/faults"""
        faults = self._platform.faults
        return {"offline": faults.offline, "faults": [_shown(fault) for fault in faults.all()]}

    async def add(self, _request: Request, body: Body) -> Body:
        """POST /tester/faults"""
        fault = read.fault(self._resident(body))
        return _shown(self._platform.faults.add(fault))

    async def clear(self, request: Request, body: Body) -> Body:
        """DELETE /tester/faults"""
        self._platform.faults.clear()
        return await self.faults(request, body)

    async def undo(self, request: Request, body: Body) -> Body:
        """POST /tester/faults/undo"""
        self._platform.faults.undo()
        return await self.faults(request, body)

    async def remove(self, request: Request, body: Body) -> Body:
        """DELETE /tester/faults/{id}"""
        if not self._platform.faults.remove(request.path_params["id"]):
            raise read.Wrong("no such fault", 404)
        return await self.faults(request, body)

    async def offline(self, request: Request, body: Body) -> Body:
        """PUT /tester/offline"""
        read.only(body, {"offline"})
        if not isinstance(body.get("offline"), bool):
            raise read.Wrong("offline must be true or false")
        self._platform.faults.go(offline=body["offline"])
        return await self.faults(request, body)

    def _seed(self, body: Body) -> int:
        read.only(body, {"seed"})
        seed = read.number(body, "seed", self._platform.config.seed or 1)
        if seed != int(seed):
            raise read.Wrong("seed must be a whole number")
        return int(seed)

    def _planted(self, seed: int) -> Body:
        residents = len(list(self._platform.seeder.roster))
        return {"seed": seed, "residents": residents, "resources": self._platform.repository.counts()}

    def _resident(self, body: Body) -> Body:
        """The same with the Patient id in place of a resident's key: what a token tells."""
        if not body.get("resident"):
            return body
        one = self._platform.seeder.roster.get(str(body["resident"]))
        if one is None:
            raise read.Wrong(f"no resident {body['resident']!r}")
        return body | {"resident": one.patient}


def _shown(fault: Fault) -> Body:
    return asdict(fault)
