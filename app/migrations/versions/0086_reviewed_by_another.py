"""A certificate that is said to be wrong is looked into by another than who issued it (公证程序规则 article 62)."""

from alembic import op

from app.migrations.sql import run

revision = "0086"
down_revision = "0085"

DOOR = """
SET LOCAL ROLE app_door;
-- As in 0062; whether it stands is decided once somebody else holds the case.
CREATE OR REPLACE FUNCTION door.notarisation_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NEW.move = 'BOOK' AND NOT EXISTS (SELECT FROM app.appointment v JOIN app.application a ON a.institution = v.institution
            WHERE v.id = NEW.appointment AND a.id = NEW.application AND v.person = NEW.actor AND v.state IN ('REQUESTED', 'CONFIRMED', 'CHECKED_IN'))
        OR NEW.move = 'ADMIT' AND NOT EXISTS (SELECT FROM app.application_step s WHERE s.application = NEW.application AND s.move = 'BOOK')
        OR NEW.move = 'REQUEST_REVIEW' AND NOT EXISTS (SELECT FROM app.application_step s WHERE s.application = NEW.application
            AND s.move IN ('COLLECT', 'MAIL') AND s.at > app.clock() - interval '1 year 2 days')
        OR NEW.move IN ('UPHOLD', 'CORRECT', 'REVOKE') AND (door.decided_herself(NEW.application, NEW.actor)
            OR EXISTS (SELECT FROM app.application_step s JOIN app.application a ON a.id = s.application
                WHERE s.application = NEW.application AND s.move = 'ISSUE' AND s.actor = a.officer)) THEN
        RAISE 'this step is not hers to make' USING ERRCODE = '42501';
    END IF;
    RETURN NULL;
END $$;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, DOOR)
