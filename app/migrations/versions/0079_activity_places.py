"""Places of a gathering may become more or fewer once it is public: who waits moves up in order."""

from alembic import op

from app.migrations.sql import run

revision = "0079"
down_revision = "0078"

PLACES = """
-- As in 0065; what the door alone writes is none of its business.
DROP TRIGGER activity_moves ON app.activity;
CREATE TRIGGER activity_moves BEFORE UPDATE OF title, words, division, institution, place, opens_at, closes_at, begins_at, ends_at, places,
        state, reason, version, changed_at, changed_by ON app.activity
    FOR EACH ROW WHEN (current_user <> 'app_door') EXECUTE FUNCTION app.activity_moves();
GRANT UPDATE (places, version, changed_at, changed_by) ON app.activity TO app_door;

SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
-- An editor says how many can come; never fewer than have a place. Whose enrolments move up.
CREATE FUNCTION door.set_places(asked uuid, seen integer, wanted integer) RETURNS SETOF uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    board record;
    free  integer;
BEGIN
    SELECT a.taken, a.waiting INTO board FROM app.activity a
    WHERE a.id = asked AND a.version = seen AND a.kind = 'GATHERING' AND a.state IN ('SCHEDULED', 'OPEN', 'CLOSED') AND a.begins_at > app.clock()
    FOR NO KEY UPDATE;
    IF NOT FOUND OR wanted < board.taken OR NOT EXISTS (
            SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role = 'EDITOR' AND h.until > app.clock()) THEN
        RAISE 'its places are not set so' USING ERRCODE = '42501';
    END IF;
    free := CASE WHEN wanted IS NULL THEN board.waiting ELSE least(board.waiting, wanted - board.taken) END;
    UPDATE app.activity SET places = wanted, taken = taken + free, waiting = waiting - free, version = version + 1,
        changed_at = app.clock(), changed_by = app.person() WHERE id = asked;
    RETURN QUERY UPDATE app.enrolment e SET state = 'ENROLLED', state_at = app.clock() WHERE e.id IN (
        SELECT w.id FROM app.enrolment w WHERE w.activity = asked AND w.state = 'WAITING' ORDER BY w.number LIMIT free) RETURNING e.id;
END $$;
GRANT EXECUTE ON FUNCTION door.set_places(uuid, integer, integer) TO app_api;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, PLACES)
