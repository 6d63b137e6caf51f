"""Who has closed her account is written to by nobody, and her closing is not done by its first run.

Her addresses go when her closing has its turn. Who looked a moment before how to reach her left a delivery behind;
and a closing that was late (a minute after she asked, with the outbox behind) was done at once, so that nothing came
by a second time for what was being written meanwhile."""

from alembic import op

from app.migrations.sql import run

revision = "0088"
down_revision = "0087"

DOOR = """
SET LOCAL ROLE app_door;
CREATE OR REPLACE FUNCTION door.reach(people uuid[]) RETURNS TABLE (person uuid, channels text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT i.person, array_agg(CASE i.kind WHEN 'wechat' THEN 'MINI_PROGRAM' WHEN 'official' THEN 'OFFICIAL_ACCOUNT' ELSE 'SMS' END)
    FROM app.identity i
    WHERE i.person = ANY (people) AND i.kind IN ('wechat', 'official', 'sms')
      AND (i.bad_at IS NULL OR i.bad_at < app.clock() - interval '30 days')
      AND NOT EXISTS (SELECT FROM app.closing c WHERE c.person = i.person)
    GROUP BY i.person;
END;
-- When she asked, while something of hers is still there; null once nothing is, and had not been a run before either.
CREATE OR REPLACE FUNCTION door.give_up_person(whose uuid) RETURNS timestamptz LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    since timestamptz := (SELECT asked_at FROM app.closing WHERE person = whose AND done_at IS NULL);
    first_run boolean;
BEGIN
    IF since IS NULL THEN RETURN NULL; END IF;
    UPDATE app.person SET standing = 'CLOSED' WHERE id = whose AND standing <> 'CLOSED';
    first_run := FOUND;
    DELETE FROM app.identity WHERE person = whose;
    DELETE FROM app.refresh_token WHERE person = whose;
    UPDATE app.sign_in SET ended_at = app.clock(), ended_why = 'CLOSED' WHERE person = whose AND ended_at IS NULL;
    UPDATE app.delegation SET ended_at = app.clock(), ended_by = CASE WHEN elder = whose THEN 'ELDER' ELSE 'DELEGATE' END
    WHERE whose IN (elder, delegate) AND ended_at IS NULL;
    UPDATE app.delegation SET names = '' WHERE whose IN (elder, delegate);
    DELETE FROM app.idempotency WHERE actor = whose;
    DELETE FROM app.access WHERE person = whose AND basis = 'delegate';
    DELETE FROM app.reader WHERE person = whose AND basis = 'delegate';
    IF NOT first_run AND since + interval '1 minute' <= app.clock()
       AND NOT EXISTS (SELECT FROM app.draft d WHERE d.person = whose)
       AND NOT EXISTS (SELECT FROM app.notice t WHERE t.person = whose)
       AND NOT EXISTS (SELECT FROM app.delivery l WHERE l.person = whose)
       AND NOT EXISTS (SELECT FROM app.reader r JOIN app.question q ON q.id = r.subject WHERE r.person = whose AND r.basis = 'asker') THEN
        UPDATE app.closing SET done_at = app.clock() WHERE person = whose;
        RETURN NULL;
    END IF;
    RETURN since;
END $$;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, DOOR)
