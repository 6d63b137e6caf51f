"""What this room puts into a copy of all that is kept about somebody: the days that she must not miss."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from app.core.portable import Record, shown
from app.dates.rules import OWN

SOURCES: Final = {"LIMIT": "法定期限", "ANSWER": "律师解答", "OWN": "自己记的"}


class KeptDateRecord(Record):
    """A day that she keeps, and is reminded of."""

    kind, title = "kept_date", "记下的日期"

    id: UUID = shown("编号", "Its id.")
    source: str = shown("来源", "From where she has it.", SOURCES)
    about: str = shown("事项", "What has to be done by then.")
    limit: str | None = shown("期限代码", "The code of a period of the law, as `statutoryLimits` has it.")
    own: str | None = shown("类别", "Of a day of her own: what it is for.", {kind: OWN[kind].zh for kind in OWN})
    question: UUID | None = shown("咨询", "The question under which a lawyer named the period.")
    since: date | None = shown("起算日", "From when the period runs.")
    day: date = shown("日期", "The last day for it.")
    kept_at: datetime = shown("记下时间", "When she kept it.")


RECORDS: Final[tuple[type[Record], ...]] = (KeptDateRecord,)
