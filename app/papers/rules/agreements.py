"""The agreement of a mediation, with all that 人民调解法第二十九条 asks for: who, about what, who answers for what,
what is to be done, how and by when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.papers.rules.contents import Content, Items, Rows, Signs, Words, dated


@dataclass(frozen=True, slots=True)
class Term:
    """What one side has to do by a day, which is the last."""

    side: str
    what: str
    due: date


@dataclass(frozen=True, slots=True)
class Agreed:
    applicants: Sequence[str]
    respondents: Sequence[str]
    facts: str
    responsibility: str
    terms: Sequence[Term]
    manner: str


def agreement_of(committee: str, number: str, day: date, agreed: Agreed) -> Content:
    parties = [("申请人", "、".join(agreed.applicants)), ("被申请人", "、".join(agreed.respondents))]
    terms = [f"{term.side}于{dated(term.due)}前（含当日）{term.what}。" for term in agreed.terms]
    return Content(
        title="人民调解协议书",
        institution=committee,
        number=number,
        day=day,
        blocks=[
            Rows(rows=parties),
            Words(heading="纠纷的主要事实、争议事项", words=[agreed.facts]),
            Words(heading="各方当事人的责任", words=[agreed.responsibility]),
            Items(heading="达成调解协议的内容和履行的期限", items=terms),
            Words(heading="履行的方式", words=[agreed.manner]),
            Words(
                words=[
                    "本协议自各方当事人签名、盖章或者按指印，人民调解员签名并加盖人民调解委员会印章之日起生效"
                    "（人民调解法第二十九条）。各方可以自生效之日起三十日内共同向人民法院申请司法确认（第三十三条）。"
                ]
            ),
            Signs(signs=["申请人（签名）：", "被申请人（签名）：", "人民调解员（签名）："]),
        ],
    )
