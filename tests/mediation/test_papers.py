"""The papers of a mediation: what was applied for, that it came, and that the committee has registered it."""

import pytest

from tests.accounts.town import Town
from tests.mediation.hall import form, open_hall
from tests.papers.reading import read, squeezed

pytestmark = pytest.mark.anyio

PAPERS = "query ($id: ID!) { application(id: $id) { papers { kind state file { url } } } }"


async def test_what_was_applied_for_and_that_it_is_registered_is_on_paper(town: Town) -> None:
    hall, city = await open_hall(town), town.city
    resident = await city.resident()
    id, _ = await hall.registered(resident)
    made = (await city.one(resident, PAPERS, id=id))["papers"]
    kinds = {"APPLICATION_FORM", "APPLICATION_RECEIPT", "MEDIATION_REGISTRATION"}
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
    assert (await city.one(hall.stranger, PAPERS, id=id)) is None
