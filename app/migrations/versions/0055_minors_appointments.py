"""What the staff would see of a minor who comes to an institution waits for a colleague's yes (未成年人网络保护条例 36)."""

from alembic import op

from app.migrations.sql import run

revision = "0055"
down_revision = "0054"

TABLES = """
-- Of a minor's appointment the staff see when it is, and no word of who comes: a reading of the desk gives no key.
ALTER TABLE app.reader DROP CONSTRAINT reader_basis_check,
    ADD CONSTRAINT reader_basis_check CHECK (
        basis IN ('asker', 'delegate', 'offered', 'seat', 'answered', 'staff', 'desk', 'supervisor', 'assigned'));
ALTER POLICY read ON app.key USING (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = key.subject AND r.person = app.person() AND r.until > app.clock() AND r.basis <> 'desk' OFFSET 0));

ALTER TABLE app.minor_access DROP CONSTRAINT minor_access_kind_check, DROP CONSTRAINT minor_access_office_check,
    ADD CONSTRAINT minor_access_kind_check CHECK (kind IN ('TASK', 'FILE', 'APPOINTMENT')),
    ADD CONSTRAINT minor_access_office_check CHECK (
        office IN ('SUPERVISOR', 'ADMIN', 'AUDITOR', 'OFFICER', 'WINDOW_STAFF', 'MEDIATOR', 'NOTARY'));
DROP POLICY ask ON app.minor_access;
DROP POLICY approve ON app.minor_access;
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- Whether she works where the viewer works.
CREATE FUNCTION door.colleague(who uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM app.post m JOIN app.post p ON p.institution = m.institution
                   WHERE m.person = app.person() AND m.until > app.clock() AND p.person = who AND p.until > app.clock());
END;

CREATE OR REPLACE FUNCTION door.of_a_minor(what text, wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT CASE what
        WHEN 'TASK' THEN (
            SELECT t.kind IN ('CALLBACK', 'APPEAL') AND door.young_petition(t.about) AND NOT door.urgent_call(t.kind, t.question)
            FROM app.task t WHERE t.id = wanted AND t.taken_by = app.person() AND t.done_at IS NULL)
        WHEN 'FILE' THEN (
            SELECT door.young(p.id) FROM app.person p WHERE p.id = wanted AND EXISTS (
                SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role IN ('ADMIN', 'AUDITOR') AND h.until > app.clock()))
        WHEN 'APPOINTMENT' THEN (
            SELECT r.basis = 'desk' FROM app.reader r JOIN app.appointment a ON a.id = r.subject
            WHERE r.subject = wanted AND r.person = app.person() AND r.basis IN ('desk', 'staff') AND r.until > app.clock())
        END;
END;

-- Who reads it: whose it is, and once it is booked those who have a post there, until a week after its end.
CREATE OR REPLACE FUNCTION door.appointment_moved() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.state = OLD.state THEN RETURN NULL; END IF;
    ELSIF NEW.person IS NOT NULL THEN
        INSERT INTO app.reader (subject, person, basis, since) VALUES (NEW.id, NEW.person, 'asker', NEW.made_at);
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
    SELECT NEW.id, count(*), NEW.state, app.person(), app.clock() FROM app.appointment_move m WHERE m.appointment = NEW.id;
    RETURN NULL;
END $$;

-- Who comes to an institution reads what is booked there, who leaves it reads nothing of it any more.
CREATE OR REPLACE FUNCTION door.post_reads_appointments() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.institution <> NEW.institution OR NEW.until <= app.clock()) THEN
        UPDATE app.reader r SET until = app.clock() FROM app.appointment a
        WHERE a.institution = OLD.institution AND r.subject = a.id AND r.person = OLD.person AND r.basis IN ('staff', 'desk') AND r.until > app.clock();
    END IF;
    IF NEW.until > app.clock() THEN
        INSERT INTO app.reader (subject, person, basis, since)
        SELECT a.id, NEW.person, CASE WHEN door.young(a.person) THEN 'desk' ELSE 'staff' END, app.clock() FROM app.appointment a
        WHERE a.institution = NEW.institution AND a.state IN ('REQUESTED', 'CONFIRMED', 'CHECKED_IN')
        ON CONFLICT (subject, person) DO UPDATE SET until = 'infinity', basis = excluded.basis
            WHERE reader.basis IN ('staff', 'desk') AND reader.until <= app.clock();
    END IF;
    RETURN NULL;
END $$;

-- For a day she reads it, who was approved; then it is closed to her again, and she sees still that somebody comes.
CREATE FUNCTION door.appointment_access_approved() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.reader SET basis = 'staff', until = least(until, NEW.until)
    WHERE subject = NEW.subject AND person = NEW.requester AND basis = 'desk' AND until > app.clock();
    RETURN NULL;
END $$;
CREATE FUNCTION door.appointment_opened() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.minor_access SET opened_at = NEW.at
    WHERE kind = 'APPOINTMENT' AND subject = NEW.subject AND requester = NEW.person AND approved_at IS NOT NULL
      AND opened_at IS NULL AND until > app.clock();
    RETURN NULL;
END $$;
CREATE FUNCTION door.minor_access_over(access uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.reader r SET basis = 'desk', until = CASE WHEN a.state IN ('REQUESTED', 'CONFIRMED', 'CHECKED_IN') THEN 'infinity'::timestamptz
                                                         ELSE app.clock() + interval '6 days' END
    FROM app.minor_access m JOIN app.appointment a ON a.id = m.subject JOIN app.post p ON p.person = m.requester
    WHERE m.id = access AND m.kind = 'APPOINTMENT' AND m.until <= app.clock() AND r.subject = m.subject AND r.person = m.requester
      AND r.basis = 'staff' AND r.until <= app.clock() AND p.institution = a.institution AND p.until > app.clock();
END $$;
GRANT EXECUTE ON FUNCTION door.colleague(uuid) TO app_api;
GRANT EXECUTE ON FUNCTION door.minor_access_over(uuid) TO app_worker;
GRANT EXECUTE ON FUNCTION door.appointment_access_approved(), door.appointment_opened() TO app_owner; -- to make the triggers
RESET ROLE;

-- Only about a minor, and by who holds the office: a file keeper, the supervisor who has the task, or who works where she comes.
CREATE POLICY ask ON app.minor_access FOR INSERT TO app_api WITH CHECK (
    requester = app.person() AND approver IS NULL AND NOT crisis AND opened_at IS NULL
    AND asked_at = app.clock() AND until = app.clock() + interval '24 hours'
    AND CASE kind WHEN 'TASK' THEN office = 'SUPERVISOR' WHEN 'FILE' THEN office IN ('ADMIN', 'AUDITOR')
                  ELSE office IN ('OFFICER', 'WINDOW_STAFF', 'MEDIATOR', 'NOTARY') END
    AND EXISTS (SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role = office AND h.until > app.clock() OFFSET 0)
    AND coalesce(door.of_a_minor(kind, subject), false));
CREATE POLICY approve ON app.minor_access FOR UPDATE TO app_api USING (
    approver IS NULL AND NOT crisis AND until > app.clock() AND requester <> app.person()
    AND CASE WHEN kind = 'APPOINTMENT' AND door.colleague(requester) THEN true ELSE EXISTS (
        SELECT FROM app.role_held h WHERE h.person = app.person() AND h.until > app.clock()
            AND h.role IN (CASE kind WHEN 'APPOINTMENT' THEN 'SECURITY_OFFICER' ELSE office END, 'SECURITY_OFFICER') OFFSET 0) END)
    WITH CHECK (approver = app.person() AND approved_at = app.clock() AND until = app.clock() + interval '24 hours');
-- At an institution they see what was asked for there.
CREATE POLICY colleagues ON app.minor_access FOR SELECT TO app_api USING (
    CASE WHEN kind <> 'APPOINTMENT' THEN false ELSE requester = app.person() OR door.colleague(requester) END);
CREATE TRIGGER appointment_access_approved AFTER UPDATE OF approved_at ON app.minor_access FOR EACH ROW
    WHEN (NEW.kind = 'APPOINTMENT' AND OLD.approved_at IS NULL AND NEW.approved_at IS NOT NULL)
    EXECUTE FUNCTION door.appointment_access_approved();
CREATE TRIGGER appointment_opened AFTER INSERT ON app.access FOR EACH ROW
    WHEN (NEW.basis = 'staff') EXECUTE FUNCTION door.appointment_opened();
"""


def upgrade() -> None:
    run(op, TABLES + DOOR)
