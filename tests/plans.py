"""How PostgreSQL would go about a statement, with this session's rights."""

from typing import Any

from sqlalchemy import ClauseElement
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg

from app.core.db import Session


async def plan_of(session: Session, statement: ClauseElement) -> str:
    dialect: Any = PGDialect_asyncpg
    compiled: Any = statement.compile(dialect=dialect())
    values = tuple(compiled.params[name] for name in compiled.positiontup or ())
    return "\n".join(line for (line,) in await session.told(f"EXPLAIN {compiled}", *values))
