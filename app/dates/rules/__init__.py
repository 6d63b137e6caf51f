"""When somebody is reminded of a day that she must not miss, and what she can do about it now. Pure.

She is told 30, 7 and 1 days before, at nine in the morning; and where offices rest on the day, on the last one before
it on which they work. The law gives her until the next working day then (民法典第二百零三条): who comes earlier loses
nothing, and who comes on that day is not told that it is over. Of what lies behind her when she keeps it she is not
reminded.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from pydantic import BaseModel

from app.core.errors import BAD_VALUE, Reason, because, code
from app.dates.models import DateSource, OwnDate
from app.guidance.rules.eligibility import Named
from app.guidance.rules.limits import LIMITS, URGENT, PeriodUnit, StatutoryLimit, last_day
from app.places.rules.workdays import CITY_TIME, Calendar, today

MOST: Final = 50
"""That somebody keeps at once."""
BEFORE: Final = (30, 7, 1)
"""Days."""
AT: Final = time(9)
FARTHEST: Final = timedelta(days=25 * 366)
"""No period of the law is longer than twenty years (民法典第一百八十八条), and it may begin later than today."""
CODES: Final = frozenset(limit.id for limit in LIMITS)
_DAY: Final = timedelta(days=1)

DATE_OVER = code(
    "DATE_OVER",
    zh="这一天已经过去，不能再提醒。期限的最后一日是休息日的，顺延到下一个工作日；期限已过的，请尽快问律师还能不能补救。",
    en="That day is over: nobody can be reminded of it. A period that ends on a rest day ends with the next working "
    "day; if it has run out, ask a lawyer soon what can be done.",
    remedy="Show `askQuestion`; keep a day that is today or later.",
)
TOO_MANY_DATES = code(
    "TOO_MANY_DATES",
    zh="最多记 {limit} 个日期，请先删掉不用的。",
    en="At most {limit} dates are kept. Please drop one that you no longer need.",
    remedy="Call dropDate for one of `myDates`.",
)
NO_LIMIT_NAMED = code(
    "NO_LIMIT_NAMED",
    zh="这份解答没有写明期限多长，请自己填写日期。",
    en="This answer does not name how long the period is. Please give the day yourself.",
    remedy="Offer answers whose `content.limit` is not null; send `own` for others.",
)
ONE_OF_THREE = code(
    "ONE_OF_THREE",
    zh="请在法定期限、律师指出的期限和自己的日期中选一项。",
    en="Choose one: a period of the law, one that a lawyer named, or a day of your own.",
    remedy="Send exactly one of `limit`, `answer` and `own`.",
)


class Period(BaseModel):
    """As a lawyer named it in an answer."""

    amount: int
    unit: PeriodUnit


class Said(BaseModel):
    """What a date is about, as it is sealed."""

    source: DateSource
    day: date
    """Until when it can be done, this day included."""
    since: date | None = None
    """From when the period runs; None of a day of her own."""
    limit: str | None = None
    """The code of a period of the law."""
    period: Period | None = None
    question: UUID | None = None
    """Whose answer named the period."""
    kind: OwnDate | None = None

    @property
    def law(self) -> StatutoryLimit | None:
        """None where it is no period of the law, or the law has it no more."""
        return next((limit for limit in LIMITS if limit.id == self.limit), None)

    @property
    def is_limit(self) -> bool:
        """Whether a right is lost, or can no longer be enforced, once it is over."""
        return self.kind is None or self.kind in (OwnDate.FILING, OwnDate.APPEAL)

    def on(self, day: date) -> "Said":
        """The same with another beginning; of a day of her own, another day. OverflowError beyond the year 9999."""
        if self.kind is not None:
            return self.model_copy(update={"day": day})
        return self.model_copy(update={"since": day, "day": self._runs_out(day)})

    def _runs_out(self, since: date) -> date:
        if self.period is not None:
            return last_day(self.period.amount, self.period.unit, since)
        # What the law has no more stays as long as it was.
        return law.last_day(since) if (law := self.law) is not None else since + (self.day - (self.since or self.day))


def against(said: Said, now: datetime) -> Iterator[Reason]:
    left = said.day - today(now)
    if left < timedelta():
        yield because(DATE_OVER)
    elif left > FARTHEST:
        yield because(BAD_VALUE)


def over(day: date) -> datetime:
    """When that day is over in the city."""
    return datetime.combine(day + _DAY, time.min, CITY_TIME)


def day_of(ends_at: datetime) -> date:
    return today(ends_at) - _DAY


def last_workday(day: date, calendar: Calendar) -> date:
    """The day itself, or the last before it on which offices work."""
    while not calendar.is_workday(day):
        day -= _DAY
    return day


def is_over(said: Said, today: date, calendar: Calendar) -> bool:
    """A period that ends on a day on which offices rest can be kept on the next one on which they work."""
    day = said.day
    while said.is_limit and not calendar.is_workday(day):
        day += _DAY
    return day < today


def is_urgent(said: Said, today: date, calendar: Calendar) -> bool:
    """Less than seven days are left of a period (法律援助法第四十四条)."""
    return said.is_limit and (said.day - today).days < URGENT and not is_over(said, today, calendar)


def reminders(day: date, calendar: Calendar) -> list[date]:
    """On which days she is told, the earliest first."""
    days = {day - before * _DAY for before in BEFORE}
    if (open_until := last_workday(day, calendar)) < day:
        days.add(open_until)
    return sorted(days)


def morning(day: date) -> datetime:
    return datetime.combine(day, AT, CITY_TIME)


def ahead(day: date, now: datetime, calendar: Calendar) -> list[date]:
    return [one for one in reminders(day, calendar) if morning(one) > now]


def is_near(day: date, now: datetime, calendar: Calendar) -> bool:
    """Whether the first reminder of it is due, and it is not over."""
    return morning(reminders(day, calendar)[0]) <= now < over(day)


class Advice(StrEnum):
    """What can be done about it now."""

    ASK_LAWYER = "ASK_LAWYER"
    APPLY_FOR_LEGAL_AID = "APPLY_FOR_LEGAL_AID"
    LEGAL_AID_IN_ADVANCE = "LEGAL_AID_IN_ADVANCE"
    ASK_WHAT_IS_LEFT = "ASK_WHAT_IS_LEFT"


WORDS: Final = {
    Advice.ASK_LAWYER: Named(
        "不清楚怎么办的，现在就免费向律师提问。", "If you are not sure what to do, ask a lawyer now, for nothing."
    ),
    Advice.APPLY_FOR_LEGAL_AID: Named(
        "请不起律师的，可以申请法律援助，请早点申请。", "If you cannot pay for a lawyer, apply for legal aid early."
    ),
    Advice.LEGAL_AID_IN_ADVANCE: Named(
        "距离期限届满不足七日：请马上申请法律援助，法律援助机构可以决定先行提供。",
        "Less than seven days are left: apply for legal aid at once; it may be given before it is decided on.",
        article="44",
    ),
    Advice.ASK_WHAT_IS_LEFT: Named(
        "期限过了，也请尽快问律师：有的期限可以中止、中断或者申请顺延。",
        "Even if it is over, ask a lawyer soon: some periods stand still, begin anew or can be extended.",
    ),
}
"""Each with its article of the Legal Aid Law, where it rests on one."""


def advice(said: Said, today: date, calendar: Calendar) -> list[Advice]:
    if is_over(said, today, calendar):
        return [Advice.ASK_WHAT_IS_LEFT] if said.is_limit else []
    hasty = is_urgent(said, today, calendar)
    return [Advice.ASK_LAWYER, Advice.LEGAL_AID_IN_ADVANCE if hasty else Advice.APPLY_FOR_LEGAL_AID]


OWN: Final = {
    OwnDate.HEARING: Named("开庭、仲裁庭审或者调解会", "A hearing"),
    OwnDate.EVIDENCE: Named("提交证据", "Handing in evidence"),
    OwnDate.FILING: Named("起诉、申请仲裁或者复议", "Suing, or applying for arbitration or review"),
    OwnDate.APPEAL: Named("上诉", "Appealing"),
    OwnDate.PERFORMANCE: Named("付款或者履行", "Paying or performing"),
    OwnDate.PAPERS: Named("补交材料", "Handing in missing papers"),
    OwnDate.OTHER: Named("其他要办的事", "Something else"),
}
_UNITS: Final = {
    PeriodUnit.DAYS: ("日", "day"),
    PeriodUnit.MONTHS: ("个月", "month"),
    PeriodUnit.YEARS: ("年", "year"),
}


def about(said: Said) -> Named:
    """What has to be done by then."""
    if said.kind is not None:
        return OWN[said.kind]
    if (period := said.period) is not None:
        many, (zh, en) = period.amount, _UNITS[period.unit]
        length = f"{many} {en}{'s' if many > 1 else ''}"
        return Named(f"律师指出的期限（{many}{zh}）", f"A period that a lawyer named ({length})")
    if (law := said.law) is not None:
        return law.about
    return Named("法定期限", "A period of the law")
