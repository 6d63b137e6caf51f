"""The demo city: invented people, made once, signed in at every start, and never outside demo mode."""

import json
import re
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.accounts.rules.said import mobile
from app.accounts.rules.tokens import AccessToken, open_token
from app.core.access import Role, Viewer
from app.core.ids import new_id
from app.core.sealing import KeyProvider
from app.directory.rules.placing import against_placed
from app.directory.rules.register import against_record
from app.graph.ids import global_id
from app.places.rules import DIVISIONS
from scripts import render_map, seed
from scripts.playing import people
from scripts.playing.articles import ARTICLES, REVIEWER
from scripts.playing.institutions import institutions
from scripts.playing.staff import AID, NOTARIES
from scripts.render_map import Window, middle_of_the_city
from scripts.seed import Size
from tests.applications.office import Office
from tests.appointments.reception import Reception
from tests.city import City
from tests.education.desk import act, content, titles

SMALL = Size(lawyers=20, residents=5)
PHONES = "http://127.0.0.1:9/"
ME = "{ viewer { roles } viewerLawyer { name pool licence firm { name } } }"


async def seeded(city: City, folder: Path, size: Size = SMALL) -> dict[str, Any]:
    await seed.seed(city.owner, city.db, city.doors[KeyProvider], folder, "https://law.example", PHONES, size)
    demo: dict[str, Any] = json.loads((folder / "demo.json").read_text())
    return demo


async def people_in(city: City) -> list[int]:
    tables = ("person", "identity", "role_held", "lawyer", "firm", "institution")
    return [(await city.sql(f"SELECT count(*) FROM app.{table}"))[0][0] for table in tables]


@pytest.mark.anyio
async def test_everybody_in_the_city_is_signed_in(city: City, tmp_path: Path) -> None:
    demo = await seeded(city, tmp_path)
    assert (tmp_path / "demo.json").stat().st_mode & 0o777 == 0o600
    staff = ["officer", "window_staff", "notary", "mediator"]
    own = ["resident", "lawyer", "supervisor", "admin", "editor"]
    assert list(demo) == ["url", "wsUrl", "phones", *own, *staff, "posts"]
    assert [len(demo[role]) for role in staff] == [len(demo["posts"][role]) for role in staff] == [4, 1, 1, 1]
    assert (demo["url"], demo["wsUrl"]) == ("https://law.example/graphql", "wss://law.example/graphql")
    assert demo["phones"] == PHONES
    assert [len(demo[role]) for role in own] == [5, 20, 1, 1, 1]

    keys, now = city.doors[KeyProvider].signing(), await city.now()
    async with city.http() as client:
        for role in (*own, *staff):
            token = demo[role][-1]
            opened = open_token(keys, token, now)
            assert isinstance(opened, AccessToken)
            assert timedelta(hours=23) < opened.expires_at - now <= timedelta(days=1)
            said = await client.post("/graphql", json={"query": ME}, headers={"Authorization": f"Bearer {token}"})
            me = said.json()["data"]
            assert set(me["viewer"]["roles"]) == {"RESIDENT", role.upper()}
            assert (me["viewerLawyer"] is not None) == (role == "lawyer")


@pytest.mark.anyio
async def test_a_second_start_makes_tokens_and_nobody_new(city: City, tmp_path: Path) -> None:
    first = await seeded(city, tmp_path)
    before = await people_in(city)
    second = await seeded(city, tmp_path)
    assert await people_in(city) == before
    assert not set(first["lawyer"]) & set(second["lawyer"])

    # A larger city has the same people first.
    await seeded(city, tmp_path, Size(lawyers=25, residents=6))
    assert await people_in(city) == [
        before[0] + 6,
        before[1] + 12,  # a telephone and the mini-program
        before[2] + 5,
        25,
        len(people.firms_of(people.lawyers(25))),
        before[5],  # the firms that are new are not of the city
    ]


@pytest.mark.anyio
async def test_a_newcomer_tries_legal_aid_and_an_appointment(city: City, tmp_path: Path) -> None:
    demo = await seeded(city, tmp_path)
    again = await seeded(city, tmp_path)
    assert again["posts"] == demo["posts"]
    keys, now = city.doors[KeyProvider].signing(), await city.now()

    def who(role: str, number: int = 0) -> Viewer:
        opened = open_token(keys, demo[role][number], now)
        assert isinstance(opened, AccessToken)
        return opened.viewer

    officer, head, lawyer, resident = who("officer"), who("officer", 1), who("lawyer"), who("resident")
    await city.consent(resident)
    centre = global_id("Institution", AID.id)
    office = Office(city, who("admin"), centre, officer, head, head, centre, head, lawyer)
    application, assignment = await office.in_hand(resident)
    await office.reports(lawyer, assignment)
    closed = await office.does(head, "closeApplication", application, reason="案卷齐全。")
    assert closed["state"] == "CLOSED_REPORTED"
    for at, clerk, service in ((AID, who("window_staff"), "LEGAL_AID"), (NOTARIES, who("notary"), "NOTARY")):
        desk = Reception(city, global_id("Institution", at.id), officer, clerk, "")
        slots = await desk.slots(service=service)
        made = await desk.booked(resident, slots[-1 if at is NOTARIES else 0]["startsAt"], service=service)
        assert (await desk.seen(clerk, made["id"]))["contact"]["name"] == "王小姐"


