"""Articles for stories about the whole house."""

from datetime import timedelta
from typing import Any

from app.core.access import Viewer
from app.core.ids import new_id
from tests.city import City
from tests.education.desk import BODY, act, choose, content, created, published, review
from tests.vault.sending import sent

FOR_EVERYBODY: dict[str, Any] = {
    "divisionCodes": ["419001"],
    "roles": ["RESIDENT"],
    "ageBands": ["UNDER_14", "FROM_14_TO_17", "ADULT"],
}


async def articles(city: City, editor: Viewer, second: Viewer, reader: Viewer) -> dict[str, str]:
    """One that was corrected and is about to be corrected again, which `reader` has read; a plain one; one that was
    withdrawn."""
    async with city.http() as client:
        cover = await sent(city, client, editor)
    more = FOR_EVERYBODY | {"coverId": cover}
    things = {"article": await published(city, editor, second, **more)}
    for number, when in ((2, None), (3, (await city.now() + timedelta(days=300)).isoformat())):
        text = content(**FOR_EVERYBODY, markdown=f"{BODY}\n\n第{number}版")
        said = {"articleId": things["article"], "correction": f"第{number}版更正", "idempotencyKey": str(new_id())}
        await act(city, editor, "correctArticle", **said, content=text)
        await act(city, editor, "submitArticle", articleId=things["article"])
        await review(city, second, things["article"], publishAt=when)
        await city.settle()
    things["plain article"] = await published(city, editor, second, title="租房押金不退怎么办")
    gone = await published(city, editor, second, title="已经失效的规定")
    await act(city, second, "withdrawArticle", articleId=gone, reason="规定已废止")
    things["article that was withdrawn"] = gone
    await act(city, reader, "reactToArticle", articleId=things["article"], reaction="HELPFUL")
    await choose(city, reader, "labour")
    return things


async def an_article(city: City, editor: Viewer, second: Viewer, reader: Viewer) -> str:
    """One that everybody reads, and whose cover nobody looked at; and a draft."""
    id = await published(city, editor, second)
    await created(city, editor, title="还没有写完的文章")
    await act(city, reader, "reactToArticle", articleId=id, reaction="HELPFUL")
    await choose(city, reader, "labour")
    return id
