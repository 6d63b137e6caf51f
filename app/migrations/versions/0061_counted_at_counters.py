"""Who applied at a counter had come there: the closed loop counts that day too."""

from alembic import op

from app.migrations.sql import run

revision = "0061"
down_revision = "0060"

LOOP = """
SET LOCAL ROLE app_door;
CREATE OR REPLACE FUNCTION door.closed_loop(first date, last date) RETURNS TABLE (kind text, move text, channel text, visits integer, n bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    WITH held AS (SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role IN ('SUPERVISOR', 'ANALYST') AND h.until > app.clock()),
    cases AS (SELECT a.id, a.kind, a.applicant, a.submitted_at, a.institution FROM app.application a
        WHERE EXISTS (SELECT FROM held) AND a.submitted_at >= first::timestamp AT TIME ZONE interval '8 hours'
          AND a.submitted_at < (last + 1)::timestamp AT TIME ZONE interval '8 hours'),
    came AS (
        SELECT c.id, v.institution, date(v.opened_at AT TIME ZONE interval '8 hours') AS day
        FROM cases c JOIN app.window_visit v ON v.subject = c.id AND v.opened_at IS NOT NULL
        UNION
        SELECT c.id, s.place, date(s.recorded_at AT TIME ZONE interval '8 hours')
        FROM cases c JOIN app.counter_statement s ON s.application = c.id AND s.source = 'IN_PERSON' AND NOT s.by_post
        UNION
        SELECT c.id, b.institution, date(b.starts_at AT TIME ZONE interval '8 hours')
        FROM cases c JOIN app.appointment b ON b.person = c.applicant AND b.institution = c.institution AND b.mode = 'WINDOW'
            AND b.state IN ('CHECKED_IN', 'DONE') AND b.starts_at >= c.submitted_at
            AND b.service = CASE c.kind WHEN 'NOTARISATION' THEN 'NOTARY' ELSE c.kind END
        WHERE NOT EXISTS (SELECT FROM app.application d WHERE d.applicant = c.applicant AND d.kind = c.kind AND d.institution = c.institution
                            AND d.submitted_at > c.submitted_at AND d.submitted_at <= b.starts_at)),
    trips AS (SELECT c.kind, (SELECT count(*) FROM came WHERE came.id = c.id) AS visits FROM cases c)
    SELECT s.kind, s.move, s.channel, NULL::integer, count(*) FROM cases c JOIN app.application_step s ON s.application = c.id
    GROUP BY s.kind, s.move, s.channel
    UNION ALL
    SELECT t.kind, NULL, NULL, least(t.visits, 3)::integer, count(*) FROM trips t GROUP BY t.kind, least(t.visits, 3);
END;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, LOOP)
