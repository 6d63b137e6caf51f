"""An application by its id, and what every step says."""

from uuid import UUID

import strawberry

from app.applications.actions import moving
from app.applications.loaders import ApplicationById
from app.applications.models import ApplicationKind
from app.applications.rules.acting import Act
from app.applications.types.legal_aid import LegalAidApplication
from app.applications.types.results import NAMES, TYPES, Shown, shown_as
from app.core.db import now
from app.core.errors import NOT_FOUND, refuse
from app.core.sealing import KeyProvider
from app.graph.context import Info, viewer
from app.graph.ids import Fetch, as_uuid, uuid_of
from app.vault.types import ids_of

KEY = "8 to 64 characters, the same for repeats of this request."
WHY = "Why, 4 to 3,000 characters: whoever reads the application reads it."
ENCLOSED = "Files of yours that are READY and not used yet, which go with it."


@strawberry.input
class StepInput:
    """What every step says."""

    application_id: strawberry.ID = strawberry.field(description="Which application.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input
class ReasonedInput(StepInput):
    """A step that has to be explained."""

    reason: str = strawberry.field(description=WHY)
    attachments: list[strawberry.ID] = strawberry.field(default_factory=list, description=ENCLOSED)


def id_of(said: str) -> UUID:
    return uuid_of(said, NAMES, "applicationId")


async def acted(info: Info, said: Act, key: str) -> UUID:
    async with info.context.write() as session:
        return await moving.act(session, viewer(info), info.context.door(KeyProvider), said, key, now(session))


async def done(info: Info, input: StepInput, said: Act) -> Shown:
    """The step, and the application as it stands then."""
    return await shown(info, await acted(info, said, input.idempotency_key))


async def reasoned(info: Info, input: ReasonedInput, said: Act) -> Shown:
    """The same with the reason and the files of the input."""
    return await done(info, input, said.model_copy(update={"reason": input.reason, "files": ids_of(input.attachments)}))


def aid(found: Shown) -> LegalAidApplication:
    """Of a step that only the machine of legal aid has."""
    assert isinstance(found, LegalAidApplication)
    return found


async def shown(info: Info, application: UUID) -> Shown:
    row = await info.context.loader(ApplicationById).load(application)
    if row is None:
        raise refuse(NOT_FOUND, "applicationId")
    return shown_as(row)


def _of(kind: ApplicationKind) -> Fetch:
    async def fetch(info: Info, keys: list[str]) -> list[Shown | None]:
        rows = await info.context.loader(ApplicationById).load_many([as_uuid(key) for key in keys])
        return [shown_as(row) if row and row.kind == kind else None for row in rows]

    return fetch


NODES: dict[str, Fetch] = {shown.__name__: _of(kind) for kind, shown in TYPES.items()}
