"""Mediation: what was said, agreed, done and confirmed by a court."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0060"
down_revision = "0059"

READS = "EXISTS (SELECT FROM app.reader r WHERE r.subject = {subject} AND r.person = app.person() AND r.until > app.clock() OFFSET 0)"
HANDLES = READS.replace(" OFFSET 0", " AND r.basis IN ('staff', 'supervisor') OFFSET 0")
SPEAKS = READS.replace(" OFFSET 0", " AND r.basis IN ('asker', 'delegate') OFFSET 0")
SHARED = READS.format(subject="mediation")
STAFF = HANDLES.format(subject="mediation")

TABLES = f"""
CREATE TABLE app.mediation_record (                   -- append only, sealed under the key of the subject whose readers read it
    id           uuid PRIMARY KEY,
    mediation    uuid NOT NULL REFERENCES app.mediation,
    subject      uuid NOT NULL,                       -- the mediation: both sides read it; or one of its sides
    kind         text NOT NULL CHECK (kind IN ('STATEMENT', 'INQUIRY', 'SESSION', 'NOTE', 'VISIT')),
    teller       text NOT NULL CHECK (teller IN ('APPLICANT', 'RESPONDENT', 'MEDIATOR')),
    author       uuid,
    at           timestamptz NOT NULL,
    appointments uuid[] NOT NULL DEFAULT '{{}}' CHECK (kind = 'SESSION' OR appointments = '{{}}'),
    attended     text[] NOT NULL DEFAULT '{{}}' CHECK (attended <@ '{{APPLICANT,RESPONDENT}}' AND (kind = 'SESSION' OR attended = '{{}}')),
    body         bytea NOT NULL,
    CHECK (kind = 'STATEMENT' OR teller = 'MEDIATOR'));
CREATE INDEX mediation_record_of ON app.mediation_record (mediation, at, id);
GRANT SELECT, INSERT ON app.mediation_record TO app_api;
CREATE POLICY read  ON app.mediation_record FOR SELECT TO app_api USING ({READS.format(subject="mediation_record.subject")});
-- On whose side she is, the trigger asks: it sees more than she who writes.
CREATE POLICY write ON app.mediation_record FOR INSERT TO app_api WITH CHECK (author = app.person() AND at = app.clock()
    AND CASE teller WHEN 'MEDIATOR' THEN {HANDLES.format(subject="mediation_record.subject")} ELSE {SPEAKS.format(subject="mediation_record.subject")} END);
GRANT SELECT (id, mediation, subject, author), UPDATE (body, author) ON app.mediation_record TO app_door;
CREATE POLICY door ON app.mediation_record TO app_door USING (true);

CREATE TABLE app.mediation_agreement (
    id           uuid PRIMARY KEY,
    mediation    uuid NOT NULL REFERENCES app.mediation,
    form         text NOT NULL CHECK (form IN ('WRITTEN', 'ORAL')),
    about_status boolean NOT NULL,                    -- a marriage, an adoption: no court confirms it
    author       uuid,
    at           timestamptz NOT NULL,
    body         bytea NOT NULL,                      -- sealed under the shared key
    effective_at timestamptz,
    ended_at     timestamptz);
CREATE UNIQUE INDEX mediation_agreement_one ON app.mediation_agreement (mediation) WHERE ended_at IS NULL;
GRANT SELECT, INSERT (id, mediation, form, about_status, author, at, body), UPDATE (ended_at) ON app.mediation_agreement TO app_api;
CREATE POLICY read   ON app.mediation_agreement FOR SELECT TO app_api USING ({SHARED});
CREATE POLICY draft  ON app.mediation_agreement FOR INSERT TO app_api WITH CHECK (author = app.person() AND at = app.clock() AND {STAFF});
CREATE POLICY redraw ON app.mediation_agreement FOR UPDATE TO app_api USING (effective_at IS NULL AND {STAFF}) WITH CHECK (ended_at = app.clock());
GRANT SELECT (id, mediation, form, about_status, effective_at, ended_at) ON app.mediation_agreement TO app_worker;
CREATE POLICY worker ON app.mediation_agreement FOR SELECT TO app_worker USING (true);
GRANT SELECT (id, mediation, form, about_status, at, effective_at, ended_at), UPDATE (effective_at, ended_at, body, author) ON app.mediation_agreement TO app_door;
CREATE POLICY door   ON app.mediation_agreement TO app_door USING (true);

