"""Votes that somebody has looked at and said that they count are not held up again with the next one that comes."""

from alembic import op

from app.migrations.sql import run

revision = "0091"
down_revision = "0090"

DOOR = """
SET LOCAL ROLE app_door;
-- One vote a person and day. Where too many come for one entry, or from one place, in a short while, those do not count until
-- somebody has looked at them, and none more are taken for a time. `often`: how many, within how many seconds, and how long
-- it is closed then; for an entry, and for a place. What somebody has looked at and said that it counts is no part of a new burst.
CREATE OR REPLACE FUNCTION door.cast_vote(asked uuid, place bytea, today date, often integer[]) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    me   constant uuid := app.person();
    shown record;
    burst integer;
    made  uuid;
    since timestamptz;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('votes ' || encode(place, 'hex'), 0));
    SELECT x.activity INTO shown FROM app.exhibit x JOIN app.activity a ON a.id = x.activity
    WHERE x.entry = asked AND x.ended_at IS NULL AND a.state IN ('OPEN', 'CLOSED') FOR NO KEY UPDATE OF x;
    IF NOT FOUND OR me IS NULL THEN RETURN 'CLOSED'; END IF;
    IF EXISTS (SELECT FROM app.entry e WHERE e.id = asked AND e.person = me) THEN RETURN 'OWN'; END IF;
    IF EXISTS (SELECT FROM app.vote v WHERE v.activity = shown.activity AND v.person = me AND v.day = today) THEN RETURN 'TWICE'; END IF;
    IF EXISTS (SELECT FROM app.vote_freeze f WHERE f.activity = shown.activity AND f.until > app.clock() AND (f.entry = asked OR f.source = place)) THEN
        RETURN 'FROZEN';
    END IF;
    INSERT INTO app.vote (activity, person, day, entry, source, at) VALUES (shown.activity, me, today, asked, place, app.clock())
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN RETURN 'TWICE'; END IF;
    UPDATE app.exhibit SET votes = votes + 1 WHERE entry = asked;
    SELECT greatest(app.clock() - make_interval(secs => often[2]), max(f.at)) INTO since FROM app.vote_freeze f WHERE f.counted AND f.entry = asked;
    SELECT count(*) INTO burst FROM app.vote v WHERE v.entry = asked AND v.held_by IS NULL AND v.at > since;
    IF burst > often[1] THEN
        made := gen_random_uuid();
        INSERT INTO app.vote_freeze (id, activity, entry, votes, at, until)
        VALUES (made, shown.activity, asked, burst, app.clock(), app.clock() + make_interval(secs => often[3]));
        UPDATE app.vote SET held_by = made WHERE entry = asked AND held_by IS NULL AND at > since;
        UPDATE app.exhibit SET votes = votes - burst WHERE entry = asked;
        RETURN 'CAST';
    END IF;
    SELECT greatest(app.clock() - make_interval(secs => often[5]), max(f.at)) INTO since FROM app.vote_freeze f
    WHERE f.counted AND f.activity = shown.activity AND f.source = place;
    SELECT count(*) INTO burst FROM app.vote v WHERE v.activity = shown.activity AND v.source = place AND v.held_by IS NULL AND v.at > since;
    IF burst > often[4] THEN
        made := gen_random_uuid();
        INSERT INTO app.vote_freeze (id, activity, source, votes, at, until)
        VALUES (made, shown.activity, place, burst, app.clock(), app.clock() + make_interval(secs => often[6]));
        UPDATE app.exhibit x SET votes = x.votes - gone.n FROM (
            SELECT v.entry, count(*)::int AS n FROM app.vote v WHERE v.activity = shown.activity AND v.source = place AND v.held_by IS NULL
                AND v.at > since GROUP BY v.entry) gone
        WHERE x.entry = gone.entry;
        UPDATE app.vote SET held_by = made WHERE activity = shown.activity AND source = place AND held_by IS NULL AND at > since;
    END IF;
    RETURN 'CAST';
END $$;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, DOOR)
