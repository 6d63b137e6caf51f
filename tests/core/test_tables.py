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


class Ours(Table, table=True):
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


class Theirs(SQLModel, table=True):
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


def written(statement: Any) -> str:
    return str(statement.compile(dialect=POSTGRES()))


def test_the_table_is_the_one_that_sqlmodel_would_make() -> None:
    ours: Any = Ours.__table__  # type: ignore[attr-defined]
    theirs: Any = Theirs.__table__  # type: ignore[attr-defined]
    assert written(CreateTable(ours)) == written(CreateTable(theirs))
    assert [bool(column.default) for column in ours.c] == [bool(column.default) for column in theirs.c]


def test_in_a_statement_the_class_is_the_table_and_its_fields_are_the_columns() -> None:
    row = {"id": UUID(int=1), "title": "?"}
    assert written(insert(Ours).values(row)) == written(insert(Theirs).values(row))
    assert written(select(Ours.title).where(Ours.number > 3)) == written(select(Theirs.title).where(Theirs.number > 3))


def test_nobody_makes_a_row_by_hand() -> None:
    with pytest.raises(TypeError, match="nobody makes one"):
        Ours(number=3)
