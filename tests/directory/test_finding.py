"""People look for an office or a lawyer, and write it as they know how."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.core.access import Role
from app.core.db import NOBODY, now
from app.core.ids import new_id
from app.directory.actions.register import placed, write_down
from app.directory.models import RegisterKind
from app.directory.rules.register import Office, Record, Worker
from app.graph.ids import uuid_of
from scripts.database import Urls
from tests.city import City
from tests.conftest import Servers
from tests.directory.desk import change_institution, enter_institution, enter_worker
from tests.house.one_city import one_city

pytestmark = pytest.mark.anyio

TABLE: dict[str, list[Any]] = json.loads((Path(__file__).parent / "queries.json").read_text("utf-8"))
FIND = """query ($query: String, $kinds: [RegisterKind!], $specialty: String, $division: String, $first: Int,
  $after: String, $last: Int, $before: String) {
  directory(query: $query, kinds: $kinds, specialty: $specialty, divisionCode: $division,
    first: $first, after: $after, last: $last, before: $before) {
    nodes { __typename id name kind awaitingVerification highlights { field text spans { start length } } }
    edges { cursor } pageInfo { hasNextPage endCursor } } }"""
ELSEWHERE = 60
"""Lawyers of the country among whom the city's own are to be found."""


@pytest.fixture(scope="module")
async def town(servers: Servers, template: Urls, keys_folder: Path) -> AsyncIterator[City]:
    """With all that the table of queries is about."""
    async with one_city(servers, template, keys_folder) as city:
        await fill(city)
        yield city


async def fill(city: City) -> None:
    async with city.owner.acting(NOBODY) as session:
        at = now(session)
        common: dict[str, Any] = {"source": "示例", "verified_at": at, "example": True}
        offices: list[Record] = [
            Office(kind=kind, name=name, division=where, aliases=aliases, number=f"示例-{place:04}", **common)
            for place, (kind, name, where, aliases) in enumerate(TABLE["institutions"])
        ]
        await write_down(session, [(new_id(), office) for office in offices], None, "示例", at)
        workers: list[Record] = [
            Worker(
                kind=kind,
                name=name,
                workplace=work,
                division=where,
                specialties=fields,
                number=f"示例-{place:04}",
                **common,
            )
            for place, (kind, name, work, where, fields) in enumerate(TABLE["workers"])
        ]
        workers += [
            Worker(
                kind=RegisterKind.LAWYER,
                name=f"{'赵钱孙李周吴郑王冯陈'[place % 10]}{'伟芳娜敏静丽'[place % 6]}{'强磊洋艳勇'[place % 5]}",
                workplace=f"示例{'安和信达通'[place % 5]}{'源博正立言'[place // 5 % 5]}律师事务所",
                province="44",
                specialties=["family", "contract"],
                number=f"例外-{place:04}",
                **common,
            )
            for place in range(ELSEWHERE)
        ]
        placed_ones = [(new_id(), await placed(session, None, worker)) for worker in workers]
        await write_down(session, placed_ones, None, "示例", at)


async def find(city: City, query: str | None = None, **said: Any) -> list[Any]:
    found = await city.one(None, FIND, query=query, **said)
    nodes: list[Any] = found["nodes"]
    return nodes


async def names(city: City, query: str | None = None, **said: Any) -> list[str]:
    return [node["name"] for node in await find(city, query, **said)]


async def test_of_sixty_queries_ninety_five_in_a_hundred_find_what_was_meant(town: City) -> None:
    assert len({query for query, _ in TABLE["queries"]}) == 60
    wrong = []
    for query, expected in TABLE["queries"]:
        found = await names(town, query, first=3)
        if found[:1] != [expected]:
            wrong.append((query, expected, found))
    print(f"\n{60 - len(wrong)} of 60 queries found what was meant first; others: {wrong}")
    assert len(wrong) <= 3, wrong


