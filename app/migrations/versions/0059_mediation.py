"""Mediation: what both sides share, who reads which record, and a respondent who is invited without an account."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0059"
down_revision = "0058"

READS = "EXISTS (SELECT FROM app.reader r WHERE r.subject = {subject} AND r.person = app.person() AND r.until > app.clock() OFFSET 0)"
HANDLES = READS.replace(" OFFSET 0", " AND r.basis IN ('staff', 'supervisor') OFFSET 0")

TABLES = f"""
CREATE TABLE app.mediation (                          -- a subject of its own: what both sides share; each side is another
    id              uuid PRIMARY KEY,
    application     uuid NOT NULL UNIQUE REFERENCES app.application,
    applicant_side  uuid NOT NULL UNIQUE,
    respondent_side uuid NOT NULL UNIQUE,
    institution     uuid NOT NULL REFERENCES app.institution,
    mediator        uuid,
    matter          text NOT NULL,
    state           text NOT NULL,
    due_at          timestamptz NOT NULL,
    opened_at       timestamptz NOT NULL,
    extended        boolean NOT NULL DEFAULT false,
    CHECK (id <> applicant_side AND id <> respondent_side AND applicant_side <> respondent_side));
CREATE INDEX mediation_mediator ON app.mediation (mediator) WHERE mediator IS NOT NULL;
GRANT SELECT, INSERT (id, application, applicant_side, respondent_side, opened_at) ON app.mediation TO app_api;
CREATE POLICY read ON app.mediation FOR SELECT TO app_api USING ({READS.format(subject="id")});
CREATE POLICY open ON app.mediation FOR INSERT TO app_api WITH CHECK (opened_at = app.clock() AND {HANDLES.format(subject="application")});
GRANT SELECT (id, application, institution, mediator, matter, state, due_at, extended) ON app.mediation TO app_worker;
CREATE POLICY worker ON app.mediation FOR SELECT TO app_worker USING (true);
GRANT SELECT, UPDATE (institution, mediator, state, due_at, extended) ON app.mediation TO app_door;
CREATE POLICY door ON app.mediation TO app_door USING (true);
GRANT SELECT (due_at) ON app.application TO app_door;
ALTER TABLE app.sms_code DROP CONSTRAINT sms_code_purpose_check,
    ADD CONSTRAINT sms_code_purpose_check CHECK (purpose IN ('SIGN_IN', 'DELEGATION', 'GUARDIAN', 'MEDIATION'));
ALTER POLICY act_worker ON app.application_step WITH CHECK (actor IS NULL AND by_whom IN ('HOUSE', 'RESPONDENT') AND at = app.clock());
-- Who opens it, and with that begins to read its three records, seals them.
CREATE POLICY seal_mediation ON app.key FOR INSERT TO app_api WITH CHECK (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = key.subject AND r.person = app.person() AND r.basis IN ('staff', 'supervisor')
        AND r.since = app.clock() OFFSET 0));

CREATE TABLE app.mediation_invitation (               -- the link is kept as a digest; whom, and what she is told, under a secret of the house
    id          uuid PRIMARY KEY,
    mediation   uuid NOT NULL REFERENCES app.mediation,
    side        text NOT NULL CHECK (side IN ('APPLICANT', 'RESPONDENT')),
    link        bytea NOT NULL UNIQUE,
    said        bytea NOT NULL,
    invited_by  uuid NOT NULL,
    made_at     timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    tries       smallint NOT NULL DEFAULT 0 CHECK (tries BETWEEN 0 AND 100),
    door        bytea,
    door_until  timestamptz,
    answer      text CHECK (answer IN ('CONSENTS', 'REFUSES')),
    answered_at timestamptz,
    person      uuid,
    joined_at   timestamptz,
    ended_at    timestamptz,
    CHECK (expires_at > made_at AND expires_at <= made_at + interval '60 days'),
    CHECK ((door IS NULL) = (door_until IS NULL) AND (answer IS NULL) = (answered_at IS NULL) AND (person IS NULL) = (joined_at IS NULL)));
CREATE INDEX mediation_invitation_of ON app.mediation_invitation (mediation, made_at);
CREATE INDEX mediation_invitation_person ON app.mediation_invitation (person) WHERE person IS NOT NULL;
GRANT SELECT, INSERT (id, mediation, side, link, said, invited_by, made_at, expires_at),
    UPDATE (tries, door, door_until, answer, answered_at, person, joined_at, ended_at) ON app.mediation_invitation TO app_api;
