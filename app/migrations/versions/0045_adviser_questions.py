"""To which questions of her village an adviser was called with the first wave, and which of them she answered."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0045"
down_revision = "0044"

KEEPER = """EXISTS (SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role IN ('EDITOR', 'OFFICER', 'ADMIN')
                            AND h.until > app.clock() OFFSET 0)"""

QUESTIONS = f"""
CREATE TABLE app.adviser_question (                   -- written by the worker; people are shown no more than how many
    term        uuid NOT NULL REFERENCES app.adviser_term,
    question    uuid NOT NULL,
    adviser     uuid NOT NULL,
    offered_at  timestamptz NOT NULL,
    answered_at timestamptz,
    PRIMARY KEY (term, question));
CREATE INDEX adviser_question_answered ON app.adviser_question (question, adviser);
GRANT SELECT (term, adviser, offered_at, answered_at) ON app.adviser_question TO app_api;
GRANT SELECT, INSERT, UPDATE (answered_at) ON app.adviser_question TO app_worker;
CREATE POLICY own    ON app.adviser_question FOR SELECT TO app_api USING (CASE WHEN adviser = app.person() THEN true ELSE {KEEPER} END);
CREATE POLICY worker ON app.adviser_question TO app_worker USING (true);
"""


def upgrade() -> None:
    run(op, QUESTIONS)
    wall(op, "adviser_question")
