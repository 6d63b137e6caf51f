"""What every table shares."""

from abc import ABCMeta
from typing import Any

import sqlalchemy
from sqlalchemy import DateTime, MetaData, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel
from sqlmodel.main import SQLModelMetaclass, get_column_from_field


class Declared(SQLModelMetaclass):
    """SQLModel reads the columns; of them a table is made, and no more. Nobody asks for an entity: Pydantic's model and
    SQLAlchemy's mapper of each table would cost a process 0.2 s and 10 MB."""

    def __new__(cls, name: str, bases: tuple[type, ...], said: dict[str, Any], **options: Any) -> Any:
        if not options.get("table"):
            return super().__new__(cls, name, bases, said, **options)
        columns = {field: _column(field, kind, said) for field, kind in said["__annotations__"].items()}
        made: Any = ABCMeta.__new__(cls, name, bases, said | columns)
        table = sqlalchemy.Table(made.__tablename__, made.metadata, *columns.values())
        type.__setattr__(made, "__table__", table)
        return made

    def __init__(self, name: str, bases: tuple[type, ...], said: dict[str, Any], **options: Any) -> None:
        type.__init__(self, name, bases, said)

    def __clause_element__(self) -> sqlalchemy.Table:
        """Where a statement names the class, the table is meant."""
        table: sqlalchemy.Table = vars(self)["__table__"]
        return table


def _column(field: str, kind: Any, said: dict[str, Any]) -> Any:
    info = said.get(field) or Field()
    info.annotation = kind
    column = get_column_from_field(info)
    column.name = column.key = field
    return column


class Table(SQLModel, metaclass=Declared):
    """Ids are made in Python and nothing has a server default: RETURNING would ask a read policy too early."""

    metadata = MetaData(schema="app")

    def __init__(self, **_: Any) -> None:
        raise TypeError("rows are written by statements: nobody makes one of them here")


def moment(**options: Any) -> Any:
    """A column that keeps its time zone."""
    return Field(sa_type=DateTime(timezone=True), **options)


def words() -> Any:
    """A column that holds a list of short codes."""
    return Field(sa_type=ARRAY(Text))
