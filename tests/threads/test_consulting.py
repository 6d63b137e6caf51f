"""A resident consults an institution, and its staff answer her."""

import asyncio
from collections import Counter as Count
from typing import Any

import pytest

from app.core.db import NOBODY
from app.graph.ids import uuid_of
from tests.applications.office import key, open_office
from tests.city import City, codes
from tests.directory.desk import set_post
from tests.threads.counter import ASKED, HERS, NEWS, Counter, bodies, counter
from tests.threads.talk import MARK, NOTICES
from tests.vault.scene import DENIED, attempt
from tests.vault.sending import house, path, sent, shown, stored

pytestmark = pytest.mark.anyio


async def told(city: City, who: Any) -> list[str]:
    await city.settle()
    return sorted(one["kind"] for one in (await city.one(who, NOTICES))["nodes"])


async def accesses(city: City, who: Any, id: str) -> list[Any]:
    document = """query ($id: ID!) { institutionConsultation(id: $id) { accesses { at called file { id } } } }"""
    return (await city.one(who, document, id=id) or {"accesses": []})["accesses"]  # type: ignore[no-any-return]


async def cards(city: City, who: Any, id: str) -> list[Any]:
    document = "query ($id: ID!) { institutionConsultation(id: $id) { safetyCards { signal phones { number } } } }"
    return (await city.one(who, document, id=id))["safetyCards"]  # type: ignore[no-any-return]


