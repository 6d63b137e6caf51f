"""Mediators hear early of disputes that many of their town ask about: a week later, once, and of nobody."""

import asyncio
from random import Random
from typing import Any

import pytest

from app.applications.rules.prefilling import dispute_of
from app.core.access import Role, Viewer
from app.core.db import NOBODY, now
from app.core.ids import new_id
from app.directory.rules.taxonomy import CATEGORIES
from app.graph.ids import global_id, uuid_of
from app.insights.actions.disputes import warn
from tests.city import REFUSED, TOWN, City, codes
from tests.consultation.test_erasing import erase
from tests.directory.desk import enter_institution, set_post
from tests.insights.test_demand import ELSEWHERE, a_monday, asks, cells
from tests.insights.test_hot_issues import DAY, WITHDRAW, seen
from tests.insights.test_hot_issues import night as counting
from tests.vault.scene import DENIED, attempt

pytestmark = pytest.mark.anyio

CITY_CODE, VILLAGE = TOWN[:6], "419001100201"
ALERTS = """{ disputeAlerts(first: 50) { nodes { id week kind town { code } askersAtLeast committee { id name }
    notes { deed } } } }"""
NOTE = f"""mutation ($input: NoteDisputeAlertInput!) {{ noteDisputeAlert(input: $input) {{ __typename {REFUSED}
    ... on DisputeAlert {{ id notes {{ deed }} }} }} }}"""
NOTICES = "{ notices(first: 20) { nodes { kind title text aboutId } } }"


async def a_committee(city: City, number: int, division: str = TOWN) -> tuple[str, Viewer, Viewer]:
    """(id, mediator, head)."""
    admin, mediator, head = [await city.person(role) for role in (Role.ADMIN, Role.MEDIATOR, Role.OFFICER)]
    of: dict[str, Any] = {"kind": "MEDIATION_COMMITTEE", "number": f"示例-W-{number}", "divisionCode": division}
    id = (await enter_institution(city, admin, **of, name=f"示例第{number}调解委员会"))["id"]
    await set_post(city, admin, mediator, id, duty="MEDIATOR", called="王调解员")
    await set_post(city, admin, head, id, duty="SUPERVISOR", called="赵主任")
    return id, mediator, head


async def night(city: City) -> None:
    async with city.worker.acting(NOBODY) as session:
        await warn(session, now(session))
    await city.settle()


async def alerts(city: City, viewer: Viewer) -> list[Any]:
    found: list[Any] = (await city.one(viewer, ALERTS))["nodes"]
    return found


async def told(city: City, viewer: Viewer) -> list[Any]:
    """What each alert says: where, about what, of how many."""
    return sorted((one["town"]["code"], one["kind"], one["askersAtLeast"]) for one in await alerts(city, viewer))


async def note(city: City, viewer: Viewer, alert: str, deed: str = "VISITED", key: str | None = None) -> Any:
    input = {"alertId": alert, "deed": deed, "idempotencyKey": key or str(new_id())}
    return await city.one(viewer, NOTE, input=input)


async def notices(city: City, viewer: Viewer) -> list[Any]:
    found = (await city.one(viewer, NOTICES))["nodes"]
    return [one for one in found if one["kind"] == "DISPUTE_ALERT"]


async def the_week_ends(city: City) -> None:
    await city.settle()
    await city.pass_time(8 * DAY)


