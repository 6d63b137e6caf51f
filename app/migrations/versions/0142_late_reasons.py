"""Why a promise was broken is noted with it, for the public record and for whoever sees to it."""

from alembic import op

from app.migrations.sql import run

revision = "0142"
down_revision = "0141"

TABLES = """
ALTER TABLE app.promise_fact ADD COLUMN late_reason text
    CHECK (late_reason IN ('NOBODY_REACHED', 'TOO_FEW_CAME', 'SEATS_GIVEN_UP', 'DID_NOT_COUNT', 'ASKED_BACK', 'STILL_WRITING'));
CREATE INDEX promise_fact_late ON app.promise_fact (due_at) WHERE late_reason IS NOT NULL;
ALTER TABLE app.task ADD COLUMN late_reason text
    CHECK (late_reason IN ('NOBODY_REACHED', 'TOO_FEW_CAME', 'SEATS_GIVEN_UP', 'DID_NOT_COUNT', 'ASKED_BACK', 'STILL_WRITING')),
    ADD CONSTRAINT task_late CHECK (late_reason IS NULL OR kind = 'BREACH');

-- What was broken before is read from its log once more.
ALTER TABLE app.promise_fact NO FORCE ROW LEVEL SECURITY;              -- for the owner, for a moment
ALTER TABLE app.outbox NO FORCE ROW LEVEL SECURITY;
INSERT INTO app.outbox (id, kind, ids, due_at, next_at)
SELECT gen_random_uuid(), 'LogGrew', jsonb_build_object('question', f.question), app.clock(), app.clock()
FROM app.promise_fact f WHERE f.due_at < coalesce(f.third_at, f.ended_at, app.clock());
ALTER TABLE app.promise_fact FORCE ROW LEVEL SECURITY;
ALTER TABLE app.outbox FORCE ROW LEVEL SECURITY;
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- As it was, with one figure more: why promises were broken, of whole months that are over by then. When a time ran out changes no more, and
-- neither does why; a reason has five questions or more, so that nothing of fewer can be subtracted.
DROP FUNCTION door.promise_record(date, date);
CREATE FUNCTION door.promise_record(first date, last date) RETURNS TABLE (
    computed_at timestamptz, questions bigint, withdrawn bigint, breaches bigint, open bigint,
    paused_questions bigint, paused_seconds double precision, entries bigint, head bytea,
    first_of bigint, first_came bigint, first_within bigint, first_within_wall bigint, first_run double precision[], first_wall double precision[],
    third_of bigint, third_came bigint, third_within bigint, third_within_wall bigint, third_run double precision[], third_wall double precision[],
    recategorised bigint, late jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    WITH clock AS MATERIALIZED (SELECT app.clock() AS now), fact AS (
        SELECT f.*, first_at - asked_at AS first_wall, third_at - asked_at AS third_wall,
               coalesce(due_at < coalesce(third_at, ended_at, clock.now), false) AS over,
               third_paused + coalesce(clock.now - paused_since, '0') AS paused
        FROM app.promise_fact f, clock
        WHERE asked_at >= first::timestamp AT TIME ZONE interval '8 hours' AND asked_at < (last + 1)::timestamp AT TIME ZONE interval '8 hours'),
    late AS (
        SELECT f.late_reason AS why, count(*) AS n FROM app.promise_fact f
        WHERE f.late_reason IS NOT NULL
          AND f.due_at >= (date_trunc('month', (first - 1)::timestamp) + interval '1 month') AT TIME ZONE interval '8 hours'
          AND f.due_at < least(date_trunc('month', (last + 1)::timestamp), date_trunc('month', (SELECT now FROM clock) AT TIME ZONE interval '8 hours'))
                         AT TIME ZONE interval '8 hours'
        GROUP BY date_trunc('month', f.due_at AT TIME ZONE interval '8 hours'), f.late_reason HAVING count(*) >= 5)
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
           count(*) FILTER (WHERE fact.recategorised),
           (SELECT coalesce(jsonb_object_agg(w.why, w.n), '{}') FROM (SELECT l.why, sum(l.n) AS n FROM late l GROUP BY l.why) w)
    FROM fact;
END;

GRANT EXECUTE ON FUNCTION door.promise_record(date, date) TO app_api;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, TABLES + DOOR)
