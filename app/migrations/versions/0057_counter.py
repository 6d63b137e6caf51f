"""Who applies at a counter, without an account or a telephone; and what detained persons send (法律援助法第三十九条)."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0057"
down_revision = "0056"

STATEMENTS = """
ALTER TABLE app.delegation DROP CONSTRAINT delegation_consent_check,
    ADD CONSTRAINT delegation_consent_check CHECK (consent IN ('SMS_CODE', 'IN_APP', 'AT_COUNTER'));

CREATE TABLE app.counter_statement (                  -- what somebody said at a window, as it was written down; a subject of its own
    id           uuid PRIMARY KEY,
    kind         text NOT NULL REFERENCES app.application_kind,
    source       text NOT NULL CHECK (source IN ('IN_PERSON', 'DETENTION_HOUSE', 'PROCURATORATE', 'CASE_ORGAN')),
    by_post      boolean NOT NULL,
    place        uuid NOT NULL REFERENCES app.institution,
    clerk        uuid NOT NULL REFERENCES app.person,
    body         bytea NOT NULL,                      -- sealed: the form and the words; empty once its day is over
    recorded_at  timestamptz NOT NULL,
    received_at  timestamptz NOT NULL,
    due_at       timestamptz NOT NULL,                -- of what a detained person sent: until when it is forwarded; else 9999
    confirmed    text CHECK (confirmed IN ('SIGNATURE', 'FINGERPRINT')),
    witness      uuid REFERENCES app.person,
    delegation   uuid REFERENCES app.delegation,
    application  uuid UNIQUE REFERENCES app.application,
    receipt      text,
    applied_at   timestamptz,
    claim        bytea UNIQUE,                        -- HMAC of the letters by which it is claimed
    claimed_at   timestamptz,
    CHECK ((confirmed IS NULL) = (witness IS NULL) AND witness IS DISTINCT FROM clerk),
    CHECK ((application IS NULL) = (receipt IS NULL) AND (application IS NULL) = (applied_at IS NULL)));
CREATE INDEX counter_statement_clerk ON app.counter_statement (clerk, recorded_at DESC, id DESC);
GRANT SELECT, INSERT (id, kind, source, by_post, place, clerk, body, recorded_at, received_at, due_at) ON app.counter_statement TO app_api;
CREATE POLICY read ON app.counter_statement FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = id AND r.person = app.person() AND r.until > app.clock() OFFSET 0));
CREATE POLICY record ON app.counter_statement FOR INSERT TO app_api WITH CHECK (clerk = app.person() AND recorded_at = app.clock() AND EXISTS (
    SELECT FROM app.post p WHERE p.person = app.person() AND p.institution = place AND p.duty = 'WINDOW_STAFF' AND p.until > app.clock() OFFSET 0));
GRANT SELECT (id, place, clerk, source, due_at, applied_at) ON app.counter_statement TO app_worker;
CREATE POLICY worker ON app.counter_statement FOR SELECT TO app_worker USING (true);
GRANT SELECT, UPDATE (body, confirmed, witness, delegation, application, receipt, applied_at, claim, claimed_at) ON app.counter_statement TO app_door;
CREATE POLICY door ON app.counter_statement TO app_door USING (true);
GRANT INSERT (id, created_at) ON app.person TO app_door;
GRANT INSERT (id, elder, delegate, relation, consent, names, granted_at) ON app.delegation TO app_door;
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- Who reads it: who wrote it down, and those at the same window and its supervisors, of whom one confirms it; until the end of the day,
-- or until it was forwarded.
CREATE FUNCTION door.statement_recorded() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO app.reader (subject, person, basis, since, until)
    SELECT NEW.id, p.person, CASE WHEN p.person = NEW.clerk THEN 'asker' ELSE 'staff' END, NEW.recorded_at,
        CASE WHEN NEW.source = 'IN_PERSON' THEN NEW.recorded_at + interval '12 hours' ELSE 'infinity' END
    FROM app.post p WHERE p.institution = NEW.place AND p.duty IN ('WINDOW_STAFF', 'SUPERVISOR') AND p.until > app.clock();
    RETURN NULL;
END $$;

-- It was read back to her, and somebody else than who wrote it down saw her sign. Whether it was so; of many at once the first.
CREATE FUNCTION door.confirm_statement(asked uuid, how text) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.counter_statement s SET confirmed = how, witness = app.person()
    WHERE s.id = asked AND s.confirmed IS NULL AND s.application IS NULL AND s.source = 'IN_PERSON' AND s.clerk <> app.person() AND EXISTS (
        SELECT FROM app.reader r WHERE r.subject = asked AND r.person = app.person() AND r.basis = 'staff' AND r.until > app.clock());
    RETURN FOUND;
END $$;

-- For who has no account: a person whom nobody knows yet, who lets the clerk write for her. The delegation.
CREATE FUNCTION door.counter_applicant(asked uuid) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    her uuid := gen_random_uuid();
    made uuid := gen_random_uuid();
