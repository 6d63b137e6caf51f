"""A legal hold on somebody follows her when her WeChat's account becomes that of her telephone.

It went on naming the account that was given up: what she had moved on to the other, and there could be erased."""

from alembic import op

from app.migrations.sql import run

revision = "0106"
down_revision = "0105"

DOOR = """
GRANT SELECT (document), UPDATE (subject) ON app.legal_hold TO app_door;
CREATE POLICY follow ON app.legal_hold FOR UPDATE TO app_door USING (lifted_at IS NULL);

SET LOCAL ROLE app_door;
CREATE FUNCTION door.holds_move() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('legal hold', 0));
    UPDATE app.legal_hold h SET subject = NEW.person WHERE h.subject = OLD.person AND h.lifted_at IS NULL AND NOT EXISTS (
        SELECT FROM app.legal_hold x WHERE x.subject = NEW.person AND x.document = h.document AND x.lifted_at IS NULL);
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION door.holds_move() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION door.holds_move() TO app_owner; -- to make the trigger
RESET ROLE;
CREATE TRIGGER holds_move AFTER UPDATE OF person ON app.identity
    FOR EACH ROW WHEN (OLD.person <> NEW.person) EXECUTE FUNCTION door.holds_move();
"""


def upgrade() -> None:
    run(op, DOOR)
