"""What a resident agreed to, how old she says she is, and who agrees for a child."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0026"
down_revision = "0025"

CONSENTS = """
CREATE TABLE app.consent (                            -- append only (PIPL 14-17); the last turn counts
    person  uuid NOT NULL REFERENCES app.person,
    purpose text NOT NULL CHECK (purpose IN ('SERVICE', 'SENSITIVE', 'QUALITY_CHECK', 'EDUCATION')),
    turn    integer NOT NULL CHECK (turn > 0),
    version integer NOT NULL,
    given   boolean NOT NULL,
    channel text NOT NULL CHECK (length(channel) <= 32),
    at      timestamptz NOT NULL,
    PRIMARY KEY (person, purpose, turn));
GRANT SELECT, INSERT ON app.consent TO app_api;
CREATE POLICY own ON app.consent TO app_api USING (person = app.person()) WITH CHECK (person = app.person() AND at = app.clock());

CREATE TABLE app.age_said (                           -- a band and no birthday; append only, the last turn counts
    person uuid NOT NULL REFERENCES app.person,
    turn   integer NOT NULL CHECK (turn > 0),
    band   text NOT NULL CHECK (band IN ('UNDER_14', 'FROM_14_TO_17', 'ADULT')),
    at     timestamptz NOT NULL,
    PRIMARY KEY (person, turn));
GRANT SELECT, INSERT ON app.age_said TO app_api;
CREATE POLICY own ON app.age_said TO app_api USING (person = app.person()) WITH CHECK (person = app.person() AND at = app.clock());

CREATE TABLE app.guardianship (                       -- a guardian's consent that a child asks (PIPL 31); revocable
    id         uuid PRIMARY KEY,
    minor      uuid NOT NULL REFERENCES app.person,
    guardian   uuid NOT NULL REFERENCES app.person,
    version    integer NOT NULL,
    names      bytea NOT NULL,                        -- sealed: by what each of the two knows the other
    granted_at timestamptz NOT NULL,
    ended_at   timestamptz,
    ended_by   text CHECK (ended_by IN ('GUARDIAN', 'MINOR')),
    CHECK (minor <> guardian));
CREATE UNIQUE INDEX guardianship_live ON app.guardianship (minor, guardian) WHERE ended_at IS NULL;
CREATE INDEX guardianship_guardian ON app.guardianship (guardian, granted_at DESC);
GRANT SELECT, INSERT, UPDATE (ended_at, ended_by) ON app.guardianship TO app_api;
CREATE POLICY own ON app.guardianship FOR SELECT TO app_api USING (CASE WHEN minor = app.person() THEN true ELSE guardian = app.person() END);
CREATE POLICY own_end ON app.guardianship FOR UPDATE TO app_api USING (CASE WHEN minor = app.person() THEN true ELSE guardian = app.person() END);
-- Given by the guardian in her own name: whoever proves to hold her telephone speaks in it for this one statement.
CREATE POLICY grant_own ON app.guardianship FOR INSERT TO app_api WITH CHECK (guardian = app.person() AND ended_at IS NULL);

ALTER TABLE app.sms_code DROP CONSTRAINT sms_code_purpose_check,
    ADD CONSTRAINT sms_code_purpose_check CHECK (purpose IN ('SIGN_IN', 'DELEGATION', 'GUARDIAN'));
"""

# What rests on a consent stops with it: the worker finds a person's open questions by the reader that she is.
STOPS = """
GRANT SELECT (minor, ended_at) ON app.guardianship TO app_worker;
CREATE POLICY worker ON app.guardianship FOR SELECT TO app_worker USING (true);
GRANT SELECT (person, turn, band) ON app.age_said TO app_worker;
CREATE POLICY worker ON app.age_said FOR SELECT TO app_worker USING (true);
"""


def upgrade() -> None:
    run(op, CONSENTS + STOPS)
    wall(op, "consent", "age_said", "guardianship")
