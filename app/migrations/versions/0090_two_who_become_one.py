"""Two accounts become one also where both were told the same, and of two places the better one is kept.

A person is told of one cause once: where both had been told of it (one campaign, a gathering that both signed up for, a
question that one asked on behalf of the other) binding the telephone failed. Of two enrolments that of the number's
holder stayed, though she may only have waited while the other had a place; and who got the other's place was not told."""

from alembic import op

from app.migrations.sql import run

revision = "0090"
down_revision = "0089"

DOOR = """
GRANT SELECT (kind, cause) ON app.notice TO app_door;
ALTER POLICY tell ON app.outbox
    WITH CHECK (actor IS NULL AND kind IN ('ConsultationReturned', 'ConsultationAged', 'FileGone', 'MovedUp'));

SET LOCAL ROLE app_door;
CREATE OR REPLACE FUNCTION door.identity_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO app.reader (subject, person, basis, since, until)
    SELECT subject, NEW.person, basis, since, until FROM app.reader WHERE person = OLD.person AND basis = 'asker'
    ON CONFLICT (subject, person) DO UPDATE SET basis = 'asker', until = excluded.until;
    INSERT INTO app.reader (subject, person, basis, since, until)
    SELECT subject, NEW.person, basis, since, until FROM app.reader WHERE person = OLD.person AND basis = 'delegate'
    ON CONFLICT (subject, person) DO NOTHING;
    -- A delivery of what is told twice finds that nothing waits any more.
    DELETE FROM app.notice n WHERE n.person = OLD.person
        AND EXISTS (SELECT FROM app.notice x WHERE x.person = NEW.person AND x.kind = n.kind AND x.cause = n.cause);
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

-- Two identities become one person: so does what they signed up for. Of two for one activity who came, who has a place
-- and who waited longest goes before, and whoever gets the other's place is told.
CREATE OR REPLACE FUNCTION door.enrolments_move() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    spare uuid;
    heir  uuid;
BEGIN
    FOR spare IN SELECT (SELECT w.id FROM app.enrolment w WHERE w.id IN (e.id, o.id)
                         ORDER BY w.came_at IS NULL DESC, w.state = 'WAITING' DESC, w.number DESC LIMIT 1)
            FROM app.enrolment e JOIN app.enrolment o ON o.activity = e.activity AND o.person = NEW.person AND o.state <> 'LEFT'
            WHERE e.person = OLD.person AND e.state <> 'LEFT' ORDER BY e.activity LOOP
        heir := door.vacate(spare);
        UPDATE app.enrolment SET person = NULL WHERE id = spare;
        IF heir IS NOT NULL THEN PERFORM door.tell('MovedUp', jsonb_build_object('enrolment', heir), app.clock()); END IF;
    END LOOP;
    UPDATE app.enrolment SET person = NEW.person WHERE person = OLD.person;
    RETURN NULL;
END $$;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, DOOR)
