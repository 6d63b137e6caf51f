"""Somebody comes to a window with a code from her telephone."""

import asyncio
import base64
from datetime import datetime, timedelta

import pytest

from app.core.access import Viewer
from app.core.ids import new_id
from tests.applications.office import DAY, form
from tests.city import City, codes
from tests.directory.desk import set_post
from tests.papers.reading import read
from tests.threads.talk import told
from tests.window.counter import VISIT, Counter, mutation, open_counter

pytestmark = pytest.mark.anyio
RECEIPT = """query ($id: ID!) { node(id: $id) { ... on WindowVisit { acts { receiptPaper { id kind state
  file { url } } } } } }"""
PAPER = "query ($id: ID!) { node(id: $id) { ... on Paper { kind } } }"


async def test_a_code_shows_the_window_what_it_needs_and_nothing_else(city: City) -> None:
    counter, resident = await open_counter(city), await city.resident()
    office = counter.office
    said = form()
    said["applicant"] |= {"name": "王小明", "phone": "13800000011"}
    id = await office.taken(resident, legalAid=said)
    await office.does(office.officer, "askSupplement", id, reason="请补充：身份证复印件。")
    made = await counter.code(resident, id)
    assert made["qr"].startswith("data:image/svg+xml")
    assert made["png"].startswith("data:image/png;base64,")
    assert base64.b64decode(made["png"].partition(",")[2]).startswith(b"\x89PNG")
    assert len(made["digits"]) == 8
    sealed = await city.sql("SELECT slip FROM app.window_visit")
    assert [row for (row,) in sealed if "王".encode() in bytes(row)] == []

    # Another institution's window, somebody without a post at one, and she herself learn nothing.
    assert codes(await counter.opens(counter.elsewhere, made["digits"])) == ["NOT_THIS_WINDOW"]
    await set_post(city, office.admin, counter.colleague, None)
    assert codes(await counter.opens(counter.colleague, made["digits"])) == ["NO_WINDOW_POST"]

    visit = await counter.opens(counter.clerk, f" LEGAL-WINDOW-{made['digits']} ")
    assert visit["person"] == {
        "name": "王**",
        "idNumber": "*" * 14 + said["applicant"]["idNumber"][-4:],
        "phone": "*******0011",
        "asked": "请补充：身份证复印件。",
    }
    standing = visit["application"]
    assert [standing[name] for name in ("kind", "state", "clock")] == ["LEGAL_AID", "NEEDS_SUPPLEMENT", "SUPPLEMENT"]
    assert standing["receipt"] == (await office.sees(resident, id))["receipt"]
    assert await office.sees(counter.clerk, id) is None
    assert "WINDOW_OPENED" in await told(city, resident)

    # Papers, with a receipt; who handles it learns that they are there.
    held = await counter.receives(counter.clerk, visit["id"])
    (act,) = held["acts"]
    assert act["kind"] == "RECEIVED"
    assert len(act["receipt"]) == 17
    assert sorted(one["kind"] for one in act["papers"]) == ["EVIDENCE", "ID_DOCUMENT"]
    assert "WINDOW_RECEIPT" in await told(city, resident)
    # It is a paper, which names her as the window knows her.
    for who in (resident, counter.clerk):
        (paper,) = [one["receiptPaper"] for one in (await city.one(who, RECEIPT, id=visit["id"]))["acts"]]
        assert (paper["kind"], paper["state"]) == ("PAPERS_RECEIPT", "READY")
        async with city.http() as client:
            pdf = read((await client.get(paper["file"]["url"])).content).text
        for words in (
            "材料接收回执",
            act["receipt"],
            "王**",
            "示例法律援助中心",
            "身份证件复印件1份",
            "证据材料复印件3份",
        ):
            assert words in pdf, words
    assert [one["receiptPaper"] for one in (await city.one(office.officer, RECEIPT, id=visit["id"]))["acts"]] == [None]
    for who in (office.officer, counter.hall, counter.elsewhere):
        assert await city.one(who, PAPER, id=paper["id"]) is None
    assert "WINDOW_PAPERS" in await told(city, office.officer)
    briefly = "{ ... on WindowVisit { acts { kind } } }"
    given = {"visitId": visit["id"], "papers": [{"kind": "NOTICE"}]}
    handed = await counter.do(counter.clerk, "handOutPapers", briefly, **given)
    assert [one["kind"] for one in handed["acts"]] == ["RECEIVED", "HANDED_OUT"]
    collected = await counter.do(counter.clerk, "handOutPapers", briefly, **given, collected=True)
    assert collected["acts"][-1]["kind"] == "COLLECTED"

    # Whose it is sees when it was opened and read; who handles it, that she was there; the stranger nothing.
    (hers,) = await counter.visits(resident, id)
    assert hers["openedAt"]
    assert hers["accesses"] == [{"called": "窗口0"}]
    assert len(hers["acts"]) == 3
    (handled,) = await counter.visits(office.officer, id)
    assert (handled["person"], handled["application"], handled["accesses"]) == (None, None, [])
    assert len(handled["acts"]) == 3
    for who in (counter.elsewhere, await city.resident(), office.stranger, office.second):
        assert await counter.visits(who, id) == []
    assert [one["id"] for one in await counter.visits(counter.clerk)] == [visit["id"]]
    assert await counter.visits(counter.hall) == []

    # Not tomorrow.
    midnight = datetime.fromisoformat(visit["openUntil"])
    await city.pass_time(midnight - await city.now() + timedelta(minutes=1))
    assert await counter.visits(counter.clerk) == []
    assert codes(await counter.receives(counter.clerk, visit["id"])) == ["NOT_FOUND"]
    (hers,) = await counter.visits(resident, id)
    assert hers["person"] is None
    assert len(hers["acts"]) == 3
    assert await city.sql("SELECT slip FROM app.window_visit") == [(b"",)]
    assert await city.sql("SELECT 1 FROM app.key k JOIN app.window_visit v ON v.id = k.subject") == []
    # The receipt stays hers, and goes with what it is about.
    assert [bool(await city.one(who, PAPER, id=paper["id"])) for who in (resident, counter.clerk)] == [True, False]
    async with city.http() as client:
        (kept,) = [one["receiptPaper"] for one in (await city.one(resident, RECEIPT, id=visit["id"]))["acts"][:1]]
        assert (await client.get(kept["file"]["url"])).status_code == 200
    await city.sql("DELETE FROM app.key k USING app.window_visit v WHERE k.subject = v.subject")
    (kept,) = [one["receiptPaper"] for one in (await city.one(resident, RECEIPT, id=visit["id"]))["acts"][:1]]
    assert (kept["state"], kept["file"]) == ("GONE", None)