async def test_who_mediates_in_the_town_hears_once_and_notes_what_was_done(city: City) -> None:
    monday = await a_monday(city)
    committee, mediator, head = await a_committee(city, 1)
    _, elsewhere, _ = await a_committee(city, 2, ELSEWHERE)
    _, of_the_city, _ = await a_committee(city, 3, CITY_CODE)
    _, of_a_village, _ = await a_committee(city, 4, VILLAGE)
    supervisor = await city.person(Role.SUPERVISOR)
    await asks(city, 3, "labour.wages")
    await asks(city, 2, "labour.injury", VILLAGE[:9])
    await asks(city, 2, "labour.injury")
    await asks(city, 6, "family.divorce")
    await city.settle()
    await city.pass_time(7 * DAY)
    await night(city)
    assert await alerts(city, mediator) == [], "who asked on Sunday may take it back for a day"
    await city.pass_time(DAY)
    for _ in range(2):
        await night(city)
    hears = [(TOWN, "FAMILY", 5), (TOWN, "LABOUR", 5)]
    for who in (mediator, head, of_the_city):
        assert await told(city, who) == hears
        (notice,) = await notices(city, who)
        assert notice["aboutId"] in [one["id"] for one in await alerts(city, who)]
        assert "劳动" not in notice["title"] + notice["text"]
    for who in (elsewhere, of_a_village):
        assert await alerts(city, who) == await notices(city, who) == []
    assert await told(city, supervisor) == sorted(hears * 2), "each committee has an alert of its own"
    assert await notices(city, supervisor) == []

    alert = (await alerts(city, mediator))[0]
    assert (alert["week"], alert["committee"]["id"]) == (str(monday), committee)
    key = str(new_id())
    for _ in range(2):
        assert (await note(city, mediator, alert["id"], key=key))["notes"] == [{"deed": "VISITED"}]
    assert codes(await note(city, mediator, alert["id"], "TALK_HELD", key)) == ["KEY_REUSED"]
    assert codes(await note(city, head, alert["id"])) == ["NOTED_ALREADY"]
    for who in (elsewhere, of_the_city, await city.person(Role.MEDIATOR)):
        assert codes(await note(city, who, alert["id"])) == ["NOT_FOUND"]
    several = await asyncio.gather(*(note(city, head, alert["id"], "TALK_HELD") for _ in range(20)))
    assert sorted(codes(one) for one in several) == [[]] + [["NOTED_ALREADY"]] * 19
    both = [{"deed": "VISITED"}, {"deed": "TALK_HELD"}]
    for who in (mediator, supervisor):
        assert both in [one["notes"] for one in await alerts(city, who)]
    assert [one["notes"] for one in await alerts(city, of_the_city)] == [[], []], "what another did is its own"
    read = "query ($id: ID!) { node(id: $id) { id } }"
    assert await city.one(supervisor, read, id=alert["id"]) == {"id": alert["id"]}
    for stranger in (of_the_city, await city.resident(), None):
        assert await city.one(stranger, read, id=alert["id"]) is None


async def test_of_fewer_than_five_or_of_two_weeks_nobody_hears(city: City) -> None:
    await a_monday(city)
    _, mediator, _ = await a_committee(city, 1)
    await asks(city, 4, "labour.wages", each=2)
    ((asker, taken_back), (whose, erased), *_) = await asks(city, 6, "land.farming")
    await asks(city, 6, "criminal.property")  # for no mediator
    await asks(city, 5, "neighbours.management", CITY_CODE)  # nobody knows of which town
    await city.settle()
    assert codes(await city.one(asker, WITHDRAW, id=taken_back)) == []
    assert codes(await erase(city, whose, erased)) == []
    await city.pass_time(7 * DAY)
    await asks(city, 4, "labour.wages")
    await the_week_ends(city)
    await night(city)
    assert await city.sql("SELECT 1 FROM app.dispute_alert") == []
    assert await notices(city, mediator) == []


async def test_what_changes_after_a_week_was_looked_at_tells_nothing(city: City) -> None:
    await a_monday(city)
    _, mediator, _ = await a_committee(city, 1)
    await asks(city, 4, "labour.wages")
    ((_, another), *_) = await asks(city, 1, "family.divorce")
    await the_week_ends(city)
    await night(city)
    another_id = uuid_of(another, "Question", "id")
    await city.sql("UPDATE app.dispatch SET category = 'labour.wages' WHERE question = :q", q=another_id)
    for _ in range(3):
        await city.pass_time(DAY)
        await night(city)
    assert await alerts(city, mediator) == []


async def test_nights_that_did_not_come_or_came_at_once_and_a_city_of_many_years(city: City) -> None:
    monday = await a_monday(city)
    _, mediator, _ = await a_committee(city, 1)
    await asks(city, 5, "consumer.goods")
    await the_week_ends(city)
    await city.pass_time(4 * 7 * DAY)  # nobody worked meanwhile: that is early no more
    await asks(city, 5, "consumer.goods")
    await asks(city, 5, "injury.traffic")
    await city.settle()
    await city.pass_time(13 * DAY)
    await asyncio.gather(*(night(city) for _ in range(5)))
    assert await told(city, mediator) == [(TOWN, "CONSUMER", 5), (TOWN, "TRAFFIC", 5)]
    assert {one["week"] for one in await alerts(city, mediator)} == {str(monday + 5 * 7 * DAY)}
    assert len(await notices(city, mediator)) == 1, "one a day, however much there is"


async def test_without_a_committee_supervisors_see_it_alone(city: City) -> None:
    await a_monday(city)
    _, mediator, _ = await a_committee(city, 1, ELSEWHERE)
    await asks(city, 5, "debt.loan")
    await the_week_ends(city)
    await night(city)
    (alert,) = await alerts(city, await city.person(Role.SUPERVISOR))
    assert (alert["kind"], alert["committee"]) == ("CONTRACT", None)
    assert await alerts(city, mediator) == []


SOME = ("land.farming", "land.title", "labour.wages", "labour.injury", "labour.relation", "injury.traffic")