CREATE TABLE app.mediation_term (                     -- who does what until when
    id        uuid PRIMARY KEY,
    mediation uuid NOT NULL REFERENCES app.mediation,
    agreement uuid NOT NULL REFERENCES app.mediation_agreement,
    n         smallint NOT NULL CHECK (n BETWEEN 1 AND 20),
    side      text NOT NULL CHECK (side IN ('APPLICANT', 'RESPONDENT')),
    due_on    date NOT NULL,
    body      bytea NOT NULL,                         -- sealed under the shared key
    kept_at   timestamptz,
    kept_by   uuid,
    UNIQUE (agreement, n), CHECK ((kept_at IS NULL) = (kept_by IS NULL)));
GRANT SELECT, INSERT (id, mediation, agreement, n, side, due_on, body), UPDATE (kept_at, kept_by) ON app.mediation_term TO app_api;
CREATE POLICY read  ON app.mediation_term FOR SELECT TO app_api USING ({SHARED});
CREATE POLICY draft ON app.mediation_term FOR INSERT TO app_api WITH CHECK ({STAFF});
CREATE POLICY keep  ON app.mediation_term FOR UPDATE TO app_api USING (kept_at IS NULL AND {SHARED})
    WITH CHECK (kept_at = app.clock() AND kept_by = app.person());
GRANT SELECT (id, mediation, agreement, side, due_on, kept_at) ON app.mediation_term TO app_worker;
CREATE POLICY worker ON app.mediation_term FOR SELECT TO app_worker USING (true);
GRANT SELECT (id, mediation, agreement, kept_at, kept_by), UPDATE (body, kept_by) ON app.mediation_term TO app_door;
CREATE POLICY door  ON app.mediation_term TO app_door USING (true);

CREATE TABLE app.mediation_assent (                   -- one side's yes or no; to an agreement it stays, to all else a no may become a yes
    thing     uuid NOT NULL,
    about     text NOT NULL CHECK (about IN ('AGREEMENT', 'EXTENSION', 'COURT', 'CARRY_OVER')),
    side      text NOT NULL CHECK (side IN ('APPLICANT', 'RESPONDENT')),
    mediation uuid NOT NULL REFERENCES app.mediation,
    yes       boolean NOT NULL,
    how       text NOT NULL CHECK (how IN ('ONLINE', 'IN_PERSON')),
    actor     uuid,
    at        timestamptz NOT NULL,
    PRIMARY KEY (thing, about, side));
CREATE INDEX mediation_assent_of ON app.mediation_assent (mediation);
GRANT SELECT, INSERT, UPDATE (yes, how, actor, at) ON app.mediation_assent TO app_api;
CREATE POLICY read  ON app.mediation_assent FOR SELECT TO app_api USING ({SHARED});
CREATE POLICY say   ON app.mediation_assent FOR INSERT TO app_api WITH CHECK (actor = app.person() AND at = app.clock()
    AND CASE how WHEN 'IN_PERSON' THEN about <> 'CARRY_OVER' AND {STAFF} ELSE {SPEAKS.format(subject="mediation")} END);
CREATE POLICY again ON app.mediation_assent FOR UPDATE TO app_api USING (NOT yes AND about <> 'AGREEMENT')
    WITH CHECK (yes AND actor = app.person() AND at = app.clock()
    AND CASE how WHEN 'IN_PERSON' THEN about <> 'CARRY_OVER' AND {STAFF} ELSE {SPEAKS.format(subject="mediation")} END);
GRANT SELECT (thing, about, side, mediation, yes) ON app.mediation_assent TO app_worker;
CREATE POLICY worker ON app.mediation_assent FOR SELECT TO app_worker USING (true);
GRANT SELECT (thing, about, side, mediation, yes, actor), UPDATE (actor) ON app.mediation_assent TO app_door;
CREATE POLICY door  ON app.mediation_assent TO app_door USING (true);

CREATE TABLE app.mediation_confirmation (             -- before the court: app/mediation/data/court.toml
    mediation uuid PRIMARY KEY REFERENCES app.mediation,
    agreement uuid NOT NULL REFERENCES app.mediation_agreement,
    state     text NOT NULL CHECK (state IN ('ELIGIBLE', 'FILED', 'CONFIRMED', 'REFUSED', 'LAPSED')),
    since     timestamptz NOT NULL,
    until     timestamptz NOT NULL,
    filed_at  timestamptz,
    ended_at  timestamptz,
    CHECK ((state IN ('ELIGIBLE', 'LAPSED')) = (filed_at IS NULL) AND (state IN ('ELIGIBLE', 'FILED')) = (ended_at IS NULL)));
