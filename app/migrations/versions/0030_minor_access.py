"""What the staff would see of a minor waits for a second person's yes, and is written down (未成年人网络保护条例 36)."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0030"
down_revision = "0029"

ACCESS = """
CREATE TABLE app.minor_access (                       -- no row goes: asked for, approved once, opened once, then over
    id          uuid PRIMARY KEY,
    kind        text NOT NULL CHECK (kind IN ('TASK', 'FILE')),
    subject     uuid NOT NULL,                        -- the task whose petition it is, or the person whose file it is
    requester   uuid NOT NULL REFERENCES app.person,
    office      text NOT NULL CHECK (office IN ('SUPERVISOR', 'ADMIN', 'AUDITOR')), -- as what she asks
    crisis      boolean NOT NULL,                     -- danger to life: opened at once, written down by a trigger
    reason      bytea NOT NULL,                       -- sealed; empty in a crisis
    asked_at    timestamptz NOT NULL,
    approver    uuid REFERENCES app.person,
    approved_at timestamptz,
    until       timestamptz NOT NULL,
    opened_at   timestamptz,                          -- for the first time; app.access has each opening of a petition
    CHECK (approver <> requester),
    CHECK ((approver IS NULL) = (approved_at IS NULL)),
    CHECK (opened_at IS NULL OR crisis OR approved_at IS NOT NULL));
CREATE INDEX minor_access_at ON app.minor_access (asked_at DESC, id DESC);
CREATE INDEX minor_access_of ON app.minor_access (subject, requester);
GRANT SELECT, INSERT, UPDATE (approver, approved_at, until) ON app.minor_access TO app_api;
CREATE POLICY read ON app.minor_access FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.role_held h WHERE h.person = app.person() AND h.until > app.clock()
                                  AND h.role IN ('SUPERVISOR', 'ADMIN', 'SECURITY_OFFICER', 'AUDITOR') OFFSET 0));
CREATE POLICY approve ON app.minor_access FOR UPDATE TO app_api USING (
    approver IS NULL AND NOT crisis AND until > app.clock() AND requester <> app.person() AND EXISTS (
        SELECT FROM app.role_held h WHERE h.person = app.person() AND h.until > app.clock()
                                      AND h.role IN (office, 'SECURITY_OFFICER') OFFSET 0))
    WITH CHECK (approver = app.person() AND approved_at = app.clock() AND until = app.clock() + interval '24 hours');