async def test_a_code_is_good_once_for_a_day_and_only_the_newest(city: City) -> None:
    counter, resident = await open_counter(city), await city.resident()
    id = await counter.office.applied(resident)
    first = await counter.code(resident, id, idempotencyKey="the-same-key")
    assert await counter.code(resident, id, idempotencyKey="the-same-key") == first
    second = await counter.code(resident, id)
    assert codes(await counter.opens(counter.clerk, first["digits"])) == ["PICKUP_CODE_EXPIRED"]
    wrong = f"{(int(second['digits']) + 1) % 10**8:08}"
    for said in ("", "1234567", "123456789", "１２３４５６７８９", "\x00", wrong):
        assert codes(await counter.opens(counter.clerk, said)) == ["PICKUP_CODE_WRONG"], said
        await city.turn(timedelta(minutes=16))
    # A window that serves all opens it too; the same request again gives the same.
    opened = await counter.opens(counter.hall, second["digits"], idempotencyKey="opens-it-once")
    assert (await counter.opens(counter.hall, second["digits"], idempotencyKey="opens-it-once"))["id"] == opened["id"]
    assert codes(await counter.opens(counter.clerk, second["digits"])) == ["PICKUP_CODE_USED"]
    third = await counter.code(resident, id)
    await city.pass_time(DAY + timedelta(minutes=1))
    assert codes(await counter.opens(counter.clerk, third["digits"])) == ["PICKUP_CODE_EXPIRED"]
    # Nobody makes one of what is not hers, handles it or not.
    for who in (await city.resident(), counter.office.head, counter.clerk):
        assert codes(await counter.code(who, id)) == ["NOT_FOUND"]
    # Who leaves the window, or the house, sees nothing of it any more.
    fourth = await counter.code(resident, id)
    visit = await counter.opens(counter.clerk, fourth["digits"])
    for papers, refusal in (
        ([{"kind": "OTHER", "copies": 0}], "BAD_VALUE"),
        ([{"kind": "OTHER"}, {"kind": "OTHER", "copies": 2}], "PAPER_TWICE"),
    ):
        assert codes(await counter.receives(counter.clerk, visit["id"], *papers)) == [refusal]
    await set_post(city, counter.office.admin, counter.clerk, counter.office.elsewhere, duty="WINDOW_STAFF")
    assert await counter.visits(counter.clerk) == []
    assert codes(await counter.receives(counter.clerk, visit["id"])) == ["NOT_FOUND"]


async def test_of_fifty_at_one_code_one_has_it_and_fifty_guesses_are_no_more_than_five(city: City) -> None:
    counter, resident = await open_counter(city), await city.resident()
    digits = (await counter.code(resident, await counter.office.applied(resident)))["digits"]
    other = f"{(int(digits) + 7) % 10**8:08}"
    guesses = await asyncio.gather(*(_tries(counter, counter.elsewhere, other) for _ in range(50)))
    assert sorted({*guesses}) == ["PICKUP_CODE_WRONG", "TRY_LATER"]
    assert guesses.count("PICKUP_CODE_WRONG") <= 5

    staff = [counter.clerk, counter.colleague, counter.hall]
    tries = await asyncio.gather(*(_tries(counter, staff[at % 3], digits) for at in range(12)))
    assert tries.count("WindowVisit") == 1
    assert set(tries) <= {"WindowVisit", "PICKUP_CODE_USED", "TRY_LATER"}
    wanted = "SELECT count(*) FROM app.reader r JOIN app.window_visit v ON v.id = r.subject WHERE basis = 'staff'"
    assert await city.sql(wanted) == [(1,)]


async def _tries(counter: Counter, who: Viewer, digits: str) -> str:
    said = {"code": digits, "idempotencyKey": str(new_id())}
    made = await counter.city.one(who, mutation("openAtWindow", VISIT), input=said)
    return (codes(made) or [made["__typename"]])[0]


async def test_how_many_visits_a_list_shows_does_not_make_it_dearer(city: City) -> None:
    counter, resident = await open_counter(city), await city.resident()
    id = await counter.office.applied(resident)
    sent = []
    for _ in range(2):
        for _ in range(2):
            visit = await counter.opens(counter.clerk, (await counter.code(resident, id))["digits"])
            await counter.receives(counter.clerk, visit["id"])
        with city.statements() as seen:
            assert len(await counter.visits(counter.clerk)) in (2, 4)
        sent.append(len(seen))
    assert sent[0] == sent[1] <= 8
