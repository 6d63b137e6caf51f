"""Who won orders a certificate, which ends with an entry that had to be taken down; every step of an entry is kept; jurors leave."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0085"
down_revision = "0084"

TABLES = """
CREATE TABLE app.entry_step (                         -- what became of an entry, step by step; written by a trigger alone
    entry   uuid NOT NULL REFERENCES app.entry,
    n       smallint NOT NULL,
    state   text NOT NULL,
    verdict text,
    actor   uuid,                                     -- NULL: its owner, who is nobody's to know, or the house
    at      timestamptz NOT NULL,
    PRIMARY KEY (entry, n));
GRANT SELECT ON app.entry_step TO app_api;
CREATE POLICY read ON app.entry_step FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role IN ('EDITOR', 'SUPERVISOR') AND h.until > app.clock() OFFSET 0));
GRANT SELECT (entry, n), INSERT ON app.entry_step TO app_door;
CREATE POLICY door ON app.entry_step TO app_door USING (true);

ALTER TABLE app.paper DROP CONSTRAINT paper_kind_check, ADD CONSTRAINT paper_kind_check CHECK (kind IN (
    'APPLICATION_FORM', 'APPLICATION_RECEIPT', 'ACCEPTANCE_NOTICE', 'SUPPLEMENT_LIST', 'DECISION', 'MEDIATION_REGISTRATION',
    'MEDIATION_AGREEMENT', 'PAPERS_RECEIPT', 'QUIZ_CERTIFICATE', 'CONTEST_CERTIFICATE'));
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE FUNCTION door.entry_stepped() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO app.entry_step (entry, n, state, verdict, actor, at)
    SELECT NEW.id, count(*), NEW.state, NEW.verdict, CASE WHEN app.person() = NEW.person THEN NULL ELSE app.person() END, app.clock()
    FROM app.entry_step s WHERE s.entry = NEW.id;
    -- What was not hers, or unlawful, won nothing; what she takes back herself she won all the same.
    IF NEW.state = 'TAKEN_DOWN' AND NEW.verdict <> 'WISH' THEN
        UPDATE app.paper SET standing = 'WITHDRAWN', standing_at = app.clock()
        WHERE subject = NEW.id AND kind = 'CONTEST_CERTIFICATE' AND standing = 'VALID';
    END IF;
    RETURN NULL;
END $$;

