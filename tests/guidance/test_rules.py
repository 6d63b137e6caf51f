"""What the house can tell of a question without anyone reading it."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.directory.rules.taxonomy import CATEGORIES, SPECIALTIES, specialty_of
from app.guidance.rules import brief_for, suggest, tags_of
from app.guidance.rules.guessing import FILE
from app.guidance.rules.lexicon import WORDS
from app.places.rules import DIVISIONS

# Written for this test: [what someone asks, the specialty, the narrower category].
QUESTIONS: list[tuple[str, str, str]] = [
    tuple(row) for row in json.loads(Path(__file__).with_name("questions.json").read_text("utf-8"))
]
BODIES = [body for body, _, _ in QUESTIONS]
JUNK = ["", " \n\t", "😀🙏🏻👨‍👩‍👧", "\0", "\ud800", "ﷺ" * 2_000, "help me please", "１２３", "？" * 500, "我" * 5_000]
TAGS = [tag for category in CATEGORIES.values() for tag in category.tags]


def runs(text: str, length: int = 6) -> set[str]:
    return {text[at : at + length] for at in range(len(text) - length + 1)}


def test_most_questions_find_their_specialty_and_narrower_category() -> None:
    best = [suggest(body)[0].code for body in BODIES]
    firsts = [specialty_of(code) == first for code, (_, first, _) in zip(best, QUESTIONS, strict=True)]
    narrow = [code == wanted for code, (_, _, wanted) in zip(best, QUESTIONS, strict=True)]
    assert len(QUESTIONS) >= 40
    assert {first for _, first, _ in QUESTIONS} == set(SPECIALTIES)
    assert sum(firsts) >= 0.95 * len(QUESTIONS)
    assert sum(narrow) >= 0.9 * len(QUESTIONS)


@pytest.mark.parametrize("body", [*BODIES, *JUNK, "".join(BODIES)[:2_000]])
def test_guesses_are_ranked_and_share_at_most_one(body: str) -> None:
    guesses = suggest(body)
    probabilities = [guess.probability for guess in guesses]
    assert probabilities == sorted(probabilities, reverse=True)
    assert sum(probabilities) <= 1 + 1e-9
    assert all(0 < probability <= 1 for probability in probabilities)
    firsts = [specialty_of(guess.code) for guess in guesses]
    assert len(firsts) == len(set(firsts))


@pytest.mark.parametrize("body", ["", " ", "\0", "😀", "\ud800"])
def test_a_text_that_says_nothing_is_not_guessed_at(body: str) -> None:
    assert suggest(body) == []


def test_width_spaces_and_what_follows_2000_characters_change_nothing() -> None:
    body = "公司欠我3个月工资，ABC公司不给"
    assert suggest(body) == suggest("公司欠我３个月 工资，\nabc公司不给")
    long = (body * 200)[:2_000]
    assert suggest(long) == suggest(long + "离婚抚养权")


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_can_be_asked(body: str) -> None:
    assert sum(guess.probability for guess in suggest(body)) <= 1 + 1e-9
    for code in ("labour.wages", "family", "other"):
        assert set(tags_of(body, code)) <= set(TAGS)


def test_the_model_is_small() -> None:
    assert FILE.stat().st_size < 500_000


def test_every_word_belongs_to_a_known_category() -> None:
    assert set(WORDS) == set(CATEGORIES)
    for code, tags in WORDS.items():
        assert set(tags) - {""} == set(CATEGORIES[code].tags)
        assert all(word == word.lower() and " " not in word for words in tags.values() for word in words)


def test_tags_name_what_the_body_touches_nearest_first() -> None:
    assert tags_of("老板拖欠工资，还说要辞退我，社保也没交", "labour.dismissal") == ["辞退", "欠薪", "工资", "社保"]
    assert tags_of("想离婚，他家暴，孩子抚养权归谁", "labour") == []
    assert tags_of("", "family") == []
    with pytest.raises(KeyError):
        tags_of("离婚", "astrology")


def test_a_brief_reads_like_a_card() -> None:
    assert brief_for("劳动社保", "克井镇", ["欠薪", "加班费"], "老板不给钱") == "劳动社保（克井镇）：欠薪、加班费"
    assert brief_for("婚姻家庭", "", [], "") == "婚姻家庭"
    assert brief_for("婚姻家庭", "济源市", ["离婚", "离婚"], "") == "婚姻家庭（济源市）：离婚"


def test_a_part_that_the_body_also_holds_is_left_out() -> None:
    assert brief_for("劳动社保", "克井镇", ["欠薪", "工伤"], "劳动社保（克井镇）的事") == "劳动社保：欠薪、工伤"
    assert brief_for("劳动社保", "克井镇", ["欠薪", "工伤", "社保"], "说是：欠薪、工伤这些") == (
        "劳动社保（克井镇）：欠薪、社保"
    )
    assert brief_for("行政复议诉讼", "", [], "我要行政复议诉讼") == "法律咨询"


@st.composite
def knowing_bodies(draw: st.DrawFn) -> tuple[str, str, list[str], str]:
    """A category, a town, tags, and a body that may quote any piece of the brief that could be made of them."""
    category = draw(st.sampled_from([one.zh for one in CATEGORIES.values()]))
    town = draw(st.sampled_from([division.name for division in DIVISIONS.values()] + [""]))
    tags = draw(st.lists(st.sampled_from(TAGS), max_size=40))
    whole = f"{category}（{town}）：{'、'.join(tags)}"
    quotes = st.tuples(st.integers(0, len(whole)), st.integers(0, 20)).map(lambda cut: whole[cut[0] : sum(cut)])
    body = "".join(draw(st.lists(st.one_of(quotes, st.sampled_from(BODIES), st.text(max_size=20)), max_size=12)))
    return category, town, tags, body


@settings(deadline=None)
@given(knowing_bodies())
def test_a_brief_is_short_and_quotes_nothing(given_parts: tuple[str, str, list[str], str]) -> None:
    category, town, tags, body = given_parts
    brief = brief_for(category, town, tags, body)
    assert 0 < len(brief) <= 80
    assert not runs(brief) & runs(body)
    rest = brief
    for part in sorted({category, town, "法律咨询", *tags} - {""}, key=len, reverse=True):
        rest = rest.replace(part, "")
    assert set(rest) <= set("（）：、")


@settings(deadline=None)
@given(st.text(max_size=100), st.text(max_size=100), st.lists(st.text(max_size=30), max_size=8), st.text(max_size=200))
def test_whatever_the_parts_the_bounds_hold(category: str, town: str, tags: list[str], body: str) -> None:
    brief = brief_for(category, town, tags, body)
    assert 0 < len(brief) <= 80
    assert not runs(brief) & runs(body)


@pytest.mark.parametrize(("body", "first", "narrow"), QUESTIONS)
def test_the_brief_of_a_real_body_quotes_nothing(body: str, first: str, narrow: str) -> None:
    brief = brief_for(CATEGORIES[narrow].zh, "克井镇", tags_of(body, narrow), body)
    assert brief.startswith(CATEGORIES[narrow].zh)
    assert not runs(brief) & runs(body)
    assert specialty_of(narrow) == first
