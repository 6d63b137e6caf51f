"""Where a provider refuses our own settings, supervisors get a task: one a channel and template while it stands."""

from alembic import op

from app.migrations.sql import run

revision = "0039"
down_revision = "0038"

MISCONFIGURED = """
ALTER TABLE app.channel ADD misconfigured text[] NOT NULL DEFAULT '{}'; -- templates that were refused, with none of them sent since

ALTER TABLE app.task
    ADD channel  text CHECK (channel IN ('MINI_PROGRAM', 'OFFICIAL_ACCOUNT', 'SMS')),
    ADD template text,
    ALTER question DROP NOT NULL, ALTER category DROP NOT NULL, ALTER town DROP NOT NULL,
    DROP CONSTRAINT task_kind_check,
    ADD CONSTRAINT task_kind_check CHECK (kind IN ('BREACH', 'CALLBACK', 'LOW_RATING', 'APPEAL', 'MISCONFIGURED')),
    ADD CONSTRAINT task_of CHECK (
        CASE kind WHEN 'MISCONFIGURED' THEN num_nonnulls(channel, template) = 2 AND num_nonnulls(question, category, town) = 0
                  ELSE num_nonnulls(channel, template) = 0 AND num_nonnulls(question, category, town) = 3 END);
CREATE UNIQUE INDEX task_misconfigured ON app.task (channel, template) WHERE done_at IS NULL AND kind = 'MISCONFIGURED';
-- The worker ends what an erased question leaves behind, and what a message that got through has shown to be mended.
DROP POLICY worker_ends ON app.task;
CREATE POLICY worker_ends ON app.task AS RESTRICTIVE FOR UPDATE TO app_worker USING (done_at IS NULL)
    WITH CHECK (CASE WHEN done_at IS NULL THEN true WHEN kind = 'MISCONFIGURED' THEN outcome = 'DONE' ELSE outcome = 'ERASED' END);
"""


def upgrade() -> None:
    run(op, MISCONFIGURED)
