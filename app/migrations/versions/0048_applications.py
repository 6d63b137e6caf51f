"""Applications: what somebody applies for, the steps it goes through, who may make them, and to which lawyer it is offered."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0048"
down_revision = "0047"

MACHINE = """
CREATE TABLE app.application_move (                   -- the machines of app/applications/data, row by row; a test holds that they agree
    kind    text NOT NULL CHECK (kind IN ('LEGAL_AID')),
    move    text NOT NULL,
    before  text NOT NULL,
    after   text NOT NULL,
    by_whom text NOT NULL CHECK (by_whom IN ('APPLICANT', 'STAFF', 'OFFICER', 'SUPERVISOR', 'LAWYER', 'HOUSE')),
    PRIMARY KEY (kind, move, before),
    UNIQUE (kind, move, before, after, by_whom));
GRANT SELECT ON app.application_move TO app_api, app_worker;
CREATE POLICY everyone ON app.application_move FOR SELECT TO app_api, app_worker USING (true);
INSERT INTO app.application_move (kind, move, before, after, by_whom) VALUES
    ('LEGAL_AID', 'SUBMIT', 'NEW', 'SUBMITTED', 'APPLICANT'),
    ('LEGAL_AID', 'TAKE', 'SUBMITTED', 'UNDER_REVIEW', 'STAFF'),
    ('LEGAL_AID', 'TAKE', 'TRANSFERRED', 'UNDER_REVIEW', 'STAFF'),
    ('LEGAL_AID', 'HAND_OVER', 'SUBMITTED', 'UNDER_REVIEW', 'SUPERVISOR'),
    ('LEGAL_AID', 'HAND_OVER', 'TRANSFERRED', 'UNDER_REVIEW', 'SUPERVISOR'),
    ('LEGAL_AID', 'HAND_OVER', 'UNDER_REVIEW', 'UNDER_REVIEW', 'SUPERVISOR'),
    ('LEGAL_AID', 'HAND_OVER', 'NEEDS_SUPPLEMENT', 'NEEDS_SUPPLEMENT', 'SUPERVISOR'),
    ('LEGAL_AID', 'HAND_OVER', 'GRANTED', 'GRANTED', 'SUPERVISOR'),
    ('LEGAL_AID', 'HAND_OVER', 'ASSIGNED', 'ASSIGNED', 'SUPERVISOR'),
    ('LEGAL_AID', 'HAND_OVER', 'IN_PROGRESS', 'IN_PROGRESS', 'SUPERVISOR'),
    ('LEGAL_AID', 'HAND_OVER', 'CLOSED_REPORTED', 'CLOSED_REPORTED', 'SUPERVISOR'),
    ('LEGAL_AID', 'HAND_OVER', 'OBJECTION', 'OBJECTION', 'SUPERVISOR'),
    ('LEGAL_AID', 'ASK_SUPPLEMENT', 'UNDER_REVIEW', 'NEEDS_SUPPLEMENT', 'OFFICER'),
    ('LEGAL_AID', 'ASK_SUPPLEMENT_AGAIN', 'UNDER_REVIEW', 'NEEDS_SUPPLEMENT', 'SUPERVISOR'),
    ('LEGAL_AID', 'SUPPLEMENT', 'NEEDS_SUPPLEMENT', 'UNDER_REVIEW', 'APPLICANT'),
    ('LEGAL_AID', 'SUPPLEMENT', 'GRANTED', 'GRANTED', 'APPLICANT'),
    ('LEGAL_AID', 'SUPPLEMENT', 'ASSIGNED', 'ASSIGNED', 'APPLICANT'),
    ('LEGAL_AID', 'SUPPLEMENT', 'IN_PROGRESS', 'IN_PROGRESS', 'APPLICANT'),
    ('LEGAL_AID', 'LAPSE', 'NEEDS_SUPPLEMENT', 'DEEMED_WITHDRAWN', 'HOUSE'),
    ('LEGAL_AID', 'TRANSFER', 'UNDER_REVIEW', 'TRANSFERRED', 'OFFICER'),
    ('LEGAL_AID', 'GRANT', 'UNDER_REVIEW', 'GRANTED', 'OFFICER'),
    ('LEGAL_AID', 'GRANT_IN_ADVANCE', 'UNDER_REVIEW', 'GRANTED', 'OFFICER'),
    ('LEGAL_AID', 'GRANT_IN_ADVANCE', 'NEEDS_SUPPLEMENT', 'GRANTED', 'OFFICER'),
    ('LEGAL_AID', 'DENY', 'UNDER_REVIEW', 'DENIED', 'OFFICER'),
    ('LEGAL_AID', 'OFFER', 'GRANTED', 'ASSIGNED', 'OFFICER'),
    ('LEGAL_AID', 'ACCEPT', 'ASSIGNED', 'IN_PROGRESS', 'LAWYER'),
    ('LEGAL_AID', 'DECLINE', 'ASSIGNED', 'GRANTED', 'LAWYER'),
    ('LEGAL_AID', 'NO_ANSWER', 'ASSIGNED', 'GRANTED', 'HOUSE'),
    ('LEGAL_AID', 'ASK_CHANGE', 'IN_PROGRESS', 'IN_PROGRESS', 'APPLICANT'),
    ('LEGAL_AID', 'CHANGE_LAWYER', 'IN_PROGRESS', 'GRANTED', 'OFFICER'),
    ('LEGAL_AID', 'KEEP_LAWYER', 'IN_PROGRESS', 'IN_PROGRESS', 'OFFICER'),
    ('LEGAL_AID', 'REPORT', 'IN_PROGRESS', 'IN_PROGRESS', 'LAWYER'),
    ('LEGAL_AID', 'CLOSE', 'IN_PROGRESS', 'CLOSED_REPORTED', 'OFFICER'),
    ('LEGAL_AID', 'SUBSIDISE', 'CLOSED_REPORTED', 'CLOSED_REPORTED', 'OFFICER'),
    ('LEGAL_AID', 'SUBSIDISE', 'FOLLOWED_UP', 'FOLLOWED_UP', 'OFFICER'),
    ('LEGAL_AID', 'FOLLOW_UP', 'CLOSED_REPORTED', 'FOLLOWED_UP', 'OFFICER'),
    ('LEGAL_AID', 'TERMINATE', 'GRANTED', 'TERMINATED', 'OFFICER'),
    ('LEGAL_AID', 'TERMINATE', 'ASSIGNED', 'TERMINATED', 'OFFICER'),
    ('LEGAL_AID', 'TERMINATE', 'IN_PROGRESS', 'TERMINATED', 'OFFICER'),
    ('LEGAL_AID', 'OBJECT', 'DENIED', 'OBJECTION', 'APPLICANT'),
    ('LEGAL_AID', 'OBJECT', 'TERMINATED', 'OBJECTION', 'APPLICANT'),
    ('LEGAL_AID', 'UPHOLD', 'OBJECTION', 'UPHELD', 'SUPERVISOR'),
    ('LEGAL_AID', 'OVERTURN', 'OBJECTION', 'GRANTED', 'SUPERVISOR'),
    ('LEGAL_AID', 'WITHDRAW', 'SUBMITTED', 'WITHDRAWN', 'APPLICANT'),
    ('LEGAL_AID', 'WITHDRAW', 'UNDER_REVIEW', 'WITHDRAWN', 'APPLICANT'),
    ('LEGAL_AID', 'WITHDRAW', 'NEEDS_SUPPLEMENT', 'WITHDRAWN', 'APPLICANT'),
    ('LEGAL_AID', 'WITHDRAW', 'TRANSFERRED', 'WITHDRAWN', 'APPLICANT'),
    ('LEGAL_AID', 'WITHDRAW', 'GRANTED', 'WITHDRAWN', 'APPLICANT'),
    ('LEGAL_AID', 'WITHDRAW', 'ASSIGNED', 'WITHDRAWN', 'APPLICANT'),
    ('LEGAL_AID', 'WITHDRAW', 'IN_PROGRESS', 'TERMINATED', 'APPLICANT'),
    ('LEGAL_AID', 'GIVE_UP', 'SUBMITTED', 'WITHDRAWN', 'HOUSE'),
    ('LEGAL_AID', 'GIVE_UP', 'UNDER_REVIEW', 'WITHDRAWN', 'HOUSE'),
    ('LEGAL_AID', 'GIVE_UP', 'NEEDS_SUPPLEMENT', 'WITHDRAWN', 'HOUSE'),
    ('LEGAL_AID', 'GIVE_UP', 'TRANSFERRED', 'WITHDRAWN', 'HOUSE'),
    ('LEGAL_AID', 'GIVE_UP', 'GRANTED', 'WITHDRAWN', 'HOUSE'),
    ('LEGAL_AID', 'GIVE_UP', 'ASSIGNED', 'WITHDRAWN', 'HOUSE'),
    ('LEGAL_AID', 'GIVE_UP', 'IN_PROGRESS', 'WITHDRAWN', 'HOUSE'),
    ('LEGAL_AID', 'GIVE_UP', 'OBJECTION', 'WITHDRAWN', 'HOUSE');
