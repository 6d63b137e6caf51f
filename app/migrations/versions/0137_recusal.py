"""Who is near to one of the sides, or to the matter, steps back: she neither handles it nor reads or sees it ever again."""

from alembic import op

from app.migrations.sql import run

revision = "0137"
down_revision = "0136"

# A reading that has ended for good: whoever has it is given no other, and does not see that there is something either.
RECUSED = (
    "EXISTS (SELECT FROM app.reader r WHERE r.subject = {subject} AND r.person = {who} AND r.basis = 'recused'{probe})"
)
SHE = RECUSED.format(subject="id", who="app.person()", probe=" OFFSET 0")

TABLES = f"""
ALTER TABLE app.reader DROP CONSTRAINT reader_basis_check,
    ADD CONSTRAINT reader_basis_check CHECK (
        basis IN ('asker', 'delegate', 'offered', 'seat', 'answered', 'staff', 'desk', 'supervisor', 'assigned', 'recused')),
    ADD CONSTRAINT reader_recused CHECK (basis <> 'recused' OR until < 'infinity');
ALTER TABLE app.application_move NO FORCE ROW LEVEL SECURITY;      -- for the owner, for a moment
INSERT INTO app.application_move (kind, move, before, after, by_whom) VALUES
    ('LEGAL_AID', 'TAKE', 'UNDER_REVIEW', 'UNDER_REVIEW', 'STAFF'),
    ('LEGAL_AID', 'TAKE', 'NEEDS_SUPPLEMENT', 'NEEDS_SUPPLEMENT', 'STAFF'),
    ('LEGAL_AID', 'TAKE', 'GRANTED', 'GRANTED', 'STAFF'),
    ('LEGAL_AID', 'TAKE', 'ASSIGNED', 'ASSIGNED', 'STAFF'),
    ('LEGAL_AID', 'TAKE', 'IN_PROGRESS', 'IN_PROGRESS', 'STAFF'),
    ('LEGAL_AID', 'TAKE', 'OBJECTION', 'OBJECTION', 'STAFF'),
    ('NOTARISATION', 'TAKE', 'PRE_REVIEW', 'PRE_REVIEW', 'STAFF'),
    ('NOTARISATION', 'TAKE', 'NEEDS_SUPPLEMENT', 'NEEDS_SUPPLEMENT', 'STAFF'),
    ('NOTARISATION', 'TAKE', 'APPOINTMENT', 'APPOINTMENT', 'STAFF'),
    ('NOTARISATION', 'TAKE', 'ACCEPTED', 'ACCEPTED', 'STAFF'),
    ('NOTARISATION', 'TAKE', 'PAUSED', 'PAUSED', 'STAFF'),
    ('NOTARISATION', 'TAKE', 'DRAFTED', 'DRAFTED', 'STAFF'),
    ('LEGAL_AID', 'STEP_BACK', 'SUBMITTED', 'SUBMITTED', 'OFFICER'),
    ('LEGAL_AID', 'STEP_BACK', 'TRANSFERRED', 'TRANSFERRED', 'OFFICER'),
    ('LEGAL_AID', 'STEP_BACK', 'UNDER_REVIEW', 'UNDER_REVIEW', 'OFFICER'),
    ('LEGAL_AID', 'STEP_BACK', 'NEEDS_SUPPLEMENT', 'NEEDS_SUPPLEMENT', 'OFFICER'),
    ('LEGAL_AID', 'STEP_BACK', 'GRANTED', 'GRANTED', 'OFFICER'),
    ('LEGAL_AID', 'STEP_BACK', 'ASSIGNED', 'ASSIGNED', 'OFFICER'),
    ('LEGAL_AID', 'STEP_BACK', 'IN_PROGRESS', 'IN_PROGRESS', 'OFFICER'),
    ('LEGAL_AID', 'STEP_BACK', 'CLOSED_REPORTED', 'CLOSED_REPORTED', 'OFFICER'),
    ('LEGAL_AID', 'STEP_BACK', 'OBJECTION', 'OBJECTION', 'OFFICER'),
    ('NOTARISATION', 'STEP_BACK', 'SUBMITTED', 'SUBMITTED', 'OFFICER'),
    ('NOTARISATION', 'STEP_BACK', 'PRE_REVIEW', 'PRE_REVIEW', 'OFFICER'),
    ('NOTARISATION', 'STEP_BACK', 'NEEDS_SUPPLEMENT', 'NEEDS_SUPPLEMENT', 'OFFICER'),
    ('NOTARISATION', 'STEP_BACK', 'APPOINTMENT', 'APPOINTMENT', 'OFFICER'),
    ('NOTARISATION', 'STEP_BACK', 'ACCEPTED', 'ACCEPTED', 'OFFICER'),
    ('NOTARISATION', 'STEP_BACK', 'PAUSED', 'PAUSED', 'OFFICER'),
    ('NOTARISATION', 'STEP_BACK', 'DRAFTED', 'DRAFTED', 'OFFICER'),
    ('NOTARISATION', 'STEP_BACK', 'ISSUED', 'ISSUED', 'OFFICER'),
    ('NOTARISATION', 'STEP_BACK', 'REVIEW_REQUESTED', 'REVIEW_REQUESTED', 'OFFICER');
ALTER TABLE app.application_move FORCE ROW LEVEL SECURITY;
ALTER TABLE app.application_step DROP CONSTRAINT application_step_code,
    ADD CONSTRAINT application_step_code CHECK (CASE move
        WHEN 'DECLINE' THEN code IN ('CONFLICT', 'NOT_MY_FIELD', 'BUSY', 'OTHER') AND code IS NOT NULL
        WHEN 'STEP_BACK' THEN code IN ('RELATIVE', 'INTEREST', 'OTHER') AND code IS NOT NULL
        WHEN 'PAUSE' THEN code IN ('FORCE_MAJEURE', 'SUPPLEMENT', 'VERIFICATION') AND code IS NOT NULL
        WHEN 'REFUSE' THEN CASE kind WHEN 'NOTARISATION' THEN code IS NOT NULL AND code IN ('NO_GUARDIAN', 'NO_INTEREST', 'EXPERT_MATTER', 'DISPUTED',
            'FALSE_EVIDENCE', 'INSUFFICIENT_EVIDENCE', 'UNTRUE_OR_UNLAWFUL', 'AGAINST_MORALS', 'FEE_UNPAID') ELSE code IS NULL END
        WHEN 'NOT_ELIGIBLE' THEN code IS NULL OR code IN ('LABOUR_ARBITRATION', 'RURAL_LAND_ARBITRATION', 'ADMINISTRATIVE', 'COURT', 'LEGAL_AID', 'POLICE',
            'ANOTHER_COMMITTEE', 'PETITION')
        ELSE code IS NULL END);
ALTER POLICY read ON app.application USING (CASE WHEN lawyer = app.person() THEN true WHEN EXISTS (
    SELECT FROM app.reader r WHERE r.subject = id AND r.person = app.person() AND r.until > app.clock() OFFSET 0) THEN true
    WHEN {SHE} THEN false ELSE EXISTS (
    SELECT FROM app.post p WHERE p.person = app.person() AND p.institution = application.institution AND p.duty <> 'WINDOW_STAFF'
                             AND p.until > app.clock() OFFSET 0) END);
"""

