"""Who takes part in a question reports what was said to her, and discloses no more than she chooses to one moderator."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0131"
down_revision = "0130"

MODERATES = "EXISTS (SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role = 'MODERATOR' AND h.until > app.clock() OFFSET 0)"
HERS = "EXISTS (SELECT FROM app.reader r WHERE r.subject = id AND r.person = app.person() AND r.until > app.clock() AND r.basis = 'asker' OFFSET 0)"

TABLES = f"""
CREATE TABLE app.report (                             -- a subject of its own; whose it is and about whom stands in another table
    id          uuid PRIMARY KEY,
    reason      text NOT NULL CHECK (reason IN ('SOLICITATION', 'CARELESS_ADVICE', 'INSULT_OR_ILLEGAL', 'BREACH_OF_CONFIDENCE', 'OTHER')),
    category    text NOT NULL,
    state       text NOT NULL CHECK (state IN ('WAITING', 'TAKEN', 'DISMISSED', 'MEASURE', 'WITHDRAWN', 'ERASED')),
    content     bytea NOT NULL,                       -- sealed: copies of what was disclosed; empty once they are destroyed
    reply       bytea NOT NULL,                       -- sealed: why it was dismissed
    made_at     timestamptz NOT NULL,
    due_at      timestamptz NOT NULL,
    taker       uuid,
    taken_until timestamptz,
    decided_at  timestamptz,
    settled_at  timestamptz,                          -- when nobody can say anything against the decision any more
    CHECK ((state = 'TAKEN') <= (taker IS NOT NULL AND taken_until IS NOT NULL)),
    CHECK (state NOT IN ('WITHDRAWN', 'ERASED') OR content = ''));
CREATE INDEX report_open ON app.report (due_at, id) WHERE state IN ('WAITING', 'TAKEN');
CREATE INDEX report_taker ON app.report (taker) WHERE state = 'TAKEN';
CREATE INDEX report_settled ON app.report (settled_at) WHERE content <> '';
GRANT SELECT, INSERT, UPDATE (state, content, reply, taker, taken_until, decided_at, settled_at) ON app.report TO app_api;
GRANT SELECT (id, state, due_at) ON app.report TO app_worker;
CREATE POLICY worker ON app.report FOR SELECT TO app_worker USING (true);
GRANT SELECT, UPDATE (state, content, reply, taker, taken_until, decided_at, settled_at) ON app.report TO app_door;
CREATE POLICY door ON app.report TO app_door USING (true);

CREATE TABLE app.report_source (                      -- gone once the question is erased
    report    uuid PRIMARY KEY REFERENCES app.report,
    reporter  uuid NOT NULL,
    question  uuid NOT NULL,
    about     uuid NOT NULL,                          -- the answer or message that is complained of
    accused   uuid NOT NULL,                          -- who said it: a trigger writes it, as the next
    of_lawyer boolean NOT NULL,
    open      boolean NOT NULL);
CREATE UNIQUE INDEX report_source_open ON app.report_source (reporter, about) WHERE open;
CREATE INDEX report_source_question ON app.report_source (question);
CREATE INDEX report_source_accused ON app.report_source (accused);
GRANT SELECT, INSERT (report, reporter, question, about, open) ON app.report_source TO app_api;
CREATE POLICY own ON app.report_source TO app_api USING (reporter = app.person()) WITH CHECK (reporter = app.person() AND open);
GRANT SELECT, UPDATE (reporter, accused, open), DELETE ON app.report_source TO app_door;
CREATE POLICY door ON app.report_source TO app_door USING (true);

CREATE TABLE app.measure (                            -- a subject of its own: of whom it is about, sealed by who took it
    id           uuid PRIMARY KEY,
    report       uuid NOT NULL UNIQUE REFERENCES app.report,
    person       uuid,                                -- a trigger writes it, as all that the report knows of her
    of_lawyer    boolean NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('REMINDER', 'WARNING')),
    reason       text NOT NULL,
    about        uuid,                                -- null once the question is erased
    of_answer    boolean NOT NULL,                    -- whether that is an answer, or a message
    content      bytea NOT NULL,
    decided_by   uuid NOT NULL,
    at           timestamptz NOT NULL,
    appeal_until timestamptz NOT NULL);
