"""Institutions are found by where they are: in a map's window, and nearest first."""

from alembic import op

from app.migrations.sql import run

revision = "0038"
down_revision = "0037"

MAP = """
-- Degrees are no distances; on a ball in space they are, and the extension's index knows the nearest of such points.
CREATE SCHEMA earth;
GRANT USAGE ON SCHEMA earth TO app_api, app_worker;
CREATE EXTENSION cube WITH SCHEMA earth;
CREATE FUNCTION earth.spot(longitude double precision, latitude double precision) RETURNS earth.cube
    LANGUAGE sql IMMUTABLE PARALLEL SAFE      -- metres from the middle of the earth
    RETURN earth.cube(ARRAY[6371008.8 * cosd(latitude) * cosd(longitude), 6371008.8 * cosd(latitude) * sind(longitude),
                            6371008.8 * sind(latitude)]);
GRANT EXECUTE ON FUNCTION earth.spot TO app_api, app_worker;
CREATE INDEX institution_nearest ON app.institution USING gist (earth.spot(longitude, latitude))
    WHERE standing = 'ACTIVE' AND longitude IS NOT NULL;
CREATE INDEX institution_within ON app.institution USING gist (point(longitude, latitude))
    WHERE standing = 'ACTIVE' AND longitude IS NOT NULL;
"""


def upgrade() -> None:
    run(op, MAP)