"""

TABLES = """
ALTER TABLE app.reader DROP CONSTRAINT reader_basis_check,
    ADD CONSTRAINT reader_basis_check CHECK (
        basis IN ('asker', 'delegate', 'offered', 'seat', 'answered', 'staff', 'supervisor', 'assigned'));

CREATE TABLE app.application (                        -- a subject of its own; its steps change it, by their trigger alone
    id           uuid PRIMARY KEY,
    kind         text NOT NULL CHECK (kind IN ('LEGAL_AID')),
    applicant    uuid NOT NULL REFERENCES app.person,
    delegation   uuid REFERENCES app.delegation,      -- on whose consent another applies for her
    institution  uuid NOT NULL REFERENCES app.institution,
    receipt      text NOT NULL UNIQUE,
    parties      bytea[] NOT NULL,                    -- keyed digests of who stands against her
    matter       text NOT NULL,                       -- a code: all that a lawyer sees before she accepts
    urgent       boolean NOT NULL,
    submitted_at timestamptz NOT NULL,
    state        text NOT NULL,
    seq          integer NOT NULL,
    body         bytea NOT NULL,                      -- sealed JSON
    officer      uuid,
    lawyer       uuid,
    clock        text CHECK (clock IN ('REVIEW', 'SUPPLEMENT', 'ASSIGN', 'OBJECTION')),
    clock_since  timestamptz,
    due_at       timestamptz NOT NULL DEFAULT '9999-01-01 00:00+00', -- nothing runs
    lists        smallint NOT NULL DEFAULT 0,
    advance      boolean NOT NULL DEFAULT false,
    change_asked boolean NOT NULL DEFAULT false,
    reported     boolean NOT NULL DEFAULT false,
    objected     boolean NOT NULL DEFAULT false,
    subsidy      bigint CHECK (subsidy >= 0),         -- fen
    moved_at     timestamptz NOT NULL,
    CHECK ((clock IS NULL) = (clock_since IS NULL) AND (clock IS NULL) = (due_at = '9999-01-01 00:00+00')));
