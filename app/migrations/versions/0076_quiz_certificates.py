"""Who passes a quiz may order her certificate, once its results are told."""

from alembic import op

from app.migrations.sql import run

revision = "0076"
down_revision = "0075"

TABLES = """
-- How many right answers a certificate takes; without it nobody is given one.
ALTER TABLE app.quiz_round ADD COLUMN pass_mark smallint CHECK (pass_mark BETWEEN 1 AND draws);
GRANT UPDATE (pass_mark) ON app.quiz_round TO app_api;
ALTER TABLE app.paper DROP CONSTRAINT paper_kind_check, ADD CONSTRAINT paper_kind_check CHECK (kind IN (
    'APPLICATION_FORM', 'APPLICATION_RECEIPT', 'ACCEPTANCE_NOTICE', 'SUPPLEMENT_LIST', 'DECISION', 'MEDIATION_REGISTRATION',
    'MEDIATION_AGREEMENT', 'PAPERS_RECEIPT', 'QUIZ_CERTIFICATE'));
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- She reads the certificate of an attempt of hers from now on. `MADE` by this call, `HAD` before; `NONE` where it passes nothing, `LATER`
-- while its results are not told.
CREATE FUNCTION door.certify_attempt(asked uuid) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    t record;
BEGIN
    SELECT x.state, x.score, r.pass_mark, r.reveals, a.state AS stands, a.institution INTO t
    FROM app.quiz_attempt x JOIN app.quiz_round r ON r.activity = x.round JOIN app.activity a ON a.id = x.round
    WHERE x.id = asked AND x.person = app.person();
    IF NOT FOUND THEN RETURN NULL; END IF;
    IF t.pass_mark IS NULL OR t.institution IS NULL OR t.stands = 'CANCELLED' THEN RETURN 'NONE'; END IF;
    IF t.state = 'STARTED' OR t.reveals = 'ROUND' AND t.stands NOT IN ('ANNOUNCED', 'ARCHIVED') THEN RETURN 'LATER'; END IF;
    IF t.score < t.pass_mark THEN RETURN 'NONE'; END IF;
    INSERT INTO app.reader (subject, person, basis, since) VALUES (asked, app.person(), 'asker', app.clock()) ON CONFLICT DO NOTHING;
    RETURN CASE WHEN FOUND THEN 'MADE' ELSE 'HAD' END;
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
        ELSE EXISTS (SELECT FROM app.application_step s WHERE s.id = by_step AND s.application = asked AND s.actor = app.person() AND s.at = app.clock()
            AND (s.by_whom = 'APPLICANT') = (what IN ('APPLICATION_FORM', 'APPLICATION_RECEIPT'))) END;
END;

-- Of who closes her account: what she did is nobody's, she stands on no board, and her certificates are destroyed.
CREATE OR REPLACE FUNCTION door.give_up_quizzes(whose uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    hers uuid[];
BEGIN
    IF NOT EXISTS (SELECT FROM app.closing c WHERE c.person = whose) THEN RETURN; END IF;
    hers := ARRAY(SELECT t.id FROM app.quiz_attempt t WHERE t.person = whose);
    PERFORM door.tell('FileGone', jsonb_build_object('file', f.id), app.clock()) FROM app.file f WHERE f.subject = ANY (hers) AND f.state <> 'GONE';
    UPDATE app.file SET state = 'GONE', kek = NULL, key = '' WHERE subject = ANY (hers) AND state <> 'GONE';
    DELETE FROM app.key WHERE subject = ANY (hers);
    DELETE FROM app.reader WHERE subject = ANY (hers);
    UPDATE app.quiz_attempt SET person = NULL WHERE person = whose;
    DELETE FROM app.quiz_entrant WHERE person = whose;
END $$;

GRANT EXECUTE ON FUNCTION door.certify_attempt(uuid) TO app_api;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, TABLES + DOOR)