GRANT SELECT, UPDATE (state, ended_at) ON app.mediation_confirmation TO app_api;
CREATE POLICY read    ON app.mediation_confirmation FOR SELECT TO app_api USING ({SHARED});
CREATE POLICY decided ON app.mediation_confirmation FOR UPDATE TO app_api USING (state = 'FILED' AND {STAFF})
    WITH CHECK (state IN ('CONFIRMED', 'REFUSED') AND ended_at = app.clock());
GRANT SELECT, INSERT (mediation, agreement, state, since, until), UPDATE (state, filed_at, ended_at) ON app.mediation_confirmation TO app_worker;
CREATE POLICY worker  ON app.mediation_confirmation FOR SELECT TO app_worker USING (true);
CREATE POLICY begin   ON app.mediation_confirmation FOR INSERT TO app_worker WITH CHECK (state = 'ELIGIBLE');
CREATE POLICY move    ON app.mediation_confirmation FOR UPDATE TO app_worker USING (state = 'ELIGIBLE') WITH CHECK (CASE state
    WHEN 'LAPSED' THEN until <= app.clock() AND ended_at = app.clock() WHEN 'FILED' THEN filed_at = app.clock() ELSE false END);
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- A side's yes or no to an agreement that is on the table: the second yes gives it effect, a no takes it away.
CREATE FUNCTION door.assent_counts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM FROM app.mediation m WHERE m.id = NEW.mediation FOR NO KEY UPDATE;
    IF NEW.how = 'ONLINE' AND NOT door.speaks_for(NEW.mediation, NEW.side, NEW.actor) OR NOT (CASE NEW.about
        WHEN 'AGREEMENT' THEN EXISTS (SELECT FROM app.mediation_agreement g JOIN app.mediation m ON m.id = g.mediation WHERE g.id = NEW.thing
            AND g.mediation = NEW.mediation AND g.ended_at IS NULL AND g.effective_at IS NULL AND m.state = 'MEDIATING')
        WHEN 'COURT' THEN EXISTS (SELECT FROM app.mediation_agreement g WHERE g.id = NEW.thing AND g.mediation = NEW.mediation AND g.effective_at IS NOT NULL)
        ELSE NEW.thing = NEW.mediation END) THEN
        RAISE 'there is nothing of that kind to say yes to' USING ERRCODE = '42501';
    END IF;
    IF NEW.about = 'AGREEMENT' AND NOT NEW.yes THEN
        UPDATE app.mediation_agreement SET ended_at = app.clock() WHERE id = NEW.thing;
    ELSIF NEW.about = 'AGREEMENT' AND 2 = (SELECT count(*) FROM app.mediation_assent s WHERE s.thing = NEW.thing AND s.about = 'AGREEMENT' AND s.yes) THEN
        UPDATE app.mediation_agreement SET effective_at = app.clock() WHERE id = NEW.thing;
    END IF;
    RETURN NULL;
END $$;

-- Whether all these are appointments of people for a mediation at its committee.
CREATE FUNCTION door.are_sessions(asked uuid, wanted uuid[]) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT NOT EXISTS (SELECT FROM unnest(wanted) AS w (id) WHERE NOT EXISTS (
        SELECT FROM app.appointment p JOIN app.mediation m ON m.institution = p.institution
        WHERE m.id = asked AND p.id = w.id AND p.service = 'MEDIATION'));
END;

-- Whether somebody speaks for a side: who reads its record as her own.
CREATE FUNCTION door.speaks_for(asked uuid, wanted text, who uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM app.mediation m JOIN app.reader r ON r.subject = CASE wanted WHEN 'APPLICANT' THEN m.applicant_side ELSE m.respondent_side END
        WHERE m.id = asked AND r.person = who AND r.basis IN ('asker', 'delegate') AND r.until > app.clock());
END;

