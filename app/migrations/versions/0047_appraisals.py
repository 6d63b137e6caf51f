"""A line of an adviser's appraisal is contested by her, and decided by the staff, each with a reason."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0047"
down_revision = "0046"

KEEPER = """EXISTS (SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role IN ('EDITOR', 'OFFICER', 'ADMIN')
                            AND h.until > app.clock() OFFSET 0)"""

CONTESTS = f"""
CREATE TABLE app.appraisal_contest (                  -- none goes, and what was decided stays
    id         uuid PRIMARY KEY,
    term       uuid NOT NULL REFERENCES app.adviser_term,
    adviser    uuid NOT NULL,
    year       integer NOT NULL CHECK (year BETWEEN 2000 AND 2200),
    line       text NOT NULL CHECK (line IN ('VISITS', 'TALKS', 'MEDIATIONS', 'QUESTIONS')),
    state      text NOT NULL CHECK (state IN ('OPEN', 'UPHELD', 'DISMISSED')),
    reason     bytea NOT NULL,                        -- sealed, like the answer: both may speak of people
    made_at    timestamptz NOT NULL,
    answer     bytea,
    credited   integer NOT NULL CHECK (credited BETWEEN 0 AND 100),   -- so many more are counted
    decided_by uuid,
    decided_at timestamptz,
    CHECK (state = 'UPHELD' OR credited = 0),
    CHECK (CASE state WHEN 'OPEN' THEN num_nonnulls(answer, decided_by, decided_at) = 0
                      ELSE num_nonnulls(answer, decided_by, decided_at) = 3 END),
    CHECK (decided_by <> adviser));
CREATE UNIQUE INDEX appraisal_contest_open ON app.appraisal_contest (term, year, line) WHERE state = 'OPEN';
CREATE INDEX appraisal_contest_term  ON app.appraisal_contest (term, year);
CREATE INDEX appraisal_contest_state ON app.appraisal_contest (state, made_at, id);
GRANT SELECT, INSERT, UPDATE (state, answer, credited, decided_by, decided_at) ON app.appraisal_contest TO app_api;
GRANT SELECT (id, term, adviser, state) ON app.appraisal_contest TO app_worker;
CREATE POLICY own    ON app.appraisal_contest FOR SELECT TO app_api USING (CASE WHEN adviser = app.person() THEN true ELSE {KEEPER} END);
CREATE POLICY make   ON app.appraisal_contest FOR INSERT TO app_api
    WITH CHECK (adviser = app.person() AND state = 'OPEN' AND made_at = app.clock());
CREATE POLICY decide ON app.appraisal_contest FOR UPDATE TO app_api USING (state = 'OPEN' AND {KEEPER})
    WITH CHECK (decided_by = app.person() AND decided_at = app.clock());
CREATE POLICY worker ON app.appraisal_contest FOR SELECT TO app_worker USING (true);
SET LOCAL ROLE app_door;
CREATE FUNCTION door.contest_made() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM app.adviser_term t JOIN app.legal_worker w ON w.id = t.worker
        LEFT JOIN app.lawyer l ON w.kind = 'LAWYER' AND l.licence = w.number
        WHERE t.id = NEW.term AND coalesce(t.person, l.id) = NEW.adviser) THEN
        RAISE 'not hers to contest' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;
GRANT EXECUTE ON FUNCTION door.contest_made() TO app_owner; -- to make the trigger
RESET ROLE;
CREATE TRIGGER contest_made BEFORE INSERT ON app.appraisal_contest FOR EACH ROW EXECUTE FUNCTION door.contest_made();
"""


def upgrade() -> None:
    run(op, CONTESTS)
    wall(op, "appraisal_contest")
