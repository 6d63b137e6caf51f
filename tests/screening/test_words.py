"""Closing thanks, what must be stopped or reworded, and the names of opposing parties."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.screening.rules import unlawful
from app.screening.rules.closing import closes
from app.screening.rules.parties import NAME_MAX, against_party, party_digest
from app.screening.rules.unlawful import Verdict, screen

HERE = Path(__file__).parent
CLOSING: dict[str, list[str]] = json.loads((HERE / "closing.json").read_text("utf-8"))
SCREENED: list[tuple[str, str]] = [tuple(row) for row in json.loads((HERE / "unlawful.json").read_text("utf-8"))]
SECRET = bytes(range(32))


def digest(name: str) -> bytes:
    return party_digest(name, SECRET)


@pytest.mark.parametrize("text", CLOSING["closes"])
def test_a_closing_thanks_asks_for_no_reply(text: str) -> None:
    assert closes(text)


@pytest.mark.parametrize("text", CLOSING["goes on"])
def test_what_asks_doubts_or_tells_something_new_is_answered(text: str) -> None:
    assert not closes(text)


@given(st.text(max_size=200))
def test_any_follow_up_is_judged_and_a_question_mark_never_closes(text: str) -> None:
    closes(text)
    assert not closes(f"谢谢{text}?")


@pytest.mark.parametrize(("text", "verdict"), SCREENED)
def test_offers_are_stopped_the_rest_is_reworded_and_questions_pass(text: str, verdict: str) -> None:
    found = screen(text)
    assert found.verdict == verdict
    assert (found.reason is None) is (found.verdict is Verdict.PASS) is (found == unlawful.PASSED)
    assert all(text[start:end].strip() for start, end in found.spans)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("出售冰毒，货到付款", unlawful.UNLAWFUL_CONTENT),
        ("装修公司免费量房，欢迎来电", unlawful.ADVERTISEMENT),
        ("https://www.example.com/a", unlawful.ONLY_LINKS),
        ("垃圾律师，滚", unlawful.ONLY_INSULTS),
        ("在吗", unlawful.NO_QUESTION),
    ],
)
def test_each_verdict_says_why(text: str, reason: object) -> None:
    assert screen(text).reason is reason


def test_an_asker_sees_which_words_to_change() -> None:
    text = "您好！专业讨债，联系电话 138 0013 8000"
    assert [text[start:end] for start, end in screen(text).spans] == ["专业讨债", "联系电话 138 0013 8000"]


def test_enough_is_shown_of_every_kind() -> None:
    assert len(CLOSING["closes"]) + len(CLOSING["goes on"]) >= 50
    assert len(SCREENED) >= 60
    assert all(sum(verdict == kind for _, verdict in SCREENED) >= 20 for kind in Verdict)


@given(st.text(max_size=200))
def test_any_text_is_screened_and_its_spans_lie_in_it(text: str) -> None:
    found = screen(text)
    edges = [edge for span in found.spans for edge in span]
    assert edges == sorted(edges)
    assert all(0 <= edge <= len(text) for edge in edges)


FIRM = "济源市宏达建筑工程有限公司"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (FIRM, "宏达建筑工程有限公司（济源）"),
        (FIRM, "河南省济源市宏达建筑工程有限责任公司"),
        (FIRM, "济源宏达建筑工程公司"),
        (FIRM, "济源宏达建筑工程"),
        (FIRM, "济源市 宏达建筑工程 有限公司"),
        (FIRM, "济源市宏达建筑工程有限公司郑州分公司"),
        (FIRM, "宏达建筑工程股份有限公司"),
        # In two cities: a false hit costs one offer, a miss a conflict of interest.
        (FIRM, "洛阳宏达建筑工程有限公司"),
        ("宏达集团有限公司", "宏达公司"),
        ("中国建设银行股份有限公司济源分行", "建设银行"),
        ("中国移动通信集团河南有限公司济源分公司", "中国移动通信集团河南有限公司"),
        ("阿里巴巴（中国）网络技术有限公司", "阿里巴巴网络技术有限公司"),
        ("ABC Co., Ltd.", "abc"),
        ("济源市人民医院", "河南省济源人民医院"),
        ("张三", "张 三"),
        ("张三", "张三（前夫）"),
        ("张三", "张三先生"),
        ("ＬＩ Lei", "li lei"),
        ("买买提·艾力", "买买提艾力"),
        ("（张三）", "张三"),
    ],
)
def test_names_that_may_be_one_party_meet(one: str, other: str) -> None:
    assert digest(one) == digest(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("张三", "张三丰"),
        ("张三", "李三"),
        ("张伟", "章伟"),
        ("宏达有限公司", "宏达建筑工程有限公司"),
        ("济源市人民医院", "洛阳市人民医院"),
        ("济源市公安局", "济源市公安局克井派出所"),
        ("济源市建筑有限公司", "洛阳市建筑有限公司"),
        ("中国银行", "建设银行"),
        ("中国银行", "河南银行"),
        ("好又多超市有限公司", "家乐福超市有限公司"),
        ("王老板", "王经理"),
    ],
)
def test_names_of_two_parties_do_not(one: str, other: str) -> None:
    assert digest(one) != digest(other)


@given(*[st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=2, max_size=3)] * 2)
def test_different_persons_never_collide(one: str, other: str) -> None:
    assert (digest(one) == digest(other)) is (one == other)


def test_a_digest_is_keyed_and_has_32_bytes() -> None:
    assert len(digest("张三")) == 32
    assert digest("张三") != party_digest("张三", bytes(32))


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("张三", []),
        ("", ["BLANK"]),
        ("。。。", ["BLANK"]),
        ("张", ["TOO_SHORT"]),
        ("张" * (NAME_MAX + 1), ["TOO_LONG"]),
        ("张\0三", ["BAD_TEXT"]),
    ],
)
def test_what_can_be_no_name_is_refused(name: str, codes: list[str]) -> None:
    assert [reason.code.name for reason in against_party(name, "input.opposingParty")] == codes
