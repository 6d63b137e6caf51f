"""What the API tells those who watch over the house: how far behind the outbox is, and of which release the tables are."""

from alembic import op

from app.migrations.sql import run

revision = "0015"
down_revision = "0014"

WATCHING = """
GRANT SELECT ON app.alembic_version TO app_api;

GRANT SELECT (next_at, due_at, done_at) ON app.outbox TO app_door;
CREATE POLICY door ON app.outbox FOR SELECT TO app_door USING (true);

SET LOCAL ROLE app_door;
-- Numbers alone. A lease ends within five minutes, so that what is due is found by the index of what is ripe.
CREATE FUNCTION door.outbox_waiting(OUT due bigint, OUT oldest float8) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT count(*), coalesce(extract(epoch FROM app.clock() - min(o.due_at)), 0)::float8 FROM app.outbox o
    WHERE o.done_at IS NULL AND o.next_at <= app.clock() + interval '5 minutes' AND o.due_at <= app.clock();
END;
GRANT EXECUTE ON FUNCTION door.outbox_waiting() TO app_api;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, WATCHING)
