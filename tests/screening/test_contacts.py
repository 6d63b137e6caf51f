"""What a lawyer may write to an asker, and what an asker may leave out."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.screening.rules.contacts import (
    CONTACT_DETAILS,
    SOLICITATION,
    against_solicitation,
    personal_details,
)
from app.screening.rules.contacts import PersonalDetailKind as Kind

# Written for this test, honest advice included: [what a lawyer writes, why it is refused].
SENTENCES: list[tuple[str, list[str]]] = [
    (text, codes) for text, codes in json.loads(Path(__file__).with_name("solicitation.json").read_text("utf-8"))
]
LINES = ["110", "119", "120", "122", "12110", "12309", "12315", "12333", "12338", "12345", "12348", "12355", "12356"]


def codes(text: str) -> list[str]:
    return [reason.code.name for reason in against_solicitation(text, "input.body")]


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_a_lawyer_may_advise_but_neither_solicit_nor_leave_a_number(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


def test_both_sides_are_well_shown() -> None:
    assert len(SENTENCES) >= 80
    assert sum(not expected for _, expected in SENTENCES) >= 40
    assert {code for _, expected in SENTENCES for code in expected} == {CONTACT_DETAILS.name, SOLICITATION.name}


@pytest.mark.parametrize("line", [*LINES, "12377", "12378", "12389", "96110", "12388", "0391-12348"])
def test_public_lines_may_be_named(line: str) -> None:
    assert codes(f"您可以拨打{line}反映情况，电话{line}。") == []


def test_a_reason_names_the_field_and_holds_nothing_of_the_text() -> None:
    (reason,) = against_solicitation("打13800138000", "input.conclusion")
    assert (reason.code, reason.field, reason.values) == (CONTACT_DETAILS, "input.conclusion", {})


@given(st.integers(0, 10**9 - 1), st.sampled_from("3456789"), st.sampled_from(["", " ", "-", "．", "·", "  "]))
def test_no_mobile_number_slips_through_whatever_stands_between_its_digits(
    rest: int, second: str, between: str
) -> None:
    number = f"1{second}{rest:09}"
    assert codes(f"请打{between.join(number)}找我方便") == [CONTACT_DETAILS.name]
    assert codes("号码" + number.translate(str.maketrans("0123456789", "零一二三四五六七八九"))) == ["CONTACT_DETAILS"]


@given(st.integers(1, 1_260), st.integers(1, 10**8), st.integers(1949, 2030), st.integers(1, 12), st.integers(1, 28))
def test_articles_amounts_dates_and_case_numbers_are_no_contacts(
    article: int, amount: int, year: int, month: int, day: int
) -> None:
    assert codes(f"依据民法典第{article}条，应返还{amount}元，自{year}年{month}月{day}日起算。") == []
    assert codes(f"见（{year}）豫9001民初{amount % 20_000}号判决，{year}-{month:02}-{day:02} 10:30 开庭。") == []


@given(st.text(max_size=300))
def test_any_text_is_judged_once_for_either_reason(text: str) -> None:
    found = codes(text)
    assert len(found) == len(set(found))


def details(text: str) -> list[tuple[Kind, str]]:
    return [(span.kind, text[span.start : span.end]) for span in personal_details(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我电话 138 0013 8000，请回电", [(Kind.PHONE, "138 0013 8000")]),
        ("😀座机0391-6633000没人接", [(Kind.PHONE, "0391-6633000")]),
        ("他手机一三八零零一三八零零零", [(Kind.PHONE, "一三八零零一三八零零零")]),
        ("身份证11010519491231002X丢了", [(Kind.ID_NUMBER, "11010519491231002X")]),
        ("证号：110105 19491231 0021", [(Kind.ID_NUMBER, "110105 19491231 0021")]),
        ("转到6222021234567890123这张卡", [(Kind.BANK_CARD, "6222021234567890123")]),
        ("卡号 4111 1111 1111 1111", [(Kind.BANK_CARD, "4111 1111 1111 1111")]),
        (
            "我住在济源市文昌路12号院3号楼2单元501室，楼上漏水",
            [(Kind.ADDRESS, "济源市文昌路12号院3号楼2单元501室")],
        ),
        ("我家在幸福小区3号楼2单元501", [(Kind.ADDRESS, "幸福小区3号楼2单元501")]),
        ("克井镇柿槟村3组25号", [(Kind.ADDRESS, "克井镇柿槟村3组25号")]),
        (
            "张三，13800138000，110105194912310021",
            [(Kind.PHONE, "13800138000"), (Kind.ID_NUMBER, "110105194912310021")],
        ),
        ("借款138000元，2023年12月5日还，年息12%", []),
        ("（2021）豫9001民初138号判决书", []),
        ("我打过12348和12345", []),
        ("民法典第1062条，建设路派出所，地铁5号线", []),
        ("客服400-800-1234一直不接", []),
        ("", []),
    ],
)
def test_an_asker_is_shown_what_she_may_leave_out(text: str, expected: list[tuple[Kind, str]]) -> None:
    assert details(text) == expected


@given(st.text(max_size=200))
def test_spans_lie_in_the_text_in_order_and_apart(text: str) -> None:
    spans = personal_details(text)
    edges = [edge for span in spans for edge in (span.start, span.end)]
    assert edges == sorted(edges)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
