"""Text from outside: what is too long, too short, not to be stored, or nothing that anybody can see."""

import pytest

from app.core.texts import against_text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("工资", None),
        ("👍🏻", None),
        ("❤\ufe0f", None),
        ("\u200f123\u200e", None),
        ("", "BLANK"),
        (" \t\n\u3000", "BLANK"),
        ("\u200b\u200b\u200b", "BLANK"),
        ("\u202e\u200f\u2066", "BLANK"),
        ("\u00ad\ufeff\u2060 \u3164", "BLANK"),
        ("\u2800\u2800", "BLANK"),
        ("\x01\x02", "BLANK"),
        ("a\x00", "BAD_TEXT"),
        ("\ud800", "BAD_TEXT"),
        ("工", "TOO_SHORT"),
        ("工" * 11, "TOO_LONG"),
    ],
)
def test_each_text_has_one_reason_at_most(text: str, code: str | None) -> None:
    assert [reason.code.name for reason in against_text(text, "brief", 2, 10)] == ([code] if code else [])


def test_where_nothing_is_wanted_nothing_is_enough() -> None:
    assert list(against_text("\u200b", "note", 0, 10)) == list(against_text("", "note", 0, 10)) == []
