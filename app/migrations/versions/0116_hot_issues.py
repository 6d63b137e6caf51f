"""Hot issues are seen early without anything being read: days are counted, seven are compared with the eight weeks before."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0116"
down_revision = "0115"

TABLES = """
CREATE TABLE app.demand (                             -- how many questions of a day were about what; read by the door alone
    day       date NOT NULL,
    town      text NOT NULL,
    category  text NOT NULL,
    questions integer NOT NULL CHECK (questions > 0),
    PRIMARY KEY (day, town, category));
GRANT SELECT, INSERT ON app.demand TO app_door;
CREATE POLICY door ON app.demand TO app_door USING (true);

CREATE TABLE app.hot_issue (                          -- what was asked about much more than usual, in coarse numbers
    id       uuid PRIMARY KEY,
    category text NOT NULL,
    town     text,                                    -- null: the whole city
    day      date NOT NULL,                           -- the last of the seven
    askers   integer NOT NULL CHECK (askers IN (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)),
    times    numeric CHECK (times > 0),
    found_at timestamptz NOT NULL);
CREATE INDEX hot_issue_day ON app.hot_issue (day);
GRANT SELECT, INSERT ON app.hot_issue TO app_worker;
CREATE POLICY worker ON app.hot_issue TO app_worker USING (true);
GRANT SELECT (category, town, day) ON app.hot_issue TO app_door;
CREATE POLICY door ON app.hot_issue FOR SELECT TO app_door USING (true);
GRANT SELECT ON app.hot_issue TO app_api;
CREATE POLICY lookers ON app.hot_issue FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role IN ('SUPERVISOR', 'ANALYST') AND h.until > app.clock() OFFSET 0));

ALTER TABLE app.task
    DROP CONSTRAINT task_kind_check,
    ADD CONSTRAINT task_kind_check CHECK (kind IN ('BREACH', 'CALLBACK', 'LOW_RATING', 'APPEAL', 'MISCONFIGURED', 'HOT_ISSUE')),
    DROP CONSTRAINT task_of,
    ADD CONSTRAINT task_of CHECK (
        CASE kind WHEN 'MISCONFIGURED' THEN num_nonnulls(channel, template) = 2 AND num_nonnulls(question, category, town) = 0
                  WHEN 'HOT_ISSUE' THEN num_nonnulls(channel, template, question) = 0 AND category IS NOT NULL
                  ELSE num_nonnulls(channel, template) = 0 AND num_nonnulls(question, category, town) = 3 END);
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- Counts each day that has been over for a day, in the city's calendar, once; gives the last of them. What was taken back or erased
-- until then counts for nothing, and what is erased later changes no number that was made.
CREATE FUNCTION door.count_demand() RETURNS date LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    last    constant date := date((app.clock() - interval '24 hours') AT TIME ZONE interval '8 hours') - 1;
    counted date;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('demand', 0));
    -- Of a city that is years old no more is counted than will be compared.
    SELECT greatest(max(c.day), last - 63) INTO counted FROM app.demand c;
    INSERT INTO app.demand (day, town, category, questions)
    SELECT date(f.asked_at AT TIME ZONE interval '8 hours'), left(d.division, 9), d.category, count(*)
    FROM app.promise_fact f JOIN app.dispatch d ON d.question = f.question JOIN app.question q ON q.id = f.question
    WHERE f.asked_at >= (counted + 1)::timestamp AT TIME ZONE interval '8 hours' AND f.asked_at < (last + 1)::timestamp AT TIME ZONE interval '8 hours'
      AND q.status NOT IN ('WITHDRAWN', 'ERASED')
    GROUP BY 1, 2, 3;
    RETURN last;
END $$;

-- What at least five different people asked about in the seven days until then, by town and in the whole city, with how often it was
-- asked in the eight weeks before and how many days of them were counted. Without what was noted in these seven days already.
CREATE FUNCTION door.recent_demand(last date) RETURNS TABLE (category text, town text, questions bigint, askers bigint, before bigint, days integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    WITH week AS (
        SELECT d.category, left(d.division, 9) AS town, count(*) AS questions, count(DISTINCT q.asker) AS askers
        FROM app.promise_fact f JOIN app.dispatch d ON d.question = f.question JOIN app.question q ON q.id = f.question
        WHERE f.asked_at >= (last - 6)::timestamp AT TIME ZONE interval '8 hours' AND f.asked_at < (last + 1)::timestamp AT TIME ZONE interval '8 hours'
          AND q.status NOT IN ('WITHDRAWN', 'ERASED')
        GROUP BY GROUPING SETS ((d.category, left(d.division, 9)), (d.category)) HAVING count(DISTINCT q.asker) >= 5),
    began AS (SELECT greatest(min(c.day), last - 62) AS day FROM app.demand c)
    SELECT w.category, w.town, w.questions, w.askers,
        (SELECT coalesce(sum(c.questions), 0)::bigint FROM app.demand c
         WHERE c.category = w.category AND (w.town IS NULL OR c.town = w.town) AND c.day BETWEEN last - 62 AND last - 7),
        greatest(0, last - 6 - began.day)
    FROM week w CROSS JOIN began
    WHERE NOT EXISTS (SELECT FROM app.hot_issue h WHERE h.category = w.category AND h.town IS NOT DISTINCT FROM w.town AND h.day > last - 7);
END;
GRANT EXECUTE ON FUNCTION door.count_demand(), door.recent_demand(date) TO app_worker;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, TABLES)
    wall(op, "demand", "hot_issue")
    run(op, DOOR)
