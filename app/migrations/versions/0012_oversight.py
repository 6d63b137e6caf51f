"""What supervisors must see to, and what residents ask of them: to be called back, or a block looked at again."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0012"
down_revision = "0011"

OVERSIGHT = """
CREATE TABLE app.petition (                           -- a subject of its own: its readers are whose question it is and who takes the task
    id       uuid PRIMARY KEY,
    question uuid NOT NULL REFERENCES app.question,
    person   uuid NOT NULL,
    kind     text NOT NULL CHECK (kind IN ('CALLBACK', 'APPEAL')),
    due_at   timestamptz NOT NULL,
    made_at  timestamptz NOT NULL,
    body     bytea NOT NULL,                          -- sealed JSON: a telephone and a time, or why the block is wrong
    state    text NOT NULL CHECK (state IN ('OPEN', 'TAKEN', 'DONE')), -- as its task stands, written by the task's trigger
    outcome  text);
CREATE INDEX petition_question ON app.petition (question, made_at);
-- One call at a time; one appeal a question, since what a supervisor upheld is never blocked again.
CREATE UNIQUE INDEX petition_callback ON app.petition (question) WHERE kind = 'CALLBACK' AND state <> 'DONE';
CREATE UNIQUE INDEX petition_appeal   ON app.petition (question) WHERE kind = 'APPEAL';
GRANT SELECT, INSERT ON app.petition TO app_api;
CREATE POLICY read ON app.petition FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = id AND r.person = app.person() AND r.until > app.clock() OFFSET 0));
CREATE POLICY make ON app.petition FOR INSERT TO app_api WITH CHECK (person = app.person() AND state = 'OPEN' AND outcome IS NULL AND EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.until > app.clock()
                               AND r.basis IN ('asker', 'delegate') OFFSET 0));

CREATE TABLE app.task (                               -- content-free: what, about which question, until when
    id        uuid PRIMARY KEY,
    kind      text NOT NULL CHECK (kind IN ('BREACH', 'CALLBACK', 'LOW_RATING', 'APPEAL')),
    question  uuid NOT NULL,
    about     uuid NOT NULL,                          -- the petition, the rated answer, or the question itself
    category  text NOT NULL,                          -- of the question when the task was made, as its town: supervisors see no question
    town      text NOT NULL,
    made_at   timestamptz NOT NULL,
    due_at    timestamptz NOT NULL,
    escalated smallint NOT NULL DEFAULT 0,            -- how often it was called overdue
    taken_by  uuid,
    taken_at  timestamptz,
    done_at   timestamptz,
    outcome   text CHECK (outcome IN ('DONE', 'NOT_REACHED', 'UPHELD', 'DISMISSED')),
    UNIQUE (kind, about));
CREATE INDEX task_open ON app.task (due_at, id) WHERE done_at IS NULL;
CREATE INDEX task_done ON app.task (due_at, id) WHERE done_at IS NOT NULL;
CREATE INDEX task_held ON app.task (taken_by)   WHERE done_at IS NULL;
GRANT SELECT, UPDATE (taken_by, taken_at, done_at, outcome) ON app.task TO app_api;
CREATE POLICY supervisor ON app.task FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role = 'SUPERVISOR' OFFSET 0));
-- What is free or her own; and nobody takes up her own case.
CREATE POLICY take ON app.task FOR UPDATE TO app_api USING (
    done_at IS NULL AND EXISTS (
        SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role = 'SUPERVISOR' OFFSET 0)
    AND CASE WHEN taken_by IS NULL THEN NOT EXISTS (
        SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() OFFSET 0) ELSE taken_by = app.person() END)
    WITH CHECK (CASE WHEN taken_by IS NULL THEN done_at IS NULL ELSE taken_by = app.person() END);
GRANT SELECT, INSERT, UPDATE (escalated, taken_by, taken_at) ON app.task TO app_worker;
CREATE POLICY worker ON app.task TO app_worker USING (true);
GRANT SELECT (category, division) ON app.question TO app_worker; -- a blocked question was never dispatched

GRANT SELECT, UPDATE (taken_by, taken_at) ON app.task TO app_door;
CREATE POLICY door ON app.task TO app_door USING (true);
GRANT SELECT (id), UPDATE (state, outcome) ON app.petition TO app_door;
CREATE POLICY door ON app.petition TO app_door USING (true);

SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
-- Whose question it is reads the petition too: what a delegate asks for, the elder sees.
CREATE FUNCTION door.petition_reads() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO app.reader (subject, person, basis, since)
    SELECT NEW.id, person, basis, NEW.made_at FROM app.reader
    WHERE subject = NEW.question AND basis IN ('asker', 'delegate') AND until > app.clock();
    RETURN NULL;
END $$;
-- Who takes a task reads the petition it is about until it is done; the ledger tells the asker.
CREATE FUNCTION door.task_reads() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF OLD.taken_by IS NOT NULL THEN
        UPDATE app.reader SET until = app.clock() WHERE subject = OLD.about AND person = OLD.taken_by AND basis = 'staff';
    END IF;
    IF NEW.taken_by IS NOT NULL AND NEW.done_at IS NULL THEN
        INSERT INTO app.reader (subject, person, basis, since) VALUES (NEW.about, NEW.taken_by, 'staff', NEW.taken_at)
        ON CONFLICT (subject, person) DO UPDATE SET until = 'infinity' WHERE reader.basis = 'staff';
    END IF;
    UPDATE app.petition SET outcome = NEW.outcome,
        state = CASE WHEN NEW.done_at IS NOT NULL THEN 'DONE' WHEN NEW.taken_by IS NOT NULL THEN 'TAKEN' ELSE 'OPEN' END
    WHERE id = NEW.about;
    RETURN NULL;
END $$;
-- Who is a supervisor no longer holds no task, and reads nothing more, from this instant.
CREATE FUNCTION door.role_ends() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.task SET taken_by = NULL, taken_at = NULL WHERE taken_by = OLD.person AND done_at IS NULL;
    RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION door.petition_reads(), door.task_reads(), door.role_ends() TO app_owner;
RESET ROLE;
CREATE TRIGGER petition_reads AFTER INSERT ON app.petition FOR EACH ROW EXECUTE FUNCTION door.petition_reads();
CREATE TRIGGER task_reads AFTER UPDATE OF taken_by, done_at ON app.task FOR EACH ROW
    WHEN (NEW.kind IN ('CALLBACK', 'APPEAL')) EXECUTE FUNCTION door.task_reads();
CREATE TRIGGER role_ends AFTER DELETE OR UPDATE OF role ON app.role_held FOR EACH ROW
    WHEN (OLD.role = 'SUPERVISOR') EXECUTE FUNCTION door.role_ends();
"""


def upgrade() -> None:
    run(op, OVERSIGHT)
    wall(op, "petition", "task")
