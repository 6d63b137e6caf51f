"""Certificates of who passed a quiz or won in a contest. They bear the name that she gave herself, and say so."""

from dataclasses import dataclass
from datetime import date

from app.papers.rules.contents import Content, Rows, Words, dated


@dataclass(frozen=True, slots=True)
class Passed:
    """`score` of `total` questions right, where `mark` were needed, on the day `on`."""

    name: str
    quiz: str
    score: int
    total: int
    mark: int
    on: date


def certificate_of(institution: str, number: str, day: date, passed: Passed) -> Content:
    return Content(
        title="法律知识竞赛合格证书",
        institution=institution,
        number=number,
        day=day,
        blocks=[
            Rows(
                rows=[
                    ("姓名", passed.name),
                    ("编号", number),
                    ("竞赛", passed.quiz),
                    ("成绩", f"共 {passed.total} 题，答对 {passed.score} 题"),
                    ("合格标准", f"答对 {passed.mark} 题"),
                    ("答题日期", dated(passed.on)),
                ]
            ),
            Words(words=["以上成绩达到合格标准，特发此证。", "姓名由本人填写，本平台未核验身份。"]),
        ],
    )


@dataclass(frozen=True, slots=True)
class Won:
    """`prize` for the entry `title` in the contest."""

    name: str
    contest: str
    title: str
    prize: str


def award_of(institution: str, number: str, day: date, won: Won) -> Content:
    return Content(
        title="作品征集获奖证书",
        institution=institution,
        number=number,
        day=day,
        blocks=[
            Rows(
                rows=[
                    ("姓名", won.name),
                    ("编号", number),
                    ("活动", won.contest),
                    ("作品", won.title),
                    ("奖项", won.prize),
                ]
            ),
            Words(words=["上述作品经评审获奖，特发此证。", "姓名由本人填写，本平台未核验身份。"]),
        ],
    )
