"""Migrations are SQL that a person reviews; this sends a whole script at once."""

from types import ModuleType
from typing import Any

# Every table stands behind row-level security, its owner included.
WALL = "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;"


def run(op: ModuleType | Any, script: str) -> None:
    """Several statements in the migration's own transaction (a prepared statement holds only one)."""
    connection = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda asyncpg: asyncpg.execute(script))


def wall(op: ModuleType | Any, *tables: str) -> None:
    run(op, "\n".join(WALL.format(table=f"app.{table}") for table in tables))
