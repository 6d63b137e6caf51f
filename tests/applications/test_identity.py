"""Pictures of identity papers are kept for thirty days after the decision that they were sent for, and no longer."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.core.access import Viewer
from app.core.db import NOBODY
from app.core.ids import new_id
from app.graph.ids import uuid_of
from tests.applications.office import DAY, Office, form, key, open_office
from tests.city import City
from tests.vault.scene import DENIED, attempt
from tests.vault.sending import house, path, sent, shown, stored

pytestmark = pytest.mark.anyio

WHY = {"reason": "理由已书面说明。"}
HOLD = """INSERT INTO app.legal_hold (id, subject, why, document, placed_by, placed_at)
    VALUES (:id, :what, '保全', '2026-2', '法制科', app.clock())"""


async def with_papers(office: Office, who: Viewer, client: Any) -> tuple[str, str, str]:
    """Taken by the officer: the application, the picture of the identity card, the proof of her standing."""
    card, proof = [await sent(office.city, client, who) for _ in range(2)]
    materials = [{"kind": "ID_DOCUMENT", "fileId": card}, {"kind": "STATUS_PROOF", "fileId": proof}]
    return await office.taken(who, legalAid=form() | {"materials": materials}), card, proof


async def there(city: City, *files: str) -> list[bool]:
    ids = [await city.sql("SELECT state, key FROM app.file WHERE id = :id", id=key_of(file)) for file in files]
    return [(state, bool(held)) == ("READY", True) for ((state, held),) in ids]


def key_of(file: str) -> UUID:
    return uuid_of(file, "File")


async def test_thirty_days_after_the_decision_and_not_while_another_is_asked_for(city: City) -> None:
    office, residents = await open_office(city), [await city.resident() for _ in range(3)]
    async with house(city) as client:
        (granted, card, proof), (denied, second, _), (held, third, _) = [
            await with_papers(office, who, client) for who in residents
        ]
        await city.pass_time(5 * DAY)
        for id, decision in ((granted, "GRANT"), (denied, "DENY"), (held, "DENY")):
            await office.does(office.officer, "decideApplication", id, decision=decision, **WHY)
        await city.sql(HOLD, id=new_id(), what=key(held))
        link = path((await shown(city, office.officer, card))["url"])
        assert (await client.get(link)).status_code == 200

        await city.pass_time(20 * DAY)
        await office.does(residents[1], "objectToDecision", denied, reason="我确实没有收入来源。")
        await city.pass_time(10 * DAY - timedelta(minutes=5))
        assert await there(city, card, proof, second, third) == [True] * 4
        await city.pass_time(timedelta(minutes=10))
        assert await there(city, card, proof, second, third) == [False, True, True, True]
        assert (await client.get(link)).status_code == 404
        seen = await city.one(
            office.officer,
            "query ($id: ID!) { application(id: $id) { ... on LegalAidApplication { materials { id } } } }",
            id=granted,
        )
        assert [one["id"] for one in seen["materials"]] == [proof]

        # The second decision counts from its own day; what a hold keeps goes once it is lifted.
        await office.does(office.head, "decideObjection", denied, uphold=True, **WHY)
        await city.pass_time(29 * DAY)
        assert await there(city, second, third) == [True, True]
        await city.sql("UPDATE app.legal_hold SET lifted_by = '法制科', lifted_at = app.clock()")
        await city.pass_time(2 * DAY)
        assert await there(city, second, third) == [False, False]
        kept = {name.split("/")[-1].split(".")[0] for name in await stored(city)}
        assert not kept & {str(key_of(file)) for file in (card, second, third)}

    # Nobody but the worker calls it, and it takes nothing that was not decided.
    await city.pass_time(DAY)
    assert await attempt(city.db, office.officer.id, "SELECT door.forget_identity(:id)", id=key(granted)) == DENIED
    assert await attempt(city.worker, NOBODY, "SELECT 1 WHERE door.forget_identity(:id)", id=key(granted)) == "rows=0"