GRANT SELECT (person, turn, band) ON app.age_said TO app_door;
CREATE POLICY door ON app.age_said FOR SELECT TO app_door USING (true);
GRANT SELECT, INSERT, UPDATE (until, opened_at) ON app.minor_access TO app_door;
CREATE POLICY door ON app.minor_access TO app_door USING (true);
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
CREATE FUNCTION door.young(whose uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT coalesce((SELECT a.band <> 'ADULT' FROM app.age_said a WHERE a.person = whose ORDER BY a.turn DESC LIMIT 1), false);
END;
CREATE FUNCTION door.young_petition(petition uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM app.reader r WHERE r.subject = petition AND r.basis IN ('asker', 'delegate') AND door.young(r.person));
END;
-- A call that a life may hang on does not wait (PIPL 13(4)); whether a question may be sent again is no such call.
CREATE FUNCTION door.urgent_call(kind text, about uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT kind = 'CALLBACK' AND EXISTS (SELECT FROM app.dispatch d WHERE d.question = about AND d.lane = 'CRISIS');
END;
-- Whether the viewer needs an approval for her task, or for somebody's file; NULL where neither is hers to see.
CREATE FUNCTION door.of_a_minor(what text, wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT CASE what
        WHEN 'TASK' THEN (
            SELECT t.kind IN ('CALLBACK', 'APPEAL') AND door.young_petition(t.about) AND NOT door.urgent_call(t.kind, t.question)
            FROM app.task t WHERE t.id = wanted AND t.taken_by = app.person() AND t.done_at IS NULL)
        WHEN 'FILE' THEN (
            SELECT door.young(p.id) FROM app.person p WHERE p.id = wanted AND EXISTS (
                SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role IN ('ADMIN', 'AUDITOR') AND h.until > app.clock()))
        END;
END;
-- Closed to everybody but who keeps files; of a minor, to whoever has not opened it with an approval that still holds.
CREATE FUNCTION door.file_closed(whose uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT coalesce(door.of_a_minor('FILE', whose), true) AND NOT EXISTS (
        SELECT FROM app.minor_access a WHERE a.kind = 'FILE' AND a.subject = whose AND a.requester = app.person()
                                         AND a.approved_at IS NOT NULL AND a.opened_at IS NOT NULL AND a.until > app.clock());
END;
-- The requester opens what was approved for her, for the first time: it is written down before anything is seen.
CREATE FUNCTION door.open_file(access uuid) RETURNS boolean LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    UPDATE app.minor_access a SET opened_at = coalesce(a.opened_at, app.clock())
    WHERE a.id = access AND a.kind = 'FILE' AND a.requester = app.person() AND a.approved_at IS NOT NULL AND a.until > app.clock()
    RETURNING true;
END;
CREATE OR REPLACE FUNCTION door.people(wanted uuid[]) RETURNS TABLE (id uuid, standing text, created_at timestamptz, roles text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT p.id, p.standing, p.created_at, coalesce(array_agg(h.role ORDER BY h.role) FILTER (WHERE h.until > app.clock()), '{}')
    FROM (SELECT unnest(wanted) UNION SELECT o.person FROM app.role_held o WHERE wanted IS NULL AND o.role <> 'LAWYER') w (person)
    JOIN app.person p ON p.id = w.person
    LEFT JOIN app.role_held h ON h.person = p.id
    WHERE EXISTS (SELECT FROM app.role_held k
                  WHERE k.person = app.person() AND k.role IN ('ADMIN', 'AUDITOR') AND k.until > app.clock())
      AND NOT door.file_closed(p.id)
    GROUP BY p.id;
END;
-- Who takes a task reads the petition it is about until it is done; a minor's, once another has approved it.
CREATE OR REPLACE FUNCTION door.task_reads() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    young boolean;
BEGIN
    IF OLD.taken_by IS NOT NULL THEN
        UPDATE app.reader SET until = app.clock() WHERE subject = OLD.about AND person = OLD.taken_by AND basis = 'staff';
        UPDATE app.minor_access SET until = app.clock()
        WHERE kind = 'TASK' AND subject = OLD.id AND requester = OLD.taken_by AND until > app.clock();
    END IF;
    IF NEW.taken_by IS NOT NULL AND NEW.done_at IS NULL THEN
        young := door.young_petition(NEW.about);
        IF young AND door.urgent_call(NEW.kind, NEW.question) THEN
            INSERT INTO app.minor_access (id, kind, subject, requester, office, crisis, reason, asked_at, until)
            VALUES (gen_random_uuid(), 'TASK', NEW.id, NEW.taken_by, 'SUPERVISOR', true, '', NEW.taken_at, 'infinity');
            young := false;
        END IF;
        IF NOT young THEN
            INSERT INTO app.reader (subject, person, basis, since) VALUES (NEW.about, NEW.taken_by, 'staff', NEW.taken_at)
            ON CONFLICT (subject, person) DO UPDATE SET until = 'infinity' WHERE reader.basis = 'staff';
        END IF;
    END IF;
    UPDATE app.petition SET outcome = NEW.outcome,
        state = CASE WHEN NEW.done_at IS NOT NULL THEN 'DONE' WHEN NEW.taken_by IS NOT NULL THEN 'TAKEN' ELSE 'OPEN' END
    WHERE id = NEW.about;
    RETURN NULL;
END $$;
CREATE FUNCTION door.minor_access_approved() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO app.reader (subject, person, basis, since, until)
    SELECT t.about, NEW.requester, 'staff', NEW.approved_at, NEW.until FROM app.task t
    WHERE t.id = NEW.subject AND t.taken_by = NEW.requester AND t.done_at IS NULL
    ON CONFLICT (subject, person) DO UPDATE SET until = excluded.until WHERE reader.basis = 'staff';
    RETURN NULL;
END $$;
CREATE FUNCTION door.minor_petition_opened() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.minor_access a SET opened_at = NEW.at FROM app.task t
    WHERE t.about = NEW.subject AND a.kind = 'TASK' AND a.subject = t.id AND a.requester = NEW.person
      AND (a.crisis OR a.approved_at IS NOT NULL) AND a.opened_at IS NULL AND a.until > app.clock();
    RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION door.of_a_minor(text, uuid), door.file_closed(uuid), door.open_file(uuid) TO app_api;
GRANT EXECUTE ON FUNCTION door.minor_access_approved(), door.minor_petition_opened() TO app_owner;
RESET ROLE;
CREATE INDEX task_about ON app.task (about);
-- Only about a minor, and by who holds the office: a file keeper, or the supervisor who has the task.
CREATE POLICY ask ON app.minor_access FOR INSERT TO app_api WITH CHECK (
    requester = app.person() AND approver IS NULL AND NOT crisis AND opened_at IS NULL
    AND asked_at = app.clock() AND until = app.clock() + interval '24 hours'
    AND CASE kind WHEN 'TASK' THEN office = 'SUPERVISOR' ELSE office IN ('ADMIN', 'AUDITOR') END
    AND EXISTS (SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role = office AND h.until > app.clock() OFFSET 0)
    AND coalesce(door.of_a_minor(kind, subject), false));
-- What was decided about a minor is as closed as her file.
CREATE POLICY minors ON app.person_move AS RESTRICTIVE FOR SELECT TO app_api USING (NOT door.file_closed(person));
CREATE TRIGGER minor_access_approved AFTER UPDATE OF approved_at ON app.minor_access FOR EACH ROW
    WHEN (NEW.kind = 'TASK' AND OLD.approved_at IS NULL AND NEW.approved_at IS NOT NULL) EXECUTE FUNCTION door.minor_access_approved();
CREATE TRIGGER minor_petition_opened AFTER INSERT ON app.access FOR EACH ROW
    WHEN (NEW.basis = 'staff') EXECUTE FUNCTION door.minor_petition_opened();
"""


def upgrade() -> None:
    run(op, ACCESS + DOOR)
    wall(op, "minor_access")
