"""Of consultations that wait again somebody is told, whoever closes one it is forgotten in time, and files go with them."""

from alembic import op

from app.migrations.sql import run

revision = "0050"
down_revision = "0049"

TABLES = """
GRANT SELECT (at, person) ON app.access TO app_door;
-- What a trigger brings about is told like all else. Of nobody: who caused it did something else.
GRANT INSERT (id, kind, ids, due_at, next_at) ON app.outbox TO app_door;
CREATE POLICY tell ON app.outbox FOR INSERT TO app_door WITH CHECK (
    actor IS NULL AND kind IN ('ConsultationReturned', 'ConsultationAged', 'FileGone'));
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE FUNCTION door.tell(what text, about jsonb, at timestamptz) RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    INSERT INTO app.outbox (id, kind, ids, due_at, next_at) VALUES (gen_random_uuid(), what, about, at, at);
END;

-- Who reads it: whose it is, and who holds it; who has closed it for a week more. However it came to wait again, or was
-- closed, that is told.
CREATE OR REPLACE FUNCTION door.consultation_moved() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.application IS NOT NULL AND NOT EXISTS (SELECT FROM app.application a
                WHERE a.id = NEW.application AND a.applicant = NEW.person AND a.institution = NEW.institution) THEN
            RAISE 'it is about an application of hers with that institution' USING ERRCODE = '42501';
        END IF;
        INSERT INTO app.reader (subject, person, basis, since) VALUES (NEW.id, NEW.person, 'asker', NEW.opened_at);
        RETURN NULL;
    END IF;
    IF NEW.state = 'CLOSED' THEN
        UPDATE app.reader SET until = app.clock() + interval '7 days'
        WHERE subject = NEW.id AND basis = 'staff' AND until > app.clock() + interval '7 days';
        IF OLD.state <> 'CLOSED' THEN
            PERFORM door.tell('ConsultationAged', jsonb_build_object('consultation', NEW.id), app.clock() + interval '365 days');
        END IF;
        RETURN NULL;
    END IF;
    UPDATE app.reader SET until = app.clock() WHERE subject = NEW.id AND basis = 'staff' AND until > app.clock();
    IF NEW.state = 'TAKEN' THEN
        INSERT INTO app.reader (subject, person, basis, since) VALUES (NEW.id, NEW.holder, 'staff', app.clock())
        ON CONFLICT (subject, person) DO UPDATE SET until = 'infinity' WHERE reader.basis = 'staff';
    ELSE
        PERFORM door.tell('ConsultationReturned', jsonb_build_object('consultation', NEW.id, 'cause', gen_random_uuid()), app.clock());
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION door.empty_consultations(which uuid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.institution_consultation SET state = 'CLOSED' WHERE id = ANY (which) AND state <> 'CLOSED';
    PERFORM door.tell('FileGone', jsonb_build_object('file', f.id), app.clock())
    FROM app.file f WHERE f.subject = ANY (which) AND f.state <> 'GONE';
    UPDATE app.file SET state = 'GONE', kek = NULL, key = '', owner = CASE WHEN from_owner THEN NULL ELSE owner END
    WHERE subject = ANY (which) AND state <> 'GONE';
    DELETE FROM app.key WHERE subject = ANY (which);
    DELETE FROM app.read_mark WHERE subject = ANY (which);
    UPDATE app.message SET body = '', author = CASE WHEN from_owner THEN NULL ELSE author END WHERE subject = ANY (which);
    DELETE FROM app.reader WHERE subject = ANY (which);
    UPDATE app.institution_consultation SET person = NULL, application = NULL WHERE id = ANY (which);
END $$;
-- To whose it is: when somebody of the staff opened it, or a file of it, and how she is called, by her post.
CREATE FUNCTION door.staff_readings(subjects uuid[]) RETURNS TABLE (subject uuid, at timestamptz, part uuid, called text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT a.subject, a.at, a.part, p.called FROM app.access a LEFT JOIN app.post p ON p.person = a.person
    WHERE a.subject = ANY (subjects) AND a.basis IN ('staff', 'supervisor') AND EXISTS (
        SELECT FROM app.reader r WHERE r.subject = a.subject AND r.person = app.person() AND r.basis = 'asker' AND r.until > app.clock());
END;
GRANT EXECUTE ON FUNCTION door.staff_readings(uuid[]) TO app_api;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, TABLES + DOOR)