-- Who holds the link sees it, and who reads the mediation.
CREATE POLICY presented ON app.mediation_invitation FOR SELECT TO app_api
    USING (CASE WHEN link = ANY (app.presented()) THEN true ELSE {READS.format(subject="mediation")} END);
CREATE POLICY invite ON app.mediation_invitation FOR INSERT TO app_api WITH CHECK (
    invited_by = app.person() AND made_at = app.clock() AND {HANDLES.format(subject="mediation")});
CREATE POLICY answer ON app.mediation_invitation FOR UPDATE TO app_api USING (link = ANY (app.presented())) WITH CHECK (link = ANY (app.presented()));
-- Who joined may still end it (人民调解法第二十三条), as long as it lasts: past the end of the link too.
CREATE POLICY leave  ON app.mediation_invitation FOR UPDATE TO app_api USING (person = app.person()) WITH CHECK (person = app.person());
CREATE POLICY handle ON app.mediation_invitation FOR UPDATE TO app_api USING ({HANDLES.format(subject="mediation")})
    WITH CHECK ({HANDLES.format(subject="mediation")});
GRANT SELECT (id, mediation, side, expires_at, answer, answered_at, person, ended_at) ON app.mediation_invitation TO app_worker;
CREATE POLICY worker ON app.mediation_invitation FOR SELECT TO app_worker USING (true);
GRANT SELECT (id, mediation, side, answer, person, ended_at), UPDATE (person, joined_at, said, ended_at) ON app.mediation_invitation TO app_door;
CREATE POLICY door ON app.mediation_invitation TO app_door USING (true);

-- What each may change of it: who holds the link alone tries codes; who has exchanged a code answers once, and joins as
-- herself; who handles the case ends it.
CREATE FUNCTION app.invitation_goes() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
    inside boolean := OLD.link = ANY (app.presented()) AND OLD.door = ANY (app.presented()) AND OLD.door_until > app.clock();
BEGIN
    IF OLD.ended_at IS NOT NULL OR OLD.expires_at <= app.clock() AND NEW.ended_at IS NULL AND OLD.person IS DISTINCT FROM app.person()
        OR NEW.tries < OLD.tries
        OR (NEW.tries, NEW.door, NEW.door_until) IS DISTINCT FROM (OLD.tries, OLD.door, OLD.door_until) AND NOT OLD.link = ANY (app.presented())
        OR NEW.door_until > app.clock() + interval '1 hour'
        OR (NEW.answer, NEW.answered_at) IS DISTINCT FROM (OLD.answer, OLD.answered_at)
            AND (NEW.answered_at <> app.clock() OR NOT CASE WHEN OLD.answer IS NULL THEN inside IS TRUE
                ELSE OLD.answer = 'CONSENTS' AND NEW.answer = 'REFUSES' AND OLD.person = app.person() END)
        OR (NEW.person, NEW.joined_at) IS DISTINCT FROM (OLD.person, OLD.joined_at)
            AND (OLD.person IS NOT NULL OR inside IS NOT TRUE OR OLD.answer IS DISTINCT FROM 'CONSENTS' OR NEW.person <> app.person())
        OR NEW.ended_at IS NOT NULL AND (NEW.ended_at <> app.clock() OR NOT {HANDLES.format(subject="NEW.mediation")}) THEN
        RAISE 'an invitation does not go that way' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- It is opened for an application that is being registered, and copies what it shows of it.
CREATE FUNCTION door.mediation_copies() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    SELECT a.institution, a.officer, a.matter, a.state, a.due_at INTO NEW.institution, NEW.mediator, NEW.matter, NEW.state, NEW.due_at
    FROM app.application a WHERE a.id = NEW.application AND a.kind = 'MEDIATION' AND a.state = 'SUBMITTED' FOR NO KEY UPDATE;
    IF NOT FOUND THEN RAISE 'no mediation is registered there' USING ERRCODE = '42501'; END IF;
    RETURN NEW;
END $$;

-- Who handles the application, or supervises it, reads the records of both sides; who applies, the shared one and her own.
CREATE FUNCTION door.mediation_opens() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO app.reader (subject, person, basis, since, until)
    SELECT s.subject, r.person, r.basis, NEW.opened_at, r.until
    FROM app.reader r, unnest(ARRAY[NEW.id, NEW.applicant_side, NEW.respondent_side]) AS s (subject)
    WHERE r.subject = NEW.application AND r.until > app.clock()
      AND (r.basis IN ('staff', 'supervisor') OR r.basis IN ('asker', 'delegate') AND s.subject <> NEW.respondent_side);
    RETURN NULL;