-- A sheet lies in the file it is of, and in whose name it is written.
CREATE FUNCTION door.record_fits() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM app.mediation m WHERE m.id = NEW.mediation
            AND NEW.subject IN (m.id, CASE WHEN NEW.teller <> 'RESPONDENT' THEN m.applicant_side END, CASE WHEN NEW.teller <> 'APPLICANT' THEN m.respondent_side END))
        OR NEW.teller <> 'MEDIATOR' AND NOT door.speaks_for(NEW.mediation, NEW.teller, NEW.author)
        OR NOT door.are_sessions(NEW.mediation, NEW.appointments) THEN
        RAISE 'no sheet of this file' USING ERRCODE = '42501';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION door.term_fits() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM app.mediation_agreement g WHERE g.id = NEW.agreement AND g.mediation = NEW.mediation
                   AND g.at = app.clock() AND g.effective_at IS NULL) THEN
        RAISE 'an agreement has the terms with which it was drawn' USING ERRCODE = '42501';
    END IF;
    RETURN NULL;
END $$;

-- That it was done, says the other side, or the mediator: nobody says so of what she owes herself.
CREATE FUNCTION door.term_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF door.speaks_for(NEW.mediation, NEW.side, NEW.kept_by) OR NOT EXISTS (SELECT FROM app.mediation m WHERE m.id = NEW.mediation AND m.state = 'PERFORMING') THEN
        RAISE 'this is for the other side to say' USING ERRCODE = '42501';
    END IF;
    RETURN NULL;
END $$;

-- Of what may be confirmed, from when it binds; filed by both together.
CREATE FUNCTION door.confirmation_fits() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NEW.state = 'ELIGIBLE' AND NOT EXISTS (SELECT FROM app.mediation_agreement g WHERE g.id = NEW.agreement AND g.mediation = NEW.mediation
                                              AND g.effective_at = NEW.since AND NOT g.about_status)
        OR NEW.state = 'FILED' AND 2 > (SELECT count(*) FROM app.mediation_assent s WHERE s.thing = NEW.agreement AND s.about = 'COURT' AND s.yes) THEN
        RAISE 'no court confirms it so' USING ERRCODE = '42501';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION door.mediation_may() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    m uuid := (SELECT x.id FROM app.mediation x WHERE x.application = NEW.application);
BEGIN
    IF NOT (CASE NEW.move
        WHEN 'TAKE' THEN EXISTS (SELECT FROM app.application a WHERE a.id = NEW.application AND a.officer IS NULL)
        WHEN 'HAND_OVER' THEN NOT door.responds(NEW.application, NEW.officer)
        WHEN 'REGISTER' THEN m IS NOT NULL
        WHEN 'INVITE' THEN EXISTS (SELECT FROM app.mediation_invitation i WHERE i.mediation = m AND i.ended_at IS NULL)
        WHEN 'CONSENT' THEN door.respondents_say(NEW.application) IS NOT DISTINCT FROM 'CONSENT'
        WHEN 'REFUSE' THEN door.respondents_say(NEW.application) IS NOT DISTINCT FROM 'REFUSE'
        WHEN 'EXTEND' THEN 2 = (SELECT count(*) FROM app.mediation_assent s WHERE s.thing = m AND s.about = 'EXTENSION' AND s.yes)
            AND NOT (SELECT x.extended FROM app.mediation x WHERE x.id = m)
        WHEN 'AGREE_WRITTEN' THEN EXISTS (SELECT FROM app.mediation_agreement g WHERE g.mediation = m AND g.form = 'WRITTEN' AND g.effective_at IS NOT NULL)
        WHEN 'AGREE_ORALLY' THEN EXISTS (SELECT FROM app.mediation_agreement g WHERE g.mediation = m AND g.form = 'ORAL' AND g.effective_at IS NOT NULL)
        WHEN 'COMPLETE' THEN NOT EXISTS (SELECT FROM app.mediation_term t JOIN app.mediation_agreement g ON g.id = t.agreement
            WHERE t.mediation = m AND g.effective_at IS NOT NULL AND t.kept_at IS NULL)
        ELSE true END) THEN
        RAISE 'this step is not hers to make' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION door.mediations_follow() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.mediation_invitation SET person  = NEW.person WHERE person  = OLD.person;
    UPDATE app.mediation_record     SET (author) = ROW(NEW.person) WHERE author = OLD.person;
    UPDATE app.mediation_term       SET kept_by = NEW.person WHERE kept_by = OLD.person;
    UPDATE app.mediation_assent     SET actor   = NEW.person WHERE actor   = OLD.person;
    RETURN NULL;
END $$;

-- Of subjects nobody is to open any more.
CREATE FUNCTION door.empty_records(which uuid[]) RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    DELETE FROM app.key WHERE subject = ANY (which);
    UPDATE app.mediation_record SET body = '' WHERE subject = ANY (which);