@pytest.mark.parametrize("query", [None, "律师", "示例", "示利", "司法所"])
async def test_a_page_goes_on_where_the_last_one_ended(town: City, query: str | None) -> None:
    """Whether it is a list, ranked, or of what merely sounds alike."""
    whole = [node["id"] for node in await find(town, query, first=60)]
    assert len(whole) > 7
    after, parts = None, list[str]()
    while len(parts) < len(whole):
        page = await town.one(None, FIND, query=query, first=7, after=after)
        parts += [node["id"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        assert page["nodes"]
    assert parts[: len(whole)] == whole
    assert len(set(parts)) == len(parts)
    back = await town.one(None, FIND, query=query, last=3, before=after)
    assert [node["id"] for node in back["nodes"]] == parts[-4:-1]
    assert (await town.one(None, FIND, query=query, last=1))["nodes"] != []


async def test_a_list_is_in_the_order_of_pinyin_and_the_citys_own_come_first(town: City) -> None:
    found = await names(town, kinds=["LAWYER"], first=60)
    assert found[:8] == ["仇海燕", "任晓东", "单志强", "王海涛", "王晓梅", "解文静", "尉迟静", "曾丽萍"]
    assert (found[8], len(found)) == ("查建军", 60)


async def test_kinds_fields_and_places_narrow_it(town: City) -> None:
    assert await names(town, kinds=["NOTARY_OFFICE"], division="419001") == ["济源示例公证处"]
    assert set(await names(town, specialty="family.divorce", division="419001001")) == {"解文静", "王晓梅"}
    assert set(await names(town, "离婚律师", division="419001")) == {"解文静", "王晓梅"}
    assert await names(town, "王", kinds=["NOTARY"]) == []
    assert await names(town, kinds=[]) == []
    assert await names(town, division="419001001001") == ["东马蓬社区示例人民调解委员会", "卢翠花"]


async def test_the_words_are_shown_where_they_stand(town: City) -> None:
    (first, *_) = await find(town, "szq")
    assert first["highlights"] == [{"field": "name", "text": "单志强", "spans": [{"start": 0, "length": 3}]}]
    (first, *_) = await find(town, "濟源公證處")
    spans = first["highlights"][0]["spans"]
    assert spans == [{"start": 0, "length": 2}, {"start": 4, "length": 3}]
    (first, *_) = await find(town, "曾丽萍 愚公")
    assert [(told["field"], told["text"]) for told in first["highlights"]] == [
        ("name", "曾丽萍"),
        ("workplace", "示例愚公律师事务所"),
    ]
    assert all(node["highlights"] == [] for node in await find(town))


@pytest.mark.parametrize("nothing", ["xqzvwk", "龘龘龘", "9999999"])
async def test_nothing_is_found_by_what_nobody_is_called(town: City, nothing: str) -> None:
    assert await names(town, nothing) == []


@pytest.mark.parametrize("signs", ["☃☃", "'; --", "& | !", "\\", "%", "_", "'", ":*", "<->", "  ", "|"])
async def test_signs_are_no_words(town: City, signs: str) -> None:
    """What has neither letters nor digits asks for nothing in particular."""
    assert await names(town, signs) == await names(town)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"query": "字" * 51}, "query"),
        ({"query": "a\0b"}, "query"),
        ({"specialty": "magic"}, "specialty"),
        ({"division": "110101"}, "divisionCode"),
        ({"first": -1}, "first"),
        ({"after": "nonsense"}, "after"),
    ],
)
async def test_what_cannot_be_asked_is_refused_by_its_argument(town: City, said: dict[str, Any], field: str) -> None:
    (error,) = await town.errors(None, FIND, **said)
    assert [reason["field"] for reason in error["extensions"]["reasons"]] == [field]


async def test_a_page_takes_three_statements(town: City) -> None:
    for query, most in ((None, 3), ("示例", 3), ("单志强", 2), ("示利", 4)):
        with town.statements() as sent:
            await find(town, query, first=60)
        assert len(sent) <= most, query


