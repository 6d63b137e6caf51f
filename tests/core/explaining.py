"""How PostgreSQL goes about the statements that the house really sends, with the sender's rights."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from app.core.db import Database, Session


@dataclass(frozen=True)
class Plan:
    nodes: tuple[str, ...]
    """`Node type` or `Node type on table or index`, from the top down."""
    buffers: int
    """Pages of 8 kB that were looked at, cached or not."""
    rows: int

    def __contains__(self, part: str) -> bool:
        """A scan of the policies is no matter: there are as many as the city ever had, a handful."""
        return any(part in node for node in self.nodes if node != "Seq Scan on dispatch_policy")


@contextmanager
def sent(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """(statement, parameters) as they go to the server meanwhile; who is asking is not told."""
    seen: list[tuple[str, Any]] = []

    def note(statement: str, parameters: Any) -> None:
        if "set_config" not in statement:
            seen.append((statement, parameters))

    database.listeners.append(note)
    try:
        yield seen
    finally:
        database.listeners.remove(note)


async def explain(session: Session, statement: str, parameters: Any) -> Plan:
    """Runs the statement, planned for these values."""
    return await _told(session, statement, parameters)


async def explain_for_any(session: Session, statement: str, parameters: Any) -> Plan:
    """Runs it as it is planned when PostgreSQL, after a few executions, no longer looks at the values."""
    await session.told("SET LOCAL plan_cache_mode = force_generic_plan")
    await session.told(f"PREPARE seen AS {statement}")
    plan = await _told(session, f"EXECUTE seen ({', '.join(map(_literal, parameters))})", ())
    await session.told("DEALLOCATE seen")
    return plan


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    said = "{" + ",".join(map(str, value)) + "}" if isinstance(value, list | tuple) else str(value)
    return "'" + said.replace("'", "''") + "'"


async def _told(session: Session, statement: str, parameters: Any) -> Plan:
    ((said,),) = await session.told(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}", *parameters)
    (whole,) = json.loads(said) if isinstance(said, str) else said
    top = whole["Plan"]
    return Plan(tuple(_nodes(top)), top["Shared Hit Blocks"] + top["Shared Read Blocks"], top["Actual Rows"])


def _nodes(plan: dict[str, Any]) -> Iterator[str]:
    where = plan.get("Index Name") or plan.get("Relation Name")
    yield f"{plan['Node Type']} on {where}" if where else plan["Node Type"]
    for below in plan.get("Plans", ()):
        yield from _nodes(below)
