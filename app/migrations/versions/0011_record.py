"""What is published of the promise."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0011"
down_revision = "0010"

RECORD = """
-- What the city publishes is computed from the log, and says which log: how many entries, and the head of their chain.
GRANT SELECT ON app.feed TO app_worker;
CREATE POLICY log ON app.feed FOR SELECT TO app_worker USING (subject IS NOT NULL);
CREATE TABLE app.promise_fact (
    question     uuid PRIMARY KEY,
    asked_at     timestamptz NOT NULL,                -- the promise runs from here
    within       interval NOT NULL,
    due_at       timestamptz,                         -- when the promised time was over or will be; null while the clock stands still
    first_at     timestamptz,                         -- the first counting answer, and the last of the promised ones
    third_at     timestamptz,
    first_paused interval NOT NULL,                   -- how long the clock had stood still by then, or so far without the pause
    third_paused interval NOT NULL,                   --   that lasts
    paused_since timestamptz,
    ended_at     timestamptz,                         -- resolved or taken back: the clock stands still for good
    withdrawn_at timestamptz,
    log_count    integer NOT NULL,
    log_head     bytea NOT NULL,
    computed_at  timestamptz NOT NULL);
CREATE INDEX promise_fact_day ON app.promise_fact (asked_at);
GRANT SELECT, INSERT, UPDATE ON app.promise_fact TO app_worker;
CREATE POLICY worker ON app.promise_fact TO app_worker USING (true);
GRANT SELECT ON app.promise_fact TO app_door;
CREATE POLICY door ON app.promise_fact FOR SELECT TO app_door USING (true);
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- What the city promised on these days of the city (UTC+8) and what it kept: aggregates alone leave the room.
-- In the shares is what is decided: reached, run out of time, or over before. Nobody is left out for having withdrawn.
CREATE FUNCTION door.promise_record(first date, last date) RETURNS TABLE (
    computed_at timestamptz, questions bigint, withdrawn bigint, breaches bigint, open bigint,
    paused_questions bigint, paused_seconds double precision, entries bigint, head bytea,
    first_of bigint, first_came bigint, first_within bigint, first_within_wall bigint, first_run double precision[], first_wall double precision[],
    third_of bigint, third_came bigint, third_within bigint, third_within_wall bigint, third_run double precision[], third_wall double precision[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    WITH clock AS MATERIALIZED (SELECT app.clock() AS now), fact AS (
        SELECT f.*, first_at - asked_at AS first_wall, third_at - asked_at AS third_wall,
               coalesce(due_at < coalesce(third_at, ended_at, clock.now), false) AS over,
               third_paused + coalesce(clock.now - paused_since, '0') AS paused
        FROM app.promise_fact f, clock
        WHERE asked_at >= first::timestamp AT TIME ZONE interval '8 hours' AND asked_at < (last + 1)::timestamp AT TIME ZONE interval '8 hours')
    SELECT (SELECT now FROM clock), count(*), count(withdrawn_at), count(*) FILTER (WHERE over),
           count(*) FILTER (WHERE NOT over AND third_at IS NULL AND ended_at IS NULL),
           count(*) FILTER (WHERE paused > '0'), coalesce(extract(epoch FROM sum(paused)), 0)::double precision,
           coalesce(sum(log_count), 0)::bigint, sha256(coalesce(string_agg(log_head, '' ORDER BY asked_at, question), '')),
           count(*) FILTER (WHERE over OR first_at IS NOT NULL OR ended_at IS NOT NULL), count(first_at),
           count(*) FILTER (WHERE first_at <= coalesce(due_at, 'infinity')), count(*) FILTER (WHERE first_wall <= within),
           percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY extract(epoch FROM first_wall - first_paused)::double precision),
           percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY extract(epoch FROM first_wall)::double precision),
           count(*) FILTER (WHERE over OR third_at IS NOT NULL OR ended_at IS NOT NULL), count(third_at),
           count(*) FILTER (WHERE third_at <= due_at), count(*) FILTER (WHERE third_wall <= within),
           percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY extract(epoch FROM third_wall - third_paused)::double precision),
           percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY extract(epoch FROM third_wall)::double precision)
    FROM fact;
END;

GRANT EXECUTE ON FUNCTION door.promise_record(date, date) TO app_api;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, RECORD + DOOR)
    wall(op, "promise_fact")
