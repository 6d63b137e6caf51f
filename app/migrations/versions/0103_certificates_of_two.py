"""Two accounts become one also where both keep a certificate of one quiz that is forgotten else."""

from alembic import op

from app.migrations.sql import run

revision = "0103"
down_revision = "0102"

DOOR = """
SET LOCAL ROLE app_door;
-- Who signs in by what was another account's goes on with what is hers; where both took it, each keeps her own: also a year later,
-- when nobody stands on its board any more and of attempts those with a certificate remain.
CREATE OR REPLACE FUNCTION door.quizzes_move() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.quiz_award t SET person = NEW.person WHERE t.person = OLD.person
        AND NOT EXISTS (SELECT FROM app.quiz_entrant e WHERE e.round = t.round AND e.person = NEW.person);
    UPDATE app.quiz_attempt t SET person = NEW.person WHERE t.person = OLD.person
        AND NOT EXISTS (SELECT FROM app.quiz_attempt e WHERE e.round = t.round AND e.person = NEW.person);
    UPDATE app.quiz_entrant t SET person = NEW.person WHERE t.person = OLD.person
        AND NOT EXISTS (SELECT FROM app.quiz_entrant e WHERE e.round = t.round AND e.person = NEW.person);
    RETURN NULL;
END $$;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, DOOR)
