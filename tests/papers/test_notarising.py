"""The papers of a notarisation, from the form that was filled in to the notary's acceptance."""

import pytest

from tests.applications.bureau import form, open_bureau
from tests.city import City
from tests.papers.reading import read, squeezed

pytestmark = pytest.mark.anyio

PAPERS = "query ($id: ID!) { application(id: $id) { papers { kind state file { url } } } }"


async def test_from_the_form_to_the_notary_who_accepts_it(city: City) -> None:
    bureau, resident = await open_bureau(city), await city.resident()
    id = await bureau.accepted(resident)
    made = (await city.one(resident, PAPERS, id=id))["papers"]
    kinds = ["APPLICATION_FORM", "APPLICATION_RECEIPT", "ACCEPTANCE_NOTICE"]
    assert sorted((paper["kind"], paper["state"]) for paper in made) == sorted((kind, "READY") for kind in kinds)
    told = {}
    async with city.http() as client:
        for paper in made:
            told[paper["kind"]] = read((await client.get(paper["file"]["url"])).content).text
    request = form()["request"]
    for said in (
        "王建国",
        "亲属关系",
        request["purpose"],
        request["country"],
        "附加证明书",
        "住所地",
        "户口簿",
        "李某某",
    ):
        assert squeezed(said) in told["APPLICATION_FORM"], said
    assert "公证申请回执" in told["APPLICATION_RECEIPT"]
    assert "十五个工作日内出具公证书" in told["ACCEPTANCE_NOTICE"]
    assert "示例公证处（印章）" in told["ACCEPTANCE_NOTICE"]
    assert (await city.one(bureau.stranger, PAPERS, id=id)) is None
