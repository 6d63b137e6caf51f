"""The bank of questions for quizzes: written by editors, approved by a second person, and then never changed."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0064"
down_revision = "0063"

HELD = "EXISTS (SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role {} AND h.until > app.clock() OFFSET 0)"
EDITOR, EITHER = HELD.format("= 'EDITOR'"), HELD.format("IN ('EDITOR', 'SUPERVISOR')")

TABLE = f"""
CREATE TABLE app.quiz_question (
    id          uuid PRIMARY KEY,
    kind        text NOT NULL CHECK (kind IN ('SINGLE', 'MULTIPLE', 'TRUE_FALSE', 'ORDERING')),
    topic       text NOT NULL,
    difficulty  text NOT NULL CHECK (difficulty IN ('EASY', 'MEDIUM', 'HARD')),
    stem        text NOT NULL CHECK (length(stem) BETWEEN 4 AND 500),
    options     text[] NOT NULL CHECK (cardinality(options) BETWEEN 2 AND 8),
    answer      smallint[] NOT NULL CHECK (cardinality(answer) BETWEEN 1 AND cardinality(options)),
    explanation text NOT NULL CHECK (length(explanation) BETWEEN 4 AND 1000),
    law         text NOT NULL,
    article     text NOT NULL,
    state       text NOT NULL CHECK (state IN ('IN_REVIEW', 'APPROVED', 'REJECTED', 'RETIRED')),
    author      uuid NOT NULL REFERENCES app.person,
    reviewer    uuid REFERENCES app.person,
    reason      text NOT NULL,                        -- what the reviewer said
    made_at     timestamptz NOT NULL,
    changed_at  timestamptz NOT NULL,
    reviewed_at timestamptz,
    version     integer NOT NULL CHECK (version > 0),
    CHECK (reviewer <> author),                       -- the second person is another one
    CHECK ((reviewer IS NULL) = (state = 'IN_REVIEW') AND (reviewer IS NULL) = (reviewed_at IS NULL)));
CREATE UNIQUE INDEX quiz_question_stem ON app.quiz_question (md5(stem)) WHERE state <> 'RETIRED';
CREATE INDEX quiz_question_state ON app.quiz_question (state, made_at DESC, id DESC);
CREATE INDEX quiz_question_topic ON app.quiz_question (topic, difficulty) WHERE state = 'APPROVED';

GRANT SELECT, INSERT, UPDATE (kind, topic, difficulty, stem, options, answer, explanation, law, article, state, reviewer, reason, changed_at, reviewed_at, version)
    ON app.quiz_question TO app_api;
CREATE POLICY read   ON app.quiz_question FOR SELECT TO app_api USING ({EITHER});
CREATE POLICY write  ON app.quiz_question FOR INSERT TO app_api WITH CHECK (
    author = app.person() AND state = 'IN_REVIEW' AND made_at = app.clock() AND changed_at = app.clock() AND version = 1 AND reason = '' AND {EDITOR});
CREATE POLICY change ON app.quiz_question FOR UPDATE TO app_api USING ({EITHER})
    WITH CHECK (CASE state WHEN 'IN_REVIEW' THEN author ELSE reviewer END = app.person() OR state = 'RETIRED');
GRANT SELECT ON app.quiz_question TO app_door;
CREATE POLICY door ON app.quiz_question FOR SELECT TO app_door USING (true);

-- Its words are its author's, until it is approved; its review somebody else's; and what is retired stays so.
CREATE FUNCTION app.quiz_question_goes() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    IF NEW.version <> OLD.version + 1 OR NOT (CASE NEW.state
        WHEN 'IN_REVIEW' THEN OLD.state IN ('IN_REVIEW', 'REJECTED') AND OLD.author = app.person() AND NEW.reviewer IS NULL
        WHEN 'RETIRED' THEN OLD.state = 'APPROVED' AND NEW.reviewer = OLD.reviewer
        ELSE OLD.state = 'IN_REVIEW' AND NEW.reviewer = app.person() AND NEW.reviewed_at = app.clock() END) THEN
        RAISE 'a question does not go that way' USING ERRCODE = '42501';
    END IF;
    IF NEW.state <> 'IN_REVIEW' AND (NEW.kind, NEW.topic, NEW.difficulty, NEW.stem, NEW.options, NEW.answer, NEW.explanation, NEW.law, NEW.article)
        IS DISTINCT FROM (OLD.kind, OLD.topic, OLD.difficulty, OLD.stem, OLD.options, OLD.answer, OLD.explanation, OLD.law, OLD.article) THEN
        RAISE 'its words are its author''s' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER quiz_question_goes BEFORE UPDATE ON app.quiz_question FOR EACH ROW EXECUTE FUNCTION app.quiz_question_goes();
"""


def upgrade() -> None:
    run(op, TABLE)
    wall(op, "quiz_question")
