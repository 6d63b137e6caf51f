"""What was rated is told of five people or more: of fewer, whoever knows who was served would know what she said."""

from alembic import op

from app.migrations.sql import run

revision = "0123"
down_revision = "0122"

DOOR = """
SET LOCAL ROLE app_door;
CREATE OR REPLACE FUNCTION door.satisfaction(first date, last date) RETURNS TABLE (
    eligible bigint, rated bigint, stars bigint[], solved bigint, solved_of bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    WITH said AS (
        SELECT r.rater, r.stars, r.solved
        FROM app.answer a LEFT JOIN LATERAL (
            SELECT said.rater, said.stars, said.solved FROM app.rating said
            WHERE said.answer = a.id AND said.question = a.question ORDER BY said.round DESC LIMIT 1) r ON true
        WHERE a.delivered_at >= first::timestamp AT TIME ZONE interval '8 hours'
          AND a.delivered_at < (last + 1)::timestamp AT TIME ZONE interval '8 hours')
    SELECT count(*), count(s.stars),
           CASE WHEN count(DISTINCT s.rater) >= 5 THEN
           ARRAY[count(*) FILTER (WHERE s.stars = 1), count(*) FILTER (WHERE s.stars = 2), count(*) FILTER (WHERE s.stars = 3),
                 count(*) FILTER (WHERE s.stars = 4), count(*) FILTER (WHERE s.stars = 5)] END,
           CASE WHEN count(DISTINCT s.rater) FILTER (WHERE s.solved IS NOT NULL) >= 5 THEN count(*) FILTER (WHERE s.solved) END,
           CASE WHEN count(DISTINCT s.rater) FILTER (WHERE s.solved IS NOT NULL) >= 5 THEN count(s.solved) END
    FROM said s;
END;

-- Who closed her account is somebody still: each such case is taken for a person's of its own.
CREATE OR REPLACE FUNCTION door.service_satisfaction(first date, last date) RETURNS TABLE (
    kind text, eligible bigint, rated bigint, liked bigint, solved bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT a.kind, count(*), count(r.stars),
           CASE WHEN count(DISTINCT coalesce(r.rater, r.application)) >= 5 THEN count(*) FILTER (WHERE r.stars >= 4) END,
           CASE WHEN count(DISTINCT coalesce(r.rater, r.application)) >= 5 THEN count(*) FILTER (WHERE r.solved) END
    FROM app.application a JOIN app.application_kind k ON k.kind = a.kind LEFT JOIN app.service_rating r ON r.application = a.id
    WHERE a.state = ANY (k.ends) AND a.state NOT IN ('WITHDRAWN', 'DEEMED_WITHDRAWN')
      AND a.moved_at >= first::timestamp AT TIME ZONE interval '8 hours' AND a.moved_at < (last + 1)::timestamp AT TIME ZONE interval '8 hours'
    GROUP BY a.kind;
END;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, DOOR)
