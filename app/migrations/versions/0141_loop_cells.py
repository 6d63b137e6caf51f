"""How the loop closed is told in cells of whole months that are made once, of five people or more."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0141"
down_revision = "0140"

TABLES = """
CREATE TABLE app.loop_cell (                          -- of no months anything is in others: there is nothing to subtract
    kind      text NOT NULL,
    first_day date NOT NULL CHECK (extract(day FROM first_day) = 1),
    last_day  date NOT NULL CHECK (extract(day FROM last_day + 1) = 1 AND last_day > first_day),
    move      text NOT NULL,                          -- a step; empty: how often somebody had to come
    way       text NOT NULL,                          -- the step's channel; or FEW (once or never) or MORE
    cases     integer NOT NULL CHECK (cases >= 5),    -- all of these months
    n         integer,                                -- steps, or cases; NULL where it would be of fewer than five people
    PRIMARY KEY (kind, first_day, move, way));
GRANT SELECT, INSERT ON app.loop_cell TO app_door;
CREATE POLICY door ON app.loop_cell TO app_door USING (true);
GRANT SELECT ON app.loop_cell TO app_api;
CREATE POLICY lookers ON app.loop_cell FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role IN ('SUPERVISOR', 'ANALYST') AND h.until > app.clock() OFFSET 0));
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
DROP FUNCTION door.closed_loop(date, date);

-- Months that have been over for fourteen days and are in no cell yet: of the cases that were done in them, which step came which way how
-- often, and for how many somebody had to come once or never. One day at one institution is one visit, whatever it was for. Months in
-- which cases of fewer than five people were done are put together with the next. Who closed her account is somebody still.
CREATE FUNCTION door.publish_loops() RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    unripe constant date := date_trunc('month', date(app.clock() AT TIME ZONE interval '8 hours') - 14)::date;
    what app.application_kind;
    first date;
    last date;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('loops', 0));
    FOR what IN SELECT * FROM app.application_kind LOOP
        SELECT coalesce((SELECT max(c.last_day) + 1 FROM app.loop_cell c WHERE c.kind = what.kind), date_trunc('month',
            (SELECT min(a.submitted_at) FROM app.application a WHERE a.kind = what.kind) AT TIME ZONE interval '8 hours')::date) INTO first;
        FOR last IN SELECT (m + interval '1 month')::date - 1 FROM generate_series(first, unripe - 1, interval '1 month') m LOOP
            WITH cases AS (
                SELECT a.id, a.kind, coalesce(a.applicant, a.id) AS who, a.applicant, a.submitted_at, a.institution FROM app.application a
                WHERE a.kind = what.kind AND a.state = ANY (what.ends) AND a.moved_at >= first::timestamp AT TIME ZONE interval '8 hours'
                  AND a.moved_at < (last + 1)::timestamp AT TIME ZONE interval '8 hours'),
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
                WHERE NOT EXISTS (SELECT FROM app.application d WHERE d.applicant = c.applicant AND d.kind = c.kind
                    AND d.institution = c.institution AND d.submitted_at > c.submitted_at AND d.submitted_at <= b.starts_at)),
            told AS (
                SELECT s.move, s.channel AS way, c.who FROM cases c JOIN app.application_step s ON s.application = c.id
                UNION ALL
                SELECT '', CASE WHEN (SELECT count(*) FROM came WHERE came.id = c.id) <= 1 THEN 'FEW' ELSE 'MORE' END, c.who FROM cases c)
            INSERT INTO app.loop_cell (kind, first_day, last_day, move, way, cases, n)
            SELECT what.kind, first, last, t.move, t.way, (SELECT count(*) FROM cases),
                CASE WHEN count(DISTINCT t.who) >= 5 THEN count(*) END
            FROM told t WHERE (SELECT count(DISTINCT c.who) FROM cases c) >= 5 GROUP BY t.move, t.way;
            IF FOUND THEN first := last + 1; END IF;
        END LOOP;
    END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION door.publish_loops() TO app_worker;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, TABLES)
    wall(op, "loop_cell")
    run(op, DOOR)
