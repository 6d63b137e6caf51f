"""How many are drawn, what is masked, and what a month is."""

from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.quality.models import Soundness
from app.quality.rules import Lot, Mark, Terms, against_marks, against_some, how_many, in_order, letter, month_of
from app.screening.rules.masking import masked, masked_all

TERMS = Terms(share=0.2, least=1, workdays=5, each=3)


def lots(*numbers: float) -> list[Lot]:
    return [Lot(uuid4(), number) for number in numbers]


@pytest.mark.parametrize(
    ("numbers", "lately", "room", "many"),
    [
        ((), 0, 9, 0),
        ((0.9,), 0, 9, 1),  # one in seven days at least
        ((0.9,), 1, 9, 0),
        ((0.1, 0.15, 0.19, 0.2, 0.9), 0, 9, 3),
        ((0.1, 0.15, 0.19), 0, 2, 2),  # never more than can be done
        ((0.1,), 0, 0, 0),
    ],
)
def test_how_many_are_drawn(numbers: tuple[float, ...], lately: int, room: int, many: int) -> None:
    assert how_many(lots(*numbers), TERMS, lately, room) == many


@given(st.lists(st.floats(0, 1, exclude_max=True), max_size=50), st.integers(0, 5), st.integers(0, 20))
def test_never_more_than_there_are_or_than_can_be_done(numbers: list[float], lately: int, room: int) -> None:
    found = lots(*numbers)
    assert 0 <= how_many(found, TERMS, lately, room) <= min(room, len(found))
    by_number = {one.question: one.lot for one in found}
    assert [by_number[one] for one in in_order(found)] == sorted(numbers)


def test_of_a_thousand_about_a_fifth_is_drawn() -> None:
    even = lots(*(number / 1000 for number in range(1000)))
    assert how_many(even, TERMS, 0, 10_000) == 200


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("我电话是13912345678，谢谢", "我电话是〔电话〕，谢谢"),
        ("身份证410881199001011234", "身份证〔证件号码〕"),
        ("卡号6222021234567890123被冻结", "卡号〔银行卡号〕被冻结"),
        ("加我微信：lawyer8888", "加我〔账号〕"),
        ("材料发到zhang.san@163.com，或者 88776655＠QQ.com。", "材料发到〔邮箱〕，或者 〔邮箱〕。"),
        ("护照E12345678，对方的车豫U·1234A和豫AD12345", "护照〔编号〕，对方的车〔车牌〕和〔车牌〕"),
        ("（2024）豫1881民初12号，川菜馆，A4纸", "（2024）豫1881民初12号，川菜馆，A4纸"),
        ("２０２４年３月工资８５００元，1234号文件", "２０２４年３月工资８５００元，1234号文件"),
        ("", ""),
    ],
)
def test_numbers_by_which_somebody_is_found_are_not_shown(said: str, shown: str) -> None:
    assert masked(said) == shown


def test_every_text_of_a_document_is_looked_at() -> None:
    phone = "打13912345678"
    document = {"a": phone, "b": [phone, {"c": phone}], "n": 3, "none": None}
    assert masked_all(document) == {"a": "打〔电话〕", "b": ["打〔电话〕", {"c": "打〔电话〕"}], "n": 3, "none": None}


def test_a_month_has_a_first_day_and_a_last() -> None:
    assert month_of(date(2028, 2, 17)) == (date(2028, 2, 1), date(2028, 2, 29))
    assert month_of(date(2026, 12, 31)) == (date(2026, 12, 1), date(2026, 12, 31))


def test_each_answer_is_marked_once_and_harm_comes_of_what_is_wrong() -> None:
    good = Mark(
        letter="A", conclusion=Soundness.YES, law=True, steps=True, plain=True, deadlines=None, harm=False, note=None
    )
    also = good.model_copy(update={"letter": letter(1)})
    assert against_some([also, good], 2) == []
    assert [one.code.name for one in against_some([good, good], 2)] == ["MARK_EACH"]
    assert [one.code.name for one in against_some([good], 2)] == ["MARK_EACH"]
    partly = good.model_copy(update={"harm": True, "conclusion": Soundness.PARTLY})
    assert [one.code.name for one in against_marks([partly])] == ["BAD_VALUE"]
    wrong = partly.model_copy(update={"conclusion": Soundness.NO})
    assert against_marks([wrong]) == []
