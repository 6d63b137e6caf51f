"""What Python believes about the tables is what the migrations made."""

from collections import defaultdict
from typing import Any

import pytest
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg

import app.schema  # noqa: F401  (every room, and so every table)
import workers.reactions  # noqa: F401
from app.core.tables import Table
from scripts.verify_audit import FACTS
from tests.city import City

BOOKKEEPING = "alembic_version"
THE_DATABASES_OWN = {("feed", "xid"), ("outbox", "actor"), ("consent", "written_at")}
THE_DATABASES_OWN |= {(fact.table, "salt") for fact in FACTS}
"""Columns that no statement of the house writes: their defaults do, or processes of an earlier release."""

MODELS = Table.metadata.tables.values()
POSTGRES: Any = PGDialect_asyncpg

Shape = dict[str, tuple[str, bool, bool]]
"""Column -> (type, may be null, part of the primary key)."""


def modelled() -> dict[str, Shape]:
    spelled = POSTGRES().type_compiler_instance.process
    return {
        table.name: {c.name: (spelled(c.type).lower(), bool(c.nullable), c.primary_key) for c in table.columns}
        for table in MODELS
    }


async def migrated(city: City) -> dict[str, Shape]:
    rows = await city.sql(
        """SELECT relname, attname,
                  format_type(atttypid, atttypmod), NOT attnotnull, attnum = ANY(coalesce(conkey, '{}'))
           FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
           LEFT JOIN pg_constraint ON conrelid = c.oid AND contype = 'p'
           WHERE relnamespace = 'app'::regnamespace AND relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped
             AND relname <> :bookkeeping""",
        bookkeeping=BOOKKEEPING,
    )
    tables: dict[str, Shape] = defaultdict(dict)
    for table, column, *shape in rows:
        if (table, column) not in THE_DATABASES_OWN:
            tables[table][column] = (shape[0], shape[1], shape[2])
    return tables


@pytest.mark.anyio
async def test_every_table_has_a_model_that_says_the_same(city: City) -> None:
    tables, models = await migrated(city), modelled()
    assert models.keys() == tables.keys()
    for name, columns in tables.items():
        assert models[name] == columns, name


def test_no_model_expects_a_default_of_the_server() -> None:
    """A default would come back by RETURNING, which asks a read policy before the trigger has made the reader."""
    assert [f"{table.name}.{c.name}" for table in MODELS for c in table.columns if c.server_default is not None] == []