async def test_she_asks_it_is_taken_handed_on_and_closed(city: City) -> None:
    there = await counter(city)
    asker, clerk, colleague = await city.resident(), there.clerk, there.colleague
    made = await there.consult(asker, idempotencyKey="of-her-first-consultation")
    assert (made["__typename"], made["state"], made["mine"], made["heldBy"]) == (
        "InstitutionConsultation",
        "WAITING",
        True,
        None,
    )
    # What she is told at once.
    assert (made["institution"]["openNow"], made["institution"]["opensAt"]) == (True, None)
    assert made["staffPresent"] is True
    assert bodies(made) == [ASKED]
    id = made["id"]
    assert (await there.consult(asker, idempotencyKey="of-her-first-consultation"))["id"] == id
    assert codes(await there.consult(asker)) == ["CONSULTATION_OPEN"]
    assert [one["id"] for one in (await city.one(asker, HERS))["nodes"]] == [id]
    assert await told(city, clerk) == await told(city, colleague) == ["CONSULTATION_WAITING"]

    # Who works there sees that it waits, and no word of it, until she takes it.
    assert await there.desk(clerk) == await there.desk(colleague) == [(id, "WAITING")]
    assert (await there.seen(clerk, id))["thread"] is None
    assert codes(await there.say(clerk, "replyInConsultation", id, "您好")) == ["NOT_YOUR_CONSULTATION"]
    async with city.follow(asker, NEWS, id=id) as stream:
        async with asyncio.timeout(60):
            assert (await anext(stream))[0]["consultationUpdates"]["events"] == []
            taken = await there.take(clerk, id)
            assert (taken["state"], taken["heldBy"], bodies(taken)) == ("TAKEN", "李窗口", [ASKED])
            frame = (await anext(stream))[0]["consultationUpdates"]
            assert frame["events"] == [{"kind": "CONSULTATION_TAKEN"}]
            assert frame["consultation"] == {"state": "TAKEN", "heldBy": "李窗口"}
    assert (await there.take(clerk, id))["state"] == "TAKEN"  # again
    assert await there.seen(colleague, id) is None
    assert codes(await there.take(colleague, id)) == ["NOT_FOUND"]

    # They talk.
    once = {"idempotencyKey": "of-the-first-reply"}
    for _ in range(2):
        replied = await there.say(clerk, "replyInConsultation", id, "请带身份证和工资条。", **once)
    assert bodies(replied) == [ASKED, "请带身份证和工资条。"]
    assert "CONSULTATION_REPLIED" in await told(city, asker)
    seen = await there.seen(asker, id)
    assert (seen["thread"]["unread"], seen["heldBy"]) == (1, "李窗口")
    last = seen["thread"]["messages"]["nodes"][0]
    assert (last["kind"], last["fromAsker"], last["mine"]) == ("CONSULTATION_REPLY", False, False)
    assert (await city.one(asker, MARK, id=seen["thread"]["id"], upTo=last["id"]))["unread"] == 0
    assert bodies(await there.say(asker, "sendToInstitution", id, "没有工资条怎么办？"))[-1] == "没有工资条怎么办？"
    assert await told(city, clerk) == ["CONSULTATION_WAITING", "CONSULTATION_WAITING"]
    for body, code in (("字" * 2001, "TOO_LONG"), ("", "BLANK"), ("贷款加微信vx123456，低息秒批，无抵押", None)):
        refused = codes(await there.say(asker, "sendToInstitution", id, body))
        assert refused == [code] if code else refused, (body, refused)

    # Handed on: from then on the colleague reads it, and the former does not.
    assert codes(await there.hand(clerk, id, clerk)) == ["NOT_A_COLLEAGUE"]
    assert codes(await there.hand(clerk, id, asker)) == ["NOT_A_COLLEAGUE"]
    async with city.follow(clerk, NEWS, id=id) as stream, asyncio.timeout(60):
        await anext(stream)
        assert (await there.hand(clerk, id, colleague))["called"] == "王科员"
        assert codes((await anext(stream))[0]["consultationUpdates"]) == ["NOT_FOUND"]
    assert await there.seen(clerk, id) is None
    assert codes(await there.hand(clerk, id, colleague)) == ["NOT_FOUND"]
    assert len(bodies(await there.seen(colleague, id))) == 3
    assert await told(city, colleague) == ["CONSULTATION_WAITING", "CONSULTATION_WAITING"]

    # Who leaves the institution holds it no more: it waits for another, and whoever is concerned hears of it.
    async with city.follow(asker, NEWS, id=id) as stream, asyncio.timeout(60):
        await anext(stream)
        await set_post(city, there.admin, colleague, None)
        assert "CONSULTATION_WAITS_AGAIN" in await told(city, asker)
        frame = (await anext(stream))[0]["consultationUpdates"]
        assert frame["events"] == [{"kind": "CONSULTATION_WAITS_AGAIN"}]
        assert frame["consultation"] == {"state": "WAITING", "heldBy": None}
    assert await told(city, clerk) == ["CONSULTATION_WAITING"] * 3
    assert await told(city, colleague) == ["CONSULTATION_WAITING"] * 2
    assert await there.seen(colleague, id) is None
    assert (await there.seen(asker, id))["state"] == "WAITING"
    # She sees who read it; nobody else does.
    assert {one["called"] for one in await accesses(city, asker, id)} == {"李窗口", "王科员"}
    assert await accesses(city, clerk, id) == []
    assert (await there.take(clerk, id))["heldBy"] == "李窗口"

    # Closed, it stays so; she may begin another.
    assert (await there.do(clerk, "closeConsultation", consultationId=id))["state"] == "CLOSED"
    assert (await there.do(asker, "closeConsultation", consultationId=id))["state"] == "CLOSED"
    assert codes(await there.say(asker, "sendToInstitution", id, "还在吗")) == ["CONSULTATION_CLOSED"]
    assert codes(await there.say(clerk, "replyInConsultation", id, "再见")) == ["CONSULTATION_CLOSED"]
    second = await there.consult(asker)
    assert second["state"] == "WAITING"
    assert await there.desk(clerk) == [(second["id"], "WAITING"), (id, "CLOSED")]
    await city.pass_time(7 * 86400 + 1)
    assert await there.desk(clerk) == [(second["id"], "WAITING")]
    assert (await there.seen(asker, second["id"]))["staffPresent"] is False
    # A year later its words are gone.
    await city.pass_time(359 * 86400)
    key_of = uuid_of(id, "InstitutionConsultation")
    assert await city.sql("SELECT 1 FROM app.key WHERE subject = :id", id=key_of) == []
    assert await city.sql("SELECT 1 FROM app.message WHERE subject = :id AND body <> ''", id=key_of) == []
    ((whose,),) = await city.sql("SELECT person FROM app.institution_consultation WHERE id = :id", id=key_of)
    assert whose is None


