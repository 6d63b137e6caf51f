"""How many mediations a list shows does not make it dearer."""

import pytest

from tests.accounts.town import Town
from tests.mediation.hall import open_hall

pytestmark = pytest.mark.anyio

HERS = """{ mediations(first: 10) { nodes { id state matter side mediator institution { name } application { receipt }
  records { text } agreement { facts terms { what } paper { state } } assents { about } confirmation { state }
  otherWays { route } } } }"""
QUEUE = """{ workQueue(mine: false, first: 10) { nodes { id state allowed clock { kind } officer { id }
  institution { name } steps { move reason } papers { kind }
  ... on MediationApplication { matter form { dispute { facts } } } } } }"""


async def test_how_many_there_are_does_not_make_a_list_dearer(town: Town) -> None:
    hall, city = await open_hall(town), town.city
    resident = await city.resident()
    told: dict[str, list[int]] = {HERS: [], QUEUE: []}
    for more in (1, 2):
        for _ in range(more):
            _, mediation = await hall.registered(resident)
            said = {"where": "SHARED", "kind": "STATEMENT", "text": "我愿意各让一步。"}
            await hall.does(resident, "addMediationRecord", mediation, **said)
        for who, asked in ((resident, HERS), (hall.mediator, QUEUE)):
            with city.statements() as seen:
                found = await city.one(who, asked)
            assert len(found["nodes"]) == (1 if more == 1 else 3)
            told[asked].append(len(seen))
    for first, second in told.values():
        assert first == second <= 20, told
