"""A copy of all that is kept about somebody (PIPL 45): when there is one, and what this room puts into it."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from app.core.errors import Reason, because, code
from app.core.portable import Record, shown

ROOMS: Final = (
    "accounts",
    "vault",
    "notices",
    "directory",
    "threads",
    "consultation",
    "dates",
    "appointments",
    "applications",
    "window",
    "education",
    "outreach",
    "activities",
    "quizzes",
    "contests",
    "moderation",
    "quality",
)
"""Who lists what is hers, and in which order it comes in the copy."""
WITHIN: Final = timedelta(hours=1)
"""The promise; a list usually takes less than a second."""
KEPT: Final = timedelta(days=7)
"""How long the lists are kept, from the moment she asked."""
MOST: Final = 5
"""A person, in 24 hours."""

INTRODUCTION: Final = (
    "我的个人信息副本",
    "依据《中华人民共和国个人信息保护法》第四十五条，这里是本平台保存的与您有关的信息。请妥善保管本文件："
    "任何拿到它的人都能看到其中的全部内容。",
    "打开下列页面即可阅读；data 目录中是相同内容的 JSON，schema.json 说明各字段的含义，"
    "files 目录中是您的图片、录音和文档。",
    "以下内容不在其中：您已删除的内容；他人的信息，例如您代为咨询或同意的人所写的内容；密码、验证码和令牌（本平台只保存其摘要）；"
    "工作人员履行职务的记录；只用于发送通知和防止重复提交的技术记录。",
)
"""What stands on the first page: a title, what this is, how it is read, and what is not in it."""

EXPORTS_FULL = code(
    "EXPORTS_FULL",
    zh="24 小时内最多导出 {limit} 次，请使用已生成的导出文件。",
    en="At most {limit} exports in 24 hours; please use one of those that are ready.",
    remedy="Fetch the newest one (`exportUpdates`), or ask again tomorrow.",
)


def against_many(asked: int) -> list[Reason]:
    """`asked`: how many she asked for in the last 24 hours."""
    return [because(EXPORTS_FULL, limit=MOST)] if asked >= MOST else []


KINDS: Final = {"wechat": "微信小程序", "official": "微信公众号", "sms": "手机号", "login": "工作人员登录名"}
STANDINGS: Final = {"ACTIVE": "正常", "SUSPENDED": "已停用", "CLOSED": "已注销"}
ROLES: Final = {
    "RESIDENT": "居民",
    "LAWYER": "律师",
    "SUPERVISOR": "督办人员",
    "ADMIN": "管理员",
    "AUDITOR": "审计人员",
    "SECURITY_OFFICER": "安全管理员",
    "OFFICER": "机构工作人员",
    "WINDOW_STAFF": "窗口人员",
    "MEDIATOR": "调解员",
    "NOTARY": "公证人员",
    "EDITOR": "编辑",
    "MODERATOR": "内容审核员",
    "ANALYST": "分析员",
}
PURPOSES: Final = {
    "SERVICE": "提供服务",
    "SENSITIVE": "处理敏感个人信息",
    "QUALITY_CHECK": "质量检查",
    "EDUCATION": "普法推送",
}
BANDS: Final = {"UNDER_14": "未满十四周岁", "FROM_14_TO_17": "十四至十七周岁", "ADULT": "已满十八周岁"}
RELATIONS: Final = {"CHILD": "子女", "RELATIVE": "其他亲属", "CADRE": "村（社区）干部", "OTHER": "其他受信任的人"}
MOVES: Final = {
    "ROLES": "确定职务",
    "SUSPENDED": "停用账号",
    "REINSTATED": "恢复账号",
    "TOTP_RESET": "重置第二验证因素",
    "ADMITTED": "准予加入律师名录",
    "POSTED": "确定任职机构与岗位",
}
DUTIES: Final = {
    "OFFICER": "工作人员",
    "SUPERVISOR": "机构负责人",
    "WINDOW_STAFF": "窗口工作人员",
    "MEDIATOR": "人民调解员",
    "NOTARY": "公证员",
}


class IdentityRecord(Record):
    """By what she is known."""

    known_as: str = shown("类型", "wechat (an openid), sms (a telephone, E.164) or login (a name of the staff).", KINDS)
    name: str = shown("内容", "The openid, the number or the name itself.")
    since: datetime = shown("登记时间", "Since when.")


class RoleRecord(Record):
    """What she may be, or might."""

    role: str = shown("身份", "The role, as the graph calls it.", ROLES)
    since: datetime = shown("开始时间", "Since when.")
    until: datetime | None = shown("结束时间", "Until when; null while she holds it.")


class ConsentRecord(Record):
    """A yes to a privacy notice, or its withdrawal."""

    purpose: str = shown("事项", "What it is about.", PURPOSES)
    version: int = shown("告知书版本", "The notice's version.")
    given: bool = shown("同意", "Whether she agreed; false where she took it back.")
    channel: str = shown("渠道", "The program she said it in; may be empty.")
    at: datetime = shown("时间", "When.")


class AgeRecord(Record):
    """What she said of her age."""

    band: str = shown("年龄段", "The band; no birthday is kept.", BANDS)
    at: datetime = shown("时间", "When she said it.")


class AccountRecord(Record):
    """Who she is to the house."""

    kind, title = "account", "账号"

    id: UUID = shown("编号", "The person's id.")
    standing: str = shown("状态", "ACTIVE, SUSPENDED or CLOSED.", STANDINGS)
    since: datetime = shown("首次使用", "When she was first known.")
    identities: list[IdentityRecord] = shown("登录方式", "By what she is known.")
    roles: list[RoleRecord] = shown("身份与职务", "Beyond a resident, which everybody is.")
    ages: list[AgeRecord] = shown("年龄段声明", "In the order in which she said them.")
    village: str | None = shown("所在村（社区）", "By its code, as she said it; null where she did not.")
    consents: list[ConsentRecord] = shown("同意记录", "In the order in which she gave or withdrew them.")


class DeviceRecord(Record):
    """A device on which she signed in. Where it was, nobody keeps."""

    kind, title = "device", "登录设备"

    id: UUID = shown("编号", "The session's id.")
    name: str = shown("名称", "What it calls itself.")
    since: datetime = shown("登录时间", "When it signed in.")
    seen_at: datetime = shown("最近使用", "When it last renewed its tokens.")
    ended_at: datetime | None = shown("退出时间", "When it was signed out; null where it was not.")
    ended_why: str | None = shown("退出原因", "Why.")


class DelegationRecord(Record):
    """A consent that somebody asks for another, given or held by her. What was asked by it is in the copy of the one
    it was asked for."""

    kind, title = "delegation", "代为咨询的授权"

    id: UUID = shown("编号", "Its id.")
    given: bool = shown("由我授权", "True where she gave it, false where she holds it.")
    relation: str = shown("关系", "What the delegate is to the elder.", RELATIONS)
    delegate_name: str = shown("代办人称呼", "What the delegate calls herself.")
    elder_name: str = shown("被代办人称呼", "What the delegate calls the elder.")
    phone_ending: str = shown("被代办人手机尾号", "Four digits.")
    granted_at: datetime = shown("授权时间", "Since when.")
    ended_at: datetime | None = shown("终止时间", "Until when; null while it stands.")


class GuardianshipRecord(Record):
    """A guardian's consent that a child asks, given by her or for her. It holds nothing of what the child asked."""

    kind, title = "guardianship", "监护人同意"

    id: UUID = shown("编号", "Its id.")
    given: bool = shown("由我同意", "True for the guardian, false for the child.")
    version: int = shown("告知书版本", "Of the notice on the service.")
    child_name: str = shown("孩子的称呼", "What the child calls herself.")
    phone_ending: str = shown("监护人手机尾号", "Four digits.")
    granted_at: datetime = shown("同意时间", "Since when.")
    ended_at: datetime | None = shown("终止时间", "Until when; null while it stands.")


class DecisionRecord(Record):
    """What was decided about her. Who decided and in which words is told on request: it may be about others too."""

    kind, title = "decision", "关于我的决定"

    id: UUID = shown("编号", "Its id.")
    what: str = shown("决定", "Of which kind.", MOVES)
    roles: list[str] = shown("职务", "Of ROLES: the offices she held from then on.", ROLES)
    at: datetime = shown("时间", "When.")
    institution: UUID | None = shown("任职机构", "Of POSTED: where she works from then on; null for nowhere.")
    duty: str | None = shown("岗位", "Of POSTED: as what.", DUTIES)


RECORDS: Final[tuple[type[Record], ...]] = (
    AccountRecord,
    DeviceRecord,
    DelegationRecord,
    GuardianshipRecord,
    DecisionRecord,
)
