"""People of a test city: signed in, and having said yes to what the house wants to be agreed to."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import text

from app.accounts.rules.consenting import NOTICES
from app.core.access import Viewer
from app.core.db import Session

VERSIONS = {purpose.value: notice.version for purpose, notice in NOTICES.items()}
"""What is to be said yes to."""

SIGN_IN = text(
    "INSERT INTO app.sign_in (id, person, device, created_at, seen_at) "
    "SELECT unnest(CAST(:ids AS uuid[])), unnest(CAST(:people AS uuid[])), '', :now, :now"
)
CONSENT = text(
    "INSERT INTO app.consent SELECT person, purpose, 1, version, true, '', now() FROM unnest(CAST(:people AS uuid[])) "
    "AS person, unnest(CAST(:purposes AS text[]), CAST(:versions AS int[])) AS said (purpose, version) "
    "ON CONFLICT DO NOTHING"
)
AGE_SAID = text(
    "INSERT INTO app.age_said SELECT unnest(CAST(:people AS uuid[])), 1, :band, now() ON CONFLICT DO NOTHING"
)


async def sign_in(session: Session, viewers: Sequence[Viewer]) -> None:
    await consent(session, viewers, "ADULT")
    said = {"ids": [viewer.sign_in for viewer in viewers], "people": [viewer.id for viewer in viewers]}
    await session.rows(SIGN_IN, said | {"now": datetime.now(UTC)})


async def consent(session: Session, viewers: Sequence[Viewer], band: str) -> None:
    people = {"people": [viewer.id for viewer in viewers]}
    required = {purpose: notice.version for purpose, notice in NOTICES.items() if notice.required}
    await session.rows(CONSENT, people | {"purposes": list(required), "versions": list(required.values())})
    await session.rows(AGE_SAID, people | {"band": band})
