"""What took an appointment's place is found: a visit to a notary is where its applicant has moved it."""

from alembic import op

from app.migrations.sql import run

revision = "0107"
down_revision = "0106"


def upgrade() -> None:
    run(op, "CREATE INDEX appointment_moved_from ON app.appointment (moved_from) WHERE moved_from IS NOT NULL;")
