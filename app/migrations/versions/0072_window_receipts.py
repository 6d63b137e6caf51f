"""What a window took in has its receipt as a paper; a certificate that is collected there closes the case online."""

from alembic import op

from app.migrations.sql import run

revision = "0072"
down_revision = "0071"

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- Papers that were taken in are a subject of their own: its readers are those of the visit, each for as long as she reads that.
CREATE FUNCTION door.papers_taken() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO app.reader (subject, person, basis, since, until)
    SELECT NEW.id, r.person, r.basis, NEW.at, r.until FROM app.reader r WHERE r.subject = NEW.visit AND r.until > app.clock();
    RETURN NULL;
END $$;

-- With the key of what it is about a receipt's key is destroyed.
CREATE FUNCTION door.receipts_go() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    DELETE FROM app.key WHERE subject IN (SELECT x.id FROM app.window_act x WHERE x.subject = OLD.subject AND x.kind = 'RECEIVED');
    RETURN NULL;
END $$;

-- Who made this step, in this transaction; an institution's papers only by its own steps. Of a mediation's agreement the step is the
-- yes by which it binds, of a receipt the taking in.
CREATE OR REPLACE FUNCTION door.paper_is_hers(asked uuid, by_step uuid, what text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT CASE what
        WHEN 'MEDIATION_AGREEMENT' THEN EXISTS (
            SELECT FROM app.mediation_agreement g JOIN app.mediation_assent s ON s.thing = g.id AND s.about = 'AGREEMENT' AND s.yes
            WHERE g.id = by_step AND g.mediation = asked AND g.form = 'WRITTEN' AND g.effective_at = app.clock()
              AND s.actor = app.person() AND s.at = app.clock())
        WHEN 'PAPERS_RECEIPT' THEN by_step = asked AND EXISTS (
            SELECT FROM app.window_act x WHERE x.id = asked AND x.kind = 'RECEIVED' AND x.staff = app.person() AND x.at = app.clock())
        ELSE EXISTS (SELECT FROM app.application_step s WHERE s.id = by_step AND s.application = asked AND s.actor = app.person() AND s.at = app.clock()
            AND (s.by_whom = 'APPLICANT') = (what IN ('APPLICATION_FORM', 'APPLICATION_RECEIPT'))) END;
END;

-- Whether it is what she came to collect, that this step closes: by who handed it out at the window.
CREATE FUNCTION door.was_collected(asked uuid, at_visit uuid, who uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM app.window_act x WHERE x.visit = at_visit AND x.subject = asked AND x.kind = 'COLLECTED' AND x.staff = who);
END;

-- What papers that she brought to a window settle is a step of hers, made there; what she collects there is a step of the window's: the
-- machine says which, and its trigger looks at it.
CREATE OR REPLACE FUNCTION door.window_step(asked uuid, step uuid, runs text, since timestamptz, due timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO app.application_step (id, application, seq, kind, move, before, after, by_whom, actor, at, clock, clock_since, due_at, counter)
    SELECT step, a.id, a.seq + 1, a.kind, m.move, m.before, m.after, m.by_whom, CASE m.by_whom WHEN 'APPLICANT' THEN v.maker ELSE x.staff END,
        app.clock(), runs, since, due, v.id
    FROM app.window_act x JOIN app.window_visit v ON v.id = x.visit JOIN app.application a ON a.id = v.subject
        JOIN app.application_move m ON m.kind = a.kind AND m.before = a.state
            AND CASE x.kind WHEN 'COLLECTED' THEN m.move = 'COLLECT' ELSE x.settles AND m.move = 'SUPPLEMENT' AND m.by_whom = 'APPLICANT' END
    WHERE x.id = asked;
    RETURN FOUND;
END $$;

-- What applications of all kinds share: where one stands, who may, what runs, who handles it and reads it as staff.
CREATE OR REPLACE FUNCTION door.application_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    a record;
BEGIN
    SELECT x.kind, x.state, x.seq, x.institution INTO a FROM app.application x WHERE x.id = NEW.application FOR NO KEY UPDATE;
    IF NOT FOUND OR a.kind <> NEW.kind OR a.state <> NEW.before OR a.seq + 1 <> NEW.seq THEN
        RAISE 'the application does not stand there' USING ERRCODE = '42501';
    END IF;
    IF NOT (door.step_is_hers(NEW.by_whom, NEW.application, NEW.actor)
            OR NEW.move = 'COLLECT' AND door.was_collected(NEW.application, NEW.counter, NEW.actor))
        OR NEW.move = 'TRANSFER' AND (NEW.institution = a.institution OR NOT door.takes(NEW.institution, NEW.kind))
        OR NEW.move = 'HAND_OVER' AND NOT door.step_is_hers('STAFF', NEW.application, NEW.officer) THEN
        RAISE 'this step is not hers to make' USING ERRCODE = '42501';
    END IF;
    UPDATE app.application SET state = NEW.after, seq = NEW.seq, moved_at = NEW.at,
        clock = NEW.clock, clock_since = NEW.clock_since, due_at = NEW.due_at,
        institution = coalesce(NEW.institution, institution),
        officer = CASE WHEN NEW.move IN ('TAKE', 'OFFER_MEDIATION') THEN NEW.actor WHEN NEW.move = 'HAND_OVER' THEN NEW.officer WHEN NEW.move <> 'TRANSFER' THEN officer END,
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

-- Of somebody who closes her account: codes that nobody opened end, and no visit says any more whose it was.
CREATE OR REPLACE FUNCTION door.give_up_window(whose uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    hers uuid[];
    gone uuid[];
BEGIN
    IF NOT EXISTS (SELECT FROM app.closing c WHERE c.person = whose) THEN RETURN; END IF;
    hers := ARRAY(SELECT v.id FROM app.window_visit v WHERE v.maker = whose
                  OR EXISTS (SELECT FROM app.reader r WHERE r.subject = v.id AND r.person = whose AND r.basis = 'asker'));
    gone := hers || ARRAY(SELECT x.id FROM app.window_act x WHERE x.visit = ANY (hers) AND x.kind = 'RECEIVED');
    DELETE FROM app.key WHERE subject = ANY (gone);
    DELETE FROM app.reader WHERE subject = ANY (gone) AND person = whose;
    UPDATE app.window_visit SET maker = CASE WHEN maker = whose THEN NULL ELSE maker END, slip = '',
        ended_at = CASE WHEN opened_at IS NULL THEN coalesce(ended_at, app.clock()) END WHERE id = ANY (hers);
END $$;

-- Who leaves the window sees nothing of today's any more.
CREATE OR REPLACE FUNCTION door.post_leaves_window() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.reader r SET until = app.clock() FROM app.window_visit v
    WHERE v.staff = OLD.person AND v.institution = OLD.institution AND v.until > app.clock()
      AND (r.subject = v.id OR r.subject IN (SELECT x.id FROM app.window_act x WHERE x.visit = v.id))
      AND r.person = OLD.person AND r.basis = 'staff' AND r.until > app.clock();
    RETURN NULL;
END $$;

GRANT EXECUTE ON FUNCTION door.papers_taken(), door.receipts_go() TO app_owner; -- to make the triggers
RESET ROLE;
CREATE INDEX window_act_subject ON app.window_act (subject);
CREATE TRIGGER papers_taken AFTER INSERT ON app.window_act FOR EACH ROW WHEN (NEW.kind = 'RECEIVED') EXECUTE FUNCTION door.papers_taken();
CREATE TRIGGER receipts_go AFTER DELETE ON app.key FOR EACH ROW EXECUTE FUNCTION door.receipts_go();
"""


def upgrade() -> None:
    run(op, DOOR)
