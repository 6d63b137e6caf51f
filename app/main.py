"""The API: routes, life, and who is asking."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Route, WebSocketRoute
from starlette.types import Receive, Scope, Send

from app.accounts.routes import Account, wechat_routes
from app.accounts.rules.consenting import Operator
from app.accounts.rules.tokens import AccessToken, open_token
from app.activities.routes import activity_routes
from app.appointments.routes import appointment_routes
from app.consultation.api.scribe import Scribe
from app.core.db import Database, connect
from app.core.logs import set_up_logs
from app.core.sealing import KeyProvider
from app.directory.routes import share_routes
from app.education.routes import article_routes
from app.exported import PARTS
from app.graph import tracing
from app.graph.addresses import Addresses
from app.graph.clients import APOLLO, HEADER
from app.graph.rates import Limiter, Rates
from app.graph.server import Identify, Passport, View
from app.graph.tally import TALLY
from app.graph.trusted import Trust, Trusted
from app.graph.wake import Wake
from app.insights.routes import figure_routes
from app.outreach.routes import Arrivals, landing_routes
from app.outside.clamd import Clamd
from app.outside.inspecting import Inspector
from app.outside.keys import FileKeys
from app.outside.post import Channel, TemplateIds
from app.outside.press import Press
from app.outside.sms import AlibabaSms, SmsGateway
from app.outside.speech import Recogniser, SpeechServer
from app.outside.storage import Address, Storage
from app.outside.wechat import WeChat
from app.outside.wechat.pushes import Mailbox
from app.pages.routes import page_routes
from app.papers.routes import proof_routes
from app.papers.rules.contents import TEMPLATES
from app.probes import Life, Probes
from app.schema import schema
from app.settings import Settings
from app.vault.routes import file_routes

GRAPH = "/graphql"
REDIS_PATIENCE = 1.0
"""Seconds: a frozen Redis is as good as none."""


class House(Starlette):
    """What is sent to the graph by none of a browser's pages, as most is, goes there at once: what stands between looks
    for routes, origins and errors, and would find none."""

    def __init__(self, view: View, **parts: Any) -> None:
        super().__init__(**parts)
        self._view = view

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        straight = scope["type"] == "http" and scope["path"] == GRAPH and scope["method"] == "POST"
        if straight and not any(name == b"origin" for name, _ in scope["headers"]):
            await self._view(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def create_app(settings: Settings | None = None) -> Starlette:
    """The house as the environment describes it. `app.serve` serves it."""
    set_up_logs()
    settings = settings or Settings()
    if settings.otel_exporter_otlp_endpoint:
        tracing.set_up(settings.otel_exporter_otlp_endpoint)
    redis = Redis.from_url(
        settings.redis_url.get_secret_value(), socket_timeout=REDIS_PATIENCE * 6, socket_connect_timeout=REDIS_PATIENCE
    )
    wake = Wake(redis)
    engine = connect(settings.api_database_url.get_secret_value(), pooler=settings.behind_pooler)
    keys, wechat, sms = FileKeys(settings.keys_dir), _wechat(settings), _sms(settings)
    doors: dict[type[Any], Any] = {KeyProvider: keys, WeChat: wechat, SmsGateway: sms}
    doors |= {Storage: Storage.at(**settings.storage()), Inspector: Inspector()}
    doors[TemplateIds] = TemplateIds(settings.wechat_templates)
    doors[Address], doors[Press] = Address(settings.public_url.rstrip("/")), Press(TEMPLATES)
    doors[Operator] = Operator(settings.operator_name, settings.operator_contact)
    speech = SpeechServer(settings.speech_url, settings.speech_model, settings.speech_key.get_secret_value())
    if settings.speech_url:
        doors[Recogniser] = speech
    if settings.clamd:
        doors[Clamd] = Clamd(settings.clamd)

    async def close() -> None:
        await wechat.aclose()
        await sms.aclose()
        await speech.aclose()
        await redis.aclose()
        await engine.dispose()
        await asyncio.to_thread(tracing.shut_down)

    return house(Database(engine, wake.ring), wake, doors, settings, close)


def house(
    db: Database,
    wake: Wake,
    doors: Mapping[type[Any], Any],
    settings: Settings,
    close: Callable[[], Any] | None = None,
) -> Starlette:
    """The application on the parts it is given; tests give it theirs. Its `state.life` is told when it is to drain."""
    scribe = Scribe(db, doors) if Recogniser in doors else None
    doors = {**doors, Scribe: scribe} if scribe else doors
    schema.compiles(settings.executor == "compiled")
    limiter = Limiter(Rates(settings.requests_a_person, settings.requests_an_address), wake.redis)
    addresses = Addresses(doors[KeyProvider], limiter, settings.trust_proxy)
    view = View(
        schema,
        db=db,
        wake=wake,
        doors=doors,
        identify=identify(doors[KeyProvider]),
        limiter=limiter,
        addresses=addresses,
        origins=settings.allowed_origins,
        open_schema=settings.demo,
        trusted=Trusted(Trust(settings.trusted_documents), settings.trusted_manifest),
    )

    @asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(wake.listen()), asyncio.create_task(TALLY.run(db))]
        yield
        if scribe:
            await scribe.close()
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await wake.close()
        if close:
            await close()

    arrivals = Arrivals(db, addresses)
    told = Life()
    demo_page = settings.demo or settings.demo_page
    probes = Probes(db, wake, told, settings.metrics_token.get_secret_value(), settings.metrics_networks)
    routes = [
        Route(GRAPH, view),
        WebSocketRoute(GRAPH, view),
        *file_routes(db, doors, settings.upload_stall_seconds, PARTS),
        *appointment_routes(db, doors[KeyProvider]),
        *figure_routes(db, doors[KeyProvider]),
        *wechat_routes(db, doors, _accounts(settings)),
        *share_routes(db, doors, arrivals),
        *article_routes(db, doors, arrivals),
        *activity_routes(db, doors, arrivals, addresses),
        *landing_routes(db, doors, arrivals, settings.landing_url),
        *proof_routes(db, addresses),
        *probes.routes(),
        *page_routes(settings.demo_people if settings.demo else None, demo_page=demo_page),
    ]
    app = House(view, routes=routes, lifespan=life, middleware=[_cors(settings.allowed_origins)])
    app.state.life = told
    return app


def _cors(origins: tuple[str, ...]) -> Middleware:
    """Pages of these origins may ask from a browser; nobody's cookies are ever sent or read."""
    return Middleware(
        CORSMiddleware,
        allow_origins=origins,
        allow_methods=["GET", "POST", "PUT", "HEAD"],
        allow_headers=["Authorization", "Content-Type", "Content-Range", "Range", "Traceparent", HEADER, *APOLLO],
        expose_headers=["Retry-After", "Content-Range", "Upload-Offset", "Upload-Length"],
        max_age=86_400,
    )


