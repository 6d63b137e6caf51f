"""What was asked about in a week is told in cells that are made once: whatever is too small is put together until it is not."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0117"
down_revision = "0116"

TABLES = """
CREATE TABLE app.demand_cell (                        -- of no cell anything is in another: there is nothing to subtract
    week      date NOT NULL CHECK (extract(isodow FROM week) = 1),
    town      text NOT NULL,                          -- empty: all towns that have no cell of this category
    category  text NOT NULL,                          -- empty: all that has no other cell
    rest      boolean NOT NULL,                       -- whether it is what of a first level has no cell of its own
    questions integer NOT NULL,
    askers    integer NOT NULL CHECK (askers >= 5),
    PRIMARY KEY (week, town, category, rest));
GRANT SELECT, INSERT ON app.demand_cell TO app_door;
CREATE POLICY door ON app.demand_cell TO app_door USING (true);
GRANT SELECT ON app.demand_cell TO app_api;
CREATE POLICY lookers ON app.demand_cell FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role IN ('SUPERVISOR', 'ANALYST') AND h.until > app.clock() OFFSET 0));
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
-- The weeks that ended by this day and have no cells yet, of the last eight. A town and a category have a cell where five different people
-- asked; what is left of the category in all other towns, where those are five; what is left of its first level; what is left at all. Of
-- fewer nothing is told.
CREATE FUNCTION door.publish_demand(last date) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    newest constant date := date_trunc('week', last - 6)::date;
    monday date;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('demand', 0));
    FOR monday IN SELECT d::date FROM generate_series(newest - 49, newest, interval '7 days') d
            WHERE d::date > (SELECT coalesce(max(c.week), '-infinity') FROM app.demand_cell c) ORDER BY d LOOP
        WITH asked AS (
            SELECT q.asker, left(d.division, 9) AS town, d.category, split_part(d.category, '.', 1) AS field
            FROM app.promise_fact f JOIN app.dispatch d ON d.question = f.question JOIN app.question q ON q.id = f.question
            WHERE f.asked_at >= monday::timestamp AT TIME ZONE interval '8 hours' AND f.asked_at < (monday + 7)::timestamp AT TIME ZONE interval '8 hours'
              AND q.status NOT IN ('WITHDRAWN', 'ERASED')),
        here AS (SELECT a.town, a.category FROM asked a GROUP BY a.town, a.category HAVING count(DISTINCT a.asker) >= 5),
        elsewhere AS (SELECT * FROM asked a WHERE NOT EXISTS (SELECT FROM here h WHERE h.town = a.town AND h.category = a.category)),
        known AS (SELECT e.category FROM elsewhere e GROUP BY e.category HAVING count(DISTINCT e.asker) >= 5),
        others AS (SELECT * FROM elsewhere e WHERE e.category NOT IN (SELECT k.category FROM known k)),
        fields AS (SELECT o.field FROM others o GROUP BY o.field HAVING count(DISTINCT o.asker) >= 5)
        INSERT INTO app.demand_cell (week, town, category, rest, questions, askers)
        SELECT monday, a.town, a.category, false, count(*), count(DISTINCT a.asker) FROM asked a JOIN here h ON h.town = a.town AND h.category = a.category
        GROUP BY a.town, a.category
        UNION ALL
        SELECT monday, '', e.category, false, count(*), count(DISTINCT e.asker) FROM elsewhere e JOIN known k ON k.category = e.category GROUP BY e.category
        UNION ALL
        SELECT monday, '', o.field, true, count(*), count(DISTINCT o.asker) FROM others o JOIN fields f ON f.field = o.field GROUP BY o.field
        UNION ALL
        SELECT monday, '', '', true, count(*), count(DISTINCT o.asker) FROM others o WHERE o.field NOT IN (SELECT f.field FROM fields f)
        HAVING count(DISTINCT o.asker) >= 5;
    END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION door.publish_demand(date) TO app_worker;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, TABLES)
    wall(op, "demand_cell")
    run(op, DOOR)
