"""What this room puts into a copy of all that is kept about somebody who asked: the words, and what came of them."""

from datetime import datetime
from typing import Final
from uuid import UUID

from app.consultation.rules.exporting.parts import RatingRecord, VersionRecord
from app.core.portable import Record, shown
from app.guidance.rules.path.law import WAYS
from app.places.rules.divisions import DIVISIONS

STATUSES: Final = {
    "NEEDS_EDIT": "待修改",
    "BLOCKED": "未予发送",
    "OPEN": "进行中",
    "RESOLVED": "已解决",
    "CLOSED": "已结束",
    "WITHDRAWN": "已撤回",
    "ERASED": "已删除",
}
PETITIONS: Final = {"CALLBACK": "请求回电", "APPEAL": "申诉"}
GROUNDS: Final = {
    "offered": "收到邀请的律师（仅概要）",
    "seat": "正在解答的律师",
    "answered": "已解答的律师",
    "delegate": "代为咨询人",
    "staff": "督办人员",
    "transcription": "机器转写",
    "moderator": "审核员（仅您举报时披露的内容）",
    "moderator_for_lawyer": "审核员（仅律师举报时披露的内容）",
    "quality_check": "质量检查律师（经您同意）",
}
WAYS_TAKEN: Final = {way.value: said.name.zh for way, said in WAYS.items()}
CAME_OF: Final = {
    "SOLVED": "解决了",
    "UNDER_WAY": "正在办",
    "REFUSED": "被拒绝",
    "GAVE_UP": "放弃了",
    "NOT_BEGUN": "还没去办",
}
HINDRANCES: Final = {
    "DID_NOT_KNOW_HOW": "不知道怎么办",
    "COST": "费用太高",
    "DISTANCE": "太远",
    "NO_TIME": "没有时间",
    "PAPERS_MISSING": "材料、证据不够",
    "AFRAID": "怕得罪人、怕报复",
    "TOO_LATE": "过了期限",
    "NO_HOPE": "觉得没有用",
    "OTHER": "其他",
}
WAITS: Final = {"WAITING": "等待回复", "ANSWERED": "已回复", "STOPPED": "已终止"}


def place(code: str) -> str:
    return DIVISIONS[code].name if code in DIVISIONS else code


class AnswerRecord(Record):
    """An answer to her."""

    id: UUID = shown("编号", "Its id.")
    lawyer: str | None = shown("律师", "Who answered.")
    delivered_at: datetime = shown("送达时间", "When it was delivered.")
    counts: bool = shown("计入承诺", "Whether it is one of the promised answers.")
    best: bool = shown("最佳解答", "Whether she likes it best.")
    versions: list[VersionRecord] = shown("各版本", "As it was delivered, and each time it was changed.")
    ratings: list[RatingRecord] = shown("我的评价", "What she made of it, round by round.")


class FollowUpRecord(Record):
    """Something she asked back; its words are the message of the same id."""

    id: UUID = shown("消息编号", "The message's id.")
    lawyer: str | None = shown("向谁追问", "Null where all were asked.")
    asked_at: datetime = shown("时间", "When she asked.")
    due_at: datetime = shown("答复期限", "Until when a reply is owed.")
    state: str = shown("状态", "WAITING, ANSWERED or STOPPED.", WAITS)
    ended_at: datetime | None = shown("结束时间", "When it was answered or stopped.")


class InquiryRecord(Record):
    """Something a lawyer asked her; its words are the message of the same id."""

    id: UUID = shown("消息编号", "The message's id.")
    lawyer: str | None = shown("律师", "Who asked.")
    asked_at: datetime = shown("时间", "When.")
    replied_at: datetime | None = shown("答复时间", "When she replied.")


class EventRecord(Record):
    """One thing that happened to a question."""

    what: str = shown("事件", "As `QuestionEventKind` in the graph.")
    at: datetime = shown("时间", "When.")


class ReceiptRecord(Record):
    """A signed statement; `python -m scripts.verify_receipt FILE` verifies it."""

    document: str = shown("签名原文", "JSON; exactly these characters, in UTF-8, were signed.")
    signature: str = shown("签名", "Ed25519 over the document, in base64.")
    key_id: str = shown("公钥编号", "Which of `receiptKeys` verifies it.")


class LookRecord(Record):
    """A reading of her question by somebody else."""

    at: datetime = shown("时间", "When the key was given; once a quarter of an hour at most.")
    ground: str = shown("身份", "On what ground.", GROUNDS)
    lawyer: str | None = shown("律师", "Who, where it is a lawyer.")
    part: UUID | None = shown("打开的文件", "The file that was opened; null for what was written.")


class FollowThroughRecord(Record):
    """One time that she was asked what came of it, and what she said."""

    asked_at: datetime = shown("询问时间", "When she was asked.")
    way: str | None = shown("走了哪条路", "As `PathWay` in the graph; null for none, or not answered.", WAYS_TAKEN)
    outcome: str | None = shown("结果", "Null until she answers.", CAME_OF)
    hindrance: str | None = shown("没去办的原因", "Where nothing was begun.", HINDRANCES)
    answered_at: datetime | None = shown("回答时间", "When she first answered.")


