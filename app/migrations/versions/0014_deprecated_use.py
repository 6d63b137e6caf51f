"""Who still uses what is on its way out of the graph: numbers alone."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0014"
down_revision = "0013"

USES = """
CREATE TABLE app.deprecated_use (                     -- how many operations a day, by what their client called itself
    day     date   NOT NULL,                          -- of the city (UTC+8)
    element text   NOT NULL,                          -- its schema coordinate: Type.field, Type.field(argument:), Enum.VALUE
    client  text   NOT NULL CHECK (length(client) <= 32),
    version text   NOT NULL CHECK (length(version) <= 32),
    uses    bigint NOT NULL CHECK (uses > 0),
    PRIMARY KEY (day, element, client, version));
CREATE POLICY owner ON app.deprecated_use FOR SELECT TO app_owner USING (true); -- scripts.deprecated
GRANT SELECT, INSERT, UPDATE (uses) ON app.deprecated_use TO app_door;
CREATE POLICY door ON app.deprecated_use TO app_door USING (true);

SET LOCAL ROLE app_door;
-- The API adds, and can neither read nor take away. In order, so that two processes wait for each other in one direction.
CREATE FUNCTION door.count_uses(elements text[], clients text[], versions text[], counts bigint[]) RETURNS date
LANGUAGE sql SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    INSERT INTO app.deprecated_use (day, element, client, version, uses)
    SELECT (app.clock() AT TIME ZONE interval '8 hours')::date, element, client, version, n
    FROM unnest(elements, clients, versions, counts) AS said (element, client, version, n) ORDER BY 2, 3, 4
    ON CONFLICT (day, element, client, version) DO UPDATE SET uses = deprecated_use.uses + excluded.uses;
    SELECT (app.clock() AT TIME ZONE interval '8 hours')::date;
END;
GRANT EXECUTE ON FUNCTION door.count_uses(text[], text[], text[], bigint[]) TO app_api;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, USES)
    wall(op, "deprecated_use")
