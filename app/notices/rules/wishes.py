"""What people may want to be told, and which consents they are asked for: pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from app.core.access import OFFICES, Role
from app.core.errors import BAD_VALUE, Reason, because, code
from app.notices.models import NoticeKind, Template
from app.notices.rules.ladder import MANNERS, Hours, Recipient, minutes, refusal
from app.outside.post import Channel

BAD_TIME = code(
    "BAD_TIME",
    zh="时间须为 00:00 至 23:59。",
    en="A time is from 00:00 to 23:59.",
    remedy="Send hours and minutes as HH:MM.",
)
NOT_SENT_THERE = code(
    "NOT_SENT_THERE",
    zh="这类通知不通过该渠道发送。",
    en="Notices of this kind are not sent through this channel.",
    remedy="Choose among the channels that noticePreferences lists for the kind.",
)
CHANGES_AT_ONCE: Final = 100
ANSWERS_AT_ONCE: Final = 5
"""wx.requestSubscribeMessage asks for so many templates at most."""
TO_ASK_FOR: Final[Mapping[Template, int]] = {
    Template.REPLY: 3,
    Template.PROGRESS: 1,
    Template.OFFER: 5,
    Template.TASK: 3,
}
"""Of how many messages somebody should have consented to: three lawyers answer a question."""


@dataclass(frozen=True)
class Change:
    """Whether notices of a kind are wanted through a channel."""

    kind: NoticeKind
    channel: Channel
    wanted: bool


def against(changes: list[Change], quiet: tuple[str, str] | None) -> Iterator[Reason]:
    if len(changes) > CHANGES_AT_ONCE:
        yield because(BAD_VALUE, "changes")
    elif any(change.channel not in MANNERS[change.kind].channels for change in changes):
        yield because(NOT_SENT_THERE, "changes.channel")
    for name, said in zip(("quietHours.from", "quietHours.until"), quiet or (), strict=False):
        if minutes(said) is None:
            yield because(BAD_TIME, name)


def changed(refused: Iterable[str], changes: Iterable[Change]) -> list[str]:
    """What she refuses from now on, sorted; the last word on a kind and channel counts."""
    after = set(refused)
    for change in changes:
        (after.discard if change.wanted else after.add)(refusal(change.kind, change.channel))
    return sorted(after)


def hours_of(quiet: tuple[str, str]) -> Hours:
    return Hours(*(minutes(said) or 0 for said in quiet))


def expected(roles: frozenset[Role]) -> tuple[Template, ...]:
    """What somebody waits for, by what she is."""
    of_lawyers = (Template.OFFER, Template.TASK) if Role.LAWYER in roles else ()
    of_staff = (Template.TASK,) if roles & OFFICES and not of_lawyers else ()
    return (Template.REPLY, Template.PROGRESS, *of_lawyers, *of_staff)


def would_miss(template: Template, to: Recipient) -> bool:
    """Whether none of what is sent on this template would reach her outside the app, as things stand."""
    sent_as_text = any(Channel.SMS in manner.channels for manner in MANNERS.values() if manner.template is template)
    if Channel.SMS in to.channels and sent_as_text:
        return False
    return not any(
        channel in to.channels and to.consents.get((channel, template), 0)
        for channel in (Channel.MINI_PROGRAM, Channel.OFFICIAL_ACCOUNT)
    )
