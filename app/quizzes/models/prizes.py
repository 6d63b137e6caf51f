"""What a quiz gives: prizes of which there are so many, and who won which."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import LargeBinary, SmallInteger, Text
from sqlmodel import Field

from app.core.tables import Table, moment


class AwardState(StrEnum):
    WON = "WON"
    CLAIMED = "CLAIMED"
    LAPSED = "LAPSED"


class QuizPrize(Table, table=True):
    """Those with the round's own `version` are given; earlier ones are what was said before."""

    __tablename__ = "quiz_prize"

    id: UUID = Field(primary_key=True)
    round: UUID = Field(foreign_key="app.quiz_round.activity")
    version: int
    n: int = Field(sa_type=SmallInteger)
    """The first go to the best."""
    name: str = Field(sa_type=Text)
    stock: int
    taken: int
    """How many are won and not lapsed: the door's to count."""
    awarded_at: datetime | None = moment()


class QuizAward(Table, table=True):
    """Written by the door alone. Of the code by which it is fetched the digest is kept."""

    __tablename__ = "quiz_award"

    id: UUID = Field(primary_key=True)
    prize: UUID = Field(foreign_key="app.quiz_prize.id")
    round: UUID = Field(foreign_key="app.quiz_round.activity")
    person: UUID | None
    """None once she closed her account."""
    place: int
    """On the board, when prizes were given."""
    code: bytes = Field(sa_type=LargeBinary)
    state: str = Field(sa_type=Text)
    won_at: datetime = moment()
    until: datetime = moment()
    """It can be fetched until then."""
    ended_at: datetime | None = moment()
    handed_by: UUID | None
    """Who of the staff handed it out."""
