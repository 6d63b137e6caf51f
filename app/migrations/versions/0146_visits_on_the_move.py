"""A visit that is being moved while somebody steps back from its case is kept from her where it lies then."""

from alembic import op

from app.migrations.sql import run

revision = "0146"
down_revision = "0145"

DOOR = """
SET LOCAL ROLE app_door;

CREATE OR REPLACE FUNCTION door.recuse_beside(asked uuid, who uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    -- Whoever moves one of them just now is waited for, and whoever comes later sees who is kept from it.
    PERFORM FROM app.appointment a WHERE a.id IN (
        WITH RECURSIVE visit AS (
            SELECT s.appointment AS id FROM app.application_step s WHERE s.application = asked AND s.appointment IS NOT NULL
            UNION SELECT a.id FROM app.appointment a JOIN visit v ON a.moved_from = v.id)
        SELECT v.id FROM visit v) ORDER BY a.id FOR NO KEY UPDATE;
    INSERT INTO app.reader (subject, person, basis, since, until)
    WITH RECURSIVE visit AS (
        SELECT s.appointment AS id FROM app.application_step s WHERE s.application = asked AND s.appointment IS NOT NULL
        UNION SELECT a.id FROM app.appointment a JOIN visit v ON a.moved_from = v.id)
    SELECT v.id, who, 'recused', app.clock(), app.clock() FROM visit v
    ON CONFLICT (subject, person) DO UPDATE SET basis = 'recused', until = app.clock() WHERE reader.basis IN ('staff', 'desk');
    UPDATE app.reader r SET until = app.clock() FROM app.institution_consultation c
    WHERE c.application = asked AND r.subject = c.id AND r.person = who AND r.basis = 'staff' AND r.until > app.clock();
    UPDATE app.institution_consultation SET state = 'WAITING', holder = NULL WHERE application = asked AND holder = who AND state = 'TAKEN';
END $$;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, DOOR)
