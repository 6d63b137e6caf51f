"""An article is pushed to who agrees when it is pushed: to the notice as it is then, and never to fewer than ten."""

from alembic import op

from app.migrations.sql import run

revision = "0112"
down_revision = "0111"

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
DROP FUNCTION door.push_articles(uuid, integer);
-- For the worker: the next so many, in the order of ids. Who had two in seven days is left out. Whom it tells of it now. `agreed`: the
-- notice's version as it is now, whichever it was when it was planned. Where fewer than ten are left by its time nobody is told.
CREATE FUNCTION door.push_articles(due uuid, most integer, agreed integer) RETURNS SETOF uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    c app.campaign;
    wave uuid[];
BEGIN
    PERFORM FROM app.campaign k WHERE k.id = due FOR NO KEY UPDATE;
    SELECT * INTO c FROM app.campaign k WHERE k.id = due;
    IF c.id IS NULL OR c.state NOT IN ('SCHEDULED', 'SENDING') OR c.send_at > app.clock() THEN RETURN; END IF;
    IF NOT EXISTS (SELECT FROM app.article a WHERE a.id = c.article AND a.withdrawn_at IS NULL) OR c.state = 'SCHEDULED'
            AND (SELECT count(*) FROM (SELECT FROM door.pushable(c.topics, c.divisions, c.roles, c.bands, agreed) LIMIT 10) few) < 10 THEN
        UPDATE app.campaign SET state = 'CANCELLED', ended_at = app.clock() WHERE id = due;
        RETURN;
    END IF;
    wave := ARRAY(SELECT p FROM door.pushable(c.topics, c.divisions, c.roles, c.bands, agreed) AS p
                  WHERE c.reached IS NULL OR p > c.reached ORDER BY p LIMIT most);
    RETURN QUERY
        INSERT INTO app.article_push (id, campaign, person, slot, at, until)
        SELECT gen_random_uuid(), due, p, 1, app.clock(), app.clock() + interval '168 hours' FROM unnest(wave) AS p
        ON CONFLICT DO NOTHING RETURNING person;
    RETURN QUERY
        INSERT INTO app.article_push (id, campaign, person, slot, at, until)
        SELECT gen_random_uuid(), due, p, 2, app.clock(), app.clock() + interval '168 hours' FROM unnest(wave) AS p
        ON CONFLICT DO NOTHING RETURNING person;
    UPDATE app.campaign SET state = CASE WHEN cardinality(wave) < most THEN 'SENT' ELSE 'SENDING' END,
        ended_at = CASE WHEN cardinality(wave) < most THEN app.clock() END,
        reached = coalesce(wave[cardinality(wave)], reached),
        sent = (SELECT count(*) FROM app.article_push p WHERE p.campaign = due) WHERE id = due;
END $$;
GRANT EXECUTE ON FUNCTION door.push_articles(uuid, integer, integer) TO app_worker;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, DOOR)