async def test_a_cursor_of_a_list_is_none_of_a_search(town: City) -> None:
    page = await town.one(None, FIND, first=3)
    (error,) = await town.errors(None, FIND, query="王晓梅", after=page["pageInfo"]["endCursor"])
    assert error["extensions"]["code"] == "BAD_CURSOR"


async def test_what_changes_is_found_by_its_new_name_at_once(city: City) -> None:
    editor = await city.person(Role.EDITOR)
    made = await enter_institution(city, editor)
    await enter_worker(city, editor)
    assert await names(city, "示例公证处") == ["济源示例公证处", "单志强（示例）"]
    assert await names(city, "单志强") == ["单志强（示例）"]
    await change_institution(city, editor, made["id"], 1, name="济源示例黄河公证处", aliases=[])
    assert await names(city, "黄河公证处") == ["济源示例黄河公证处"]
    assert await names(city, "hhgzc") == ["济源示例黄河公证处"]


async def test_what_awaits_verification_is_found_last_and_what_is_closed_not_at_all(city: City) -> None:
    editor = await city.person(Role.EDITOR)
    old = (await city.now() - timedelta(days=400)).isoformat()
    await enter_institution(city, editor, verifiedAt=old)
    other = await enter_institution(city, editor, number="示例-G-0002", name="济源示例公证处分部")
    found = await find(city, "济源示例公证处")
    assert [node["awaitingVerification"] for node in found] == [False, True]
    await change_institution(city, editor, other["id"], 1, standing="LEFT")
    assert await names(city, "济源示例公证处") == ["济源示例公证处"]


NEAR = """query ($query: String, $near: CoordinatesInput, $kinds: [RegisterKind!], $first: Int, $after: String) {
  directory(query: $query, near: $near, kinds: $kinds, first: $first, after: $after) {
    nodes { name } pageInfo { endCursor } } }"""


async def test_of_what_fits_alike_the_nearest_comes_first(city: City) -> None:
    editor = await city.person(Role.EDITOR)
    where = {"甲": (112.60, 35.10), "乙": (112.70, 35.10), "丙": (112.60, 35.17), "丁": None}
    for place, (name, spot) in enumerate(where.items()):
        made = await enter_institution(city, editor, name=f"示例{name}公证处", number=f"示例-{place:04}", aliases=[])
        await enter_worker(city, editor, workplace=f"示例{name}公证处", number=f"示例-{place:04}", name=f"{name}示例")
        if spot:
            said = {"id": uuid_of(made["id"], "Institution"), "lon": spot[0], "lat": spot[1]}
            await city.sql(
                "UPDATE app.institution SET longitude = :lon, latitude = :lat, place_source = '示例',"
                " place_precision = 'STREET', version = 2 WHERE id = :id",
                **said,
            )
    me = {"longitude": 112.61, "latitude": 35.10, "system": "WGS84"}
    # 丙 is 7.8 km to the north, 乙 8.2 km to the east, though the other way round in degrees.
    for query, kinds in (("示例", ["NOTARY_OFFICE"]), (None, ["NOTARY_OFFICE"]), ("公证处", ["NOTARY_OFFICE"])):
        found = await city.one(None, NEAR, query=query, near=me, kinds=kinds)
        assert [node["name"] for node in found["nodes"]] == [f"示例{name}公证处" for name in "甲丙乙丁"], query
    found = await city.one(None, NEAR, near=me, kinds=["NOTARY"])
    assert [node["name"] for node in found["nodes"]] == [f"{name}示例" for name in "甲丙乙丁"]
    page = await city.one(None, NEAR, near=me, kinds=["NOTARY"], first=2)
    rest = await city.one(None, NEAR, near=me, kinds=["NOTARY"], after=page["pageInfo"]["endCursor"])
    assert [node["name"] for node in rest["nodes"]] == ["乙示例", "丁示例"]
    swapped = {"longitude": 35.10, "latitude": 112.61, "system": "WGS84"}
    (error,) = await city.errors(None, NEAR, near=swapped)
    assert error["extensions"]["reasons"][0]["field"] == "near"