END $$;

-- What a reading of the application becomes, the readings of the records become with it.
CREATE FUNCTION door.mediation_readers() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO app.reader (subject, person, basis, since, until)
    SELECT s.subject, NEW.person, NEW.basis, NEW.since, NEW.until
    FROM app.mediation m, unnest(ARRAY[m.id, m.applicant_side, m.respondent_side]) AS s (subject)
    WHERE m.application = NEW.subject AND (NEW.basis <> 'delegate' OR s.subject <> m.respondent_side)
    ON CONFLICT (subject, person) DO UPDATE SET basis = EXCLUDED.basis, until = EXCLUDED.until WHERE reader.basis IN ('staff', 'supervisor', 'delegate');
    RETURN NULL;
END $$;

-- What the respondents said: NULL while somebody has not answered.
CREATE FUNCTION door.respondents_say(asked uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT CASE WHEN bool_or(i.answer = 'REFUSES') THEN 'REFUSE' WHEN bool_and(i.answer = 'CONSENTS') THEN 'CONSENT' END
    FROM app.mediation_invitation i JOIN app.mediation m ON m.id = i.mediation
    WHERE m.application = asked AND i.side = 'RESPONDENT' AND i.ended_at IS NULL;
END;

-- Whether she acts as the respondent: the house, for what was answered by a link; or who joined.
CREATE FUNCTION door.responds(asked uuid, who uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT who IS NULL OR EXISTS (SELECT FROM app.mediation m JOIN app.reader r ON r.subject = m.respondent_side
        WHERE m.application = asked AND r.person = who AND r.basis = 'asker' AND r.until > app.clock());
END;

-- Whether she may act on it as that. Nobody handles what she, or whom she acts for, applies for.
CREATE OR REPLACE FUNCTION door.step_is_hers(said text, asked uuid, who uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT coalesce((SELECT CASE said
        WHEN 'HOUSE' THEN who IS NULL
        WHEN 'APPLICANT' THEN EXISTS (SELECT FROM app.reader r WHERE r.subject = asked AND r.person = who
                                        AND r.basis IN ('asker', 'delegate') AND r.until > app.clock())
        WHEN 'RESPONDENT' THEN a.kind = 'MEDIATION' AND door.responds(asked, who)
        WHEN 'LAWYER' THEN who = a.lawyer AND EXISTS (SELECT FROM app.lawyer l WHERE l.id = who AND l.standing = 'ACTIVE')
        ELSE NOT door.applies(asked, who) AND EXISTS (SELECT FROM app.post p WHERE p.person = who AND p.institution = a.institution AND p.until > app.clock()
            AND CASE said WHEN 'STAFF' THEN p.duty <> 'WINDOW_STAFF'
                          WHEN 'OFFICER' THEN p.duty = 'SUPERVISOR' OR p.duty <> 'WINDOW_STAFF' AND who = a.officer
                          WHEN 'SUPERVISOR' THEN p.duty = 'SUPERVISOR'
                          ELSE p.duty = said AND who = a.officer END) END
        FROM app.application a WHERE a.id = asked), false);
END;

-- What a step of a mediation needs besides.
CREATE FUNCTION door.mediation_may() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT (CASE NEW.move
        WHEN 'TAKE' THEN EXISTS (SELECT FROM app.application a WHERE a.id = NEW.application AND a.officer IS NULL)
        WHEN 'HAND_OVER' THEN NOT door.responds(NEW.application, NEW.officer)
        WHEN 'REGISTER' THEN EXISTS (SELECT FROM app.mediation m WHERE m.application = NEW.application)
        WHEN 'INVITE' THEN EXISTS (SELECT FROM app.mediation_invitation i JOIN app.mediation m ON m.id = i.mediation
                                   WHERE m.application = NEW.application AND i.ended_at IS NULL)
        WHEN 'CONSENT' THEN door.respondents_say(NEW.application) IS NOT DISTINCT FROM 'CONSENT'
        WHEN 'REFUSE' THEN NEW.actor IS NOT NULL OR door.respondents_say(NEW.application) IS NOT DISTINCT FROM 'REFUSE'
        ELSE true END) THEN
        RAISE 'this step is not hers to make' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION door.mediation_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NEW.move = 'RECUSE' THEN
        UPDATE app.application SET officer = NULL WHERE id = NEW.application;
        UPDATE app.reader SET until = app.clock() WHERE subject = NEW.application AND basis = 'staff' AND until > app.clock();
    END IF;
    UPDATE app.mediation m SET state = a.state, mediator = a.officer, institution = a.institution, due_at = a.due_at,
        extended = m.extended OR NEW.move = 'EXTEND'
    FROM app.application a WHERE a.id = NEW.application AND m.application = a.id;
    RETURN NULL;
END $$;

-- Who joins by an invitation reads what both share, and her side; nobody is on both sides, or handles her own case.
CREATE FUNCTION door.invitation_joined() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF EXISTS (SELECT FROM app.mediation m JOIN app.reader r ON r.subject = m.application
               WHERE m.id = NEW.mediation AND r.person = NEW.person) THEN
        RAISE 'nobody is on both sides' USING ERRCODE = '42501';
    END IF;
    INSERT INTO app.reader (subject, person, basis, since)
    SELECT s.subject, NEW.person, 'asker', NEW.joined_at FROM app.mediation m, unnest(ARRAY[m.id, m.respondent_side]) AS s (subject)
    WHERE m.id = NEW.mediation AND NEW.side = 'RESPONDENT'
    ON CONFLICT (subject, person) DO NOTHING;
    RETURN NULL;
END $$;

-- Two identities become one person; their readings move with everybody's.
CREATE FUNCTION door.mediations_follow() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.mediation_invitation SET person = NEW.person WHERE person = OLD.person;
    RETURN NULL;
END $$;

-- Whether somebody has anything to do with the application already: nobody joins the other side of her own case.
CREATE FUNCTION door.knows_application(asked uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM app.mediation m JOIN app.reader r ON r.subject = m.application
                   WHERE m.id = asked AND r.person = app.person());
END;

-- How the mediators of these are called, for who reads them (人民调解法第十九条: who chooses knows whom).
CREATE FUNCTION door.mediators(asked uuid[]) RETURNS TABLE (mediation uuid, called text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT m.id, p.called FROM app.mediation m JOIN app.post p ON p.person = m.mediator AND p.institution = m.institution
    WHERE m.id = ANY (asked) AND p.until > app.clock() AND EXISTS (
        SELECT FROM app.reader r WHERE r.subject = m.id AND r.person = app.person() AND r.until > app.clock());
END;

GRANT EXECUTE ON FUNCTION door.mediation_copies(), door.mediation_opens(), door.mediation_readers(), door.mediation_may(), door.mediation_moves(),
    door.invitation_joined(), door.mediations_follow() TO app_owner; -- to make the triggers
GRANT EXECUTE ON FUNCTION door.knows_application(uuid), door.mediators(uuid[]) TO app_api;
RESET ROLE;

CREATE TRIGGER mediation_copies BEFORE INSERT ON app.mediation FOR EACH ROW EXECUTE FUNCTION door.mediation_copies();
CREATE TRIGGER mediation_opens  AFTER INSERT ON app.mediation FOR EACH ROW EXECUTE FUNCTION door.mediation_opens();
CREATE TRIGGER mediation_readers AFTER INSERT OR UPDATE ON app.reader
    FOR EACH ROW WHEN (NEW.basis IN ('staff', 'supervisor', 'delegate')) EXECUTE FUNCTION door.mediation_readers();
CREATE TRIGGER application_may_mediation BEFORE INSERT ON app.application_step
    FOR EACH ROW WHEN (NEW.kind = 'MEDIATION') EXECUTE FUNCTION door.mediation_may();
CREATE TRIGGER application_moves_mediation AFTER INSERT ON app.application_step
    FOR EACH ROW WHEN (NEW.kind = 'MEDIATION') EXECUTE FUNCTION door.mediation_moves();
CREATE TRIGGER invitation_goes BEFORE UPDATE ON app.mediation_invitation
    FOR EACH ROW WHEN (current_user = 'app_api') EXECUTE FUNCTION app.invitation_goes();
CREATE TRIGGER invitation_joined AFTER UPDATE OF person ON app.mediation_invitation
    FOR EACH ROW WHEN (OLD.person IS NULL AND NEW.person IS NOT NULL) EXECUTE FUNCTION door.invitation_joined();
CREATE TRIGGER mediations_follow AFTER UPDATE OF person ON app.identity
    FOR EACH ROW WHEN (OLD.person <> NEW.person) EXECUTE FUNCTION door.mediations_follow();
"""


def upgrade() -> None:
    run(op, TABLES + DOOR)
    wall(op, "mediation", "mediation_invitation")
