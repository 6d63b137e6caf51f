"""What is sent straight by asyncpg says the same as SQLAlchemy's own way."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import (
    JSON,
    Column,
    Date,
    DateTime,
    Executable,
    Float,
    Integer,
    Interval,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    Text,
    Uuid,
    bindparam,
    delete,
    func,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from app.core.db import IDS, NOBODY, Database, Session, connect
from app.core.sending import PREPARED
from tests.city import City

pytestmark = pytest.mark.anyio

T = Table(
    "sort",
    MetaData(schema="app"),
    Column("id", Uuid, primary_key=True),
    Column("number", Integer),
    Column("price", Numeric(10, 2)),
    Column("share", Float),
    Column("words", Text),
    Column("seal", LargeBinary),
    Column("day", Date),
    Column("at", DateTime(timezone=True)),
    Column("span", Interval),
    Column("codes", ARRAY(Text)),
    Column("ids", ARRAY(Uuid)),
    Column("said", JSONB),
    Column("more", JSON),
)
ROW: dict[str, Any] = {
    "number": 7,
    "price": Decimal("12.30"),
    "share": 0.25,
    "words": "你好 '\"\\",
    "seal": b"\x00\xff",
    "day": date(2026, 2, 28),
    "at": datetime(2026, 2, 28, 23, 59, 59, 123456, UTC),
    "span": timedelta(days=3, seconds=5),
    "codes": ["A", "B"],
    "ids": [uuid4()],
    "said": {"a": [1, None, "三"]},
    "more": [{"b": 2.5}],
}
NOTHING: dict[str, Any] = dict.fromkeys(ROW)


@pytest.fixture
async def sorts(city: City) -> AsyncIterator[Database]:
    """The owner's, with a table that has one row of values and one without any."""
    async with city.owner.engine.begin() as connection:
        await connection.run_sync(T.metadata.create_all)
    yield city.owner
    async with city.owner.engine.begin() as connection:
        await connection.run_sync(T.metadata.drop_all)


async def filled(session: Session) -> list[Any]:
    ids = [uuid4(), uuid4()]
    await session.rows(insert(T).inline(), [ROW | {"id": ids[0]}, NOTHING | {"id": ids[1]}])
    return ids


async def test_rows_are_what_sqlalchemy_reads(sorts: Database) -> None:
    async with sorts.acting(NOBODY) as session:
        ids = await filled(session)
    two = T.alias("two")
    asked: list[tuple[Executable, dict[str, Any]]] = [
        (select(T).order_by(T.c.number), {}),
        (select(*T.c).where(T.c.id == IDS).order_by(T.c.number), {"ids": ids}),
        (select(T.c.id, T.c.words.label("said")).where(T.c.id.in_(ids)).order_by(T.c.number), {}),
        (select(T.c.id).where(T.c.id.in_([])), {}),
        (select(func.count(), func.max(T.c.at), func.sum(T.c.price)), {}),
        (select(T.c.id, two.c.id).join(two, two.c.id == T.c.id).order_by(T.c.number), {}),
        (select(T.c.words).where(T.c.number == bindparam("n", type_=Integer)), {"n": 7}),
        (text("SELECT id, said, more, price FROM app.sort WHERE number = :n"), {"n": 7}),
        (text("SELECT said, id FROM app.sort ORDER BY number").columns(T.c.id, said=JSONB), {}),
        (text("SELECT said, id FROM app.sort ORDER BY number").columns(T.c.said, T.c.id), {}),
    ]
    for statement, parameters in asked:
        async with sorts.engine.connect() as connection:
            wanted = await connection.execute(statement, parameters)
            keys, rows = list(wanted.keys()), wanted.all()
        async with sorts.acting(NOBODY) as session:
            found = await session.rows(statement, parameters)
            assert list(found.keys()) == keys, statement
            assert found.all() == rows, statement


async def test_the_ways_to_take_them(sorts: Database) -> None:
    async with sorts.acting(NOBODY) as session:
        one, two = await filled(session)
        rows = (await session.rows(select(T.c.id, T.c.words).order_by(T.c.number))).all()
        assert [(row.id, row.words) for row in rows] == [(one, ROW["words"]), (two, None)]
        assert (await session.rows(select(T.c.id).order_by(T.c.number))).scalars().all() == [one, two]
        assert (await session.rows(select(T.c.number).where(T.c.id == one))).scalar_one() == 7
        assert (await session.rows(select(T.c.number).where(T.c.id == uuid4()))).one_or_none() is None
        assert [row._asdict() for row in await session.rows(select(T.c.id).where(T.c.id == one))] == [{"id": one}]