CREATE INDEX measure_person ON app.measure (person, at DESC);
CREATE INDEX measure_at ON app.measure (at);
GRANT SELECT, INSERT (id, report, kind, content, decided_by, at, appeal_until) ON app.measure TO app_api;
CREATE POLICY read ON app.measure FOR SELECT TO app_api USING ({HERS});
CREATE POLICY make ON app.measure FOR INSERT TO app_api WITH CHECK (decided_by = app.person() AND at = app.clock() AND appeal_until > at);
GRANT SELECT, UPDATE (person, about, content), DELETE ON app.measure TO app_door;
CREATE POLICY door ON app.measure TO app_door USING (true);
-- Who takes a measure seals its reasons, and does not read them again: her reading ends in the instant in which it begins.
CREATE POLICY seal_measure ON app.key FOR INSERT TO app_api WITH CHECK (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = key.subject AND r.person = app.person() AND r.basis = 'staff'
                               AND r.since = app.clock() AND r.until = app.clock() OFFSET 0));

GRANT INSERT ON app.access TO app_door;

INSERT INTO app.retention_policy (version, since, terms)   -- a month after the time to appeal; measures for two years
SELECT version + 1, app.clock(), terms || '{{"report": 2592000, "measure": 63072000}}' FROM app.retention_policy ORDER BY version DESC LIMIT 1;

ALTER TABLE app.minor_access DROP CONSTRAINT minor_access_kind_check, DROP CONSTRAINT minor_access_office_check,
    ADD CONSTRAINT minor_access_kind_check CHECK (kind IN ('TASK', 'FILE', 'APPOINTMENT', 'REPORT')),
    ADD CONSTRAINT minor_access_office_check CHECK (
        office IN ('SUPERVISOR', 'ADMIN', 'AUDITOR', 'OFFICER', 'WINDOW_STAFF', 'MEDIATOR', 'NOTARY', 'MODERATOR'));
DROP POLICY ask ON app.minor_access;
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE FUNCTION door.concerned(asked uuid, who uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM app.report_source s WHERE s.report = asked AND (who IN (s.reporter, s.accused)
        OR EXISTS (SELECT FROM app.reader r WHERE r.subject = s.question AND r.person = who)
        OR EXISTS (SELECT FROM app.offer o WHERE o.question = s.question AND o.lawyer = who)));
