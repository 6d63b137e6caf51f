"""Applications of more than one kind: what a kind is, is data; what only legal aid does has a trigger of its own."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0051"
down_revision = "0050"

KINDS = """
CREATE TABLE app.application_kind (                   -- app/applications/data, one row a machine; a test holds that they agree
    kind        text PRIMARY KEY,
    institution text NOT NULL,                        -- of which kind those are that take it
    ends        text[] NOT NULL);                     -- from which states on it is counted how long it is kept
GRANT SELECT ON app.application_kind TO app_api, app_worker, app_door;
CREATE POLICY everyone ON app.application_kind FOR SELECT TO app_api, app_worker, app_door USING (true);
INSERT INTO app.application_kind VALUES ('LEGAL_AID', 'LEGAL_AID_CENTRE',
    '{FOLLOWED_UP,DENIED,UPHELD,TERMINATED,WITHDRAWN,DEEMED_WITHDRAWN,CLOSED_REPORTED}');

ALTER TABLE app.application_move DROP CONSTRAINT application_move_kind_check, DROP CONSTRAINT application_move_by_whom_check,
    ADD FOREIGN KEY (kind) REFERENCES app.application_kind,
    ADD CHECK (by_whom IN ('APPLICANT', 'RESPONDENT', 'STAFF', 'OFFICER', 'SUPERVISOR', 'LAWYER', 'NOTARY', 'MEDIATOR', 'HOUSE'));
ALTER TABLE app.application_draft DROP CONSTRAINT application_draft_kind_check, ADD FOREIGN KEY (kind) REFERENCES app.application_kind;
ALTER TABLE app.application DROP CONSTRAINT application_kind_check, DROP CONSTRAINT application_clock_check,
    ADD FOREIGN KEY (kind) REFERENCES app.application_kind,
    ADD CHECK (clock ~ '^[A-Z_]+$');                  -- which clocks there are, the machines say
ALTER POLICY read ON app.application USING (CASE WHEN lawyer = app.person() THEN true WHEN EXISTS (
    SELECT FROM app.reader r WHERE r.subject = id AND r.person = app.person() AND r.until > app.clock() OFFSET 0) THEN true ELSE EXISTS (
    SELECT FROM app.post p WHERE p.person = app.person() AND p.institution = application.institution AND p.duty <> 'WINDOW_STAFF'
                             AND p.until > app.clock() OFFSET 0) END);
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- Whether an institution takes applications of that kind.
CREATE FUNCTION door.takes(place uuid, asked text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM app.institution i JOIN app.application_kind k ON k.institution = i.kind WHERE i.id = place AND k.kind = asked);
END;

CREATE OR REPLACE FUNCTION door.application_made_for() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT door.takes(NEW.institution, NEW.kind) THEN RAISE 'this institution takes no such application' USING ERRCODE = '42501'; END IF;
    INSERT INTO app.reader (subject, person, basis, since) VALUES (NEW.id, NEW.applicant, 'asker', NEW.submitted_at);
    INSERT INTO app.reader (subject, person, basis, since)
    SELECT NEW.id, d.delegate, 'delegate', NEW.submitted_at FROM app.delegation d WHERE d.id = NEW.delegation
    ON CONFLICT (subject, person) DO NOTHING;
    PERFORM door.supervisors_read(NEW.id, NEW.institution);
    RETURN NULL;
END $$;

-- Whether she applies for it, or acts for who does.
CREATE FUNCTION door.applies(asked uuid, who uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM app.reader r WHERE r.subject = asked AND r.person = who AND r.basis IN ('asker', 'delegate'));
END;

