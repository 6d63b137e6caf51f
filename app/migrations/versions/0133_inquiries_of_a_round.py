"""What a lawyer asked in an earlier round holds up nothing: she may ask again."""

from alembic import op

from app.migrations.sql import run

revision = "0133"
down_revision = "0132"

ROUND = """
ALTER TABLE app.inquiry ADD COLUMN round smallint NOT NULL DEFAULT 0;  -- the question's when it was asked: the database says it
ALTER TABLE app.inquiry NO FORCE ROW LEVEL SECURITY;                   -- for the owner, for a moment
ALTER TABLE app.question NO FORCE ROW LEVEL SECURITY;
UPDATE app.inquiry i SET round = q.round FROM app.question q
WHERE q.id = i.question AND q.status = 'OPEN' AND q.round > 0 AND i.asked_at >= q.status_at;
ALTER TABLE app.inquiry FORCE ROW LEVEL SECURITY;
ALTER TABLE app.question FORCE ROW LEVEL SECURITY;
GRANT SELECT (round) ON app.question TO app_door;
DROP INDEX app.inquiry_open;
CREATE UNIQUE INDEX inquiry_open ON app.inquiry (question, lawyer, round) WHERE replied_at IS NULL;
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
CREATE FUNCTION door.inquiry_asked() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    NEW.round := (SELECT q.round FROM app.question q WHERE q.id = NEW.question);
    RETURN NEW;
END $$;
GRANT EXECUTE ON FUNCTION door.inquiry_asked() TO app_owner;           -- to make the trigger
RESET ROLE;
CREATE TRIGGER inquiry_asked BEFORE INSERT ON app.inquiry FOR EACH ROW EXECUTE FUNCTION door.inquiry_asked();
"""


def upgrade() -> None:
    run(op, ROUND + DOOR)
