"""How many questions were asked under another category than they are about is on the public record."""

from alembic import op

from app.migrations.sql import run

revision = "0097"
down_revision = "0096"

TABLES = """
ALTER TABLE app.promise_fact ADD COLUMN recategorised boolean NOT NULL DEFAULT false; -- a lawyer said what it is about
ALTER TABLE app.promise_fact NO FORCE ROW LEVEL SECURITY;              -- for the owner, for a moment
ALTER TABLE app.dispatch NO FORCE ROW LEVEL SECURITY;
UPDATE app.promise_fact f SET recategorised = true FROM app.dispatch d WHERE d.question = f.question AND d.recategorised;
ALTER TABLE app.promise_fact FORCE ROW LEVEL SECURITY;
ALTER TABLE app.dispatch FORCE ROW LEVEL SECURITY;
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- As it was, with one figure more.
DROP FUNCTION door.promise_record(date, date);
-- What the city promised on these days of the city (UTC+8) and what it kept: aggregates alone leave the room.
-- In the shares is what is decided: reached, run out of time, or over before. Nobody is left out for having withdrawn.
CREATE FUNCTION door.promise_record(first date, last date) RETURNS TABLE (
    computed_at timestamptz, questions bigint, withdrawn bigint, breaches bigint, open bigint,
    paused_questions bigint, paused_seconds double precision, entries bigint, head bytea,
    first_of bigint, first_came bigint, first_within bigint, first_within_wall bigint, first_run double precision[], first_wall double precision[],
    third_of bigint, third_came bigint, third_within bigint, third_within_wall bigint, third_run double precision[], third_wall double precision[],
    recategorised bigint)
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
           percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY extract(epoch FROM third_wall)::double precision),
           count(*) FILTER (WHERE fact.recategorised)
    FROM fact;
END;

GRANT EXECUTE ON FUNCTION door.promise_record(date, date) TO app_api;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, TABLES + DOOR)