-- Whether she may act on it as that. Nobody handles what she, or whom she acts for, applies for.
CREATE FUNCTION door.step_is_hers(said text, asked uuid, who uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT coalesce((SELECT CASE said
        WHEN 'HOUSE' THEN who IS NULL
        WHEN 'APPLICANT' THEN EXISTS (SELECT FROM app.reader r WHERE r.subject = asked AND r.person = who
                                        AND r.basis IN ('asker', 'delegate') AND r.until > app.clock())
        WHEN 'LAWYER' THEN who = a.lawyer AND EXISTS (SELECT FROM app.lawyer l WHERE l.id = who AND l.standing = 'ACTIVE')
        ELSE NOT door.applies(asked, who) AND EXISTS (SELECT FROM app.post p WHERE p.person = who AND p.institution = a.institution AND p.until > app.clock()
            AND CASE said WHEN 'STAFF' THEN p.duty <> 'WINDOW_STAFF'
                          WHEN 'OFFICER' THEN p.duty = 'SUPERVISOR' OR p.duty <> 'WINDOW_STAFF' AND who = a.officer
                          WHEN 'SUPERVISOR' THEN p.duty = 'SUPERVISOR'
                          ELSE p.duty = said AND who = a.officer END) END
        FROM app.application a WHERE a.id = asked), false);
END;

-- What applications of all kinds share: where one stands, who may, what runs, who handles it and reads it as staff.
CREATE OR REPLACE FUNCTION door.application_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    a record;
BEGIN
    SELECT x.kind, x.state, x.seq, x.institution INTO a FROM app.application x WHERE x.id = NEW.application FOR NO KEY UPDATE;
    IF NOT FOUND OR a.kind <> NEW.kind OR a.state <> NEW.before OR a.seq + 1 <> NEW.seq THEN
        RAISE 'the application does not stand there' USING ERRCODE = '42501';
    END IF;
    IF NOT door.step_is_hers(NEW.by_whom, NEW.application, NEW.actor)
        OR NEW.move = 'TRANSFER' AND (NEW.institution = a.institution OR NOT door.takes(NEW.institution, NEW.kind))
        OR NEW.move = 'HAND_OVER' AND NOT door.step_is_hers('STAFF', NEW.application, NEW.officer) THEN
        RAISE 'this step is not hers to make' USING ERRCODE = '42501';
    END IF;
    UPDATE app.application SET state = NEW.after, seq = NEW.seq, moved_at = NEW.at,
        clock = NEW.clock, clock_since = NEW.clock_since, due_at = NEW.due_at,
        institution = coalesce(NEW.institution, institution),
        officer = CASE NEW.move WHEN 'TAKE' THEN NEW.actor WHEN 'HAND_OVER' THEN NEW.officer WHEN 'TRANSFER' THEN NULL ELSE officer END,
        lists = lists + CASE WHEN NEW.move IN ('ASK_SUPPLEMENT', 'ASK_SUPPLEMENT_AGAIN') THEN 1 ELSE 0 END
    WHERE id = NEW.application;
    IF NEW.body IS NOT NULL THEN
        UPDATE app.application SET body = NEW.body WHERE id = NEW.application;
    END IF;
    IF NEW.move IN ('HAND_OVER', 'TRANSFER') THEN
        UPDATE app.reader SET until = app.clock() WHERE subject = NEW.application AND until > app.clock()
            AND (basis = 'staff' OR basis = 'supervisor' AND NEW.move = 'TRANSFER');
    END IF;
    IF NEW.move IN ('TAKE', 'HAND_OVER') THEN
        INSERT INTO app.reader (subject, person, basis, since) VALUES (NEW.application, coalesce(NEW.officer, NEW.actor), 'staff', NEW.at)
        ON CONFLICT (subject, person) DO UPDATE SET basis = CASE WHEN reader.basis = 'supervisor' AND reader.until > app.clock() THEN 'supervisor' ELSE 'staff' END,
            until = 'infinity' WHERE reader.basis IN ('staff', 'supervisor');
    ELSIF NEW.move = 'TRANSFER' THEN
        PERFORM door.supervisors_read(NEW.application, NEW.institution);
    END IF;
    RETURN NULL;
END $$;

-- What only legal aid does: lawyers, advance, objections, subsidies.
CREATE FUNCTION door.aid_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NEW.move = 'OFFER' AND door.aid_hindrance(NEW.application, NEW.lawyer) IS NOT NULL
        OR NEW.move IN ('UPHOLD', 'OVERTURN') AND door.decided_herself(NEW.application, NEW.actor) THEN
        RAISE 'this step is not hers to make' USING ERRCODE = '42501';
    END IF;
    UPDATE app.application SET
        lawyer = CASE WHEN NEW.move = 'OFFER' THEN NEW.lawyer
                      WHEN NEW.after IN ('ASSIGNED', 'IN_PROGRESS', 'CLOSED_REPORTED', 'FOLLOWED_UP') THEN lawyer END,
        advance = advance OR NEW.move = 'GRANT_IN_ADVANCE',
        change_asked = CASE WHEN NEW.move = 'ASK_CHANGE' THEN true WHEN NEW.move IN ('CHANGE_LAWYER', 'KEEP_LAWYER') THEN false ELSE change_asked END,
        reported = CASE WHEN NEW.move = 'REPORT' THEN true WHEN NEW.move = 'CHANGE_LAWYER' THEN false ELSE reported END,
        objected = objected OR NEW.move = 'OBJECT',
        subsidy = coalesce(NEW.amount, subsidy)
    WHERE id = NEW.application;
    IF NEW.move = 'ACCEPT' THEN
        INSERT INTO app.reader (subject, person, basis, since) VALUES (NEW.application, NEW.actor, 'assigned', NEW.at)
        ON CONFLICT (subject, person) DO UPDATE SET until = 'infinity' WHERE reader.basis = 'assigned';
    ELSIF NEW.before = 'IN_PROGRESS' AND NEW.after IN ('GRANTED', 'TERMINATED', 'WITHDRAWN') THEN
        UPDATE app.reader SET until = app.clock() WHERE subject = NEW.application AND basis = 'assigned' AND until > app.clock();
    END IF;

    -- What the lawyers see of it.
    IF NEW.move = 'OFFER' THEN
        INSERT INTO app.assignment (id, application, lawyer, kind, matter, state, offered_at, due_at)
        SELECT NEW.id, NEW.application, NEW.lawyer, NEW.kind, a.matter, 'OFFERED', NEW.at, NEW.answer_by FROM app.application a WHERE a.id = NEW.application;
    ELSIF NEW.before = 'ASSIGNED' AND NEW.after <> 'ASSIGNED' THEN
        UPDATE app.assignment SET state = CASE NEW.move WHEN 'ACCEPT' THEN 'ACCEPTED' WHEN 'DECLINE' THEN 'DECLINED' WHEN 'NO_ANSWER' THEN 'LAPSED' ELSE 'ENDED' END,
            code = NEW.code, answered_at = CASE WHEN NEW.by_whom = 'LAWYER' THEN NEW.at END, ended_at = CASE WHEN NEW.move <> 'ACCEPT' THEN NEW.at END
        WHERE application = NEW.application AND state = 'OFFERED';
    ELSIF NEW.before = 'IN_PROGRESS' AND NEW.after <> 'IN_PROGRESS' THEN
        UPDATE app.assignment SET state = CASE NEW.move WHEN 'CLOSE' THEN 'DONE' ELSE 'ENDED' END, ended_at = NEW.at
        WHERE application = NEW.application AND state = 'ACCEPTED';
    END IF;
    RETURN NULL;
END $$;

-- What was at an end three years ago is emptied: true; or a legal hold keeps it: false; NULL where there is nothing to forget.
CREATE OR REPLACE FUNCTION door.forget_service(asked uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    held boolean;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('legal hold', 0));
    SELECT EXISTS (SELECT FROM app.legal_hold h WHERE h.lifted_at IS NULL AND h.subject IN (a.id, a.applicant)) INTO held
    FROM app.application a JOIN app.application_kind t ON t.kind = a.kind JOIN app.key k ON k.subject = a.id
    WHERE a.id = asked AND a.moved_at + interval '1096 days' <= app.clock() AND a.state = ANY (t.ends);
    IF NOT held THEN PERFORM door.empty_services(ARRAY[asked]); END IF;
    RETURN NOT held;
END $$;

GRANT EXECUTE ON FUNCTION door.aid_moves() TO app_owner; -- to make the trigger
RESET ROLE;

-- Triggers of one event fire by their names: first what is shared, then what a kind adds to it.
CREATE TRIGGER application_moves_aid AFTER INSERT ON app.application_step FOR EACH ROW WHEN (NEW.kind = 'LEGAL_AID') EXECUTE FUNCTION door.aid_moves();
"""


def upgrade() -> None:
    run(op, KINDS + DOOR)
    wall(op, "application_kind")
