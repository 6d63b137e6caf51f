"""Texts are compared by sketches that say nothing without their secret."""

import random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.screening.rules.sketches import KEPT, SIMILAR, SIZE, similarity, sketch, token

SECRET, OTHER = bytes(range(32)), bytes(32)
HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x5200), max_size=1_500)
QUESTION, ELSEWHERE = UUID(int=1), UUID(int=2)


def trigrams(text: str) -> set[str]:
    return {text[start : start + 3] for start in range(len(text) - 2)}


def jaccard(one: str, other: str) -> float:
    return len(trigrams(one) & trigrams(other)) / len(trigrams(one) | trigrams(other))


def written(length: int, chance: random.Random) -> str:
    return "".join(chr(0x4E00 + chance.randrange(2_000)) for _ in range(length))


def changed(text: str, share: float, chance: random.Random) -> str:
    return "".join(written(1, chance) if chance.random() < share else char for char in text)


@given(HAN)
@settings(max_examples=50)
def test_equal_texts_are_one_and_a_sketch_has_its_size(text: str) -> None:
    assert len(sketch(text, SECRET)) == SIZE == 512
    assert similarity(sketch(text, SECRET), sketch(text, SECRET)) == 1.0


@given(HAN, HAN)
@settings(max_examples=50)
def test_similarity_is_a_share_and_the_same_both_ways(one: str, other: str) -> None:
    left, right = sketch(one, SECRET), sketch(other, SECRET)
    assert 0 <= similarity(left, right) == similarity(right, left) <= 1


def test_unrelated_texts_have_nothing_in_common() -> None:
    chance = random.Random(1)
    for length in (60, 300, 1_000, 5_000):
        assert similarity(*(sketch(written(length, chance), SECRET) for _ in range(2))) < 0.05


@pytest.mark.parametrize("length", [60, 120])
def test_short_texts_are_compared_without_error(length: int) -> None:
    chance = random.Random(length)
    for share in (0.02, 0.1, 0.3):
        one = written(length, chance)
        other = changed(one, share, chance)
        assert similarity(sketch(one, SECRET), sketch(other, SECRET)) == pytest.approx(jaccard(one, other))


def test_long_texts_are_compared_within_the_stated_error() -> None:
    chance = random.Random(2)
    errors = []
    for _ in range(150):
        one = written(chance.choice([300, 1_000, 2_000]), chance)
        other = changed(one, chance.choice([0.01, 0.03, 0.06, 0.15]), chance)
        errors.append(similarity(sketch(one, SECRET), sketch(other, SECRET)) - jaccard(one, other))
    assert (sum(error**2 for error in errors) / len(errors)) ** 0.5 < (0.25 / KEPT) ** 0.5
    assert sum(abs(error) <= 0.1 for error in errors) >= 0.98 * len(errors)


def test_a_template_with_another_name_is_similar_and_an_answer_of_ones_own_is_not() -> None:
    template = (
        "您好，根据您的描述，用人单位拖欠工资的，您可以先向劳动监察大队投诉，也可以在一年内向劳动人事争议仲裁委员会"
        "申请仲裁，要求支付工资和经济补偿。请保留好考勤记录、工资条、聊天记录和工作证等证据，祝您顺利维权。"
    )
    own = (
        "欠薪三个月可以解除合同并要经济补偿，依据劳动合同法第三十八条、第四十六条。先发书面通知，写明因欠薪解除，"
        "留好快递回执；再到济源市劳动人事争议仲裁委员会申请仲裁，一年之内。考勤、工资流水最要紧。"
    )
    filled = template.replace("您好，", "张女士，您好！").replace("祝您顺利维权。", "祝您顺利。")
    assert similarity(sketch(template, SECRET), sketch(filled, SECRET)) >= SIMILAR
    assert similarity(sketch(template, SECRET), sketch(own, SECRET)) < 0.3


def test_width_case_blanks_and_punctuation_do_not_make_another_text() -> None:
    plain = "依据民法典第1079条，可以起诉离婚，ABC"
    assert sketch(plain, SECRET) == sketch("依据 民法典第１０７９条：可以起诉离婚！\nabc", SECRET)


def test_without_the_secret_a_guess_at_the_text_meets_nothing() -> None:
    text = "老板拖欠我三个月工资，一直不给，怎么办"
    assert similarity(sketch(text, SECRET), sketch(text, OTHER)) == 0.0
    assert sketch("", SECRET) == sketch("！？", SECRET)
    with pytest.raises(ValueError, match="16 to 64"):
        sketch(text, b"short")


def test_a_token_meets_its_equal_within_one_subject_and_purpose_alone() -> None:
    one = token("ARBITRATION", "forum", QUESTION, SECRET)
    assert len(one) == 16
    assert one == token("ARBITRATION", "forum", QUESTION, SECRET)
    others = [
        token("COURT", "forum", QUESTION, SECRET),
        token("ARBITRATION", "conclusion", QUESTION, SECRET),
        token("ARBITRATION", "forum", ELSEWHERE, SECRET),
        token("ARBITRATION", "forum", QUESTION, OTHER),
    ]
    assert len({one, *others}) == 5
    with pytest.raises(ValueError, match="NUL"):
        token("x", "a\0b", QUESTION, SECRET)
