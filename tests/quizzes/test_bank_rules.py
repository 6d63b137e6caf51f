"""What a question may be, and how a row of a spreadsheet becomes one: pure."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.errors import Reason
from app.quizzes.models import Difficulty, QuestionKind
from app.quizzes.rules import sheets
from app.quizzes.rules.bank import Draft, against_draft, answers, tidied

GOOD = Draft(
    kind=QuestionKind.MULTIPLE,
    topic="labour",
    difficulty=Difficulty.EASY,
    stem="下列哪些属于劳动争议？",
    options=("甲", "乙", "丙"),
    answer=(2, 0),
    explanation="见调解仲裁法。",
    law="劳动争议调解仲裁法",
    article="第二条",
)
ROW: dict[str, Any] = {
    "kind": "多选题",
    "topic": "劳动社保",
    "difficulty": "难",
    "stem": "下列哪些属于劳动争议？",
    "A": "甲",
    "B": "乙",
    "C": 3.0,
    "answer": "c、A",
    "explanation": "见调解仲裁法。",
    "law": "劳动争议调解仲裁法",
    "article": "第二条",
}


def told(draft: Draft) -> list[tuple[str, str | None]]:
    return [(reason.code.name, reason.field) for reason in against_draft(tidied(draft))]


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({}, []),
        ({"kind": QuestionKind.SINGLE}, [("QUIZ_ANSWER", "answer")]),
        ({"kind": QuestionKind.SINGLE, "answer": (1,)}, []),
        ({"kind": QuestionKind.SINGLE, "answer": (3,)}, [("QUIZ_ANSWER", "answer")]),
        ({"answer": (0,)}, [("QUIZ_ANSWER", "answer")]),
        ({"answer": (0, 0)}, [("QUIZ_ANSWER", "answer")]),
        ({"kind": QuestionKind.ORDERING}, [("QUIZ_ANSWER", "answer")]),
        ({"kind": QuestionKind.ORDERING, "answer": (2, 0, 1)}, []),
        ({"kind": QuestionKind.TRUE_FALSE, "options": (), "answer": (1,)}, []),
        ({"kind": QuestionKind.TRUE_FALSE, "answer": (1,)}, [("BAD_VALUE", "options")]),
        ({"options": ("甲", " 甲", "乙")}, [("OPTION_TWICE", "options")]),
        ({"options": ("甲", "", "乙")}, [("BLANK", "options.1")]),
        ({"options": ("甲",), "answer": (0, 0)}, [("BAD_VALUE", "options"), ("QUIZ_ANSWER", "answer")]),
        ({"topic": "labour.wages"}, [("BAD_VALUE", "topic")]),
        ({"stem": " 字 ", "law": ""}, [("TOO_SHORT", "stem"), ("BLANK", "law")]),
        ({"explanation": "字" * 1001, "article": "第\x00条"}, [("TOO_LONG", "explanation"), ("BAD_TEXT", "article")]),
    ],
)
def test_a_question_has_one_right_answer_a_reason_and_an_article(said: dict[str, Any], wrong: list[Any]) -> None:
    assert told(GOOD.model_copy(update=said)) == wrong


@given(st.sampled_from(QuestionKind), st.lists(st.integers(-1, 8), max_size=9).map(tuple), st.integers(2, 8))
def test_what_is_taken_for_an_answer_can_be_given(kind: QuestionKind, answer: tuple[int, ...], options: int) -> None:
    if answers(kind, answer, options):
        assert set(answer) <= set(range(options))
        assert len(set(answer)) == len(answer)
        assert 1 <= len(answer) <= options


def test_a_row_says_a_question_in_chinese_or_in_codes() -> None:
    read = sheets.read(ROW)
    assert isinstance(read, Draft)
    assert (read.kind, read.topic, read.difficulty) == (QuestionKind.MULTIPLE, "labour", Difficulty.HARD)
    assert (read.options, read.answer) == (("甲", "乙", "3"), (0, 2))
    judged = sheets.read(ROW | {"kind": "TRUE_FALSE", "topic": "labour", "A": None, "B": "", "C": None, "answer": "错"})
    assert isinstance(judged, Draft)
    assert (judged.options, judged.answer) == (("正确", "错误"), (1,))
    ordered = sheets.read(ROW | {"kind": "排序", "answer": "C→A→B", "difficulty": ""})
    assert isinstance(ordered, Draft)
    assert (ordered.answer, ordered.difficulty) == ((2, 0, 1), Difficulty.MEDIUM)


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ("kind", "填空"),
        ("topic", "魔法"),
        ("difficulty", "很难"),
        ("stem", None),
        ("B", None),
        ("answer", "AX"),
        ("answer", "B"),
        ("explanation", ""),
        ("law", "法" * 61),
        ("article", True),
    ],
)
def test_every_fault_is_told_by_its_column(column: str, said: Any) -> None:
    wrong = sheets.read(ROW | {column: said})
    if column == "article":  # a cell that a program made TRUE of is text, and long enough
        assert isinstance(wrong, Draft)
        return
    assert isinstance(wrong, list)
    assert [reason.field for reason in wrong] == [column]


def test_the_first_row_names_the_columns_once_each() -> None:
    assert sheets.titles([*sheets.CHINESE, None]) == [*sheets.CHINESE.values(), ""]
    for cells in (["kind"], [*sheets.COLUMNS, "更多"], [*sheets.COLUMNS, "题型"], []):
        wrong = sheets.titles(cells)
        assert isinstance(wrong, Reason)
        assert wrong.code.name == "SHEET_COLUMNS"


CELLS = st.one_of(st.none(), st.text("甲对Ab1=√ \t\x00", max_size=9), st.floats(), st.booleans())


@settings(suppress_health_check=[HealthCheck.too_slow])  # a machine with much to do makes strange cells slowly
@given(st.dictionaries(st.sampled_from(sheets.COLUMNS), CELLS))
def test_no_row_is_too_strange_for_a_report(row: dict[str, Any]) -> None:
    assert sheets.read(row)