CREATE INDEX application_of     ON app.application (applicant, submitted_at DESC, id DESC);
CREATE INDEX application_queue  ON app.application (institution, due_at, id);
CREATE INDEX application_office ON app.application (officer) WHERE officer IS NOT NULL;
GRANT SELECT, INSERT (id, kind, applicant, delegation, institution, receipt, parties, matter, urgent, submitted_at, state, seq, body, moved_at)
    ON app.application TO app_api;
-- Its readers; and that it is there, the lawyer to whom it is offered and the officers of its institution: what it says is sealed, and their reading of it is given by a step.
CREATE POLICY read ON app.application FOR SELECT TO app_api USING (CASE WHEN lawyer = app.person() THEN true WHEN EXISTS (
    SELECT FROM app.reader r WHERE r.subject = id AND r.person = app.person() AND r.until > app.clock() OFFSET 0) THEN true ELSE EXISTS (
    SELECT FROM app.post p WHERE p.person = app.person() AND p.institution = application.institution AND p.duty IN ('OFFICER', 'SUPERVISOR')
                             AND p.until > app.clock() OFFSET 0) END);
CREATE POLICY apply ON app.application FOR INSERT TO app_api WITH CHECK (state = 'NEW' AND seq = 0 AND submitted_at = app.clock()
    AND CASE WHEN delegation IS NULL THEN applicant = app.person() ELSE EXISTS (
        SELECT FROM app.delegation d WHERE d.id = delegation AND d.elder = applicant AND d.delegate = app.person() AND d.ended_at IS NULL OFFSET 0) END);
GRANT SELECT (id, kind, institution, officer, lawyer, state, seq, clock, clock_since, due_at) ON app.application TO app_worker;
CREATE POLICY worker ON app.application FOR SELECT TO app_worker USING (true);
GRANT SELECT (id, kind, applicant, delegation, institution, parties, matter, state, seq, officer, lawyer, lists, subsidy, change_asked, reported, objected, advance, submitted_at, moved_at),
    UPDATE (applicant, institution, state, seq, body, officer, lawyer, clock, clock_since, due_at, lists, advance, change_asked, reported, objected,
            subsidy, moved_at, parties) ON app.application TO app_door;
