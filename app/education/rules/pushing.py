"""To whom an article may be pushed, how fast, and what they are told about why."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel

from app.accounts.models import AgeBand
from app.core.access import Role
from app.core.errors import BAD_VALUE, Reason, because, code
from app.education.rules.choosing import Why
from app.education.rules.writing import AHEAD, DIVISIONS_MAX, TOPICS
from app.places.rules import is_division

_DATA: Final = json.loads((Path(__file__).parents[1] / "data" / "campaigns.json").read_text("utf-8"))
FEWEST: Final[int] = _DATA["fewest"]
"""Nobody is told apart among fewer."""
AT_ONCE: Final[int] = _DATA["at_once"]
EVERY: Final = timedelta(seconds=_DATA["every_seconds"])
"""So many people are told in such a time, so that what people wait for is never behind."""

AUDIENCE_TOO_SMALL = code(
    "AUDIENCE_TOO_SMALL",
    zh="符合条件并同意接收的人不足 {limit} 人，不能推送。",
    en="Fewer than {limit} people who agreed to it are all that: nothing is pushed to so few.",
    remedy="Ask for less: fewer topics, divisions, roles or ages make it wider.",
)
CAMPAIGN_TIME = code(
    "CAMPAIGN_TIME",
    zh="推送时间须在现在之后、一年之内。",
    en="It is sent later than now, and within a year.",
    remedy="Send a moment in the future, or none to begin at once.",
)
CAMPAIGN_OVER = code(
    "CAMPAIGN_OVER",
    zh="推送已经结束。",
    en="This campaign is over already.",
    remedy="Nothing more is sent by it.",
)


class Audience(BaseModel):
    """What is said of nothing makes no difference."""

    topics: list[str] = []
    divisions: list[str] = []
    roles: list[Role] = []
    bands: list[AgeBand] = []


class Planned(BaseModel):
    article: UUID
    audience: Audience
    send_at: datetime | None


def against_audience(said: Audience) -> list[Reason]:
    wrong = {
        "topicIds": not set(said.topics) <= set(TOPICS),
        "divisionCodes": len(said.divisions) > DIVISIONS_MAX or not all(map(is_division, said.divisions)),
    }
    listed: dict[str, Sequence[str]] = {
        "topicIds": said.topics,
        "divisionCodes": said.divisions,
        "roles": said.roles,
        "ageBands": said.bands,
    }
    return [
        because(BAD_VALUE, f"audience.{name}")
        for name, values in listed.items()
        if wrong.get(name) or len(set(values)) < len(values)
    ]


def against_few(estimate: int) -> list[Reason]:
    return [because(AUDIENCE_TOO_SMALL, "audience", limit=FEWEST)] if estimate < FEWEST else []


def against_time(at: datetime | None, now: datetime) -> list[Reason]:
    if at is None or now < at <= now + AHEAD:
        return []
    return [because(CAMPAIGN_TIME, "sendAt")]


def why(row: Any) -> list[Why]:
    """Of a campaign (topics, divisions, roles, bands): why somebody was told."""
    told = [
        (Why.TOPIC_CHOSEN, row.topics),
        (Why.TOWN, row.divisions),
        (Why.ROLE, row.roles),
        (Why.AGE_BAND, row.bands),
    ]
    return [reason for reason, said in told if said] or [Why.NEWEST]
