"""How many codes the city sends an hour at most, whoever asks and from wherever: one row, and numbers alone."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0020"
down_revision = "0019"

BUDGET = """
CREATE TABLE app.sms_budget (                         -- the operator sets `most`; the rest is counted
    one   boolean PRIMARY KEY DEFAULT true CHECK (one),
    most  integer     NOT NULL CHECK (most >= 0),     -- codes an hour
    hour  timestamptz NOT NULL,                       -- which hour was counted last
    codes integer     NOT NULL);                      -- codes in it
INSERT INTO app.sms_budget (most, hour, codes) VALUES (1000, 'epoch', 0);
CREATE POLICY owner ON app.sms_budget TO app_owner USING (true);
GRANT SELECT, UPDATE (hour, codes) ON app.sms_budget TO app_door;
CREATE POLICY door ON app.sms_budget TO app_door USING (true);

SET LOCAL ROLE app_door;
-- The API counts, and can neither read nor set back. Who waits for the row counts after whoever was before her, and one
-- whose transaction began in the hour before counts in this one. Null when the hour's are spent.
CREATE FUNCTION door.spend_sms() RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    UPDATE app.sms_budget AS b
       SET hour = greatest(b.hour, date_trunc('hour', app.clock())),
           codes = CASE WHEN b.hour < date_trunc('hour', app.clock()) THEN 1 ELSE b.codes + 1 END
     WHERE b.most > 0 AND (b.codes < b.most OR b.hour < date_trunc('hour', app.clock()))
    RETURNING true;
END;
GRANT EXECUTE ON FUNCTION door.spend_sms() TO app_api;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, BUDGET)
    wall(op, "sms_budget")
