"""What is asked about where, in numbers alone: none of those rows is of a person or a question. And who took numbers
along."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Numeric, SmallInteger, Text
from sqlmodel import Field

from app.core.tables import Table, moment


class Demand(Table, table=True):
    """How many questions of a day were about what, counted a day after it was over and never again. Nobody reads it:
    `door.recent_demand` compares a week with it."""

    day: date = Field(primary_key=True)
    town: str = Field(primary_key=True, sa_type=Text)
    category: str = Field(primary_key=True, sa_type=Text)
    questions: int


class HotIssue(Table, table=True):
    """What was asked about much more than usual, in a town or, without one, in the city."""

    __tablename__ = "hot_issue"

    id: UUID = Field(primary_key=True)
    category: str = Field(sa_type=Text)
    town: str | None = Field(sa_type=Text)
    day: date
    """The last of the seven."""
    askers: int
    """At least so many, on a coarse scale: nothing is left to subtract."""
    times: Decimal | None = Field(sa_type=Numeric)
    """How many times as much as usual; None where it was never asked before."""
    found_at: datetime = moment()


class DemandCell(Table, table=True):
    """How often what was asked in a week that begins on a Monday: made once, and no cell is in another."""

    __tablename__ = "demand_cell"

    week: date = Field(primary_key=True)
    town: str = Field(primary_key=True, sa_type=Text)
    """Empty: all towns that have no cell of this category."""
    category: str = Field(primary_key=True, sa_type=Text)
    """Empty: all that has no other cell."""
    rest: bool = Field(primary_key=True)
    questions: int
    askers: int


class DisputeDeed(StrEnum):
    """What a committee did about disputes that many ask about."""

    VISITED = "VISITED"
    TALK_HELD = "TALK_HELD"
    NOTHING_NEEDED = "NOTHING_NEEDED"
    IN_MEDIATION = "IN_MEDIATION"


class DisputeWeek(Table, table=True):
    """A week that was looked at, and is not again: written and read by the door alone."""

    __tablename__ = "dispute_week"

    week: date = Field(primary_key=True)


class DisputeAlert(Table, table=True):
    """Many of a town asked about one type of dispute in a week; one for each committee that is competent there."""

    __tablename__ = "dispute_alert"

    id: UUID = Field(primary_key=True)
    week: date
    """The Monday that it begins with."""
    town: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    askers: int
    """At least so many, on the coarse scale."""
    committee: UUID | None
    """None where no committee is competent for the town."""
    made_at: datetime = moment()


class DisputeNote(Table, table=True):
    """What the committee did about it, each thing once."""

    __tablename__ = "dispute_note"

    alert: UUID = Field(primary_key=True)
    deed: str = Field(primary_key=True, sa_type=Text)
    committee: UUID
    noted_by: UUID
    noted_at: datetime = moment()


class Figures(StrEnum):
    """What can be taken along."""

    HOT_ISSUES = "HOT_ISSUES"
    DEMAND = "DEMAND"
    PROMISE_RECORD = "PROMISE_RECORD"


class FigureFormat(StrEnum):
    """How they are written: for spreadsheets, or for programs."""

    CSV = "CSV"
    JSON = "JSON"


class Purpose(StrEnum):
    """What figures are taken along for."""

    BRIEFING = "BRIEFING"
    PLANNING = "PLANNING"
    PUBLICATION = "PUBLICATION"
    RESEARCH = "RESEARCH"
    INSPECTION = "INSPECTION"


class FigureExport(Table, table=True):
    """That somebody took figures along; nobody changes it or takes it out."""

    __tablename__ = "figure_export"

    id: UUID = Field(primary_key=True)
    person: UUID
    figures: str = Field(sa_type=Text)
    first: date
    last: date
    purpose: str = Field(sa_type=Text)
    made_at: datetime = moment()
    day: date
    """In the city."""
    n: int = Field(sa_type=SmallInteger)
    """Which one of hers on that day."""
    format: str = Field(sa_type=Text)


class OutcomeCell(Table, table=True):
    """What came of what people were asked about in a month: made once, and no cell is in another."""

    __tablename__ = "outcome_cell"

    month: date = Field(primary_key=True)
    field: str = Field(primary_key=True, sa_type=Text)
    """A category's first level; empty: all that has no other cell."""
    way: str = Field(primary_key=True, sa_type=Text)
    """NONE: no way was taken; empty: all ways that have no cell of this field."""
    asked: int
    """In the whole month, whatever about."""
    answered: int
    askers: int
    solved: int
    under_way: int
    refused: int
    gave_up: int
    not_begun: int
