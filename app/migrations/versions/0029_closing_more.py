"""An account that is closed gives up what came since: the staff's way in, and what two people of a guardianship knew."""

from alembic import op

from app.migrations.sql import run

revision = "0029"
down_revision = "0028"

DOOR = """
GRANT DELETE ON app.credential TO app_door;
GRANT SELECT, UPDATE (names, ended_at, ended_by) ON app.guardianship TO app_door;
CREATE POLICY door ON app.guardianship TO app_door USING (true);
GRANT SELECT (person), DELETE ON app.age_said TO app_door;
CREATE POLICY leaves ON app.age_said TO app_door USING (true);

SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
-- Which end with this account. Told apart from the rest, since what rests on them stops with them.
CREATE FUNCTION door.give_up_guardianships(whose uuid) RETURNS TABLE (id uuid, minor uuid, guardian uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM app.closing c WHERE c.person = whose) THEN RETURN; END IF;
    RETURN QUERY UPDATE app.guardianship g
        SET ended_at = app.clock(), ended_by = CASE WHEN g.guardian = whose THEN 'GUARDIAN' ELSE 'MINOR' END
        WHERE whose IN (g.minor, g.guardian) AND g.ended_at IS NULL RETURNING g.id, g.minor, g.guardian;
    UPDATE app.guardianship g SET names = '' WHERE whose IN (g.minor, g.guardian) AND g.names <> '';
    DELETE FROM app.credential c WHERE c.person = whose;
    DELETE FROM app.age_said s WHERE s.person = whose;
    -- What she agreed to stays with the shell: it proves that what was done until then was lawful (PIPL 13 and 14).
END $$;
GRANT EXECUTE ON FUNCTION door.give_up_guardianships(uuid) TO app_worker;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, DOOR)
