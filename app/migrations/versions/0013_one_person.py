"""Two identities become one person: also drafts, delegations and the readings of a delegate move."""

from alembic import op

from app.migrations.sql import run

revision = "0013"
down_revision = "0012"

MERGE = """
GRANT SELECT (id, elder, delegate, ended_at), UPDATE (elder, delegate, ended_at, ended_by) ON app.delegation TO app_door;
CREATE POLICY door ON app.delegation TO app_door USING (true);
GRANT SELECT (person), UPDATE (person) ON app.draft TO app_door;
CREATE POLICY door ON app.draft TO app_door USING (true);

SET LOCAL ROLE app_door;
CREATE OR REPLACE FUNCTION door.identity_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO app.reader (subject, person, basis, since, until)
    SELECT subject, NEW.person, basis, since, until FROM app.reader WHERE person = OLD.person AND basis = 'asker'
    ON CONFLICT (subject, person) DO UPDATE SET basis = 'asker', until = excluded.until;
    INSERT INTO app.reader (subject, person, basis, since, until)
    SELECT subject, NEW.person, basis, since, until FROM app.reader WHERE person = OLD.person AND basis = 'delegate'
    ON CONFLICT (subject, person) DO NOTHING;
    UPDATE app.notice SET person = NEW.person WHERE person = OLD.person;
    UPDATE app.draft  SET person = NEW.person WHERE person = OLD.person;
    -- One who asked for the other asks for herself now, and of two consents to the same delegate one is enough.
    UPDATE app.delegation d SET ended_at = app.clock(), ended_by = 'DELEGATE'
    WHERE d.ended_at IS NULL AND (
        (d.elder = OLD.person AND (d.delegate = NEW.person OR EXISTS (
            SELECT FROM app.delegation x WHERE x.elder = NEW.person AND x.delegate = d.delegate AND x.ended_at IS NULL)))
        OR (d.delegate = OLD.person AND (d.elder = NEW.person OR EXISTS (
            SELECT FROM app.delegation x WHERE x.delegate = NEW.person AND x.elder = d.elder AND x.ended_at IS NULL))));
    UPDATE app.delegation SET elder    = NEW.person WHERE elder    = OLD.person AND delegate <> NEW.person;
    UPDATE app.delegation SET delegate = NEW.person WHERE delegate = OLD.person AND elder    <> NEW.person;
    RETURN NULL;
END $$;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, MERGE)