@pytest.mark.parametrize("seed", range(3))
async def test_nothing_is_left_to_subtract(city: City, seed: int) -> None:
    """Whoever sees all that is told of a week, and takes one from another, learns nothing of fewer than five people:
    an alert tells no more than the cells and issues within it do, or else of five of all."""
    chance, monday = Random(seed), await a_monday(city)
    analyst, supervisor = await city.person(Role.ANALYST), await city.person(Role.SUPERVISOR)
    truth: dict[tuple[str, str], int] = {}
    for town in (TOWN, ELSEWHERE):
        for category in SOME:
            many = chance.choice((0, 1, 2, 3, 4, 5, 6, 11))
            await asks(city, many, category, town)
            kind = str(dispute_of(category))
            truth[town, kind] = truth.get((town, kind), 0) + many
    await city.settle()
    await city.pass_time(8 * DAY)
    await counting(city)
    await night(city)
    alerted = {(town, kind): least for town, kind, least in await told(city, supervisor)}
    assert alerted.keys() == {of for of, many in truth.items() if many >= 5}
    exact: dict[tuple[str, str], list[int]] = {}
    for category, town, _, _, askers in await cells(city, analyst, monday):
        if town:
            exact.setdefault((town, str(dispute_of(category))), []).append(askers)
    for issue in await seen(city, supervisor):
        if issue["town"]:
            of = issue["town"]["code"], str(dispute_of(issue["category"]["code"]))
            exact.setdefault(of, []).append(issue["askersAtLeast"])
    for of, least in alerted.items():
        assert least <= max(exact.get(of, [5])), "what remains of it is none, or five at least"


async def test_the_database_puts_together_what_the_table_says(city: City) -> None:
    known = dict(await city.sql("SELECT c, door.dispute_of(c) FROM unnest(CAST(:all AS text[])) c", all=[*CATEGORIES]))
    assert known == {category: dispute_of(category) for category in CATEGORIES}


async def test_past_the_house_nobody_reads_or_notes_what_is_another_committees(city: City) -> None:
    await a_monday(city)
    _, mediator, _ = await a_committee(city, 1)
    _, other, _ = await a_committee(city, 2, ELSEWHERE)
    await asks(city, 5, "labour.wages")
    await the_week_ends(city)
    await night(city)
    ((alert, committee),) = await city.sql("SELECT id, committee FROM app.dispute_alert")
    noting = "INSERT INTO app.dispute_note VALUES (:alert, 'VISITED', :committee, :me, app.clock())"
    said = {"alert": alert, "committee": committee}
    for table in ("dispute_alert", "dispute_note"):
        assert await attempt(city.db, other.id, f"SELECT 1 FROM app.{table}") == "rows=0"
    theirs = uuid_of((await alerts(city, mediator))[0]["committee"]["id"], "Institution", "id")
    assert theirs == committee
    assert await attempt(city.db, other.id, noting, **said, me=other.id) == DENIED
    own = "INSERT INTO app.dispute_note SELECT :alert, 'VISITED', institution, :me, app.clock() FROM app.post"
    assert await attempt(city.db, other.id, own, alert=alert, me=other.id) == "23503", "the alert is not theirs"
    assert await attempt(city.db, mediator.id, noting, **said, me=other.id) == DENIED
    assert await attempt(city.db, mediator.id, noting, **said, me=mediator.id) == "rows=1"
    for statement in ("SELECT 1 FROM app.dispute_alert", "SELECT door.dispute_of('labour')"):
        assert await attempt(city.worker, NOBODY, statement) == DENIED
    assert await attempt(city.db, mediator.id, "SELECT 1 FROM door.count_disputes()") == DENIED


async def test_how_many_there_are_does_not_make_the_list_dearer(city: City) -> None:
    await a_monday(city)
    _, mediator, _ = await a_committee(city, 1)
    counts = []
    for more in (("labour.wages",), ("debt.loan", "consumer.goods", "family.divorce")):
        for category in more:
            await asks(city, 5, category)
        await the_week_ends(city)
        await city.pass_time(6 * DAY)
        await night(city)
        with city.statements() as sent:
            found = await alerts(city, mediator)
        counts.append((len(found), len(sent)))
    assert counts == [(1, counts[0][1]), (4, counts[0][1])]
    assert counts[0][1] <= 3
    for who in (await city.resident(), await city.lawyer(), await city.person(Role.ANALYST), None):
        (error,) = await city.errors(who, ALERTS)
        assert error["extensions"]["code"] == ("FORBIDDEN" if who else "UNAUTHENTICATED")
    assert await alerts(city, await city.person(Role.OFFICER)) == []
    assert codes(await note(city, mediator, global_id("DisputeAlert", new_id()))) == ["NOT_FOUND"]
