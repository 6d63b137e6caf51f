"""Who stepped back from a case sees nothing of what goes with it either, and a mediator does not take it again."""

from alembic import op

from app.migrations.sql import run

revision = "0143"
down_revision = "0142"

TABLES = """
ALTER TABLE app.application_move NO FORCE ROW LEVEL SECURITY;      -- for the owner, for a moment
INSERT INTO app.application_move (kind, move, before, after, by_whom) VALUES
    ('LEGAL_AID', 'TAKE', 'CLOSED_REPORTED', 'CLOSED_REPORTED', 'STAFF');
ALTER TABLE app.application_move FORCE ROW LEVEL SECURITY;
GRANT SELECT (moved_from) ON app.appointment TO app_door;
GRANT SELECT (appointment) ON app.application_step TO app_door;
GRANT SELECT (application) ON app.institution_consultation TO app_worker;
ALTER POLICY waits ON app.institution_consultation USING (state = 'WAITING' AND EXISTS (
    SELECT FROM app.post p WHERE p.person = app.person() AND p.institution = institution_consultation.institution AND p.until > app.clock() OFFSET 0)
    AND NOT EXISTS (SELECT FROM app.reader r WHERE r.subject = institution_consultation.application AND r.person = app.person()
                    AND r.basis = 'recused' OFFSET 0));
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- Of an application that somebody stepped back from: visits that were booked for it, and consultations about it.
CREATE FUNCTION door.recuse_beside(asked uuid, who uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
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

CREATE OR REPLACE FUNCTION door.steps_back() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.application SET officer = NULL WHERE id = NEW.application AND officer = NEW.actor;
    INSERT INTO app.reader (subject, person, basis, since, until) VALUES (NEW.application, NEW.actor, 'recused', NEW.at, NEW.at)
    ON CONFLICT (subject, person) DO UPDATE SET basis = 'recused', until = NEW.at;
    PERFORM door.recuse_beside(NEW.application, NEW.actor);
    RETURN NULL;
END $$;

CREATE FUNCTION door.visit_is_booked() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM door.recuse_beside(NEW.application, r.person) FROM app.reader r WHERE r.subject = NEW.application AND r.basis = 'recused';
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION door.appointment_moved() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.state = OLD.state THEN RETURN NULL; END IF;
    ELSIF NEW.person IS NOT NULL THEN
        INSERT INTO app.reader (subject, person, basis, since) VALUES (NEW.id, NEW.person, 'asker', NEW.made_at);
        INSERT INTO app.reader (subject, person, basis, since, until)
        SELECT NEW.id, r.person, 'recused', app.clock(), app.clock() FROM app.reader r WHERE r.subject = NEW.moved_from AND r.basis = 'recused';
    END IF;
    IF NEW.state IN ('REQUESTED', 'CONFIRMED', 'CHECKED_IN') THEN
        INSERT INTO app.reader (subject, person, basis, since)
        SELECT NEW.id, p.person, CASE WHEN door.young(NEW.person) THEN 'desk' ELSE 'staff' END, app.clock()
        FROM app.post p WHERE p.institution = NEW.institution AND p.until > app.clock()
        ON CONFLICT (subject, person) DO NOTHING;
    ELSIF NEW.state <> 'HELD' THEN
        UPDATE app.reader SET until = app.clock() + interval '7 days'
        WHERE subject = NEW.id AND basis IN ('staff', 'desk') AND until = 'infinity';
    END IF;
    INSERT INTO app.appointment_move (appointment, n, state, actor, at)
    SELECT NEW.id, count(*), NEW.state, CASE WHEN NEW.state <> 'EXPIRED' THEN app.person() END, app.clock() FROM app.appointment_move m WHERE m.appointment = NEW.id;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION door.consultation_held() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NEW.state = 'TAKEN' THEN
        SELECT p.called INTO NEW.called FROM app.post p
        WHERE p.person = NEW.holder AND p.institution = NEW.institution AND p.until > app.clock() AND p.person IS DISTINCT FROM NEW.person
          AND NOT EXISTS (SELECT FROM app.reader r WHERE r.subject = NEW.application AND r.person = NEW.holder AND r.basis = 'recused');
        IF NOT FOUND THEN RAISE 'nobody holds it who does not work there, or has stepped back' USING ERRCODE = '42501'; END IF;
    ELSIF NEW.state = 'WAITING' THEN
        NEW.called := NULL;
    END IF;
    NEW.state_at := app.clock();
    RETURN NEW;
END $$;

-- What is hers, and what she has stepped back from, a colleague opens.
CREATE OR REPLACE FUNCTION door.pickup_told(told bytea) RETURNS TABLE (id uuid, own boolean, opened boolean, ended boolean, expires_at timestamptz, here boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT v.id, EXISTS (SELECT FROM app.reader r WHERE r.person = app.person()
            AND (r.subject = v.id AND r.basis IN ('asker', 'delegate') OR r.subject = v.subject AND r.basis = 'recused')),
        v.opened_at IS NOT NULL, v.ended_at IS NOT NULL, v.expires_at, door.window_serves(v.subject, p.institution)
    FROM app.window_visit v JOIN app.post p ON p.person = app.person() AND p.duty = 'WINDOW_STAFF' AND p.until > app.clock()
    WHERE v.code = told ORDER BY v.made_at DESC LIMIT 1;
END;

CREATE OR REPLACE FUNCTION door.open_pickup(told bytea, midnight timestamptz) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    found uuid;
BEGIN
    UPDATE app.window_visit v SET opened_at = app.clock(), institution = p.institution, staff = p.person,
        until = least(midnight, app.clock() + interval '1 day')
    FROM app.post p
    WHERE v.code = told AND v.opened_at IS NULL AND v.ended_at IS NULL AND v.expires_at > app.clock()
      AND p.person = app.person() AND p.duty = 'WINDOW_STAFF' AND p.until > app.clock() AND door.window_serves(v.subject, p.institution)
      AND NOT EXISTS (SELECT FROM app.reader r WHERE r.subject = v.id AND r.person = p.person)
      AND NOT EXISTS (SELECT FROM app.reader r WHERE r.subject = v.subject AND r.person = p.person AND r.basis = 'recused')
    RETURNING v.id INTO found;
    IF found IS NOT NULL THEN
        INSERT INTO app.reader (subject, person, basis, since, until) SELECT v.id, v.staff, 'staff', v.opened_at, v.until
        FROM app.window_visit v WHERE v.id = found;
    END IF;
    RETURN found;
END $$;

-- A mediator sees that the case is there, and does not open it again by herself; the supervisor may give it to her.
CREATE FUNCTION door.mediator_recused(asked uuid, who uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM app.application_step s WHERE s.application = asked AND s.move = 'RECUSE' AND s.actor = who);
END;

-- Whoever could handle it, herself included, may ask who is kept from it.
CREATE FUNCTION door.works_on(asked uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM app.application a JOIN app.post p ON p.institution = a.institution
        WHERE a.id = asked AND p.person = app.person() AND p.duty <> 'WINDOW_STAFF' AND p.until > app.clock());
END;

CREATE OR REPLACE FUNCTION door.stepped_back(asked uuid, wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT (EXISTS (SELECT FROM app.reader r WHERE r.subject = asked AND r.person = wanted AND r.basis = 'recused')
            OR wanted = app.person() AND door.mediator_recused(asked, wanted))
        AND (door.works_on(asked)
             OR EXISTS (SELECT FROM app.institution_consultation c WHERE c.application = asked AND c.holder = app.person() AND c.state = 'TAKEN'));
END;

CREATE OR REPLACE FUNCTION door.mediator_hindrance(asked uuid, wanted uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT door.unwanted(asked, wanted) WHERE door.works_on(asked);
END;

CREATE OR REPLACE FUNCTION door.recused_stay_away() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF EXISTS (SELECT FROM app.reader r WHERE r.subject = NEW.application AND r.person IN (NEW.actor, NEW.officer) AND r.basis = 'recused')
       OR NEW.move IN ('TAKE', 'HAND_OVER') AND coalesce(NEW.officer, NEW.actor) = NEW.actor AND door.mediator_recused(NEW.application, NEW.actor)
       OR NEW.move = 'TAKE' AND EXISTS (SELECT FROM app.application a WHERE a.id = NEW.application AND a.officer IS NOT NULL) THEN
        RAISE 'this step is not hers to make' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION door.supervisors_read(asked uuid, place uuid) RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    INSERT INTO app.reader (subject, person, basis, since)
    SELECT asked, p.person, 'supervisor', app.clock() FROM app.post p
    WHERE p.institution = place AND p.duty = 'SUPERVISOR' AND p.until > app.clock() AND NOT door.mediator_recused(asked, p.person)
    ON CONFLICT (subject, person) DO UPDATE SET basis = 'supervisor', until = 'infinity' WHERE reader.basis IN ('staff', 'supervisor');
END;

CREATE OR REPLACE FUNCTION door.mediation_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NEW.move IN ('RECUSE', 'DECLINE_MEDIATOR') THEN
        UPDATE app.application SET officer = NULL WHERE id = NEW.application;
        UPDATE app.reader SET until = app.clock() WHERE subject = NEW.application AND until > app.clock()
            AND (basis = 'staff' OR basis = 'supervisor' AND person = NEW.actor AND NEW.move = 'RECUSE');
    END IF;
    UPDATE app.mediation m SET state = a.state, mediator = a.officer, institution = a.institution, due_at = a.due_at,
        extended = m.extended OR NEW.move = 'EXTEND'
    FROM app.application a WHERE a.id = NEW.application AND m.application = a.id;
    RETURN NULL;
END $$;

SELECT door.recuse_beside(r.subject, r.person) FROM app.reader r WHERE r.basis = 'recused';
GRANT EXECUTE ON FUNCTION door.visit_is_booked() TO app_owner; -- to make the trigger
RESET ROLE;
CREATE TRIGGER application_moves_booked AFTER INSERT ON app.application_step
    FOR EACH ROW WHEN (NEW.move = 'BOOK') EXECUTE FUNCTION door.visit_is_booked();
"""


def upgrade() -> None:
    run(op, TABLES + DOOR)
