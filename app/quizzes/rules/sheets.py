"""The bank as a table of a spreadsheet: a row for each question, codes or Chinese, every fault told by its column."""

import re
from collections.abc import Mapping
from typing import Any, Final

from app.core.errors import BAD_VALUE, Reason, because, code
from app.directory.rules.taxonomy import CATEGORIES, SPECIALTIES
from app.quizzes.models import Difficulty, QuestionKind
from app.quizzes.rules.bank import OPTIONS, TRUE_OR_FALSE, Draft, against_draft, tidied

LETTERS: Final = "ABCDEFGH"
COLUMNS: Final = ("kind", "topic", "difficulty", "stem", *LETTERS, "answer", "explanation", "law", "article")
CHINESE: Final = {
    "题型": "kind",
    "专题": "topic",
    "难度": "difficulty",
    "题干": "stem",
    "答案": "answer",
    "解析": "explanation",
    "法律": "law",
    "条文": "article",
} | {f"选项{letter}": letter for letter in LETTERS}
NEEDED: Final = ("kind", "topic", "stem", "answer", "explanation", "law", "article")
ROWS: Final = 500
"""In one file."""
BYTES: Final = 600_000
"""Of one file, as it is packed."""

BAD_SHEET = code(
    "BAD_SHEET",
    zh="无法读取该表格，请使用 XLSX 格式，大小不超过 600 KB。",
    en="This table cannot be read: it must be an XLSX file of at most 600 kB.",
    remedy="Send the bytes of an XLSX file in base64.",
)
SHEET_COLUMNS = code(
    "SHEET_COLUMNS",
    zh="表头有误：{columns}。",
    en="The first row names columns that are missing, unknown or there twice: {columns}.",
    remedy="Name the columns kind, topic, difficulty, stem, A to H, answer, explanation, law and article, or 题型, "
    "专题, 难度, 题干, 选项A to 选项H, 答案, 解析, 法律 and 条文.",
)
SHEET_ROWS = code(
    "SHEET_ROWS",
    zh="一次最多导入 {limit} 道题。",
    en="At most {limit} questions at once.",
    remedy="Split the file.",
)
TWICE_IN_SHEET = code(
    "TWICE_IN_SHEET",
    zh="与第 {row} 行的题目相同。",
    en="The same question stands in row {row}.",
    remedy="Take one of the two out.",
)
KNOWN_IN_BANK = code(
    "KNOWN_IN_BANK",
    zh="题库中已有相同题干的题目。",
    en="A question with the same words is in the bank already.",
    remedy="Nothing needs to be done: it is left out.",
)

_KINDS: Final = {kind.value: kind for kind in QuestionKind} | {
    "单选": QuestionKind.SINGLE,
    "单选题": QuestionKind.SINGLE,
    "多选": QuestionKind.MULTIPLE,
    "多选题": QuestionKind.MULTIPLE,
    "判断": QuestionKind.TRUE_FALSE,
    "判断题": QuestionKind.TRUE_FALSE,
    "排序": QuestionKind.ORDERING,
    "排序题": QuestionKind.ORDERING,
}
_DIFFICULTIES: Final = {level.value: level for level in Difficulty} | {
    "": Difficulty.MEDIUM,
    "易": Difficulty.EASY,
    "中": Difficulty.MEDIUM,
    "难": Difficulty.HARD,
}
_TOPICS: Final = {name: one for one in SPECIALTIES for name in (one, CATEGORIES[one].zh)}
_JUDGED: Final = dict.fromkeys(("正确", "对", "是", "TRUE", "1", "√"), 0) | dict.fromkeys(
    ("错误", "错", "否", "FALSE", "0", "×"), 1
)


def titles(cells: list[Any]) -> list[str] | Reason:
    """The names of the columns, "" for those that have none."""
    said = [str(cell or "").strip() for cell in cells]
    found = [CHINESE.get(one, one) for one in said]
    strange = [one for one, name in zip(said, found, strict=True) if name and name not in COLUMNS]
    missing = [name for name in NEEDED if name not in found]
    twice = sorted({name for name in found if name and found.count(name) > 1})
    wrong = [one[:20] for one in (*missing, *strange, *twice)]
    return because(SHEET_COLUMNS, "file", columns="、".join(wrong[:10])) if wrong else found


def read(row: Mapping[str, Any]) -> Draft | list[Reason]:
    """A question as a row tells it, or every reason against it by the names of the columns."""
    said = {name: _text(row.get(name)) for name in COLUMNS}
    kind, topic, level = _KINDS.get(said["kind"]), _TOPICS.get(said["topic"]), _DIFFICULTIES.get(said["difficulty"])
    wrong = [because(BAD_VALUE, name) for name, value in zip(COLUMNS, (kind, topic, level), strict=False) if not value]
    if kind is None:
        return wrong
    options, answer = _options(kind, said), _answer(kind, said["answer"])
    words = {name: said[name] for name in ("stem", "explanation", "law", "article")}
    draft = tidied(
        Draft(
            kind=kind,
            topic=topic or SPECIALTIES[0],
            difficulty=level or Difficulty.MEDIUM,
            options=options,
            answer=answer,
            **words,
        )
    )
    wrong += [Reason(reason.code, _column(reason.field), reason.values) for reason in against_draft(draft)]
    return wrong or draft


def _options(kind: QuestionKind, said: Mapping[str, str]) -> tuple[str, ...]:
    """As far as the last that is filled: a hole between them is a fault, and stays one."""
    filled = [said[letter] for letter in LETTERS[: OPTIONS[1]]]
    while filled and not filled[-1]:
        filled.pop()
    return tuple(TRUE_OR_FALSE) if kind is QuestionKind.TRUE_FALSE and not filled else tuple(filled)


def _answer(kind: QuestionKind, said: str) -> tuple[int, ...]:
    """`A`, `ACD`, `C、A、B`; of a judgement also 对 or 错. What is none of them is no answer."""
    plain = said.upper()
    if kind is QuestionKind.TRUE_FALSE and plain in _JUDGED:
        return (_JUDGED[plain],)
    letters = re.sub(r"[\s,，、;；>＞\-—→]", "", plain)
    if not letters or any(letter not in LETTERS for letter in letters):
        return ()
    return tuple(LETTERS.index(letter) for letter in letters)


def _column(field: str | None) -> str | None:
    name, _, place = (field or "").partition(".")
    if name == "options":
        return LETTERS[int(place)] if place else "A"
    return name or None


def _text(value: Any) -> str:
    """Of a cell. Numbers that a program made of digits are read as they were written."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return (str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)).strip()
