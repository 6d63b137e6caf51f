"""The papers of a mediation: what was applied for, that it came, that the committee has registered it, and what both
agreed to."""

import asyncio

import pytest

from app.core.errors import Language
from app.core.ids import new_id
from app.mediation.rules.rights import RIGHTS
from tests.accounts.town import Town
from tests.mediation.hall import DAY, MEDIATION, form, mutation, open_hall
from tests.papers.reading import read, squeezed

pytestmark = pytest.mark.anyio

PAPERS = "query ($id: ID!) { application(id: $id) { papers { kind state file { url } } } }"


async def test_what_was_applied_for_and_that_it_is_registered_is_on_paper(town: Town) -> None:
    hall, city = await open_hall(town), town.city
    resident = await city.resident()
    id, _ = await hall.registered(resident)
    made = (await city.one(resident, PAPERS, id=id))["papers"]
    kinds = {"APPLICATION_FORM", "APPLICATION_RECEIPT", "MEDIATION_REGISTRATION", "RIGHTS_NOTICE"}
    assert {(paper["kind"], paper["state"]) for paper in made} == {(kind, "READY") for kind in kinds}
    dispute, told = form()["dispute"], {}
    async with city.http() as client:
        for paper in made:
            told[paper["kind"]] = read((await client.get(paper["file"]["url"])).content).text
    for kind in ("APPLICATION_FORM", "MEDIATION_REGISTRATION"):
        for said in ("王建国", "李卫东", "邻里纠纷", dispute["facts"], dispute["place"], dispute["demands"][0]["text"]):
            assert squeezed(said) in told[kind], (kind, said)
    assert "人民调解申请书" in told["APPLICATION_FORM"]
    assert "示例镇人民调解委员会（印章）" in told["MEDIATION_REGISTRATION"]
    for said in ("人民调解权利义务告知书", *RIGHTS[Language.ZH], "被告知人（签名）"):
        assert squeezed(said) in told["RIGHTS_NOTICE"], said
    assert (await city.one(hall.stranger, PAPERS, id=id)) is None


AGREED = """query ($id: ID!) { mediation(id: $id) { agreement { form effectiveAt paper { id kind code state standing
  file { url } } } } }"""
VERIFY = """query ($code: String!) { verifyDocument(code: $code) { __typename
  ... on VerifiedDocument { kind institutionName standing } } }"""
NODE = "query ($id: ID!) { node(id: $id) { ... on Paper { kind } } }"


async def test_what_both_agreed_to_in_writing_is_a_paper_that_both_open(town: Town) -> None:
    hall, city = await open_hall(town), town.city
    resident, other, third = [await city.resident() for _ in range(3)]
    _, mediation = await hall.meeting(resident, other)
    drawn = (await hall.draws(mediation))["agreement"]["id"]
    to = {"mediationId": mediation, "about": "AGREEMENT", "yes": True, "agreementId": drawn}
    assert (await city.one(resident, AGREED, id=mediation))["agreement"]["paper"] is None

    # Both at once, and each again and again: it is one paper, by whichever yes was the second.
    document = mutation("sayToMediation", MEDIATION)
    said = [city.one(who, document, input=to | {"idempotencyKey": str(new_id())}) for who in (resident, other) * 10]
    await asyncio.gather(*said)
    await city.settle()
    counted = "SELECT count(*) FROM app.paper WHERE kind = 'MEDIATION_AGREEMENT'"
    assert await city.sql(counted) == [(1,)]
    shown = [(await city.one(who, AGREED, id=mediation))["agreement"] for who in (resident, other, hall.mediator)]
    assert {(one["paper"]["kind"], one["paper"]["state"]) for one in shown} == {("MEDIATION_AGREEMENT", "READY")}
    today = await city.today()
    due = today + 10 * DAY
    async with city.http() as client:
        for one in shown:
            told = read((await client.get(one["paper"]["file"]["url"])).content).text
            for words in (
                "人民调解协议书",
                "王建国",
                f"李卫东于{due.year}年{due.month}月{due.day}日前（含当日）一次性支付修缮费（金额：8000元）。",
                "撤回对被申请人的举报。",
                "被申请人承担主要责任。",
                "银行转账。",
                "示例镇人民调解委员会（印章）",
            ):
                assert squeezed(words) in told, words
    found = await city.one(None, VERIFY, code=shown[0]["paper"]["code"])
    assert found == {
        "__typename": "VerifiedDocument",
        "kind": "MEDIATION_AGREEMENT",
        "institutionName": "示例镇人民调解委员会",
        "standing": "VALID",
    }
    for who in (third, hall.stranger, hall.second, None):
        assert await city.one(who, NODE, id=shown[0]["paper"]["id"]) is None
