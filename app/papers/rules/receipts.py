"""The receipt of papers that a window took in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.papers.rules.contents import Content, Rows, Signs, Words


@dataclass(frozen=True, slots=True)
class Received:
    """What was handed over of one sort: so many originals, and so many copies beside them."""

    name: str
    originals: int
    copies: int


def receipt_of(institution: str, number: str, person: str, day: date, received: Sequence[Received]) -> Content:
    """Who brought what, when, under which number."""
    who = [("交件人", person), ("编号", number), ("接收机构", institution)]
    return Content(
        title="材料接收回执",
        institution=institution,
        number=number,
        day=day,
        blocks=[
            Rows(rows=who),
            Rows(heading="所接收的材料", rows=[(one.name, _count(one)) for one in received]),
            Words(words=["以上材料已由本机构窗口当面接收，原件核对后可以取回的，凭本回执取回。"]),
            Signs(signs=["接收人（签名）：", "交件人（签名）："]),
        ],
    )


def _count(one: Received) -> str:
    counted = (("原件", one.originals), ("复印件", one.copies))
    return "，".join(f"{name} {n} 份" for name, n in counted if n)