-- Who made this step, in this transaction; an institution's papers only by its own steps. Of a mediation's agreement the step is the
-- yes by which it binds, of a receipt the taking in, of a certificate that she asks for it.
CREATE OR REPLACE FUNCTION door.paper_is_hers(asked uuid, by_step uuid, what text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT CASE what
        WHEN 'MEDIATION_AGREEMENT' THEN EXISTS (
            SELECT FROM app.mediation_agreement g JOIN app.mediation_assent s ON s.thing = g.id AND s.about = 'AGREEMENT' AND s.yes
            WHERE g.id = by_step AND g.mediation = asked AND g.form = 'WRITTEN' AND g.effective_at = app.clock()
              AND s.actor = app.person() AND s.at = app.clock())
        WHEN 'PAPERS_RECEIPT' THEN by_step = asked AND EXISTS (
            SELECT FROM app.window_act x WHERE x.id = asked AND x.kind = 'RECEIVED' AND x.staff = app.person() AND x.at = app.clock())
        WHEN 'QUIZ_CERTIFICATE' THEN by_step = asked AND EXISTS (
            SELECT FROM app.quiz_attempt t JOIN app.reader r ON r.subject = t.id AND r.person = t.person
            WHERE t.id = asked AND t.person = app.person() AND r.since = app.clock())
        WHEN 'CONTEST_CERTIFICATE' THEN by_step = asked AND EXISTS (
            SELECT FROM app.entry e WHERE e.id = asked AND e.person = app.person() AND e.state = 'AWARDED')
        ELSE EXISTS (SELECT FROM app.application_step s WHERE s.id = by_step AND s.application = asked AND s.actor = app.person() AND s.at = app.clock()
            AND (s.by_whom = 'APPLICANT') = (what IN ('APPLICATION_FORM', 'APPLICATION_RECEIPT'))) END;
END;

-- What is forgotten of entries, the files that hang on them too.
CREATE OR REPLACE FUNCTION door.forget_these_entries(these uuid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.entry SET state = 'TAKEN_DOWN', verdict = 'WISH', state_at = app.clock() WHERE id = ANY (these) AND state NOT IN ('TAKEN_DOWN', 'REJECTED');
    UPDATE app.file SET state = 'GONE', kek = NULL, key = '', owner = CASE WHEN from_owner THEN NULL ELSE owner END
    WHERE subject = ANY (these) AND state <> 'GONE';
    DELETE FROM app.key WHERE subject = ANY (these);
    DELETE FROM app.reader WHERE subject = ANY (these);
    UPDATE app.entry SET person = NULL, school = NULL, body = '' WHERE id = ANY (these);
END $$;

-- Of who closes her account, where two accounts become one, and of long ago: who judged is nobody's any more.
CREATE FUNCTION door.give_up_juries(whose uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM app.closing c WHERE c.person = whose) THEN RETURN; END IF;
    DELETE FROM app.reader r USING app.juror j WHERE j.person = whose AND r.person = whose AND r.subject = j.activity;
    UPDATE app.juror j SET person = NULL, called = '', schools = '{}', state_at = app.clock(),
        state = CASE WHEN EXISTS (SELECT FROM app.jury y WHERE y.activity = j.activity AND y.ended_at IS NULL) THEN 'RELEASED' ELSE j.state END
    WHERE j.person = whose;
    UPDATE app.jury_score SET person = NULL WHERE person = whose;
END $$;
CREATE FUNCTION door.forget_juries(asked uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.jury_score s SET person = NULL FROM app.activity a WHERE s.activity = asked AND a.id = asked
        AND a.state IN ('ARCHIVED', 'CANCELLED') AND a.state_at <= app.clock() - interval '365 days';
    UPDATE app.juror j SET person = NULL, called = '', schools = '{}' FROM app.activity a WHERE j.activity = asked AND a.id = asked
        AND a.state IN ('ARCHIVED', 'CANCELLED') AND a.state_at <= app.clock() - interval '365 days';
END $$;
CREATE FUNCTION door.jurors_move() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.juror j SET person = NULL, state = 'RELEASED', state_at = app.clock() WHERE j.person = OLD.person
        AND EXISTS (SELECT FROM app.juror o WHERE o.person = NEW.person AND o.activity = j.activity);
    UPDATE app.juror SET person = NEW.person WHERE person = OLD.person;
    UPDATE app.jury_score s SET person = j.person FROM app.juror j WHERE j.id = s.juror AND s.person = OLD.person;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION door.list_contests(asked uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    whose uuid := door.begin_list(asked, 'contests');
BEGIN
    IF whose IS NULL THEN RETURN; END IF;
    INSERT INTO app.export_part (export, kind, person, ids)
    SELECT asked, 'entry', whose, array_agg(e.id ORDER BY e.submitted_at, e.id) FROM app.entry e WHERE e.person = whose HAVING count(*) > 0
    UNION ALL
    SELECT asked, 'vote', whose, array_agg(v.entry ORDER BY v.at, v.entry) FROM app.vote v WHERE v.person = whose HAVING count(*) > 0
    UNION ALL
    SELECT asked, 'juror', whose, array_agg(j.id ORDER BY j.named_at, j.id) FROM app.juror j WHERE j.person = whose HAVING count(*) > 0;
    PERFORM door.end_list(asked);
END $$;

GRANT EXECUTE ON FUNCTION door.entry_stepped(), door.jurors_move() TO app_owner; -- to make the triggers
GRANT EXECUTE ON FUNCTION door.give_up_juries(uuid), door.forget_juries(uuid) TO app_worker;
RESET ROLE;
CREATE TRIGGER entry_stepped AFTER INSERT OR UPDATE OF state, checker ON app.entry FOR EACH ROW EXECUTE FUNCTION door.entry_stepped();
CREATE TRIGGER jurors_move AFTER UPDATE OF person ON app.identity
    FOR EACH ROW WHEN (OLD.person <> NEW.person) EXECUTE FUNCTION door.jurors_move();
"""


def upgrade() -> None:
    run(op, TABLES + DOOR)
    wall(op, "entry_step")
