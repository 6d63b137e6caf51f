"""On whose word somebody may ask for an elder."""

from collections.abc import Iterator

from pydantic import BaseModel

from app.core.errors import Reason, code
from app.core.texts import against_text

NAME = (1, 40)
LIVE_MAX = 200
"""A village cadre may ask for a whole village; nobody asks for a town."""

DELEGATION_TO_SELF = code(
    "DELEGATION_TO_SELF",
    zh="这是您自己的手机号，您可以直接提问。",
    en="This is your own number: you can ask for yourself.",
    remedy="Ask without onBehalfOf.",
)
DELEGATIONS_FULL = code(
    "DELEGATIONS_FULL",
    zh="您代为咨询的人数已达上限（{limit} 人）。",
    en="You ask on behalf of {limit} people already.",
    remedy="End one that is no longer needed.",
)
ELDER_SUSPENDED = code(
    "ELDER_SUSPENDED",
    zh="该账号已被停用，不能代为咨询。",
    en="That account is suspended; nobody can ask on its behalf.",
    remedy="Tell the person; only the service can lift it.",
)


class Names(BaseModel):
    """By what each of the two knows the other: sealed with the delegation."""

    delegate: str
    """What the delegate calls herself: 女儿小王, 轵城镇司法所."""
    elder: str
    """What she calls the elder."""
    phone: str
    """The last four digits of the elder's telephone."""


class Confirmed(BaseModel):
    """A confirmation as it was sent, for its repeats."""

    phone: str
    code: str
    relation: str
    names: Names


def against_names(delegate: str, elder: str) -> Iterator[Reason]:
    yield from against_text(delegate, "delegateName", *NAME)
    yield from against_text(elder, "elderName", *NAME)
