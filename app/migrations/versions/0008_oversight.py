"""What supervisors must see to, and what residents ask of them: to be called back, or a block looked at again."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0008"
down_revision = "0007"

OVERSIGHT = """
CREATE TABLE app.petition (                           -- a subject of its own: its readers are the asker and who takes the task
    id       uuid PRIMARY KEY,
    question uuid NOT NULL REFERENCES app.question,
    person   uuid NOT NULL,
    kind     text NOT NULL CHECK (kind IN ('CALLBACK', 'APPEAL')),
    due_at   timestamptz NOT NULL,
    made_at  timestamptz NOT NULL,
    body     bytea NOT NULL);                         -- sealed JSON: a telephone and a time, or why the block is wrong
CREATE INDEX petition_question ON app.petition (question, made_at);
GRANT SELECT, INSERT ON app.petition TO app_api;
CREATE POLICY read ON app.petition FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = id AND r.person = app.person() AND r.until > app.clock() OFFSET 0));
CREATE POLICY make ON app.petition FOR INSERT TO app_api WITH CHECK (person = app.person() AND EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.until > app.clock()
                               AND r.basis IN ('asker', 'delegate') OFFSET 0));

CREATE TABLE app.task (                               -- content-free: what, about which question, until when
    id        uuid PRIMARY KEY,
    kind      text NOT NULL CHECK (kind IN ('BREACH', 'CALLBACK', 'LOW_RATING', 'APPEAL')),
    question  uuid NOT NULL,
    about     uuid NOT NULL,                          -- the petition, the rated answer, or the question itself
    made_at   timestamptz NOT NULL,
    due_at    timestamptz NOT NULL,
    escalated smallint NOT NULL DEFAULT 0,            -- how often it was called overdue
    taken_by  uuid,
    taken_at  timestamptz,
    done_at   timestamptz,
    outcome   text CHECK (outcome IN ('DONE', 'NOT_REACHED', 'UPHELD', 'DISMISSED')),
    UNIQUE (kind, about));
CREATE INDEX task_open ON app.task (due_at, id) WHERE done_at IS NULL;
CREATE INDEX task_page ON app.task (kind, made_at DESC, id DESC);
GRANT SELECT, UPDATE (taken_by, taken_at, done_at, outcome) ON app.task TO app_api;
CREATE POLICY supervisor ON app.task TO app_api USING (EXISTS (
    SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role = 'SUPERVISOR' OFFSET 0));
GRANT SELECT, INSERT, UPDATE (escalated) ON app.task TO app_worker;
CREATE POLICY worker ON app.task TO app_worker USING (true);

SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
CREATE FUNCTION door.petition_reads() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO app.reader (subject, person, basis, since) VALUES (NEW.id, NEW.person, 'asker', NEW.made_at);
    RETURN NULL;
END $$;
-- Who takes a task reads the petition it is about until it is done; the ledger tells the asker.
CREATE FUNCTION door.task_reads() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF OLD.taken_by IS NOT NULL THEN
        UPDATE app.reader SET until = app.clock() WHERE subject = OLD.about AND person = OLD.taken_by AND basis = 'staff';
    END IF;
    IF NEW.taken_by IS NOT NULL AND NEW.kind IN ('CALLBACK', 'APPEAL') AND NEW.done_at IS NULL THEN
        INSERT INTO app.reader (subject, person, basis, since) VALUES (NEW.about, NEW.taken_by, 'staff', NEW.taken_at)
        ON CONFLICT (subject, person) DO UPDATE SET until = 'infinity' WHERE reader.basis = 'staff';
    END IF;
    RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION door.petition_reads(), door.task_reads() TO app_owner;
RESET ROLE;
CREATE TRIGGER petition_reads AFTER INSERT ON app.petition FOR EACH ROW EXECUTE FUNCTION door.petition_reads();
CREATE TRIGGER task_reads AFTER UPDATE OF taken_by, done_at ON app.task FOR EACH ROW EXECUTE FUNCTION door.task_reads();
"""


def upgrade() -> None:
    run(op, OVERSIGHT)
    wall(op, "petition", "task")