@pytest.mark.anyio
async def test_articles_are_written_once(city: City, tmp_path: Path) -> None:
    await seeded(city, tmp_path)
    await city.settle()
    # Whatever its editors make of it: a start begins nothing anew.
    editor, read = await city.person(Role.EDITOR), "{ articles(first: 9) { nodes { id title } } }"
    for one, field in zip((await city.one(None, read))["nodes"], ("correctArticle", "withdrawArticle"), strict=False):
        said = {"content": content(), "correction": "补充投诉的时限。", "idempotencyKey": str(new_id())}
        how = said if field == "correctArticle" else {"reason": "另写一篇"}
        assert (await act(city, editor, field, articleId=one["id"], **how))["__typename"] == "Article"
    before = await city.sql("SELECT id, state, number FROM app.article_version ORDER BY id")
    await seeded(city, tmp_path)
    assert await city.sql("SELECT id, state, number FROM app.article_version ORDER BY id") == before


@pytest.mark.anyio
async def test_what_there_is_to_read_is_found(city: City, tmp_path: Path) -> None:
    for _ in range(2):
        await seeded(city, tmp_path)
        await city.settle()
    read = "{ articles(first: 9) { nodes { title html statutes { law article } reviewedBy } } }"
    found = (await city.one(None, read))["nodes"]
    assert {one["title"] for one in found} == {one.title for one in ARTICLES}
    assert all(one["html"] and one["statutes"] and one["reviewedBy"] == REVIEWER for one in found)
    assert await titles(city, "tuoqiangongzi") == ["被拖欠工资怎么办"]


@pytest.mark.anyio
async def test_its_institutions_are_examples_that_can_be_visited(city: City, tmp_path: Path) -> None:
    await seeded(city, tmp_path)
    now = await city.now()
    made = institutions(people.firms_of(people.lawyers(20)), now)
    assert [against_record(one.office, now) for one in made] == [[]] * len(made)
    assert [list(against_placed(one.place, one.office.division)) for one in made] == [[]] * len(made)
    assert all("示例" in one.office.name and one.office.phones[0].startswith("0391-0") for one in made)
    assert {one.office.division for one in made} == set(people.TOWNS)
    around = '{ nearestPoints(divisionCode: "419001110", service: "MEDIATION", first: 2) {'
    near = await city.one(
        None, around + " points { metres institution { name openNow shareUrl services { name } } } } }"
    )
    names = {point["institution"]["name"] for point in near["points"]}
    assert names == {"示例下冶镇司法所", "示例下冶镇人民调解委员会"}
    assert all(point["metres"] < 3_000 and point["institution"]["shareUrl"] for point in near["points"])
    led = "SELECT count(*) FROM app.legal_worker w JOIN app.institution i ON i.id = w.institution WHERE i.example"
    assert (await city.sql(led))[0][0] > 0
    svg = await render_map.drawn_from(city.owner, Window(middle_of_the_city()))
    assert all(f">{DIVISIONS[town].name}<" in svg for town in people.TOWNS)
    counts = [int(told) for told in re.findall(r'class="count"[^>]*>(\d+)<', svg)]
    assert sum(counts) + svg.count('class="one"') == len(made)


@pytest.mark.anyio
async def test_the_pace_is_a_policy_of_its_own(city: City) -> None:
    async def newest() -> tuple[int, Any]:
        rows = await city.sql("SELECT version, terms FROM app.dispatch_policy ORDER BY version DESC LIMIT 1")
        return rows[0][0], rows[0][1]

    own = await newest()
    await seed.set_pace(city.owner, 1)
    assert await newest() == own
    for _ in range(2):
        await seed.set_pace(city.owner, 20)
    version, terms = await newest()
    assert version == own[0] + 1
    assert (terms["within"], terms["seats"]) == (30, own[1]["seats"])
    assert [wave["after"] for wave in terms["waves"]] == [wave["after"] / 20 for wave in own[1]["waves"]]

    # Speeds are told from the city's own policy, not from one another.
    await seed.set_pace(city.owner, 10)
    assert (await newest())[1]["within"] == 60
    await seed.set_pace(city.owner, 1)
    assert await newest() == (version + 2, own[1])


def test_outside_demo_mode_nobody_is_invented(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DEMO", "0")
    assert seed.main(["--owner-url", "postgresql://nobody@127.0.0.1:1/none", "--data", str(tmp_path)]) == 1
    assert "demo mode alone" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_nobody_in_the_city_can_be_taken_for_somebody() -> None:
    city = people.lawyers(1000)
    assert Counter(lawyer.pool.value for lawyer in city) == {"LOCAL": 100, "PROVINCE": 200, "NATION": 700}
    assert all("示例" in lawyer.name and "虚构" in lawyer.introduction for lawyer in city)
    firms = people.firms_of(city)
    assert all(firm.name.startswith("示例") for firm in firms)
    assert len({firm.name for firm in firms}) == len(firms) == 250
    assert len({lawyer.licence for lawyer in city}) == 1000
    assert all(len(lawyer.licence) == 17 and lawyer.licence[-6] == "9" for lawyer in city)
    assert all(
        1 <= len(lawyer.specialties) <= 4 and bool(lawyer.divisions) == (lawyer.pool == "LOCAL") for lawyer in city
    )
    staff = [people.SUPERVISOR_PHONE, people.ADMIN_PHONE]
    phones = [*people.resident_phones(1000), *(lawyer.phone for lawyer in city), *staff]
    assert len({mobile(phone) for phone in phones} - {None}) == 2002
    openids = {people.openid_of(phone) for phone in phones}
    assert {len(openid) for openid in openids} == {28}
    assert {people.phone_of(openid) for openid in openids} == set(phones)
