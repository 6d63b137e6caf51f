"""Consultations with institutions: one open per person and institution, and who of the staff holds it."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0049"
down_revision = "0048"

POSTED = """EXISTS (SELECT FROM app.post p WHERE p.person = app.person() AND p.institution = institution_consultation.institution
        AND p.until > app.clock() OFFSET 0)"""

TABLE = f"""
CREATE TABLE app.institution_consultation (           -- a subject of its own: its words are messages about it
    id          uuid PRIMARY KEY,
    institution uuid NOT NULL REFERENCES app.institution,
    person      uuid REFERENCES app.person,           -- NULL: she gave it up, or it was kept for long enough
    application uuid REFERENCES app.application,      -- what it is about: one of hers with that institution
    state       text NOT NULL CHECK (state IN ('WAITING', 'TAKEN', 'CLOSED')),
    holder      uuid REFERENCES app.person,           -- of the staff: who has it, or had it when it was closed
    called      text,                                 -- how she is called, by her post; a trigger says it
    opened_at   timestamptz NOT NULL,
    state_at    timestamptz NOT NULL,                 -- since when it waits, is held by this one, or is closed
    CHECK (state <> 'WAITING' OR holder IS NULL), CHECK (state <> 'TAKEN' OR holder IS NOT NULL),
    CHECK ((holder IS NULL) = (called IS NULL)));
CREATE UNIQUE INDEX institution_consultation_open ON app.institution_consultation (person, institution) WHERE state <> 'CLOSED';
CREATE INDEX institution_consultation_of ON app.institution_consultation (person, opened_at DESC, id DESC);
CREATE INDEX institution_consultation_at ON app.institution_consultation (institution, state, opened_at, id);
CREATE INDEX institution_consultation_held ON app.institution_consultation (holder) WHERE holder IS NOT NULL;

GRANT SELECT, INSERT (id, institution, person, application, state, opened_at, state_at), UPDATE (state, holder)
    ON app.institution_consultation TO app_api;
-- Who reads its words sees it; that it waits, everybody who works there.
CREATE POLICY read ON app.institution_consultation FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = id AND r.person = app.person() AND r.until > app.clock() OFFSET 0));
CREATE POLICY waits ON app.institution_consultation FOR SELECT TO app_api USING (state = 'WAITING' AND {POSTED});
-- What is taken is seen by who takes it even before its trigger has said that she reads it.
CREATE POLICY held ON app.institution_consultation FOR SELECT TO app_api USING (state = 'TAKEN' AND holder = app.person() AND {POSTED});
CREATE POLICY open ON app.institution_consultation FOR INSERT TO app_api WITH CHECK (
    person = app.person() AND state = 'WAITING' AND opened_at = app.clock() AND state_at = app.clock());
CREATE POLICY own ON app.institution_consultation FOR UPDATE TO app_api USING (person = app.person())
    WITH CHECK (person = app.person() AND state = 'CLOSED');
CREATE POLICY staff ON app.institution_consultation FOR UPDATE TO app_api
    USING (person IS DISTINCT FROM app.person() AND (state = 'WAITING' OR holder = app.person()) AND {POSTED})
    WITH CHECK ({POSTED});
GRANT SELECT (id, institution, person, state, holder) ON app.institution_consultation TO app_worker;
CREATE POLICY worker ON app.institution_consultation FOR SELECT TO app_worker USING (true);
GRANT SELECT, UPDATE (person, application, state, holder, called) ON app.institution_consultation TO app_door;
CREATE POLICY door ON app.institution_consultation TO app_door USING (true);

-- Who runs the house leads it only so: taken by oneself, handed on by who holds it, closed by her or by whose it is.
CREATE FUNCTION app.consultation_goes() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    IF NOT (CASE
        WHEN NEW.state = 'TAKEN' AND OLD.state = 'WAITING' THEN NEW.holder = app.person()
        WHEN NEW.state = 'TAKEN' AND OLD.state = 'TAKEN' THEN OLD.holder = app.person() AND NEW.holder <> OLD.holder
        WHEN NEW.state = 'CLOSED' AND OLD.state <> 'CLOSED' THEN
            NEW.holder IS NOT DISTINCT FROM OLD.holder AND app.person() IN (OLD.person, OLD.holder)
        ELSE false END) THEN
        RAISE 'a consultation does not go that way' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- Held only by who works there, under the name of her post, and never by whose it is.