async def test_of_fifty_who_begin_and_of_fifty_who_take_one_does(city: City) -> None:
    there = await counter(city)
    asker = await city.resident()
    begun = await asyncio.gather(*(there.consult(asker) for _ in range(19)))
    outcomes = Count("".join(codes(one)) for one in begun)
    assert outcomes == {"": 1, "CONSULTATION_OPEN": 18}
    (id,) = [one["id"] for one in begun if not codes(one)]
    people = [await city.person(*there.colleague.roles) for _ in range(50)]
    await city.sql(
        "INSERT INTO app.post (person, institution, duty, called, since)"
        " SELECT unnest(CAST(:people AS uuid[])), :at, 'OFFICER', '科员', now()",
        people=[person.id for person in people],
        at=there.key,
    )
    taken = await asyncio.gather(*(there.take(person, id) for person in people))
    outcomes = Count("".join(codes(one)) for one in taken)
    assert outcomes[""] == 1, outcomes
    assert set(outcomes) <= {"", "CONSULTATION_TAKEN", "NOT_FOUND"}, outcomes
    ((readers,),) = await city.sql(
        "SELECT count(*) FROM app.reader WHERE subject = :id AND basis = 'staff'",
        id=uuid_of(id, "InstitutionConsultation"),
    )
    assert readers == 1