CREATE POLICY door ON app.application TO app_door USING (true);

CREATE TABLE app.application_step (                   -- append only: writing it is the act
    id          uuid PRIMARY KEY,
    application uuid NOT NULL REFERENCES app.application,
    seq         integer NOT NULL,
    kind        text NOT NULL,
    move        text NOT NULL,
    before      text NOT NULL,
    after       text NOT NULL,
    by_whom     text NOT NULL,
    actor       uuid,                                 -- NULL: the house
    at          timestamptz NOT NULL,
    reason      bytea,                                -- sealed
    body        bytea,                                -- sealed JSON: what it says from then on
    clock       text,
    clock_since timestamptz,
    due_at      timestamptz NOT NULL,
    institution uuid REFERENCES app.institution,
    officer     uuid,
    lawyer      uuid,
    answer_by   timestamptz,
    code        text CHECK (code IN ('CONFLICT', 'NOT_MY_FIELD', 'BUSY', 'OTHER')),
    amount      bigint CHECK (amount BETWEEN 0 AND 100000000),
    UNIQUE (application, seq),
    FOREIGN KEY (kind, move, before, after, by_whom) REFERENCES app.application_move (kind, move, before, after, by_whom),
    CHECK ((move IN ('SUBMIT', 'SUPPLEMENT')) OR body IS NULL),
    CHECK ((move = 'TRANSFER') = (institution IS NOT NULL) AND (move = 'HAND_OVER') = (officer IS NOT NULL)),
    CHECK ((move = 'OFFER') = (lawyer IS NOT NULL) AND (move = 'OFFER') = (answer_by IS NOT NULL)),
    CHECK ((move = 'DECLINE') = (code IS NOT NULL) AND (move = 'SUBSIDISE') = (amount IS NOT NULL)));
GRANT SELECT, INSERT ON app.application_step TO app_api;
CREATE POLICY read ON app.application_step FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = application AND r.person = app.person() AND r.until > app.clock() OFFSET 0));
-- Who may make which step, the trigger asks: it sees more than she who makes it.
CREATE POLICY act ON app.application_step FOR INSERT TO app_api WITH CHECK (actor = app.person() AND by_whom <> 'HOUSE' AND at = app.clock());
GRANT SELECT (id, application, seq, move, actor, at), INSERT (id, application, seq, kind, move, before, after, by_whom, at, clock, clock_since, due_at)
    ON app.application_step TO app_worker;
CREATE POLICY worker ON app.application_step FOR SELECT TO app_worker USING (true);
CREATE POLICY act_worker ON app.application_step FOR INSERT TO app_worker WITH CHECK (actor IS NULL AND by_whom = 'HOUSE' AND at = app.clock());
GRANT SELECT (id, application, seq, move, actor, reason, body), INSERT, UPDATE (reason, body) ON app.application_step TO app_door;
CREATE POLICY door ON app.application_step TO app_door USING (true);

CREATE TABLE app.assignment (                         -- written by the steps' trigger; its id is that of the step by which it was offered
    id          uuid PRIMARY KEY,
    application uuid NOT NULL REFERENCES app.application,
    lawyer      uuid NOT NULL,
    kind        text NOT NULL,
    matter      text NOT NULL,
    state       text NOT NULL CHECK (state IN ('OFFERED', 'ACCEPTED', 'DECLINED', 'LAPSED', 'ENDED', 'DONE')),
    offered_at  timestamptz NOT NULL,
    due_at      timestamptz NOT NULL,
    answered_at timestamptz,
    ended_at    timestamptz,
    code        text CHECK (code IN ('CONFLICT', 'NOT_MY_FIELD', 'BUSY', 'OTHER')));
-- Nobody else holds it at the same time.
CREATE UNIQUE INDEX assignment_one ON app.assignment (application) WHERE state IN ('OFFERED', 'ACCEPTED');
CREATE INDEX assignment_of ON app.assignment (lawyer, offered_at DESC, id DESC);
CREATE INDEX assignment_application ON app.assignment (application, offered_at);
GRANT SELECT ON app.assignment TO app_api;
CREATE POLICY read ON app.assignment FOR SELECT TO app_api USING (CASE WHEN lawyer = app.person() THEN true ELSE EXISTS (
    SELECT FROM app.reader r WHERE r.subject = application AND r.person = app.person() AND r.until > app.clock() OFFSET 0) END);
