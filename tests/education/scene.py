"""Articles for stories about the whole house."""

from datetime import timedelta
from typing import Any

from sqlalchemy import text

from app.core.access import Viewer
from app.core.db import NOBODY
from app.core.ids import new_id
from app.graph.ids import global_id
from tests.city import City
from tests.education.desk import BODY, act, choose, content, created, published, review
from tests.people import VERSIONS
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
    key = await a_campaign(city, editor, reader)
    agreed = {"people": [new_id() for _ in range(10)]}
    each = "SELECT unnest(CAST(:people AS uuid[]))"
    await city.sql(f"INSERT INTO app.person {each}, 'ACTIVE', now()", **agreed)
    yes = f"INSERT INTO app.consent {each}, 'EDUCATION', 1, :version, true, '', now()"
    await city.sql(yes, version=VERSIONS["EDUCATION"], **agreed)
    things |= {"campaign": global_id("Campaign", key), "push": global_id("ArticlePush", key)}
    return things


PUSHED = """WITH c AS (INSERT INTO app.campaign (id, article, topics, divisions, roles, bands, consent, send_at, state,
      estimate, made_by, made_at, sent, ended_at) SELECT gen_random_uuid(), id, '{labour}', '{419001}', '{RESIDENT}',
      '{ADULT}', 1, now(), 'SENT', 20, :editor, now(), 12, now() FROM app.article WHERE published_at IS NOT NULL LIMIT 1
      RETURNING id, article),
    p AS (SELECT CASE n WHEN 1 THEN CAST(:reader AS uuid) ELSE gen_random_uuid() END AS id
      FROM generate_series(1, 12) AS n),
    r AS (INSERT INTO app.article_reader SELECT c.article, p.id, now(), NULL, NULL FROM c, p WHERE p.id <> :reader)
  INSERT INTO app.article_push SELECT gen_random_uuid(), c.id, p.id, 1, now(), now() + interval '168 hours', now()
    FROM c, p
  RETURNING campaign"""


async def a_campaign(city: City, editor: Viewer, reader: Viewer) -> str:
    """One of twelve people, as far as the tables can tell: all but `reader` read it, and all stopped such pushes."""
    async with city.super.acting(NOBODY) as session:
        await session.rows(text("SET LOCAL session_replication_role = replica"))
        made = await session.rows(text(PUSHED), {"editor": editor.id, "reader": reader.id})
        id: str = str(made.scalars().first())
    return id


GIVEN = """WITH c AS (INSERT INTO app.case_donation SELECT gen_random_uuid(), 'labour', 'OFFERED', '\\x01', now(), NULL
    RETURNING id), s AS (INSERT INTO app.donation_source SELECT id, :me, gen_random_uuid() FROM c)
  INSERT INTO app.reader (subject, person, basis, since) SELECT id, :me, 'asker', now() FROM c RETURNING subject"""


async def a_donation(city: City, asker: Viewer) -> str:
    """As far as the tables can tell; what it says, the room's own story plays."""
    async with city.super.acting(NOBODY) as session:
        await session.rows(text("SET LOCAL session_replication_role = replica"))
        id: str = str((await session.rows(text(GIVEN), {"me": asker.id})).scalar_one())
    return id


async def an_article(city: City, editor: Viewer, second: Viewer, reader: Viewer) -> str:
    """One that everybody reads, and whose cover nobody looked at; and a draft."""
    id = await published(city, editor, second)
    await created(city, editor, title="还没有写完的文章")
    await act(city, reader, "reactToArticle", articleId=id, reaction="HELPFUL")
    await choose(city, reader, "labour")
    await a_campaign(city, editor, reader)
    await a_donation(city, reader)
    return id
