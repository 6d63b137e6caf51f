"""What this room puts into a copy of all that is kept about somebody: how she stands in the directory, or wants to."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from app.core.portable import Record, shown

STATES: Final = {"OPEN": "待审核", "APPROVED": "已通过", "REFUSED": "未通过", "WITHDRAWN": "已撤回"}
STANDINGS: Final = {"ACTIVE": "执业", "SUSPENDED": "暂停", "LEFT": "已离开"}
AVAILABILITIES: Final = {"AVAILABLE": "可接单", "ON_DUTY": "值班", "AWAY": "离开"}
POOLS: Final = {"LOCAL": "本地", "PROVINCE": "本省", "NATION": "全国"}
GENDERS: Final = {"FEMALE": "女", "MALE": "男"}


class LawyerRecord(Record):
    """Her entry in the directory, with the figures by which she is called."""

    kind, title = "lawyer", "律师名录"

    id: UUID = shown("编号", "The person's id.")
    licence: str = shown("执业证号", "The number of her licence.")
    position: str = shown("职称", "What she is called.")
    name: str = shown("姓名", "Her name.")
    firm: str = shown("律师事务所", "Her firm's name.")
    pool: str = shown("区域", "LOCAL, PROVINCE or NATION.", POOLS)
    specialties: list[str] = shown("专业领域", "Codes of the first level of `categories`.")
    divisions: list[str] = shown("服务地区", "Official codes.")
    languages: list[str] = shown("语言", "Languages and dialects.")
    gender: str = shown("性别", "FEMALE or MALE.", GENDERS)
    practising_since: date = shown("执业起始", "Since when, as far as the licence says.")
    introduction: str = shown("简介", "What everybody may read of her.")
    standing: str = shown("状态", "ACTIVE, SUSPENDED or LEFT.", STANDINGS)
    availability: str = shown("接单状态", "What she said of herself last.", AVAILABILITIES)
    requestable: bool = shown("可被点名", "Whether askers may choose her by name.")
    seen_at: datetime | None = shown("最近在线", "When she was last there.")
    snoozed_until: datetime | None = shown("免打扰至", "Until when she is not called.")
    offered_at: datetime = shown("最近被呼叫", "When she was last called.")
    seats_ended: int = shown("已结束席位", "Seats of hers that ended, kept or not.")
    seats_kept: int = shown("守约席位", "Those on which she answered or that she gave back in time.")
    reply_seconds: int | None = shown("回复用时（秒）", "Her usual time to an answer.")
    rated: int = shown("被评价数", "Answers of hers that were rated.")
    liked: int = shown("好评数", "Those with four stars or five.")
    rating_lower: float | None = shown("好评率下限", "The lower end of its 95 % interval (Wilson).")


class OpenedRecord(Record):
    """An opening by somebody else."""

    at: datetime = shown("时间", "When; once a quarter of an hour at most.")
    part: UUID | None = shown("打开的图片", "The file that was opened; null for what was written.")


class ApplicationRecord(Record):
    """Her wish to be a lawyer of the directory."""

    kind, title = "application", "律师入驻申请"

    id: UUID = shown("编号", "Its id.")
    state: str = shown("状态", "OPEN, APPROVED, REFUSED or WITHDRAWN.", STATES)
    made_at: datetime = shown("申请时间", "When she applied.")
    decided_at: datetime | None = shown("决定时间", "When it was decided or taken back.")
    reason: str | None = shown("理由", "Why it was decided so.")
    kept_until: datetime | None = shown("材料保存至", "When what she sent is destroyed.")
    name: str | None = shown("姓名", "As she wrote it; null, like what follows, once it was destroyed.")
    licence: str | None = shown("执业证号", "As she wrote it.")
    firm: str | None = shown("律师事务所", "As she wrote it.")
    specialties: list[str] | None = shown("专业领域", "Codes of the first level of `categories`.")
    division: str | None = shown("所在地区", "Where in the city her firm is, by code.")
    languages: list[str] | None = shown("语言", "As she wrote them.")
    introduction: str | None = shown("简介", "As she wrote it.")
    opened: list[OpenedRecord] = shown("管理员查阅记录", "When an administrator opened it.")


RECORDS: Final[tuple[type[Record], ...]] = (LawyerRecord, ApplicationRecord)