BEGIN
    PERFORM FROM app.counter_statement s WHERE s.id = asked AND s.clerk = app.person() AND s.application IS NULL AND s.delegation IS NULL
        AND (s.source <> 'IN_PERSON' OR s.confirmed IS NOT NULL) FOR UPDATE;
    IF NOT FOUND THEN RAISE 'nobody said yes to this' USING ERRCODE = '42501'; END IF;
    INSERT INTO app.person (id, created_at) VALUES (her, app.clock());
    INSERT INTO app.delegation (id, elder, delegate, relation, consent, names, granted_at) VALUES (made, her, app.person(), 'OTHER', 'AT_COUNTER', '', app.clock());
    UPDATE app.counter_statement SET delegation = made WHERE id = asked;
    RETURN made;
END $$;

-- It became an application: who wrote it writes for her no longer, and reads what she wrote down until midnight.
CREATE FUNCTION door.counter_applied(asked uuid, made uuid, told bytea, midnight timestamptz) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    by_whom uuid;
BEGIN
    SELECT a.delegation INTO by_whom FROM app.application a JOIN app.delegation d ON d.id = a.delegation
    WHERE a.id = made AND d.delegate = app.person();
    UPDATE app.counter_statement s SET application = made, receipt = a.receipt, applied_at = app.clock(), delegation = by_whom, claim = told
    FROM app.application a WHERE a.id = made AND s.id = asked AND s.clerk = app.person() AND s.application IS NULL AND by_whom IS NOT NULL;
    IF NOT FOUND THEN RAISE 'this is not hers' USING ERRCODE = '42501'; END IF;
    UPDATE app.delegation SET ended_at = app.clock(), ended_by = 'DELEGATE' WHERE id = by_whom AND ended_at IS NULL;
    UPDATE app.reader SET until = midnight WHERE subject = asked AND until > midnight;
END $$;

-- Where it stands, for who reads the statement; and whether anybody has claimed it.
CREATE FUNCTION door.counter_standing(statements uuid[]) RETURNS TABLE (statement uuid, state text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT s.id, a.state FROM app.counter_statement s JOIN app.application a ON a.id = s.application
    WHERE s.id = ANY (statements) AND EXISTS (SELECT FROM app.reader r WHERE r.subject = s.id AND r.person = app.person() AND r.until > app.clock());
END;

-- Whoever has the letters takes it over, once, within ninety days; nobody who handles it. NULL for whoever comes second.
CREATE FUNCTION door.claim_application(told bytea) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    found uuid;
    before uuid;
BEGIN
    UPDATE app.counter_statement s SET claimed_at = app.clock()
    WHERE s.claim = told AND s.claimed_at IS NULL AND s.applied_at > app.clock() - interval '90 days'
      AND NOT EXISTS (SELECT FROM app.reader r WHERE r.subject = s.application AND r.person = app.person() AND r.basis <> 'delegate')
    RETURNING s.application INTO found;
    IF found IS NULL THEN RETURN NULL; END IF;
    SELECT a.applicant INTO before FROM app.application a WHERE a.id = found FOR NO KEY UPDATE;
    UPDATE app.reader SET until = app.clock() WHERE subject = found AND person = before AND basis = 'asker';
    INSERT INTO app.reader (subject, person, basis, since) VALUES (found, app.person(), 'asker', app.clock())
    ON CONFLICT (subject, person) DO UPDATE SET basis = 'asker', until = 'infinity';
    UPDATE app.application SET applicant = app.person() WHERE id = found;
    RETURN found;
END $$;

-- What was written down is destroyed once its day is over; whether it was so. Twice changes nothing.
CREATE FUNCTION door.forget_statement(asked uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.counter_statement s SET body = '' WHERE s.id = asked AND s.body <> ''
        AND NOT EXISTS (SELECT FROM app.reader r WHERE r.subject = asked AND r.until > app.clock());
    IF FOUND THEN DELETE FROM app.key WHERE subject = asked; END IF;
    RETURN FOUND;
END $$;

GRANT EXECUTE ON FUNCTION door.statement_recorded() TO app_owner; -- to make the trigger
GRANT EXECUTE ON FUNCTION door.confirm_statement(uuid, text), door.counter_applicant(uuid), door.counter_applied(uuid, uuid, bytea, timestamptz),
    door.counter_standing(uuid[]), door.claim_application(bytea) TO app_api;
GRANT EXECUTE ON FUNCTION door.forget_statement(uuid) TO app_worker;
RESET ROLE;

CREATE TRIGGER statement_recorded AFTER INSERT ON app.counter_statement FOR EACH ROW EXECUTE FUNCTION door.statement_recorded();
"""


def upgrade() -> None:
    run(op, STATEMENTS + DOOR)
    wall(op, "counter_statement")
