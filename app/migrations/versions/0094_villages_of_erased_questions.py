"""A village is too small a place to stay with what is nobody's any more: that its adviser was called to a question said
which village an erased one came from. How many she was called to and answered stays."""

from alembic import op

from app.migrations.sql import run

revision = "0094"
down_revision = "0093"

DOOR = """
GRANT SELECT (question), UPDATE (question) ON app.adviser_question TO app_door;
CREATE POLICY door ON app.adviser_question TO app_door USING (true);

SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
CREATE FUNCTION door.village_goes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.adviser_question SET question = gen_random_uuid() WHERE question = NEW.id;
    RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION door.village_goes() TO app_owner;             -- to make the trigger
UPDATE app.adviser_question SET question = gen_random_uuid()
WHERE question IN (SELECT q.id FROM app.question q WHERE q.status = 'ERASED');
RESET ROLE;

CREATE TRIGGER village_goes AFTER UPDATE OF status ON app.question FOR EACH ROW
    WHEN (OLD.status <> 'ERASED' AND NEW.status = 'ERASED') EXECUTE FUNCTION door.village_goes();
"""


def upgrade() -> None:
    run(op, DOOR)
