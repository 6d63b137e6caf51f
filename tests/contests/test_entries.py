"""What is handed in is looked at, is shown under another name, and comes down at once; votes are one a day."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from graphql import GraphQLObjectType, get_named_type, is_leaf_type

from app.core.access import Role
from app.graph.ids import global_id, uuid_of
from app.schema import schema
from tests.activities.hall import MINE as ENROLMENTS
from tests.activities.hall import draft, enroll, move, opened, told
from tests.city import City, codes
from tests.contests.gallery import (
    DECIDED,
    DESK,
    ENTERED,
    FREEZES,
    MINE,
    SHOWN,
    VOTED,
    check,
    contest,
    enter,
    say,
    shown,
    take,
    vote,
)
from tests.vault.samples import SECRET
from tests.vault.scene import DENIED, attempt
from tests.vault.sending import house, path, sent

pytestmark = pytest.mark.anyio

SCHOOL = "济源市沁园实验小学"


def everything(kind: GraphQLObjectType, depth: int = 4) -> str:
    """All fields of a type that ask for nothing, as deep as they go."""
    found = ["__typename"]
    for name, field in kind.fields.items():
        below = get_named_type(field.type)
        if is_leaf_type(below):
            found.append(name)
        elif isinstance(below, GraphQLObjectType) and depth and not field.args:
            found.append(f"{name} {{ {everything(below, depth - 1)} }}")
    return " ".join(found)


async def test_nobody_sees_who_she_is_and_nobody_sees_it_before_somebody_looked(city: City) -> None:
    editor, second = await city.person(Role.EDITOR), await city.person(Role.EDITOR)
    id = await contest(city, editor, second)
    young, other = await city.resident(), await city.resident()
    await city.sql("INSERT INTO app.age_said VALUES (:me, 2, 'UNDER_14', now())", me=young.id)
    async with house(city) as client:
        assert codes(await enter(city, client, young, id)) == ["GUARDIAN_NEEDED"]
        await city.sql(
            "INSERT INTO app.guardianship (id, minor, guardian, version, names, granted_at)"
            " VALUES (gen_random_uuid(), :minor, :guardian, 1, '', now())",
            minor=young.id,
            guardian=other.id,
        )
        assert codes(await enter(city, client, young, id, title="三年级2班的画")) == ["TITLE_TELLS"]
        picture = await sent(city, client, young)
        same: dict[str, Any] = {"school": SCHOOL, "idempotencyKey": "of-the-drawing", "pictureId": picture}
        made = await asyncio.gather(*(enter(city, client, young, id, **same) for _ in range(50)))
        assert len({one["id"] for one in made}) == 1
        entry = made[0]["id"]
        assert (made[0]["state"], made[0]["title"], made[0]["band"]) == ("SUBMITTED", "天平下的家", "UNDER_14")
        assert codes(await enter(city, client, young, id)) == ["ENTERED_ALREADY"]
        # Nobody sees it yet, and of the staff only who took it, by a key whose release is written down.
        assert (await city.one(None, SHOWN, id=id))["nodes"] == []
        (waits,) = (await city.one(second, DESK, id=id))["nodes"]
        assert (waits["id"], waits["title"], waits["picture"]) == (entry, None, None)
        assert codes(await check(city, second, entry)) == ["NOT_CHECKER"]
        taken = await take(city, second, entry)
        assert (taken["state"], taken["title"]) == ("CHECKING", "天平下的家")
        assert (await client.get(path(taken["picture"]["url"]))).status_code == 200
        assert len(await city.sql("SELECT 1 FROM app.access WHERE person = :me", me=second.id)) >= 1
        assert codes(await check(city, editor, entry)) == ["NOT_CHECKER"]
        assert codes(await check(city, second, entry, True, "PERSONAL")) == ["VERDICT_NEEDED"]
        assert codes(await check(city, second, entry, False)) == ["VERDICT_NEEDED"]
        done = await check(city, second, entry)
        assert (done["state"], done["title"], done["picture"]) == ("DISPLAYED", None, None)
        await city.settle()
        assert await told(city, young) == ["ENTRY_DECIDED"]
        # Whatever the graph has of it for everybody, all fields of it, says nothing of who she is.
        kind: Any = schema._schema.get_type("Exhibit")
        asked = everything(kind)
        public = await city.run(
            None,
            f"query ($id: ID!, $x: ID!) {{ exhibits(activityId: $id) {{ nodes {{ {asked} }} }}"
            f" node(id: $x) {{ ... on Exhibit {{ {asked} }} }} activity(id: $id) {{ id title words }} }}",
            id=id,
            x=done["exhibit"]["id"],
        )
        said = json.dumps(public, ensure_ascii=False)
        ((row,),) = await city.sql("SELECT to_jsonb(x) FROM app.exhibit x")
        assert "天平下的家" in said
        assert set(kind.fields) == {"id", "pseudonym", "band", "title", "state", "award", "votes", "since", "picture"}
        file = uuid_of(picture, "File")
        for mark in (str(young.id), young.id.hex, SCHOOL, "沁园", str(file)):
            assert mark not in said
            assert mark not in json.dumps(row, ensure_ascii=False)
        whole = await client.get(path(public["node"]["picture"]["url"]))
        assert (whole.status_code, SECRET in whole.content) == (200, False)
        ((school, body),) = await city.sql("SELECT school, body FROM app.entry")
        assert SCHOOL.encode() not in bytes(school)
        assert "天平".encode() not in bytes(body)
        # Taken back, it is gone at once, its picture too; and another may come.
        assert codes(await say(city, other, "withdrawEntry", "WithdrawEntryInput", ENTERED, entryId=entry)) == [
            "NOT_FOUND"
        ]
        gone = await say(city, young, "withdrawEntry", "WithdrawEntryInput", ENTERED, entryId=entry)
        assert (gone["state"], gone["verdict"], gone["exhibit"]) == ("TAKEN_DOWN", "WISH", None)
        assert (await city.one(None, SHOWN, id=id))["nodes"] == []
        assert (await client.get(path(public["node"]["picture"]["url"]))).status_code == 404
        again = await enter(city, client, young, id)
        await take(city, editor, again["id"])
        refused = await check(city, editor, again["id"], False, "PERSONAL")
        assert (refused["state"], refused["verdict"]) == ("REJECTED", "PERSONAL")
        assert [one["state"] for one in (await city.one(young, MINE))["nodes"]] == ["REJECTED", "TAKEN_DOWN"]
        # An editor's own is for another to look at; what a quiz or a gathering is, takes nothing in.
        own = await enter(city, client, editor, id)
        assert codes(await take(city, editor, own["id"])) == ["OWN_ENTRY"]
        gathering = await draft(city, editor)
        assert codes(await enter(city, client, other, gathering["id"])) == ["NOT_FOUND"]
        # Raw SQL shows nothing that nobody looked at.
        what = {"id": uuid_of(own["id"], "ContestEntry"), "me": second.id}
        for who, statement, outcome in (
            (second, "UPDATE app.entry SET state = 'DISPLAYED', state_at = app.clock() WHERE id = :id", DENIED),
            (editor, "UPDATE app.entry SET state = 'CHECKING', checker = :me WHERE id = :id", DENIED),
            (other, "UPDATE app.entry SET state = 'TAKEN_DOWN', verdict = 'WISH' WHERE id = :id", "rows=0"),
            (other, "SELECT 1 FROM app.entry", "rows=0"),
            (second, "SELECT 1 FROM app.key WHERE subject = :id", "rows=0"),
        ):
            assert await attempt(city.db, who.id, statement, **what) == outcome, statement
        # It is over: a year later nothing is left but what nobody can be known by.
        await move(city, editor, id, "CLOSE")
        await move(city, editor, id, "SCORE")
        await move(city, editor, id, "ANNOUNCE")
        await city.settle()
        await city.pass_time(timedelta(days=31))
        await city.pass_time(timedelta(days=366))
        assert (
            await city.sql("SELECT 1 FROM app.entry WHERE person IS NOT NULL OR body <> '' OR school IS NOT NULL") == []
        )
        subjects = "SELECT 1 FROM app.key WHERE subject IN (SELECT id FROM app.entry)"
        assert await city.sql(subjects) == []


async def test_who_looks_after_contests_no_more_sees_nothing_of_what_she_was_looking_at(city: City) -> None:
    editor, second = await city.person(Role.EDITOR), await city.person(Role.EDITOR)
    id = await contest(city, editor, second)
    async with house(city) as client:
        entry = (await enter(city, client, await city.resident(), id))["id"]
        assert (await take(city, second, entry))["title"]
        await city.sql("UPDATE app.role_held SET until = app.clock() WHERE person = :me", me=second.id)
        node = "query ($id: ID!) { node(id: $id) { ... on ContestEntry { title picture { id } } } }"
        assert await city.one(second, node, id=entry) in (None, {"title": None, "picture": None})
        assert (await take(city, editor, entry))["title"]


async def test_what_a_child_handed_in_and_signed_up_for_ends_with_her_last_guardians_yes(city: City) -> None:
    editor, second = await city.person(Role.EDITOR), await city.person(Role.EDITOR)
    gathering, _ = await opened(city, places=1)
    id = await contest(city, editor, second)
    child, other, *guardians = [await city.resident() for _ in range(4)]
    await city.sql("INSERT INTO app.age_said VALUES (:me, 2, 'UNDER_14', now())", me=child.id)
    for guardian in guardians:
        await city.sql(
            "INSERT INTO app.guardianship (id, minor, guardian, version, names, granted_at)"
            " VALUES (gen_random_uuid(), :minor, :guardian, 1, '', now())",
            minor=child.id,
            guardian=guardian.id,
        )
    async with house(city) as client:
        entry = await shown(city, client, child, id, second)
        assert [(await enroll(city, who, gathering))["state"] for who in (child, other)] == ["ENROLLED", "WAITING"]
        for guardian, left in zip(guardians, (1, 0), strict=True):
            ((key,),) = await city.sql("SELECT id FROM app.guardianship WHERE guardian = :me", me=guardian.id)
            said = {"guardianshipId": global_id("Guardianship", key)}
            ended = await say(city, guardian, "endGuardianship", "EndGuardianshipInput", "{ __typename }", **said)
            assert ended["__typename"] == "Guardianship"
            await city.settle()
            assert len((await city.one(None, SHOWN, id=id))["nodes"]) == left
        assert (await client.get(path(entry["exhibit"]["picture"]["url"]))).status_code == 404
    assert [(one["state"], one["verdict"]) for one in (await city.one(child, MINE))["nodes"]] == [
        ("TAKEN_DOWN", "WISH")
    ]
    assert [one["state"] for one in (await city.one(child, ENROLMENTS))["nodes"]] == ["LEFT"]
    assert await told(city, child) == ["ENTRY_DECIDED", "ENTRY_TAKEN_DOWN"]
    assert await told(city, other) == ["ACTIVITY_PLACE"]


async def test_a_hold_on_somebody_keeps_where_she_came_and_voted_while_it_stands(city: City) -> None:
    editor, second = await city.person(Role.EDITOR), await city.person(Role.EDITOR)
    gathering, other_editor = await opened(city)
    id = await contest(city, editor, second)
    held, free = await city.resident(), await city.resident()
    async with house(city) as client:
        exhibit = (await shown(city, client, await city.resident(), id, second))["exhibit"]["id"]
    for who in (held, free):
        assert not codes(await vote(city, who, exhibit))
        assert not codes(await enroll(city, who, gathering))
    await city.sql(
        "INSERT INTO app.legal_hold (id, subject, why, document, placed_by, placed_at)"
        " VALUES (gen_random_uuid(), :them, '保全', '2026-3', '法制科', app.clock())",
        them=held.id,
    )
    for what, by in ((id, editor), (gathering, other_editor)):
        assert not codes(await move(city, by, what, "CANCEL", reason="参与人数不足"))
    await city.settle()
    await city.pass_time(timedelta(days=366))
    left = "SELECT person FROM app.vote UNION ALL SELECT person FROM app.enrolment WHERE person IS NOT NULL"
    assert [row.person for row in await city.sql(left)] == [held.id] * 2
    await city.sql("UPDATE app.legal_hold SET lifted_at = app.clock()")
    await city.pass_time(timedelta(days=31))
    assert await city.sql(left) == []


@pytest.mark.parametrize("entered", [True, False])
async def test_a_year_after_a_contest_was_cancelled_nothing_of_anybody_is_left(city: City, entered: bool) -> None:
    editor, second = await city.person(Role.EDITOR), await city.person(Role.EDITOR)
    id = await contest(city, editor, second)
    painter = await city.resident()
    async with house(city) as client:
        entry = await shown(city, client, painter, id, second)
        assert not codes(await vote(city, await city.resident(), entry["exhibit"]["id"]))
        if not entered:
            await city.one(painter, "mutation { closeAccount(input: {understood: true}) { __typename } }")
            await city.settle()
        assert not codes(await move(city, editor, id, "CANCEL", reason="参与人数不足"))
        await city.settle()
        await city.pass_time(timedelta(days=366))
    left = "SELECT 1 FROM app.entry WHERE person IS NOT NULL UNION ALL SELECT 1 FROM app.vote"
    assert await city.sql(left) == []


async def test_one_vote_a_person_and_day_and_bursts_wait_for_somebody(city: City) -> None:
    editor, second = await city.person(Role.EDITOR), await city.person(Role.EDITOR)
    id = await contest(city, editor, second)
    painter, rival = await city.resident(), await city.resident()
    async with house(city) as client:
        mine = (await shown(city, client, painter, id, second))["exhibit"]["id"]
        theirs = (await shown(city, client, rival, id, second))["exhibit"]["id"]
        await city.settle()
        voter = await city.resident()
        assert codes(await vote(city, painter, mine)) == ["OWN_VOTE"]
        # Whatever the device: fifty at once of one person are one.
        many = await asyncio.gather(*(vote(city, voter, mine) for _ in range(50)))
        assert sum(not codes(one) for one in many) == 1
        assert {code for one in many for code in codes(one)} == {"VOTED_TODAY"}
        assert codes(await vote(city, voter, theirs)) == ["VOTED_TODAY"]
        await city.turn(timedelta(days=1))
        assert (await vote(city, voter, mine))["votes"] == 2
        # Many from one place within ten minutes: none of those counts until somebody has looked at them.
        await city.turn(timedelta(days=1))
        crowd = [await city.resident() for _ in range(14)]
        answers = [await vote(city, who, theirs) for who in crowd]
        assert [codes(one) for one in answers] == [[]] * 11 + [["VOTES_FROZEN"]] * 3
        nodes = {node["id"]: node["votes"] for node in (await city.one(None, SHOWN, id=id))["nodes"]}
        assert nodes == {mine: 2, theirs: 0}
        (burst,) = (await city.one(editor, FREEZES, id=id))["nodes"]
        assert (burst["votes"], burst["fromOnePlace"], burst["counted"]) == (11, True, None)
        (refused,) = await city.errors(voter, FREEZES, id=id)
        assert refused["extensions"]["code"] == "FORBIDDEN"
        said = {"freezeId": burst["id"], "count": True}
        both = [await say(city, editor, "decideVoteFreeze", "DecideVoteFreezeInput", DECIDED, **said) for _ in "ab"]
        assert [one["counted"] for one in both] == [True, True]
        other_way = said | {"count": False}
        late = await say(city, second, "decideVoteFreeze", "DecideVoteFreezeInput", DECIDED, **other_way)
        assert codes(late) == ["NOT_FOUND"]
        assert (await city.one(None, SHOWN, id=id))["nodes"][0]["votes"] == 11
        # Who was turned away has her vote of that day still, and the place is open again at once: what was found to be
        # no fraud is not held up a second time.
        assert (await vote(city, crowd[-3], theirs))["votes"] == 12
        await city.turn(timedelta(minutes=11))
        assert (await vote(city, crowd[-1], theirs))["votes"] == 13
        # What is taken down takes no votes, and a leaving voter leaves none behind.
        down = {"entryId": theirs, "verdict": "NOT_OWN"}
        taken = await say(city, editor, "takeDownEntry", "TakeDownEntryInput", ENTERED, **down)
        assert taken["state"] == "TAKEN_DOWN"
        await city.settle()
        assert await told(city, rival) == ["ENTRY_DECIDED", "ENTRY_TAKEN_DOWN"]
        assert codes(await vote(city, crowd[-2], theirs)) == ["NOT_FOUND"]
        await city.one(voter, "mutation { closeAccount(input: {understood: true}) { __typename } }")
        await city.one(painter, "mutation { closeAccount(input: {understood: true}) { __typename } }")
        await city.settle()
        assert await city.sql("SELECT 1 FROM app.vote WHERE person = :me", me=voter.id) == []
        assert await city.sql("SELECT 1 FROM app.entry WHERE person = :me", me=painter.id) == []
        assert (await city.one(None, SHOWN, id=id))["nodes"] == []


async def test_a_crowd_from_everywhere_for_one_entry_waits_too(city: City) -> None:
    editor, second = await city.person(Role.EDITOR), await city.person(Role.EDITOR)
    id = await contest(city, editor, second)
    async with house(city) as client:
        made = [(await shown(city, client, await city.resident(), id, second))["exhibit"]["id"] for _ in range(2)]
    await city.settle()
    crowd = [await city.resident() for _ in range(40)]

    async def votes(place: int) -> list[str]:
        context = replace(city.context(crowd[place]), address=f"10.0.0.{place}")
        document = f"mutation ($input: VoteInput!) {{ vote(input: $input) {VOTED} }}"
        said = {"input": {"exhibitId": made[0]}}
        result = await schema.execute(document, variable_values=said, context_value=context)
        assert result.data is not None, result.errors
        return codes(result.data["vote"])

    # Forty at once, each from a place of her own: more than thirty a minute are put aside, and no more are taken.
    answers = await asyncio.gather(*map(votes, range(40)))
    assert sorted(answers) == [[]] * 31 + [["VOTES_FROZEN"]] * 9
    (burst,) = (await city.one(editor, FREEZES, id=id))["nodes"]
    assert (burst["votes"], burst["fromOnePlace"], burst["counted"]) == (31, False, None)
    assert {node["votes"] for node in (await city.one(None, SHOWN, id=id))["nodes"]} == {0}
    # The other entry takes votes meanwhile; what is found to be bought never counts, and who voted so has used her day.
    turned_away = [who for who, said in zip(crowd, answers, strict=True) if said]
    assert (await vote(city, turned_away[0], made[1]))["votes"] == 1
    said = {"freezeId": burst["id"], "count": False}
    assert (await say(city, editor, "decideVoteFreeze", "DecideVoteFreezeInput", DECIDED, **said))["counted"] is False
    voted = next(who for who, said in zip(crowd, answers, strict=True) if not said)
    assert codes(await vote(city, voted, made[1])) == ["VOTED_TODAY"]
    assert sorted(node["votes"] for node in (await city.one(None, SHOWN, id=id))["nodes"]) == [0, 1]
