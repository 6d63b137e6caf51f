"""What came of what people asked is told in cells that are made once, of five people or more."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0135"
down_revision = "0134"

TABLES = """
CREATE TABLE app.outcome_cell (                       -- of no cell anything is in another: there is nothing to subtract
    month     date NOT NULL CHECK (extract(day FROM month) = 1), -- in which they were asked
    field     text NOT NULL,                          -- a category's first level; empty: all that has no other cell
    way       text NOT NULL,                          -- NONE: no way was taken; empty: all ways that have no cell of this field
    asked     integer NOT NULL,                       -- how often anybody was asked in that month, whatever about
    answered  integer NOT NULL,
    askers    integer NOT NULL CHECK (askers >= 5),
    solved    integer NOT NULL,
    under_way integer NOT NULL,
    refused   integer NOT NULL,
    gave_up   integer NOT NULL,
    not_begun integer NOT NULL,
    PRIMARY KEY (month, field, way));
GRANT SELECT, INSERT ON app.outcome_cell TO app_door;
CREATE POLICY door ON app.outcome_cell TO app_door USING (true);
GRANT SELECT ON app.outcome_cell TO app_api;
CREATE POLICY lookers ON app.outcome_cell FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role IN ('SUPERVISOR', 'ANALYST') AND h.until > app.clock() OFFSET 0));
"""

DOOR = """
GRANT SELECT (asked_at, way, outcome) ON app.follow_through TO app_door;
CREATE INDEX follow_through_asked ON app.follow_through (asked_at);

SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
-- The months of which no answer can be changed any more and that have no cells yet, of the last four. A first level and a way have a cell
-- where five different people answered; what is left of the first level, where those are five; what is left at all. Of fewer nothing.
CREATE FUNCTION door.publish_outcomes() RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    today constant date := date(app.clock() AT TIME ZONE interval '8 hours');
    first date;
    began timestamptz;
    ended timestamptz;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('outcomes', 0));
    FOR first IN SELECT m::date FROM generate_series(date_trunc('month', today - 120), today - 61, interval '1 month') m
            WHERE (m + interval '1 month')::date + 31 <= today AND m::date NOT IN (SELECT c.month FROM app.outcome_cell c) LOOP
        began := first::timestamp AT TIME ZONE interval '8 hours';
        ended := (first + interval '1 month') AT TIME ZONE interval '8 hours';
        WITH said AS (
            SELECT q.asker, split_part(d.category, '.', 1) AS field, coalesce(t.way, 'NONE') AS way, t.outcome
            FROM app.follow_through t JOIN app.question q ON q.id = t.question JOIN app.dispatch d ON d.question = t.question
            WHERE t.asked_at >= began AND t.asked_at < ended AND t.outcome IS NOT NULL),
        here AS (SELECT s.field, s.way FROM said s GROUP BY s.field, s.way HAVING count(DISTINCT s.asker) >= 5),
        others AS (SELECT * FROM said s WHERE NOT EXISTS (SELECT FROM here h WHERE h.field = s.field AND h.way = s.way)),
        fields AS (SELECT o.field FROM others o GROUP BY o.field HAVING count(DISTINCT o.asker) >= 5),
        told AS (
            SELECT s.field, s.way, s.outcome, s.asker FROM said s JOIN here h ON h.field = s.field AND h.way = s.way
            UNION ALL SELECT o.field, '', o.outcome, o.asker FROM others o JOIN fields f ON f.field = o.field
            UNION ALL SELECT '', '', o.outcome, o.asker FROM others o WHERE o.field NOT IN (SELECT f.field FROM fields f))
        INSERT INTO app.outcome_cell (month, field, way, asked, answered, askers, solved, under_way, refused, gave_up, not_begun)
        SELECT first, c.field, c.way, (SELECT count(*) FROM app.follow_through t WHERE t.asked_at >= began AND t.asked_at < ended),
            count(*), count(DISTINCT c.asker), count(*) FILTER (WHERE c.outcome = 'SOLVED'), count(*) FILTER (WHERE c.outcome = 'UNDER_WAY'),
            count(*) FILTER (WHERE c.outcome = 'REFUSED'), count(*) FILTER (WHERE c.outcome = 'GAVE_UP'), count(*) FILTER (WHERE c.outcome = 'NOT_BEGUN')
        FROM told c GROUP BY c.field, c.way HAVING count(DISTINCT c.asker) >= 5;
    END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION door.publish_outcomes() TO app_worker;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, TABLES)
    wall(op, "outcome_cell")
    run(op, DOOR)
