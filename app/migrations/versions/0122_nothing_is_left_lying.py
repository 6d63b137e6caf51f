"""An entry that its checker owns, one that nobody checked, a case whose editor left, a digest of who is no more: none is
left lying."""

from alembic import op

from app.migrations.sql import run

revision = "0122"
down_revision = "0121"

DOOR = """
GRANT UPDATE (checker) ON app.entry TO app_door;
GRANT UPDATE (taker) ON app.case_donation TO app_door;
GRANT UPDATE (state, why, next_push, done_at, digest) ON app.delivery TO app_door;

SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- What she checked of her own, under her other name, nobody has checked: it waits for another, or comes down.
CREATE OR REPLACE FUNCTION door.entries_move() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.entry e SET state = 'TAKEN_DOWN', verdict = 'WISH', state_at = app.clock() WHERE e.person = OLD.person AND e.state NOT IN ('TAKEN_DOWN', 'REJECTED')
        AND EXISTS (SELECT FROM app.entry o WHERE o.person = NEW.person AND o.activity = e.activity AND o.state NOT IN ('TAKEN_DOWN', 'REJECTED'));
    UPDATE app.entry SET state = 'SUBMITTED', checker = NULL, state_at = app.clock()
        WHERE person = OLD.person AND checker = NEW.person AND state = 'CHECKING';
    UPDATE app.entry SET state = 'TAKEN_DOWN', verdict = 'WISH', state_at = app.clock()
        WHERE person = OLD.person AND checker = NEW.person AND state NOT IN ('SUBMITTED', 'TAKEN_DOWN', 'REJECTED');
    UPDATE app.entry SET person = NEW.person, checker = nullif(checker, NEW.person) WHERE person = OLD.person;
    DELETE FROM app.vote v WHERE v.person = OLD.person AND EXISTS (
        SELECT FROM app.vote o WHERE o.person = NEW.person AND o.activity = v.activity AND o.day = v.day);
    UPDATE app.vote SET person = NEW.person WHERE person = OLD.person;
    RETURN NULL;
END $$;

-- Judging does not end over what nobody has checked.
CREATE OR REPLACE FUNCTION door.end_judging(asked uuid) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    y record;
BEGIN
    SELECT q.ended_at, a.state INTO y FROM app.jury q JOIN app.activity a ON a.id = q.activity WHERE q.activity = asked FOR NO KEY UPDATE OF q;
    IF NOT FOUND OR NOT door.edits() THEN RETURN 'NONE'; END IF;
    IF y.ended_at IS NOT NULL THEN RETURN 'AGAIN'; END IF;
    IF y.state <> 'SCORING' THEN RETURN 'STATE'; END IF;
    IF EXISTS (SELECT FROM app.entry e WHERE e.activity = asked AND e.state IN ('SUBMITTED', 'CHECKING')) THEN RETURN 'UNCHECKED'; END IF;
    UPDATE app.jury SET ended_at = app.clock(), ended_by = app.person() WHERE activity = asked;
    UPDATE app.activity SET results_due = false WHERE id = asked;
    INSERT INTO app.jury_conflict (id, juror, entry, activity, kind, at)
    SELECT gen_random_uuid(), j.id, x.entry, asked, 'FOUND', app.clock() FROM app.juror j JOIN app.exhibit x ON x.activity = j.activity
    WHERE j.activity = asked AND j.state = 'ACCEPTED' AND door.barred(j.id, x.entry) ON CONFLICT DO NOTHING;
    UPDATE app.jury_score s SET told = true, counts = EXISTS (SELECT FROM app.juror j WHERE j.id = s.juror AND j.state = 'ACCEPTED')
        AND NOT EXISTS (SELECT FROM app.jury_conflict c WHERE c.juror = s.juror AND c.entry = s.entry) WHERE s.activity = asked;
    INSERT INTO app.reader (subject, person, basis, since) SELECT asked, j.person, 'staff', app.clock() FROM app.juror j
    WHERE j.activity = asked AND j.state = 'ACCEPTED' AND j.person IS NOT NULL ON CONFLICT DO NOTHING;
    RETURN 'ENDED';
END $$;

CREATE OR REPLACE FUNCTION door.donation_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NEW.state = 'TAKEN' THEN
        IF EXISTS (SELECT FROM app.donation_source s WHERE s.donation = NEW.id AND s.asker = NEW.taker) THEN
            RAISE 'her own' USING ERRCODE = '42501';
        END IF;
        INSERT INTO app.reader (subject, person, basis, since) VALUES (NEW.id, NEW.taker, 'staff', app.clock())
        ON CONFLICT (subject, person) DO UPDATE SET until = 'infinity' WHERE reader.basis = 'staff'; -- she had it before, and lost her office
    ELSIF NEW.state = 'REVOKED' THEN
        DELETE FROM app.key k WHERE k.subject = NEW.id;
        UPDATE app.reader SET until = app.clock() WHERE subject = NEW.id AND basis = 'staff' AND until > app.clock();
        UPDATE app.article_version SET revision = revision + 1, state = 'DRAFT', reviewer = NULL, reviewer_called = '', publish_at = NULL,
            cases = coalesce((SELECT jsonb_agg(c) FROM jsonb_array_elements(cases) AS c WHERE c ->> 'donation' IS DISTINCT FROM NEW.id::text), '[]')
        WHERE state IN ('DRAFT', 'IN_REVIEW', 'SCHEDULED') AND cases @> jsonb_build_array(jsonb_build_object('donation', NEW.id));
    END IF;
    RETURN NULL;
END $$;

-- A case that no draft tells is another's to take.
CREATE FUNCTION door.untold(asked uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT NOT EXISTS (SELECT FROM app.article_version v WHERE v.state IN ('DRAFT', 'IN_REVIEW', 'SCHEDULED')
        AND v.cases @> jsonb_build_array(jsonb_build_object('donation', asked)));
END;

CREATE OR REPLACE FUNCTION door.editor_ends() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    her constant uuid := OLD.person;
BEGIN
    UPDATE app.reader r SET until = app.clock() WHERE r.person = her AND r.basis = 'staff' AND r.until > app.clock() AND (
        EXISTS (SELECT FROM app.case_donation d WHERE d.id = r.subject AND d.taker = her) AND NOT EXISTS (
            SELECT FROM app.role_held h WHERE h.person = her AND h.role = 'EDITOR' AND h.until > app.clock())
        OR EXISTS (SELECT FROM app.entry e WHERE e.id = r.subject AND e.checker = her) AND NOT EXISTS (
            SELECT FROM app.role_held h WHERE h.person = her AND h.role IN ('EDITOR', 'SUPERVISOR') AND h.until > app.clock()));
    UPDATE app.case_donation d SET state = 'OFFERED', taker = NULL WHERE d.taker = her AND d.state = 'TAKEN' AND door.untold(d.id)
        AND NOT EXISTS (SELECT FROM app.role_held h WHERE h.person = her AND h.role = 'EDITOR' AND h.until > app.clock());
    RETURN NULL;
END $$;

-- Of two digests that wait, hers tells what the other would have told.
CREATE OR REPLACE FUNCTION door.notices_move() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    hers uuid := (SELECT d.id FROM app.delivery d WHERE d.person = NEW.person AND d.notice IS NULL AND d.state = 'PENDING');
    other uuid := (SELECT d.id FROM app.delivery d WHERE d.person = OLD.person AND d.notice IS NULL AND d.state = 'PENDING');
BEGIN
    IF hers IS NOT NULL AND other IS NOT NULL THEN
        UPDATE app.delivery SET state = 'DROPPED', why = 'DIGESTED', digest = hers, next_push = 'infinity', done_at = app.clock() WHERE id = other;
        UPDATE app.delivery SET digest = hers WHERE digest = other;
    END IF;
    UPDATE app.delivery SET person = NEW.person WHERE person = OLD.person;
    UPDATE app.message_consent SET person = NEW.person WHERE person = OLD.person;
    UPDATE app.notice_preference SET person = NEW.person WHERE person = OLD.person
        AND NOT EXISTS (SELECT FROM app.notice_preference x WHERE x.person = NEW.person);
    RETURN NULL;
END $$;

-- Those whose editor has left already.
UPDATE app.case_donation d SET state = 'OFFERED', taker = NULL WHERE d.state = 'TAKEN' AND door.untold(d.id)
    AND NOT EXISTS (SELECT FROM app.role_held h WHERE h.person = d.taker AND h.role = 'EDITOR' AND h.until > app.clock());
RESET ROLE;
"""


def upgrade() -> None:
    run(op, DOOR)
