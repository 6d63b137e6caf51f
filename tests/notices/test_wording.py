"""The words of notices, all of them."""

from string import Formatter

import pytest

from app.core.errors import Language
from app.notices.models import NoticeKind
from app.notices.rules.wording import VERSION, wording

EVERY = [(kind, language) for kind in NoticeKind for language in Language]


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_a_template_has_no_place_for_anything_of_a_case(kind: NoticeKind, language: Language) -> None:
    for said in wording(kind, language):
        assert said == said.strip() != ""
        assert [name for _, name, _, _ in Formatter().parse(said) if name is not None] == []
        assert not set(said) & set("{}%$<>")
    assert len(wording(kind, language).title) <= 40


@pytest.mark.parametrize("kind", NoticeKind)
def test_chinese_is_chinese_and_english_is_english(kind: NoticeKind) -> None:
    assert all("一" <= char <= "鿿" or not char.isalpha() for said in wording(kind, Language.ZH) for char in said)
    assert all(said.isascii() for said in wording(kind, Language.EN))


def test_the_templates_bear_a_version() -> None:
    assert VERSION == 30