GRANT SELECT (id, application, lawyer, state, due_at) ON app.assignment TO app_worker;
CREATE POLICY worker ON app.assignment FOR SELECT TO app_worker USING (true);
GRANT SELECT, INSERT, UPDATE (state, answered_at, ended_at, code) ON app.assignment TO app_door;
CREATE POLICY door ON app.assignment TO app_door USING (true);

CREATE TABLE app.application_draft (                  -- what somebody is writing, on any of her devices
    id       uuid PRIMARY KEY,
    person   uuid NOT NULL REFERENCES app.person,
    kind     text NOT NULL CHECK (kind IN ('LEGAL_AID')),
    content  bytea NOT NULL,                          -- sealed under the draft's own key; '' once it is wiped
    revision integer NOT NULL,
    saved_at timestamptz NOT NULL,
    sent_as  uuid REFERENCES app.application,
    wiped_at timestamptz,
    CHECK ((wiped_at IS NULL) = (content <> '')));
CREATE INDEX application_draft_page ON app.application_draft (person, saved_at DESC, id DESC) WHERE sent_as IS NULL AND wiped_at IS NULL;
GRANT SELECT, INSERT, UPDATE (content, revision, saved_at, sent_as, wiped_at) ON app.application_draft TO app_api;
CREATE POLICY own ON app.application_draft TO app_api USING (person = app.person());
GRANT SELECT (id, saved_at, sent_as, wiped_at), UPDATE (content, wiped_at) ON app.application_draft TO app_worker;
CREATE POLICY worker ON app.application_draft FOR SELECT TO app_worker USING (true);
CREATE POLICY wipe   ON app.application_draft FOR UPDATE TO app_worker USING (true) WITH CHECK (content = '' AND wiped_at IS NOT NULL);
GRANT SELECT (id, person), UPDATE (person, content, wiped_at), DELETE ON app.application_draft TO app_door;
CREATE POLICY door   ON app.application_draft TO app_door USING (true);

GRANT SELECT (id, standing, pool) ON app.lawyer TO app_door;
GRANT SELECT (id, kind) ON app.institution TO app_door;
CREATE POLICY door ON app.institution FOR SELECT TO app_door USING (true);
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE FUNCTION door.application_made_for() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO app.reader (subject, person, basis, since) VALUES (NEW.id, NEW.applicant, 'asker', NEW.submitted_at);
    INSERT INTO app.reader (subject, person, basis, since)
    SELECT NEW.id, d.delegate, 'delegate', NEW.submitted_at FROM app.delegation d WHERE d.id = NEW.delegation
    ON CONFLICT (subject, person) DO NOTHING;
    PERFORM door.supervisors_read(NEW.id, NEW.institution);
    RETURN NULL;
END $$;

-- The supervisors of an institution read its applications; whose own it is, reads it as that.
CREATE FUNCTION door.supervisors_read(asked uuid, place uuid) RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    INSERT INTO app.reader (subject, person, basis, since)
    SELECT asked, p.person, 'supervisor', app.clock() FROM app.post p
    WHERE p.institution = place AND p.duty = 'SUPERVISOR' AND p.until > app.clock()
    ON CONFLICT (subject, person) DO UPDATE SET basis = 'supervisor', until = 'infinity' WHERE reader.basis IN ('staff', 'supervisor');
END;

