"""Who won has a certificate, what must go is gone at once, and nothing that is published says who a minor is."""

import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from graphql import GraphQLObjectType, get_named_type, is_leaf_type

from app.core.access import Role, Viewer
from app.core.ids import new_id
from app.graph.ids import global_id, uuid_of
from app.graph.permissions import Anyone
from app.schema import schema
from tests.activities.hall import move, told
from tests.city import REFUSED, City, codes
from tests.contests import bench
from tests.contests.gallery import ENTERED, MINE, SHOWN, check, contest, enter, say, shown, take
from tests.directory.desk import enter_institution
from tests.graph.test_bad_text import Filling
from tests.papers.reading import read
from tests.vault.samples import SECRET
from tests.vault.scene import DENIED, attempt
from tests.vault.sending import house, path, sent

pytestmark = pytest.mark.anyio

SCHOOL, NAME, PHONE = "济源市沁园实验小学", "赵小明", "13838910077"
CERTIFIED = f"""{{ __typename {REFUSED} ... on ContestEntry {{ id state
  certificate {{ kind name code state standing file {{ id url }} }} }} }}"""
STEPS = "query ($id: ID!) { node(id: $id) { ... on ContestEntry { steps { state verdict actorId at } } } }"
VERIFY = """query ($code: String) { verifyDocument(code: $code) { __typename
  ... on VerifiedDocument { kind institutionName standing } } }"""
ADDRESSES = ("/e/{}", "/e/{}/poster.pdf", "/e/{}/poster.png", "/a/{}", "/i/{}", "/pictures/{}", "/pictures/{}/small")
"""All that everybody may open by an id."""


async def certify(city: City, who: Viewer, entry: str, name: str = NAME) -> Any:
    kind = "OrderEntryCertificateInput"
    return await say(city, who, "orderEntryCertificate", kind, CERTIFIED, entryId=entry, name=name)


class Public:
    """Stands in for a stage: whatever is asked for by an id is the contest, an exhibit, or of nothing that is there."""

    def __init__(self, contest: str, exhibit: str) -> None:
        self.of = {"Activity": contest, "Exhibit": exhibit}

    def id(self, kind: str) -> str:
        return self.of.get(kind) or global_id(kind, new_id())


def everything(kind: Any, depth: int = 3) -> str:
    """All fields that ask for nothing, as deep as they go."""
    if not isinstance(kind, GraphQLObjectType):
        return "__typename"
    found = ["__typename"]
    for name, field in kind.fields.items():
        below = get_named_type(field.type)
        if field.args or name == "edges":  # the same as `nodes`
            continue
        if is_leaf_type(below):
            found.append(name)
        elif depth:
            found.append(f"{name} {{ {everything(below, depth - 1)} }}")
    return " ".join(found)


