"""An elder's child or village cadre asks for her; supervisors are staff; more grounds to read a subject on."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0006"
down_revision = "0005"

READERS = """
ALTER TABLE app.reader DROP CONSTRAINT reader_basis_check,
    ADD CONSTRAINT reader_basis_check CHECK (basis IN ('asker', 'delegate', 'offered', 'seat', 'answered', 'staff'));

-- Whose role it is to look: the worker tells all supervisors of an overdue task, the task's policies ask for one's own.
GRANT SELECT ON app.role_held TO app_worker;
CREATE POLICY worker ON app.role_held FOR SELECT TO app_worker USING (true);

-- A code that says yes to a delegation signs nobody in, and the other way round.
ALTER TABLE app.sms_code ADD COLUMN purpose text NOT NULL DEFAULT 'SIGN_IN' CHECK (purpose IN ('SIGN_IN', 'DELEGATION'));

CREATE TABLE app.delegation (                         -- the elder's consent that another asks for her; revocable
    id         uuid PRIMARY KEY,
    elder      uuid NOT NULL REFERENCES app.person,
    delegate   uuid NOT NULL REFERENCES app.person,
    relation   text NOT NULL CHECK (relation IN ('CHILD', 'RELATIVE', 'CADRE', 'OTHER')),
    consent    text NOT NULL CHECK (consent IN ('SMS_CODE', 'IN_APP')),
    names      bytea NOT NULL,                        -- sealed: by what each of the two knows the other
    granted_at timestamptz NOT NULL,
    ended_at   timestamptz,
    ended_by   text CHECK (ended_by IN ('ELDER', 'DELEGATE')),
    CHECK (elder <> delegate));
CREATE UNIQUE INDEX delegation_live ON app.delegation (elder, delegate) WHERE ended_at IS NULL;
CREATE INDEX delegation_delegate ON app.delegation (delegate, granted_at DESC, id DESC);
CREATE INDEX delegation_elder    ON app.delegation (elder, granted_at DESC, id DESC);
GRANT SELECT, INSERT, UPDATE (ended_at, ended_by) ON app.delegation TO app_api;
-- Bare comparisons: question's policy asks this table, and this one asks none.
CREATE POLICY own ON app.delegation FOR SELECT TO app_api USING (CASE WHEN delegate = app.person() THEN true ELSE elder = app.person() END);
CREATE POLICY own_end ON app.delegation FOR UPDATE TO app_api USING (CASE WHEN delegate = app.person() THEN true ELSE elder = app.person() END);
-- Granted by the elder in her own name: whoever proves to hold her telephone speaks in it for this one statement.
CREATE POLICY grant_own ON app.delegation FOR INSERT TO app_api WITH CHECK (elder = app.person() AND ended_at IS NULL);
"""


def upgrade() -> None:
    run(op, READERS)
    wall(op, "delegation")
