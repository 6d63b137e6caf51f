"""The papers of an application for legal aid: made by its steps, fetched by its readers, confirmed to everybody."""

import asyncio
import hashlib
from datetime import timedelta
from typing import Any

import pytest

from app.core.access import Viewer
from app.core.db import NOBODY
from app.core.html import LARGE
from app.outside.press import Misprint, Press, Printed
from app.outside.storage import Storage
from app.papers.actions.making import keep, make
from app.papers.events import PaperOrdered
from app.papers.rules.codes import code_of, new_code, printed
from app.vault.actions.keys import in_use
from tests.accounts.hall import persist
from tests.applications.office import Office, form, key, mutation, open_office
from tests.city import REFUSED, City, codes
from tests.papers.reading import read, squeezed

pytestmark = pytest.mark.anyio

SHOWN = "kind name code day state standing standingAt madeAt pages sha256 file { url bytes contentType state }"
PAPERS = f"query ($id: ID!) {{ application(id: $id) {{ papers {{ {SHOWN} }} }} }}"
VERIFY = f"""query ($code: String, $sha256: String) {{ verifyDocument(code: $code, sha256: $sha256) {{
    __typename {REFUSED}
    ... on VerifiedDocument {{ kind name institutionName day standing sha256 institution {{ name }} }} }} }}"""
UPDATES = """query ($id: ID!, $after: String) { applicationUpdates(applicationId: $id, after: $after) {
    ... on ApplicationUpdates { cursor events { move } papers { kind state } } } }"""
WHY = {"reason": "收入证明与所述不符。\n请书面说明。"}


async def papers(office: Office, who: Viewer, id: str) -> list[Any]:
    found = await office.city.one(who, PAPERS, id=id)
    nodes: list[Any] = found["papers"] if found else []
    return nodes


async def fetched(city: City, paper: Any) -> bytes:
    async with city.http() as client:
        got = await client.get(paper["file"]["url"])
    assert (got.status_code, got.headers["content-type"]) == (200, "application/pdf")
    return got.content


async def verified(city: City, **said: str) -> Any:
    return await city.one(None, VERIFY, **said)