CREATE FUNCTION door.consultation_held() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NEW.state = 'TAKEN' THEN
        SELECT p.called INTO NEW.called FROM app.post p
        WHERE p.person = NEW.holder AND p.institution = NEW.institution AND p.until > app.clock() AND p.person IS DISTINCT FROM NEW.person;
        IF NOT FOUND THEN RAISE 'nobody holds it who does not work there' USING ERRCODE = '42501'; END IF;
    ELSIF NEW.state = 'WAITING' THEN
        NEW.called := NULL;
    END IF;
    NEW.state_at := app.clock();
    RETURN NEW;
END $$;

-- Who reads it: whose it is, and who holds it; who has closed it for a week more.
CREATE FUNCTION door.consultation_moved() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.application IS NOT NULL AND NOT EXISTS (SELECT FROM app.application a
                WHERE a.id = NEW.application AND a.applicant = NEW.person AND a.institution = NEW.institution) THEN
            RAISE 'it is about an application of hers with that institution' USING ERRCODE = '42501';
        END IF;
        INSERT INTO app.reader (subject, person, basis, since) VALUES (NEW.id, NEW.person, 'asker', NEW.opened_at);
        RETURN NULL;
    END IF;
    IF NEW.state = 'CLOSED' THEN
        UPDATE app.reader SET until = app.clock() + interval '7 days'
        WHERE subject = NEW.id AND basis = 'staff' AND until > app.clock() + interval '7 days';
        RETURN NULL;
    END IF;
    UPDATE app.reader SET until = app.clock() WHERE subject = NEW.id AND basis = 'staff' AND until > app.clock();
    IF NEW.state = 'TAKEN' THEN
        INSERT INTO app.reader (subject, person, basis, since) VALUES (NEW.id, NEW.holder, 'staff', app.clock())
        ON CONFLICT (subject, person) DO UPDATE SET until = 'infinity' WHERE reader.basis = 'staff';
    END IF;
    RETURN NULL;
END $$;

-- Who leaves the institution reads none of them any more, and what she held waits for another.
CREATE FUNCTION door.post_leaves_consultations() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.reader r SET until = app.clock() FROM app.institution_consultation c
    WHERE c.holder = OLD.person AND c.institution = OLD.institution AND r.subject = c.id AND r.person = OLD.person
      AND r.basis = 'staff' AND r.until > app.clock();
    UPDATE app.institution_consultation SET state = 'WAITING', holder = NULL
    WHERE holder = OLD.person AND institution = OLD.institution AND state = 'TAKEN';
    RETURN NULL;
END $$;

-- At which of these somebody is: of who works there, a device renewed its tokens within twenty minutes (they last fifteen).
CREATE FUNCTION door.staffed(places uuid[]) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT DISTINCT p.institution FROM app.post p JOIN app.sign_in s ON s.person = p.person
    WHERE p.institution = ANY (places) AND p.until > app.clock()
      AND s.ended_at IS NULL AND s.seen_at > app.clock() - interval '20 minutes';
END;

