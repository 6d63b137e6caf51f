"""Satisfaction is told in cells of whole months that are made once, of ten people or more: of free days two differed by one rating."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0138"
down_revision = "0137"

TABLES = """
CREATE TABLE app.satisfaction_cell (                  -- of no cell anything is in another: there is nothing to subtract
    about     text NOT NULL,                          -- ANSWERS, or a kind of application
    first_day date NOT NULL CHECK (extract(day FROM first_day) = 1),
    last_day  date NOT NULL CHECK (extract(day FROM last_day + 1) = 1 AND last_day > first_day),
    eligible  integer NOT NULL,                       -- how many could be rated
    rated     integer NOT NULL,
    raters    integer NOT NULL CHECK (raters >= 10),
    stars     integer[] NOT NULL CHECK (cardinality(stars) = 5),
    solved    integer,                                -- with the next one NULL where fewer than ten said so
    solved_of integer,
    CHECK (num_nulls(solved, solved_of) <> 1),
    PRIMARY KEY (about, first_day),
    EXCLUDE USING gist (about WITH =, daterange(first_day, last_day, '[]') WITH &&));
GRANT SELECT, INSERT ON app.satisfaction_cell TO app_door;
CREATE POLICY door ON app.satisfaction_cell TO app_door USING (true);
GRANT SELECT ON app.satisfaction_cell TO app_api;
CREATE POLICY anybody ON app.satisfaction_cell FOR SELECT TO app_api USING (true);
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
DROP FUNCTION door.satisfaction(date, date);
DROP FUNCTION door.service_satisfaction(date, date);

-- What could be rated of these days of the city, each with its last rating until then: answers by their delivery, cases by when they were
-- done. Who closed her account is somebody still: each such case is taken for a person's of its own.
CREATE FUNCTION door.rated(what text, first date, last date, until timestamptz) RETURNS TABLE (rater uuid, stars smallint, solved boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT r.rater, r.stars, r.solved
    FROM app.answer a LEFT JOIN LATERAL (
        SELECT s.rater, s.stars, s.solved FROM app.rating s
        WHERE s.answer = a.id AND s.question = a.question AND s.rated_at < until ORDER BY s.round DESC LIMIT 1) r ON true
    WHERE what = 'ANSWERS' AND a.delivered_at >= first::timestamp AT TIME ZONE interval '8 hours'
      AND a.delivered_at < (last + 1)::timestamp AT TIME ZONE interval '8 hours'
    UNION ALL
    SELECT CASE WHEN r.stars IS NOT NULL THEN coalesce(r.rater, r.application) END, r.stars, r.solved
    FROM app.application a JOIN app.application_kind k ON k.kind = a.kind
        LEFT JOIN app.service_rating r ON r.application = a.id AND r.rated_at < until
    WHERE a.kind = what AND a.state = ANY (k.ends) AND a.state NOT IN ('WITHDRAWN', 'DEEMED_WITHDRAWN')
      AND a.moved_at >= first::timestamp AT TIME ZONE interval '8 hours' AND a.moved_at < (last + 1)::timestamp AT TIME ZONE interval '8 hours';
END;

-- Months that have been over for fourteen days and are in no cell yet. One in which fewer than ten people rated is put together with the
-- next. What is rated later is in no cell, so that it does not matter in which night this runs: nobody learns from it when somebody rated.
CREATE FUNCTION door.publish_satisfaction() RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    unripe constant date := date_trunc('month', date(app.clock() AT TIME ZONE interval '8 hours') - 14)::date;
    what text;
    first date;
    last date;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('satisfaction', 0));
    FOR what IN SELECT 'ANSWERS' UNION ALL SELECT k.kind FROM app.application_kind k LOOP
        SELECT coalesce((SELECT max(c.last_day) + 1 FROM app.satisfaction_cell c WHERE c.about = what),
            date_trunc('month', CASE what WHEN 'ANSWERS' THEN (SELECT min(a.delivered_at) FROM app.answer a)
                ELSE (SELECT min(a.submitted_at) FROM app.application a WHERE a.kind = what) END AT TIME ZONE interval '8 hours')::date) INTO first;
        FOR last IN SELECT (m + interval '1 month')::date - 1 FROM generate_series(first, unripe - 1, interval '1 month') m LOOP
            INSERT INTO app.satisfaction_cell (about, first_day, last_day, eligible, rated, raters, stars, solved, solved_of)
            SELECT what, first, last, count(*), count(r.stars), count(DISTINCT r.rater),
                ARRAY[count(*) FILTER (WHERE r.stars = 1), count(*) FILTER (WHERE r.stars = 2), count(*) FILTER (WHERE r.stars = 3),
                      count(*) FILTER (WHERE r.stars = 4), count(*) FILTER (WHERE r.stars = 5)],
                CASE WHEN count(DISTINCT r.rater) FILTER (WHERE r.solved IS NOT NULL) >= 10 THEN count(*) FILTER (WHERE r.solved) END,
                CASE WHEN count(DISTINCT r.rater) FILTER (WHERE r.solved IS NOT NULL) >= 10 THEN count(r.solved) END
            FROM door.rated(what, first, last, (last + 15)::timestamp AT TIME ZONE interval '8 hours') r
            HAVING count(DISTINCT r.rater) >= 10;
            IF FOUND THEN first := last + 1; END IF;
        END LOOP;
    END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION door.publish_satisfaction() TO app_worker;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, TABLES)
    wall(op, "satisfaction_cell")
    run(op, DOOR)
