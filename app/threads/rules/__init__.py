"""How fast one may write, how far unread messages are counted, and what is in a copy of what was said."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Final
from uuid import UUID

from app.core.errors import code
from app.core.portable import Record, shown
from app.threads.rules.consulting import ConsultationRecord

A_MINUTE: Final = 20
"""Messages that one person may send within a minute, whatever they are about."""
MINUTE: Final = timedelta(minutes=1)
COUNTED: Final = 99
"""Unread ones are not counted beyond this: a client shows "99+"."""

TOO_FAST = code(
    "TOO_FAST",
    zh="消息发送过于频繁，请在 {seconds} 秒后再试。",
    en="That was too many messages; please try again in {seconds} seconds.",
    remedy="Keep the text, wait that long, and send it again with the same idempotency key.",
)


def seconds_to_wait(sent: Sequence[datetime], now: datetime) -> int:
    """How long until one more may be sent, 0 for at once; `sent` are the last ones, newest first."""
    if len(sent) < A_MINUTE:
        return 0
    return max(0, ceil((sent[A_MINUTE - 1] + MINUTE - now).total_seconds()))


MESSAGES: Final = {
    "FOLLOW_UP": "追问",
    "THANKS": "补充说明",
    "REPLY": "律师回复",
    "INQUIRY": "律师询问",
    "INFORMATION": "答复询问",
    "CONSULTATION": "向机构咨询",
    "CONSULTATION_REPLY": "机构回复",
}


class MessageRecord(Record):
    """Something that was said about a question of hers; or by her, a lawyer, about another's."""

    kind, title = "message", "消息"

    id: UUID = shown("编号", "Its id.")
    about: UUID = shown("所属咨询", "The question, or the consultation with an institution.")
    what: str = shown(
        "类型", "FOLLOW_UP, THANKS, REPLY, INQUIRY, INFORMATION, CONSULTATION or CONSULTATION_REPLY.", MESSAGES
    )
    mine: bool = shown("由我发送", "Whether she said it herself.")
    from_asker: bool = shown("咨询人一方", "Whether the asker speaks, or one who asks for her.")
    lawyer: str | None = shown("律师", "Who speaks, where it is a lawyer.")
    addressee: str | None = shown("发送给", "The lawyer who is spoken to; null where all are, or the asker is.")
    regards: UUID | None = shown("回复的消息", "The message that it replies to, if to one.")
    sent_at: datetime = shown("时间", "When.")
    text: str = shown("内容", "The words; empty where it is only spoken.")


class ReadMarkRecord(Record):
    """How far she marked a conversation as read."""

    kind, title = "readMark", "阅读进度"

    about: UUID = shown("所属咨询", "The question.")
    up_to: UUID = shown("读到的消息", "The last message she marked.")
    at: datetime = shown("时间", "When she did.")


RECORDS: Final[tuple[type[Record], ...]] = (MessageRecord, ReadMarkRecord, ConsultationRecord)