-- What keeps a lawyer from being offered it: NULL, if nothing. 法律援助 is given by local lawyers; conflicts meet as digests.
CREATE FUNCTION door.aid_hindrance(asked uuid, wanted uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT CASE
        WHEN NOT EXISTS (SELECT FROM app.lawyer l WHERE l.id = wanted AND l.standing = 'ACTIVE' AND l.pool = 'LOCAL') THEN 'UNKNOWN'
        WHEN a.applicant = wanted OR EXISTS (SELECT FROM app.reader r WHERE r.subject = asked AND r.person = wanted AND r.basis = 'delegate') THEN 'CONFLICT'
        WHEN EXISTS (SELECT FROM app.client c WHERE c.lawyer = wanted AND c.removed_at IS NULL AND c.digest = ANY (a.parties)) THEN 'CONFLICT' END
    FROM app.application a WHERE a.id = asked AND EXISTS (
        SELECT FROM app.reader r WHERE r.subject = asked AND r.person = app.person() AND r.until > app.clock() AND r.basis IN ('staff', 'supervisor'));
END;

CREATE FUNCTION door.application_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    a record;
    may boolean;
BEGIN
    SELECT x.kind, x.state, x.seq, x.applicant, x.institution, x.officer, x.lawyer, x.matter INTO a
    FROM app.application x WHERE x.id = NEW.application FOR NO KEY UPDATE;
    IF NOT FOUND OR a.kind <> NEW.kind OR a.state <> NEW.before OR a.seq + 1 <> NEW.seq THEN
        RAISE 'the application does not stand there' USING ERRCODE = '42501';
    END IF;
    may := CASE NEW.by_whom
        WHEN 'APPLICANT' THEN EXISTS (SELECT FROM app.reader r WHERE r.subject = NEW.application AND r.person = NEW.actor
                                        AND r.basis IN ('asker', 'delegate') AND r.until > app.clock())
        WHEN 'LAWYER' THEN NEW.actor = a.lawyer AND EXISTS (SELECT FROM app.lawyer l WHERE l.id = NEW.actor AND l.standing = 'ACTIVE')
        WHEN 'HOUSE' THEN NEW.actor IS NULL
        ELSE EXISTS (SELECT FROM app.post p WHERE p.person = NEW.actor AND p.institution = a.institution AND p.until > app.clock()
                        AND CASE NEW.by_whom WHEN 'STAFF' THEN p.duty IN ('OFFICER', 'SUPERVISOR')
                                             WHEN 'OFFICER' THEN p.duty = 'SUPERVISOR' OR p.duty = 'OFFICER' AND p.person = a.officer
                                             ELSE p.duty = 'SUPERVISOR' END)
             -- Nobody handles what she, or whom she acts for, applies for.
             AND NOT EXISTS (SELECT FROM app.reader r WHERE r.subject = NEW.application AND r.person = NEW.actor AND r.basis IN ('asker', 'delegate')) END;
    may := may AND CASE NEW.move
        WHEN 'TRANSFER' THEN NEW.institution <> a.institution AND EXISTS (
            SELECT FROM app.institution i WHERE i.id = NEW.institution AND i.kind = 'LEGAL_AID_CENTRE')
        WHEN 'HAND_OVER' THEN EXISTS (SELECT FROM app.post p WHERE p.person = NEW.officer AND p.institution = a.institution
                                        AND p.duty IN ('OFFICER', 'SUPERVISOR') AND p.until > app.clock())
                              AND NOT EXISTS (SELECT FROM app.reader r WHERE r.subject = NEW.application AND r.person = NEW.officer AND r.basis IN ('asker', 'delegate'))
        WHEN 'OFFER' THEN door.aid_hindrance(NEW.application, NEW.lawyer) IS NULL
        WHEN 'UPHOLD' THEN NOT door.decided_herself(NEW.application, NEW.actor)
        WHEN 'OVERTURN' THEN NOT door.decided_herself(NEW.application, NEW.actor)
        ELSE true END;
    IF may IS NOT TRUE THEN RAISE 'this step is not hers to make' USING ERRCODE = '42501'; END IF;

    UPDATE app.application SET state = NEW.after, seq = NEW.seq, moved_at = NEW.at,
        clock = NEW.clock, clock_since = NEW.clock_since, due_at = NEW.due_at,
        institution = coalesce(NEW.institution, institution),
        officer = CASE NEW.move WHEN 'TAKE' THEN NEW.actor WHEN 'HAND_OVER' THEN NEW.officer WHEN 'TRANSFER' THEN NULL ELSE officer END,
        lawyer = CASE WHEN NEW.move = 'OFFER' THEN NEW.lawyer
                      WHEN NEW.after IN ('ASSIGNED', 'IN_PROGRESS', 'CLOSED_REPORTED', 'FOLLOWED_UP') THEN lawyer END,
        lists = lists + CASE WHEN NEW.move IN ('ASK_SUPPLEMENT', 'ASK_SUPPLEMENT_AGAIN') THEN 1 ELSE 0 END,
        advance = advance OR NEW.move = 'GRANT_IN_ADVANCE',
        change_asked = CASE WHEN NEW.move = 'ASK_CHANGE' THEN true WHEN NEW.move IN ('CHANGE_LAWYER', 'KEEP_LAWYER') THEN false ELSE change_asked END,
        reported = CASE WHEN NEW.move = 'REPORT' THEN true WHEN NEW.move = 'CHANGE_LAWYER' THEN false ELSE reported END,
        objected = objected OR NEW.move = 'OBJECT',
        subsidy = coalesce(NEW.amount, subsidy)
    WHERE id = NEW.application;
    IF NEW.body IS NOT NULL THEN
        UPDATE app.application SET body = NEW.body WHERE id = NEW.application;
    END IF;

    -- Who reads it from now on.
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
    ELSIF NEW.move = 'ACCEPT' THEN
        INSERT INTO app.reader (subject, person, basis, since) VALUES (NEW.application, NEW.actor, 'assigned', NEW.at)
        ON CONFLICT (subject, person) DO UPDATE SET until = 'infinity' WHERE reader.basis = 'assigned';
    ELSIF NEW.before = 'IN_PROGRESS' AND NEW.after IN ('GRANTED', 'TERMINATED', 'WITHDRAWN') THEN
        UPDATE app.reader SET until = app.clock() WHERE subject = NEW.application AND basis = 'assigned' AND until > app.clock();
    END IF;

    -- What the lawyers see of it.
    IF NEW.move = 'OFFER' THEN
        INSERT INTO app.assignment (id, application, lawyer, kind, matter, state, offered_at, due_at)
        VALUES (NEW.id, NEW.application, NEW.lawyer, NEW.kind, a.matter, 'OFFERED', NEW.at, NEW.answer_by);
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

-- Whether she made the decision that is objected to.
CREATE FUNCTION door.decided_herself(asked uuid, who uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM app.application_step s WHERE s.application = asked AND s.actor = who AND s.move IN ('DENY', 'TERMINATE'));
END;

-- Who leaves an institution reads nothing of its applications any more, and handles none; who comes to supervise it reads all.
CREATE FUNCTION door.post_changes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.institution, OLD.duty) IS DISTINCT FROM (NEW.institution, NEW.duty) OR NEW.until <= app.clock() THEN
        UPDATE app.reader r SET until = app.clock() WHERE r.person = NEW.person AND r.basis IN ('staff', 'supervisor') AND r.until > app.clock()
            AND EXISTS (SELECT FROM app.application a WHERE a.id = r.subject);
        UPDATE app.application SET officer = NULL WHERE officer = NEW.person;
    END IF;
    IF NEW.duty = 'SUPERVISOR' AND NEW.until > app.clock() THEN
        PERFORM door.supervisors_read(a.id, a.institution) FROM app.application a WHERE a.institution = NEW.institution;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION door.application_draft_reads() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO app.reader (subject, person, basis, since) VALUES (NEW.id, NEW.person, 'asker', NEW.saved_at);
    RETURN NULL;