END;

-- Somebody closes her account: her side's own record is destroyed, unless another speaks for that side or a legal hold
-- keeps it; what both shared stays the other's. Twice changes nothing.
CREATE FUNCTION door.leave_mediations(whose uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    sides uuid[];
BEGIN
    IF NOT EXISTS (SELECT FROM app.closing c WHERE c.person = whose) THEN RETURN; END IF;
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('legal hold', 0));
    SELECT array_agg(s.id) INTO sides FROM app.mediation m, unnest(ARRAY[m.id, m.applicant_side, m.respondent_side]) AS s (id)
    JOIN app.reader r ON r.subject = s.id AND r.person = whose AND r.basis = 'asker'
    WHERE NOT EXISTS (SELECT FROM app.legal_hold h WHERE h.lifted_at IS NULL AND h.subject IN (m.application, s.id, whose));
    DELETE FROM app.reader r WHERE r.person = whose AND r.subject = ANY (sides);
    PERFORM door.empty_records(ARRAY(SELECT s.id FROM unnest(sides) AS s (id) JOIN app.mediation m ON s.id IN (m.applicant_side, m.respondent_side)
        WHERE NOT EXISTS (SELECT FROM app.reader r WHERE r.subject = s.id AND r.basis = 'asker')));
    UPDATE app.mediation_record SET (author) = ROW(NULL::uuid) WHERE author = whose AND subject = ANY (sides);
    UPDATE app.mediation_invitation SET said = '' WHERE person = whose;
END $$;

-- What ended three years ago is emptied, with the application; what a legal hold keeps is not.
CREATE FUNCTION door.forget_mediation(asked uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    m record;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('legal hold', 0));
    SELECT x.id, x.applicant_side, x.respondent_side INTO m
    FROM app.mediation x JOIN app.application a ON a.id = x.application JOIN app.application_kind t ON t.kind = a.kind
    WHERE a.id = asked AND a.moved_at + interval '1096 days' <= app.clock() AND a.state = ANY (t.ends) AND NOT EXISTS (
        SELECT FROM app.legal_hold h WHERE h.lifted_at IS NULL AND h.subject IN (a.id, a.applicant, x.id, x.applicant_side, x.respondent_side));
    IF NOT FOUND THEN RETURN; END IF;
    PERFORM door.empty_records(ARRAY[m.id, m.applicant_side, m.respondent_side]);
    DELETE FROM app.reader WHERE subject IN (m.id, m.applicant_side, m.respondent_side) AND basis IN ('asker', 'delegate');
    UPDATE app.mediation_agreement SET body = '' WHERE mediation = m.id;
    UPDATE app.mediation_term SET body = '' WHERE mediation = m.id;
    UPDATE app.mediation_invitation SET said = '' WHERE mediation = m.id;
END $$;

GRANT EXECUTE ON FUNCTION door.leave_mediations(uuid), door.forget_mediation(uuid) TO app_worker;
GRANT EXECUTE ON FUNCTION door.assent_counts(), door.record_fits(), door.term_fits(), door.term_kept(), door.confirmation_fits() TO app_owner; -- to make the triggers
GRANT EXECUTE ON FUNCTION door.are_sessions(uuid, uuid[]) TO app_api;
RESET ROLE;
GRANT SELECT (id, institution, service) ON app.appointment TO app_door;

CREATE TRIGGER assent_counts AFTER INSERT OR UPDATE OF yes ON app.mediation_assent FOR EACH ROW EXECUTE FUNCTION door.assent_counts();
CREATE TRIGGER record_fits AFTER INSERT ON app.mediation_record FOR EACH ROW EXECUTE FUNCTION door.record_fits();
CREATE TRIGGER term_fits AFTER INSERT ON app.mediation_term FOR EACH ROW EXECUTE FUNCTION door.term_fits();
CREATE TRIGGER term_kept AFTER UPDATE OF kept_at ON app.mediation_term FOR EACH ROW WHEN (NEW.kept_at IS NOT NULL) EXECUTE FUNCTION door.term_kept();
CREATE TRIGGER confirmation_fits AFTER INSERT OR UPDATE OF state ON app.mediation_confirmation FOR EACH ROW EXECUTE FUNCTION door.confirmation_fits();
"""


def upgrade() -> None:
    run(op, TABLES + DOOR)
    wall(op, "mediation_record", "mediation_agreement", "mediation_term", "mediation_assent", "mediation_confirmation")