def questions(stage: Any) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(name, document, variables) of every field that is open to everybody."""
    query: Any = schema._schema.query_type
    for name, field in query.fields.items():
        if Anyone not in field.extensions["strawberry-definition"].permission_classes:
            continue
        below = get_named_type(field.type)
        filled = Filling(stage, name, ("none of them",), "").all(field.args)
        filled |= {"first": 2} if "first" in field.args else {}
        tries = [(filled, "" if is_leaf_type(below) else f"{{ {everything(below)} }}")]
        if name in ("node", "nodes"):
            known = {kind: stage.id(kind) for kind in ("Exhibit", "Activity")}
            told = {kind: f"{{ ... on {kind} {{ {everything(schema._schema.get_type(kind))} }} }}" for kind in known}
            tries = [({"id": id, "ids": [id]}, told[kind]) for kind, id in known.items()]
        variables = "".join(f"${argument}: {told.type} " for argument, told in field.args.items())
        passed = "".join(f"{argument}: ${argument} " for argument in field.args)
        given, taken = (f"({variables})", f"({passed})") if field.args else ("", "")
        for values, wanted in tries:
            said = {argument: values[argument] for argument in field.args if argument in values}
            yield name, f"query {given} {{ {name}{taken} {wanted} }}", said


async def published(city: City, client: httpx.AsyncClient, contest: str, exhibit: str, ids: list[UUID]) -> bytes:
    """All that the graph says to who is not signed in, by every field that is open to her, and all pages."""
    said, answered, wrong = "", set(), []
    for name, document, values in questions(Public(contest, exhibit)):
        result = await schema.execute(document, variable_values=values, context_value=city.context(None))
        wrong += [(name, error.message) for error in result.errors or ()]
        said += json.dumps([result.data, wrong], ensure_ascii=False)
        answered |= {name} if result.data and any(result.data.values()) else set()
    assert answered >= {"exhibits", "activity", "activities", "node", "nodes"}, wrong
    pages = said.encode()
    for address in ADDRESSES:
        for id in ids:
            pages += (await client.get(address.format(id))).content
    return pages


async def test_a_minor_wins_and_nothing_that_is_published_says_who_she_is(city: City) -> None:
    editor, second = await city.person(Role.EDITOR), await city.person(Role.EDITOR)
    bureau = await enter_institution(city, editor, name="示例普法办公室")
    id = await contest(city, editor, second, institutionId=bureau["id"])
    prizes = {"first": 1, "second": 0, "third": 0, "encouragement": 0}
    assert not codes(await bench.set_jury(city, editor, id, prizes=prizes, voteShare=0))
    young, guardian, rival, judge = [await city.resident() for _ in range(4)]
    await city.sql("INSERT INTO app.age_said VALUES (:me, 2, 'UNDER_14', now())", me=young.id)
    await city.sql(
        "INSERT INTO app.guardianship (id, minor, guardian, version, names, granted_at)"
        " VALUES (gen_random_uuid(), :minor, :guardian, 1, '', now())",
        minor=young.id,
        guardian=guardian.id,
    )
    juror = await bench.juror(city, editor, id, judge)
    async with house(city) as client:
        file = await sent(city, client, young)
        made = await enter(city, client, young, id, school=SCHOOL, pictureId=file)
        await take(city, second, made["id"])
        mine = await check(city, second, made["id"])
        other = await shown(city, client, rival, id, second)
        exhibit, entry = mine["exhibit"]["id"], mine["id"]
        await move(city, editor, id, "CLOSE")
        await move(city, editor, id, "SCORE")
        assert not codes(await bench.score(city, judge, exhibit, 10, 5))
        assert not codes(await bench.score(city, judge, other["exhibit"]["id"], 5, 2))
        assert not codes(await bench.end(city, editor, id))
        assert codes(await certify(city, young, entry)) == ["NOT_AWARDED"]
        assert (await move(city, editor, id, "ANNOUNCE"))["state"] == "ANNOUNCED"
        await city.settle()
        assert await told(city, young) == ["ENTRY_AWARDED", "ENTRY_DECIDED"]
        # However often it is ordered it is one, with the first name, and hers alone.
        assert codes(await certify(city, rival, other["id"])) == ["NOT_AWARDED"]
        assert codes(await certify(city, rival, entry)) == ["NOT_FOUND"]
        assert codes(await certify(city, editor, entry)) == ["NOT_FOUND"]
        assert codes(await certify(city, young, entry, " ")) == ["BLANK"]
        # A name is given by a child only while her guardian agrees.
        await city.sql("UPDATE app.guardianship SET ended_at = now(), ended_by = 'GUARDIAN'")
        assert codes(await certify(city, young, entry)) == ["GUARDIAN_NEEDED"]
        await city.sql("UPDATE app.guardianship SET ended_at = NULL, ended_by = NULL")
        many = await asyncio.gather(*(certify(city, young, entry) for _ in range(50)))
        assert not [code for one in many for code in codes(one)]
        await city.settle()
        paper = (await certify(city, young, entry, "李红"))["certificate"]
        assert (paper["kind"], paper["state"], paper["standing"]) == ("CONTEST_CERTIFICATE", "READY", "VALID")
        words = read((await client.get(path(paper["file"]["url"]))).content).text
        for word in (
            "作品征集获奖证书",
            NAME,
            "少年法治绘画比赛",
            "天平下的家",
            "一等奖",
            "姓名由本人填写",
            "示例普法办公室",
        ):
            assert word in words, word
        assert "李红" not in words
        ((papers,),) = await city.sql("SELECT count(*) FROM app.paper")
        assert papers == 1
        found = await city.one(None, VERIFY, code=paper["code"])
        assert (found["kind"], found["standing"]) == ("CONTEST_CERTIFICATE", "VALID")
        forged = """INSERT INTO app.paper (id, subject, step, kind, institution, code, dated, earlier, state, standing,
            ordered_at, kek, wrapped, file_key, content) SELECT gen_random_uuid(), e.id, e.id, 'CONTEST_CERTIFICATE',
            i.id, 'ABCDEFGH23456789', '2026-11-29', 'VALID', 'PENDING', 'VALID', app.clock(), 'k', 'w', 'f', 'c'
            FROM app.institution i, app.entry e"""
        assert await attempt(city.db, rival.id, forged) == DENIED
        # All that is published, by every field and page that is open to everybody.
        ids = [uuid_of(id, "Activity"), uuid_of(entry, "ContestEntry"), young.id, uuid_of(file, "File")]
        ids += [row.picture for row in await city.sql("SELECT picture FROM app.exhibit")]
        pages = await published(city, client, id, exhibit, ids)
        assert "天平下的家".encode() in pages
        assert "一等奖".encode() in pages
        marks = [
            NAME,
            SCHOOL,
            "实验小学",
            PHONE,
            str(young.id),
            young.id.hex,
            str(guardian.id),
            str(uuid_of(file, "File")),
        ]
        marks += [str(young.sign_in), uuid_of(paper["file"]["id"], "File").hex, juror, paper["code"]]
        marks += [global_id(kind, young.id) for kind in ("PersonFile", "Viewer")] + [entry, paper["file"]["id"]]
        for mark in marks:
            assert mark.encode() not in pages, mark
        assert SECRET not in pages
        for kind, key in (("ContestEntry", entry), ("File", file), ("Paper", paper["file"]["id"]), ("Juror", juror)):
            asked = f"query ($id: ID!) {{ node(id: $id) {{ ... on {kind} {{ id }} }} }}"
            assert not await city.one(None, asked, id=key if kind != "Paper" else global_id("Paper", new_id()))

        # It was not hers: gone at once, picture and prize, and the certificate stands no more. Every step is kept, and
        # whose hand it was but the owner's.
        picture = (await city.one(None, SHOWN, id=id))["nodes"]
        (url,) = [node["picture"]["url"] for node in picture if node["id"] == exhibit]
        assert (await client.get(path(url))).status_code == 200
        down = {"entryId": exhibit, "verdict": "NOT_OWN"}
        assert (await say(city, editor, "takeDownEntry", "TakeDownEntryInput", ENTERED, **down))["verdict"] == "NOT_OWN"
        assert (await client.get(path(url))).status_code == 404
        assert exhibit not in {node["id"] for node in (await city.one(None, SHOWN, id=id))["nodes"]}
        await city.settle()
        assert await told(city, young) == ["ENTRY_AWARDED", "ENTRY_DECIDED", "ENTRY_TAKEN_DOWN"]
        assert (await city.one(young, MINE))["nodes"][0]["verdict"] == "NOT_OWN"
        assert (await city.one(None, VERIFY, code=paper["code"]))["standing"] == "WITHDRAWN"
        assert codes(await certify(city, young, entry)) == ["NOT_AWARDED"]
        steps = (await city.one(editor, STEPS, id=entry))["steps"]
        by = {who: global_id("PersonFile", who.id) for who in (editor, second)}
        assert [(one["state"], one["verdict"], one["actorId"]) for one in steps] == [
            ("SUBMITTED", None, None),
            ("CHECKING", None, by[second]),
            ("DISPLAYED", None, by[second]),
            ("SHORTLISTED", None, by[editor]),
            ("AWARDED", None, by[editor]),
            ("TAKEN_DOWN", "NOT_OWN", by[editor]),
        ]
        assert (await city.one(young, STEPS, id=entry))["steps"] == []
        assert await attempt(city.db, young.id, "SELECT 1 FROM app.entry_step") == "rows=0"
        assert await attempt(city.db, editor.id, "UPDATE app.entry_step SET actor = NULL") == DENIED
        # A year after the end nothing of her is left, and what she has in hand is confirmed as it stands.
        await move(city, editor, id, "ARCHIVE")
        await city.settle()
        await city.pass_time(timedelta(days=31))
        await city.pass_time(timedelta(days=366))
        ((person, body),) = await city.sql("SELECT person, body FROM app.entry WHERE id = :id", id=ids[1])
        ((state, keys),) = await city.sql(
            "SELECT f.state, (SELECT count(*) FROM app.key k WHERE k.subject = p.subject)"
            " FROM app.paper p JOIN app.file f ON f.id = p.id"
        )
        assert (person, body, state, keys) == (None, b"", "GONE", 0)
        assert (await city.one(None, VERIFY, code=paper["code"]))["standing"] == "WITHDRAWN"
        assert await city.sql("SELECT 1 FROM app.juror WHERE person IS NOT NULL OR called <> ''") == []
