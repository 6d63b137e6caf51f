"""The register: everybody reads it, its keepers write it."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.core.db import now
from app.core.errors import BAD_VALUE, NOT_FOUND, refuse
from app.core.sealing import KeyProvider
from app.directory.actions import register as actions
from app.directory.loaders import InstitutionById, LegalWorkerById
from app.directory.models import RegisterKind, Service, Standing
from app.directory.reads.register import I, W
from app.directory.rules.licence import HOME
from app.directory.rules.register import Office, Worker
from app.directory.types.register import Institution, InstitutionResult, LegalWorker, LegalWorkerResult
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, uuid_of
from app.graph.permissions import KeepsRegister

WHY = "Why, 4 to 300 characters: it stays in the history."
KEY = "8 to 64 characters, the same for repeats of this request."
NUMBER = "Of the licence or registration, 4 to 40 characters; of a kind it stands there once."
NAME = "The registered name, 2 to 60 characters; a person's as in the licence."
WHERE = "Where in the city it is; empty or left out where it is elsewhere."
PROVINCE = "Two digits of GB/T 2260; of the city's own province where it is left out."
PHONES = "At most 5, with a hyphen after the area code."
FIELDS = "Codes of the first level of `categories`."
SOURCE = "Where this is known from, 2 to 60 characters."
VERIFIED = "When it was found to be right; left out if nobody has looked."
EXAMPLE = "True for what is made up: its name says 示例, its numbers begin with 0 after the area code."
ALIASES = "Other names, at most 6 of 2 to 20 characters."
ADDRESS = "At most 120 characters."
AT = "Where she works, by its record; without one `workplace` says it."
WORKPLACE = "The name of where she works, at most 60 characters; its record is found by it."
LANGUAGES = "Languages and dialects she speaks, at most 6."
SPOKEN = "Languages and dialects spoken there, at most 6."
SERVICES = "What it does for who comes to its door."
ACCESSIBLE = "Whether one gets in without a step; left out if nobody has looked."
VERSION = "The record's version as you read it."
KEPT = " Left out, it stays."


@strawberry.input
class EnterInput:
    """What every new record says."""

    kind: RegisterKind = strawberry.field(description="Of an institution, or of a person.")
    number: str = strawberry.field(description=NUMBER)
    name: str = strawberry.field(description=NAME)
    source: str = strawberry.field(description=SOURCE)
    division_code: str = strawberry.field(default="", description=WHERE)
    province: str = strawberry.field(default=HOME, description=PROVINCE)
    phones: list[str] = strawberry.field(default_factory=list, description=PHONES)
    specialties: list[str] = strawberry.field(default_factory=list, description=FIELDS)
    verified_at: datetime | None = strawberry.field(default=None, description=VERIFIED)
    example: bool = strawberry.field(default=False, description=EXAMPLE)
    reason: str = strawberry.field(description=WHY)
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="What an institution does, and what to bring for it.")
class OfferedServiceInput:
    service: Service = strawberry.field(description="What; each once.")
    documents: list[str] = strawberry.field(
        default_factory=list, description="At most 12 of 2 to 60 characters, without semicolons and vertical bars."
    )


@strawberry.input(description="A new institution.")
class EnterInstitutionInput(EnterInput):
    aliases: list[str] = strawberry.field(default_factory=list, description=ALIASES)
    address: str = strawberry.field(default="", description=ADDRESS)
    accessible: bool | None = strawberry.field(default=None, description=ACCESSIBLE)
    languages: list[str] = strawberry.field(default_factory=list, description=SPOKEN)
    services: list[OfferedServiceInput] = strawberry.field(default_factory=list, description=SERVICES)


@strawberry.input(description="A new legal worker.")
class EnterLegalWorkerInput(EnterInput):
    institution_id: strawberry.ID | None = strawberry.field(default=None, description=AT)
    workplace: str = strawberry.field(default="", description=WORKPLACE)
    languages: list[str] = strawberry.field(default_factory=lambda: ["普通话"], description=LANGUAGES)


@strawberry.input
class ChangeInput:
    """What may be said of every record from now on."""

    version: int = strawberry.field(description=VERSION)
    name: str | None = strawberry.field(default=None, description=NAME + KEPT)
    source: str | None = strawberry.field(default=None, description=SOURCE + KEPT)
    division_code: str | None = strawberry.field(default=None, description=WHERE.partition(";")[0] + "." + KEPT)
    province: str | None = strawberry.field(default=None, description="Two digits of GB/T 2260." + KEPT)
    phones: list[str] | None = strawberry.field(default=None, description=PHONES + KEPT)
    specialties: list[str] | None = strawberry.field(default=None, description=FIELDS + KEPT)
    standing: Standing | None = strawberry.field(default=None, description="Whether it, or she, works." + KEPT)
    verified_at: datetime | None = strawberry.field(default=None, description="When it was found to be right." + KEPT)
    reason: str = strawberry.field(description=WHY)


@strawberry.input(description="What is said of an institution from now on. Its kind and number stay.")
class ChangeInstitutionInput(ChangeInput):
    institution_id: strawberry.ID = strawberry.field(description="Which one.")
    aliases: list[str] | None = strawberry.field(default=None, description=ALIASES + KEPT)
    address: str | None = strawberry.field(default=None, description=ADDRESS + KEPT)
    accessible: bool | None = strawberry.field(default=None, description="Whether one gets in without a step." + KEPT)
    languages: list[str] | None = strawberry.field(default=None, description=SPOKEN + KEPT)
    services: list[OfferedServiceInput] | None = strawberry.field(default=None, description=SERVICES + KEPT)


@strawberry.input(description="What is said of a legal worker from now on. Her kind and number stay.")
class ChangeLegalWorkerInput(ChangeInput):
    legal_worker_id: strawberry.ID = strawberry.field(description="Which one.")
    institution_id: strawberry.ID | None = strawberry.field(default=None, description=AT + KEPT)
    workplace: str | None = strawberry.field(default=None, description=WORKPLACE + KEPT)
    languages: list[str] | None = strawberry.field(default=None, description=LANGUAGES + KEPT)


NAMES = {"division_code": "division", "institution_id": "institution"}
ABOUT_THE_CHANGE = {"legal_worker_id", "version", "reason", "idempotency_key"}


def plain(input: Any) -> dict[str, Any]:
    """What is said of the record, by the register's own names."""
    said = {name: value for name, value in vars(input).items() if value is not None and name not in ABOUT_THE_CHANGE}
    if isinstance(input, ChangeInstitutionInput):
        del said["institution_id"]
    elif "institution_id" in said:
        said["institution_id"] = uuid_of(said["institution_id"], "Institution", "institutionId")
    if "services" in said:
        said["services"] = _services(said["services"])
    return {NAMES.get(name, name): value for name, value in said.items()}


