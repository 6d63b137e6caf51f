"""What is true of every question, whatever people did, once everything that is due was done."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from app.consultation.models import QuestionStatus
from app.consultation.rules.life import WORDS, HouseAct, becomes
from app.consultation.rules.policy import Policy
from app.consultation.rules.promise import Happened, begun, promise
from tests.city import City
from tests.consultation.lives import Life, Lives

_STANDS = """
SELECT q.id, q.status, q.round, p.terms, d.question IS NOT NULL AS sent, d.closed_at IS NULL AS running,
  (SELECT count(*) FROM app.offer o WHERE o.question = q.id AND o.until > app.clock()) AS offers,
  count(s.id) FILTER (WHERE s.ended_at IS NULL AND s.delivered_at IS NULL) AS writing,
  count(s.id) FILTER (WHERE s.delivered_at IS NOT NULL) AS answered,
  count(s.id) FILTER (WHERE s.counts) AS counting,
  (SELECT coalesce(array_agg(f.id), '{}') FROM app.follow_up f
     WHERE f.question = q.id AND f.state = 'WAITING') AS waiting,
  (SELECT count(*) FROM app.inquiry i WHERE i.question = q.id AND i.replied_at IS NULL
     AND i.asked_at >= coalesce(q.status_at, d.asked_at)) AS inquiries, -- those of a round before wait for nobody
  (SELECT max(f.at) FROM app.feed f WHERE f.subject = q.id AND f.kind = ANY(:words)) AS last_word
FROM app.question q LEFT JOIN app.dispatch d ON d.question = q.id JOIN app.dispatch_policy p ON p.version = q.policy
LEFT JOIN app.seat s ON s.question = q.id
WHERE q.id = ANY(:ids) GROUP BY q.id, d.question, p.version"""
_DUE = """SELECT CAST(ids->>'question' AS uuid) AS question, kind, ids FROM app.outbox
WHERE done_at IS NULL AND ids->>'question' = ANY(:ids)"""
_LOG = "SELECT subject AS question, kind, ids, at FROM app.feed WHERE subject = ANY(:ids) ORDER BY at"
UNSENT = (QuestionStatus.NEEDS_EDIT, QuestionStatus.BLOCKED, QuestionStatus.WITHDRAWN)


async def true(lives: Lives) -> None:
    city, ids, now = lives.city, [life.id for life in lives.lives], await lives.city.now()
    stands = {row.id: row for row in await city.sql(_STANDS, ids=ids, words=list(WORDS))}
    due = await _by_question(city, _DUE, [str(id) for id in ids])
    log = await _by_question(city, _LOG, ids)
    for life in lives.lives:
        row = stands[life.id]
        lives.done.update(stands_where_it_must(life, row))
        assert goes_on(row, due.get(life.id, ())), (life, row, due.get(life.id))
        late_stays_late(life, row, log.get(life.id, ()), now)


async def _by_question(city: City, statement: str, ids: Sequence[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for row in await city.sql(statement, ids=ids):
        found.setdefault(row.question, []).append(row)
    return found


def stands_where_it_must(life: Life, row: Any) -> list[str]:
    """Where its owner's acts have led it, or from there where silence and time have; returns which of these."""
    seen = []
    for act in (HouseAct.FALL_SILENT, HouseAct.AGE):
        there = becomes(life.status, act)
        if life.status != row.status and isinstance(there, QuestionStatus):
            life.status = there
            seen.append(str(act))
    assert row.status == life.status, (life, row)
    assert row.answered or not seen, (life, row)
    is_open = life.status == QuestionStatus.OPEN
    assert row.running == is_open if row.sent else life.status in UNSENT, (life, row)
    assert is_open or not (row.writing or row.offers or row.waiting), (life, row)
    return seen


def goes_on(row: Any, due: Sequence[Any]) -> bool:
    """Whether it is over, is its asker's turn by name, or has an event to come that carries on what it waits for."""
    kinds = {event.kind for event in due}
    if row.status == QuestionStatus.RESOLVED:
        return any(event.kind == "ResolutionAged" and event.ids["round"] == row.round for event in due)
    if row.status != QuestionStatus.OPEN:
        return True  # over, or waits for its asker: to say it in other words, or to appeal
    if row.inquiries and not row.answered:
        return True  # a lawyer asked her back, and there is nothing yet to be satisfied with
    if not row.inquiries and row.counting < row.terms["promised"]:
        return "PromiseRanOut" in kinds
    if not row.inquiries and row.waiting:
        asked = {event.ids["follow_up"] for event in due if event.kind == "FollowUpRanOut"}
        return set(map(str, row.waiting)) <= asked
    return row.last_word in {datetime.fromisoformat(e.ids["since"]) for e in due if e.kind == "SilenceFell"}


def late_stays_late(life: Life, row: Any, log: Sequence[Any], now: datetime) -> None:
    if begun(entry.kind for entry in log):
        kept = promise([Happened.of(entry.kind, entry.at, entry.ids) for entry in log], Policy.of(row.terms))
        late = kept.last.missed(now)
        assert late or not life.late, (life, kept)
        life.late = late