async def test_what_raw_sql_can_do_with_it(city: City) -> None:
    there, elsewhere = await counter(city), await counter(city, "示例-C-0002")
    asker, stranger = await city.resident(), await city.resident()
    waits, held = (await there.consult(asker))["id"], (await there.consult(stranger))["id"]
    await there.take(there.colleague, held)
    said: dict[str, Any] = {"id": uuid_of(waits, "InstitutionConsultation"), "me": asker.id, "at": elsewhere.key}
    said |= {"held": uuid_of(held, "InstitutionConsultation"), "clerk": there.clerk.id, "foreign": elsewhere.clerk.id}
    row = "app.institution_consultation"
    opens = f"INSERT INTO {row} (id, institution, person, state, opened_at, state_at) VALUES (gen_random_uuid(), :at,"
    for who, statement, outcome in (
        (asker, f"SELECT 1 FROM {row}", "rows=1"),
        (asker, f"UPDATE {row} SET state = 'TAKEN', holder = :me WHERE id = :id", DENIED),
        (asker, f"UPDATE {row} SET state = 'CLOSED', holder = :clerk WHERE id = :id", DENIED),
        (asker, f"{opens} :clerk, 'WAITING', app.clock(), app.clock())", DENIED),
        (asker, f"{opens} :me, 'CLOSED', app.clock(), app.clock())", DENIED),
        (asker, f"UPDATE {row} SET person = NULL", DENIED),
        (asker, f"UPDATE {row} SET called = 'x'", DENIED),
        (asker, f"DELETE FROM {row}", DENIED),
        (asker, f"SELECT door.give_up_consultations(:me) FROM {row}", DENIED),
        (there.clerk, f"SELECT 1 FROM {row} WHERE id = :id", "rows=1"),
        (there.clerk, f"SELECT 1 FROM {row} WHERE id = :held", "rows=0"),
        (there.clerk, "SELECT 1 FROM app.message", "rows=0"),
        (there.clerk, "SELECT 1 FROM app.key WHERE subject IN (:id, :held)", "rows=0"),
        (there.clerk, f"UPDATE {row} SET state = 'CLOSED' WHERE id = :id", DENIED),
        (there.clerk, f"UPDATE {row} SET state = 'TAKEN', holder = :foreign WHERE id = :id", DENIED),
        (there.clerk, f"UPDATE {row} SET holder = :clerk WHERE id = :held", "rows=0"),
        (there.colleague, f"UPDATE {row} SET holder = :foreign WHERE id = :held", DENIED),
        (there.colleague, f"UPDATE {row} SET state = 'WAITING', holder = NULL WHERE id = :held", DENIED),
        (there.colleague, "SELECT 1 FROM app.message", "rows=1"),
        (elsewhere.clerk, f"SELECT 1 FROM {row}", "rows=0"),
        (elsewhere.clerk, f"UPDATE {row} SET state = 'TAKEN', holder = :foreign", "rows=0"),
        (elsewhere.clerk, "SELECT 1 FROM app.message", "rows=0"),
        (there.clerk, f"UPDATE {row} SET state = 'TAKEN', holder = :clerk WHERE id = :id", "rows=1"),
    ):
        given = {name: value for name, value in said.items() if f":{name}" in statement}
        assert await attempt(city.db, who.id, statement, **given) == outcome, (statement, who)
    assert await attempt(city.worker, NOBODY, "SELECT called FROM app.institution_consultation") == DENIED
    # In the graph neither finds it who has nothing to do with it.
    for nobody in (elsewhere.clerk, stranger, await city.resident()):
        assert await there.seen(nobody, waits) is None
        assert codes(await there.say(nobody, "sendToInstitution", waits, "让我看看")) == ["NOT_FOUND"]
    assert codes(await there.take(elsewhere.clerk, waits)) == ["NOT_FOUND"]
    assert codes(await there.hand(there.clerk, waits, elsewhere.clerk)) in (["NOT_A_COLLEAGUE"], ["NOT_FOUND"])
    # Nobody takes her own.
    own = (await there.consult(there.clerk))["id"]
    assert codes(await there.take(there.clerk, own)) == ["NOT_FOUND"]
    assert own not in [id for id, _ in await there.desk(there.clerk)]
    for body, code in (("太短了", "TOO_SHORT"), ("字" * 2001, "TOO_LONG"), ("有\x00空字符的一段话在这里", "BAD_TEXT")):
        assert codes(await there.consult(await city.resident(), body)) == [code]


async def test_who_closes_her_account_leaves_none_of_it(city: City) -> None:
    there, asker = await counter(city), await city.resident()
    id = uuid_of((await there.consult(asker))["id"], "InstitutionConsultation")
    await there.take(there.clerk, (await there.desk(there.clerk))[0][0])
    await city.one(asker, "mutation { closeAccount(input: {understood: true}) { __typename } }")
    await city.settle()
    found = await city.sql("SELECT person, state FROM app.institution_consultation WHERE id = :id", id=id)
    assert [tuple(row) for row in found] == [(None, "CLOSED")]
    found = await city.sql("SELECT author, body FROM app.message WHERE subject = :id", id=id)
    assert [(author, bytes(body)) for author, body in found] == [(None, b"")]
    assert await city.sql("SELECT 1 FROM app.key WHERE subject = :id", id=id) == []
    assert await city.sql("SELECT 1 FROM app.reader WHERE subject = :id", id=id) == []


