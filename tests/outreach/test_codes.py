"""Pictures of a channel's code, and numbers that go with it: what WeChat draws, a sheet to hang up, who follows, what a
partner brought."""

import io
from datetime import timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from app.core.access import Role
from app.outside.fakes.faults import Fault
from app.outside.wechat import WeChatError
from tests.city import REFUSED, codes
from tests.directory.desk import enter_institution, enter_worker, set_post
from tests.outreach.hall import CHANNEL, UPDATE, Hall
from tests.vault.sending import path

pytestmark = pytest.mark.anyio

CODES = "query ($id: ID!) { channel(id: $id) { codes { kind state url errcode } } }"
AGAIN = f"""mutation ($id: ID!) {{ makeChannelCodes(input: {{channelId: $id}}) {{
    __typename ... on Channel {CHANNEL} {REFUSED} }} }}"""
EXCHANGE = "query ($code: String!) { partnerExchange(code: $code) { name came sent } }"


async def pictures(hall: Hall, channel: Any) -> dict[str, Any]:
    found = await hall.city.one(hall.editor, CODES, id=channel["id"])
    return {one["kind"]: one for one in found["codes"]}


async def test_wechat_draws_its_codes_and_the_press_a_sheet(hall: Hall) -> None:
    city, accounts = hall.city, hall.town.providers.accounts
    accounts.most_codes = 0  # of a hundred thousand none is left; that the mini-program's are busy is another matter
    accounts.mini.next_are(Fault(code=45009))
    channel = await hall.made(name="沁园街道服务窗口", office="示例法律援助中心")
    assert await pictures(hall, channel) == {}
    with pytest.raises(WeChatError):
        await city.settle()
    await city.turn(timedelta(minutes=1))
    await city.settle()
    found = await pictures(hall, channel)
    assert {kind: (one["state"], one["errcode"]) for kind, one in found.items()} == {
        "OFFICIAL_ACCOUNT": ("REFUSED", 45029),
        "MINI_PROGRAM": ("READY", None),
        "SHEET": ("READY", None),
    }
    assert found["OFFICIAL_ACCOUNT"]["url"] is None
    accounts.most_codes = 100_000
    assert (await city.one(hall.editor, AGAIN, id=channel["id"]))["__typename"] == "Channel"
    renamed = {"channelId": channel["id"], "version": 1, "name": "沁园街道法律窗口"}
    assert not codes(await city.one(hall.editor, UPDATE, input=renamed))
    await city.settle()
    found = await pictures(hall, channel)
    assert {one["state"] for one in found.values()} == {"READY"}
    # Made once and for ever: whatever is changed, WeChat is not asked for it again.
    assert (accounts.codes, accounts.drawn) == ([channel["code"]], [channel["code"]])
    async with city.http() as house:
        answers = {kind: await house.get(path(one["url"])) for kind, one in found.items()}
        lines = await house.get(path(found["OFFICIAL_ACCOUNT"]["url"]).replace(".png", ".svg"))
        assert (await house.get("/c/23456789ABCD/sheet.pdf")).status_code == 404
        assert (await house.get("/c/23456789ABCD/mini-program")).status_code == 404
        assert (await house.get("/c/nonsense/official.png")).status_code == 404
    kinds = {kind: answer.headers["content-type"] for kind, answer in answers.items()}
    assert kinds == {"OFFICIAL_ACCOUNT": "image/png", "MINI_PROGRAM": "image/png", "SHEET": "application/pdf"}
    assert lines.headers["content-type"] == "image/svg+xml"
    (page,) = PdfReader(io.BytesIO(answers["SHEET"].content)).pages
    text = "".join(page.extract_text().split())
    for said in ("示例法律援助中心", "免费法律咨询", "沁园街道法律窗口", channel["code"]):
        assert said in text


async def test_who_was_asked_to_follow_and_what_partners_bring_are_numbers(hall: Hall) -> None:
    city, admin, editor = hall.city, await hall.city.person(Role.ADMIN), hall.editor
    lawyers = [await city.lawyer() for _ in range(3)]
    for number, lawyer in enumerate(lawyers):
        licence = f"1419020151000000{number}"
        await city.sql("UPDATE app.lawyer SET licence = :licence WHERE id = :id", licence=licence, id=lawyer.id)
        made = await enter_worker(city, editor, kind="LAWYER", number=licence, name=f"李律师{number}（示例）")
        assert not codes(made), made
    committee = await enter_institution(city, admin, kind="MEDIATION_COMMITTEE", number="示例-M-1", name="示例调委会")
    mediators = [await city.person(Role.MEDIATOR) for _ in range(2)]
    for mediator in mediators:
        await set_post(city, admin, mediator, committee["id"], duty="MEDIATOR")
    follow = "INSERT INTO app.identity (kind, digest, person, sealed, since) SELECT 'official', :d, :p, '', now()"
    for who in (lawyers[0], *mediators):
        await city.sql(follow, d=who.id.bytes, p=who.id)
    ask = "{ followCoverage { kind asked followed } }"
    found = [(one["kind"], one["asked"], one["followed"]) for one in await city.one(editor, ask)]
    assert found == [("LAWYER", 3, 1), ("GRASSROOTS_LEGAL_WORKER", 0, 0), ("MEDIATION_COMMITTEE", 1, 1)]
    assert (await city.errors(lawyers[0], ask))[0]["extensions"]["code"] == "FORBIDDEN"

    partner = await hall.made(kind="PARTNER", name="示例妇联", link="https://women.example/")
    plain = await hall.made()
    async with city.http() as house:
        for number in range(1, 11):
            house.cookies.clear()  # another browser
            await house.post(path(partner["url"]))
            await house.get(path(partner["sendUrl"]))
            told = await city.one(None, EXCHANGE, code=partner["code"])
            many = 10 if number == 10 else None
            assert told == {"name": "示例妇联", "came": many, "sent": many}
    for code in (plain["code"], "23456789ABCD", "", "字" * 10):
        assert await city.one(None, EXCHANGE, code=code) is None
    for code, why in (("x\x00", "BAD_TEXT"), ("字" * 100, "TOO_LONG")):
        assert (await city.errors(None, EXCHANGE, code=code))[0]["extensions"]["code"] == why
