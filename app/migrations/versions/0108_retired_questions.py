"""A question that was retired is drawn no more, also where a quiz that has it in its pool is open already."""

from alembic import op

from app.migrations.sql import run

revision = "0108"
down_revision = "0107"

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
-- From what is drawn now, in the order of ids: the pool without what was retired since; all of it where too few would be left.
CREATE FUNCTION door.quiz_pool(asked uuid) RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT CASE WHEN cardinality(good.ids) >= r.draws THEN good.ids ELSE r.pool END
    FROM app.quiz_round r CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(q.id ORDER BY q.id), '{}') AS ids FROM app.quiz_question q WHERE q.id = ANY (r.pool) AND q.state <> 'RETIRED') good
    WHERE r.activity = asked;
END;
GRANT EXECUTE ON FUNCTION door.quiz_pool(uuid) TO app_api;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, DOOR)
