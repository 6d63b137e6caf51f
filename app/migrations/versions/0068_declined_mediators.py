"""A side that does not accept the mediator says so, and another is chosen; where one goes whose case is not mediated, its step says."""

from alembic import op

from app.migrations.sql import run

revision = "0068"
down_revision = "0067"

READS = "EXISTS (SELECT FROM app.reader r WHERE r.subject = mediation AND r.person = app.person() AND r.until > app.clock() OFFSET 0)"
HANDLES = READS.replace(" OFFSET 0", " AND r.basis IN ('staff', 'supervisor') OFFSET 0")
SPEAKS = READS.replace(" OFFSET 0", " AND r.basis IN ('asker', 'delegate') OFFSET 0")
SAYS = f"CASE how WHEN 'IN_PERSON' THEN about NOT IN ('CARRY_OVER', 'MEDIATOR') AND {HANDLES} ELSE {SPEAKS} END"

TABLES = f"""
ALTER TABLE app.application_move NO FORCE ROW LEVEL SECURITY;      -- for the owner, for a moment
INSERT INTO app.application_move (kind, move, before, after, by_whom) VALUES
    ('MEDIATION', 'DECLINE_MEDIATOR', 'REGISTERED', 'REGISTERED', 'HOUSE'),
    ('MEDIATION', 'DECLINE_MEDIATOR', 'RESPONDENT_INVITED', 'RESPONDENT_INVITED', 'HOUSE'),
    ('MEDIATION', 'DECLINE_MEDIATOR', 'CONSENTED', 'CONSENTED', 'HOUSE'),
    ('MEDIATION', 'DECLINE_MEDIATOR', 'MEDIATING', 'MEDIATING', 'HOUSE');
ALTER TABLE app.application_move FORCE ROW LEVEL SECURITY;

-- Steps that were made before it was asked where one goes instead say nothing of it.
ALTER TABLE app.application_step DROP CONSTRAINT application_step_check4, DROP CONSTRAINT application_step_check3,
    ADD CONSTRAINT application_step_code CHECK (CASE move
        WHEN 'DECLINE' THEN code IN ('CONFLICT', 'NOT_MY_FIELD', 'BUSY', 'OTHER') AND code IS NOT NULL
        WHEN 'PAUSE' THEN code IN ('FORCE_MAJEURE', 'SUPPLEMENT', 'VERIFICATION') AND code IS NOT NULL
        WHEN 'REFUSE' THEN CASE kind WHEN 'NOTARISATION' THEN code IS NOT NULL AND code IN ('NO_GUARDIAN', 'NO_INTEREST', 'EXPERT_MATTER', 'DISPUTED',
            'FALSE_EVIDENCE', 'INSUFFICIENT_EVIDENCE', 'UNTRUE_OR_UNLAWFUL', 'AGAINST_MORALS', 'FEE_UNPAID') ELSE code IS NULL END
        WHEN 'NOT_ELIGIBLE' THEN code IS NULL OR code IN ('LABOUR_ARBITRATION', 'RURAL_LAND_ARBITRATION', 'ADMINISTRATIVE', 'COURT', 'LEGAL_AID', 'POLICE',
            'ANOTHER_COMMITTEE', 'PETITION')
        ELSE code IS NULL END),
    ADD CONSTRAINT application_step_amount CHECK ((move = 'SUBSIDISE') = (amount IS NOT NULL));

-- What a side says to a mediator, it says of her in this case.
ALTER TABLE app.mediation_assent DROP CONSTRAINT mediation_assent_pkey, ADD PRIMARY KEY (mediation, thing, about, side),
    DROP CONSTRAINT mediation_assent_about_check,
    ADD CONSTRAINT mediation_assent_about_check CHECK (about IN ('AGREEMENT', 'EXTENSION', 'COURT', 'CARRY_OVER', 'MEDIATOR'));
DROP INDEX app.mediation_assent_of;
ALTER POLICY say   ON app.mediation_assent WITH CHECK (actor = app.person() AND at = app.clock() AND {SAYS});
ALTER POLICY again ON app.mediation_assent USING (NOT yes AND about NOT IN ('AGREEMENT', 'MEDIATOR'))
    WITH CHECK (yes AND actor = app.person() AND at = app.clock() AND {SAYS});
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE OR REPLACE FUNCTION door.assent_counts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM FROM app.mediation m WHERE m.id = NEW.mediation FOR NO KEY UPDATE;
    IF NEW.how = 'ONLINE' AND NOT door.speaks_for(NEW.mediation, NEW.side, NEW.actor) OR NOT (CASE NEW.about
        WHEN 'AGREEMENT' THEN EXISTS (SELECT FROM app.mediation_agreement g JOIN app.mediation m ON m.id = g.mediation WHERE g.id = NEW.thing
            AND g.mediation = NEW.mediation AND g.ended_at IS NULL AND g.effective_at IS NULL AND m.state = 'MEDIATING')
        WHEN 'COURT' THEN EXISTS (SELECT FROM app.mediation_agreement g WHERE g.id = NEW.thing AND g.mediation = NEW.mediation AND g.effective_at IS NOT NULL)
        WHEN 'MEDIATOR' THEN NOT NEW.yes AND EXISTS (SELECT FROM app.mediation m WHERE m.id = NEW.mediation AND m.mediator = NEW.thing)
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

-- What keeps somebody from handling a mediation: she is on a side of it, or one of them does not accept her. NULL, if nothing.
CREATE FUNCTION door.unwanted(asked uuid, wanted uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT CASE WHEN door.takes_part(asked, wanted) THEN 'PARTY'
        WHEN EXISTS (SELECT FROM app.mediation_assent s JOIN app.mediation m ON m.id = s.mediation
                     WHERE m.application = asked AND s.thing = wanted AND s.about = 'MEDIATOR' AND NOT s.yes) THEN 'DECLINED' END;
END;
-- The same, for who handles it.
CREATE FUNCTION door.mediator_hindrance(asked uuid, wanted uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT door.unwanted(asked, wanted) WHERE EXISTS (
        SELECT FROM app.reader r WHERE r.subject = asked AND r.person = app.person() AND r.until > app.clock() AND r.basis IN ('staff', 'supervisor'));
END;

CREATE OR REPLACE FUNCTION door.mediation_may() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    m uuid := (SELECT x.id FROM app.mediation x WHERE x.application = NEW.application);
BEGIN
    IF (CASE NEW.move
        WHEN 'OFFER_MEDIATION' THEN EXISTS (SELECT FROM app.application a WHERE a.id = NEW.application AND a.applicant IS NULL)
        WHEN 'TAKE' THEN EXISTS (SELECT FROM app.application a WHERE a.id = NEW.application AND a.officer IS NULL)
        WHEN 'HAND_OVER' THEN door.unwanted(NEW.application, NEW.officer) IS NULL
        WHEN 'DECLINE_MEDIATOR' THEN 'DECLINED' = (SELECT door.unwanted(a.id, a.officer) FROM app.application a WHERE a.id = NEW.application)
        WHEN 'REGISTER' THEN m IS NOT NULL
        WHEN 'INVITE' THEN EXISTS (SELECT FROM app.mediation_invitation i WHERE i.mediation = m AND i.ended_at IS NULL)
        WHEN 'CONSENT' THEN door.respondents_say(NEW.application) IS NOT DISTINCT FROM 'CONSENT'
        WHEN 'REFUSE' THEN door.respondents_say(NEW.application) IS NOT DISTINCT FROM 'REFUSE'
        WHEN 'EXTEND' THEN 2 = (SELECT count(*) FROM app.mediation_assent s WHERE s.mediation = m AND s.thing = m AND s.about = 'EXTENSION' AND s.yes)
            AND NOT (SELECT x.extended FROM app.mediation x WHERE x.id = m)
        WHEN 'AGREE_WRITTEN' THEN EXISTS (SELECT FROM app.mediation_agreement g WHERE g.mediation = m AND g.form = 'WRITTEN' AND g.effective_at IS NOT NULL)
        WHEN 'AGREE_ORALLY' THEN EXISTS (SELECT FROM app.mediation_agreement g WHERE g.mediation = m AND g.form = 'ORAL' AND g.effective_at IS NOT NULL)
        WHEN 'COMPLETE' THEN NOT EXISTS (SELECT FROM app.mediation_term t JOIN app.mediation_agreement g ON g.id = t.agreement
            WHERE t.mediation = m AND g.effective_at IS NOT NULL AND t.kept_at IS NULL)
        ELSE true END) IS NOT TRUE THEN
        RAISE 'this step is not hers to make' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION door.mediation_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NEW.move IN ('RECUSE', 'DECLINE_MEDIATOR') THEN
        UPDATE app.application SET officer = NULL WHERE id = NEW.application;
        UPDATE app.reader SET until = app.clock() WHERE subject = NEW.application AND basis = 'staff' AND until > app.clock();
    END IF;
    UPDATE app.mediation m SET state = a.state, mediator = a.officer, institution = a.institution, due_at = a.due_at,
        extended = m.extended OR NEW.move = 'EXTEND'
    FROM app.application a WHERE a.id = NEW.application AND m.application = a.id;
    RETURN NULL;
END $$;

GRANT EXECUTE ON FUNCTION door.mediator_hindrance(uuid, uuid) TO app_api;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, TABLES + DOOR)
