"""Nobody decides over a measure about herself, what nobody is left to read is on no desk, and what was being reported while its
question was erased follows it.

Once a question was erased, who had a part in it was known no more: a supervisor could lift a measure about herself. The appeal of who
closed her account could be decided by nobody, and was called overdue every day."""

from alembic import op

from app.migrations.sql import run

revision = "0139"
down_revision = "0138"

SUPERVISES = "EXISTS (SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role = 'SUPERVISOR' AND h.until > app.clock() OFFSET 0)"
HERS = "EXISTS (SELECT FROM app.reader r WHERE r.subject = id AND r.person = app.person() AND r.until > app.clock() AND r.basis = 'asker' OFFSET 0)"
DESK = """CASE WHEN appealed_at IS NULL OR person IS NULL OR person = app.person() THEN false WHEN judge = app.person() THEN true
    ELSE judged_at IS NULL AND (judge IS NULL OR judge_until <= app.clock()) AND decided_by <> app.person() AND door.unconcerned(report) END"""

TABLES = f"""
ALTER POLICY read ON app.measure USING (CASE WHEN {HERS} THEN true WHEN NOT {SUPERVISES} THEN false ELSE {DESK} END);
ALTER POLICY judge ON app.measure USING (CASE WHEN judged_at IS NOT NULL OR NOT {SUPERVISES} THEN false ELSE {DESK} END);
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE FUNCTION door.appeal_waits(asked uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM app.measure m WHERE m.id = asked AND m.appealed_at IS NOT NULL AND m.judged_at IS NULL AND m.person IS NOT NULL);
END;
CREATE OR REPLACE FUNCTION door.measure_judges(asked uuid) RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT h.person FROM app.measure m JOIN app.role_held h ON h.role = 'SUPERVISOR' AND h.until > app.clock()
    WHERE m.id = asked AND door.appeal_waits(m.id) AND h.person NOT IN (m.decided_by, m.person) AND NOT door.concerned(m.report, h.person);
END;

-- As it was; and what she had taken of her own, under her other name, waits for another.
CREATE OR REPLACE FUNCTION door.reports_move() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.report r SET state = 'WAITING', taker = NULL, taken_until = NULL WHERE r.taker = NEW.person AND r.state = 'TAKEN'
        AND EXISTS (SELECT FROM app.report_source s WHERE s.report = r.id AND OLD.person IN (s.reporter, s.accused));
    UPDATE app.measure SET judge = NULL, judge_until = NULL WHERE person = OLD.person AND judge = NEW.person AND judged_at IS NULL;
    UPDATE app.report_source s SET reporter = NEW.person, open = s.open AND NOT EXISTS (
        SELECT FROM app.report_source o WHERE o.reporter = NEW.person AND o.about = s.about AND o.open) WHERE s.reporter = OLD.person;
    UPDATE app.report_source SET accused = NEW.person WHERE accused = OLD.person;
    UPDATE app.measure SET person = NEW.person WHERE person = OLD.person;
    RETURN NULL;
END $$;

-- Whatever was being reported while the question was erased.
CREATE FUNCTION door.reports_follow(asked uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM door.empty_reports(ARRAY(SELECT s.report FROM app.report_source s JOIN app.question q ON q.id = s.question
        WHERE s.question = asked AND q.status = 'ERASED'));
END $$;
GRANT EXECUTE ON FUNCTION door.appeal_waits(uuid), door.reports_follow(uuid) TO app_worker;
SELECT door.empty_reports(ARRAY(SELECT s.report FROM app.report_source s JOIN app.question q ON q.id = s.question WHERE q.status = 'ERASED'));
RESET ROLE;
"""


def upgrade() -> None:
    run(op, TABLES + DOOR)
