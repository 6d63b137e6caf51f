"""What editors, reviewers and readers of articles say to the graph."""

from typing import Any

from app.core.access import Viewer
from app.core.ids import new_id
from app.graph.ids import global_id
from tests.city import REFUSED, City

ARTICLE = """id state title summary byline reviewedBy publishedAt correctedAt html nodes reads helpful unclear
  topic { code } statutes { law article } cases { title text source } cover { url smallUrl width height }
  versions { number state title byline correction publishedAt endedAt reviewedBy html verdict withdrawnBecause }
  draft { number state revision markdown verdict publishAt mine title html cases { title } cover { url } }
  readAt reaction shareUrl"""
SEEN = f"query ($id: ID!) {{ article(id: $id) {{ {ARTICLE} }} }}"
TITLES = """query ($query: String, $topic: ID, $first: Int = 20, $after: String) {
  articles(query: $query, topicId: $topic, first: $first, after: $after) {
    nodes { id title } pageInfo { hasNextPage endCursor } } }"""
DESK = "query ($state: ArticleState) { articleDesk(state: $state) { nodes { id title state draft { number } } } }"
RECOMMENDED = """query ($first: Int = 5, $personal: Boolean = true) {
  recommendedArticles(first: $first, personal: $personal) { article { id title } why } }"""
BODY = """## 先看结论

**公司拖欠工资的，** 可以向劳动监察大队投诉，也可以申请劳动仲裁。申请仲裁的时效为一年，从知道权利被侵害之日起计算。

1. 收集证据：劳动合同、考勤、工资条
2. 到[劳动仲裁委](https://example.gov.cn/zc)申请，或者拨打[12348](tel:12348)

| 途径 | 时限 |
| --- | --- |
| 劳动监察 | 两年 |
| 劳动仲裁 | 一年 |
"""


def content(**other: Any) -> dict[str, Any]:
    said: dict[str, Any] = {
        "topicId": global_id("Category", "labour"),
        "title": "被拖欠工资怎么办",
        "summary": "拖欠工资的投诉、仲裁途径和时限，一篇讲清楚。",
        "markdown": BODY,
        "byline": "市司法局普法科 李敏",
        "statutes": [{"law": "中华人民共和国劳动争议调解仲裁法", "article": "第二十七条"}],
        "cases": [
            {
                "title": "工地工资案",
                "text": "某甲在工地干了三个月，工资一直没有发。\n仲裁委支持了他的请求，并要求公司加付赔偿金。",
                "source": "市仲裁委典型案例",
            }
        ],
    }
    return said | other


async def act(city: City, who: Viewer | None, field: str, /, **said: Any) -> Any:
    kind = f"{field[0].upper()}{field[1:]}Input"
    shown = f"{{ __typename {REFUSED} ... on Article {{ {ARTICLE} }} }}"
    return await city.one(who, f"mutation ($input: {kind}!) {{ {field}(input: $input) {shown} }}", input=said)


async def created(city: City, editor: Viewer, **other: Any) -> str:
    made = await act(city, editor, "createArticle", content=content(**other), idempotencyKey=str(new_id()))
    assert made["__typename"] == "Article", made
    id: str = made["id"]
    return id


async def review(city: City, who: Viewer, id: str, **other: Any) -> Any:
    said = {"articleId": id, "approve": True, "reason": "引用的法条已核对", "calledAs": "王审核"}
    return await act(city, who, "reviewArticle", **said | other)


async def published(city: City, editor: Viewer, reviewer: Viewer, **other: Any) -> str:
    """The id of an article that everybody reads."""
    id = await created(city, editor, **other)
    assert (await act(city, editor, "submitArticle", articleId=id))["state"] == "IN_REVIEW"
    assert (await review(city, reviewer, id))["__typename"] == "Article"
    await city.settle()
    return id


async def seen(city: City, who: Viewer | None, id: str) -> Any:
    return await city.one(who, SEEN, id=id)


async def titles(city: City, query: str | None = None, who: Viewer | None = None, **how: Any) -> list[str]:
    return [node["title"] for node in (await city.one(who, TITLES, query=query, **how))["nodes"]]


async def recommended(city: City, who: Viewer | None, **how: Any) -> list[tuple[str, list[str]]]:
    return [(one["article"]["title"], one["why"]) for one in await city.one(who, RECOMMENDED, **how)]


CHOOSE = f"""mutation ($ids: [ID!]!) {{ chooseTopics(input: {{topicIds: $ids}}) {{
  __typename {REFUSED} ... on ChosenTopics {{ topics {{ code }} }} }} }}"""


async def choose(city: City, who: Viewer, *topics: str) -> Any:
    return await city.one(who, CHOOSE, ids=[global_id("Category", topic) for topic in topics])
