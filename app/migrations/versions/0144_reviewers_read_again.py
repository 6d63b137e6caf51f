"""A lawyer who is a lawyer of the service again reads again what she had marked, as the legal aid cases that she took on."""

from alembic import op

from app.migrations.sql import run

revision = "0144"
down_revision = "0143"

HERS = """(EXISTS (SELECT FROM app.assignment s WHERE s.application = r.subject AND s.lawyer = r.person AND s.state = 'ACCEPTED')
    OR EXISTS (SELECT FROM app.quality_mark m JOIN app.quality_check c ON c.id = m.checked WHERE m.id = r.subject AND c.reviewer = r.person))"""

DOOR = f"""
SET LOCAL ROLE app_door;
CREATE OR REPLACE FUNCTION door.lawyer_reads() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF EXISTS (SELECT FROM app.role_held h WHERE h.person = OLD.person AND h.role = 'LAWYER' AND h.until > app.clock()) THEN
        UPDATE app.reader r SET until = 'infinity' WHERE r.person = OLD.person AND r.basis = 'assigned' AND r.until <= app.clock() AND {HERS};
    ELSE
        UPDATE app.reader r SET until = app.clock() WHERE r.person = OLD.person AND r.basis = 'assigned' AND r.until > app.clock();
    END IF;
    RETURN NULL;
END $$;
UPDATE app.reader r SET until = 'infinity' WHERE r.basis = 'assigned' AND r.until <= app.clock()
    AND EXISTS (SELECT FROM app.quality_mark m JOIN app.quality_check c ON c.id = m.checked WHERE m.id = r.subject AND c.reviewer = r.person)
    AND EXISTS (SELECT FROM app.role_held h WHERE h.person = r.person AND h.role = 'LAWYER' AND h.until > app.clock());
RESET ROLE;
"""


def upgrade() -> None:
    run(op, DOOR)