async def test_each_step_makes_its_papers_and_they_say_what_was_said(city: City) -> None:
    office, resident = await open_office(city), await city.resident()
    written = form(facts="工资拖欠三个月，包工头𬱟某一直没有发。" * 40, opposing="王㛃")
    id = await office.applied(resident, legalAid=written)
    before = (await city.one(resident, UPDATES, id=id))["cursor"]
    await office.does(office.officer, "takeApplication", id)
    assert codes(await office.does(office.stranger, "askSupplement", id, **WHY)) == ["NOT_FOUND"]
    await office.does(office.officer, "askSupplement", id, **WHY)
    supplied = form(facts="补充：包工头名叫王㛃，工地在沁园街道。", opposing="王㛃")
    await office.does(resident, "supplementApplication", id, legalAid=supplied)
    await office.does(office.officer, "decideApplication", id, decision="DENY", reason="不属于法律援助事项。")
    await office.does(resident, "objectToDecision", id, reason="我不同意这个决定。")
    await office.does(office.head, "decideObjection", id, uphold=False, reason="异议成立，应予援助。")

    made = await papers(office, resident, id)
    kinds = [(paper["kind"], paper["state"], paper["standing"]) for paper in made]
    assert sorted(kinds[:2]) == [("APPLICATION_FORM", "READY", "REPLACED"), ("APPLICATION_RECEIPT", "READY", "VALID")]
    assert kinds[2:] == [
        ("ACCEPTANCE_NOTICE", "READY", "VALID"),
        ("SUPPLEMENT_LIST", "READY", "VALID"),
        ("APPLICATION_FORM", "READY", "VALID"),
        ("DECISION", "READY", "WITHDRAWN"),
        ("DECISION", "READY", "VALID"),
    ]
    news = await city.one(resident, UPDATES, id=id, after=before)
    assert [paper["kind"] for paper in news["papers"]] == [kind for kind, _, _ in kinds[2:]]
    assert [event["move"] for event in news["events"]][:2] == ["TAKE", "ASK_SUPPLEMENT"]

    # Each is what it says it is, and says what was said: of the first form every word, over its pages.
    files = {paper["code"]: await fetched(city, paper) for paper in made}
    for paper in made:
        pdf = files[paper["code"]]
        found = read(pdf)
        assert paper["sha256"] == hashlib.sha256(pdf).hexdigest()
        assert (paper["pages"], paper["file"]["bytes"]) == (len(found.pages), len(pdf))
        assert len(pdf) < 200_000
        assert found.embedded
        assert paper["code"] in found.text
    first = next(paper for paper in made if (paper["kind"], paper["standing"]) == ("APPLICATION_FORM", "REPLACED"))
    told = read(files[first["code"]])
    case, applicant = written["case"], written["applicant"]
    spoken = [applicant["name"], applicant["idNumber"], case["cause"], case["claim"], case["amount"], "个人诚信承诺"]
    for said in [*spoken, "请求确认劳动关系或者支付劳动报酬", "1978年5月6日", "王㛃", "包工头𬱟某一直没有发。"]:
        assert squeezed(said) in told.text, said
    assert len(told.pages) > 1
    words = [read(files[paper["code"]]).text for paper in made]
    assert "收入证明与所述不符。请书面说明。" in words[3]
    assert "王建国：" in words[3]
    assert "不属于法律援助事项。" in words[5]
    assert "不予法律援助决定书" in words[5]
    assert "异议成立，应予援助。" in words[6]

    # Its readers are the application's, and nobody else's; the lawyer has them once she accepts.
    assert len(await papers(office, office.head, id)) == len(made)
    for other in (office.second, office.stranger, await city.resident(), office.lawyer):
        assert await papers(office, other, id) == []
    async with city.http() as client:
        assert (await client.get(made[0]["file"]["url"][:-2] + "xx")).status_code == 404

    # Whoever holds one has it confirmed, and learns of nobody and nothing.
    for paper in made:
        by_code = await verified(city, code=paper["code"].lower().replace("-", " "))
        assert by_code == await verified(city, sha256=hashlib.sha256(files[paper["code"]]).hexdigest().upper())
        assert (by_code["kind"], by_code["standing"], by_code["sha256"]) == tuple(
            paper[name] for name in ("kind", "standing", "sha256")
        )
        assert by_code["institutionName"] == by_code["institution"]["name"] == "示例法律援助中心"
    assert codes(await verified(city, code=printed(new_code()))) == ["PAPER_UNKNOWN"]
    assert codes(await verified(city, code="2345-6789-ABCD-EFGJ")) == ["BAD_PAPER_CODE"]
    assert codes(await verified(city, sha256="00" * 32)) == ["PAPER_UNKNOWN"]
    assert codes(await verified(city)) == codes(await verified(city, code="x", sha256="y")) == ["BAD_VALUE"]
    async with city.http() as client:
        page = await client.get("/v/" + made[5]["code"])
        assert page.status_code == 200
        for said in ("示例法律援助中心", "决定书", "已撤销", made[5]["code"], made[5]["sha256"]):
            assert said in page.text
        for hidden in ("王建国", "不予", "工资", id):
            assert hidden not in page.text
        assert "<script" not in page.text
        assert LARGE in page.text
        assert 'content="noindex"' in page.text
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert "信息真实" in (await client.get(f"/v/{code_of(made[6]['code'])}")).text
        assert (await client.get("/v/" + new_code())).status_code == 404
        assert (await client.get("/v/<b>x")).status_code == 404
        asked = await client.get("/v", params={"code": made[6]["code"].lower()})
        assert (asked.status_code, asked.headers["location"]) == (303, f"/v/{code_of(made[6]['code'])}")
        assert "核验码有误" in (await client.get("/v", params={"code": "<script>"})).text

    # What it says was destroyed with the application; that it was genuine is confirmed still.
    await city.sql("UPDATE app.application SET state = 'DENIED', moved_at = app.clock() - interval '1097 days'")
    assert (await city.sql("SELECT door.forget_service(:id)", id=key(id)))[0][0] is True
    left = await city.sql("SELECT state, content || wrapped || file_key, kek FROM app.paper")
    assert {tuple(row) for row in left} == {("GONE", b"", None)}
    assert [paper["file"] for paper in await papers(office, office.head, id)] == [None] * len(made)
    assert (await verified(city, code=made[6]["code"]))["standing"] == "VALID"