class QuestionRecord(Record):
    """What she asked, or another did for her, with all that came of it."""

    kind, title = "question", "咨询"

    id: UUID = shown("编号", "Its id.")
    status: str = shown("状态", "Where it stands.", STATUSES)
    asked_at: datetime = shown("提问时间", "When it was asked.")
    category: str = shown("类别", "What it is about, in Chinese.")
    category_code: str = shown("类别代码", "The same by its code.")
    division: str = shown("地区", "Where it comes from.")
    division_code: str = shown("地区代码", "The same by its official code.")
    round: int = shown("重新打开次数", "How often it was opened again.")
    delegation: UUID | None = shown("代办授权", "By which delegation another asked it for her.")
    crisis: list[str] = shown("识别到的危险", "Of which danger its words told, by code.")
    body: str | None = shown("正文", "The question; empty where it is only spoken, null where it cannot be opened.")
    brief: str | None = shown("概要", "The one line that lawyers read before they take part.")
    named_lawyers: list[str] = shown("点名的律师", "Whom she chose by name.")
    opposing_party_known: bool = shown("已登记对方当事人", "Whether one is compared; the name is kept nowhere.")
    answers: list[AnswerRecord] = shown("解答", "In the order in which they were delivered.")
    helpful: list[UUID] = shown("标记为有帮助", "Answers that count because she found them helpful.")
    follow_ups: list[FollowUpRecord] = shown("追问", "What she asked back, the newest 20 and all that wait.")
    inquiries: list[InquiryRecord] = shown("律师的询问", "What she was asked, the newest 20 and all that wait.")
    events: list[EventRecord] = shown("经过", "Its log, oldest first.")
    receipt: ReceiptRecord | None = shown("承诺凭证", "The log, signed; null where it was never sent.")
    looks: list[LookRecord] = shown("谁看过", "Who else has opened it or its brief, newest first.")
    no_follow_through: bool = shown("不再询问后来", "Whether she does not want to be asked what came of it.")
    follow_through: list[FollowThroughRecord] = shown("后来怎么样", "Each time that she was asked, oldest first.")


class PetitionRecord(Record):
    """What she asked of the city's supervisors."""

    kind, title = "petition", "回电请求与申诉"

    id: UUID = shown("编号", "Its id.")
    question: UUID = shown("所属咨询", "The question.")
    what: str = shown("类型", "CALLBACK or APPEAL.", PETITIONS)
    made_at: datetime = shown("提出时间", "When.")
    due_at: datetime = shown("办理期限", "Until when it is to be done.")
    state: str = shown("状态", "OPEN, TAKEN or DONE.", {"OPEN": "待办", "TAKEN": "办理中", "DONE": "已办结"})
    outcome: str | None = shown("结果", "What came of it, by code.")
    phone: str | None = shown("电话", "Of a callback: the number.")
    window_from: datetime | None = shown("可接听时间起", "Of a callback.")
    window_to: datetime | None = shown("可接听时间止", "Of a callback.")
    note: str | None = shown("备注", "Of a callback.")
    text: str | None = shown("申诉理由", "Of an appeal.")
    disclosed: str | None = shown("提交的咨询原文", "Of an appeal: the words she let the supervisor read.")
    looks: list[LookRecord] = shown("谁看过", "Who else has opened it, newest first.")


class ErasureRecord(Record):
    """A question that was erased: that it was, and nothing of what it said."""

    kind, title = "erasure", "删除凭证"

    id: UUID = shown("编号", "Its id.")
    question: UUID = shown("原咨询编号", "The id that it had.")
    why: str = shown("原因", "ASKED, RETENTION or ACCOUNT_CLOSED.")
    asked_at: datetime = shown("原提问时间", "When the question was asked.")
    at: datetime = shown("删除时间", "When it was erased.")
    backups_until: datetime = shown("备份清除时间", "From then on no backup holds it either.")
    receipt: ReceiptRecord = shown("凭证", "The signed statement.")


class DraftRecord(Record):
    """What she is writing."""

    kind, title = "draft", "草稿"

    id: UUID = shown("编号", "Its id.")
    saved_at: datetime = shown("保存时间", "When it was last saved.")
    body: str = shown("正文", "The words.")
    category: str | None = shown("类别", "By its code.")
    division: str | None = shown("地区", "By its official code.")
    brief: str | None = shown("概要", "The one line for lawyers.")
    party: str | None = shown("对方当事人", "As she wrote it.")
    lawyers: list[str] = shown("点名的律师", "Whom she chose.")
    delegation: UUID | None = shown("代办授权", "By which she asks for another.")
    attachments: list[UUID] = shown("附件", "Files, by their ids.")
    voice: UUID | None = shown("录音", "The file in which she speaks.")
