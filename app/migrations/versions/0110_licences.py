"""Whom the register says not to practise answers nobody here, for as long as it says so."""

from alembic import op

from app.migrations.sql import run

revision = "0110"
down_revision = "0109"

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- A lawyer's entry and her account are one by the licence. Who is suspended here stays so, whatever the register says.
CREATE FUNCTION door.licence_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.lawyer l SET standing = NEW.standing
    WHERE l.licence = NEW.number AND l.standing <> NEW.standing
      AND (NEW.standing <> 'ACTIVE' OR EXISTS (SELECT FROM app.person p WHERE p.id = l.id AND p.standing = 'ACTIVE'));
    RETURN NULL;
END $$;

-- And who is reinstated here practises as the register says.
CREATE FUNCTION door.licence_holds() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    NEW.standing := coalesce((SELECT w.standing FROM app.legal_worker w
                              WHERE w.kind = 'LAWYER' AND w.number = NEW.licence), NEW.standing);
    RETURN NEW;
END $$;
GRANT EXECUTE ON FUNCTION door.licence_moves(), door.licence_holds() TO app_owner;   -- to make the triggers
RESET ROLE;

CREATE TRIGGER licence_moves AFTER UPDATE OF standing ON app.legal_worker FOR EACH ROW
    WHEN (NEW.kind = 'LAWYER' AND OLD.standing <> NEW.standing) EXECUTE FUNCTION door.licence_moves();
CREATE TRIGGER licence_holds BEFORE UPDATE OF standing ON app.lawyer FOR EACH ROW
    WHEN (OLD.standing <> 'ACTIVE' AND NEW.standing = 'ACTIVE') EXECUTE FUNCTION door.licence_holds();

-- What the register says already.
ALTER TABLE app.lawyer NO FORCE ROW LEVEL SECURITY;                    -- for the owner, for a moment
ALTER TABLE app.legal_worker NO FORCE ROW LEVEL SECURITY;
UPDATE app.lawyer l SET standing = w.standing FROM app.legal_worker w
WHERE w.kind = 'LAWYER' AND w.number = l.licence AND w.standing <> 'ACTIVE' AND l.standing = 'ACTIVE';
ALTER TABLE app.lawyer FORCE ROW LEVEL SECURITY;
ALTER TABLE app.legal_worker FORCE ROW LEVEL SECURITY;
"""


def upgrade() -> None:
    run(op, DOOR)
