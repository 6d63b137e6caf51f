"""Whom a measure is about appeals against it, and a supervisor who had no hand in it decides."""

from alembic import op

from app.migrations.sql import run

revision = "0136"
down_revision = "0135"

SUPERVISES = "EXISTS (SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role = 'SUPERVISOR' AND h.until > app.clock() OFFSET 0)"
HERS = "EXISTS (SELECT FROM app.reader r WHERE r.subject = id AND r.person = app.person() AND r.until > app.clock() AND r.basis = 'asker' OFFSET 0)"
DESK = """CASE WHEN appealed_at IS NULL THEN false WHEN judge = app.person() THEN true
    ELSE judged_at IS NULL AND (judge IS NULL OR judge_until <= app.clock()) AND decided_by <> app.person() AND door.unconcerned(report) END"""

TABLES = f"""
ALTER TABLE app.measure
    ADD COLUMN appealed_at timestamptz,
    ADD COLUMN appeal      bytea,                      -- sealed under the measure's key, as the answer
    ADD COLUMN appeal_due  timestamptz,
    ADD COLUMN judge       uuid,
    ADD COLUMN judge_until timestamptz,
    ADD COLUMN judged_at   timestamptz,
    ADD COLUMN lifted      boolean,
    ADD COLUMN answer      bytea,
    ADD CHECK (judge <> decided_by),
    ADD CHECK ((judged_at IS NULL) = (lifted IS NULL));
CREATE INDEX measure_appealed ON app.measure (appeal_due, id) WHERE appealed_at IS NOT NULL AND judged_at IS NULL;
GRANT UPDATE (appealed_at, appeal, appeal_due, judge, judge_until, judged_at, lifted, answer) ON app.measure TO app_api;
GRANT UPDATE (appeal, answer, judge, judge_until) ON app.measure TO app_door;
ALTER POLICY read ON app.measure USING (CASE WHEN {HERS} THEN true WHEN NOT {SUPERVISES} THEN false ELSE {DESK} END);
CREATE POLICY appeal ON app.measure FOR UPDATE TO app_api USING (CASE WHEN appealed_at IS NULL AND appeal_until > app.clock() THEN {HERS} ELSE false END)
    WITH CHECK (appealed_at = app.clock() AND judge IS NULL);
CREATE POLICY judge ON app.measure FOR UPDATE TO app_api USING (
    CASE WHEN judged_at IS NOT NULL OR NOT {SUPERVISES} THEN false ELSE {DESK} END) WITH CHECK (judge = app.person());

-- And a report by who reads it on appeal.
CREATE POLICY on_appeal ON app.report FOR SELECT TO app_api USING (
    EXISTS (SELECT FROM app.reader r WHERE r.subject = id AND r.person = app.person() AND r.until > app.clock() AND r.basis = 'staff' OFFSET 0));

CREATE FUNCTION app.measure_goes() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
    held boolean := coalesce(OLD.judge_until > app.clock(), false);
BEGIN
    IF NOT coalesce(CASE
        WHEN OLD.appealed_at IS NULL THEN NEW.judge IS NULL AND NEW.judged_at IS NULL AND NEW.answer IS NULL
        WHEN NEW.appealed_at <> OLD.appealed_at OR NEW.appeal <> OLD.appeal OR NEW.appeal_due <> OLD.appeal_due THEN false
        WHEN NEW.judged_at IS NULL THEN NOT held AND NEW.judge_until = app.clock() + interval '24 hours' AND NEW.answer IS NULL
        ELSE held AND OLD.judge = app.person() AND NEW.judge = OLD.judge AND NEW.judged_at = app.clock() END, false) THEN
        RAISE 'an appeal does not go that way' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER measure_goes BEFORE UPDATE ON app.measure FOR EACH ROW WHEN (current_user = 'app_api') EXECUTE FUNCTION app.measure_goes();
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- Who takes an appeal reads the measure and what was disclosed, of a minor's the measure alone; both end with her lease, or the decision.
-- What was disclosed is kept for as long as it runs.
CREATE FUNCTION door.measure_moved() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF OLD.judge IS NOT NULL THEN
        UPDATE app.reader SET until = app.clock()
        WHERE subject IN (OLD.id, OLD.report) AND person = OLD.judge AND basis = 'staff' AND until > app.clock();
    END IF;
    IF NEW.judge IS NOT NULL AND NEW.judged_at IS NULL THEN
        INSERT INTO app.reader (subject, person, basis, since, until)
        SELECT x.subject, NEW.judge, 'staff', app.clock(), NEW.judge_until FROM unnest(ARRAY[NEW.id, NEW.report]) AS x (subject)
        WHERE x.subject = NEW.id OR NOT coalesce(
            (SELECT door.young_petition(s.question) FROM app.report_source s WHERE s.report = NEW.report), true)
        ON CONFLICT (subject, person) DO UPDATE SET until = excluded.until, basis = 'staff' WHERE reader.basis IN ('staff', 'desk');
    END IF;
    IF OLD.appealed_at IS DISTINCT FROM NEW.appealed_at OR OLD.judged_at IS DISTINCT FROM NEW.judged_at THEN
        UPDATE app.report SET settled_at = NEW.judged_at WHERE id = NEW.report;
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION door.judge_ends() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.measure SET judge = NULL, judge_until = NULL WHERE judge = OLD.person AND judged_at IS NULL;
    RETURN NULL;
END $$;
-- Who may decide an appeal that waits.
CREATE FUNCTION door.measure_judges(asked uuid) RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT h.person FROM app.measure m JOIN app.role_held h ON h.role = 'SUPERVISOR' AND h.until > app.clock()
    WHERE m.id = asked AND m.appealed_at IS NOT NULL AND m.judged_at IS NULL AND h.person <> m.decided_by AND NOT door.concerned(m.report, h.person);
END;
CREATE OR REPLACE FUNCTION door.earlier_measures(asked uuid) RETURNS TABLE (kind text, at timestamptz) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT m.kind, m.at FROM app.report_source s JOIN app.measure m ON m.person = s.accused
    WHERE s.report = asked AND m.at > app.clock() - interval '730 days' AND m.lifted IS NOT TRUE AND EXISTS (
        SELECT FROM app.reader r WHERE r.subject = asked AND r.person = app.person() AND r.basis = 'staff' AND r.until > app.clock())
    ORDER BY m.at DESC;
END;
-- As it was, and of what she said against it.
CREATE OR REPLACE FUNCTION door.give_up_moderation(whose uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    hers uuid[];
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('legal hold', 0));
    IF NOT EXISTS (SELECT FROM app.closing c WHERE c.person = whose)
        OR EXISTS (SELECT FROM app.legal_hold h WHERE h.lifted_at IS NULL AND h.subject = whose) THEN RETURN; END IF;
    PERFORM door.empty_reports(ARRAY(SELECT s.report FROM app.report_source s WHERE whose IN (s.reporter, s.accused) AND NOT EXISTS (
        SELECT FROM app.legal_hold h WHERE h.lifted_at IS NULL AND h.subject IN (s.report, s.question, s.reporter, s.accused))));
    hers := ARRAY(SELECT m.id FROM app.measure m WHERE m.person = whose
        UNION ALL SELECT r.id FROM app.report r JOIN app.reader x ON x.subject = r.id AND x.person = whose AND x.basis = 'asker'
        WHERE NOT EXISTS (SELECT FROM app.report_source s WHERE s.report = r.id));
    UPDATE app.measure SET person = NULL, content = '', appeal = '', answer = '' WHERE person = whose;
    DELETE FROM app.key k WHERE k.subject = ANY (hers);
    DELETE FROM app.reader r WHERE r.subject = ANY (hers);
END $$;
GRANT EXECUTE ON FUNCTION door.measure_moved(), door.judge_ends() TO app_owner;   -- to make the triggers
GRANT EXECUTE ON FUNCTION door.measure_judges(uuid) TO app_worker;
RESET ROLE;
CREATE TRIGGER measure_moved AFTER UPDATE OF appealed_at, judge, judge_until, judged_at ON app.measure
    FOR EACH ROW EXECUTE FUNCTION door.measure_moved();
CREATE TRIGGER judge_ends AFTER DELETE OR UPDATE OF role, until ON app.role_held FOR EACH ROW
    WHEN (OLD.role = 'SUPERVISOR') EXECUTE FUNCTION door.judge_ends();
"""


def upgrade() -> None:
    run(op, TABLES + DOOR)
