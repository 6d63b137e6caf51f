"""What is in a copy: what she said and what was said to her, and nothing of anybody else."""

import re

import pytest

from app.core.access import Role
from app.core.ids import new_id
from app.graph.ids import global_id, uuid_of
from tests.accounts.hall import set_roles
from tests.city import TOWN, City
from tests.city import question as asked_so
from tests.consultation import speaking
from tests.consultation.opinions import choose, rate
from tests.directory.counter import FIRM, NAME, applied, licence
from tests.exporting.copies import copied, fetch, newest, ready
from tests.oversight.office import call_me
from tests.threads.talk import ask_back, inform, inquire, reply
from tests.vault.later import do
from tests.vault.scene import signs_in
from tests.vault.sending import house, sent, shown

pytestmark = pytest.mark.anyio

BODY = "工地欠我八千块工钱，包工头跑了，找谁要？"
ASKED_BACK = "没有书面合同也能要吗？"
REPLIED = "可以，工友的证言和转账记录也是证据。"
INQUIRED = "请问是哪一天开工的？"
TOLD = "去年三月初八开工。"
COMMENT = "讲得明白，照着办就行。"
NOTE = "中午打来，晚上要看孩子。"
NAMES = re.compile(
    r"index\.(html|json)|schema\.json|(data/[A-Za-z]+-\d{4}\.json)|(pages/[A-Za-z]+-\d{4}\.html)|"
    r"files/[0-9a-f-]{36}\.(jpg|mp3|png|pdf)"
)


async def test_she_gets_what_she_said_and_what_was_said_to_her(city: City) -> None:
    asker = await signs_in(city, "+8613800000001")
    lawyer, other = await city.lawyers(2)
    async with house(city) as client:
        picture = await sent(city, client, asker)
        voice = await speaking.recorded(city, client, asker)
        said = asked_so(BODY) | {"attachments": [picture], "opposingParty": "王强"}
        id = (await city.one(asker, speaking.ASK, input=said))["id"]
        spoken = await speaking.asked(city, asker, voice, speaking.SAID)
        await city.settle()
        for who in (lawyer, other):
            for offer in await city.offer_ids(who):
                await city.answer(who, (await city.claim(who, offer))["id"])
        await city.settle()
        follow_up = await ask_back(city, asker, id, body=ASKED_BACK)
        await city.settle()
        await reply(city, lawyer, follow_up["id"], body=REPLIED)
        inquiry = await inquire(city, lawyer, id, text=INQUIRED)
        await city.settle()
        await city.turn_seconds(60)
        await inform(city, asker, inquiry["id"], body=TOLD)
        answers = (await city.one(asker, speaking.QUESTION, id=id))["answers"]
        await rate(city, asker, answers[0]["id"], 4, comment=COMMENT)
        await choose(city, asker, id, answers[0]["id"])
        await call_me(city, asker, id, note=NOTE)
        await do(city, asker, "saveDraft", "SaveDraftInput", body="还没写完", revision=1, idempotencyKey=str(new_id()))
        gone = await city.asked(asker, "押金不退怎么办")
        await do(city, asker, "eraseQuestion", "EraseQuestionInput", questionId=gone, idempotencyKey=str(new_id()))
        await city.settle()
        copy = await copied(city, client, asker)
        hers, theirs = copy, await copied(city, client, lawyer)
        whole = (await client.get((await shown(city, asker, picture))["url"].removeprefix("http://city"))).content

    by_id = {record["id"]: record for record in hers.records["question"]}
    written, aloud = by_id[str(uuid_of(id, "Question"))], by_id[str(uuid_of(spoken, "Question"))]
    assert (written["body"], written["status"], written["opposingPartyKnown"]) == (BODY, "OPEN", True)
    assert [one["id"] for one in written["answers"]] == [str(uuid_of(one["id"], "Answer")) for one in answers]
    assert (written["answers"][0]["best"], written["answers"][0]["ratings"][0]["comment"]) == (True, COMMENT)
    assert written["answers"][0]["versions"][0]["text"]
    assert {look["lawyer"] for look in written["looks"]} == {"李律师"}
    assert written["receipt"]["document"].startswith("{")
    assert (len(written["followUps"]), len(written["inquiries"])) == (1, 1)
    assert next(event["what"] for event in written["events"]) == "QUESTION_ASKED"
    assert {one["text"] for one in hers.records["message"]} == {ASKED_BACK, REPLIED, INQUIRED, TOLD}
    files = {record["id"]: record for record in hers.records["file"]}
    assert set(files) == {str(uuid_of(each, "File")) for each in (picture, voice)}
    assert hers.zip.read(files[str(uuid_of(picture, "File"))]["path"]) == whole
    recording = files[str(uuid_of(voice, "File"))]
    assert (recording["transcript"]["text"], recording["part"]) == (speaking.SAID, aloud["id"])
    assert hers.zip.read(recording["path"])[:3] == b"ID3" or recording["size"] > 1000
    assert (hers.one("petition")["note"], hers.one("petition")["phone"]) == (NOTE, "+8613812345678")
    assert hers.one("draft")["body"] == "还没写完"
    assert hers.one("erasure")["question"] == str(uuid_of(gone, "Question"))
    assert "押金不退" not in hers.said()  # what is erased is gone
    account = hers.one("account")
    assert [(one["knownAs"], one["name"]) for one in account["identities"]] == [("sms", "+8613800000001")]
    assert {one["purpose"] for one in account["consents"]} >= {"SERVICE"}
    assert hers.records["notice"]
    assert {device["name"] for device in hers.records["device"]} == {"电话"}
    for text in (BODY, ASKED_BACK, REPLIED, COMMENT, NOTE, "+8613800000001", speaking.SAID):
        assert text in hers.pages()
    # The lawyer has her own words and how she was called, and none of the asker's.
    assert len(theirs.records["writtenAnswer"]) == 2 == len(theirs.records["seat"]) == len(theirs.records["offer"])
    assert theirs.one("lawyer")["name"] == "李律师"
    assert {one["text"] for one in theirs.records["message"]} == {REPLIED, INQUIRED}
    for text in (BODY, ASKED_BACK, TOLD, NOTE, "+8613812345678", speaking.SAID, "王强"):
        assert text not in theirs.said()
    assert (theirs.records["question"], theirs.records["file"]) == ([], [])
    assert "王强" not in hers.said()  # an opposing party's name is kept nowhere


