"""Who sets a quiz up has a hand in its activity: another passes it, and what she passes is what she saw. None is handed
in that promises certificates without an institution to give them."""

from alembic import op

from app.migrations.sql import run

revision = "0092"
down_revision = "0091"

DOOR = """
GRANT UPDATE (writers) ON app.activity TO app_door;

SET LOCAL ROLE app_door;
-- By an editor, of a quiz that is a draft, out of questions that are approved: she has a hand in it from then on. Said otherwise
-- than before, it is another version.
CREATE OR REPLACE FUNCTION door.quiz_round_goes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    me constant uuid := app.person();
BEGIN
    IF NOT EXISTS (SELECT FROM app.role_held h WHERE h.person = me AND h.role = 'EDITOR' AND h.until > app.clock())
        OR NOT EXISTS (SELECT FROM app.activity a WHERE a.id = NEW.activity AND a.kind = 'QUIZ' AND a.state = 'DRAFT' FOR NO KEY UPDATE)
        OR (SELECT count(DISTINCT q.id) FROM app.quiz_question q WHERE q.id = ANY (NEW.pool) AND q.state = 'APPROVED') <> cardinality(NEW.pool) THEN
        RAISE 'a quiz is not set up so' USING ERRCODE = '42501';
    END IF;
    UPDATE app.activity SET writers = writers || me WHERE id = NEW.activity AND me <> ALL (writers);
    IF TG_OP = 'UPDATE' THEN
        UPDATE app.activity SET version = version + 1, changed_at = app.clock(), changed_by = me WHERE id = NEW.activity;
    END IF;
    RETURN NEW;
END $$;

-- Whether all is there that an activity needs before somebody looks at it: of a quiz, how it goes, and who gives the certificates
-- that it promises.
CREATE OR REPLACE FUNCTION door.activity_ready(asked uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT NOT EXISTS (SELECT FROM app.activity a WHERE a.id = asked AND a.kind = 'QUIZ'
        AND NOT EXISTS (SELECT FROM app.quiz_round r WHERE r.activity = a.id AND (r.pass_mark IS NULL OR a.institution IS NOT NULL)));
END;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, DOOR)