DOOR = f"""
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- Nobody is given it who has stepped back from it, and nobody takes what another handles.
CREATE FUNCTION door.recused_stay_away() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF {RECUSED.format(subject="NEW.application", who="NEW.actor", probe="")}
       OR {RECUSED.format(subject="NEW.application", who="NEW.officer", probe="")}
       OR NEW.move = 'TAKE' AND EXISTS (SELECT FROM app.application a WHERE a.id = NEW.application AND a.officer IS NOT NULL) THEN
        RAISE 'this step is not hers to make' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION door.steps_back() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.application SET officer = NULL WHERE id = NEW.application AND officer = NEW.actor;
    INSERT INTO app.reader (subject, person, basis, since, until) VALUES (NEW.application, NEW.actor, 'recused', NEW.at, NEW.at)
    ON CONFLICT (subject, person) DO UPDATE SET basis = 'recused', until = NEW.at;
    RETURN NULL;
END $$;

-- Whether somebody has stepped back from it: who handles it may ask, before she gives it to her.
CREATE FUNCTION door.stepped_back(asked uuid, wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT {RECUSED.format(subject="asked", who="wanted", probe="")} AND EXISTS (
        SELECT FROM app.reader r WHERE r.subject = asked AND r.person = app.person() AND r.until > app.clock() AND r.basis IN ('staff', 'supervisor'));
END;

-- Of these, which somebody of the institution can handle; told to who reads them.
CREATE FUNCTION door.attended(asked uuid[]) RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT a.id FROM app.application a WHERE a.id = ANY (asked)
        AND EXISTS (SELECT FROM app.reader r WHERE r.subject = a.id AND r.person = app.person() AND r.until > app.clock())
        AND EXISTS (SELECT FROM app.post p WHERE p.institution = a.institution AND p.duty <> 'WINDOW_STAFF' AND p.until > app.clock()
                    AND NOT door.applies(a.id, p.person) AND NOT {RECUSED.format(subject="a.id", who="p.person", probe="")});
END;

GRANT EXECUTE ON FUNCTION door.recused_stay_away(), door.steps_back() TO app_owner; -- to make the triggers
GRANT EXECUTE ON FUNCTION door.stepped_back(uuid, uuid), door.attended(uuid[]) TO app_api;
RESET ROLE;
CREATE TRIGGER application_may_recused BEFORE INSERT ON app.application_step FOR EACH ROW EXECUTE FUNCTION door.recused_stay_away();
CREATE TRIGGER application_moves_recusal AFTER INSERT ON app.application_step
    FOR EACH ROW WHEN (NEW.move = 'STEP_BACK') EXECUTE FUNCTION door.steps_back();
"""


def upgrade() -> None:
    run(op, TABLES + DOOR)