async def test_who_is_in_danger_is_shown_what_helps_and_files_come_and_go_with_it(city: City) -> None:
    there, asker = await counter(city), await city.resident()
    async with house(city) as client:
        hers = await sent(city, client, asker)
        made = await there.consult(asker, "丈夫昨晚又动手打我，我该怎么申请保护？", attachments=[hers])
        id, key_of = made["id"], uuid_of(made["id"], "InstitutionConsultation")
        assert [card["signal"] for card in await cards(city, asker, id)] == ["DOMESTIC_VIOLENCE"]
        await there.say(asker, "sendToInstitution", id, "我真的不想活了")
        assert [card["signal"] for card in await cards(city, asker, id)] == ["SUICIDE", "DOMESTIC_VIOLENCE"]
        assert await cards(city, there.clerk, id) == []
        assert await shown(city, there.clerk, hers) is None
        await there.take(there.clerk, id)
        theirs = await sent(city, client, there.clerk)
        replied = await there.say(there.clerk, "replyInConsultation", id, "请看附件里的说明。", attachments=[theirs])
        assert bodies(replied)[-1] == "请看附件里的说明。"
        again = await there.say(there.clerk, "replyInConsultation", id, "再看一遍", attachments=[theirs, hers])
        assert codes(again) == ["FILE_ATTACHED", "NOT_FOUND"]
        links = [path((await shown(city, who, file))["url"]) for who, file in ((there.clerk, hers), (asker, theirs))]
        assert [(await client.get(link)).status_code for link in links] == [200, 200]
        assert await shown(city, there.colleague, hers) is None
        assert [one["file"]["id"] for one in await accesses(city, asker, id) if one["file"]] == [hers]
        assert await stored(city) != []

        # Two identities become one person: of two open at one place the older is closed, and forgotten in time.
        other = await city.resident()
        newer = (await there.consult(other))["id"]
        await city.sql("INSERT INTO app.identity VALUES ('sms', '\\x01', :me, '', now())", me=asker.id)
        await city.sql("UPDATE app.identity SET person = :other WHERE person = :me", me=asker.id, other=other.id)
        states = {one["id"]: one["state"] for one in (await city.one(other, HERS))["nodes"]}
        assert states == {id: "CLOSED", newer: "WAITING"}
        assert await cards(city, other, id) == []
        await city.pass_time(366 * 86400)
        assert await stored(city) == []
    gone = "SELECT person FROM app.institution_consultation WHERE id = :id"
    assert [tuple(row) for row in await city.sql(gone, id=key_of)] == [(None,)]
    assert await city.sql("SELECT 1 FROM app.file WHERE subject = :id AND state <> 'GONE'", id=key_of) == []
    assert await city.sql("SELECT 1 FROM app.key WHERE subject = :id", id=key_of) == []


async def test_the_desk_costs_the_same_however_much_waits(city: City) -> None:
    there = await counter(city)
    await there.take(there.clerk, (await there.consult(await city.resident()))["id"])
    each = "id state heldBy staffPresent institution { id } thread { unread }"
    desk = f"{{ consultationDesk(first: 20) {{ nodes {{ {each} }} }} }}"
    counts = []
    for more in (1, 9):
        for _ in range(more):
            await there.consult(await city.resident())
        with city.statements() as asked:
            assert len((await city.one(there.clerk, desk))["nodes"]) > more
        counts.append(len(asked))
    assert counts[0] == counts[1], counts


async def test_she_asks_about_an_application_of_hers_with_that_institution(city: City) -> None:
    office, applicant = await open_office(city), await city.resident()
    application = await office.applied(applicant)
    there = Counter(city, office.centre, office.admin, office.officer, office.second)
    elsewhere = Counter(city, office.elsewhere, office.admin, office.stranger, office.stranger)
    for where, who in ((there, await city.resident()), (elsewhere, applicant)):
        assert codes(await where.consult(who, applicationId=application)) == ["NOT_FOUND"]
    said = {"id": key(application), "at": elsewhere.key, "me": applicant.id}
    forged = (
        "INSERT INTO app.institution_consultation (id, institution, person, application, state, opened_at, state_at)"
        " VALUES (gen_random_uuid(), :at, :me, :id, 'WAITING', app.clock(), app.clock())"
    )
    assert await attempt(city.db, applicant.id, forged, **said) == DENIED
    made = await there.consult(applicant, applicationId=application)
    assert made["applicationId"] == application
    assert (await there.seen(office.second, made["id"]))["applicationId"] is None
    assert (await there.take(office.officer, made["id"]))["applicationId"] == application