-- Of whom nothing says any more whose they were, and what was said.
CREATE FUNCTION door.empty_consultations(which uuid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.institution_consultation SET state = 'CLOSED' WHERE id = ANY (which) AND state <> 'CLOSED';
    DELETE FROM app.key WHERE subject = ANY (which);
    DELETE FROM app.read_mark WHERE subject = ANY (which);
    UPDATE app.message SET body = '', author = CASE WHEN from_owner THEN NULL ELSE author END WHERE subject = ANY (which);
    DELETE FROM app.reader WHERE subject = ANY (which);
    UPDATE app.institution_consultation SET person = NULL, application = NULL WHERE id = ANY (which);
END $$;

-- What was closed a year ago, unless a legal hold keeps it; whether it was so. Twice changes nothing.
CREATE FUNCTION door.forget_consultation(asked uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('legal hold', 0));
    PERFORM FROM app.institution_consultation c
    WHERE c.id = asked AND c.state = 'CLOSED' AND c.state_at + interval '365 days' <= app.clock()
      AND NOT EXISTS (SELECT FROM app.legal_hold h WHERE h.lifted_at IS NULL AND h.subject IN (c.id, c.person));
    IF NOT FOUND THEN RETURN false; END IF;
    PERFORM door.empty_consultations(ARRAY[asked]);
    RETURN true;
END $$;

-- Of somebody who closes her account; what a hold keeps is tried again.
CREATE FUNCTION door.give_up_consultations(whose uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('legal hold', 0));
    IF NOT EXISTS (SELECT FROM app.closing c WHERE c.person = whose) THEN RETURN; END IF;
    PERFORM door.empty_consultations(ARRAY(
        SELECT c.id FROM app.institution_consultation c WHERE c.person = whose
          AND NOT EXISTS (SELECT FROM app.legal_hold h WHERE h.lifted_at IS NULL AND h.subject IN (c.id, c.person))));
END $$;

-- Two identities become one person: so do their consultations; of two that are open at one place the older is closed.
CREATE FUNCTION door.consultations_move() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.institution_consultation c SET state = 'CLOSED'
    WHERE c.person = OLD.person AND c.state <> 'CLOSED' AND EXISTS (
        SELECT FROM app.institution_consultation o
        WHERE o.person = NEW.person AND o.institution = c.institution AND o.state <> 'CLOSED');
    UPDATE app.institution_consultation SET person = NEW.person WHERE person = OLD.person;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION door.list_threads(asked uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    whose uuid := door.begin_list(asked, 'threads');
BEGIN
    IF whose IS NULL THEN RETURN; END IF;
    INSERT INTO app.export_part (export, kind, person, ids)
    SELECT asked, k.kind, whose, array_agg(k.id ORDER BY k.id) FROM (
        SELECT 'message' AS kind, m.id FROM app.reader r JOIN app.message m ON m.subject = r.subject
        WHERE r.person = whose AND (r.basis = 'asker' OR m.author = whose AND NOT m.from_owner)
        UNION ALL SELECT 'institutionConsultation', c.id FROM app.institution_consultation c WHERE c.person = whose
        UNION ALL SELECT 'readMark', k.subject FROM app.read_mark k WHERE k.person = whose) AS k
    GROUP BY k.kind;
    PERFORM door.end_list(asked);
END $$;

GRANT EXECUTE ON FUNCTION door.consultation_held(), door.consultation_moved(), door.post_leaves_consultations(),
    door.consultations_move() TO app_owner; -- to make the triggers
GRANT EXECUTE ON FUNCTION door.staffed(uuid[]) TO app_api;
GRANT EXECUTE ON FUNCTION door.forget_consultation(uuid), door.give_up_consultations(uuid) TO app_worker;
RESET ROLE;

CREATE TRIGGER consultation_goes BEFORE UPDATE OF state, holder ON app.institution_consultation
    FOR EACH ROW WHEN (current_user = 'app_api') EXECUTE FUNCTION app.consultation_goes();
CREATE TRIGGER consultation_held BEFORE UPDATE OF state, holder ON app.institution_consultation
    FOR EACH ROW EXECUTE FUNCTION door.consultation_held();
CREATE TRIGGER consultation_moved AFTER INSERT OR UPDATE OF state, holder ON app.institution_consultation
    FOR EACH ROW EXECUTE FUNCTION door.consultation_moved();
CREATE TRIGGER post_leaves_consultations AFTER UPDATE ON app.post
    FOR EACH ROW WHEN (OLD.institution <> NEW.institution OR NEW.until < OLD.until) EXECUTE FUNCTION door.post_leaves_consultations();
CREATE TRIGGER consultations_move AFTER UPDATE OF person ON app.identity
    FOR EACH ROW WHEN (OLD.person <> NEW.person) EXECUTE FUNCTION door.consultations_move();
"""


def upgrade() -> None:
    run(op, TABLE + DOOR)
    wall(op, "institution_consultation")
