"""With an article that is withdrawn its pictures are gone too."""

from alembic import op

from app.migrations.sql import run

revision = "0102"
down_revision = "0101"

DOOR = """
GRANT SELECT (cover) ON app.article_version TO app_door;

SET LOCAL ROLE app_door;
-- What is withdrawn is withdrawn with all that came before it, and its pictures with it; what would take its place is a draft again.
CREATE OR REPLACE FUNCTION door.article_withdrawn() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.article SET withdrawn_at = app.clock() WHERE id = NEW.article;
    UPDATE app.article_version SET state = 'WITHDRAWN' WHERE article = NEW.article AND state = 'REPLACED';
    UPDATE app.article_version SET state = 'DRAFT', reviewer = NULL, reviewer_called = '', publish_at = NULL
    WHERE article = NEW.article AND state = 'SCHEDULED';
    UPDATE app.public_picture SET ended_at = app.clock() WHERE ended_at IS NULL
        AND id IN (SELECT v.cover FROM app.article_version v WHERE v.article = NEW.article);
    RETURN NULL;
END $$;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, DOOR)
