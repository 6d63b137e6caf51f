"""An activity has a picture to begin with, which a second person looks at with its words."""

from alembic import op

from app.migrations.sql import run

revision = "0078"
down_revision = "0077"


MOVES = """
ALTER TABLE app.activity ADD COLUMN cover uuid REFERENCES app.public_picture;
GRANT UPDATE (cover) ON app.activity TO app_api;

CREATE FUNCTION app.activity_covered() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    RAISE 'what was handed in keeps its cover' USING ERRCODE = '42501';
END $$;
CREATE TRIGGER activity_covered BEFORE UPDATE ON app.activity FOR EACH ROW
    WHEN (NEW.cover IS DISTINCT FROM OLD.cover AND (OLD.state <> 'DRAFT' OR NEW.state <> 'DRAFT' OR NEW.version <> OLD.version + 1))
    EXECUTE FUNCTION app.activity_covered();
"""


def upgrade() -> None:
    run(op, MOVES)
