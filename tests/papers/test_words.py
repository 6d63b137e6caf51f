"""What papers say of a form: every field by its name, every choice in words, every step's paper whole."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, ClassVar, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest

from app.applications.models import ApplicationKind, Move
from app.applications.rules.forms import FORMS
from app.applications.rules.papers import PAPERS, Facts, content
from app.applications.rules.papers.telling import told
from app.papers.models import PaperKind
from app.papers.rules.agreements import Agreed, Term, agreement_of
from app.papers.rules.contents import Content, Rows, Words
from app.papers.rules.receipts import Received, receipt_of
from tests.applications.forms import filled, form_of
from tests.papers.reading import read
from tests.papers.test_press import pdf_of

DAY = date(2026, 11, 28)


def kinds_within(hint: Any) -> Iterator[type]:
    """The types that a field may hold, whatever they are wrapped in."""
    if get_origin(hint) is Annotated or get_origin(hint) in (tuple, UnionType) or isinstance(hint, UnionType):
        for one in get_args(hint)[: 1 if get_origin(hint) is Annotated else None]:
            yield from kinds_within(one)
    elif isinstance(hint, type) and hint is not NoneType:
        yield hint


def parts_of(kind: type) -> dict[str, type]:
    return {
        name: part
        for name, hint in get_type_hints(kind).items()
        if get_origin(hint) is not ClassVar
        for part in kinds_within(hint)
        if name in {one.name for one in fields(kind)}
    }


@pytest.mark.parametrize("kind", ApplicationKind)
def test_every_field_has_a_name_and_every_choice_is_told(kind: ApplicationKind) -> None:
    papers = PAPERS[kind]
    named = {part.name: set(part.fields) for part in papers.form}
    expected: dict[str, set[str]] = {}
    chosen: set[type[Enum]] = set()

    def look(part: type) -> None:
        for one in parts_of(part).values():
            if issubclass(one, Enum):
                chosen.add(one)
            elif is_dataclass(one):
                look(one)

    look(FORMS[kind])
    for name, part in parts_of(FORMS[kind]).items():
        inside = parts_of(part) if is_dataclass(part) else {name: part}
        expected[name] = {field for field, one in inside.items() if one is not UUID}
    assert named == expected
    for enum in chosen:
        assert set(papers.options[enum.__name__]) == set(enum.__members__), enum


@pytest.mark.parametrize("kind", ApplicationKind)
def test_every_paper_of_every_step_is_whole(kind: ApplicationKind) -> None:
    papers = PAPERS[kind]
    assert {PaperKind.APPLICATION_FORM, PaperKind.APPLICATION_RECEIPT} <= {line.kind for line in papers.of(Move.SUBMIT)}
    facts = Facts(
        "王建国", "20261128-ABCD2345", DAY, "请求支付劳动报酬", "示例法律援助中心", DAY, DAY, "理由一。\n理由二。"
    )
    empty = FORMS[kind]()
    for line in papers.lines:
        made = content(papers, line, facts, empty)
        said = made.model_dump_json()
        assert "{" not in "".join(line.title + made.institution)
        assert not {word for block in made.blocks if isinstance(block, Words) for word in block.words if "{" in word}
        assert ("理由一。" in said) is bool(line.reason)
        assert (made.addressee == "王建国：") is line.to_applicant
        assert Content.model_validate_json(said) == made


FAVOURS = {Move.GRANT, Move.GRANT_IN_ADVANCE, Move.OVERTURN}


@pytest.mark.parametrize("kind", ApplicationKind)
def test_a_decision_against_somebody_says_where_she_can_turn(kind: ApplicationKind) -> None:
    decisions = [line for line in PAPERS[kind].lines if line.kind is PaperKind.DECISION]
    against = [line for line in decisions if not FAVOURS.issuperset(line.moves)]
    assert against
    for line in against:
        assert "可以" in "".join(line.after) or line.reason == "理由和其他途径", line.title


def test_who_objected_in_vain_is_told_of_reconsideration_and_the_court() -> None:
    (line,) = PAPERS[ApplicationKind.LEGAL_AID].of(Move.UPHOLD)
    assert all(said in "".join(line.after) for said in ("六十日", "行政复议", "六个月", "行政诉讼", "第四十九条"))


def test_what_a_window_took_in_and_what_two_agreed_on_is_on_paper() -> None:
    got = [Received("身份证", originals=0, copies=1), Received("工资欠条", originals=1, copies=2)]
    receipt = receipt_of("示例法律援助中心", "20261128-ABCD2345", "王建国", DAY, [*got, Received("照片", 3, 0)])
    rows = [row for block in receipt.blocks if isinstance(block, Rows) for row in block.rows]
    assert rows[-3:] == [("身份证", "复印件 1 份"), ("工资欠条", "原件 1 份，复印件 2 份"), ("照片", "原件 3 份")]
    term = Term("某公司", "支付工资 26800.50 元", date(2026, 12, 31))
    agreed = Agreed(["王建国", "李红"], ["某公司"], "拖欠工资。", "某公司认可。", [term], "银行转账。")
    said = agreement_of("示例人民调解委员会", "20261128-ABCD2345", DAY, agreed)
    found = read(pdf_of(PaperKind.MEDIATION_AGREEMENT, said)).text
    for words in (
        "王建国、李红",
        "某公司于2026年12月31日前（含当日）支付工资26800.50元。",
        "银行转账。",
        "示例人民调解委员会（印章）",
    ):
        assert words in found
    assert "材料接收回执" in read(pdf_of(PaperKind.PAPERS_RECEIPT, receipt)).text


def test_a_form_of_legal_aid_is_told_to_its_last_word() -> None:
    papers, said = PAPERS[ApplicationKind.LEGAL_AID], form_of(filled())
    (line,) = [line for line in papers.of(Move.SUBMIT) if line.form]
    facts = Facts("王建国", "20261128-ABCD2345", DAY, "", "示例法律援助中心", DAY, None, None)
    rows = [row for block in content(papers, line, facts, said).blocks if isinstance(block, Rows) for row in block.rows]
    for part in filter(None, (said.applicant, said.agent, said.case, *said.opponents, said.means)):
        for one in fields(part):
            value = told(getattr(part, one.name), papers.options)
            assert not value or value in {answer for _, answer in rows}, one.name
    assert ("人员类别", "进城务工人员") in rows
    assert ("标的金额（元）", "26800.50") in rows
    assert ("材料类别", "人员类别证明") in rows
    assert ("同意核查时共享本人信息", "是") in rows
    assert ("期限届满日", "2027年3月1日") in rows
