"""What every table shares."""

from typing import Any

import sqlalchemy
from pydantic import ConfigDict
from sqlalchemy import DateTime, MetaData, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel
from sqlmodel.main import SQLModelMetaclass


class Declared(SQLModelMetaclass):
    """SQLModel reads the columns; of them a table is made, and no more. Nobody asks for an entity, and a mapper for
    each table would cost a process 0.15 s and 8 MB."""

    def __init__(self, name: str, bases: tuple[type, ...], said: dict[str, Any], **options: Any) -> None:
        type.__init__(self, name, bases, said)
        if options.get("table"):
            model: Any = self
            columns = {field: vars(model)[field] for field in model.model_fields}
            for field, column in columns.items():
                column.name = column.key = field
            made = sqlalchemy.Table(model.__tablename__, model.metadata, *columns.values())
            type.__setattr__(self, "__table__", made)

    def __clause_element__(self) -> sqlalchemy.Table:
        """Where a statement names the class, the table is meant."""
        table: sqlalchemy.Table = vars(self)["__table__"]
        return table


class Table(SQLModel, metaclass=Declared):
    """Ids are made in Python and nothing has a server default: RETURNING would ask a read policy too early."""

    metadata = MetaData(schema="app")
    # Rows stay rows: what Pydantic would make of each is made if it is ever asked for.
    model_config = ConfigDict(defer_build=True)  # type: ignore[assignment]


def moment(**options: Any) -> Any:
    """A column that keeps its time zone."""
    return Field(sa_type=DateTime(timezone=True), **options)


def words() -> Any:
    """A column that holds a list of short codes."""
    return Field(sa_type=ARRAY(Text))
