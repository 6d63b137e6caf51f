"""Which channels there may be, and where in the tree."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import BaseModel

from app.accounts.rules.village import is_village
from app.core.errors import BAD_VALUE, BLANK, TOO_LONG, Reason, because, code
from app.core.texts import against_text, unstorable
from app.outreach.models import ChannelKind
from app.places.rules import DIVISIONS, DivisionKind

NAME: Final = (2, 40)
LINK_MAX: Final = 500
DEEPEST: Final = 6
LONGEST: Final = timedelta(days=3_660)
"""So far ahead the end of a channel may lie."""
OFFICE: Final = f"{next(one.name for one in DIVISIONS.values() if one.kind is DivisionKind.CITY)}司法局"
"""Whose name stands on a sheet where nobody says another."""

BAD_PLACE_IN_TREE = code(
    "BAD_PLACE_IN_TREE",
    zh="该类渠道不能设在这里。",
    en="A channel of this kind cannot stand there.",
    remedy="A village stands below its own town, a town at the top or below a zone or department, nothing below a "
    "person, and nothing more than six deep.",
)
DIVISION_HAS_CHANNEL = code(
    "DIVISION_HAS_CHANNEL",
    zh="该镇（村）已有渠道。",
    en="This division has a channel already.",
    remedy="Use that one, or close it first.",
)
CHANNEL_CLOSED = code(
    "CHANNEL_CLOSED",
    zh="该渠道已关闭。",
    en="This channel is closed.",
    remedy="Make another one; a closed channel stays as it is, with its figures.",
)
BAD_LINK = code(
    "BAD_LINK",
    zh="链接须为以 https:// 开头的网址；只有合作方渠道可填写。",
    en="A link is an address that begins with https://, and only a partner has one.",
    remedy="Send the address of the partner's own page, or leave it out.",
)
BAD_END = code(
    "BAD_END",
    zh="截止时间须晚于现在，最长十年。",
    en="The end lies in the future, within ten years.",
    remedy="Send another time, or leave it out.",
)


class Wanted(BaseModel):
    """A channel as the staff describe it."""

    kind: ChannelKind
    name: str
    office: str = OFFICE
    parent: UUID | None = None
    division: str | None = None
    link: str | None = None
    until: datetime | None = None


class Parent(BaseModel):
    kind: ChannelKind
    division: str | None
    path: list[UUID]


def against(wanted: Wanted, now: datetime) -> Iterator[Reason]:
    """What is wrong with it wherever it stands."""
    yield from against_said(wanted.kind, wanted.name, wanted.office, wanted.link, wanted.until, now)
    if wanted.kind in _KINDS:
        place = DIVISIONS.get(wanted.division or "")
        if wanted.kind is ChannelKind.VILLAGE and place is not None and not is_village(place.code):
            place = None
        if place is None or place.kind not in _KINDS[wanted.kind]:
            yield because(BAD_VALUE, "divisionCode")
    elif wanted.division is not None:
        yield because(BAD_VALUE, "divisionCode")


def against_said(
    kind: ChannelKind, name: str, office: str, link: str | None, until: datetime | None, now: datetime
) -> Iterator[Reason]:
    """Of what may be changed later."""
    yield from against_text(name, "name", *NAME)
    yield from against_text(office, "office", *NAME)
    if link is not None:
        yield from _against_link(kind, link)
    if until is not None and not now < until <= now + LONGEST:
        yield because(BAD_END, "until")


def against_place(wanted: Wanted, parent: Parent | None) -> Iterator[Reason]:
    """What is wrong with where it is to stand."""
    above = parent.kind if parent else None
    depth = len(parent.path) + 1 if parent else 1
    fits = above is not ChannelKind.PERSON and depth <= DEEPEST
    if wanted.kind is ChannelKind.VILLAGE:
        fits &= above is ChannelKind.TOWN and _within(wanted.division, parent)
    if wanted.kind is ChannelKind.TOWN:
        fits &= above in (None, ChannelKind.ZONE, ChannelKind.DEPARTMENT)
    if not fits:
        yield because(BAD_PLACE_IN_TREE, "parentId")


_KINDS: Final = {
    ChannelKind.TOWN: (DivisionKind.TOWN, DivisionKind.SUBDISTRICT),
    ChannelKind.VILLAGE: (DivisionKind.VILLAGE, DivisionKind.COMMUNITY),
}


def _within(division: str | None, parent: Parent | None) -> bool:
    return bool(division and parent and parent.division and division.startswith(parent.division))


def _against_link(kind: ChannelKind, link: str) -> Iterator[Reason]:
    if unstorable(link):
        yield because(BAD_VALUE, "link")
    elif not link.strip():
        yield because(BLANK, "link")
    elif len(link) > LINK_MAX:
        yield because(TOO_LONG, "link", limit=LINK_MAX)
    elif kind is not ChannelKind.PARTNER or not _is_address(link):
        yield because(BAD_LINK, "link")


def _is_address(link: str) -> bool:
    if not link.isascii() or not link.isprintable() or " " in link:
        return False
    try:
        parts = urlsplit(link)
        return parts.scheme == "https" and bool(parts.hostname) and parts.username is None and "." in parts.netloc
    except ValueError:
        return False
