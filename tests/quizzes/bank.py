"""What the stories of quizzes begin with: editors, and questions that one wrote and another approved."""

import base64
import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

from app.core.access import Viewer
from app.core.ids import new_id
from app.graph.ids import global_id
from tests.city import REFUSED, City

QUESTION = "id kind stem options answer state reason version topic { code } authorId reviewerId reviewedAt"
SEEN = f"{{ __typename {REFUSED} ... on QuizQuestion {{ {QUESTION} }} }}"
REPORT = f"{{ __typename {REFUSED} ... on QuizImport {{ added rows {{ row reasons {{ code field }} }} }} }}"
BANK = f"query ($state: QuizQuestionState) {{ quizQuestions(state: $state, first: 100) {{ nodes {{ {QUESTION} }} }} }}"


def words(stem: str = "用人单位自用工之日起几个月内应当订立书面劳动合同？", **said: Any) -> dict[str, Any]:
    return {
        "kind": "SINGLE",
        "topicId": global_id("Category", "labour"),
        "stem": stem,
        "options": ["一个月", "三个月", "半年"],
        "answer": [0],
        "explanation": "已建立劳动关系，未同时订立书面劳动合同的，应当自用工之日起一个月内订立。",
        "law": "中华人民共和国劳动合同法",
        "article": "第十条第二款",
    } | said


def mutation(field: str, shown: str = SEEN) -> str:
    return f"mutation ($input: {field[0].upper()}{field[1:]}Input!) {{ {field}(input: $input) {shown} }}"


async def does(city: City, who: Viewer | None, field: str, shown: str = SEEN, /, **said: Any) -> Any:
    return await city.one(who, mutation(field, shown), input=said)


async def creates(city: City, who: Viewer, **said: Any) -> Any:
    return await does(city, who, "createQuizQuestion", **(words() | {"idempotencyKey": str(new_id())} | said))


async def reviews(city: City, who: Viewer, question: Any, approve: bool = True, **said: Any) -> Any:
    seen = {"questionId": question["id"], "version": question["version"], "approve": approve}
    return await does(city, who, "reviewQuizQuestion", **(seen | {"idempotencyKey": str(new_id())} | said))


async def approved(city: City, author: Viewer, reviewer: Viewer, count: int) -> list[str]:
    """So many of every kind in turn, each with an answer of its own."""
    shapes: Sequence[dict[str, Any]] = (
        {"kind": "SINGLE", "options": ["甲", "乙", "丙", "丁"], "answer": [2]},
        {"kind": "MULTIPLE", "options": ["甲", "乙", "丙", "丁"], "answer": [0, 3]},
        {"kind": "TRUE_FALSE", "options": [], "answer": [1]},
        {"kind": "ORDERING", "options": ["申请", "受理", "裁决"], "answer": [0, 1, 2]},
    )
    ids = []
    for n in range(count):
        made = await creates(city, author, **words(f"示例题目第{n + 1}题，请作答。", **shapes[n % 4]))
        assert (await reviews(city, reviewer, made))["state"] == "APPROVED", made
        ids.append(made["id"])
    return ids


def table(*rows: Sequence[Any]) -> str:
    """An XLSX file in base64."""
    book, file = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet("题库")
    for row in rows:
        sheet.append(row)
    book.save(file)
    return base64.b64encode(file.getvalue()).decode()