END;
-- Nobody moderates what she has a part in: neither side, nor who ever read the question or was offered it.
CREATE FUNCTION door.unconcerned(asked uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT NOT door.concerned(asked, app.person());
END;
CREATE FUNCTION door.report_moderators(asked uuid) RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT h.person FROM app.role_held h WHERE h.role = 'MODERATOR' AND h.until > app.clock() AND NOT door.concerned(asked, h.person);
END;

-- Of what the other side said in a question that she reads: who said it is not for her to write.
CREATE FUNCTION door.report_about() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    asks boolean := (SELECT r.basis IN ('asker', 'delegate') FROM app.reader r WHERE r.subject = NEW.question AND r.person = NEW.reporter
                     AND r.until > app.clock() AND r.basis IN ('asker', 'delegate', 'seat', 'answered'));
BEGIN
    SELECT x.author, NOT x.from_owner INTO NEW.accused, NEW.of_lawyer FROM (
        SELECT a.lawyer AS author, false AS from_owner FROM app.answer a WHERE a.id = NEW.about AND a.question = NEW.question
        UNION ALL SELECT m.author, m.from_owner FROM app.message m WHERE m.id = NEW.about AND m.subject = NEW.question) AS x;
    IF asks IS NULL OR NEW.accused IS NULL OR NEW.accused = NEW.reporter OR asks <> NEW.of_lawyer OR NOT EXISTS (
            SELECT FROM app.report r WHERE r.id = NEW.report AND r.state = 'WAITING' AND r.made_at = app.clock()) THEN
        RAISE 'not hers to report' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION door.report_made() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO app.reader (subject, person, basis, since) VALUES (NEW.report, NEW.reporter, 'asker', app.clock());
    RETURN NULL;
END $$;

-- Who takes it reads what was disclosed until her lease ends; of what is a minor's she sees that it is there, until another has approved it.
CREATE FUNCTION door.report_moved() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    young boolean;
BEGIN
    IF OLD.taker IS NOT NULL THEN
        UPDATE app.reader SET until = app.clock() WHERE subject = OLD.id AND person = OLD.taker AND basis IN ('staff', 'desk') AND until > app.clock();
        UPDATE app.minor_access SET until = app.clock()
        WHERE kind = 'REPORT' AND subject = OLD.id AND requester = OLD.taker AND until > app.clock();
    END IF;
    IF NEW.state = 'TAKEN' THEN
        young := (SELECT door.young_petition(s.question) FROM app.report_source s WHERE s.report = NEW.id);
        INSERT INTO app.reader (subject, person, basis, since, until)
        VALUES (NEW.id, NEW.taker, CASE WHEN young THEN 'desk' ELSE 'staff' END, app.clock(), NEW.taken_until)
        ON CONFLICT (subject, person) DO UPDATE SET until = excluded.until, basis = excluded.basis WHERE reader.basis IN ('staff', 'desk');
    ELSIF NEW.state <> 'WAITING' THEN
        UPDATE app.report_source SET open = false WHERE report = NEW.id AND open;
    END IF;
    IF NEW.content = '' THEN
        DELETE FROM app.key k WHERE k.subject = NEW.id;
    END IF;
    RETURN NULL;
END $$;

-- The measure is the decision: of a report that its moderator has taken and may read, about whom the report is about.
CREATE FUNCTION door.measure_about() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM FROM app.report r WHERE r.id = NEW.report AND r.state = 'TAKEN' AND r.taker = app.person() AND r.taken_until > app.clock()
        AND EXISTS (SELECT FROM app.reader x WHERE x.subject = r.id AND x.person = r.taker AND x.basis = 'staff' AND x.until > app.clock()) FOR NO KEY UPDATE;
    IF NOT FOUND THEN RAISE 'not hers to decide' USING ERRCODE = '42501'; END IF;
    SELECT s.accused, s.of_lawyer, s.about, EXISTS (SELECT FROM app.answer a WHERE a.id = s.about), r.reason
    INTO NEW.person, NEW.of_lawyer, NEW.about, NEW.of_answer, NEW.reason FROM app.report_source s JOIN app.report r ON r.id = s.report WHERE s.report = NEW.report;
    RETURN NEW;
END $$;
CREATE FUNCTION door.measure_made() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO app.reader (subject, person, basis, since, until)
    VALUES (NEW.id, NEW.person, 'asker', NEW.at, 'infinity'), (NEW.id, NEW.decided_by, 'staff', NEW.at, NEW.at);
    UPDATE app.report SET state = 'MEASURE', decided_at = NEW.at, settled_at = NEW.appeal_until WHERE id = NEW.report;
    RETURN NULL;
END $$;

-- What was decided about her in two years, by kind and date alone, for who has taken a report about her.
CREATE FUNCTION door.earlier_measures(asked uuid) RETURNS TABLE (kind text, at timestamptz) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT m.kind, m.at FROM app.report_source s JOIN app.measure m ON m.person = s.accused
    WHERE s.report = asked AND m.at > app.clock() - interval '730 days' AND EXISTS (
        SELECT FROM app.reader r WHERE r.subject = asked AND r.person = app.person() AND r.basis = 'staff' AND r.until > app.clock())
    ORDER BY m.at DESC;
END;
CREATE FUNCTION door.moderation_counts(since timestamptz, till timestamptz) RETURNS TABLE (
    received bigint, waiting bigint, overdue bigint, withdrawn bigint, dismissed bigint, measures bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT count(*), count(*) FILTER (WHERE r.state IN ('WAITING', 'TAKEN')),
        count(*) FILTER (WHERE r.state IN ('WAITING', 'TAKEN', 'DISMISSED', 'MEASURE') AND coalesce(r.decided_at, app.clock()) > r.due_at),
        count(*) FILTER (WHERE r.state = 'WITHDRAWN'), count(*) FILTER (WHERE r.state = 'DISMISSED'), count(*) FILTER (WHERE r.state = 'MEASURE')
    FROM app.report r WHERE r.made_at >= since AND r.made_at < till AND EXISTS (
        SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role = 'SUPERVISOR' AND h.until > app.clock());
END;

-- The asker sees each reading in the ledger of her question, whoever disclosed it.
CREATE FUNCTION door.report_opened() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO app.access (subject, person, slot, basis, at, part)
    SELECT s.question, NEW.person, NEW.slot, CASE WHEN s.of_lawyer THEN 'moderator' ELSE 'moderator_for_lawyer' END, NEW.at, s.report
    FROM app.report_source s WHERE s.report = NEW.subject ON CONFLICT DO NOTHING;
    UPDATE app.minor_access SET opened_at = NEW.at
    WHERE kind = 'REPORT' AND subject = NEW.subject AND requester = NEW.person AND approved_at IS NOT NULL AND opened_at IS NULL AND until > app.clock();
    RETURN NULL;
END $$;
CREATE FUNCTION door.report_access_approved() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.reader SET basis = 'staff', until = least(until, NEW.until)
    WHERE subject = NEW.subject AND person = NEW.requester AND basis = 'desk' AND until > app.clock();
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION door.of_a_minor(what text, wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT CASE what
        WHEN 'TASK' THEN (
            SELECT t.kind IN ('CALLBACK', 'APPEAL') AND door.young_petition(t.about) AND NOT door.urgent_call(t.kind, t.question)
            FROM app.task t WHERE t.id = wanted AND t.taken_by = app.person() AND t.done_at IS NULL)
        WHEN 'FILE' THEN (
            SELECT door.young(p.id) FROM app.person p WHERE p.id = wanted AND EXISTS (
                SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role IN ('ADMIN', 'AUDITOR') AND h.until > app.clock()))
        WHEN 'APPOINTMENT' THEN (
            SELECT r.basis = 'desk' FROM app.reader r JOIN app.appointment a ON a.id = r.subject
            WHERE r.subject = wanted AND r.person = app.person() AND r.basis IN ('desk', 'staff') AND r.until > app.clock())
        WHEN 'REPORT' THEN (
            SELECT r.basis = 'desk' FROM app.reader r JOIN app.report p ON p.id = r.subject
            WHERE r.subject = wanted AND r.person = app.person() AND r.basis IN ('desk', 'staff') AND r.until > app.clock())
        END;
END;

CREATE FUNCTION door.moderator_ends() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.report SET state = 'WAITING', taker = NULL, taken_until = NULL WHERE taker = OLD.person AND state = 'TAKEN';
    RETURN NULL;
END $$;

-- The copies are destroyed, and all that tells whose they were and of which question.
CREATE FUNCTION door.empty_reports(which uuid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.report SET content = '', reply = '', state = CASE WHEN state IN ('WAITING', 'TAKEN') THEN 'ERASED' ELSE state END WHERE id = ANY (which);
    DELETE FROM app.access a USING app.report_source s WHERE s.report = ANY (which) AND a.subject = s.question AND a.part = s.report;
    UPDATE app.measure SET about = NULL WHERE report = ANY (which);
    DELETE FROM app.report_source s WHERE s.report = ANY (which);
END $$;
CREATE FUNCTION door.question_takes_reports() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM door.empty_reports(ARRAY(SELECT s.report FROM app.report_source s WHERE s.question = NEW.id));
    RETURN NULL;
END $$;

-- What the policy keeps no longer and no legal hold keeps: the copies of reports, then measures whole.
CREATE FUNCTION door.forget_moderation(what text, most integer) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    past timestamptz := (SELECT app.clock() - make_interval(secs => (p.terms ->> what)::double precision)
                         FROM app.retention_policy p WHERE p.since <= app.clock() ORDER BY p.version DESC LIMIT 1);
    gone uuid[];
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('legal hold', 0));
    IF what = 'report' THEN
        gone := ARRAY(SELECT r.id FROM app.report r LEFT JOIN app.report_source s ON s.report = r.id
            WHERE r.settled_at < past AND r.content <> '' AND NOT EXISTS (
                SELECT FROM app.legal_hold h WHERE h.lifted_at IS NULL AND h.subject IN (r.id, s.reporter, s.accused, s.question))
            ORDER BY r.settled_at LIMIT most);
        UPDATE app.report SET content = '', reply = '' WHERE id = ANY (gone);
    ELSIF what = 'measure' THEN
        gone := ARRAY(SELECT m.id FROM app.measure m WHERE m.at < past AND NOT EXISTS (
                SELECT FROM app.legal_hold h WHERE h.lifted_at IS NULL AND h.subject IN (m.id, m.person)) ORDER BY m.at LIMIT most);
        DELETE FROM app.key k WHERE k.subject = ANY (gone);
        DELETE FROM app.reader r WHERE r.subject = ANY (gone);
        DELETE FROM app.measure m WHERE m.id = ANY (gone);
    END IF;
    RETURN coalesce(cardinality(gone), 0);
END $$;

-- Of somebody who closes her account: what she reported, and what was reported and decided about her; what a hold keeps is tried again.
CREATE FUNCTION door.give_up_moderation(whose uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
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
    UPDATE app.measure SET person = NULL, content = '' WHERE person = whose;
    DELETE FROM app.key k WHERE k.subject = ANY (hers);
    DELETE FROM app.reader r WHERE r.subject = ANY (hers);
END $$;

CREATE FUNCTION door.reports_move() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.report_source s SET reporter = NEW.person, open = s.open AND NOT EXISTS (
        SELECT FROM app.report_source o WHERE o.reporter = NEW.person AND o.about = s.about AND o.open) WHERE s.reporter = OLD.person;
    UPDATE app.report_source SET accused = NEW.person WHERE accused = OLD.person;
    UPDATE app.measure SET person = NEW.person WHERE person = OLD.person;
    RETURN NULL;
END $$;

CREATE FUNCTION door.list_moderation(asked uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    whose uuid := door.begin_list(asked, 'moderation');
BEGIN
    IF whose IS NULL THEN RETURN; END IF;
    INSERT INTO app.export_part (export, kind, person, ids)
    SELECT asked, k.kind, whose, array_agg(k.id ORDER BY k.id) FROM (
        SELECT 'report' AS kind, p.id FROM app.reader r JOIN app.report p ON p.id = r.subject WHERE r.person = whose AND r.basis = 'asker'
        UNION ALL SELECT 'measure', m.id FROM app.measure m WHERE m.person = whose) AS k
    GROUP BY k.kind;
    PERFORM door.end_list(asked);
END $$;

GRANT EXECUTE ON FUNCTION door.report_about(), door.report_made(), door.report_moved(), door.measure_about(), door.measure_made(),
    door.report_opened(), door.report_access_approved(), door.moderator_ends(), door.question_takes_reports(), door.reports_move() TO app_owner; -- to make the triggers
GRANT EXECUTE ON FUNCTION door.unconcerned(uuid), door.earlier_measures(uuid), door.moderation_counts(timestamptz, timestamptz) TO app_api;
GRANT EXECUTE ON FUNCTION door.report_moderators(uuid), door.forget_moderation(text, integer), door.give_up_moderation(uuid),
    door.list_moderation(uuid) TO app_worker;
RESET ROLE;
"""

WALLS = f"""
CREATE POLICY read ON app.report FOR SELECT TO app_api USING (CASE WHEN {HERS} THEN true WHEN NOT {MODERATES} THEN false
    WHEN taker = app.person() THEN true
    ELSE (state = 'WAITING' OR state = 'TAKEN' AND taken_until <= app.clock()) AND door.unconcerned(id) END);
CREATE POLICY make ON app.report FOR INSERT TO app_api WITH CHECK (state = 'WAITING' AND taker IS NULL AND decided_at IS NULL
    AND reply = '' AND made_at = app.clock() AND due_at > made_at);
CREATE POLICY moderate ON app.report FOR UPDATE TO app_api USING (CASE WHEN NOT {MODERATES} THEN false
    WHEN state = 'TAKEN' AND taken_until > app.clock() THEN taker = app.person()
    ELSE state IN ('WAITING', 'TAKEN') AND door.unconcerned(id) END) WITH CHECK (taker = app.person() OR taker IS NULL);
CREATE POLICY withdraw ON app.report FOR UPDATE TO app_api USING (
    CASE WHEN state = 'WAITING' OR state = 'TAKEN' AND taken_until <= app.clock() THEN {HERS} ELSE false END)
    WITH CHECK (state = 'WITHDRAWN' AND content = '');

CREATE FUNCTION app.report_goes() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
    held boolean := OLD.state = 'TAKEN' AND OLD.taken_until > app.clock();
    mine boolean := held AND OLD.taker = app.person();
BEGIN
    IF NOT coalesce(CASE NEW.state
        WHEN 'TAKEN' THEN NOT held AND NEW.taker = app.person() AND NEW.taken_until = app.clock() + interval '24 hours' AND NEW.content = OLD.content
        WHEN 'WAITING' THEN mine AND NEW.taker IS NULL AND NEW.taken_until IS NULL AND NEW.content = OLD.content
        WHEN 'DISMISSED' THEN mine AND NEW.taker = OLD.taker AND NEW.decided_at = app.clock() AND NEW.settled_at = app.clock() AND NEW.content = OLD.content
            AND EXISTS (SELECT FROM app.reader r WHERE r.subject = NEW.id AND r.person = NEW.taker AND r.basis = 'staff' AND r.until > app.clock())
        WHEN 'WITHDRAWN' THEN NOT held
        ELSE false END, false) THEN
        RAISE 'a report does not go that way' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER report_goes BEFORE UPDATE ON app.report FOR EACH ROW WHEN (current_user = 'app_api') EXECUTE FUNCTION app.report_goes();
CREATE TRIGGER report_moved AFTER UPDATE ON app.report FOR EACH ROW EXECUTE FUNCTION door.report_moved();
CREATE TRIGGER report_about BEFORE INSERT ON app.report_source FOR EACH ROW EXECUTE FUNCTION door.report_about();
CREATE TRIGGER report_made AFTER INSERT ON app.report_source FOR EACH ROW EXECUTE FUNCTION door.report_made();
CREATE TRIGGER measure_about BEFORE INSERT ON app.measure FOR EACH ROW EXECUTE FUNCTION door.measure_about();
CREATE TRIGGER measure_made AFTER INSERT ON app.measure FOR EACH ROW EXECUTE FUNCTION door.measure_made();
CREATE TRIGGER report_opened AFTER INSERT ON app.access FOR EACH ROW WHEN (NEW.basis = 'staff') EXECUTE FUNCTION door.report_opened();
CREATE TRIGGER moderator_ends AFTER DELETE OR UPDATE OF role, until ON app.role_held FOR EACH ROW
    WHEN (OLD.role = 'MODERATOR') EXECUTE FUNCTION door.moderator_ends();
CREATE TRIGGER question_takes_reports AFTER UPDATE OF status ON app.question FOR EACH ROW
    WHEN (OLD.status <> 'ERASED' AND NEW.status = 'ERASED') EXECUTE FUNCTION door.question_takes_reports();
CREATE TRIGGER reports_move AFTER UPDATE OF person ON app.identity FOR EACH ROW
    WHEN (OLD.person <> NEW.person) EXECUTE FUNCTION door.reports_move();
CREATE TRIGGER report_access_approved AFTER UPDATE OF approved_at ON app.minor_access FOR EACH ROW
    WHEN (NEW.kind = 'REPORT' AND OLD.approved_at IS NULL AND NEW.approved_at IS NOT NULL) EXECUTE FUNCTION door.report_access_approved();

-- As it was, and of a report by the moderator who has it; moderators see what was asked for about reports.
CREATE POLICY ask ON app.minor_access FOR INSERT TO app_api WITH CHECK (
    requester = app.person() AND approver IS NULL AND NOT crisis AND opened_at IS NULL
    AND asked_at = app.clock() AND until = app.clock() + interval '24 hours'
    AND CASE kind WHEN 'TASK' THEN office = 'SUPERVISOR' WHEN 'FILE' THEN office IN ('ADMIN', 'AUDITOR') WHEN 'REPORT' THEN office = 'MODERATOR'
                  ELSE office IN ('OFFICER', 'WINDOW_STAFF', 'MEDIATOR', 'NOTARY') END
    AND EXISTS (SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role = office AND h.until > app.clock() OFFSET 0)
    AND coalesce(door.of_a_minor(kind, subject), false));
CREATE POLICY moderators ON app.minor_access FOR SELECT TO app_api USING (CASE WHEN kind <> 'REPORT' THEN false ELSE {MODERATES} END);
"""


def upgrade() -> None:
    run(op, TABLES + DOOR + WALLS)
    wall(op, "report", "report_source", "measure")