async def test_fifty_orders_at_once_make_one_paper_and_so_do_fifty_makers(city: City) -> None:
    office, resident = await open_office(city), await city.resident()
    said = {"institutionId": office.centre, "legalAid": form(), "idempotencyKey": "one-application-for-all"}
    apply = mutation("submitApplication", "SubmitApplicationInput", "{ ... on LegalAidApplication { id } }")
    made = await asyncio.gather(*(persist(city, resident, apply, input=said) for _ in range(50)))
    (id,) = {one["id"] for one in made}
    ids = [paper for (paper,) in await city.sql("SELECT id FROM app.paper")]
    assert len(ids) == 2
    assert {paper["state"] for paper in await papers(office, resident, id)} == {"PENDING"}
    # One is killed between making and keeping; the others, and whoever comes later, make the same.
    lost = await make(city.worker, PaperOrdered(paper=ids[0]))
    assert lost is not None
    await asyncio.gather(*(make(city.worker, PaperOrdered(paper=ids[0])) for _ in range(10)))
    await asyncio.gather(*(city.relay.sweep() for _ in range(5)))
    await city.settle()
    assert len(await city.sql("SELECT 1 FROM app.file WHERE id = ANY(:ids)", ids=ids)) == 2
    shown = await papers(office, resident, id)
    assert {paper["state"] for paper in shown} == {"READY"}
    for paper in shown:
        assert hashlib.sha256(await fetched(city, paper)).hexdigest() == paper["sha256"]
    assert lost.digest.hex() in {paper["sha256"] for paper in shown}
    assert await make(city.worker, PaperOrdered(paper=ids[0])) is None


class Jammed(Press):
    """A press of a release that does not fit."""

    def __init__(self) -> None: ...

    def printed(self, *_: Any) -> Printed:
        raise Misprint("form.typ")


async def test_what_cannot_be_made_is_said_and_made_once_it_can(city: City) -> None:
    office, resident = await open_office(city), await city.resident()
    press = city.doors[Press]
    city.doors[Press] = Jammed()
    id = await office.applied(resident)
    assert {(paper["state"], paper["file"]) for paper in await papers(office, resident, id)} == {("FAILED", None)}
    code = (await papers(office, resident, id))[0]["code"]
    assert codes(await verified(city, code=code)) == ["PAPER_UNKNOWN"]
    await city.pass_time(timedelta(minutes=6))
    assert {paper["state"] for paper in await papers(office, resident, id)} == {"FAILED"}
    async with city.owner.acting(NOBODY) as session:
        wrapped = sum((await in_use(session)).values())  # what waits is wrapped anew like all that is
    city.doors[Press] = press
    await city.pass_time(timedelta(minutes=6))
    made = await papers(office, resident, id)
    assert {paper["state"] for paper in made} == {"READY"}
    assert (await verified(city, code=code))["__typename"] == "VerifiedDocument"
    async with city.owner.acting(NOBODY) as session:
        assert sum((await in_use(session)).values()) == wrapped - len(made)

    # Papers of many applications are read in as many statements as those of one.
    listed = "{ applications(first: 5) { nodes { id papers { kind file { url } } } } }"
    with city.statements() as of_one:
        assert len((await city.one(resident, listed))["nodes"][0]["papers"]) == 2
    await office.applied(resident)
    with city.statements() as of_two:
        assert [len(node["papers"]) for node in (await city.one(resident, listed))["nodes"]] == [2, 2]
    assert len(of_two) == len(of_one)

    # What was destroyed while it was made leaves nothing in the store.
    other = (await office.submits(await city.resident()))["id"]
    (paper,) = await city.sql("SELECT id FROM app.paper WHERE subject = :id LIMIT 1", id=key(other))
    event = PaperOrdered(paper=paper.id)
    stored = await make(city.worker, event)
    assert await city.doors[Storage].names(f"kept/{paper.id}")
    await city.sql("DELETE FROM app.key WHERE subject = :id", id=key(other))
    async with city.worker.acting(NOBODY) as session:
        await keep(session, event, await city.now(), stored)
    await city.settle()
    assert await city.doors[Storage].names(f"kept/{paper.id}") == []
