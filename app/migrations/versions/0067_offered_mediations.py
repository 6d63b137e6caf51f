"""A mediation for which nobody applied: a mediator offers it, of her own accord or because it was referred to her (人民调解法第十七条),
and both sides are invited by a link."""

from alembic import op

from app.migrations.sql import run

revision = "0067"
down_revision = "0066"

TABLES = """
ALTER TABLE app.application_move NO FORCE ROW LEVEL SECURITY;      -- for the owner, for a moment
INSERT INTO app.application_move (kind, move, before, after, by_whom) VALUES ('MEDIATION', 'OFFER_MEDIATION', 'NEW', 'SUBMITTED', 'STAFF');
ALTER TABLE app.application_move FORCE ROW LEVEL SECURITY;

ALTER TABLE app.application ALTER COLUMN applicant DROP NOT NULL, ADD CHECK (applicant IS NOT NULL OR kind = 'MEDIATION' AND delegation IS NULL);
CREATE POLICY offer ON app.application FOR INSERT TO app_api WITH CHECK (applicant IS NULL AND kind = 'MEDIATION' AND state = 'NEW' AND seq = 0
    AND submitted_at = app.clock() AND EXISTS (SELECT FROM app.post p WHERE p.person = app.person() AND p.institution = application.institution
                                               AND p.duty IN ('MEDIATOR', 'SUPERVISOR') AND p.until > app.clock() OFFSET 0));
ALTER TABLE app.mediation ADD COLUMN applied boolean NOT NULL DEFAULT true;  -- whether one of the two applied
GRANT SELECT (applied) ON app.mediation TO app_worker;
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- Who reads it: who applies; and where nobody does, who offers it.
CREATE OR REPLACE FUNCTION door.application_made_for() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT door.takes(NEW.institution, NEW.kind) THEN RAISE 'this institution takes no such application' USING ERRCODE = '42501'; END IF;
    INSERT INTO app.reader (subject, person, basis, since)
    VALUES (NEW.id, coalesce(NEW.applicant, app.person()), CASE WHEN NEW.applicant IS NULL THEN 'staff' ELSE 'asker' END, NEW.submitted_at);
    INSERT INTO app.reader (subject, person, basis, since)
    SELECT NEW.id, d.delegate, 'delegate', NEW.submitted_at FROM app.delegation d WHERE d.id = NEW.delegation
    ON CONFLICT (subject, person) DO NOTHING;
    PERFORM door.supervisors_read(NEW.id, NEW.institution);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION door.mediation_copies() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    SELECT a.institution, a.officer, a.matter, a.state, a.due_at, a.applicant IS NOT NULL
    INTO NEW.institution, NEW.mediator, NEW.matter, NEW.state, NEW.due_at, NEW.applied
    FROM app.application a WHERE a.id = NEW.application AND a.kind = 'MEDIATION' AND a.state = 'SUBMITTED' FOR NO KEY UPDATE;
    IF NOT FOUND THEN RAISE 'no mediation is registered there' USING ERRCODE = '42501'; END IF;
    RETURN NEW;
END $$;

-- Who applied is not invited.
CREATE FUNCTION door.invitation_fits() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NEW.side = 'APPLICANT' AND (SELECT m.applied FROM app.mediation m WHERE m.id = NEW.mediation) THEN
        RAISE 'who applied is not invited' USING ERRCODE = '42501';
    END IF;
    RETURN NULL;
END $$;

-- What those who were invited said: NULL while somebody has not answered, or nobody of a side was asked.
CREATE OR REPLACE FUNCTION door.respondents_say(asked uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT CASE WHEN bool_or(i.answer = 'REFUSES') THEN 'REFUSE'
                WHEN bool_and(coalesce(i.answer = 'CONSENTS', false)) AND count(DISTINCT i.side) = CASE WHEN bool_and(m.applied) THEN 1 ELSE 2 END THEN 'CONSENT' END
    FROM app.mediation_invitation i JOIN app.mediation m ON m.id = i.mediation
    WHERE m.application = asked AND i.ended_at IS NULL;
END;

-- Whether somebody is on a side of it.
CREATE FUNCTION door.takes_part(asked uuid, who uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM app.mediation m JOIN app.reader r ON r.subject IN (m.applicant_side, m.respondent_side)
        WHERE m.application = asked AND r.person = who AND r.basis IN ('asker', 'delegate'));
END;

-- Whether somebody handles it, applied for it, or is on the other side than this: nobody joins another's case so.
CREATE FUNCTION door.stands_elsewhere(asked uuid, wanted text, who uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM app.mediation m JOIN app.reader r
        ON r.subject IN (m.application, CASE wanted WHEN 'APPLICANT' THEN m.respondent_side ELSE m.applicant_side END)
        WHERE m.id = asked AND r.person = who);
END;
CREATE FUNCTION door.may_not_join(asked uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT door.stands_elsewhere(i.mediation, i.side, app.person()) FROM app.mediation_invitation i WHERE i.id = asked;
END;
DROP FUNCTION door.knows_application(uuid);

CREATE OR REPLACE FUNCTION door.invitation_joined() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF door.stands_elsewhere(NEW.mediation, NEW.side, NEW.person) THEN RAISE 'nobody is on both sides' USING ERRCODE = '42501'; END IF;
    INSERT INTO app.reader (subject, person, basis, since)
    SELECT s.subject, NEW.person, 'asker', NEW.joined_at FROM app.mediation m,
        unnest(ARRAY[m.id, CASE NEW.side WHEN 'APPLICANT' THEN m.applicant_side ELSE m.respondent_side END]) AS s (subject)
    WHERE m.id = NEW.mediation
    ON CONFLICT (subject, person) DO NOTHING;
    RETURN NULL;
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
    IF NOT door.step_is_hers(NEW.by_whom, NEW.application, NEW.actor)
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

GRANT EXECUTE ON FUNCTION door.invitation_fits() TO app_owner; -- to make the trigger
GRANT EXECUTE ON FUNCTION door.may_not_join(uuid) TO app_api;
RESET ROLE;
CREATE TRIGGER invitation_fits AFTER INSERT ON app.mediation_invitation FOR EACH ROW EXECUTE FUNCTION door.invitation_fits();
"""


def upgrade() -> None:
    run(op, TABLES + DOOR)