END $$;

-- Two identities become one person; their readings move with everybody's.
CREATE FUNCTION door.services_move() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.application       SET applicant = NEW.person WHERE applicant = OLD.person;
    UPDATE app.application_draft SET person    = NEW.person WHERE person    = OLD.person;
    RETURN NULL;
END $$;

-- Of somebody who closes her account: what is open ends, and what she said is destroyed, but for what a legal hold keeps.
-- Those whose stored files are to be removed.
-- Of what nobody is to know any more: that there was one, and how it went, is all that is left to the institution.
CREATE FUNCTION door.empty_services(which uuid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    DELETE FROM app.key WHERE subject = ANY (which);
    DELETE FROM app.reader WHERE subject = ANY (which) AND basis IN ('asker', 'delegate');
    UPDATE app.file SET state = 'GONE', kek = NULL, key = '', owner = CASE WHEN from_owner THEN NULL ELSE owner END WHERE subject = ANY (which);
    UPDATE app.application_step SET reason = NULL, body = NULL WHERE application = ANY (which);
    UPDATE app.application SET body = '', parties = '{}' WHERE id = ANY (which);
END $$;

CREATE FUNCTION door.give_up_services(whose uuid) RETURNS uuid[] LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    hers uuid[];
BEGIN
    IF NOT EXISTS (SELECT FROM app.closing c WHERE c.person = whose) THEN RETURN '{}'; END IF;
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('legal hold', 0));
    INSERT INTO app.application_step (id, application, seq, kind, move, before, after, by_whom, at, due_at)
    SELECT gen_random_uuid(), a.id, a.seq + 1, a.kind, m.move, a.state, m.after, m.by_whom, app.clock(), '9999-01-01 00:00+00'
    FROM app.application a JOIN app.application_move m ON m.kind = a.kind AND m.before = a.state AND m.move = 'GIVE_UP'
    WHERE a.applicant = whose;
    hers := ARRAY(SELECT d.id FROM app.application_draft d WHERE d.person = whose);
    DELETE FROM app.key WHERE subject = ANY (hers);
    DELETE FROM app.reader WHERE subject = ANY (hers);
    DELETE FROM app.application_draft WHERE id = ANY (hers);
    hers := ARRAY(SELECT a.id FROM app.application a JOIN app.key k ON k.subject = a.id WHERE a.applicant = whose AND NOT EXISTS (
        SELECT FROM app.legal_hold h WHERE h.lifted_at IS NULL AND h.subject IN (a.id, whose)));
    PERFORM door.empty_services(hers);
    RETURN hers;
