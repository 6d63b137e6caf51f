"""What was written down at a window is its window's: who leaves reads it no more, and what a detained person sent does
not wait for who wrote it down.

The readings of statements outlived a post; and a detained person's application could be forwarded by one clerk alone,
within 24 hours (法律援助法第三十九条), whether she was there or not."""

from alembic import op

from app.migrations.sql import run

revision = "0100"
down_revision = "0099"

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- Who leaves the window, or changes what she does there, reads nothing of it any more; who comes reads what is to be forwarded.
CREATE FUNCTION door.post_reads_statements() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        UPDATE app.reader r SET until = app.clock() FROM app.counter_statement s
        WHERE s.place = OLD.institution AND r.subject = s.id AND r.person = OLD.person AND r.basis IN ('asker', 'staff') AND r.until > app.clock()
          AND (NEW.institution <> OLD.institution OR NEW.duty NOT IN ('WINDOW_STAFF', 'SUPERVISOR') OR NEW.until <= app.clock());
    END IF;
    IF NEW.duty IN ('WINDOW_STAFF', 'SUPERVISOR') AND NEW.until > app.clock() THEN
        INSERT INTO app.reader (subject, person, basis, since)
        SELECT s.id, NEW.person, CASE WHEN s.clerk = NEW.person THEN 'asker' ELSE 'staff' END, app.clock() FROM app.counter_statement s
        WHERE s.place = NEW.institution AND s.source <> 'IN_PERSON' AND s.application IS NULL
        ON CONFLICT (subject, person) DO UPDATE SET until = 'infinity' WHERE reader.basis IN ('asker', 'staff') AND reader.until <= app.clock();
    END IF;
    RETURN NULL;
END $$;

-- Who wrote it down sends it; what a detained person sent, whoever serves at that window.
CREATE FUNCTION door.sends_statement(asked uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM app.counter_statement s WHERE s.id = asked AND (s.clerk = app.person() OR s.source <> 'IN_PERSON' AND EXISTS (
        SELECT FROM app.post p WHERE p.person = app.person() AND p.institution = s.place AND p.duty = 'WINDOW_STAFF' AND p.until > app.clock())));
END;

CREATE OR REPLACE FUNCTION door.counter_applicant(asked uuid) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    her uuid := gen_random_uuid();
    made uuid := gen_random_uuid();
BEGIN
    PERFORM FROM app.counter_statement s WHERE s.id = asked AND door.sends_statement(s.id) AND s.application IS NULL AND s.delegation IS NULL
        AND (s.source <> 'IN_PERSON' OR s.confirmed IS NOT NULL) FOR UPDATE;
    IF NOT FOUND THEN RAISE 'nobody said yes to this' USING ERRCODE = '42501'; END IF;
    INSERT INTO app.person (id, created_at) VALUES (her, app.clock());
    INSERT INTO app.delegation (id, elder, delegate, relation, consent, names, granted_at) VALUES (made, her, app.person(), 'OTHER', 'AT_COUNTER', '', app.clock());
    UPDATE app.counter_statement SET delegation = made WHERE id = asked;
    RETURN made;
END $$;

CREATE OR REPLACE FUNCTION door.counter_applied(asked uuid, made uuid, told bytea, midnight timestamptz) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    by_whom uuid;
BEGIN
    SELECT a.delegation INTO by_whom FROM app.application a JOIN app.delegation d ON d.id = a.delegation
    WHERE a.id = made AND d.delegate = app.person();
    UPDATE app.counter_statement s SET application = made, receipt = a.receipt, applied_at = app.clock(), delegation = by_whom, claim = told
    FROM app.application a WHERE a.id = made AND s.id = asked AND door.sends_statement(s.id) AND s.application IS NULL AND by_whom IS NOT NULL;
    IF NOT FOUND THEN RAISE 'this is not hers' USING ERRCODE = '42501'; END IF;
    UPDATE app.delegation SET ended_at = app.clock(), ended_by = 'DELEGATE' WHERE id = by_whom AND ended_at IS NULL;
    UPDATE app.reader SET until = midnight WHERE subject = asked AND until > midnight;
END $$;

GRANT EXECUTE ON FUNCTION door.post_reads_statements() TO app_owner; -- to make the trigger
RESET ROLE;

CREATE TRIGGER post_reads_statements AFTER INSERT OR UPDATE ON app.post FOR EACH ROW EXECUTE FUNCTION door.post_reads_statements();
"""


def upgrade() -> None:
    run(op, DOOR)
