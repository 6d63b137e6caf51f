"""A register of a whole country, written in bulk: a thousand records as Python writes them, each many times over."""

from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.core.db import NOBODY
from app.core.ids import new_id
from app.directory.actions.register import write_down
from app.directory.models import INSTITUTIONS, RegisterKind
from app.directory.rules.register import Office, Record, Worker
from app.directory.rules.taxonomy import SPECIALTIES
from app.places.rules import DIVISIONS
from tests.city import City

PROTOTYPES = 1_000
AT_ONCE = 4
"""Times each is copied with one statement, which has fifteen seconds."""
PROTOTYPE = "WHERE r.number ~ '^原型-[0-9]+$'"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧曾单解仇查"
GIVEN = "静雅婷慧敏娜丽雪晓文思佳怡颖洁琳萍燕霞瑶宁欣云岚建志国海俊宏振立永明军强伟峰磊涛鹏辉杰"
FIRMS = "清明衡信正德和中天同方博诚汇安泰源律平达远理言道鼎泽义权实盛宏朗"
TOWNS = [code for code in DIVISIONS if len(code) == 9]

MANY = """
INSERT INTO app.{table} ({columns}) SELECT {values}
FROM app.{table} r, generate_series(CAST(:since AS int), CAST(:until AS int)) n,
    LATERAL (SELECT upper(substr(md5(r.id::text || n), 1, 6)) AS word) w
"""


def worker(dice: Random, number: int) -> Worker:
    local = number % 20 == 0
    return Worker(
        kind=RegisterKind.LAWYER if number % 10 else RegisterKind.MEDIATOR,
        number=f"原型-{number}",
        name=dice.choice(SURNAMES) + "".join(dice.sample(GIVEN, 2)),
        division=dice.choice(TOWNS) if local else "",
        province="41" if local else "44",
        specialties=dice.sample(SPECIALTIES, 2),
        source="示例",
        verified_at=LONG_AGO,
        example=True,
        workplace=f"示例{''.join(dice.sample(FIRMS, 2))}律师事务所",
    )


def office(dice: Random, number: int) -> Office:
    return Office(
        kind=dice.choice(INSTITUTIONS),
        number=f"原型-{number}",
        name=f"示例{''.join(dice.sample(FIRMS, 3))}{dice.choice(('律师事务所', '公证处', '司法所', '调解委员会'))}",
        division=dice.choice(TOWNS),
        source="示例",
        verified_at=LONG_AGO,
        example=True,
    )


async def fill(city: City, rows: int) -> None:
    """As many rows, nine of ten people; no trigger runs."""
    dice = Random(7)
    people: list[tuple[UUID, Record]] = [(new_id(), worker(dice, number)) for number in range(PROTOTYPES)]
    offices: list[tuple[UUID, Record]] = [(new_id(), office(dice, number)) for number in range(PROTOTYPES // 10)]
    async with city.super.acting(NOBODY) as session:
        await session.rows(text("SET LOCAL session_replication_role = replica"))
        for entries in (people, offices):
            await write_down(session, entries, None, "示例", LONG_AGO)
    for table, times in (("legal_worker", rows * 9 // 10 // PROTOTYPES), ("institution", rows // PROTOTYPES)):
        await _multiply(city, table, times - 1)
    # As the night does: what GIN has not sorted in yet would be read through with every search.
    async with city.super.engine.connect() as connection:
        alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await alone.exec_driver_sql("VACUUM ANALYZE app.institution, app.legal_worker")


async def _multiply(city: City, table: str, times: int) -> None:
    """Each once more with a word of its own, that nothing else has."""
    rows = await city.sql(
        "SELECT attname FROM pg_attribute WHERE attrelid = CAST(:table AS regclass) AND attnum > 0",
        table=f"app.{table}",
    )
    own: dict[str, Any] = {
        "id": "gen_random_uuid()",
        "number": "r.number || '-' || n",
        "name": "r.name || w.word",
        "label": "r.label || lower(w.word) || '|'",
        "terms": "r.terms || array_to_tsvector(ARRAY[lower(w.word)])",
    }
    columns = [name for (name,) in rows]
    said = {"columns": ", ".join(columns), "values": ", ".join(own.get(name, f"r.{name}") for name in columns)}
    for since in range(1, times + 1, AT_ONCE):
        async with city.super.acting(NOBODY) as session:
            await session.rows(text("SET LOCAL session_replication_role = replica"))
            part = {"since": since, "until": min(since + AT_ONCE - 1, times)}
            await session.rows(text(MANY.format(table=table, **said) + PROTOTYPE), part)
