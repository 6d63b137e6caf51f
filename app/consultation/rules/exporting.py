"""What this room puts into a copy of all that is kept about somebody: what she asked and what came of it; of a lawyer,
what she answered and how she was called, without the words of those who asked."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app.consultation.rules.answering import Content
from app.core.portable import Record, shown
from app.directory.rules.taxonomy import CATEGORIES
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
}
WAITS: Final = {"WAITING": "等待回复", "ANSWERED": "已回复", "STOPPED": "已终止"}
OUTLOOKS: Final = {"STRONG": "有力", "LIKELY": "较有可能", "UNCERTAIN": "难以判断", "WEAK": "较弱"}


def category(code: str) -> str:
    """What a category is called in Chinese; the code itself where it is none any more."""
    return CATEGORIES[code].zh if code in CATEGORIES else code


def place(code: str) -> str:
    return DIVISIONS[code].name if code in DIVISIONS else code


class ArticleRecord(Record):
    """An article of law."""

    law: str = shown("法律", "The law.")
    article: str = shown("条文", "The article.")


class VersionRecord(Record):
    """An answer as it stood once."""

    at: datetime = shown("时间", "When it was delivered, changed or saved.")
    conclusion: str = shown("结论", "The answer in short.")
    basis: list[ArticleRecord] = shown("法律依据", "The articles it rests on.")
    next_steps: list[str] = shown("下一步", "What to do next, in order.")
    evidence: list[str] = shown("证据", "Evidence to collect and keep.")
    deadlines: list[str] = shown("期限", "Dates and limits not to miss.")
    text: str = shown("全文", "The full answer.")
    summary: str = shown("通俗说明", "The same in plain words.")
    outlook: str | None = shown("把握", "How good the case is.", OUTLOOKS)
    forum: str | None = shown("途径", "Where to go first, by code.")
    limit: str | None = shown("时效", "The nearest statutory limit: a number, DAY, MONTH or YEAR, and from when.")


def version(at: datetime, content: Content) -> VersionRecord:
    limit = content.limit
    said = content.model_dump(include={"conclusion", "next_steps", "evidence", "deadlines", "text", "summary"})
    return VersionRecord(
        **said,
        at=at,
        basis=[ArticleRecord(law=one.law, article=one.article) for one in content.basis],
        outlook=content.outlook,
        forum=content.forum,
        limit=" ".join(filter(None, (str(limit.amount), limit.unit, limit.begins))) if limit else None,
    )


class RatingRecord(Record):
    """What an asker made of an answer."""

    round: int = shown("轮次", "How often the question had been opened again by then.")
    stars: int = shown("星级", "1 to 5.")
    understood: bool | None = shown("看懂了", "Whether the answer was understood.")
    next_step: bool | None = shown("知道下一步", "Whether she knows what to do next.")
    solved: bool | None = shown("解决了", "Whether it solved the case.")
    comment: str | None = shown("评语", "The words.")
    rated_at: datetime = shown("评价时间", "When it was first said.")
    changed_at: datetime = shown("修改时间", "When it was last said.")


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


class WrittenAnswerRecord(Record):
    """What she, a lawyer, answered. What was asked is another's, and is not here."""

    kind, title = "writtenAnswer", "我的解答"

    id: UUID = shown("编号", "Its id.")
    question: UUID = shown("所属咨询", "The question's id.")
    delivered_at: datetime = shown("送达时间", "When it was delivered.")
    counts: bool = shown("计入承诺", "Whether it is one of the promised answers.")
    suspect: bool = shown("疑似雷同", "Whether it was too like another answer to count by itself.")
    best: bool = shown("最佳解答", "Whether its asker likes it best.")
    versions: list[VersionRecord] = shown("各版本", "As it was delivered, and each time it was changed.")
    ratings: list[RatingRecord] = shown("收到的评价", "As the asker gave it to her to read.")
    corrected: str | None = shown("更正的类别", "To what category she corrected the question's, if she did; a code.")


class AnswerDraftRecord(Record):
    """What she, a lawyer, was writing and has not delivered, or wrote before she did."""

    kind, title = "answerDraft", "解答草稿"

    question: UUID = shown("所属咨询", "The question's id.")
    version: VersionRecord = shown("内容", "As it was last saved.")


class SeatRecord(Record):
    """A seat that she, a lawyer, took."""

    kind, title = "seat", "席位"

    id: UUID = shown("编号", "Its id.")
    question: UUID = shown("所属咨询", "The question's id.")
    place: int = shown("位次", "1 to 5.")
    local: bool = shown("本地席位", "Whether it was kept for lawyers of the city.")
    claimed_at: datetime = shown("认领时间", "When she took it.")
    lease_until: datetime = shown("保留至", "Until when it was lent.")
    extended: bool = shown("已延长", "Whether she took two minutes more.")
    delivered_at: datetime | None = shown("送达时间", "When she answered.")
    counts: bool = shown("计入承诺", "Whether that answer counts.")
    ended_at: datetime | None = shown("结束时间", "When it ended without an answer.")
    ended_why: str | None = shown("结束原因", "Why, by code.")


class OfferRecord(Record):
    """A question that was offered to her, a lawyer, and by what figures she was chosen."""

    kind, title = "offer", "咨询邀请"

    question: UUID = shown("所属咨询", "The question's id.")
    category: str = shown("类别", "What it is about, in Chinese.")
    offered_at: datetime = shown("邀请时间", "When she was last called.")
    wave: int = shown("轮次", "In which wave.")
    pool: str = shown("区域", "As one of which pool.")
    until: datetime | None = shown("有效至", "Until when its brief is hers to read; null where that is not decided.")
    declined: str | None = shown("谢绝原因", "Why she declined, by code.")
    invited: str | None = shown("点名原因", "Why a seat was kept for her, by code.")
    why: dict[str, Any] = shown("依据", "The figures by which she stood where she stood.")


class ClientsRecord(Record):
    """Her list of clients: how many names it holds. The names themselves nobody has."""

    kind, title = "clients", "当事人名单"

    names: int = shown("名单人数", "How many, as keyed digests.")
    updated_at: datetime | None = shown("更新时间", "When it last changed.")


RECORDS: Final[tuple[type[Record], ...]] = (
    DraftRecord,
    QuestionRecord,
    PetitionRecord,
    ErasureRecord,
    WrittenAnswerRecord,
    AnswerDraftRecord,
    SeatRecord,
    OfferRecord,
    ClientsRecord,
)
