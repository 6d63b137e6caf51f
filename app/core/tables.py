"""What every table shares."""

from typing import Any

from pydantic import ConfigDict
from sqlalchemy import DateTime, MetaData, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel


class Table(SQLModel):
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