END $$;

-- What was at an end three years ago is emptied: true; or a legal hold keeps it: false; NULL where there is nothing to forget.
CREATE FUNCTION door.forget_service(asked uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    held boolean;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('legal hold', 0));
    SELECT EXISTS (SELECT FROM app.legal_hold h WHERE h.lifted_at IS NULL AND h.subject IN (a.id, a.applicant)) INTO held
    FROM app.application a JOIN app.key k ON k.subject = a.id
    WHERE a.id = asked AND a.moved_at + interval '1096 days' <= app.clock()
      AND a.state IN ('WITHDRAWN', 'DEEMED_WITHDRAWN', 'DENIED', 'UPHELD', 'TERMINATED', 'CLOSED_REPORTED', 'FOLLOWED_UP');
    IF NOT held THEN PERFORM door.empty_services(ARRAY[asked]); END IF;
    RETURN NOT held;
END $$;

-- What she applied for, what she is writing, and what she was offered as a lawyer.
CREATE FUNCTION door.list_applications(asked uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    whose uuid := door.begin_list(asked, 'applications');
BEGIN
    IF whose IS NULL THEN RETURN; END IF;
    INSERT INTO app.export_part (export, kind, person, ids)
    SELECT asked, k.kind, whose, array_agg(k.id ORDER BY k.id) FROM (
        SELECT 'service_application' AS kind, r.subject AS id FROM app.reader r JOIN app.application a ON a.id = r.subject
        WHERE r.person = whose AND r.basis = 'asker'
        UNION ALL SELECT 'application_draft', d.id FROM app.application_draft d WHERE d.person = whose
        UNION ALL SELECT 'assignment', g.id FROM app.assignment g WHERE g.lawyer = whose) AS k
    GROUP BY k.kind;
    PERFORM door.end_list(asked);
END $$;

GRANT EXECUTE ON FUNCTION door.application_made_for(), door.application_moves(), door.post_changes(), door.application_draft_reads(), door.services_move()
    TO app_owner; -- to make the triggers
GRANT EXECUTE ON FUNCTION door.aid_hindrance(uuid, uuid) TO app_api;
GRANT EXECUTE ON FUNCTION door.give_up_services(uuid), door.forget_service(uuid), door.list_applications(uuid) TO app_worker;
RESET ROLE;
GRANT SELECT ON app.application_move TO app_door;
CREATE POLICY door ON app.application_move FOR SELECT TO app_door USING (true);

CREATE TRIGGER application_made_for    AFTER INSERT ON app.application FOR EACH ROW EXECUTE FUNCTION door.application_made_for();
CREATE TRIGGER application_moves       AFTER INSERT ON app.application_step FOR EACH ROW EXECUTE FUNCTION door.application_moves();
CREATE TRIGGER post_changes            AFTER INSERT OR UPDATE ON app.post FOR EACH ROW EXECUTE FUNCTION door.post_changes();
CREATE TRIGGER application_draft_reads AFTER INSERT ON app.application_draft FOR EACH ROW EXECUTE FUNCTION door.application_draft_reads();
CREATE TRIGGER services_move           AFTER UPDATE OF person ON app.identity
    FOR EACH ROW WHEN (OLD.person <> NEW.person) EXECUTE FUNCTION door.services_move();
"""


def upgrade() -> None:
    run(op, MACHINE + TABLES + DOOR)
    wall(op, "application_move", "application", "application_step", "assignment", "application_draft")
