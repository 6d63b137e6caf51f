"""Who applied for a mediation gets her rights and duties in it on paper."""

from alembic import op

from app.migrations.sql import run

revision = "0101"
down_revision = "0100"

TABLES = """
ALTER TABLE app.paper DROP CONSTRAINT paper_kind_check, ADD CONSTRAINT paper_kind_check CHECK (kind IN (
    'APPLICATION_FORM', 'APPLICATION_RECEIPT', 'ACCEPTANCE_NOTICE', 'SUPPLEMENT_LIST', 'DECISION', 'MEDIATION_REGISTRATION',
    'RIGHTS_NOTICE', 'MEDIATION_AGREEMENT', 'PAPERS_RECEIPT', 'QUIZ_CERTIFICATE', 'CONTEST_CERTIFICATE'));
"""


def upgrade() -> None:
    run(op, TABLES)
