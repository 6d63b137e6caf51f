"""What came of it: who asked is asked after 14 and 45 days, by closed questions, unless she said no."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0128"
down_revision = "0127"

TABLES = """
CREATE TABLE app.follow_through (                     -- one asking; the answers are the asker's alone
    question    uuid NOT NULL REFERENCES app.question (id),
    round       smallint NOT NULL,
    turn        smallint NOT NULL CHECK (turn IN (1, 2)), -- after 14 days, after 45
    asked_at    timestamptz NOT NULL,
    way         text CHECK (way IN ('REVIEW', 'ADMINISTRATIVE_SUIT', 'LABOUR_ARBITRATION', 'LAND_ARBITRATION', 'CIVIL_SUIT', 'MEDIATION',
                    'AUTHORITY', 'POLICE_REPORT', 'APPEAL', 'RETRIAL', 'PROCURATORATE', 'ENFORCEMENT', 'SUPERVISION', 'PETITION', 'LEGAL_AID')),
    outcome     text CHECK (outcome IN ('SOLVED', 'UNDER_WAY', 'REFUSED', 'GAVE_UP', 'NOT_BEGUN')),
    hindrance   text CHECK (hindrance IN ('DID_NOT_KNOW_HOW', 'COST', 'DISTANCE', 'NO_TIME', 'PAPERS_MISSING', 'AFRAID', 'TOO_LATE', 'NO_HOPE', 'OTHER')),
    answered_at timestamptz,
    changed_at  timestamptz,
    PRIMARY KEY (question, round, turn),
    CONSTRAINT answered CHECK (num_nonnulls(outcome, answered_at, changed_at) IN (0, 3)),
    CONSTRAINT makes_sense CHECK (CASE outcome
        WHEN 'NOT_BEGUN' THEN way IS NULL AND hindrance IS NOT NULL
        WHEN 'UNDER_WAY' THEN way IS NOT NULL AND hindrance IS NULL
        WHEN 'REFUSED' THEN way IS NOT NULL AND hindrance IS NULL
        ELSE hindrance IS NULL AND (outcome IS NOT NULL OR way IS NULL) END));
GRANT SELECT, UPDATE (way, outcome, hindrance, answered_at, changed_at) ON app.follow_through TO app_api;
CREATE POLICY read ON app.follow_through FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.until > app.clock() AND r.basis = 'asker' OFFSET 0));
CREATE POLICY answer ON app.follow_through FOR UPDATE TO app_api USING (asked_at > app.clock() - interval '30 days' AND EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.until > app.clock() AND r.basis = 'asker' OFFSET 0));
GRANT SELECT (question, round, turn, outcome), INSERT (question, round, turn, asked_at) ON app.follow_through TO app_worker;
CREATE POLICY worker ON app.follow_through TO app_worker USING (true);

CREATE TABLE app.follow_through_declined (            -- she does not want to be asked
    question uuid PRIMARY KEY REFERENCES app.question (id),
    at       timestamptz NOT NULL);
GRANT SELECT, INSERT ON app.follow_through_declined TO app_api;
CREATE POLICY read ON app.follow_through_declined FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.until > app.clock() AND r.basis = 'asker' OFFSET 0));
CREATE POLICY decline ON app.follow_through_declined FOR INSERT TO app_api WITH CHECK (at = app.clock() AND EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.until > app.clock() AND r.basis = 'asker' OFFSET 0));
GRANT SELECT (question), INSERT ON app.follow_through_declined TO app_worker;
CREATE POLICY worker ON app.follow_through_declined TO app_worker USING (true);
"""

DOOR = """
GRANT SELECT (question), DELETE ON app.follow_through, app.follow_through_declined TO app_door;
CREATE POLICY door ON app.follow_through TO app_door USING (true);
CREATE POLICY door ON app.follow_through_declined TO app_door USING (true);

SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
-- What came of an erased question goes with it. Whoever writes it holds the question, so that nothing is written afterwards.
CREATE FUNCTION door.follow_through_erased() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    DELETE FROM app.follow_through WHERE question = NEW.id;
    DELETE FROM app.follow_through_declined WHERE question = NEW.id;
    RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION door.follow_through_erased() TO app_owner; -- to make the trigger
RESET ROLE;
CREATE TRIGGER follow_through_erased AFTER UPDATE OF status ON app.question FOR EACH ROW
    WHEN (OLD.status <> 'ERASED' AND NEW.status = 'ERASED') EXECUTE FUNCTION door.follow_through_erased();
"""


def upgrade() -> None:
    run(op, TABLES)
    wall(op, "follow_through", "follow_through_declined")
    run(op, DOOR)
