"""A class that declares a table says the same as SQLModel's own would, and stands for it in statements."""

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import MetaData, SmallInteger, Text
from sqlalchemy.dialects.postgresql import ARRAY, dialect, insert
from sqlalchemy.schema import CreateTable
from sqlmodel import Field, SQLModel, select

from app.core.tables import Table, moment, words

POSTGRES: Any = dialect


def story(base: Any) -> Any:
    class Story(base, table=True):  # type: ignore[call-arg,misc]
        __tablename__ = "story"
        metadata = MetaData(schema="app")

        id: UUID = Field(primary_key=True)
        article: UUID | None = Field(foreign_key="app.story.id")
        number: int = Field(sa_type=SmallInteger)
        title: str = Field(sa_type=Text)
        seal: bytes
        open: bool
        at: datetime | None = moment()
        roles: list[str] = words()
        called: str | None = Field(default=None, sa_type=Text)
        said: list[str] = Field(sa_type=ARRAY(Text), default_factory=list)

    return Story


OURS, THEIRS = story(Table), story(SQLModel)


def written(statement: Any) -> str:
    return str(statement.compile(dialect=POSTGRES()))


def test_the_table_is_the_one_that_sqlmodel_would_make() -> None:
    ours, theirs = OURS.__table__, THEIRS.__table__
    assert written(CreateTable(ours)) == written(CreateTable(theirs))
    assert [bool(column.default) for column in ours.c] == [bool(column.default) for column in theirs.c]


def test_in_a_statement_the_class_is_the_table_and_its_fields_are_the_columns() -> None:
    row = {"id": UUID(int=1), "title": "?"}
    assert written(insert(OURS).values(row)) == written(insert(THEIRS).values(row))
    assert written(select(OURS.title).where(OURS.number > 3)) == written(select(THEIRS.title).where(THEIRS.number > 3))


def test_nobody_makes_a_row_by_hand() -> None:
    with pytest.raises(TypeError, match="nobody makes one"):
        OURS(number=3)
