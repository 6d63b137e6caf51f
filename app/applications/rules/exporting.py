"""What this room puts into a copy of all that is kept about somebody."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app.applications.rules.machine import MACHINES
from app.core.portable import Record, shown

KINDS: Final = {kind.value: machine.words.zh for kind, machine in MACHINES.items()}
STATES: Final = {state.value: words.zh for machine in MACHINES.values() for state, words in machine.states.items()}
MOVES: Final = {row.move.value: row.zh for machine in MACHINES.values() for row in machine.rows}
ASSIGNMENTS: Final = {
    "OFFERED": "待答复",
    "ACCEPTED": "办理中",
    "DECLINED": "未接受",
    "LAPSED": "逾期未答复",
    "ENDED": "已终止",
    "DONE": "已办结",
}
READERS: Final = {"staff": "承办人", "supervisor": "机构负责人", "assigned": "承办律师", "delegate": "代办人"}


class ReadingRecord(Record):
    """An opening by somebody else."""

    at: datetime = shown("时间", "When; once a quarter of an hour at most.")
    basis: str = shown("身份", "On what ground.", READERS)
    part: UUID | None = shown("打开的文件", "The file that was opened; null for what was written.")


class StepRecord(Record):
    """A step that was made."""

    id: UUID = shown("编号", "Its id; files that came with it name it.")
    move: str = shown("事项", "What was done.", MOVES)
    after: str = shown("此后状态", "Where it stood since.", STATES)
    at: datetime = shown("时间", "When.")
    reason: str | None = shown("说明", "In the words of who did it.")


class ServiceApplicationRecord(Record):
    """What she applied for, or another for her."""

    kind, title = "service_application", "服务申请"

    id: UUID = shown("编号", "Its id.")
    what: str = shown("类别", "For what.", KINDS)
    receipt: str = shown("受理编号", "Its number.")
    institution: UUID = shown("机构", "The institution it is with, by its id in the register.")
    state: str = shown("状态", "Where it stands.", STATES)
    submitted_at: datetime = shown("提交时间", "When it was sent.")
    due_at: datetime | None = shown("期限", "Until when something is to be done; null where nothing runs.")
    said: dict[str, Any] | None = shown("申请内容", "The form as she sent it, or last changed it.")
    steps: list[StepRecord] = shown("办理过程", "Its steps, in their order.")
    opened: list[ReadingRecord] = shown("查阅记录", "When others opened it.")


class ApplicationDraftRecord(Record):
    """What she is writing before she applies."""

    kind, title = "application_draft", "申请草稿"

    id: UUID = shown("编号", "Its id.")
    what: str = shown("类别", "For what.", KINDS)
    saved_at: datetime = shown("保存时间", "When it was last saved.")
    said: dict[str, Any] | None = shown("内容", "As far as she wrote it.")


class AssignmentRecord(Record):
    """A case that was offered to her as a lawyer. What it says is in the copy of who applied."""

    kind, title = "assignment", "法律援助指派"

    id: UUID = shown("编号", "Its id.")
    what: str = shown("类别", "For what was applied.", KINDS)
    state: str = shown("结果", "What came of it.", ASSIGNMENTS)
    offered_at: datetime = shown("指派时间", "When it was offered.")
    answered_at: datetime | None = shown("答复时间", "When she answered.")
    ended_at: datetime | None = shown("结束时间", "When it ended for her.")


RECORDS: Final[tuple[type[Record], ...]] = (ServiceApplicationRecord, ApplicationDraftRecord, AssignmentRecord)
