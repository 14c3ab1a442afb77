"""The stub platform put together: FHIR server, sign-in, console, tester's controls, an index page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from backend_stub.booking.console import DiaryConsole
from backend_stub.booking.diary import Diary
from backend_stub.booking.ice import Ice
from backend_stub.booking.operations import Operations
from backend_stub.booking.rules import BookingRules
from backend_stub.booking.sources import Sources
from backend_stub.booking.visit import Visits
from backend_stub.chat.console import ChatConsole
from backend_stub.chat.desk import ChatDesk
from backend_stub.chat.operations import typing_operation
from backend_stub.clinic.clinic import Clinic
from backend_stub.clinic.console import Console
from backend_stub.clock import Clock
from backend_stub.config import MEMORY, Config
from backend_stub.contacts import Contacts
from backend_stub.faults import Faults
from backend_stub.feedback.counts import Counts
from backend_stub.feedback.report import Report
from backend_stub.fhir.app import FhirConfig, fhir_routes
from backend_stub.fhir.repository import Repository
from backend_stub.fhir.temper import BEST
from backend_stub.gate import FaultGate
from backend_stub.headers import with_cors
from backend_stub.ombudsman.box import Box
from backend_stub.ombudsman.console import OmbudsmanConsole
from backend_stub.ombudsman.door import Door
from backend_stub.ombudsman.limits import Limits
from backend_stub.pathways.console import PathwayConsole
from backend_stub.pathways.operations import operations as pathway_operations
from backend_stub.pathways.plans import Plans
from backend_stub.seed.plant import Seeder
from backend_stub.signin.provider import Provider
from backend_stub.tester.routes import Controls
from backend_stub.web.pages import FONTS, STATIC, Pages


class Platform:
    """The parts, for the routes and for tests: ``app.state.platform``."""

    def __init__(self, config: Config, clock: Clock | None = None) -> None:
        self.config, self.clock, self.pages = config, clock or Clock(), Pages()
        path = None if config.database == MEMORY else config.database
        self.repository = Repository(path, self.clock.now, config.fhir_base)
        self.seeder = Seeder(self.repository, self.clock)
        self.provider = Provider(config, self.clock, lambda: self.seeder.roster, self.pages)
        self.clinic = Clinic(self.repository, self.clock, config.delivery_seconds)
        visits = f"{config.base_url}/visit"
        self.diary = Diary(self.repository, self.clock, visits)
        self.booking = BookingRules(self.diary, self.clock)
        self.plans = Plans(self.repository, self.clock)
        self.contacts = Contacts(self.repository, self.clock)
        self.chat = ChatDesk(self.repository, self.clock, f"{config.base_url}/visit")
        ice = Ice(config.ice, config.turn_secret, self.clock.real)
        self.visits = Visits(self.diary, self.clock, self.pages, config.base_url, ice)
        self.operations = Operations(self.diary, self.visits.address).all()
        self.ombudsman = Box(self.clock, f"{path}.ombudsman" if path else None)
        self.guesses = Limits(self.clock)
        self.counts = Counts()
        self.faults, self.temper = Faults(), BEST
        if config.seed is not None and not self.seeder.is_planted:
            self.seeder.plant(config.seed)

    def reset(self, seed: int) -> None:
        """As freshly started with ``seed``: data, clock, faults, temper, autopilot and sign-ins."""
        self.clock.reset()
        self.faults.clear()
        self.temper = BEST
        self.provider.sign_everybody_out()
        self.plant(seed)

    def plant(self, seed: int) -> None:
        """New data of ``seed``; clock, faults and sign-ins stay."""
        self.clinic.reset()
        self.seeder.plant(seed)
        self.chat.reset()
        self.ombudsman.reset()
        self.guesses.reset()
        self.counts.reset()


def build(config: Config | None = None, clock: Clock | None = None) -> Starlette:
    """The whole platform as one ASGI application."""
    platform = Platform(config or Config(), clock)
    app = Starlette(routes=_routes(platform), middleware=_middleware(platform), lifespan=_lifespan)
    app.state.platform = platform
    return app


def _routes(platform: Platform) -> list[BaseRoute]:
    config, provider = platform.config, platform.provider
    fhir = FhirConfig(
        base_url=config.fhir_base,
        issuer=config.issuer,
        authorize_url=f"{config.issuer}/authorize",
        token_url=f"{config.issuer}/token",
        revoke_url=f"{config.issuer}/revoke",
        temper=lambda: platform.temper,
        operations=(
            *platform.operations,
            *platform.contacts.operations(),
            typing_operation(platform.chat),
            *pathway_operations(platform.plans),
        ),
        before_write=platform.booking.before_write,
        left_out=Sources(platform.repository).left_out,
    )
    console = Console(platform.clinic, platform.repository, platform.clock, platform.pages)
    chats = ChatConsole(platform.chat, platform.clinic, platform.repository, platform.pages)
    tester = Controls(platform).routes() if config.tester else []
    return [  # looked through one by one at each request: what is asked most comes first
        *provider.routes(),
        *fhir_routes(platform.repository, provider.authenticate, fhir, prefix="/fhir"),
        Route("/", _index),
        Mount("/static/fonts", StaticFiles(directory=FONTS)),
        Mount("/static", StaticFiles(directory=STATIC)),
        *console.routes(),
        *chats.routes(),
        *DiaryConsole(platform.diary, platform.visits, platform.clock, platform.pages).routes(),
        *platform.visits.routes(),
        *PathwayConsole(platform.plans, platform.repository, platform.pages).routes(),
        *OmbudsmanConsole(platform.ombudsman, platform.repository, platform.pages).routes(),
        *platform.counts.routes(),
        *_report(platform).routes(),
        *Door(platform.ombudsman, platform.guesses, provider.authenticate).routes(),
        *tester,
    ]


def _report(platform: Platform) -> Report:
    return Report(
        platform.counts,
        platform.chat,
        platform.clinic,
        platform.ombudsman,
        platform.repository,
        platform.pages,
    )


def _middleware(platform: Platform) -> list[Middleware]:
    origins = platform.config.origins
    provider, outer = platform.provider, []
    if platform.config.tester:
        outer = [Middleware(FaultGate, platform.faults, provider.whose, origins, page=provider.down)]
    return [*outer, Middleware(with_cors, origins=origins)]


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    platform: Platform = app.state.platform
    async with platform.clinic.running(), platform.chat.running():
        yield
    platform.repository.close()


async def _index(request: Request) -> Response:
    platform: Platform = request.app.state.platform
    return platform.pages.show(
        "index.html",
        language="en",
        config=platform.config,
        roster=platform.seeder.roster,
        counts=platform.repository.counts(),
        now=platform.clock.now(),
    )
