"""Mediators hear early of disputes that many of a town ask about: of weeks that are over, as `app.demand_cell` has them."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0120"
down_revision = "0119"

KINDS = (
    "'FAMILY', 'NEIGHBOURS', 'HOMESTEAD', 'CONTRACT', 'PRODUCTION', 'DAMAGES', 'LAND', 'DEMOLITION', 'ENVIRONMENT', 'LABOUR',"
    " 'CONSUMER', 'MEDICAL', 'TRAFFIC', 'PROPERTY_MANAGEMENT', 'OTHER'"
)
SUPERVISES = """EXISTS (
    SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role = 'SUPERVISOR' AND h.until > app.clock() OFFSET 0)"""
MEDIATES = """EXISTS (
    SELECT FROM app.post p WHERE p.person = app.person() AND p.institution = committee AND p.duty IN ('MEDIATOR', 'SUPERVISOR')
                             AND p.until > app.clock() OFFSET 0)"""

TABLES = f"""
CREATE TABLE app.dispute_week (                       -- which weeks were looked at: once, whatever changes in them later
    week date PRIMARY KEY CHECK (extract(isodow FROM week) = 1));
GRANT SELECT, INSERT ON app.dispute_week TO app_door;
CREATE POLICY door ON app.dispute_week TO app_door USING (true);

CREATE TABLE app.dispute_alert (                      -- one for each committee that is competent for the town
    id        uuid PRIMARY KEY,
    week      date NOT NULL REFERENCES app.dispute_week,
    town      text NOT NULL,
    kind      text NOT NULL CHECK (kind IN ({KINDS})),
    askers    integer NOT NULL CHECK (askers IN (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)),
    committee uuid REFERENCES app.institution,        -- null: there is none
    made_at   timestamptz NOT NULL,
    UNIQUE NULLS NOT DISTINCT (week, town, kind, committee),
    UNIQUE (id, committee));
CREATE INDEX dispute_alert_made      ON app.dispute_alert (made_at DESC, id DESC);
CREATE INDEX dispute_alert_committee ON app.dispute_alert (committee, made_at DESC, id DESC);
GRANT INSERT ON app.dispute_alert TO app_worker;
CREATE POLICY worker ON app.dispute_alert FOR INSERT TO app_worker WITH CHECK (true);
GRANT SELECT ON app.dispute_alert TO app_api;
CREATE POLICY hears ON app.dispute_alert FOR SELECT TO app_api USING ({MEDIATES} OR {SUPERVISES});

CREATE TABLE app.dispute_note (                       -- what the committee did about it: each thing once
    alert     uuid NOT NULL,
    deed      text NOT NULL CHECK (deed IN ('VISITED', 'TALK_HELD', 'NOTHING_NEEDED', 'IN_MEDIATION')),
    committee uuid NOT NULL,
    noted_by  uuid NOT NULL,
    noted_at  timestamptz NOT NULL,
    PRIMARY KEY (alert, deed),
    FOREIGN KEY (alert, committee) REFERENCES app.dispute_alert (id, committee));
GRANT SELECT (alert, deed, noted_at, committee), INSERT ON app.dispute_note TO app_api;
CREATE POLICY hears ON app.dispute_note FOR SELECT TO app_api USING ({MEDIATES} OR {SUPERVISES});
CREATE POLICY notes ON app.dispute_note FOR INSERT TO app_api
    WITH CHECK (noted_by = app.person() AND noted_at <= app.clock() AND {MEDIATES});
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- Which type of dispute a category is: app/applications/data/disputes.toml, of which a test says that it is the same. The longest code that
-- fits counts; null where it may be several, or is for no mediator. Whoever counts does not choose what is put together.
CREATE FUNCTION door.dispute_of(category text) RETURNS text LANGUAGE sql IMMUTABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT m.kind FROM (VALUES ('debt', 'CONTRACT'), ('contract', 'CONTRACT'), ('labour', 'LABOUR'), ('family', 'FAMILY'),
        ('elders.support', 'FAMILY'), ('injury', 'DAMAGES'), ('injury.traffic', 'TRAFFIC'), ('injury.medical', 'MEDICAL'),
        ('land.farming', 'LAND'), ('land.title', 'LAND'), ('land.expropriation', 'DEMOLITION'), ('land.homestead', 'HOMESTEAD'),
        ('consumer', 'CONSUMER'), ('neighbours', 'NEIGHBOURS'), ('neighbours.management', 'PROPERTY_MANAGEMENT'),
        ('company.shares', 'PRODUCTION')) m (code, kind)
    WHERE m.code IN (category, split_part(category, '.', 1)) ORDER BY length(m.code) DESC LIMIT 1;
END;

-- Of the last two weeks that have been over for a day: in which towns five different people or more asked about a type of dispute. Each week
-- is looked at once, and never again: a question that is put under another category later would tell of itself. `askers` is what of this
-- `app.demand_cell` tells of the week anyhow, the category that most asked about, and else five: nothing is left to subtract. What was
-- taken back or erased until then counts for nothing.
CREATE FUNCTION door.count_disputes() RETURNS TABLE (week date, town text, kind text, askers bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    newest constant date := date_trunc('week', date((app.clock() - interval '24 hours') AT TIME ZONE interval '8 hours') - 7)::date;
    monday date;
BEGIN
    FOREACH monday IN ARRAY ARRAY[newest - 7, newest] LOOP
        INSERT INTO app.dispute_week (week) VALUES (monday) ON CONFLICT DO NOTHING;
        CONTINUE WHEN NOT FOUND;
        RETURN QUERY
        WITH asked AS (
            SELECT q.asker, left(d.division, 9) AS town, d.category, door.dispute_of(d.category) AS kind
            FROM app.promise_fact f JOIN app.dispatch d ON d.question = f.question JOIN app.question q ON q.id = f.question
            WHERE f.asked_at >= monday::timestamp AT TIME ZONE interval '8 hours' AND f.asked_at < (monday + 7)::timestamp AT TIME ZONE interval '8 hours'
              AND q.status NOT IN ('WITHDRAWN', 'ERASED') AND length(d.division) >= 9),
        most AS (
            SELECT DISTINCT ON (a.town, a.kind) a.town, a.kind, count(DISTINCT a.asker) AS askers
            FROM asked a GROUP BY a.town, a.kind, a.category ORDER BY a.town, a.kind, 3 DESC)
        SELECT monday, m.town, m.kind, greatest(5, m.askers) FROM most m JOIN asked a ON a.town = m.town AND a.kind = m.kind
        GROUP BY m.town, m.kind, m.askers HAVING count(DISTINCT a.asker) >= 5;
    END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION door.count_disputes() TO app_worker;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, TABLES)
    wall(op, "dispute_week", "dispute_alert", "dispute_note")
    run(op, DOOR)
