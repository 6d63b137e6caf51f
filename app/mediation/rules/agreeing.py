"""What an agreement has to say (人民调解法第二十八条、第二十九条), and who may say yes to what."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from pydantic import BaseModel, Field

from app.consultation.rules.answering import TOO_MANY
from app.core.errors import BAD_VALUE, BLANK, Reason, because, code
from app.core.money import BAD_AMOUNT, fen
from app.core.texts import against_text
from app.mediation.models import AgreementForm, Side
from app.mediation.rules.policy import TERMS_MAX
from app.papers.rules import agreements as papers

NOT_NOW = code(
    "NOT_NOW",
    zh="调解目前所处的阶段不能进行此项操作。",
    en="The mediation does not stand where this may be done.",
    remedy="Read the mediation again.",
)
NOT_ON_TABLE = code(
    "NOT_ON_TABLE",
    zh="该协议已生效或者已被替换，请重新查看。",
    en="This agreement has taken effect, or another took its place.",
    remedy="Read `agreement` again.",
)
NOT_YOUR_SIDE = code(
    "NOT_YOUR_SIDE",
    zh="请由对方或者调解员确认，当事人不能确认自己的义务已履行。",
    en="That it was done, says the other side or the mediator: nobody says so of what she owes herself.",
    remedy="Leave it to the other side.",
)
SAID_ALREADY = code(
    "SAID_ALREADY",
    zh="贵方已经表示过意见。",
    en="Your side has said so already.",
    remedy="Read the mediation again.",
)
NO_SESSION = code(
    "NO_SESSION",
    zh="请填写本调解委员会的调解预约。",
    en="These are no appointments for a mediation at this committee.",
    remedy="Name appointments of the service MEDIATION at the committee, or none.",
)
RECORDS_FULL = code(
    "RECORDS_FULL",
    zh="案卷记录已达 {limit} 份。",
    en="The file has {limit} sheets already.",
    remedy="Sum up in one sheet what is still to be said.",
)

YEARS = timedelta(days=3660)


class Promise(BaseModel):
    """What one side has to do until when."""

    side: Side
    what: str = Field(repr=False)
    amount: str | None = Field(default=None, repr=False)
    """Yuan."""
    due_on: date


class Agreed(BaseModel):
    """An agreement as it was asked for."""

    form: AgreementForm
    about_status: bool
    facts: str = Field(repr=False)
    responsibility: str = Field(repr=False)
    manner: str = Field(repr=False)
    terms: list[Promise]


class Between(BaseModel):
    """Whom an agreement binds, and the number of the case. The mediator knows it who draws it; neither side may open
    the form, and both read the agreement."""

    applicants: list[str] = Field(repr=False)
    respondents: list[str] = Field(repr=False)
    number: str


class AgreementSaid(BaseModel):
    """What is sealed of it."""

    facts: str = Field(repr=False)
    responsibility: str = Field(repr=False)
    manner: str = Field(repr=False)
    between: Between | None = None


class TermSaid(BaseModel):
    """What is sealed of a term."""

    what: str = Field(repr=False)
    amount: str | None = Field(default=None, repr=False)


def on_paper(said: AgreementSaid, between: Between, terms: Sequence[tuple[Side, date, TermSaid]]) -> papers.Agreed:
    """`terms`: who has to do it, until when, and what."""
    names = {Side.APPLICANT: "、".join(between.applicants), Side.RESPONDENT: "、".join(between.respondents)}
    lines = [papers.Term(names[side], _told(what), due) for side, due, what in terms]
    words = said.facts, said.responsibility
    return papers.Agreed(between.applicants, between.respondents, *words, lines, said.manner)


def _told(term: TermSaid) -> str:
    """In one sentence without its full stop."""
    what = term.what.rstrip("。．.；; ")
    return f"{what}（金额：{term.amount} 元）" if term.amount else what


def against_agreed(said: Agreed, today: date) -> Iterator[Reason]:
    """At most one reason a field."""
    yield from against_text(said.facts, "facts", 10, 3000)
    yield from against_text(said.responsibility, "responsibility", 2, 2000)
    yield from against_text(said.manner, "manner", 2, 2000)
    if not said.terms:
        yield because(BLANK, "terms")
    if len(said.terms) > TERMS_MAX:
        yield because(TOO_MANY, "terms", limit=TERMS_MAX)
        return
    for place, term in enumerate(said.terms):
        yield from against_text(term.what, f"terms.{place}.what", 2, 1000)
        if term.amount is not None and fen(term.amount) is None:
            yield because(BAD_AMOUNT, f"terms.{place}.amount")
        if not today <= term.due_on <= today + YEARS:
            yield because(BAD_VALUE, f"terms.{place}.dueOn")
