"""What this room hands to a person who wants a copy of all that is kept about her (PIPL 45)."""

from datetime import datetime
from typing import Final
from uuid import UUID

from app.core.portable import Record, shown


class NoticeRecord(Record):
    """Something she was told in the app."""

    kind, title = "notice", "通知"

    id: UUID = shown("编号", "Its id.")
    what: str = shown("类型", "Its kind, as the graph calls it.")
    headline: str = shown("标题", "Its headline, in Chinese.")
    text: str = shown("内容", "Its words, in Chinese.")
    about: UUID = shown("相关事项", "What it is about.")
    at: datetime = shown("时间", "When it was told.")
    read_at: datetime | None = shown("阅读时间", "When it was marked as read; null where it was not.")


class DeliveryRecord(Record):
    """A message that was to reach her by WeChat or as a text."""

    kind, title = "delivery", "外发消息"

    id: UUID = shown("编号", "Its id.")
    what: str = shown("类型", "The kind of its notice, or DIGEST.")
    channel: str = shown("渠道", "MINI_PROGRAM, OFFICIAL_ACCOUNT or SMS.")
    state: str = shown("状态", "What became of it, as the graph calls it.")
    at: datetime = shown("时间", "When it was written down.")
    sent_at: datetime | None = shown("发送时间", "When it was handed to the provider; null where it was not.")


class MessageConsentRecord(Record):
    """A consent she gave WeChat to one message, or to messages of a template."""

    kind, title = "messageConsent", "消息订阅"

    id: UUID = shown("编号", "Its id.")
    channel: str = shown("渠道", "MINI_PROGRAM or OFFICIAL_ACCOUNT.")
    template: str = shown("模板", "To which messages.")
    at: datetime = shown("时间", "When it was given.")
    ended_at: datetime | None = shown("结束时间", "When it was taken back; null where it was not.")


class NoticePreferenceRecord(Record):
    """What she does not want to be told, and when not."""

    kind, title = "noticePreference", "通知偏好"

    quiet_from: int | None = shown("免打扰开始", "Minute of the day, China Standard Time; null where she set none.")
    quiet_until: int | None = shown("免打扰结束", "Minute of the day, China Standard Time; null where she set none.")
    refused: list[str] = shown("不接收", "Kinds and channels, as KIND:CHANNEL.")
    at: datetime = shown("时间", "When she last said so.")


RECORDS: Final[tuple[type[Record], ...]] = (
    NoticeRecord,
    DeliveryRecord,
    MessageConsentRecord,
    NoticePreferenceRecord,
)
