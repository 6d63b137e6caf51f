"""Another applicant, another office's notary and a stranger see nothing of a notarisation; nobody makes a step that is
not hers, in raw SQL either; of fifty at once one is first."""

import asyncio
from typing import Any

import pytest

from app.core.access import Viewer
from app.core.ids import new_id
from app.graph.ids import global_id, uuid_of
from tests.applications.bureau import BRIEFLY, LOOK, open_bureau
from tests.applications.office import QUEUE
from tests.city import City, codes
from tests.vault.scene import DENIED, attempt

pytestmark = pytest.mark.anyio

NODE = "query ($id: ID!) { node(id: $id) { id } }"
STEP = """INSERT INTO app.application_step (id, application, seq, kind, move, before, after, by_whom, actor, at, due_at,
    code, appointment)
  SELECT gen_random_uuid(), :id, {seq}, 'NOTARISATION', '{move}', '{before}', '{after}', '{by}', app.person(),
    app.clock(), '9999-01-01 00:00+00', {code}, {visit}"""


async def test_nobody_else_sees_it_or_makes_a_step_of_it_and_of_fifty_one_is_first(city: City) -> None:
    bureau, resident, other = await open_bureau(city), await city.resident(), await city.resident()
    same = str(new_id())
    made = await asyncio.gather(*(bureau.submits(resident, same, BRIEFLY) for _ in range(50)))
    assert len({one["id"] for one in made}) == 1
    await city.settle()
    id: str = made[0]["id"]
    key = uuid_of(id, "NotarisationApplication")
    takes = await asyncio.gather(
        *(bureau.does(who, "takeApplication", id, BRIEFLY) for who in [bureau.officer, bureau.notary] * 25)
    )
    assert sum(one["__typename"] == "NotarisationApplication" for one in takes) == 1
    ((holder,),) = await city.sql("SELECT officer FROM app.application WHERE id = :id", id=key)
    taker = bureau.officer if holder == bureau.officer.id else bureau.notary
    colleague = bureau.notary if taker is bureau.officer else bureau.officer

    strangers = {
        "another applicant": other,
        "another office's notary": bureau.stranger,
        "an administrator": await city.person(*bureau.head.roles),
    }
    for who, viewer in strangers.items():
        assert await city.one(viewer, LOOK, id=id) is None, who
        assert await city.one(viewer, NODE, id=id) is None, who
        for table, column in {"application": "id", "application_step": "application", "key": "subject"}.items():
            said = await attempt(city.db, viewer.id, f"SELECT 1 FROM app.{table} WHERE {column} = :id", id=key)
            assert said == "rows=0", (who, table)
    assert codes(await bureau.does(bureau.stranger, "takeApplication", id)) == ["NOT_FOUND"]
    assert (await city.one(bureau.stranger, QUEUE, mine=False))["nodes"] == []
    assert await city.one(resident, NODE, id=global_id("LegalAidApplication", key)) is None  # it is no other kind's
    seen = await bureau.sees(colleague, id)
    assert (seen["state"], seen["form"], seen["steps"], seen["appointment"]) == ("PRE_REVIEW", None, [], None)

    await bureau.does(bureau.head, "handOverApplication", id, officerId=global_id("Post", bureau.notary.id))
    await bureau.does(bureau.notary, "passPreReview", id)
    ((seq,),) = await city.sql("SELECT seq FROM app.application WHERE id = :id", id=key)
    visit, foreign = await bureau.visit(resident), await bureau.visit(other)
    people = {"id": key, "v": uuid_of(visit, "Appointment"), "f": uuid_of(foreign, "Appointment")}
    book = {"seq": seq + 1, "move": "BOOK", "before": "APPOINTMENT", "after": "APPOINTMENT", "by": "APPLICANT"}
    book |= {"code": "NULL", "visit": ":v"}
    admit = book | {"move": "ADMIT", "after": "ACCEPTED", "by": "NOTARY", "visit": "NULL"}
    no = admit | {"move": "NOT_ACCEPT", "after": "NOT_ACCEPTED", "by": "OFFICER"}
    tries: list[tuple[Viewer, dict[str, Any], str]] = [
        (resident, book | {"visit": ":f"}, DENIED),  # another's visit
        (resident, book | {"visit": "NULL"}, "23514"),
        (other, book, DENIED),
        (bureau.notary, book, DENIED),
        (bureau.notary, admit, DENIED),  # nobody is booked
        (bureau.notary, admit | {"code": "'DISPUTED'"}, "23514"),
        (bureau.officer, no, DENIED),  # she does not handle it
        (bureau.stranger, no, DENIED),
        (resident, no, DENIED),
        (bureau.notary, admit | {"before": "PAUSED"}, "23503"),  # no such line in the table
    ]
    for person, step, comes in tries:
        assert await attempt(city.db, person.id, STEP.format(**step), **people) == comes, step
    assert await attempt(city.db, resident.id, STEP.format(**book), **people) == "rows=1"

    again = {"appointmentId": visit, "idempotencyKey": str(new_id())}
    books = await asyncio.gather(*(bureau.does(resident, "bookNotaryVisit", id, BRIEFLY, **again) for _ in range(50)))
    assert {one["__typename"] for one in books} == {"NotarisationApplication"}
    admits = await asyncio.gather(*(bureau.does(bureau.notary, "admitNotarisation", id, BRIEFLY) for _ in range(50)))
    assert sum(one["__typename"] == "NotarisationApplication" for one in admits) == 1
    ((seq,),) = await city.sql("SELECT seq FROM app.application WHERE id = :id", id=key)
    refuse = {"seq": seq + 1, "move": "REFUSE", "before": "ACCEPTED", "after": "REFUSED", "by": "SUPERVISOR"}
    refuse |= {"visit": "NULL"}
    for person, reason, comes in (
        (bureau.notary, "'DISPUTED'", DENIED),  # the head decides
        (bureau.head, "'BUSY'", "23514"),
        (bureau.head, "NULL", "23514"),
    ):
        assert await attempt(city.db, person.id, STEP.format(**refuse | {"code": reason}), **people) == comes
    assert await attempt(city.db, bureau.head.id, STEP.format(**refuse | {"code": "'DISPUTED'"}), **people) == "rows=1"
    steps = await city.sql("SELECT count(*), max(seq) FROM app.application_step WHERE application = :id", id=key)
    assert steps[0][0] == steps[0][1]