async def test_nothing_of_it_runs_and_names_are_the_houses_own(city: City) -> None:
    asker = await city.resident()
    attack = '<script>alert(1)</script><img src=x onerror=alert(2)>"\'&amp;=HYPERLINK("http://evil")'
    await city.sql("UPDATE app.sign_in SET device = '</dd><script>x' WHERE person = :me", me=asker.id)
    async with house(city) as client:
        await city.asked(asker, f"邻居在墙上写字怎么办？{attack}")
        await sent(city, client, asker)
        copy = await copied(city, client, asker)
    assert copy.one("question")["body"].endswith(attack)
    pages = copy.pages()
    assert "<script" not in pages
    assert "<img" not in pages
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in pages
    assert "default-src 'none'" in pages
    assert [name for name in copy.names if not NAMES.fullmatch(name)] == []
    assert len(set(copy.names)) == len(copy.names)


async def test_what_was_decided_about_her_is_in_it_and_who_applied_has_her_application(city: City) -> None:
    editor, admin, applicant = await city.resident(), await city.person(Role.ADMIN), await city.resident()
    await set_roles(city, admin, editor, "EDITOR", reason="负责普法专栏")
    async with house(city) as client:
        picture = await sent(city, client, applicant)
        await applied(city, applicant, licence=licence(3), pictures=[picture])
        hers, theirs = await copied(city, client, editor), await copied(city, client, applicant)
        keepers = await copied(city, client, admin)
    assert (hers.one("decision")["what"], hers.one("decision")["roles"]) == ("ROLES", ["EDITOR"])
    assert "负责普法专栏" not in hers.said()
    application = theirs.one("application")
    assert (application["name"], application["firm"], application["licence"]) == (NAME, FIRM, licence(3))
    assert theirs.one("file")["subject"] == application["id"]
    assert (keepers.records["decision"], keepers.records["application"]) == ([], [])
    assert [role["role"] for role in keepers.one("account")["roles"]] == ["ADMIN"]


async def test_what_she_erased_after_it_was_listed_is_not_in_it(city: City) -> None:
    asker = await city.resident()
    async with house(city) as client:
        picture = await sent(city, client, asker)
        said = asked_so("房东不退押金怎么办") | {"attachments": [picture]}
        id = (await city.one(asker, speaking.ASK, input=said))["id"]
        kept = await city.asked(asker, BODY)
        url = (await ready(city, asker))["url"]
        before = await fetch(client, url)
        await do(city, asker, "eraseQuestion", "EraseQuestionInput", questionId=id, idempotencyKey=str(new_id()))
        after = await fetch(client, url)
    assert (len(before.records["question"]), len(before.records["file"])) == (2, 1)
    assert [record["id"] for record in after.records["question"]] == [str(uuid_of(kept, "Question"))]
    assert after.records["file"] == []
    assert "押金" not in after.said()
    assert next(one for one in (await newest(city, asker))["contents"] if one["kind"] == "question")["count"] == 2


async def test_who_asks_for_another_has_nothing_of_hers(city: City) -> None:
    elder, child = await signs_in(city, "+8613800000002"), await city.resident()
    await city.sql(
        "INSERT INTO app.delegation (id, elder, delegate, relation, consent, names, granted_at)"
        " VALUES (gen_random_uuid(), :elder, :child, 'CHILD', 'SMS_CODE', '', now())",
        elder=elder.id,
        child=child.id,
    )
    ((delegation,),) = await city.sql("SELECT id FROM app.delegation")
    said = asked_so("母亲的低保被停了怎么办") | {"onBehalfOf": global_id("Delegation", delegation)}
    async with house(city) as client:
        assert (await city.one(child, speaking.ASK, input=said))["__typename"] == "Question"
        await city.settle()
        hers, theirs = await copied(city, client, elder), await copied(city, client, child)
    assert hers.one("question")["body"] == "母亲的低保被停了怎么办"
    assert theirs.records["question"] == []
    assert "低保" not in theirs.said()
    assert (hers.one("delegation")["given"], theirs.one("delegation")["given"]) == (True, False)


async def test_every_field_is_explained(city: City) -> None:
    asker = await city.resident()
    async with house(city) as client:
        await city.asked(asker, BODY)
        copy = await copied(city, client, asker)
    schema = copy.json("schema.json")
    assert schema["format"] == copy.index["format"]
    for kind, records in copy.records.items():
        known = schema["kinds"][kind]["properties"]
        for record in records:
            assert record.keys() == known.keys(), kind
    assert TOWN in copy.said()