def _services(said: list[OfferedServiceInput]) -> dict[Service, list[str]]:
    found = {one.service: one.documents for one in said}
    if len(found) < len(said):
        raise refuse(BAD_VALUE, "services")
    return found


@strawberry.type
class RegisterMutation:
    @strawberry.mutation(permission_classes=[KeepsRegister], description="Enter an institution.")
    async def enter_institution(
        self, info: Info, input: Annotated[EnterInstitutionInput, strawberry.argument(description="The record.")]
    ) -> InstitutionResult | None:
        said, keys = Office(**plain(input)), info.context.door(KeyProvider)
        async with info.context.write() as session:
            why = (input.reason, input.idempotency_key, now(session))
            id = await actions.enter(session, viewer(info), keys, said, *why)
        return await _institution(info, id)

    @strawberry.mutation(permission_classes=[KeepsRegister], description="Enter a legal worker.")
    async def enter_legal_worker(
        self, info: Info, input: Annotated[EnterLegalWorkerInput, strawberry.argument(description="The record.")]
    ) -> LegalWorkerResult | None:
        said, keys = Worker(**plain(input)), info.context.door(KeyProvider)
        async with info.context.write() as session:
            why = (input.reason, input.idempotency_key, now(session))
            id = await actions.enter(session, viewer(info), keys, said, *why)
        return await _legal_worker(info, id)

    @strawberry.mutation(
        permission_classes=[KeepsRegister],
        description="Change an institution's record, or say when it was verified. Its history keeps what it said.",
    )
    async def change_institution(
        self, info: Info, input: Annotated[ChangeInstitutionInput, strawberry.argument(description="What changes.")]
    ) -> InstitutionResult | None:
        id = uuid_of(input.institution_id, "Institution", "institutionId")
        async with info.context.write() as session:
            how = (input.version, plain(input), input.reason, now(session))
            await actions.change(session, viewer(info), I, id, "institutionId", *how)
        return await _institution(info, id)

    @strawberry.mutation(
        permission_classes=[KeepsRegister],
        description="Change a legal worker's record, or say when it was verified. Its history keeps what it said.",
    )
    async def change_legal_worker(
        self, info: Info, input: Annotated[ChangeLegalWorkerInput, strawberry.argument(description="What changes.")]
    ) -> LegalWorkerResult | None:
        id = uuid_of(input.legal_worker_id, "LegalWorker", "legalWorkerId")
        async with info.context.write() as session:
            how = (input.version, plain(input), input.reason, now(session))
            await actions.change(session, viewer(info), W, id, "legalWorkerId", *how)
        return await _legal_worker(info, id)


async def _institution(info: Info, id: UUID) -> Institution:
    row = await info.context.loader(InstitutionById).load(id)
    if row is None:
        raise refuse(NOT_FOUND)
    return Institution.of(row)


async def _legal_worker(info: Info, id: UUID) -> LegalWorker:
    row = await info.context.loader(LegalWorkerById).load(id)
    if row is None:
        raise refuse(NOT_FOUND)
    return LegalWorker.of(row)


async def _institutions(info: Info, keys: list[str]) -> list[Institution | None]:
    rows = await info.context.loader(InstitutionById).load_many([as_uuid(key) for key in keys])
    return [Institution.of(row) if row else None for row in rows]


async def _legal_workers(info: Info, keys: list[str]) -> list[LegalWorker | None]:
    rows = await info.context.loader(LegalWorkerById).load_many([as_uuid(key) for key in keys])
    return [LegalWorker.of(row) if row else None for row in rows]


NODES: dict[str, Fetch] = {"Institution": _institutions, "LegalWorker": _legal_workers}
