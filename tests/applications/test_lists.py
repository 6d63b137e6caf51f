"""What a list costs does not grow with what is on it."""

from typing import Any

import pytest

from app.core.access import Viewer
from tests.applications.office import ASSIGNMENTS, SEEN, lawyer_of, open_office
from tests.city import City

pytestmark = pytest.mark.anyio

WHOLE = f"nodes {{ ... on LegalAidApplication {{ {SEEN} }} }}"
MINE = f"{{ applications(first: 20) {{ {WHOLE} }} }}"
QUEUE = f"{{ workQueue(mine: false, first: 20) {{ {WHOLE} }} }}"


async def cost(city: City, who: Viewer, document: str, rows: int) -> int:
    with city.statements() as sent:
        page: Any = await city.one(who, document)
    assert len(page["nodes"]) == rows
    return len(sent)


async def test_applications_the_queue_and_assignments_are_read_in_batches(city: City) -> None:
    office, resident = await open_office(city), await city.resident()
    lists = ((resident, MINE), (office.officer, QUEUE), (office.lawyer, ASSIGNMENTS))
    costs: list[list[int]] = []
    for count in (1, 4):
        for _ in range(count - len(costs)):
            id = await office.granted(resident)
            await office.does(office.officer, "assignLawyer", id, lawyerId=lawyer_of(office.lawyer))
        costs.append([await cost(city, who, document, count) for who, document in lists])
    assert costs[0] == costs[1]
