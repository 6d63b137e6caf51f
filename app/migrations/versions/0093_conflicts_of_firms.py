"""A conflict of interest that a lawyer declares keeps her whole firm from the question (律师法 第三十九条), also a
colleague to whom it was offered before: she is asked no more, and now gets no seat either."""

from alembic import op

from app.migrations.sql import run

revision = "0093"
down_revision = "0092"

DOOR = """
SET LOCAL ROLE app_door;
-- Lends an offered lawyer a look at the board, and the locks: the question's, then her own. Three statements on purpose:
-- after waiting, the last takes a new snapshot, while in one statement the counts would be as old as the wait. No rule here.
CREATE OR REPLACE FUNCTION door.board(asked uuid) RETURNS TABLE (
    terms jsonb, asked_at timestamptz, now timestamptz, closed boolean, live boolean, firm uuid, local boolean, declined boolean,
    seat uuid, places smallint[], locals bigint, of_firm bigint, answered bigint, leases bigint,
    wanted smallint, invited text, invited_open bigint, invited_until timestamptz, conflict boolean, idle bigint)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT FROM app.dispatch d
    WHERE d.question = asked AND EXISTS (SELECT FROM app.offer o WHERE o.question = asked AND o.lawyer = app.person())
    FOR NO KEY UPDATE;
    SELECT pg_advisory_xact_lock(hashtextextended(app.person()::text, 0));
    SELECT p.terms, d.asked_at, app.clock(), d.closed_at IS NOT NULL, o.until > app.clock() AND l.standing = 'ACTIVE', o.firm, o.pool = 'LOCAL', o.declined IS NOT NULL,
           (array_agg(s.id) FILTER (WHERE s.lawyer = o.lawyer))[1],
           coalesce(array_agg(s.place) FILTER (WHERE s.place IS NOT NULL), '{}'),
           count(*) FILTER (WHERE s.local), count(*) FILTER (WHERE s.firm = o.firm), count(*) FILTER (WHERE s.counts),
           (SELECT count(*) FROM app.seat mine WHERE mine.lawyer = o.lawyer AND mine.ended_at IS NULL AND mine.delivered_at IS NULL),
           d.wanted, o.invited,
           -- Others for whom a seat is kept; once a senior lawyer is invited, hers alone.
           (SELECT count(*) FROM app.offer i WHERE i.question = asked AND i.invited IS NOT NULL AND i.declined IS NULL AND i.lawyer <> o.lawyer
                AND NOT EXISTS (SELECT FROM app.seat t WHERE t.question = asked AND t.lawyer = i.lawyer)
                AND (i.invited = 'SENIOR' OR NOT EXISTS (SELECT FROM app.offer n WHERE n.question = asked AND n.invited = 'SENIOR'))),
           d.named_until,
           EXISTS (SELECT FROM app.offer n WHERE n.question = asked AND n.firm = o.firm AND n.declined = 'CONFLICT')
           OR EXISTS (SELECT FROM app.client c JOIN app.lawyer x ON x.id = c.lawyer
                      WHERE c.digest = d.party AND c.removed_at IS NULL AND x.firm = o.firm),
           count(*) FILTER (WHERE s.delivered_at IS NOT NULL AND NOT s.counts)
    FROM app.offer o
    JOIN app.lawyer l ON l.id = o.lawyer
    JOIN app.dispatch d USING (question)
    JOIN app.dispatch_policy p ON p.version = d.policy
    LEFT JOIN app.seat s ON s.question = o.question AND s.ended_at IS NULL
    WHERE o.question = asked AND o.lawyer = app.person()
    GROUP BY p.version, d.question, l.id, o.question, o.lawyer;
END;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, DOOR)
