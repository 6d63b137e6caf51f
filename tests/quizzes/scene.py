"""One of each thing of quizzes, for the stories about the whole graph and about every table."""

from typing import Any

from app.core.access import Viewer
from tests.city import City
from tests.quizzes.bank import creates, reviews, table, words

SHEET = table(("题型", "专题", "题干", "选项A", "选项B", "答案", "解析", "法律", "条文"), ("填空",) * 9)
"""With one row that is wrong."""
IMPORT = f'importQuizQuestions(input: {{file: "{SHEET}", dryRun: true, idempotencyKey: "of-the-table"}})'


async def in_the_bank(city: City, author: Viewer, reviewer: Viewer) -> str:
    """A question that was approved, with a word about it."""
    made = await creates(city, author)
    seen = await reviews(city, reviewer, made, reason="表述准确，可以使用。")
    id: str = seen["id"]
    return id


async def written(city: City, author: Viewer) -> None:
    """As far as the tables can tell; how it comes about, the room's own stories play."""
    said: dict[str, Any] = words()
    await city.sql(
        "INSERT INTO app.quiz_question VALUES (gen_random_uuid(), 'SINGLE', 'labour', 'EASY', :stem, '{甲,乙}', '{0}',"
        " :why, :law, :article, 'IN_REVIEW', :me, NULL, '', now(), now(), NULL, 1)",
        stem=said["stem"],
        why=said["explanation"],
        law=said["law"],
        article=said["article"],
        me=author.id,
    )
