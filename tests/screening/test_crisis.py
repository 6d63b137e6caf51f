"""Who is shown a card, who is not, and what stands on it."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Language
from app.screening.rules.crisis import Crisis, card, signals
from app.screening.rules.folding import fold
from app.screening.rules.phrases import Lexicon, hits, read

# Written for this test, false friends included: [what someone asks, the signals it carries].
SENTENCES: list[tuple[str, list[str]]] = [
    (text, expected) for text, expected in json.loads(Path(__file__).with_name("crisis.json").read_text("utf-8"))
]
PUBLIC = {"110", "120", "12110", "12338", "12355", "12356", "12348", "12309"}


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_a_sentence_carries_its_signals_and_no_others(text: str, expected: list[str]) -> None:
    assert [crisis.value for crisis in signals(text)] == expected


def test_each_signal_has_many_sentences_and_so_have_the_false_friends() -> None:
    told = [expected for _, expected in SENTENCES]
    assert len(SENTENCES) >= 60
    assert all(sum(crisis in expected for expected in told) >= 15 for crisis in Crisis)
    assert sum(not expected for expected in told) >= 60


def test_width_blanks_and_invisible_characters_hide_nothing() -> None:
    assert signals("老公　家\u200b暴\n我") == signals("老公家暴我") == [Crisis.DOMESTIC_VIOLENCE]
    assert signals("ＷＡＮＴ　ｔｏ　ｄｉｅ") == [Crisis.SUICIDE]


def test_what_happened_years_ago_is_still_shown_and_what_was_denied_is_not() -> None:
    assert signals("离婚三年了，那时他天天家暴我") == [Crisis.DOMESTIC_VIOLENCE]
    assert signals("他没有家暴，是我想离婚") == []


def test_one_sentence_does_not_lend_its_people_to_the_next() -> None:
    assert signals("我老公在外地打工。邻居打我怎么办") == []
    assert signals("对方报警了。我被拘留到今天") == [Crisis.DETENTION]


@given(st.text(st.characters(), max_size=300))
def test_any_text_is_read_without_complaint(text: str) -> None:
    found = signals(text)
    assert found == list(dict.fromkeys(found))


@given(st.text(st.characters(), max_size=100))
def test_a_folded_character_knows_where_it_came_from(text: str) -> None:
    folded = fold(text)
    assert list(folded.places) == sorted(folded.places)
    for place, char in enumerate(folded.text):
        start, end = folded.stretch(place, place + 1)
        assert end == start + 1
        assert char in fold(text[start:end]).text


def test_a_sequence_keeps_to_its_distance_its_sentence_and_its_clause() -> None:
    words = Lexicon({"who": ["老公"], "what": ["打我"], "how": ["狠狠"]})

    def found(written: str, text: str) -> int:
        return len(hits(text, words.look(text), words.sequences([written])))

    assert found("who ..4 what", "老公喝醉打我") == 1
    assert found("who ..4 what", "老公喝醉了以后打我") == 0
    assert found("who ..4 what", "老公醉,打我") == 1
    assert found("who .4 what", "老公醉,打我") == 0
    assert found("who ..4 what", "老公醉。打我") == 0
    assert found("who ..4 how ..2 what", "老公又狠狠地打我") == 1
    (hit,) = hits("老公狠狠打我", words.look("老公狠狠打我"), words.sequences(["who .0 how* .0 what"]))
    assert hit.crux == (2, 4)
    with pytest.raises(ValueError, match="no set is called whom"):
        words.sequences(["whom ..4 what"])


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("crisis", Crisis)
def test_every_card_is_whole_in_both_languages(crisis: Crisis, language: Language) -> None:
    shown = card(crisis, language)
    assert shown.crisis is crisis
    assert all([shown.title, shown.text, shown.steps, shown.phones, shown.basis])
    assert len(shown.phones) == len(card(crisis, Language.ZH).phones)
    assert len(shown.steps) == len(card(crisis, Language.ZH).steps)
    assert {phone.number for phone in shown.phones} <= PUBLIC
    spoken = set(re.findall(r"(?<!\d)1\d{2,4}(?!\d)", " ".join(shown.steps)))
    assert spoken <= {phone.number for phone in shown.phones}


def test_the_cards_name_the_articles_they_rest_on() -> None:
    home, cell = card(Crisis.DOMESTIC_VIOLENCE, Language.ZH), card(Crisis.DETENTION, Language.ZH)
    assert "《反家庭暴力法》" in home.basis
    assert "第二十三条至第三十条" in home.basis
    assert "七十二小时" in home.text
    assert all(f"第{article}条" in cell.basis for article in ("三十四", "三十六", "八十五"))
    assert {"110", "12338"} <= {phone.number for phone in home.phones}
    assert "12356" in {phone.number for phone in card(Crisis.SUICIDE, Language.ZH).phones}


def test_every_set_of_words_is_used_and_says_why() -> None:
    file = read("crisis")
    written = [one for parts in file["crises"].values() for part in parts.values() for one in part]
    used = {name.rstrip("*") for one in written for name in re.split(r" \.{1,2}\d+ ", one)}
    assert used == set(file["sets"])
    assert all(about["why"] and about["words"] for about in file["sets"].values())
    assert all(len(about["words"]) == len(set(about["words"])) for about in file["sets"].values())