def identify(keys: KeyProvider) -> Identify:
    """By signature and time alone; whether the device is still signed in is asked with each transaction."""
    signing = keys.signing()

    def who(token: str) -> Passport | None:
        now = datetime.now(UTC)
        match open_token(signing, token, now):
            case AccessToken(viewer, expires_at):
                return Passport(viewer, (expires_at - now).total_seconds())
        return None

    return who


def _wechat(settings: Settings) -> WeChat:
    return WeChat(settings.wechat_url, settings.wechat_app_id, settings.wechat_secret.get_secret_value())


def _accounts(settings: Settings) -> list[Account]:
    """Those that push to us: who has no token does not."""
    found = []
    if token := settings.official_token.get_secret_value():
        mailbox = Mailbox(token, settings.official_app_id, settings.official_aes_key.get_secret_value())
        templates = {id: key for key, id in settings.official_templates.items()}
        more = (settings.wechat_app_id, settings.public_url, settings.official_links)
        found.append(Account(Channel.OFFICIAL_ACCOUNT, mailbox, templates, *more))
    if token := settings.wechat_token.get_secret_value():
        mailbox = Mailbox(token, settings.wechat_app_id, settings.wechat_aes_key.get_secret_value())
        templates = {id: key for key, id in settings.wechat_templates.items()}
        found.append(Account(Channel.MINI_PROGRAM, mailbox, templates))
    return found


def _sms(settings: Settings) -> AlibabaSms:
    return AlibabaSms(
        settings.sms_url,
        settings.sms_key_id,
        settings.sms_key_secret.get_secret_value(),
        settings.sms_sign_name,
        settings.sms_template_code,
        settings.sms_delegation_template_code,
        settings.sms_invitation_template_code,
        settings.sms_guardian_template_code,
        settings.sms_mediation_template_code,
    )