async def test_what_was_written_is_counted_and_can_come_back(sorts: Database) -> None:
    async with sorts.acting(NOBODY) as session:
        one, two = await filled(session)
        changed = update(T).values(number=T.c.number + bindparam("by", type_=Integer))
        assert (await session.rows(changed, {"by": 1})).rowcount == 2
        assert (await session.rows(changed.where(T.c.id == one).returning(T.c.number), {"by": 2})).scalar_one() == 10
        again = insert(T).inline().values(id=one).on_conflict_do_nothing()
        assert (await session.rows(again)).rowcount == 0
        many = insert(T).inline().values([{"id": uuid4()}, {"id": uuid4()}]).returning(T.c.id)
        assert len((await session.rows(many)).all()) == 2
        assert (await session.rows(delete(T).where(T.c.id == two))).rowcount == 1
        told = await session.rows(text("SELECT 1 FROM app.sort WHERE false"))
        assert told.returns_rows
        assert not (await session.rows(delete(T))).returns_rows


async def test_a_kept_statement_takes_other_values_each_time(sorts: Database) -> None:
    """Also where its SQL depends on which come: a column that is not said is not written."""
    put = insert(T).inline()
    async with sorts.acting(NOBODY) as session:
        ids = [uuid4() for _ in range(3)]
        for more in ({"number": 1}, {"number": 2}, {"words": "w"}):
            await session.rows(put, {"id": ids.pop(), **more})
        found = await session.rows(select(T.c.number, T.c.words).order_by(T.c.number))
        assert found.all() == [(1, None), (2, None), (None, "w")]
        with pytest.raises(ValueError, match="no value for n"):
            await session.rows(select(T.c.id).where(T.c.number == bindparam("n")), {"m": 1})


async def test_a_default_that_would_be_made_here_is_refused(sorts: Database) -> None:
    made = Table("sort", MetaData(schema="app"), Column("id", Uuid, default=uuid4), Column("number", Integer))
    async with sorts.acting(NOBODY) as session:
        with pytest.raises(TypeError, match="every value is said"):
            await session.rows(insert(made).inline(), {"number": 1})


async def test_errors_are_sqlalchemys_and_say_no_value(sorts: Database) -> None:
    secret = "一个秘密"
    id = uuid4()
    for kind, state, statement in (
        (IntegrityError, "23505", insert(T).inline().values(id=id, words=secret)),
        (ProgrammingError, "42P01", text("SELECT * FROM app.nowhere")),
        (DBAPIError, "22012", text("SELECT 1 / 0")),
    ):
        async with sorts.acting(NOBODY) as session:
            await session.rows(insert(T).inline().values(id=id, words=secret))
            with pytest.raises(kind) as caught:
                await session.rows(statement)
        assert getattr(caught.value.orig, "sqlstate", None) == state
        assert secret not in str(caught.value)
        assert not caught.value.connection_invalidated
    async with sorts.acting(NOBODY) as session:
        assert (await session.rows(select(func.count()).select_from(T))).scalar_one() == 0


async def test_what_was_prepared_before_the_tables_changed_is_prepared_anew(city: City, sorts: Database) -> None:
    engine = connect(city.urls.owner, pool=1)
    all_of_it = text("SELECT * FROM app.sort")
    try:
        own = Database(engine)
        async with own.acting(NOBODY) as session:
            await session.rows(all_of_it)
        async with sorts.acting(NOBODY) as session:
            await session.rows(text("ALTER TABLE app.sort ADD COLUMN later int"))
        with pytest.raises(DBAPIError):
            async with own.acting(NOBODY) as session:
                await session.rows(all_of_it)
        async with own.acting(NOBODY) as session:
            assert list((await session.rows(all_of_it)).keys())[-1] == "later"
        for number in range(PREPARED + 60):
            async with own.acting(NOBODY) as session:
                await session.rows(text(f"SELECT {number}"))
        async with own.acting(NOBODY) as session:
            kept = (await session.rows(text("SELECT count(*) FROM pg_prepared_statements"))).scalar_one()
            assert kept <= PREPARED + 20  # what is forgotten here is forgotten there a little later
    finally:
        await engine.dispose()
