"""How names are written down to be found, and what is made of what somebody writes."""

from datetime import UTC, datetime

import pytest

from app.directory.rules.finding import Span, sought, spans
from app.directory.rules.register import awaits
from app.directory.rules.spelling import grams, label_of, plain, readings, sounds


@pytest.mark.parametrize(
    ("name", "sound"),
    [
        ("单志强", "shanzhiqiang"),
        ("解文静", "xiewenjing"),
        ("仇海燕", "qiuhaiyan"),
        ("查建军", "zhajianjun"),
        ("曾丽萍", "zengliping"),
        ("任晓东", "renxiaodong"),
        ("区文斌", "ouwenbin"),
        ("尉迟静", "yuchijing"),
        ("令狐冲", "linghuchong"),
        ("王晓梅", "wangxiaomei"),
    ],
)
def test_a_surname_is_read_as_a_surname(name: str, sound: str) -> None:
    assert "".join(readings(name, person=True)[0]) == sound
    assert label_of([name], person=True).startswith(f"|{sound}|")


def test_an_institution_has_no_surname() -> None:
    assert readings("单位") == [["dan", "wei"]]


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("濟源市公證處", "济源市公证处"),
        ("  Ｌǖ shī ", "lv shi"),
        ("法律援助（中心）", "法律援助 中心"),
        ("A座-12号", "a座 12号"),
        ("☃'|&%", ""),
    ],
)
def test_whatever_the_hand_it_is_the_same_word(said: str, written: str) -> None:
    assert plain(said) == written


def test_a_name_is_found_by_each_of_its_parts() -> None:
    assert set(sounds("公证处")) == {"gongzhengchu", "gzc", "zhengchu", "zc", "chu", "c"}
    assert set(grams("公证处12号")) == {"公", "证", "处", "公证", "证处", "12", "号"}
    assert label_of(["王静雅（示例）"], person=True) == "|wangjingya|wjy|王静雅|"
    assert label_of(["公证处"], local=False) > label_of(["中心"], local=True)


@pytest.mark.parametrize(
    ("said", "words", "broad"),
    [
        ("法援", ("法援",), True),
        ("离婚律师", ("离婚", "律师"), True),
        ("轵城镇司法所", ("轵城镇", "司法所"), False),
        ("沁园sfs", ("沁园", "sfs"), False),
        ("張律師", ("张", "律师"), False),
    ],
)
def test_words_are_told_apart(said: str, words: tuple[str, ...], broad: bool) -> None:
    found = sought(said)
    assert found is not None
    assert (found.words, found.broad) == (words, broad)


def test_nothing_is_sought_by_signs() -> None:
    assert sought(" '|&%☃ ") is None


@pytest.mark.parametrize(
    ("text", "said", "where"),
    [
        ("濟源市公證處", "公证", [Span(3, 2)]),
        ("济源市公证处", "gzc", [Span(3, 3)]),
        ("济源市公证处", "gongzheng", [Span(3, 2)]),
        ("济源市公证处", "公正", [Span(3, 2)]),
        ("公证处、公证员", "公证", [Span(0, 2), Span(4, 2)]),
        ("司法所", "公证", []),
    ],
)
def test_words_are_found_where_they_stand(text: str, said: str, where: list[Span]) -> None:
    found = sought(said)
    assert found is not None
    assert spans(text, found) == where


@pytest.mark.parametrize(
    ("verified", "now", "waits"),
    [
        (None, (2026, 1, 1), True),
        ((2025, 3, 1), (2026, 2, 28), False),
        ((2025, 3, 1), (2026, 3, 1), True),
        ((2024, 2, 29), (2025, 2, 27), False),
        ((2024, 2, 29), (2025, 2, 28), True),
    ],
)
def test_after_twelve_months_it_waits(
    verified: tuple[int, int, int] | None, now: tuple[int, int, int], waits: bool
) -> None:
    at = datetime(*verified, 4, tzinfo=UTC) if verified else None
    assert awaits(at, datetime(*now, 4, tzinfo=UTC)) == waits
