"""Which room reacts to which event, and how one reaction is run: the same for arq and for the relay itself."""

import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog

from app.accounts.reactions import REACTIONS as ACCOUNTS
from app.activities.reactions import REACTIONS as ACTIVITIES
from app.advisers.reactions import REACTIONS as ADVISERS
from app.applications.reactions import REACTIONS as APPLICATIONS
from app.appointments.reactions import REACTIONS as APPOINTMENTS
from app.audit.reactions import REACTIONS as AUDIT
from app.consultation.reactions import REACTIONS as CONSULTATION
from app.contests.reactions import REACTIONS as CONTESTS
from app.core.db import Database
from app.core.outbox import Event, Reaction, react
from app.dates.reactions import REACTIONS as DATES
from app.directory.reactions import REACTIONS as DIRECTORY
from app.education.reactions import REACTIONS as EDUCATION
from app.insights.reactions import REACTIONS as INSIGHTS
from app.mediation.reactions import REACTIONS as MEDIATION
from app.moderation.reactions import REACTIONS as MODERATION
from app.notices.reactions import REACTIONS as NOTICES
from app.outreach.reactions import REACTIONS as OUTREACH
from app.oversight.reactions import REACTIONS as OVERSIGHT
from app.papers.reactions import REACTIONS as PAPERS
from app.quality.reactions import REACTIONS as QUALITY
from app.quizzes.reactions import REACTIONS as QUIZZES
from app.threads.reactions import REACTIONS as THREADS
from app.vault.reactions import REACTIONS as VAULT
from app.window.reactions import REACTIONS as WINDOW
from workers.metrics import FAILURES, note_late

ROOMS: tuple[Mapping[type[Event], tuple[Reaction, ...]], ...] = (
    ACCOUNTS,
    VAULT,
    NOTICES,
    OUTREACH,
    DIRECTORY,
    ADVISERS,
    PAPERS,
    ACTIVITIES,
    CONTESTS,
    THREADS,
    APPOINTMENTS,
    CONSULTATION,
    DATES,
    EDUCATION,
    APPLICATIONS,
    WINDOW,
    MEDIATION,
    QUALITY,
    INSIGHTS,
    AUDIT,
    MODERATION,
    OVERSIGHT,
    QUIZZES,
)

log = structlog.get_logger("reactions")


def _gathered() -> dict[str, tuple[type[Event], dict[str, Reaction]]]:
    table: dict[str, tuple[type[Event], dict[str, Reaction]]] = {}
    for room in ROOMS:
        for kind, reactions in room.items():
            named, known = table.setdefault(kind.__name__, (kind, {}))
            if named is not kind:
                raise ValueError(f"{kind.__module__} calls an event as {named.__module__} does: {kind.__name__}")
            for reaction in reactions:
                name = f"{reaction.__module__.split('.')[1]}.{reaction.__name__}"
                if name in known:
                    raise ValueError(f"{name} reacts twice to {kind.__name__}")
                known[name] = reaction
    return table


TABLE = _gathered()
"""Event kind -> (its class, reactions by name)."""


def names(kind: str) -> list[str]:
    return list(TABLE[kind][1]) if kind in TABLE else []


async def run(db: Database, event_id: UUID, kind: str, ids: dict[str, Any], name: str) -> bool:
    """One reaction to one event; False when it had run already. What fails is logged without what it was about."""
    event, reactions = TABLE[kind]
    began = time.monotonic()
    try:
        late = await react(db, event_id, event.model_validate(ids), name, reactions[name], names(kind))
    except Exception as error:
        FAILURES.labels(kind, name).inc()
        log.error("reaction_failed", event_id=str(event_id), kind=kind, reaction=name, error=type(error).__name__)
        raise
    if late is None:
        return False
    note_late(kind, name, late, time.monotonic() - began)
    return True
