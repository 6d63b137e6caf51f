"""What somebody asked and said stays hers when her telephone's account and that of her WeChat become one.

Her questions, messages and files named the account that was given up: to her own eyes somebody else had written them,
all of her threads were unread again, to the lawyers each had one reader more, and an elder for whom another had asked
was not offered to erase it."""

from alembic import op

from app.migrations.sql import run

revision = "0105"
down_revision = "0104"

DOOR = """
GRANT SELECT (asker), UPDATE (asker) ON app.question TO app_door;
GRANT SELECT (rater) ON app.rating TO app_door;
GRANT UPDATE (person) ON app.read_mark TO app_door;

SET LOCAL ROLE app_door;
CREATE FUNCTION door.words_move() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.question SET asker  = NEW.person WHERE asker  = OLD.person;
    UPDATE app.rating   SET rater  = NEW.person WHERE rater  = OLD.person;
    UPDATE app.message  SET (author) = ROW(NEW.person) WHERE author = OLD.person AND from_owner;
    UPDATE app.file     SET owner  = NEW.person WHERE owner  = OLD.person;
    UPDATE app.read_mark k SET person = NEW.person WHERE k.person = OLD.person
        AND NOT EXISTS (SELECT FROM app.read_mark x WHERE x.subject = k.subject AND x.person = NEW.person);
    DELETE FROM app.read_mark k WHERE k.person = OLD.person;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION door.words_move() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION door.words_move() TO app_owner; -- to make the trigger
RESET ROLE;
DROP TRIGGER files_move ON app.identity;
CREATE TRIGGER words_move AFTER UPDATE OF person ON app.identity
    FOR EACH ROW WHEN (OLD.person <> NEW.person) EXECUTE FUNCTION door.words_move();
SET LOCAL ROLE app_door;
DROP FUNCTION door.files_move();
RESET ROLE;
"""


def upgrade() -> None:
    run(op, DOOR)
